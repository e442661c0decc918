"""Frames of members, levels, vintages, rules, limits and rewards; see `frames` for the invariant.

Every frame has its columns even where it has no rows, but for units and money, whose digits the program says.
"""

from typing import Any

import polars as pl

from loyalty_dsl.calendar import date_of, month_index, month_start
from loyalty_dsl.forecast.figures import Forecast, given_by
from loyalty_dsl.forecast.frames import Columns, member_columns, money_column, unit_column
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.quantities import MINOR_DIGITS


def members(forecast: Forecast) -> pl.DataFrame:
    """A row for each month: the members' figures, and how many events there were of each kind besides."""
    rows = [
        {"month": date_of(month.start), "through": date_of(month.last)}
        | member_columns(forecast, forecast.members[m])
        | {f"events_{event.kind.name}": event.count[m] for event in forecast.events}
        for m, month in enumerate(forecast.months)
    ]
    return pl.DataFrame(rows, schema_overrides=_money(forecast, "basket", "off", "returned_basket"))


def levels(forecast: Forecast) -> pl.DataFrame:
    """A row for each ladder, level and month: members who hold it at the month's end."""
    rows: list[Columns] = [
        {"ladder": one.ladder.name, "level": level.name, "month": date_of(month.start), "members": held[m]}
        for one in forecast.ladders
        for level, held in zip(one.ladder.levels, one.held, strict=True)
        for m, month in enumerate(forecast.months)
    ]
    return pl.DataFrame(
        rows, {"ladder": pl.String, "level": pl.String, "month": pl.Date, "members": pl.Int64}
    )


def level_moves(forecast: Forecast) -> pl.DataFrame:
    """A row for each ladder, pair of levels and month in which anybody went from the one to the other."""
    rows: list[Columns] = [
        {
            "ladder": one.ladder.name,
            "from_level": before.name,
            "to_level": after.name,
            "month": date_of(month.start),
            "members": one.moves[before.index][after.index][m],
        }
        for one in forecast.ladders
        for before in one.ladder.levels
        for after in one.ladder.levels
        for m, month in enumerate(forecast.months)
        if one.moves[before.index][after.index][m]
    ]
    texts = dict.fromkeys(("ladder", "from_level", "to_level"), pl.String)
    return pl.DataFrame(rows, texts | {"month": pl.Date, "members": pl.Int64})


def near_misses(forecast: Forecast) -> pl.DataFrame:
    """A row for each number that a level asks for and day: members below the level, those of them at 90% or
    more of the number, and those who have it and lack something else."""
    rows: list[Columns] = [
        {
            "ladder": one.ladder.name,
            "level": miss.level.name,
            "counter": miss.what,
            "needed": float(miss.needed),
            "day": date_of(day.day),
            "below": day.below,
            "just_short": day.near,
            "met": day.met,
        }
        for one in forecast.ladders
        for miss in one.near_misses
        for day in miss.days
    ]
    schema: dict[str, Any] = dict.fromkeys(("ladder", "level", "counter"), pl.String)
    schema |= {"needed": pl.Float64, "day": pl.Date}
    return pl.DataFrame(rows, schema | dict.fromkeys(("below", "just_short", "met"), pl.Int64))


def vintages(forecast: Forecast) -> pl.DataFrame:
    """A row for each currency and months of issue: what has become of it by the last reported day. Each
    amount is scaled by itself. Where members began with what they held, `held_at_start` says of which rows
    `issued` is what was held then."""
    fates = ("issued", "redeemed", "expired", "reversed", "outstanding")
    rows: list[Columns] = [
        {
            "currency": one.currency.name,
            "from_month": date_of(
                forecast.months[vintage.first].start if vintage.days is None else vintage.days[0]
            ),
            "to_month": date_of(
                forecast.months[vintage.end - 1].start
                if vintage.days is None
                else month_start(month_index(vintage.days[1] - 1))
            ),
        }
        | ({"held_at_start": vintage.days is not None} if one.triangle.opened else {})
        | {fate: unit_column(one, scaled(getattr(vintage, fate), forecast.weight)) for fate in fates}
        for one in forecast.by_currency
        for vintage in one.triangle.vintages()
    ]
    return pl.DataFrame(rows, schema_overrides=_units(forecast, *fates), infer_schema_length=None)


def rules(forecast: Forecast) -> pl.DataFrame:
    """A row for each earn rule: units, times and members whom it ever paid."""
    rows: list[Columns] = [
        {
            "rule": one.rule.name,
            "currency": forecast.currency(one.rule.currency).currency.name,
            "units": unit_column(forecast.currency(one.rule.currency), one.units),
            "times": one.times,
            "members": one.members,
        }
        for one in forecast.rules
    ]
    overrides = _units(forecast, "units") | {"members": pl.Int64}
    return pl.DataFrame(rows, schema_overrides=overrides, infer_schema_length=None)


def limits(forecast: Forecast) -> pl.DataFrame:
    """A row for each limit: members whom it ever held back, and events at which it did."""
    rows: list[Columns] = [
        {
            "owner": one.owner,
            "limit": " ".join(one.limit.span.text.split()),
            "members": one.members,
            "cuts": one.cuts,
        }
        for one in forecast.limits
    ]
    return pl.DataFrame(rows, {"owner": pl.String, "limit": pl.String, "members": pl.Int64, "cuts": pl.Int64})


def rewards(forecast: Forecast) -> pl.DataFrame:
    """A row for each reward or benefit and month: uses (null where points are money), money off, units given
    and what it cost (null where no cost is declared, and of what gives another currency)."""
    rows: list[Columns] = []
    for one in forecast.rewards:
        target = given_by(one.reward)
        gives = None if target is None else forecast.currency(target)
        for m, month in enumerate(forecast.months):
            rows.append(
                {
                    "reward": one.reward.name,
                    "benefit": one.reward.benefit,
                    "month": date_of(month.start),
                    "uses": None if one.times is None else one.times[m],
                    "off": money_column(forecast, one.off[m]),
                    "paid": money_column(forecast, one.paid[m]),
                    "gives": None if gives is None else gives.currency.name,
                    "given": None if gives is None else unit_column(gives, one.given[m]),
                    "cost": None if one.cost is None else money_column(forecast, one.cost[m]),
                }
            )
    overrides = (
        _money(forecast, "off", "paid", "cost")
        | _units(forecast, "given")
        | {"gives": pl.String, "uses": pl.Int64}
    )
    return pl.DataFrame(rows, schema_overrides=overrides, infer_schema_length=None)


def _money(forecast: Forecast, *columns: str) -> dict[str, Any]:
    return dict.fromkeys(columns, pl.Decimal(38, MINOR_DIGITS[forecast.program.money]))


def _units(forecast: Forecast, *columns: str) -> dict[str, Any]:
    places = max((len(str(one.currency.scale)) - 1 for one in forecast.by_currency), default=0)
    return dict.fromkeys(columns, pl.Decimal(38, places) if places else pl.Int64)
