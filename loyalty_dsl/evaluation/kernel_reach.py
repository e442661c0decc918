"""Whom rules, rewards and limits reach: when each first touched a member, and when limits held it back.

Invariant: nothing here is read by the ledger, and nothing is noted in a state that is not watched (replay),
where `State.touched` and `State.bound` have no rows.

A limit binds at an event if it decides what is posted (LIMIT-4): by itself it lets no more through than all
that limit the rule or the group, which is less than was asked; or if it has no room for a use of a reward
that nothing else is in the way of. One event counts once.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_code import fitting, holds, room_for_use
from loyalty_dsl.evaluation.kernel_obstacles import case_of, money_off, off_items
from loyalty_dsl.evaluation.plan import (
    BOUND_AT,
    BOUND_FIRST,
    CASE_FACE,
    FREE_FACE,
    LIMIT_INDEX,
    MONTH,
    PERCENT_FACE,
    REWARD_LIMITS,
    REWARD_LIMITS_END,
    SERIAL,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import LADDER_LEVELS, STATUS


@copied
def is_watched(state: State) -> bool:
    """Whether anybody wants to know."""
    return len(state.touched) > 0


@part
def forget_reach(plan: Plan, state: State, slot: int) -> None:
    """Makes a slot that of a member whom nothing has reached."""
    if not is_watched(state):
        return
    for thing in range(state.touched.shape[1]):
        state.touched[slot, thing] = 0
    for at in range(slot * len(plan.limits), (slot + 1) * len(plan.limits)):
        state.bound[at, BOUND_FIRST] = 0
        state.bound[at, BOUND_AT] = 0


@copied
def note_touch(state: State, slot: int, month: int, thing: int) -> None:
    """Notes that a rule posted or a reward was used.

    Args:
        thing: the rule's index, or the number of rules and the reward's.
    """
    if is_watched(state) and state.touched[slot, thing] == 0:
        state.touched[slot, thing] = month + 1


@part
def note_level(plan: Plan, state: State, slot: int, row: int, ladder: int) -> None:
    """Notes the status that a member now has on a ladder.

    Args:
        row: of the day; one before the first day counts as that.
    """
    if not is_watched(state):
        return
    status = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, STATUS]
    others = len(plan.rules) + len(plan.rewards)
    thing = others + plan.of_state.ladders[ladder, LADDER_LEVELS] + status
    if state.touched[slot, thing] == 0:
        state.touched[slot, thing] = plan.days[max(row, 0), MONTH] + 1


@apart
def note_audiences(plan: Plan, state: State, slot: int, row: int) -> None:
    """Notes which audiences mean a member, held out or not, at the event or clock in the registers."""
    if not is_watched(state):
        return
    first = len(plan.rules) + len(plan.rewards) + len(plan.of_state.levels)
    for audience in range(len(plan.of_state.audiences)):
        thing = first + audience
        if state.touched[slot, thing] == 0 and holds(
            plan.code, state.registers, plan.of_state.audiences[audience]
        ):
            state.touched[slot, thing] = plan.days[max(row, 0), MONTH] + 1


@apart
def note_cut(
    plan: Plan, state: State, sink: Sink, slot: int, row: int, first: int, end: int, wanted: int, left: int
) -> None:
    """Notes which of limits `first` to `end` left less of a posting than was asked, before it is counted."""
    for limit in range(first, end):
        if left < wanted and fitting(plan, state, slot, row, limit, limit + 1, wanted) == left:
            _note_bound(plan, state, sink, slot, row, limit)


@apart
def note_stop(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    row: int,
    reward: int,
    at_purchase: bool,
    prices: Ints,
    item_fields: Ints,
) -> None:
    """Notes which limits have no room for one more use of a reward, when `LIMIT_REACHED` is in its way."""
    if not is_watched(state):
        return
    case = case_of(plan, state, reward, at_purchase)
    off = money_off(plan, state, case, at_purchase)
    face = plan.cases[case, CASE_FACE]
    if at_purchase and face in (PERCENT_FACE, FREE_FACE):
        off = off_items(plan, state, reward, case, prices, item_fields, False)
    for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
        if not room_for_use(plan, state, slot, row, limit, limit + 1, off):
            _note_bound(plan, state, sink, slot, row, limit)


@part
def _note_bound(plan: Plan, state: State, sink: Sink, slot: int, row: int, limit: int) -> None:
    index = plan.limits[limit, LIMIT_INDEX]
    month = plan.days[row, MONTH]
    at = slot * len(plan.limits) + index
    event = state.members[slot, SERIAL] + 1
    if state.bound[at, BOUND_AT] == event:
        return
    state.bound[at, BOUND_AT] = event
    if state.bound[at, BOUND_FIRST] == 0:
        state.bound[at, BOUND_FIRST] = month + 1
    sink.limits[index, month] += 1
