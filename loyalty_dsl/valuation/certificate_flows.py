"""What became of points that were made into certificates: the promise is kept when the certificate is used.

A sale that gives points promises what the points buy. Where they buy a certificate, giving it keeps no
promise: it is one promise in another shape, until it is used or lapses. So for deferred revenue a point is
redeemed on the day on which its certificate is used, lost on the day on which that lapses or is taken back,
and held until then.

Invariants: of what was issued on a day, redeemed, lost and held add up to it, as in `lot_flows`; the points
of a certificate follow it in whole units, oldest first, by running totals rounded down, so that a certificate
that is gone has taken every one of its points with it. Points of rewards that give no certificate are
redeemed when they are taken.

Worked case: 100 points, 60 of them of January, become a $10 certificate of which $5 is used in May and $5
lapses in July: of January's points 50 are redeemed and 10 lost, of the others all 40 are lost.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.lot_flows import Key, LotFlows, Posting, follow_lots, ordered_postings

Event = tuple[date, str, str]
"""Day, event and reward: the points that it took and the certificates that it gave belong together."""


@attrs.define
class _Bought:
    """Certificates of one event, with the points that bought them, oldest first.

    Attributes:
        sources: day of issue, class and units of the points.
        points, face: units paid and units of the certificate that they gave.
        gone: units of the certificate that were used, lapsed or taken back; followed: points that went with
            them.
    """

    sources: list[tuple[int, AccountingClass, int]] = attrs.field(factory=list)
    points: int = 0
    face: int = 0
    gone: int = 0
    followed: int = 0

    def follow(self, units: int) -> list[tuple[int, AccountingClass, int]]:
        """The points that go with so many units of the certificate."""
        self.gone += units
        left = self.points * self.gone // self.face - self.followed
        self.followed += left
        taken = []
        while left:
            day, accounting, held = self.sources[0]
            part = min(left, held)
            taken.append((day, accounting, part))
            left -= part
            self.sources[0] = (day, accounting, held - part)
            if part == held:
                self.sources.pop(0)
        return taken


def certificates_of(program: Program, currency: Currency) -> frozenset[int]:
    """The currencies that units of a currency can be made into."""
    targets = (reward.currency_given for reward in program.rewards if reward.currency == currency.index)
    return frozenset(target for target in targets if target is not None)


def flows_through_certificates(
    program: Program, tables: LedgerTables, currency: Currency, plain: LotFlows
) -> LotFlows:
    """A currency's flows where what becomes a certificate is held until that is used or gone.

    Args:
        plain: its flows as they are in the ledger, where a certificate is a redemption.
    """
    giving = {
        reward.name
        for reward in program.rewards
        if reward.currency == currency.index and reward.currency_given is not None
    }
    names = {program.currencies[target].name for target in certificates_of(program, currency)}
    redeemed: dict[Key, int] = defaultdict(int)
    lost: dict[Key, int] = defaultdict(int)
    certificates = {
        name: {member: list(its) for member, its in _by_member(tables, each)}
        for name, each in ((each.name, each) for each in program.currencies)
        if name in names
    }
    for member, mine in _by_member(tables, currency):
        bought: dict[Event, _Bought] = defaultdict(_Bought)
        for move in follow_lots(program, mine):
            if move.kind == "redeemed" and move.posting.name in giving:
                one = bought[move.posting.key]
                one.sources.append((move.born, move.accounting, move.units))
                one.points += move.units
            elif move.kind in ("redeemed", "lost"):
                into = redeemed if move.kind == "redeemed" else lost
                into[move.born, move.day, move.accounting] += move.units
        for its in certificates.values():
            _follow_certificates(its.get(member, []), bought, program, redeemed, lost)
    return LotFlows(plain.issued, dict(redeemed), dict(lost), plain.debt, plain.sales)


def _by_member(tables: LedgerTables, currency: Currency) -> Iterable[tuple[str, list[Posting]]]:
    rows = (Posting(*row) for row in ordered_postings(tables, currency).iter_rows())
    for member, its in groupby(rows, key=lambda one: one.member):
        yield member, list(its)


def _follow_certificates(
    postings: list[Posting],
    bought: dict[Event, _Bought],
    program: Program,
    redeemed: dict[Key, int],
    lost: dict[Key, int],
) -> None:
    """Lets the points of a member's certificates go with them."""
    for one in postings:
        if one.kind == "earned" and one.key in bought:
            bought[one.key].face += one.units
    for move in follow_lots(program, postings):
        if move.kind == "issued" or move.source.key not in bought:
            continue
        into = redeemed if move.kind == "redeemed" else lost
        for born, accounting, units in bought[move.source.key].follow(move.units):
            into[born, day_of(move.posting.day), accounting] += units
