"""A replay in a few lines: what was read, each currency's ledger, and what did not count."""

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from loyalty_dsl.calendar import date_of
from loyalty_dsl.quantities import format_money, format_units
from loyalty_dsl.report.account_tables import account_notes, account_rows
from loyalty_dsl.report.replay_figures import ReplayFigures
from loyalty_dsl.report.replay_json import ledger_keys
from loyalty_dsl.report.settlement_tables import settlement_rows
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.wording import long_date, one_line

if TYPE_CHECKING:
    from loyalty_dsl.transactions.refused import RefusedRow

MOST_ROWS_NAMED = 3


def render_replay(figures: ReplayFigures, style: Style) -> str:
    """The summary of a replay, as lines without a last newline.

    Args:
        figures: what to show; amounts are exact.
        style: colour and width of the terminal.
    """
    console = new_console(style)
    program = figures.program
    read = ", ".join(
        counted(number, noun)
        for number, noun in ((figures.rows, "row"), (figures.events, "event"), (figures.members, "member"))
    )
    if figures.returns:
        read += f", {counted(figures.returns, 'return')} among them"
    by = " · by the reference evaluator" if figures.engine == "reference" else ""
    if figures.luck is not None:
        by += f" · luck of seed {figures.luck}"
    console.print(Text(f"{one_line(program.label)} · {read}{by}", style="dim"))
    if figures.since is not None:
        since = long_date(date_of(figures.since))
        console.print(Text(f"Went on from the state at the end of {since}; the figures are of all files."))
    console.print(Text(f"State at the end of {long_date(date_of(figures.as_of))}.", style="bold"))
    if program.currencies:
        ledger = _ledger(figures)
        unbounded = console.options.update(max_width=10**6)
        if console.measure(_table(ledger), options=unbounded).maximum > console.width:
            ledger = [list(row) for row in zip(*ledger, strict=True)]
        console.print(_table(ledger))
        came, went = ("issued + received", " + sent") if "sent" in ledger_keys(program) else ("issued", "")
        identity = f"{came} = redeemed + expired + reversed{went} + outstanding, which includes pending"
        console.print(Text(identity, "dim"))
    if figures.bills:
        console.print(Text("Settled with partners, over all months", style="bold"))
        console.print(_table(settlement_rows(program, figures.bills)))
    for allowance, units in zip(program.allowances, figures.allowances, strict=True):
        console.print(Text(f"{one_line(allowance.label)}: {units:,} {allowance.unit} in all"))
    for ladder, counts in zip(program.ladders, figures.levels, strict=True):
        held = ", ".join(
            f"{one_line(level.label)} {count:,}" for level, count in zip(ladder.levels, counts, strict=True)
        )
        console.print(Text(f"{one_line(ladder.label)}: {held}"))
    if figures.account is not None:
        console.print(Text(f"Read by the source {figures.account.source.name}", style="bold"))
        console.print(_table(account_rows(figures.account, program.money)))
        for note in account_notes(figures.account, program.money):
            console.print(Text(f"! {note}", style="yellow"))
    for count, aside in (
        (f"{figures.noun} left out", figures.bad_rows),
        ("request refused", figures.refused),
    ):
        if aside:
            noun, _, verb = count.partition(" ")
            console.print(
                Text(f"! {counted(len(aside), noun)} {verb}: {_named(figures.noun, aside)}", style="yellow")
            )
    return text_of(console)


def _ledger(figures: ReplayFigures) -> list[list[str]]:
    """The headings, and a row for each currency."""
    program = figures.program
    keys = ledger_keys(program)
    rows = [["", *(key.capitalize() for key in keys)]]
    for currency, totals in zip(program.currencies, figures.totals, strict=True):
        amounts = [getattr(totals, key) for key in keys]
        written = [
            format_money(units, program.money) if currency.in_money else format_units(units, currency.scale)
            for units in amounts
        ]
        rows.append([one_line(currency.label), *written])
    return rows


def _table(rows: list[list[str]]) -> Table:
    """A table of all but the first column on the right; no figure in it is ever cut, but folded at worst."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    table.add_column(rows[0][0])
    for heading in rows[0][1:]:
        table.add_column(heading, justify="right", overflow="fold")
    for row in rows[1:]:
        table.add_row(*row)
    return table


def _named(noun: str, rows: "tuple[RefusedRow, ...]") -> str:
    first = "; ".join(f"{noun} {aside.row:,}: {one_line(aside.reason)}" for aside in rows[:MOST_ROWS_NAMED])
    return f"{first}; ..." if len(rows) > MOST_ROWS_NAMED else first
