"""What audiences do, against those held out, as lines of text, as JSON and as a section of the page.

Invariant: a title is computed from the figures that its table shows; a gain that may be chance is not told as
one.
"""

from collections.abc import Iterator
from typing import Any

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.lifts import FEWEST, Difference, Lift
from loyalty_dsl.language.under_program import reacts
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.charts_mechanics import bars_chart
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import money_text, one_line

_DIGITS = 6
"""Digits of orders a member in JSON."""


def lift_title(lift: Lift, forecast: Forecast) -> str:
    """What the members of an audience spend more than those held out, if that is not chance."""
    money, name = forecast.program.money, one_line(lift.audience.label)
    sides = f"{counted(lift.members, 'member')}, {lift.held_out:,} held out"
    if lift.spend.low is None or lift.spend.high is None:
        return f"{name}: {sides}; fewer than {FEWEST} on a side are too few to compare"
    cost = f"rewards cost {_signed(lift.cost.gain, money)} a member"
    bounds = f"95%: {_signed(lift.spend.low, money)} to {_signed(lift.spend.high, money)}"
    if not lift.spend.known:
        return f"{name}: no gain in spend beyond chance ({bounds}), and {cost}; {sides}"
    less = "more" if lift.spend.gain > 0 else "less"
    spend = f"{money_text(abs(lift.spend.gain), money)} {less} spend a member ({bounds})"
    return f"{name}: {spend}, and {cost}; {sides}"


def _signed(minor: float, money: str) -> str:
    return f"{'-' if minor < 0 else '+'}{money_text(abs(minor), money)}"


def lift_panels(forecast: Forecast) -> Iterator[Panel]:
    """A section for each audience that holds members out."""
    money = forecast.program.money
    for lift in forecast.lifts:
        react = (
            "" if reacts(forecast.population)
            else " Members of this population react to nothing, as it has no `responses`: what they do "
            "differs by luck, and by what rewards take off."
        )  # fmt: skip
        yield Panel(
            name=f"audience-{lift.audience.name.replace('_', '-')}",
            kind="audience",
            title=lift_title(lift, forecast),
            reading=(
                "Each bar is what a member whom the audience means has spent, after rewards, from the month "
                "in which it first does; those in grey are held out of it, at random, so they differ by the "
                f"audience and by chance alone.{react}"
            ),
            chart=bars_chart([
                ("In the audience", lift.spend.treated, money_text(lift.spend.treated, money), False),
                ("Held out", lift.spend.held_out, money_text(lift.spend.held_out, money), True),
            ]),
            table=Table(
                ("Each member", "In the audience", "Held out", "Gain", "At least", "At most"),
                tuple(_rows(lift, money)),
            ),
            subtitle="Of the members simulated; 95 of 100 such intervals hold the true gain.",
        )  # fmt: skip


def _rows(lift: Lift, money: str) -> Iterator[tuple[str, ...]]:
    yield "Members", f"{lift.members:,}", f"{lift.held_out:,}", "", "", ""
    for name, one in (("Spend", lift.spend), ("Cost of rewards", lift.cost)):
        bounds = ("" if each is None else _signed(each, money) for each in (one.low, one.high))
        sides = (money_text(each, money) for each in (one.treated, one.held_out))
        yield name, *sides, _signed(one.gain, money), *bounds
    one = lift.orders
    bounds = ("" if each is None else f"{each:+.2f}" for each in (one.low, one.high))
    yield "Orders", f"{one.treated:.2f}", f"{one.held_out:.2f}", f"{one.gain:+.2f}", *bounds


def lifts_json(forecast: Forecast) -> dict[str, Any]:
    """`audiences` of a document, for a program that holds members out; money in display units."""
    if not forecast.lifts:
        return {}
    digits = MINOR_DIGITS[forecast.program.money]
    return {
        "audiences": [
            {
                "audience": lift.audience.name,
                "label": lift.audience.label,
                "holdout": float(lift.audience.holdout),
                "members": lift.members,
                "held_out": lift.held_out,
                "spend": _difference(lift.spend, 10**digits, digits + 2),
                "reward_cost": _difference(lift.cost, 10**digits, digits + 2),
                "orders": _difference(lift.orders, 1, _DIGITS),
            }
            for lift in forecast.lifts
        ]
    }


def _difference(one: Difference, unit: int, digits: int) -> dict[str, float | None]:
    return {
        name: None if value is None else round(value / unit, digits)
        for name, value in (
            ("in_audience", one.treated), ("held_out", one.held_out), ("gain", one.gain),
            ("gain_low", one.low), ("gain_high", one.high),
        )
    }  # fmt: skip
