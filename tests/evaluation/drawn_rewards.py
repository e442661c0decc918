"""Rewards and benefits, drawn at random."""

from collections.abc import Sequence
from fractions import Fraction

import attrs
from drawing import NOWHERE, STAY, Chooser, Feature, draw_condition, maybe_condition
from drawn_rules import Setting, draw_dates, draw_item_filter, draw_limits, draw_triggers, operands_of

from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.counters import Counter, EarnedMeasure
from loyalty_dsl.language.program import CostOfFace, CostPerUse, LimitOf, Reward, RewardCost, Trigger
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    Face,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import PURCHASE

PER_USE = CostPerUse(AssumedNumber(Fraction(325, 2), None, NOWHERE))
OF_FACE = CostOfFace(AssumedNumber(Fraction(17, 20), None, NOWHERE))


def draw_reward(choose: Chooser, index: int, setting: Setting) -> Reward:
    """A reward or a benefit."""
    features = setting.features
    takings = [Taking.AT_CHECKOUT, Taking.CHOSEN]
    currency = choose.integer(0, len(setting.currencies) - 1)
    later = range(currency + 1, len(setting.currencies))
    if Feature.BENEFITS in features:
        takings.append(Taking.BENEFIT)
    if Feature.CERTIFICATES in features and later:
        takings += [Taking.AFTER_EARNING, Taking.EXCHANGED]
    taking = choose.one_of(takings)
    transfers = taking is Taking.EXCHANGED
    taking = Taking.CHOSEN if transfers else taking
    triggers: tuple[Trigger, ...] = ()
    kinds: tuple[int, ...] = (PURCHASE,)
    if taking is Taking.BENEFIT:
        currency = -1
        kinds, triggers = draw_triggers(choose, setting)
    place = PURCHASE
    if taking is Taking.CHOSEN and not transfers and Feature.PLACES in features and choose.integer(0, 2) == 2:
        place = STAY
        kinds = (place,)
    operands = list(setting.state) if taking is Taking.AFTER_EARNING else operands_of(kinds, setting)
    faces = [draw_face(choose, setting, taking, currency) for _ in range(choose.integer(1, 2))]
    if transfers:
        faces = [UnitsGiven(choose.one_of(later), choose.one_of((1, 5, 20, 100)))]
    if place != PURCHASE:
        faces = [Thing("seat")]
        if later and choose.integer(0, 1):
            faces = [UnitsGiven(choose.one_of(later), choose.one_of((1, 5, 20, 100)))]
    cases = tuple(draw_case(choose, taking, face) for face in faces)
    if Feature.CASES in features and operands and not transfers and choose.integer(0, 1):
        # The faces of one reward are of one kind, as a checker would have it.
        alike = [case for case in cases if type(case.face) is type(cases[0].face)]
        conditional = [
            RewardCase(draw_condition(choose, operands, 1), case.price, case.whole_balance, case.face)
            for case in alike
        ]
        cases = tuple(conditional) + (() if choose.integer(0, 1) else (cases[0],))
    else:
        cases = cases[:1]
    items = None
    face = cases[0].face
    if isinstance(face, PercentOff | FreeItem) and set(kinds) == {PURCHASE} and choose.integer(0, 1):
        items = draw_item_filter(choose, operands)
    costs: tuple[RewardCost | None, ...] = (None, PER_USE, OF_FACE)
    if not isinstance(face, MoneyOff | PercentOff | FreeItem):
        costs = (None, PER_USE)
    at_checkout = taking in (Taking.AT_CHECKOUT, Taking.CHOSEN)
    drawn = Reward(
        name=f"reward_{index}",
        label="",
        index=index,
        currency=currency,
        cases=cases,
        taking=taking,
        when=maybe_condition(choose, operands),
        dates=draw_dates(choose),
        minimum_basket=choose.one_of((0, 0, 500)) if at_checkout or set(kinds) == {PURCHASE} else 0,
        minimum_balance=0 if taking is Taking.BENEFIT else choose.one_of((0, 0, 120)),
        limits=draw_limits(choose, features, per_event_times=True, operands=setting.state),
        cost=choose.one_of(costs),
        span=NOWHERE,
        triggers=triggers,
        items=items,
        as_much=taking is Taking.CHOSEN and bool(choose.integer(0, 1)),
        at=place,
    )
    return as_transfer(choose, drawn) if transfers else drawn


