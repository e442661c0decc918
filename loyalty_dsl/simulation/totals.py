"""From the sums of a simulation to what a forecast reads.

Invariant: nothing is estimated here; every figure is a sum over members, or exact arithmetic on such sums.
"""

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.costs import cost_of, cost_scale
from loyalty_dsl.evaluation.plan import (
    BY_EXPIRY,
    BY_REDEMPTION,
    BY_REVERSAL,
    REWARD_GIVEN,
    REWARD_MONEY_OFF,
    REWARD_SPENT,
    REWARD_USES,
    RULE_POSTED,
    RULE_REVERSED,
    RULE_TIMES,
    Sink,
)
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation.behaviour import Ints
from loyalty_dsl.simulation.near_misses import near_misses_of
from loyalty_dsl.simulation.opening_totals import without_opening_month
from loyalty_dsl.simulation.planning import Simulation
from loyalty_dsl.simulation.tally import (
    BASKETS,
    BUYERS,
    EVENT_BASKETS,
    EVENTS,
    FRIENDS,
    ISSUED_BY_REDEEMED,
    ISSUED_SQUARED,
    JOINERS,
    LEAVERS,
    MONEY_OFF,
    PURCHASES,
    REDEEMED_SQUARED,
    RETURNED,
    RETURNS,
    UNITS_EXPIRED,
    UNITS_ISSUED,
    UNITS_PENDED,
    UNITS_REDEEMED,
    UNITS_REVERSED,
    Tally,
    join_limbs,
)
from loyalty_dsl.simulation.targeted import Sides
from loyalty_dsl.simulation.trajectories import Trajectories


def _reward_costs(program: Program, used: Ints) -> NDArray[np.object_]:
    """The exact cost of what was used, in Python integers: minor units times the common denominator.

    Args:
        used: [R, M, 4] uses, money off and units given and spent, of `Sink.rewards`.
    """
    scale = cost_scale(program.rewards)
    costs = np.zeros(used.shape[:2], object)
    for reward in program.rewards:
        for month, (uses, off, given, _) in enumerate(used[reward.index].tolist()):
            costs[reward.index, month] = int((cost_of(reward, uses, off, given) or 0) * scale)
    return costs


