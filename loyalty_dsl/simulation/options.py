"""Which options of menus members choose, right after the event at which they have choices (MENU-2).

Invariant: whether a member chooses at all is drawn once for the choices of a day, so who lets them lie does
so until what is not chosen is given by itself.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np

from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.kernel import in_the_way
from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.plan import (
    AVAILABLE,
    DONE,
    HEAD,
    LOT_EARNED,
    LOT_UNITS,
    REWARD_CURRENCY,
    TAIL,
    Plan,
    State,
)
from loyalty_dsl.simulation.behaviour import Behaviour
from loyalty_dsl.simulation.diary import Diary
from loyalty_dsl.simulation.exchanges import EXCHANGE_PURPOSE, EXCHANGE_REWARD, EXCHANGE_STEP, OPTION
from loyalty_dsl.simulation.lives import Lives, enter, number_event
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import uniform

_DRAWS = 64
"""Draws of a menu on one day: whether to choose, then which option with so many choices left."""


@apart
def choose_options(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    lives: Lives,
    diary: Diary,
    slot: int,
    key: np.uint64,
    segment: int,
    time: float,
) -> bool:
    """Lets a member who has choices, and makes them, choose next; one choice at a time.

    Returns:
        Whether there was room in the agenda.
    """
    rows = behaviour.exchanges
    for first in range(len(rows)):
        if rows[first, EXCHANGE_STEP] != OPTION:
            continue
        currency = plan.rewards[rows[first, EXCHANGE_REWARD], REWARD_CURRENCY]
        before = rows[max(first - 1, 0)]
        its = plan.rewards[before[EXCHANGE_REWARD], REWARD_CURRENCY]
        if first > 0 and before[EXCHANGE_STEP] == OPTION and its == currency:
            continue  # in the menu of the row before
        option = _choose(plan, behaviour, state, diary, slot, key, segment, time, first, currency)
        if option >= 0:
            number = number_event(lives.facts, slot)
            return enter(
                lives.times, lives.agenda, lives.facts, slot, time, REDEEM, option, number, 1, diary.fields
            )
    return True


@part
def _choose(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    diary: Diary,
    slot: int,
    key: np.uint64,
    segment: int,
    time: float,
    first: int,
    currency: int,
) -> int:
    """The option that a member chooses of the menu whose options begin at a row; -1 for none.

    An option that is not open to the member is left out, and the others keep their proportions.
    """
    account = slot * len(plan.currencies) + currency
    left = state.wallets[account, AVAILABLE]
    if left < 1:
        return -1
    rows, shares = behaviour.exchanges, behaviour.exchange_shares[segment]
    purpose = rows[first, EXCHANGE_PURPOSE]
    earned = 0
    for lot in range(state.wallets[account, TAIL] - 1, state.wallets[account, HEAD] - 1, -1):
        if state.lots[account, lot, LOT_UNITS] > 0:
            earned = max(0, state.lots[account, lot, LOT_EARNED] - plan.first_day)
    day = plan.first_day + int(time)
    total, possible = 0.0, 0.0
    last = first
    while last < len(rows) and rows[last, EXCHANGE_STEP] == OPTION:
        if plan.rewards[rows[last, EXCHANGE_REWARD], REWARD_CURRENCY] != currency:
            break
        total += shares[last]
        last += 1
    if uniform(draw_bits(key, purpose, _DRAWS * earned)) >= total:
        return -1
    nothing, no_items = diary.prices[:0], diary.item_fields[:0]
    for row in range(first, last):
        reward = rows[row, EXCHANGE_REWARD]
        if in_the_way(plan, state, slot, reward, day, REDEEM, 0, diary.fields, nothing, no_items) == DONE:
            possible += shares[row]
    if possible <= 0.0:
        return -1
    at = uniform(draw_bits(key, purpose, _DRAWS * earned + min(left, _DRAWS - 1))) * possible
    chosen = -1
    for row in range(first, last):
        reward = rows[row, EXCHANGE_REWARD]
        if shares[row] <= 0.0 or at < 0.0:
            continue
        if in_the_way(plan, state, slot, reward, day, REDEEM, 0, diary.fields, nothing, no_items) == DONE:
            chosen = reward
            at -= shares[row]
    return chosen
