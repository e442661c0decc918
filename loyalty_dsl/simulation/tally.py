"""What the loop adds up: sums over members, by segment and month, and sums of squares.

Invariants: everything is a sum of integers over members, so tallies of shards add up to the same bits in any
order; and a sum of squares is kept in limbs of 31 bits, so it is exact for any number of members (a member's
figure may have 46 bits).

The squares and products are of whole members: the kernel's `flows` hold one member's figures until
`close_member` has added them up and cleared them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import inlined
from loyalty_dsl.evaluation.plan import (
    EXPIRED,
    ISSUED,
    PENDED,
    REDEEMED,
    REDEEMED_AFTER,
    REDEEMED_OF,
)

Ints = NDArray[np.int64]

JOINERS, LEAVERS, BUYERS, PURCHASES, BASKETS, MONEY_OFF = range(6)
"""Columns of `Tally.people`."""

UNITS_ISSUED, UNITS_REDEEMED, UNITS_EXPIRED, UNITS_PENDED = range(4)
"""Columns of `Tally.units`; pended is the change of what is pending."""

SQUARE_ISSUED, SQUARE_REDEEMED, SQUARE_EXPIRED, SQUARE_OUTSTANDING = range(4)
"""Second index of `Tally.squares`."""

ISSUED_SQUARED, REDEEMED_SQUARED, ISSUED_BY_REDEEMED = range(3)
"""Second index of `Tally.ultimate`."""

LIMB_BITS = 31
_LIMB = (1 << LIMB_BITS) - 1


class Tally(NamedTuple):
    """Sums over members; M months reported.

    Attributes:
        people: [S, M, 6]; units: [C, S, M, 4].
        squares: [C, 4, M, 3], ultimate: [C, 3, 3], phi: [C, M, 3]: the last axis is a number's limbs, in
            units of 1, 2^31 and 2^62.
    """

    people: Ints
    units: Ints
    squares: Ints
    ultimate: Ints
    phi: Ints


def new_tally(currencies: int, segments: int, months: int) -> Tally:
    """An empty tally."""
    return Tally(
        people=np.zeros((segments, months, 6), np.int64),
        units=np.zeros((currencies, segments, months, 4), np.int64),
        squares=np.zeros((currencies, 4, months, 3), np.int64),
        ultimate=np.zeros((currencies, 3, 3), np.int64),
        phi=np.zeros((currencies, months, 3), np.int64),
    )


@inlined
def add_product(limbs: Ints, x: int, y: int) -> None:
    """Adds x * y, both from 0 to 2^46, to a number in limbs."""
    low = (x & _LIMB) * (y & _LIMB)
    limbs[0] += low & _LIMB
    limbs[1] += low >> LIMB_BITS
    if x > _LIMB or y > _LIMB:
        x_high, y_high = x >> LIMB_BITS, y >> LIMB_BITS
        for cross in (x_high * (y & _LIMB), y_high * (x & _LIMB)):
            limbs[1] += cross & _LIMB
            limbs[2] += cross >> LIMB_BITS
        limbs[2] += x_high * y_high


def join_limbs(limbs: Ints) -> int:
    """The number that limbs stand for."""
    return sum(int(limb) << (LIMB_BITS * place) for place, limb in enumerate(limbs))


@inlined
def close_member(tally: Tally, flows: Ints, slot: int, segment: int, joined_month: int) -> None:
    """Adds one member's figures to the sums, and clears them.

    Args:
        flows: [slots * C, T, 6] `Sink.flows`, of which the member's slot is read.
        joined_month: nothing happened before.
    """
    months = tally.people.shape[1]
    currencies = tally.units.shape[0]
    for currency in range(currencies):
        account = slot * currencies + currency
        outstanding = 0
        redeemed_after = 0
        issued_in_all = 0
        redeemed_of_it = 0
        units = tally.units[currency, segment]
        squares = tally.squares[currency]
        for month in range(joined_month, months):
            issued = flows[account, month, ISSUED]
            redeemed = flows[account, month, REDEEMED]
            expired = flows[account, month, EXPIRED]
            if issued != 0:
                units[month, UNITS_ISSUED] += issued
                add_product(squares[SQUARE_ISSUED, month], issued, issued)
            if redeemed != 0:
                units[month, UNITS_REDEEMED] += redeemed
                add_product(squares[SQUARE_REDEEMED, month], redeemed, redeemed)
            if expired != 0:
                units[month, UNITS_EXPIRED] += expired
                add_product(squares[SQUARE_EXPIRED, month], expired, expired)
            units[month, UNITS_PENDED] += flows[account, month, PENDED]
            outstanding += issued - redeemed - expired
            add_product(squares[SQUARE_OUTSTANDING, month], outstanding, outstanding)
            redeemed_after += flows[account, month, REDEEMED_AFTER]
            add_product(tally.phi[currency, month], redeemed_after, redeemed_after)
            issued_in_all += issued
            redeemed_of_it += flows[account, month, REDEEMED_OF]
        add_product(tally.ultimate[currency, ISSUED_SQUARED], issued_in_all, issued_in_all)
        add_product(tally.ultimate[currency, REDEEMED_SQUARED], redeemed_of_it, redeemed_of_it)
        add_product(tally.ultimate[currency, ISSUED_BY_REDEEMED], issued_in_all, redeemed_of_it)
        for month in range(joined_month, flows.shape[1]):
            for column in range(flows.shape[2]):
                flows[account, month, column] = 0
