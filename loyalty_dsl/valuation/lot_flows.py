"""What became of each day's issue, lot by lot, from the postings of a ledger.

Invariant: of what was issued on a day, redeemed, lost and held add up to it, for each accounting class. A
posting names the lot that it took from by its expiry, so lots of one expiry go oldest first; where an expiry
was moved since, all lots do.

What a member owes after a return is a debt, which the next units that it earns pay first.

What one member sends another leaves the sender's lots as lost, and is issued anew to the recipient on that
day (SEND-3: nothing of the sender's lots goes with it).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.accounting import AccountingClass, classes_of, paid_by_partners
from loyalty_dsl.valuation.ledger_files import LedgerTables

if TYPE_CHECKING:
    import polars as pl

Key = tuple[int, int, AccountingClass]
"""Day of issue, day of the flow, class."""


@attrs.frozen(eq=False)
class LotFlows:
    """Flows of one currency, in smallest units.

    Attributes:
        issued: by day and class.
        redeemed, lost: by day of issue, day and class; lost is expired, taken back or sent.
        debt: by day, what members came to owe, less what they paid.
        sales: by day and class, what was paid for purchases that earned, in minor units, after rewards and
            less what was returned; of points sold to partners, what these paid, exactly.
        sent, received: by day, of what was lost and issued, what members sent each other.
    """

    issued: Mapping[tuple[int, AccountingClass], int]
    redeemed: Mapping[Key, int]
    lost: Mapping[Key, int]
    debt: Mapping[int, int]
    sales: Mapping[tuple[int, AccountingClass], int | Fraction]
    sent: Mapping[int, int] = attrs.field(factory=dict)
    received: Mapping[int, int] = attrs.field(factory=dict)

    @property
    def first_day(self) -> int:
        return min(day for day, _ in self.issued)


class HoldsUnits(Protocol):
    """A lot of which a ledger takes."""

    expiry: date | None
    units: int


Lot = TypeVar("Lot", bound=HoldsUnits)


@attrs.frozen
class Posting:
    """A row of a ledger's postings, as of `ordered_postings`."""

    member: str
    day: date
    kind: str
    event: str
    name: str
    expiry: date | None
    units: int
    owed: bool

    @property
    def key(self) -> tuple[date, str, str]:
        """What postings of one use of a reward have in common."""
        return self.day, self.event, self.name


@attrs.define
class _Lot:
    source: Posting
    expiry: date | None
    accounting: AccountingClass
    units: int


@attrs.frozen
class Move:
    """What a posting did to one lot.

    Attributes:
        kind: issued, redeemed, lost (expired, taken back or sent), or owed: what members came to owe.
        source: the posting of the lot.
    """

    kind: Literal["issued", "redeemed", "lost", "owed"]
    posting: Posting
    source: Posting
    accounting: AccountingClass
    units: int

    @property
    def born(self) -> int:
        """The day of issue of the lot."""
        return day_of(self.source.day)

    @property
    def day(self) -> int:
        return day_of(self.posting.day)


GAINS = ("earned", "opening", "received")
"""Postings that make a lot."""

PHASES = {"expired": 0, **dict.fromkeys(GAINS, 1), "redeemed": 2, "sent": 2, "reversed": 3}
"""Within a day: midnight comes before the events, and a lot is there before it is taken from."""


def flows_of_currency(
    program: Program, tables: LedgerTables, currency: Currency, *, bought: bool = True
) -> LotFlows | None:
    """Follows every lot of a currency; `None` where nothing was ever issued.

    Args:
        bought: whether lots count that another currency was paid for, as certificates.
    """
    import polars as pl

    postings = tables.postings.filter(pl.col("currency") == currency.name)
    if postings.is_empty():
        return None
    issued: dict[tuple[int, AccountingClass], int] = defaultdict(int)
    redeemed: dict[Key, int] = defaultdict(int)
    lost: dict[Key, int] = defaultdict(int)
    owing: dict[int, int] = defaultdict(int)
    paid_for = {reward.name for reward in program.rewards if not reward.benefit}
    rows = (Posting(*row) for row in ordered_postings(tables, currency).iter_rows())
    for _, mine in groupby(rows, key=lambda one: one.member):
        for move in follow_lots(program, mine):
            if not bought and move.source.name in paid_for:
                continue
            match move.kind:
                case "issued":
                    issued[move.day, move.accounting] += move.units
                case "redeemed":
                    redeemed[move.born, move.day, move.accounting] += move.units
                case "lost":
                    lost[move.born, move.day, move.accounting] += move.units
                case "owed":
                    owing[move.day] += move.units
    if not issued:
        return None
    sent, received = (_by_day(postings, kind) for kind in ("sent", "received"))
    return LotFlows(issued, redeemed, lost, owing, _sales(postings, tables, program), sent, received)


def _by_day(postings: "pl.DataFrame", kind: str) -> dict[int, int]:
    import polars as pl

    its = postings.filter(pl.col("kind") == kind).group_by("day").agg(pl.col("units").sum()).sort("day")
    return {day_of(day): units for day, units in its.iter_rows()}


