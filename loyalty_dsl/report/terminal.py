"""A forecast on one screen: the headline, a table by year, the liability as a small chart, and what the
figures rest on.

Invariant: the text is a pure function of the forecast and the width; colour adds escape codes and takes
no information away; nothing a user wrote reaches the terminal unfiltered.
"""

from collections.abc import Iterable, Sequence
from io import StringIO
from textwrap import wrap

import attrs
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from loyalty_dsl.calendar import date_of
from loyalty_dsl.forecast.figures import Assumption, CurrencyForecast, Forecast
from loyalty_dsl.report.headlines import GOING_CONCERN, headline
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.wording import (
    amount_text,
    money_text,
    one_line,
    percent_text,
    points_of_percent,
    sample_text,
    span_text,
    unit_cost_text,
)

NARROWEST, WIDEST = 60, 80
CHART_ROWS = 4
MOST_PERIODS = 6
MOST_ASSUMPTIONS = 2
CAPTION = "  liability at cost"
BLOCKS = " ▁▂▃▄▅▆▇█"
QUARTER, YEAR = 3, 12


def render_forecast(forecast: Forecast, provenance: Provenance, style: Style) -> str:
    """The summary of a forecast.

    Args:
        forecast: what to show.
        provenance: where it comes from.
        style: colour and width of the terminal; lines are 60 to 80 wide.

    Returns:
        Lines without a last newline.
    """
    console = new_console(style)
    width = console.width
    title = (
        f"{one_line(forecast.program.label)} · {one_line(forecast.population.name)} · {span_text(forecast)}"
    )
    console.print(Text(title, style="dim"))
    console.print(Text(headline(forecast), style="bold"))
    for one in forecast.by_currency:
        console.print(_rates(one, forecast))
        console.print(_table(one, forecast))
    if forecast.liability is not None:
        for line in liability_chart(forecast.liability, forecast, width - 2):
            console.print(Text(f" {line}", style="cyan"))
    console.print(_basis(forecast))
    for notice in forecast.notices:
        _print_hanging(console, "! ", one_line(notice.message), "yellow", width)
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


def _rates(one: CurrencyForecast, forecast: Forecast) -> Text:
    """URR, breakage and cost of one currency, on a line or two."""
    fate, money = one.fate, forecast.program.money
    label = one_line(one.currency.label)
    if fate.urr is None or fate.breakage is None:
        return Text(f"{label}: none issued")
    rates = f"URR {percent_text(fate.urr)} (±{points_of_percent(fate.noise)})"
    rates += f", breakage {percent_text(fate.breakage)}"
    if fate.undetermined:
        rates += f", fate unknown {percent_text(fate.undetermined_share)}"
    return Text(f"{label}: {rates}; cost {unit_cost_text(one, money)}")


@attrs.frozen
class _Period:
    """Months `first` to `end` (not included), under one name."""

    name: str
    first: int
    end: int


def _periods(forecast: Forecast) -> list[_Period]:
    """The table's rows: the last calendar years or, of a short forecast, quarters."""
    size = QUARTER if len(forecast.months) <= 14 else YEAR
    periods: list[_Period] = []
    for m, month in enumerate(forecast.months):
        day = date_of(month.start)
        part = (day.month - 1) // QUARTER + 1
        name = f"{day.year} Q{part}" if size == QUARTER else str(day.year)
        if periods and periods[-1].name == name:
            periods[-1] = attrs.evolve(periods[-1], end=m + 1)
        else:
            periods.append(_Period(name, m, m + 1))
    return periods[-MOST_PERIODS:]


def _table(one: CurrencyForecast, forecast: Forecast) -> Table:
    money = forecast.program.money
    largest = max((month.outstanding + month.issued for month in one.total), default=0) // one.currency.scale
    unit, word = (10**6, "m") if largest >= 10**9 else (10**3, "k") if largest >= 10**7 else (1, "")

    def amount(units: int) -> str:
        return amount_text(one, round(units / unit), money) + (word if units else "")

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    table.add_column("", no_wrap=True)
    for header in ("Issued", "Redeemed", "Expired", "Outstanding", "Liability", "Active", "Reward cost"):
        table.add_column(header, justify="right", no_wrap=True)
    for period in _periods(forecast):
        months = range(period.first, period.end)
        last = period.end - 1
        table.add_row(
            period.name,
            amount(sum(one.total[m].issued for m in months)),
            amount(sum(one.total[m].redeemed for m in months)),
            amount(sum(one.total[m].expired for m in months)),
            amount(one.total[last].outstanding),
            money_text(one.liability[last], money) if one.liability else "unknown",
            percent_text(forecast.members[last].active_rate, 0),
            _reward_cost(one, forecast, months),
        )
    return table


def _reward_cost(one: CurrencyForecast, forecast: Forecast, months: Iterable[int]) -> str:
    paid = [taken for taken in forecast.rewards if taken.reward.currency == one.currency.index]
    costs = [taken.cost for taken in paid if taken.cost is not None]
    if paid and not costs:
        return "unknown"
    return money_text(sum(cost[m] for m in months for cost in costs), forecast.program.money)


def _basis(forecast: Forecast) -> Text:
    """What the liability rests on: the basis, and the numbers that bear most of it."""
    text = Text(GOING_CONCERN)
    if forecast.assumed_share is not None:
        text.append(f" Assumed costs bear {percent_text(forecast.assumed_share, 0)} of the liability.")
    bearing = [assumption for assumption in forecast.assumptions if assumption.bears]
    for assumption in bearing[:MOST_ASSUMPTIONS]:
        text.append(f"\n  {_assumption(assumption)}")
    traits = sum(assumption.bears is None for assumption in forecast.assumptions)
    where = one_line(str(forecast.population.span))
    text.append(f"\n  {traits} traits of {one_line(forecast.population.name)}, not fitted to data  {where}")
    return text


def _assumption(assumption: Assumption) -> str:
    return f"{one_line(assumption.what)}: {one_line(assumption.written)}  {one_line(str(assumption.span))}"


def _print_hanging(console: Console, mark: str, text: str, style: str, width: int) -> None:
    """Prints a paragraph whose later lines are indented under its first."""
    for i, line in enumerate(wrap(text, width - len(mark))):
        console.print(Text(f"{mark if i == 0 else ' ' * len(mark)}{line}", style=style))
