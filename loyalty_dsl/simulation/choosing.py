"""What a member chooses and takes up: rewards that it can afford, benefits that are there for it.

Invariant: the ledger decides what can be had and what it is worth, luck of the member's own whether it is
taken; nothing here changes the ledger.
"""

# ruff: noqa: PLR0917, PLR1714, SIM109 - compiled code passes by position, and has no sets

import numpy as np

from loyalty_dsl.evaluation.kernel import in_the_way
from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_code import room_of
from loyalty_dsl.evaluation.kernel_faces import item_off
from loyalty_dsl.evaluation.kernel_obstacles import case_of, money_off, price_of, uses_alike
from loyalty_dsl.evaluation.kernel_reach import note_stop
from loyalty_dsl.evaluation.kernel_references import first_rows
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    AVAILABLE,
    CASE_FACE,
    CASE_MOST,
    CASE_PER,
    CASE_UNITS,
    DONE,
    FREE_FACE,
    LIMIT_REACHED,
    MONEY_FACE,
    PERCENT_FACE,
    REWARD_AT,
    REWARD_CURRENCY,
    REWARD_ITEMS,
    REWARD_LIMITS,
    REWARD_LIMITS_END,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.behaviour import (
    OFFER_AS_MUCH,
    OFFER_PRICE,
    OFFER_PURPOSE,
    OFFER_REWARD,
    REDEEM_SLOPE,
    TAKE_UP_KIND,
    TAKE_UP_PURPOSE,
    TAKE_UP_REWARD,
    WORTH_OF_UNIT,
    WORTH_OF_USE,
    Behaviour,
)
from loyalty_dsl.simulation.diary import Diary
from loyalty_dsl.simulation.exchanges import (
    EXCHANGE_LEAST,
    EXCHANGE_PURPOSE,
    EXCHANGE_REWARD,
    EXCHANGE_STEP,
    OPTION,
)
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.reactions import HOARD_ODDS
from loyalty_dsl.simulation.sampling import uniform
from loyalty_dsl.simulation.ways import accepts


