"""What members are told of points that expire soon, from the postings of either evaluator (NOTICE).

Invariant: a notice changes nothing that is held.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.ledger import CanonicalPosting, PostingKind
from loyalty_dsl.language.program import Program

_MADE = {PostingKind.EARNED.value, PostingKind.OPENING.value, PostingKind.RECEIVED.value}


@attrs.frozen
class Told:
    """A notice that a member is given at the midnight that begins a day.

    Attributes:
        units: what is then left, in smallest units, of the lots of a currency that are gone from `expiry` on.
    """

    day: int
    currency: int
    expiry: int
    units: int


def notices_of(program: Program, postings: Iterable[CanonicalPosting], last_day: int) -> tuple[Told, ...]:
    """The notices of one member through a day, in the order of their days.

    Args:
        postings: all of the member's.
    """
    ahead = {each.index: each.notice for each in program.currencies if each.notice is not None}
    left: dict[tuple[int, int], int] = {}
    for _, day, kind, _, currency, _, expiry, units in postings:
        if currency not in ahead or expiry in (0, NEVER) or day >= expiry - ahead[currency]:
            continue  # made or taken too late to bear on the notice
        key = currency, expiry
        left[key] = left.get(key, 0) + (units if kind in _MADE else -units)
    told = [
        Told(expiry - ahead[currency], currency, expiry, units)
        for (currency, expiry), units in left.items()
        if units > 0 and expiry - ahead[currency] <= last_day
    ]
    return tuple(sorted(told, key=lambda each: (each.day, each.currency, each.expiry)))