def as_transfer(choose: Chooser, reward: Reward) -> Reward:
    """The reward as a transfer of which each use is a step; its limits are in steps."""
    (case,) = reward.cases
    if choose.integer(0, 2) == 0:  # more for so many steps at a time
        bonus = attrs.evolve(case.face, per=choose.one_of((1, 2, 3)) * reward.price, more=7)
        case = attrs.evolve(case, face=bonus)
    return attrs.evolve(
        reward,
        cases=(case,),
        taking=Taking.EXCHANGED,
        minimum_basket=0,
        minimum_balance=0,
        limits=tuple(attrs.evolve(limit, of=LimitOf.TIMES, refuses=False) for limit in reward.limits),
        as_much=False,
        cost=None,
        minimum_exchange=choose.one_of((0, 0, 2, 4)) * reward.price,
    )


def as_option(choose: Chooser, reward: Reward, setting: Setting) -> Reward:
    """A reward that members choose as an option of a menu, or as what comes of one without a choice, which
    gives units or a thing; others as they are."""
    if reward.taking not in (Taking.CHOSEN, Taking.AT_CHECKOUT) or reward.at != PURCHASE:
        return reward  # no option is chosen at an event of its own
    later = range(reward.currency + 1, len(setting.currencies))
    face = UnitsGiven(choose.one_of(later), choose.one_of((1, 5, 20, 100))) if later else Thing("gift")
    cases = tuple(
        attrs.evolve(case, price=max(case.price, 10), whole_balance=False, face=face) for case in reward.cases
    )
    cost = None if reward.cost == OF_FACE else reward.cost
    option = attrs.evolve(reward, cases=cases, taking=Taking.PICKED, as_much=False, items=None, cost=cost)
    if choose.integer(0, 1):
        return option
    _, triggers = draw_triggers(choose, setting)
    return attrs.evolve(option, taking=Taking.DEFAULTED, triggers=triggers)


def count_options(counters: tuple[Counter, ...], rewards: Sequence[Reward]) -> tuple[Counter, ...]:
    """Counters of what is earned that count what options give of their currency."""
    found = []
    for counter in counters:
        measure = counter.measure
        if isinstance(measure, EarnedMeasure):
            its = tuple(
                reward.index
                for reward in rewards
                if reward.taking.of_menu and reward.currencies_given == (measure.currency,)
            )
            measure = attrs.evolve(measure, rewards=its)
        found.append(attrs.evolve(counter, measure=measure))
    return tuple(found)


def draw_case(choose: Chooser, taking: Taking, face: Face) -> RewardCase:
    """A price and a face, whatever the day."""
    if taking is Taking.BENEFIT:
        return RewardCase(None, 0, False, face)
    if isinstance(face, BalanceGiven):
        return RewardCase(None, 1, True, face)
    return RewardCase(None, choose.one_of((10, 25, 60, 100, 250)), False, face)


def draw_face(choose: Chooser, setting: Setting, taking: Taking, currency: int) -> Face:
    """What a use gives; units only of a currency declared later, so that nothing goes round in circles."""
    features = setting.features
    forms = [] if taking is Taking.AFTER_EARNING else ["money", "money"]
    if Feature.FACES in features and taking is not Taking.AFTER_EARNING:
        forms += ["percent", "free"]
        forms += ["thing"] if taking is not Taking.AT_CHECKOUT else []
    later = range(currency + 1, len(setting.currencies))
    if Feature.CERTIFICATES in features and later and taking is not Taking.AT_CHECKOUT:
        forms += ["units", "units"]
        forms += ["balance"] if taking is not Taking.BENEFIT else []
    match choose.one_of(forms):
        case "money":
            return MoneyOff(choose.one_of((1, 333, 500, 1000)), choose.one_of((True, False)))
        case "percent":
            share = choose.one_of((Fraction(1, 10), Fraction(1, 3), Fraction(1), Fraction(1, 8)))
            return PercentOff(share, choose.one_of((None, None, 40, 300)))
        case "free":
            return FreeItem(choose.one_of((None, 500, 1000)))
        case "thing":
            return Thing("sample")
        case "units":
            return UnitsGiven(choose.one_of(later), choose.one_of((1, 5, 20, 100)))
        case _:
            return BalanceGiven(
                choose.one_of(later), choose.one_of((Fraction(1), Fraction(1, 3), Fraction(3, 100)))
            )