def follow_lots(program: Program, postings: Iterable[Posting]) -> Iterator[Move]:
    """What the postings of one member and currency, in order, do to each lot."""
    classes = classes_of(program)
    lots, debt = list[_Lot](), 0
    for one in postings:
        if one.kind in GAINS:
            accounting = classes.get(one.name, AccountingClass.SALE)
            yield Move("issued", one, one, accounting, one.units)
            paid = min(debt, one.units)
            if paid:
                yield Move("lost", one, one, accounting, paid)
                yield Move("owed", one, one, accounting, -paid)
                debt -= paid
            lots.append(_Lot(one, one.expiry, accounting, one.units - paid))
        elif one.owed:
            debt += one.units
            yield Move("owed", one, one, AccountingClass.SALE, one.units)
        else:
            kind: Literal["redeemed", "lost"] = "redeemed" if one.kind == "redeemed" else "lost"
            taken = take_from(lots, one.expiry, one.units)
            assert sum(part for _, part in taken) == one.units, "a ledger never takes more than it holds"
            for lot, part in taken:
                yield Move(kind, one, lot.source, lot.accounting, part)
            lots = [lot for lot in lots if lot.units]


def ordered_postings(tables: LedgerTables, currency: Currency) -> "pl.DataFrame":
    """A currency's postings by member in the order in which they took effect: member, day, kind, event, name,
    expiry, units, owed."""
    import polars as pl

    postings = tables.postings.filter(pl.col("currency") == currency.name)
    ordered = postings.with_columns(pl.col("kind").replace_strict(PHASES).alias("phase")).sort(
        "member", "day", "phase", maintain_order=True
    )
    return ordered.select("member", "day", "kind", "event", "name", "expiry", "units", "owed")


def take_from(lots: Sequence[Lot], expiry: date | None, units: int) -> list[tuple[Lot, int]]:
    """Takes units from lots: of this expiry first, then from the others, oldest first.

    Returns:
        Each lot that was taken from, with how much; less in all than `units` where the lots hold less.
    """
    taken = []
    for wanted in (True, False):
        for lot in lots:
            if units and lot.units and (lot.expiry == expiry) is wanted:
                part = min(units, lot.units)
                lot.units -= part
                units -= part
                taken.append((lot, part))
    return taken


def _sales(
    postings: "pl.DataFrame", tables: LedgerTables, program: Program
) -> dict[tuple[int, AccountingClass], int | Fraction]:
    """What was paid for the purchases that points were earned with, each once, in the first class in order
    that earned on it; less what was returned, on the day of the return. And what partners paid for theirs."""
    import polars as pl

    prices = paid_by_partners(program)
    classes = {name: its for name, its in classes_of(program).items() if name not in prices}

    order = {accounting.value: rank for rank, accounting in enumerate(AccountingClass)}
    of_rule = {name: accounting.value for name, accounting in classes.items() if accounting.defers}
    of_rules = postings.filter(pl.col("name").is_in(list(of_rule)) & (pl.col("event") != ""))
    classed = of_rules.with_columns(pl.col("name").replace_strict(of_rule, return_dtype=pl.String)).rename(
        {"name": "class"}
    )
    ranked = classed.with_columns(pl.col("class").replace_strict(order, return_dtype=pl.Int64).alias("rank"))
    sales: dict[tuple[int, AccountingClass], int | Fraction] = defaultdict(int)
    for kind, sign in (("earned", 1), ("reversed", -1)):
        firsts = (
            ranked.filter(pl.col("kind") == kind)
            .sort("rank", maintain_order=True)
            .unique(["member", "event"], keep="first", maintain_order=True)
        )
        wanted = pl.col("kind") == "return" if kind == "reversed" else pl.col("kind") != "return"
        baskets = tables.events.filter(wanted).select("member", "event", "basket")
        joined = firsts.join(baskets, on=["member", "event"], how="inner")
        by_day = joined.group_by("day", "class").agg(pl.col("basket").sum()).sort("day", "class")
        for day, accounting, basket in by_day.iter_rows():
            sales[day_of(day), AccountingClass(accounting)] += sign * basket
    for day, off in _taken_off(postings, tables).items():
        if (day, AccountingClass.SALE) in sales:
            sales[day, AccountingClass.SALE] -= off
    for name, price in prices.items():
        for kind, sign in (("earned", 1), ("reversed", -1)):
            its = postings.filter((pl.col("name") == name) & (pl.col("kind") == kind))
            for day, units in its.group_by("day").agg(pl.col("units").sum()).sort("day").iter_rows():
                sales[day_of(day), AccountingClass.SOLD_TO_PARTNER] += sign * units * price
    return dict(sales)


def _taken_off(postings: "pl.DataFrame", tables: LedgerTables) -> dict[int, int]:
    """By day, the money that rewards took off baskets: of each reward, in proportion to the units paid."""
    import polars as pl

    redeemed = postings.filter((pl.col("kind") == "redeemed") & (pl.col("event") != ""))
    units = redeemed.group_by("name", "day").agg(pl.col("units").sum()).sort("name", "day")
    totals = dict(redeemed.group_by("name").agg(pl.col("units").sum()).iter_rows())
    off = dict(tables.rewards.select("reward", "off").iter_rows())
    taken: dict[int, int] = defaultdict(int)
    for name, day, paid in units.iter_rows():
        taken[day_of(day)] += rounded(Fraction(off.get(name, 0) * paid, totals[name]), Rounding.HALF_UP)
    return dict(taken)
