"""What is settled with partners, month by month (SETTLE), worked out from postings and not by an evaluator.

Invariant: every line is an exact price times whole units, rounded once, half up and away from 0, to the minor
unit; a total is the sum of its lines, as what is paid is the sum of the bills.

Worked case: 1,000,000 points at 0.60 pence are a bill of 6,000.00 pounds; 600,000 redeemed at 0.49 pence are
2,940.00 pounds to pay.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import month_index, month_start
from loyalty_dsl.evaluation.ledger import CanonicalPosting, PostingKind
from loyalty_dsl.language.partners import BillingRate, Partner, rate_in_month
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import Rounding, rounded

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.replay import Replay


@attrs.frozen
class Bill:
    """One partner, month and currency.

    Attributes:
        month: as of `calendar.month_index`.
        issued: units that its rules posted, less those taken back in the month by returns.
        redeemed: units spent on its rewards.
        invoiced: what it pays for the one, repaid: what it receives for the other, in minor units; below 0
            where more came back than was issued.
    """

    partner: Partner
    month: int
    currency: int
    issued: int
    redeemed: int
    invoiced: int
    repaid: int

    @property
    def net(self) -> int:
        """What the partner owes, in minor units; below 0 where it is owed."""
        return self.invoiced - self.repaid


Units = tuple[int, int]
"""Issued less taken back, and redeemed."""


def bill(partner: Partner, month: int, currency: int, units: Units) -> Bill:
    """What is settled with a partner for one month and currency (SETTLE-3)."""
    issued, redeemed = units
    first_day = month_start(month)
    return Bill(
        partner=partner,
        month=month,
        currency=currency,
        issued=issued,
        redeemed=redeemed,
        invoiced=_amount(rate_in_month(partner.pays, currency, first_day), issued),
        repaid=_amount(rate_in_month(partner.receives, currency, first_day), redeemed),
    )


def _amount(rate: BillingRate | None, units: int) -> int:
    exact = Fraction(0) if rate is None else rate.price * units
    return rounded(exact, Rounding.HALF_UP) if exact >= 0 else -rounded(-exact, Rounding.HALF_UP)


def bills_of(program: Program, postings: Iterable[CanonicalPosting]) -> tuple[Bill, ...]:
    """What is settled for postings of any members (SETTLE-1, SETTLE-2), by partner, then month and currency;
    no line for a month in which nothing happened."""
    issuers = {program.earns[rule].name: each for each in program.partners for rule in each.issues}
    takers = {program.rewards[reward].name: each for each in program.partners for reward in each.redeems}
    sums: dict[tuple[int, int, int], Units] = {}
    for _, day, kind, name, currency, _, _, units in postings:
        match kind:
            case PostingKind.EARNED.value:
                partner, change = issuers.get(name), (units, 0)
            case PostingKind.REVERSED.value:
                partner, change = issuers.get(name), (-units, 0)
            case PostingKind.REDEEMED.value:
                partner, change = takers.get(name), (0, units)
            case _:
                continue
        if partner is not None:
            key = (partner.index, month_index(day), currency)
            issued, redeemed = sums.get(key, (0, 0))
            sums[key] = issued + change[0], redeemed + change[1]
    return bills(program, sums)


def bills(program: Program, units: Mapping[tuple[int, int, int], Units]) -> tuple[Bill, ...]:
    """The bills of units by partner, month and currency."""
    return tuple(
        bill(program.partners[partner], month, currency, units[partner, month, currency])
        for partner, month, currency in sorted(units)
    )


def bills_of_replay(replay: "Replay") -> tuple[Bill, ...]:
    """The bills of a replay that kept its postings; none of a program without partners."""
    if not replay.program.partners:
        return ()
    assert replay.postings is not None, "asked for with the replay"
    return bills_of(replay.program, chain.from_iterable(replay.postings))
