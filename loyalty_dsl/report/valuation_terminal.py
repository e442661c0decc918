"""Estimates from a triangle on one screen: the answer, all methods side by side, and what to know first."""

from textwrap import wrap

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.valuation_figures import EstimateFigures, headline_of
from loyalty_dsl.report.wording import money_text, one_line
from loyalty_dsl.valuation.cautions import run_off_text, shortcut_text
from loyalty_dsl.valuation.estimates import LEVEL, Estimate

UNKNOWN = "-"


def render_estimates(figures: EstimateFigures, style: Style) -> str:
    """The estimates, as lines without a last newline."""
    console = new_console(style)
    found = figures.estimates
    triangle = found.triangle
    read = f"{counted(len(triangle.rows), 'month')} of issue, ages to {counted(triangle.ages - 1, 'month')}"
    console.print(Text(f"{one_line(figures.name)} · {read}", style="dim"))
    for line in wrap(headline_of(figures), console.width):
        console.print(Text(line, style="bold"))
    console.print(_table(figures))
    if not figures.young:
        console.print(_bases(figures))
    for text in (found.why, run_off_text(), shortcut_text(found)):
        for line in wrap(text, console.width):
            console.print(Text(line, style="dim"))
    for left in found.left_out:
        for line in wrap(f"{left.label} is left out: {left.reason}", console.width):
            console.print(Text(line, style="dim"))
    for caution in figures.cautions:
        for number, line in enumerate(wrap(caution.message, console.width - 2)):
            console.print(Text(("! " if number == 0 else "  ") + line, style="yellow"))
    return text_of(console)


def headings(figures: EstimateFigures) -> tuple[str, ...]:
    """Of the table of methods."""
    cost = ("Liability",) if figures.cost is not None else ()
    return ("", "To come", "90% interval", "URR", "phi", *cost)


def row_of(figures: EstimateFigures, one: Estimate) -> tuple[str, ...]:
    """One method in words; units that are not known are a dash."""
    bounds = one.interval(LEVEL)
    owed = figures.worth(one.total_future)
    return (
        one.label,
        f"{one.total_future:,.0f}",
        UNKNOWN if bounds is None else f"{bounds[0]:,.0f} to {bounds[1]:,.0f}",
        UNKNOWN if one.urr is None else f"{one.urr:.1%}",
        UNKNOWN if one.phi is None else f"{one.phi:.1%}",
        *(() if owed is None else (money_text(owed, figures.money),)),
    )


def _table(figures: EstimateFigures) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    first, *rest = headings(figures)
    table.add_column(first)
    for heading in rest:
        table.add_column(heading, justify="right", overflow="fold")
    for one in figures.estimates.methods:
        name, *cells = row_of(figures, one)
        quoted = one is figures.estimates.headline and not figures.young
        table.add_row(name + (" *" if quoted else ""), *cells, style="bold" if quoted else None)
    return table


def base_rows(figures: EstimateFigures) -> tuple[tuple[str, ...], ...]:
    """The quoted estimate on both bases, of which a triangle cannot tell one from the other."""
    _, future, _, _, phi, *owed = row_of(figures, figures.estimates.headline)
    return tuple((name, future, phi, *owed) for name in ("Going concern *", "Run-off, at most"))


def base_headings(figures: EstimateFigures) -> tuple[str, ...]:
    """Of the table of bases."""
    return ("Basis", "To come", "phi", *(("Liability",) if figures.cost is not None else ()))


def _bases(figures: EstimateFigures) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    first, *rest = base_headings(figures)
    table.add_column(first)
    for heading in rest:
        table.add_column(heading, justify="right", overflow="fold")
    for row in base_rows(figures):
        table.add_row(*row)
    return table