def total_up(
    program: Program, simulation: Simulation, tally: Tally, sink: Sink, sides: Sides | None = None
) -> Trajectories:
    """Puts the sums of all members into words.

    Args:
        program: that was simulated.
        tally, sink: of all shards together; sides: of audiences, where that was asked.
    """
    verify_sums_fit(
        program,
        sink.rules[..., RULE_TIMES].sum(axis=1).tolist(),
        sink.rewards[..., REWARD_USES].sum(axis=1).tolist(),
    )
    months = simulation.schedule.months
    first = int(simulation.month_starts[0])
    people, units = tally.people, tally.units
    issued, redeemed, expired, taken_back = (
        units[..., column].copy() for column in (UNITS_ISSUED, UNITS_REDEEMED, UNITS_EXPIRED, UNITS_REVERSED)
    )
    kinds = tally.events.copy()
    for kind, count, money in ((PURCHASE, PURCHASES, BASKETS), (JOIN, JOINERS, None)):
        kinds[kind, ..., EVENTS] = people[..., count]
        if money is not None:
            kinds[kind, ..., EVENT_BASKETS] = people[..., money]
        levels, level_moves = _levels(program, sink, months)
    currencies = range(len(program.currencies))
    rules, rewards = len(program.earns), len(program.rewards)
    whole = Trajectories(
        program=program,
        population=simulation.population,
        seed=simulation.schedule.seed,
        sample=simulation.members,
        weight=simulation.weight,
        months=months,
        month_starts=simulation.month_starts,
        joined=people[..., JOINERS].copy(),
        left=people[..., LEAVERS].copy(),
        active=people[..., BUYERS].copy(),
        purchases=people[..., PURCHASES].copy(),
        basket=people[..., BASKETS].copy(),
        off=people[..., MONEY_OFF].copy(),
        returns=people[..., RETURNS].copy(),
        returned_basket=people[..., RETURNED].copy(),
        friends_joined=people[..., FRIENDS].copy(),
        events=kinds[..., EVENTS].copy(),
        events_basket=kinds[..., EVENT_BASKETS].copy(),
        issued=issued,
        redeemed=redeemed,
        expired=expired,
        reversed=taken_back,
        pending=np.cumsum(units[..., UNITS_PENDED], axis=2),
        outstanding=np.cumsum(issued - redeemed - expired - taken_back, axis=2),
        rule_units=sink.rules[:, :months, RULE_POSTED].copy(),
        rule_times=sink.rules[:, :months, RULE_TIMES].copy(),
        rule_reversed=sink.rules[:, :months, RULE_REVERSED].copy(),
        reward_uses=sink.rewards[:, :months, REWARD_USES].copy(),
        reward_off=sink.rewards[:, :months, REWARD_MONEY_OFF].copy(),
        reward_given=sink.rewards[:, :months, REWARD_GIVEN].copy(),
        reward_spent=sink.rewards[:, :months, REWARD_SPENT].copy(),
        reward_cost=_reward_costs(program, sink.rewards[:, :months]),
        cost_scale=cost_scale(program.rewards),
        redeemed_by_age=sink.ages[BY_REDEMPTION, :, :months].copy(),
        expired_by_age=sink.ages[BY_EXPIRY, :, :months].copy(),
        reversed_by_age=_by_age(sink, BY_REVERSAL, months),
        levels=levels,
        level_moves=level_moves,
        near_misses=near_misses_of(
            program, first, int(simulation.month_starts[months - simulation.before]) - first, tally.misses
        ),
        rule_members=tally.touched[:rules].copy(),
        reward_members=tally.touched[rules : rules + rewards].copy(),
        level_members=_by_ladder(
            program, tally.touched[rules + rewards : len(tally.touched) - len(program.audiences)]
        ),
        limit_members=tally.bound.copy(),
        limit_times=_limit_times(program, sink, months),
        limit_cuts=sink.limits[:, :months].copy(),
        squares=tuple(
            tuple(
                tuple(join_limbs(tally.squares[currency, what, month]) for month in range(months))
                for what in range(4)
            )
            for currency in currencies
        ),
        ultimate=tuple(
            (
                join_limbs(tally.ultimate[currency, ISSUED_SQUARED]),
                join_limbs(tally.ultimate[currency, REDEEMED_SQUARED]),
                join_limbs(tally.ultimate[currency, ISSUED_BY_REDEEMED]),
            )
            for currency in currencies
        ),
        sides=sides or {},
        phi_squares=tuple(
            tuple(join_limbs(tally.phi[currency, month]) for month in range(months))
            for currency in currencies
        ),
    )
    return without_opening_month(whole, simulation) if simulation.before else whole


def _by_age(sink: Sink, what: int, months: int) -> Ints:
    """[C, M, T] of `Sink.ages`."""
    return sink.ages[what, :, :months].copy()


def _limit_times(program: Program, sink: Sink, months: int) -> Ints:
    """What counts against limits: each posting of their rule, or of any rule of their group, and each use of
    their reward (LIMIT-2)."""
    times = np.zeros((program.limit_count, months), np.int64)
    posted, used = sink.rules[:, :months, RULE_TIMES], sink.rewards[:, :months, REWARD_USES]
    for rule in program.earns:
        limits = rule.limits if rule.group is None else rule.limits + program.groups[rule.group].limits
        for limit in limits:
            times[limit.index] += posted[rule.index]
    for reward in program.rewards:
        for limit in reward.limits:
            times[limit.index] += used[reward.index]
    return times


def _by_ladder(program: Program, of_levels: Ints) -> tuple[Ints, ...]:
    """What is given for the levels of all ladders in one row, by ladder."""
    ends = np.cumsum([len(ladder.levels) for ladder in program.ladders], dtype=np.int64)
    return tuple(levels.copy() for levels in np.split(of_levels, ends)[: len(program.ladders)])


def _levels(program: Program, sink: Sink, months: int) -> tuple[tuple[Ints, ...], tuple[Ints, ...]]:
    """Who holds which level at the end of each month, and who went from one to another, by ladder."""
    held = np.cumsum(sink.of_state.levels[:months], axis=0)
    moved = sink.of_state.moves[:months]
    levels, moves = [], []
    first = 0
    for ladder in program.ladders:
        of = slice(first, first + len(ladder.levels))
        levels.append(np.ascontiguousarray(held[:, of].T))
        moves.append(np.ascontiguousarray(moved[:, of, of].transpose(1, 2, 0)))
        first += len(ladder.levels)
    return tuple(levels), tuple(moves)
