"""The midnights between a member's events, and whether anything is left to wait for.

Invariant: luck at a midnight is that of the day, so it is the same whenever the midnight is done.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel import advance
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_wallets import holds_lots_before
from loyalty_dsl.evaluation.plan import DONE, NO_ROOM, Plan, Sink, State
from loyalty_dsl.simulation.behaviour import Behaviour
from loyalty_dsl.simulation.choosing import decline_benefits
from loyalty_dsl.simulation.diary import Diary
from loyalty_dsl.simulation.lives import LIFE_SEGMENT, Lives


@part
def has_open_lots(plan: Plan, state: State, months: int) -> bool:
    """Whether lots of the member in slot 0 that were issued in the months reported are left."""
    for account in range(len(plan.currencies)):
        if holds_lots_before(state.wallets, state.lots, account, months):
            return True
    return False


@part
def pass_days(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    sink: Sink,
    diary: Diary,
    lives: Lives,
    slot: int,
    day: int,
) -> int:
    """Does the midnights of a member through `day`; before one at which a clock strikes, draws which of its
    benefits are taken up."""
    code = DONE
    while True:
        until = day
        if behaviour.strikes != 0:
            struck = NEVER
            for clock in range(len(plan.of_state.clocks)):
                struck = min(struck, state.of_member.clocks[slot, clock])
            if struck <= day:
                until = struck
                decline_benefits(
                    behaviour, state.declined, len(plan.rewards), slot, lives.facts[slot, LIFE_SEGMENT],
                    lives.keys[slot], behaviour.first_clock, struck - plan.first_day,
                )  # fmt: skip
        code = advance(plan, state, sink, slot, until)
        if code == NO_ROOM or until == day:
            break
    return code
