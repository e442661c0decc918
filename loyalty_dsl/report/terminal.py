"""A forecast on one screen: the headline, a table by year, the liability as a small chart, and what the
figures rest on.

Invariant: the text is a pure function of the forecast and the width; colour adds escape codes and takes
no information away; nothing a user wrote reaches the terminal unfiltered.
"""

from collections.abc import Sequence
from io import StringIO
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from loyalty_dsl.forecast.appraising import Appraisal
from loyalty_dsl.forecast.figures import Assumption, CurrencyForecast, Forecast
from loyalty_dsl.report.appraisal_wording import (
    bases_text,
    basis_text,
    estimator_text,
    layers_text,
    quoted_headline,
)
from loyalty_dsl.report.findings import (
    near_miss_title,
    rewards_title,
    rules_title,
    tier_mix_text,
    tier_moves_title,
)
from loyalty_dsl.report.headlines import GOING_CONCERN, headline, redemption_text, start_text
from loyalty_dsl.report.lift_tables import lift_title
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.quiet_balances import is_quiet, is_small, quiet_text
from loyalty_dsl.report.settlement_panel import settlement_title
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.terminal_table import ledger_table
from loyalty_dsl.report.value_wording import value_lines
from loyalty_dsl.report.wording import (
    becomes_text,
    breakage_text,
    declared_breakage,
    money_text,
    one_line,
    percent_text,
    points_of_percent,
    sample_text,
    span_text,
    unit_cost_text,
    units_text,
    urr_text,
)

NARROWEST, WIDEST = 60, 80
CHART_ROWS = 4
MOST_ASSUMPTIONS = 2
CAPTION = "  liability at cost"
BLOCKS = " ▁▂▃▄▅▆▇█"


def render_forecast(
    forecast: Forecast, provenance: Provenance, style: Style, appraisal: Appraisal | None = None
) -> str:
    """The summary of a forecast.

    Args:
        forecast: what to show.
        provenance: where it comes from.
        style: colour and width of the terminal; lines are 60 to 80 wide.
        appraisal: of that forecast; without it there is no run-off, nor anything else that it says.

    Returns:
        Lines without a last newline.
    """
    console = new_console(style)
    width = console.width
    title = (
        f"{one_line(forecast.program.label)} · {one_line(forecast.population.name)} · {span_text(forecast)}"
    )
    console.print(Text(title, style="dim"))
    said = headline(forecast) if appraisal is None else quoted_headline(appraisal)
    console.print(Text(said, style="bold"))
    for one in forecast.by_currency:
        if is_quiet(one, forecast):
            continue
        console.print(_rates(one, forecast))
        if not one.is_score:
            console.print(ledger_table(one, forecast, width))
        if becomes_text(one, forecast):
            console.print(Text(becomes_text(one, forecast)))
    if quiet := quiet_text(forecast):
        console.print(Text(quiet))
    if forecast.liability is not None:
        for line in liability_chart(forecast.liability, forecast, width - 2):
            console.print(Text(f" {line}", style="cyan"))
    if appraisal is not None:
        for line in appraisal_lines(appraisal):
            _print_hanging(console, "", line, width)
        for sentence in appraisal.outside:
            _print_hanging(console, "! ", sentence, width, "yellow")
    for line in (*value_lines(forecast), *mechanics_lines(forecast)):
        _print_hanging(console, "", line, width)
    console.print(_basis(forecast, appraisal))
    for notice in forecast.notices:
        _print_hanging(console, "! ", one_line(notice.message), width, "yellow")
    inputs = ", ".join(f"{one_line(name)} {digest[:8]}" for name, digest in provenance.inputs)
    foot = f"{sample_text(forecast)} · seed {forecast.seed} · version {provenance.version} · {inputs}"
    console.print(Text(foot, style="dim"))
    return text_of(console)


def new_console(style: Style) -> Console:
    """A console that writes to memory, the same on every machine."""
    return Console(
        file=StringIO(),
        width=min(max(style.width, NARROWEST), WIDEST),
        force_terminal=style.colour,
        color_system="standard" if style.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )


