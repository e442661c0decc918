"""The same estimate made segment by segment and added up, beside the one of all members together.

A pooled estimator says of everybody's points what older points of everybody did. Where the mix shifts, as
when a card brings members who redeem more, that lags behind: each segment may be steady while their mix is
not. How far the sum over segments lies from the pooled figure is what a shift of mix may be worth.

Invariant: the segments' points held add up to the currency's; each is estimated by the pooled figure's own
method, where its triangle allows that, else by its own hazards or, too young for those, at pooled rates.

Worked case: of members who redeem all and members who redeem nothing, ever more of the former: pooled rates
of old months are too low for new ones, and the sum over both is right.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.language.opening import FIELD, LEVEL, MEMBER
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.valuation.chain_ladder import FEWEST_FACTORS
from loyalty_dsl.valuation.estimates import Estimates, Tail
from loyalty_dsl.valuation.hazards import hazards_of
from loyalty_dsl.valuation.ledger_files import LedgerTables, read_states
from loyalty_dsl.valuation.ledger_rates import estimated
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle, triangle_at
from loyalty_dsl.valuation.lot_flows import flows_of_currency
from loyalty_dsl.valuation.methods import LABELS

if TYPE_CHECKING:
    import polars as pl

MOST_SEGMENTS = 12
"""A field of more values, such as a name, is no segment."""
NONE = "none"
"""Members of whom the ledger says nothing."""


@attrs.frozen
class SegmentEstimate:
    """One segment: members who hold or held points, units held, and those that will be redeemed.

    Attributes:
        own: whether its own points were estimated; else the pooled rates by age are taken.
    """

    name: str
    members: int
    held: int
    future: Fraction
    own: bool


@attrs.frozen
class SegmentMix:
    """One way to divide the members, by a ladder or a field of theirs.

    Attributes:
        by: its name. method: of the estimates, in words. pooled: of all members together.
    """

    by: str
    method: str
    segments: tuple[SegmentEstimate, ...]
    pooled: Fraction

    @property
    def future(self) -> Fraction:
        return sum((one.future for one in self.segments), Fraction(0))

    @property
    def off_pooled(self) -> Fraction | None:
        """How far the sum lies above the pooled figure, as a share of it."""
        return self.future / self.pooled - 1 if self.pooled else None


def groups_of(program: Program, folder: Path) -> dict[str, dict[str, str]]:
    """By ladder and member field: the level or the value of each member at the ledger's end. Empty where the
    ledger has no states, or all members are alike. Who holds no level is at the first of its ladder."""
    states = read_states(folder)
    if states is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    members = states.filter(states["what"] == MEMBER)["member"].to_list()
    for ladder in program.ladders:
        found[ladder.name] = dict.fromkeys(members, ladder.levels[0].name)
    for member, what, name, detail in states.select("member", "what", "name", "detail").iter_rows():
        if what in (FIELD, LEVEL):
            found.setdefault(name, dict.fromkeys(members, NONE))[member] = detail
    return {name: its for name, its in found.items() if 1 < len(set(its.values())) <= MOST_SEGMENTS}


def mixes_of(
    program: Program,
    tables: LedgerTables,
    currency: Currency,
    triangle: LedgerTriangle,
    found: Estimates,
    *,
    groups: Mapping[str, Mapping[str, str]],
    tail: Tail,
) -> tuple[SegmentMix, ...]:
    """A currency's estimate by every way to divide its members.

    Args:
        triangle, found: of all members.
        groups: as of `groups_of`, at the day of the triangle.
    """
    return tuple(
        _mix(program, tables, currency, triangle, found, by=by, of_member=of_member, tail=tail)
        for by, of_member in groups.items()
    )


def _mix(
    program: Program,
    tables: LedgerTables,
    currency: Currency,
    triangle: LedgerTriangle,
    found: Estimates,
    *,
    by: str,
    of_member: Mapping[str, str],
    tail: Tail,
) -> SegmentMix:
    method = found.headline.id
    pooled = _future(triangle, found, method)
    assert pooled is not None, "the quoted method is one of them"
    rates = [
        Fraction(units) / held if held else Fraction(0)
        for units, held in zip(pooled, triangle.held, strict=True)
    ]
    segments = []
    members = tables.postings.filter(_is(currency))["member"].unique().to_list()
    values = {member: of_member.get(member, NONE) for member in members}
    for name in sorted(set(values.values())):
        mine = [member for member, value in values.items() if value == name]
        flows = flows_of_currency(program, _only(tables, mine), currency)
        if flows is None or flows.first_day > triangle.periods.at:
            continue
        own = triangle_at(flows, triangle.periods)
        its = estimated(own, tail, errors=False)
        future = None if its is None else _future(own, its, method)
        future = _by_hazards(own) if future is None else future
        if future is None:
            by_age = [held * rate for held, rate in zip(own.held, rates, strict=True)]
            whole = sum(by_age, Fraction(0))
        else:
            whole = sum(future, Fraction(0))
        segments.append(SegmentEstimate(name, len(mine), sum(own.held), whole, future is not None))
    return SegmentMix(by, LABELS[method], tuple(segments), sum(pooled, Fraction(0)))


def _future(triangle: LedgerTriangle, found: Estimates, method: str) -> tuple[Fraction, ...] | None:
    """By period of issue, what one method expects, at most what is held; `None` where it cannot be used."""
    one = next((each for each in found.methods if each.id == method), None)
    if one is None:
        return None
    return tuple(
        min(Fraction(held), max(Fraction(0), Fraction(units)))
        for held, units in zip(triangle.held, one.future, strict=True)
    )


def _by_hazards(triangle: LedgerTriangle) -> tuple[Fraction, ...] | None:
    """By period of issue, what a segment's own hazards expect, also where it never redeemed anything; `None`
    where it is too young for that to say anything."""
    months = next(count for count, units in enumerate(triangle.issued) if units)
    if len(triangle.issued) - months <= FEWEST_FACTORS:
        return None
    hazards = hazards_of(triangle.development, [float(units) for units in triangle.issued])
    if hazards is None:
        return None
    last = len(triangle.issued) - 1
    return tuple(
        held * Fraction(min(1.0, hazards.rate_after(last - row))) for row, held in enumerate(triangle.held)
    )


def _only(tables: LedgerTables, members: list[str]) -> LedgerTables:
    import polars as pl

    its = pl.col("member").is_in(members)
    return attrs.evolve(tables, postings=tables.postings.filter(its), events=tables.events.filter(its))


def _is(currency: Currency) -> "pl.Expr":
    import polars as pl

    return pl.col("currency") == currency.name
