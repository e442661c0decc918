"""Rows of simulated members as polars frames; see `frames` for the invariant."""

from typing import TYPE_CHECKING

import polars as pl

from loyalty_dsl.calendar import date_of
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.frames import Columns, money_column, unit_column
from loyalty_dsl.quantities import MINOR_DIGITS

if TYPE_CHECKING:
    from loyalty_dsl.simulation.member_rows import MemberRows

UNITS = ("issued", "redeemed", "expired", "reversed", "outstanding")


def simulated_members(forecast: Forecast, rows: "MemberRows") -> pl.DataFrame:
    """A row for each simulated member, unscaled, over the reported months.

    Returns:
        Columns member (the first member of a group), friend (its place in the group: 0 is the first
        member), brought_by (the place of who brought it); segment; joined (null: before the first day);
        purchases, spend and friends brought; level_LADDER at the end; and issued, redeemed, expired,
        reversed and outstanding of each currency. Where members began with a ledger also name, of the member
        there (null: joined later, whose joined day is told as ever), and opening of each currency.
    """
    from loyalty_dsl.simulation.member_notes import (
        ROW_BROUGHT_BY,
        ROW_FRIEND,
        ROW_FRIENDS,
        ROW_JOINED,
        ROW_MEMBER,
        ROW_PURCHASES,
        ROW_SEGMENT,
        ROW_SPEND,
    )

    segments, first = forecast.population.segments, forecast.months[0].start
    made: list[Columns] = []
    begun = forecast.population.opening is not None
    names = rows.names if begun else (None,) * len(rows.members)
    for member, levels, units, name in zip(
        rows.members.tolist(), rows.levels.tolist(), rows.units.tolist(), names, strict=True
    ):
        joined = member[ROW_JOINED]
        row: Columns = {
            "member": member[ROW_MEMBER],
            **({"name": name} if begun else {}),
            "friend": member[ROW_FRIEND],
            "brought_by": None if member[ROW_BROUGHT_BY] < 0 else member[ROW_BROUGHT_BY],
            "segment": segments[member[ROW_SEGMENT]].name,
            "joined": None if joined < (0 if name else first) else date_of(joined),
            "purchases": member[ROW_PURCHASES],
            "spend": money_column(forecast, member[ROW_SPEND]),
            "friends": member[ROW_FRIENDS],
        }
        for one in forecast.ladders:
            row[f"level_{one.ladder.name}"] = one.ladder.levels[levels[one.ladder.index]].name
        for currency in forecast.by_currency:
            issued, redeemed, expired, reversed_, held = units[currency.currency.index]
            flows = {"opening": held} if begun else {}
            flows |= {"issued": issued, "redeemed": redeemed, "expired": expired, "reversed": reversed_}
            flows["outstanding"] = held + issued - redeemed - expired - reversed_
            for flow, amount in flows.items():
                row[f"{flow}_{currency.currency.name}"] = unit_column(currency, amount)
        made.append(row)
    overrides: dict[str, pl.DataType | type[pl.DataType]] = {
        "brought_by": pl.Int64,
        "joined": pl.Date,
        **({"name": pl.String} if begun else {}),
        "spend": pl.Decimal(38, MINOR_DIGITS[forecast.program.money]),
    }
    for currency in forecast.by_currency:
        places = len(str(currency.currency.scale)) - 1
        for flow in (*(["opening"] if begun else []), *UNITS):
            overrides[f"{flow}_{currency.currency.name}"] = pl.Decimal(38, places) if places else pl.Int64
    return pl.DataFrame(made, schema_overrides=overrides, infer_schema_length=None)
