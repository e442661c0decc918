"""A currency's ledger by year or quarter, as a table that fits the terminal.

Invariant: no figure and no heading is ever cut. Where a table would be too wide, amounts are written in
thousands, millions or billions; where even that does not do, the last two columns are left out.
"""

from collections.abc import Iterator

import attrs
from rich.box import SIMPLE_HEAD
from rich.table import Table

from loyalty_dsl.calendar import MONTH_NAMES, date_of
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, given_by
from loyalty_dsl.quantities import MINOR_DIGITS, SYMBOLS, prefix_of
from loyalty_dsl.report.wording import amount_text, money_text, percent_text

MOST_PERIODS = 6
QUARTER, YEAR = 3, 12
HEADINGS = ("Issued", "Redeemed", "Expired", "Outstanding", "Liability", "Active", "Reward cost")
"""The headings; where returns take units back, `Reversed` comes after `Expired` and `Active` is left out."""
LEFT_OUT = 2
"""Columns that a table in a narrow terminal does without."""
NOT_BOOKED = "-"
"""In place of a cost: it is booked when what the units become is used."""
Step = tuple[int, str]
ONES, THOUSANDS, MILLIONS, BILLIONS = (1, ""), (10**3, "k"), (10**6, "m"), (10**9, "bn")
"""What amounts are divided by, and how they say so."""
STEPS = (
    (ONES, ONES),
    (THOUSANDS, ONES),
    (THOUSANDS, THOUSANDS),
    (MILLIONS, THOUSANDS),
    (MILLIONS, MILLIONS),
    (BILLIONS, MILLIONS),
    (BILLIONS, BILLIONS),
)
"""Steps of the currency's amounts and of money, the most exact first."""
FEW = 100
"""Divided amounts below this have a decimal."""


def ledger_table(one: CurrencyForecast, forecast: Forecast, width: int) -> Table:
    """The table of one currency, at most `width` wide."""
    rows, gap = _fitting(one, forecast, width)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, gap - 1), show_edge=False)
    for column in range(len(rows[0])):
        justify = "right" if column else "left"
        table.add_column(_headings(one, forecast)[column], justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*row)
    return table


def _fitting(one: CurrencyForecast, forecast: Forecast, width: int) -> tuple[list[list[str]], int]:
    """The rows, and the blanks between columns, of the layout that shows most and fits; the smallest there
    is where none does."""
    layouts = list(_layouts(one, forecast))
    headings = _headings(one, forecast)
    return next((layout for layout in layouts if _width_of(headings, *layout) <= width), layouts[-1])


def _width_of(headings: tuple[str, ...], rows: list[list[str]], gap: int) -> int:
    columns = range(len(rows[0]))
    widths = (max(len(headings[column]), *(len(row[column]) for row in rows)) for column in columns)
    return sum(widths) + gap * (len(columns) - 1)


def _layouts(one: CurrencyForecast, forecast: Forecast) -> Iterator[tuple[list[list[str]], int]]:
    """Every layout, the fullest first."""
    every = len(_headings(one, forecast))
    for columns in (every, every - LEFT_OUT):
        for gap in (2, 1):
            for steps in STEPS:
                yield [row[:columns] for row in _rows(one, forecast, *steps)], gap


@attrs.frozen
class _Period:
    """Months `first` to `end` (not included), under one name."""

    name: str
    first: int
    end: int


def _periods(forecast: Forecast) -> list[_Period]:
    """The table's rows: the last calendar years or, of a short forecast, quarters. One of which only some
    months are reported says which."""
    size = QUARTER if len(forecast.months) <= 14 else YEAR
    periods: list[_Period] = []
    for m, month in enumerate(forecast.months):
        day = date_of(month.start)
        name = f"{day.year} Q{(day.month - 1) // QUARTER + 1}" if size == QUARTER else str(day.year)
        if periods and periods[-1].name == name:
            periods[-1] = attrs.evolve(periods[-1], end=m + 1)
        else:
            periods.append(_Period(name, m, m + 1))
    return [_named(period, size, forecast) for period in periods[-MOST_PERIODS:]]


def _named(period: _Period, size: int, forecast: Forecast) -> _Period:
    if period.end - period.first == size:
        return period
    first, last = (date_of(forecast.months[m].start) for m in (period.first, period.end - 1))
    months = dict.fromkeys(MONTH_NAMES[day.month - 1][:3] for day in (first, last))
    return attrs.evolve(period, name=f"{first.year} {'-'.join(months)}")


def _rows(one: CurrencyForecast, forecast: Forecast, units_step: Step, money_step: Step) -> list[list[str]]:
    money = forecast.program.money
    cost = forecast.reward_cost_in(one.currency)
    paid = forecast.rewards_of(one.currency)
    later = bool(paid) and all(given_by(taken.reward) is not None for taken in paid)
    taken_back = _takes_back(one)
    rows = []
    for period in _periods(forecast):
        months = range(period.first, period.end)
        last = period.end - 1
        total = one.total
        amounts = (
            sum(total[m].issued for m in months),
            sum(total[m].redeemed for m in months),
            sum(total[m].expired for m in months),
            *((sum(total[m].reversed for m in months),) if taken_back else ()),
            total[last].outstanding,
        )
        rows.append(
            [
                period.name,
                *(_amount(one, units, money, units_step) for units in amounts),
                _money(one.liability[last], money, money_step) if one.liability else "unknown",
                *(() if taken_back else (percent_text(forecast.members[last].active_rate, 0),)),
                NOT_BOOKED
                if later
                else "unknown"
                if cost is None
                else _money(sum(cost[m] for m in months), money, money_step),
            ]
        )
    return rows


def _amount(one: CurrencyForecast, units: int, money: str, step: Step) -> str:
    if one.currency.in_money:
        return _money(units, money, step)
    if step[0] == 1:
        return amount_text(one, units, money)
    return _divided(units / one.currency.scale, step)


def _money(minor: int, money: str, step: Step) -> str:
    prefix = SYMBOLS.get(money, "")
    if step[0] == 1:
        return prefix + money_text(minor, money).removeprefix(prefix_of(money))
    return prefix + _divided(minor / 10 ** MINOR_DIGITS[money], step)


def _takes_back(one: CurrencyForecast) -> bool:
    return any(month.reversed for month in one.total)


def _headings(one: CurrencyForecast, forecast: Forecast) -> tuple[str, ...]:
    """The headings; the first says the money, where its amounts have no sign that does."""
    money = forecast.program.money
    names: tuple[str, ...] = HEADINGS
    if _takes_back(one):
        names = (*HEADINGS[:3], "Reversed", *(name for name in HEADINGS[3:] if name != "Active"))
    return ("" if money in SYMBOLS else f"in {money}", *names)


def _divided(amount: float, step: Step) -> str:
    """`23.1m`, `740k`, and `0` for nothing."""
    by, word = step
    if not amount:
        return "0"
    value = amount / by
    return f"{value:,.1f}{word}" if value < FEW else f"{value:,.0f}{word}"
