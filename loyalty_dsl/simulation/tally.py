"""What the loop adds up: sums over members, by segment and month, and sums of squares.

Invariants: everything is a sum of integers over members, so tallies of shards add up to the same bits in any
order; and a sum of squares is kept in limbs of 31 bits, so it is exact for any number of members (a member's
figure may have 46 bits).

The squares and products are of what is independent: a member, together with all whom it led to. The kernel's
`flows` hold one member's figures until its life is over, `Lives.together` those of the friends who are done.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_widths import fix_widths
from loyalty_dsl.evaluation.plan import (
    BOUND_FIRST,
    EXPIRED,
    ISSUED,
    PENDED,
    REDEEMED,
    REDEEMED_AFTER,
    REDEEMED_OF,
    REVERSED,
)
from loyalty_dsl.language.types import JOIN, PURCHASE

Ints = NDArray[np.int64]

JOINERS, LEAVERS, BUYERS, PURCHASES, BASKETS, MONEY_OFF, FRIENDS, RETURNS, RETURNED = range(9)
"""Columns of `Tally.people`: `FRIENDS` are joiners whom a member brought, `RETURNED` the baskets of
returns."""

UNITS_ISSUED, UNITS_REDEEMED, UNITS_EXPIRED, UNITS_PENDED, UNITS_REVERSED = range(5)
"""Columns of `Tally.units`; pended is the change of what is pending."""

EVENTS, EVENT_BASKETS = range(2)
"""Last index of `Tally.events`."""

SQUARE_ISSUED, SQUARE_REDEEMED, SQUARE_EXPIRED, SQUARE_OUTSTANDING = range(4)
"""Second index of `Tally.squares`."""

ISSUED_SQUARED, REDEEMED_SQUARED, ISSUED_BY_REDEEMED = range(3)
"""Second index of `Tally.ultimate`."""

LIMB_BITS = 31
_LIMB = (1 << LIMB_BITS) - 1


class Tally(NamedTuple):
    """Sums over members; M months reported.

    Attributes:
        people: [S, M, 9]; units: [C, S, M, 5].
        events: [kinds, S, M, 2] of kinds other than joins and purchases.
        misses: [N, Y, 3] (see `near_misses`).
        touched: [E + R + V], bound: [L] members whom each rule, reward and level reached, and whom each limit
            held back, in the months reported (`kernel_reach`).
        squares: [C, 4, M, 3], ultimate: [C, 3, 3], phi: [C, M, 3]: the last axis is a number's limbs, in
            units of 1, 2^31 and 2^62.
    """

    people: Ints
    units: Ints
    squares: Ints
    ultimate: Ints
    phi: Ints
    events: Ints
    misses: Ints
    touched: Ints
    bound: Ints


fix_widths(Tally, people=9, units=5, squares=3, ultimate=3, phi=3, events=2, misses=3)


def new_tally(
    currencies: int,
    segments: int,
    months: int,
    kinds: int,
    misses: tuple[int, int],
    reach: tuple[int, int] = (0, 0),
) -> Tally:
    """An empty tally of so many kinds of event; for near misses, levels asked and days; and, for reach,
    rules, rewards and levels together, and limits."""
    return Tally(
        people=np.zeros((segments, months, 9), np.int64),
        units=np.zeros((currencies, segments, months, 5), np.int64),
        squares=np.zeros((currencies, 4, months, 3), np.int64),
        ultimate=np.zeros((currencies, 3, 3), np.int64),
        phi=np.zeros((currencies, months, 3), np.int64),
        events=np.zeros((kinds, segments, months, 2), np.int64),
        misses=np.zeros((*misses, 3), np.int64),
        touched=np.zeros(reach[0], np.int64),
        bound=np.zeros(reach[1], np.int64),
    )


@part
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


@part
def count_event(
    tally: Tally, segment: int, month: int, kind: int, basket: int, off: int, first_of_month: bool
) -> None:
    """Counts an event of a month that is reported.

    Args:
        kind: of the event, or `RETURN`, or `REDEEM`, which counts nothing.
        off: the money that rewards took off.
        first_of_month: whether it is the first purchase or other event of their own in the month.
    """
    people = tally.people[segment, month]
    people[BUYERS] += 1 if first_of_month else 0
    if kind == PURCHASE:
        people[PURCHASES] += 1
        people[BASKETS] += basket
        people[MONEY_OFF] += off
    elif kind == RETURN:
        people[RETURNS] += 1
        people[RETURNED] += basket
    elif kind >= 0 and kind != JOIN:
        tally.events[kind, segment, month, EVENTS] += 1
        tally.events[kind, segment, month, EVENT_BASKETS] += basket


@part
def add_units(tally: Tally, flows: Ints, slot: int, segment: int, joined_month: int) -> None:
    """Adds one member's units to the sums of its segment.

    Args:
        flows: [slots * C, T, 7] `Sink.flows`, of which the member's slot is read.
        joined_month: nothing happened before.
    """
    months = tally.people.shape[1]
    currencies = tally.units.shape[0]
    for currency in range(currencies):
        account = slot * currencies + currency
        units = tally.units[currency, segment]
        for month in range(joined_month, months):
            units[month, UNITS_ISSUED] += flows[account, month, ISSUED]
            units[month, UNITS_REDEEMED] += flows[account, month, REDEEMED]
            units[month, UNITS_EXPIRED] += flows[account, month, EXPIRED]
            units[month, UNITS_PENDED] += flows[account, month, PENDED]
            units[month, UNITS_REVERSED] += flows[account, month, REVERSED]


@part
def add_reach(tally: Tally, touched: Ints, bound: Ints, slot: int) -> None:
    """Adds what reached one member in the months reported.

    Args:
        touched, bound: of `State`, of which the member's slot is read.
    """
    months = tally.people.shape[1]
    limits = len(tally.bound)
    for thing in range(len(tally.touched)):
        if 0 < touched[slot, thing] <= months:
            tally.touched[thing] += 1
    for limit in range(limits):
        if 0 < bound[slot * limits + limit, BOUND_FIRST] <= months:
            tally.bound[limit] += 1


@part
def move_flows(flows: Ints, together: Ints, slot: int, first: int) -> None:
    """Adds a member's flows to those of all who are brought by one first member, and clears them.

    Args:
        together: [C, T, 7]; first: the month in which the member joined.
    """
    currencies = together.shape[0]
    for currency in range(currencies):
        account = slot * currencies + currency
        for month in range(first, flows.shape[1]):
            some = 0
            for column in range(flows.shape[2]):
                some |= flows[account, month, column]
            if some == 0:  # most months of most friends
                continue
            for column in range(flows.shape[2]):
                together[currency, month, column] += flows[account, month, column]
                flows[account, month, column] = 0


@part
def add_squares(tally: Tally, flows: Ints, joined_month: int, since: int) -> None:
    """Adds the squares of the figures of one member, and of all whom it led to, and clears them.

    Args:
        flows: [at least C, T, 7] of which the first C rows are read.
        joined_month: nothing happened before.
        since: the first month whose issues count in `ultimate`; what is opened with is of the one before.
    """
    months = tally.people.shape[1]
    for currency in range(tally.units.shape[0]):
        outstanding = 0
        redeemed_after = 0
        issued_in_all = 0
        redeemed_of_it = 0
        squares = tally.squares[currency]
        for month in range(joined_month, months):
            issued = flows[currency, month, ISSUED]
            redeemed = flows[currency, month, REDEEMED]
            expired = flows[currency, month, EXPIRED]
            if issued != 0:
                add_product(squares[SQUARE_ISSUED, month], issued, issued)
            if redeemed != 0:
                add_product(squares[SQUARE_REDEEMED, month], redeemed, redeemed)
            if expired != 0:
                add_product(squares[SQUARE_EXPIRED, month], expired, expired)
            outstanding += issued - redeemed - expired - flows[currency, month, REVERSED]
            if outstanding != 0:
                add_product(squares[SQUARE_OUTSTANDING, month], abs(outstanding), abs(outstanding))
            redeemed_after += flows[currency, month, REDEEMED_AFTER]
            if redeemed_after != 0:
                add_product(tally.phi[currency, month], redeemed_after, redeemed_after)
            if month >= since:
                issued_in_all += issued
                redeemed_of_it += flows[currency, month, REDEEMED_OF]
        add_product(tally.ultimate[currency, ISSUED_SQUARED], issued_in_all, issued_in_all)
        add_product(tally.ultimate[currency, REDEEMED_SQUARED], redeemed_of_it, redeemed_of_it)
        add_product(tally.ultimate[currency, ISSUED_BY_REDEEMED], issued_in_all, redeemed_of_it)
        for month in range(joined_month, flows.shape[1]):
            for column in range(flows.shape[2]):
                flows[currency, month, column] = 0