def text_of(console: Console) -> str:
    """What was printed to a `new_console`, without blanks at the ends of lines or a last newline."""
    file = console.file
    assert isinstance(file, StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def liability_chart(values: Sequence[int], forecast: Forecast, width: int) -> list[str]:
    """A column chart from zero, each month a column or, when there are many, each few months their last.

    Args:
        values: minor units by month; at least one.
        forecast: gives the money and the months.
        width: columns to fill at most, the scale included.

    Returns:
        Lines, the highest first, and one with the first and the last month.
    """
    money = forecast.program.money
    top = max(values)
    scale = [money_text(top, money), money_text(0, money)]
    gutter = max(map(len, scale)) + 1
    room = width - gutter - 1 - len(CAPTION)
    step = -(-len(values) // room)
    shown = list(values[::-step])[::-1]
    columns = max(1, min(3, room // len(shown)))
    eighths = [round(8 * CHART_ROWS * value / top) if top else 0 for value in shown]
    lines = []
    for row in range(CHART_ROWS - 1, -1, -1):
        label = {CHART_ROWS - 1: scale[0], 0: scale[1]}.get(row, "")
        bars = "".join(BLOCKS[min(8, max(0, height - 8 * row))] * columns for height in eighths)
        lines.append(f"{label:>{gutter}} {bars}")
    first, last = forecast.months[0].label, forecast.months[-1].label
    gap = max(1, len(shown) * columns - len(first) - len(last))
    lines.append(f"{'':>{gutter}} {first}{' ' * gap}{last}{CAPTION}")
    return lines


# ---- parts


def _held_at_start(one: CurrencyForecast, forecast: Forecast) -> str:
    """What members began with; nothing where they began with nothing."""
    if not one.triangle.opened:
        return ""
    return f"{units_text(one, one.opening, forecast.program.money)} held at the start; "


def _rates(one: CurrencyForecast, forecast: Forecast) -> Text:
    """URR, breakage and cost of one currency, on a line or two."""
    fate, money = one.fate, forecast.program.money
    label = one_line(one.currency.label)
    if fate.urr is None or fate.breakage is None:
        return Text(f"{label}: {_held_at_start(one, forecast)}none issued")
    if one.is_score:
        held = units_text(one, one.total[-1].outstanding, money)
        return Text(f"{label}: {held} held; a count that cannot be used, so nothing is owed for it")
    rates = _held_at_start(one, forecast)
    rates += f"ultimate redemption rate (URR) {urr_text(fate)} ({points_of_percent(fate.noise)})"
    rates += f", breakage {breakage_text(fate)}"
    rates += f" ({declared_breakage(one)})" if one.currency.breakage is not None else ""
    if fate.reversed:
        rates += f", taken back {percent_text(fate.reversed_share)}"
    if fate.is_open:
        rates += f", fate unknown {percent_text(fate.undetermined_share)}"
    return Text(f"{label}: {rates}; cost {unit_cost_text(one, money)}")


def appraisal_lines(appraisal: Appraisal) -> list[str]:
    """Both bases, the estimators and what the noise leaves out."""
    lines = [bases_text(appraisal)]
    for each in appraisal.currencies:
        if is_small(each.one, appraisal.forecast):
            continue
        said = estimator_text(each)
        if said and len(appraisal.currencies) > 1:
            said = f"{one_line(each.one.currency.label)}: {said[:1].lower()}{said[1:]}"
        lines.append(said)
    lines.append(layers_text(appraisal))
    return [line for line in lines if line]


def _basis(forecast: Forecast, appraisal: Appraisal | None) -> Text:
    """What the liability rests on: the basis, and the numbers that bear most of it."""
    concern = GOING_CONCERN if forecast.owed else ""
    if appraisal is not None and forecast.owed:
        concern = basis_text(appraisal)
    text = Text(" ".join(filter(None, (concern, redemption_text(forecast), start_text(forecast)))))
    if forecast.assumed_share is not None:
        text.append(f" Assumed costs bear {percent_text(forecast.assumed_share, 0)} of the liability.")
    bearing = [assumption for assumption in forecast.assumptions if assumption.bears]
    for assumption in bearing[:MOST_ASSUMPTIONS]:
        text.append(f"\n  {_assumption(assumption)}")
    traits = sum(assumption.bears is None for assumption in forecast.assumptions)
    where = one_line(str(forecast.population.span))
    about = f"{counted(traits, 'unfitted assumption')} about {one_line(forecast.population.name)}"
    text.append(f"\n  {about}  {where}")
    return text


def _assumption(assumption: Assumption) -> str:
    return f"{one_line(assumption.what)}: {one_line(assumption.written)}  {one_line(str(assumption.span))}"


def mechanics_lines(forecast: Forecast) -> list[str]:
    """A line for each ladder, for rules and limits, and for rewards."""
    lines = []
    for one in forecast.ladders:
        mix = tier_mix_text(one) or "nobody has joined"
        moves = tier_moves_title(one, forecast).partition("Members ")[2]
        near = near_miss_title(one.near_misses) if one.near_misses else ""
        short = f"; {near[:1].lower()}{near[1:]}" if near else ""
        lines.append(f"{one_line(one.ladder.label).capitalize()}: {mix}; they {moves}{short}")
    idle = rules_title(forecast) if forecast.rules else ""
    if "never" in idle:
        lines.append(f"Rules: {idle}")
    if forecast.bills:
        lines.append(settlement_title(forecast))
    lines += [lift_title(lift, forecast) for lift in forecast.lifts]
    if forecast.rewards and any(map(sum, (taken.uses for taken in forecast.rewards))):
        lines.append(rewards_title(forecast))
    return lines


def _print_hanging(console: Console, mark: str, text: str, width: int, style: str = "") -> None:
    """Prints a paragraph whose later lines are indented."""
    for line in wrap(mark + text, width, subsequent_indent="  "):
        console.print(Text(line, style=style))