@copied
def choose_offer(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    sink: Sink,
    slot: int,
    key: np.uint64,
    i: int,
    intercept: float,
    segment: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """The first of the offers, in declared order, that the member can afford and accepts; -1 for none. What
    only a limit keeps from the member is noted.

    Args:
        i: numbers the events at which rewards are offered.
    """
    for offer in range(len(behaviour.offers)):  # most visits end here, with a balance for none
        if _has_price_of(plan, behaviour, state, slot, offer):
            return _choose_affordable(
                plan, behaviour, state, sink, slot, key, i, intercept, segment, day, kind, basket, fields,
                prices, item_fields,
            )  # fmt: skip
    return -1


@copied
def _has_price_of(plan: Plan, behaviour: Behaviour, state: State, slot: int, offer: int) -> bool:
    reward = behaviour.offers[offer, OFFER_REWARD]
    account = slot * len(plan.currencies) + plan.rewards[reward, REWARD_CURRENCY]
    has: bool = state.wallets[account, AVAILABLE] >= behaviour.offers[offer, OFFER_PRICE]
    return has


@apart
def _choose_affordable(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    sink: Sink,
    slot: int,
    key: np.uint64,
    i: int,
    intercept: float,
    segment: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """`choose_offer` of a member who has the price of one of them."""
    for offer in range(len(behaviour.offers)):
        if not _has_price_of(plan, behaviour, state, slot, offer):
            continue
        reward = behaviour.offers[offer, OFFER_REWARD]
        code = in_the_way(plan, state, slot, reward, day, kind, basket, fields, prices, item_fields)
        if code == LIMIT_REACHED:
            row = day - plan.first_day
            there = kind == plan.rewards[reward, REWARD_AT]
            note_stop(plan, state, sink, slot, row, reward, there, prices, item_fields)
        if code == DONE:
            there = kind == plan.rewards[reward, REWARD_AT]
            worth = _worth_of(plan, behaviour, state, slot, offer, there, prices, item_fields)
            bits = draw_bits(key, behaviour.offers[offer, OFFER_PURPOSE], i)
            readiness = intercept
            if behaviour.offers[offer, OFFER_AS_MUCH] != 0 and worth < basket:
                readiness += behaviour.reactions.numbers[segment, HOARD_ODDS]
            slope = behaviour.segments[segment, REDEEM_SLOPE]
            if accepts(readiness, slope, worth, basket, bits):
                return offer
    return -1


@part
def uses_of(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    slot: int,
    offer: int,
    share: float,
    day: int,
    kind: int,
) -> int:
    """How often an accepted reward is used: once or, where points are paid like money, as often as it can be
    (0) or the member's own share of that, rounded down and at least once. The registers hold the event."""
    if behaviour.offers[offer, OFFER_AS_MUCH] == 0:
        return 1
    if share >= 1.0:
        return 0
    reward = behaviour.offers[offer, OFFER_REWARD]
    there = kind == plan.rewards[reward, REWARD_AT]
    case = case_of(plan, state, reward, there)
    off = money_off(plan, state, case, there)
    uses = uses_alike(plan, state, slot, day - plan.first_day, reward, case, off)
    return max(1, int(np.float64(uses) * share))


@part
def _worth_of(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    slot: int,
    offer: int,
    at_purchase: bool,
    prices: Ints,
    item_fields: Ints,
) -> float:
    """What a use is worth to the member, in minor units: the money that it takes off or, where it takes none,
    the reward's declared worth or that of what it costs; 0 where nobody knows.

    The registers hold the event, and the reward is affordable.
    """
    reward = behaviour.offers[offer, OFFER_REWARD]
    case = case_of(plan, state, reward, at_purchase)
    face = plan.cases[case, CASE_FACE]
    price = price_of(plan, state, reward, case)
    if face == MONEY_FACE:
        off = money_off(plan, state, case, at_purchase)
        if behaviour.offers[offer, OFFER_AS_MUCH] != 0 and price > 0:
            account = slot * len(plan.currencies) + plan.rewards[reward, REWARD_CURRENCY]
            uses = state.wallets[account, AVAILABLE] // price
            off = max(off, min(off * uses, state.registers[AMOUNT]))
        return float(off)
    if at_purchase and (face == PERCENT_FACE or face == FREE_FACE):
        taken = item_off(
            plan.code, state.registers, plan.first_item_field, plan.item_fields,
            plan.rewards[reward, REWARD_ITEMS], state.items, prices, item_fields, face,
            plan.cases[case, CASE_UNITS], plan.cases[case, CASE_PER],
            plan.cases[case, CASE_MOST], False,
        )  # fmt: skip
        return float(max(taken, 0))
    of_use = behaviour.worths[offer, WORTH_OF_USE]
    if of_use > 0.0:
        return float(of_use)
    return float(behaviour.worths[offer, WORTH_OF_UNIT] * price)


@part
def decline_benefits(
    behaviour: Behaviour,
    declined: Ints,
    rewards: int,
    slot: int,
    segment: int,
    key: np.uint64,
    kind: int,
    i: int,
) -> None:
    """Draws which benefits of an event the member does not take up.

    Args:
        declined: of `State`; rewards: how many the program has.
        kind: of the event, after which thresholds may be reached, or `Behaviour.first_clock` for a midnight:
            either with the benefits of all clocks.
        i: numbers the events of the kind, or the days.
    """
    for row in range(len(behaviour.take_ups)):
        at = behaviour.take_ups[row, TAKE_UP_KIND]
        if at == kind or at >= behaviour.first_clock:
            bits = draw_bits(key, behaviour.take_ups[row, TAKE_UP_PURPOSE], i)
            refused = uniform(bits) >= behaviour.take_up_shares[segment, row]
            declined[slot * rewards + behaviour.take_ups[row, TAKE_UP_REWARD]] = 1 if refused else 0


@apart
def choose_exchange(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    slot: int,
    key: np.uint64,
    i: int,
    segment: int,
    day: int,
    basket: int,
    diary: Diary,
    items: int,
) -> int:
    """The first of the transfers, in declared order, by which the member can exchange at this purchase and
    does; -1 for none.

    Args:
        i: numbers the purchases.
        items: how many the purchase has.
    """
    prices, item_fields = first_rows(diary.prices, items), first_rows(diary.item_fields, items)
    for row in range(len(behaviour.exchanges)):
        if behaviour.exchanges[row, EXCHANGE_STEP] == OPTION:
            continue
        reward: int = behaviour.exchanges[row, EXCHANGE_REWARD]
        account = slot * len(plan.currencies) + plan.rewards[reward, REWARD_CURRENCY]
        least = behaviour.exchanges[row, EXCHANGE_LEAST]
        if state.wallets[account, AVAILABLE] < least:
            continue
        bits = draw_bits(key, behaviour.exchanges[row, EXCHANGE_PURPOSE], i)
        if uniform(bits) >= behaviour.exchange_shares[segment, row]:
            continue
        code = in_the_way(plan, state, slot, reward, day, PURCHASE, basket, diary.fields, prices, item_fields)
        if code != DONE:
            continue
        room = least
        for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
            steps = room_of(plan, state, slot, day - plan.first_day, limit)
            room = min(room, min(steps, least) * behaviour.exchanges[row, EXCHANGE_STEP])
        if room >= least:
            return reward
    return -1
