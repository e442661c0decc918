"""A study against what happened: its forecast by month beside the ledger of a replay.

Invariants: only months are compared that ended while the ledger still ran; a band is 95 times in 100 what the
luck of members alone would do, that of those who were simulated and that of the business's own, so that what
is outside it is told by the assumptions or the world, not by chance.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.decisions.gates import with_own_luck
from loyalty_dsl.decisions.groups import Grouped, half_width
from loyalty_dsl.forecast.figures import Forecast, Month, Notice
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.ledger_files import LedgerTables, verify_program

if TYPE_CHECKING:
    import polars as pl

FLOWS = {"issued": "earned", "redeemed": "redeemed", "expired": "expired"}
"""Figures of a currency, and the kind of posting that each is the sum of."""

Figure = Callable[[Forecast, int], Fraction]


@attrs.frozen
class Tracked:
    """One figure of one month, in the unit that people read.

    Attributes:
        band: half-width; `None` where too few members were simulated.
    """

    forecast: Fraction
    band: float | None
    actual: Fraction

    @property
    def outside(self) -> bool:
        """Whether chance alone would not do it."""
        return self.band is not None and abs(float(self.actual - self.forecast)) > self.band

    @property
    def error(self) -> float | None:
        """How far the forecast was off, relative to what happened."""
        return float(self.forecast / self.actual) - 1 if self.actual else None


@attrs.frozen
class Series:
    """A figure by month.

    Attributes:
        of: the currency's name; empty of members.
        in_money: whether its units are money.
    """

    name: str
    of: str
    in_money: bool
    months: tuple[Tracked, ...]

    @property
    def title(self) -> str:
        """`points issued`, `members active`."""
        return f"{self.of.replace('_', ' ') or 'members'} {self.name}"


@attrs.frozen(eq=False)
class Track:
    """What was forecast and what happened.

    Attributes:
        months: those that are over; `all_months` of the study.
        as_of: the last day of the ledger.
    """

    run: Grouped
    months: tuple[Month, ...]
    all_months: int
    as_of: int
    series: tuple[Series, ...]
    notices: tuple[Notice, ...]

    @property
    def outside(self) -> tuple[tuple[Month, tuple[Series, ...]], ...]:
        """The months in which something is outside its band, each with what."""
        found = [
            (month, tuple(one for one in self.series if one.months[i].outside))
            for i, month in enumerate(self.months)
        ]
        return tuple((month, series) for month, series in found if series)


def track(run: Grouped, ledger: LedgerTables) -> Track:
    """Sets a forecast beside a ledger.

    Args:
        run: the simulation of a study.
        ledger: of the same program.

    Raises:
        InputRefused: the ledger is of another program, or no month of the forecast is over in it.
    """
    verify_program(ledger, run.program)
    forecast = run.forecast
    months = tuple(month for month in forecast.months if month.last <= ledger.as_of)
    if not months:
        first = forecast.months[0]
        raise InputRefused(
            f"the ledger ends on {date_of(ledger.as_of)}, before the first month of the forecast is over "
            f"({date_of(first.last)})",
            "replay what has been bought since, or let the population start on the day on which it did",
        )
    series = [
        Series(name, one.currency.name, one.currency.in_money, tuple(tracked))
        for place, one in enumerate(forecast.by_currency)
        for name, tracked in _of_currency(run, ledger, months, place)
    ]
    active = tuple(
        _tracked(run, _active, i, actual) for i, actual in enumerate(_actives(run, ledger, months))
    )
    series.append(Series("active", "", False, active))
    return Track(
        run, months, len(forecast.months), ledger.as_of, tuple(series), tuple(_notices(run, ledger, months))
    )


def _of_currency(
    run: Grouped, ledger: LedgerTables, months: Sequence[Month], place: int
) -> list[tuple[str, list[Tracked]]]:
    import polars as pl

    currency = run.forecast.by_currency[place].currency
    postings = ledger.postings.filter(pl.col("currency") == currency.name)
    found = []
    for name, kind in FLOWS.items():
        own = postings.filter(pl.col("kind") == kind)
        sums = [_units(own.filter(_within(month))) for month in months]
        found.append((name, _all_tracked(run, _balance(place, name, currency.scale), sums, currency.scale)))
    gained = pl.col("kind").is_in(["opening", "earned"])
    signed = postings.with_columns(pl.when(gained).then(pl.col("units")).otherwise(-pl.col("units")))
    stocks = [_units(signed.filter(pl.col("day") <= date_of(month.last))) for month in months]
    found.append(
        (
            "outstanding",
            _all_tracked(run, _balance(place, "outstanding", currency.scale), stocks, currency.scale),
        )
    )
    return found


def _all_tracked(run: Grouped, figure: Figure, units: Sequence[int], scale: int) -> list[Tracked]:
    return [_tracked(run, figure, i, Fraction(actual, scale)) for i, actual in enumerate(units)]


def _tracked(run: Grouped, figure: Figure, month: int, actual: Fraction) -> Tracked:
    noise = half_width([figure(each, month) for each in run.forecasts_without()])
    band = None if noise is None else with_own_luck(noise, run.forecast.weight)
    return Tracked(figure(run.forecast, month), band, actual)


def _balance(place: int, name: str, scale: int) -> Figure:
    return lambda forecast, month: Fraction(getattr(forecast.by_currency[place].total[month], name), scale)


def _active(forecast: Forecast, month: int) -> Fraction:
    return Fraction(forecast.members[month].active)


def _actives(run: Grouped, ledger: LedgerTables, months: Sequence[Month]) -> list[Fraction]:
    """Members who did something that the forecast counts: bought or, where the program has other kinds of
    event, one of those."""
    import polars as pl

    kinds = ["purchase", "other"] if run.forecast.events else ["purchase"]
    events = ledger.events.filter(pl.col("kind").is_in(kinds))
    return [Fraction(events.filter(_within(month))["member"].n_unique()) for month in months]


def _within(month: Month) -> "pl.Expr":
    import polars as pl

    return pl.col("day").is_between(date_of(month.start), date_of(month.last))


def _units(postings: "pl.DataFrame") -> int:
    return int(postings["units"].sum())


def _notices(run: Grouped, ledger: LedgerTables, months: Sequence[Month]) -> list[Notice]:
    import polars as pl

    found = []
    members = ledger.events["member"].n_unique()
    enrolled = run.forecast.members[len(months) - 1].enrolled
    if not enrolled / 2 <= members <= enrolled * 2:
        found.append(
            Notice(
                "other-size",
                f"The ledger has {members:,} members and the forecast is of {enrolled:,}: is one of them a "
                "part of the business?",
            )
        )
    before = ledger.postings.filter(pl.col("day") < date_of(months[0].start))
    if before.height or "opening" in ledger.postings["kind"].unique().to_list():
        found.append(
            Notice(
                "from-before",
                f"The ledger holds postings from before {date_of(months[0].start)}, which the forecast knows "
                "nothing of: they are in what is outstanding, redeemed and expired.",
            )
        )
    return found
