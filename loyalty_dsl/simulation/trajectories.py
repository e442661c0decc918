"""What a simulation hands to a forecast: integer aggregates, already summed over members.

Invariants: every array is a sum of integers over members, so neither the order of members nor the number
of shards or threads can change a bit; for every currency and month, issued = redeemed + expired +
reversed + (change in outstanding), and the triangles' diagonals sum to the months' totals of what was
redeemed and expired.

Axes: S segments, C currencies, R rewards, E earn rules, L limits, K kinds of event, M months reported,
T months simulated (T >= M: after the last reported month members go on until the lots issued in the M months
are used or gone, or `tail` months have passed; nobody joins then). Month m is the days `month_starts[m]` to
`month_starts[m + 1]`.
"""

from fractions import Fraction

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.near_misses import NearMiss
from loyalty_dsl.simulation.targeted import Sides

Ints = NDArray[np.int64]


@attrs.frozen(eq=False)
class Trajectories:
    """Totals of one simulated population under one program.

    Attributes:
        seed: the seed of every draw.
        sample: members simulated whom nobody brought; friends are beside them.
        weight: members of the business per simulated member; figures are scaled by it.
        month_starts: [T + 1] first day of each month, and the day after the last.
        months: M.
        joined, left: [S, M] members who joined (the first members count in month 0) or left.
        active: [S, M] members who bought, or did another event of their own, in the month.
        purchases, basket, off: [S, M] purchases, their baskets, and money that rewards took off them.
        returns, returned_basket: [S, M] returns in the month, and their baskets; `purchases` and `basket`
            count what was bought, whatever came back.
        friends_joined: [S, M] of those who joined, the ones whom another member brought, by their own
            segment.
        events, events_basket: [K, S, M] events of each kind (what friends did, too) and their baskets. The
            joins count the first members.
        issued, redeemed, expired, reversed: [C, S, M] units posted, and taken back, in the month.
        pending, outstanding: [C, S, M] units at the end of the month; pending is part of outstanding.
        rule_units, rule_times: [E, M] units that each earn rule posted, and times that it did; rule_reversed:
            [E, M] units of it that returns took back in the month.
        reward_uses, reward_off, reward_given: [R, M] uses, money off in minor units, and units that the uses
            gave of another currency; reward_spent: [R, M] units that they took of the reward's own.
        reward_cost: [R, M] what the uses cost, in minor units times `cost_scale`, as Python integers of any
            size; 0 where the reward declares no cost.
        cost_scale: the common denominator of the rewards' costs.
        redeemed_by_age, expired_by_age, reversed_by_age: [C, M, T] units issued in month i that were redeemed
            (or expired, or taken back) in month i + age; what is owed by a return is taken from no lot.
        levels: for each ladder, [levels, M] members who hold the level at the end of the month, those who
            have left among them; level_moves: [levels, levels, M] how many went from one to another.
        near_misses: who fell just short of what levels ask for.
        rule_members: [E], reward_members: [R] members whom each rule paid, and who used each reward, in the M
            months; level_members: for each ladder, [levels] members who held the level.
        limit_members: [L] members whom each limit held back: it cut or refused a posting, or only it was in
            the way of a use. limit_times: [L, M] postings and uses counted against it; limit_cuts: [L, M]
            events at which it held the member back.
        squares: [C, 4, M] sums over members of the square of (issued, redeemed, expired in the month, and
            outstanding at its end), as Python integers, for simulation noise. Here and below, a member and
            all whom it led to are one: they are not independent.
        ultimate: [C, 3] sums over members of I * I, R * R and I * R, where I is what the member was issued
            in the M months and R what was ever redeemed of it, as Python integers.
        phi_squares: [C, M] sums over members of the square of what is redeemed after month m of lots that
            were issued up to it, as Python integers: the noise of the liability.
        opening: [C, S] units held when the first month began, where members began with what they held in a
            ledger; `None` otherwise. With it issued + opening = redeemed + expired + reversed + outstanding.
        first_members: who are simulated as members of the ledger; gone_before: those who had left by then.
        opening_vintages: the days in which that was issued, each as its first and the one after its last.
        opening_units: [C, V] of each vintage, what was held; what members owe is in none.
        opening_fate: [3, C, V, T] of those, units redeemed, expired and taken back in each month.
        sides: what the members whom audiences mean did, by side, where somebody is held out.
    """

    program: Program
    population: Population
    seed: int
    sample: int
    weight: Fraction
    months: int
    month_starts: Ints
    joined: Ints
    left: Ints
    active: Ints
    purchases: Ints
    basket: Ints
    off: Ints
    returns: Ints
    returned_basket: Ints
    friends_joined: Ints
    events: Ints
    events_basket: Ints
    issued: Ints
    redeemed: Ints
    expired: Ints
    reversed: Ints
    pending: Ints
    outstanding: Ints
    rule_units: Ints
    rule_times: Ints
    rule_reversed: Ints
    reward_uses: Ints
    reward_off: Ints
    reward_given: Ints
    reward_spent: Ints
    reward_cost: NDArray[np.object_]
    cost_scale: int
    redeemed_by_age: Ints
    expired_by_age: Ints
    reversed_by_age: Ints
    levels: tuple[Ints, ...]
    level_moves: tuple[Ints, ...]
    near_misses: tuple[NearMiss, ...]
    rule_members: Ints
    reward_members: Ints
    level_members: tuple[Ints, ...]
    limit_members: Ints
    limit_times: Ints
    limit_cuts: Ints
    squares: tuple[tuple[tuple[int, ...], ...], ...]
    ultimate: tuple[tuple[int, int, int], ...]
    phi_squares: tuple[tuple[int, ...], ...]
    opening: Ints | None = None
    opening_vintages: tuple[tuple[int, int], ...] = ()
    opening_units: Ints | None = None
    opening_fate: Ints | None = None
    first_members: int | None = None
    gone_before: int = 0
    sides: Sides = attrs.field(factory=dict)
