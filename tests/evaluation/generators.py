"""Programs over every mechanic of the language, drawn at random.

Invariant: what is drawn satisfies the invariants of `Program`; the checker would pass it.
"""

# ruff: noqa: PLR0917

from collections.abc import Iterator
from itertools import count
from typing import TypeVar

import attrs
from drawing import (
    ALL,
    EVENTS,
    ITEM_FIELDS,
    MEMBER_FIELDS,
    NOWHERE,
    OF_ONE_MEMBER,
    STARTS,
    Chooser,
    Feature,
    Features,
)
from drawn_gates import with_gates
from drawn_memberships import draw_plans, with_counts, with_fees
from drawn_rewards import as_option, count_options, draw_reward
from drawn_rules import Setting, draw_earn, draw_groups, draw_membership
from drawn_state import (
    carried_at,
    counter_operands,
    draw_carries,
    draw_clock,
    draw_counter,
    draw_expiry,
    draw_friend_kinds,
    draw_ladder,
    draw_pasts,
    draw_plain_expiry,
    draw_postpone,
    draw_restart,
    event_of_friends,
    member_operands,
)

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Amount, Choice, ShareOfRules
from loyalty_dsl.language.clocks import Clock
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.expiry import AfterEarning, FirstThatHolds, LatestOf
from loyalty_dsl.language.program import (
    Currency,
    EarnRule,
    Group,
    Program,
    Reward,
    RoundPer,
    SpendOrder,
)
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.quantities import Rounding

Limited = TypeVar("Limited", EarnRule, Group, Reward)


def draw_program(choose: Chooser, allowed: Features = ALL) -> Program:
    """A program of up to three currencies, five earn rules and three rewards, with some of the features."""
    # Nothing is drawn of later features that are left out, so that seeds of pairs without them stay good.
    drawn = [
        feature
        for feature in Feature
        if (feature in OF_ONE_MEMBER or feature in allowed) and choose.integer(0, 2) == 2
    ]
    features = allowed.intersection(drawn)
    currency_count = choose.one_of((1, 1, 2, 3))
    if Feature.CERTIFICATES in features:
        currency_count = max(2, currency_count)
    rule_currencies = tuple(choose.integer(0, currency_count - 1) for _ in range(choose.integer(1, 5)))
    reward_count = choose.integer(0, 3)
    rules_of = [
        [rule for rule, of in enumerate(rule_currencies) if of == currency]
        for currency in range(currency_count)
    ]
    member = member_operands(features)
    counters = tuple(
        draw_counter(choose, index, rules_of, member)
        for index in range(choose.integer(1, 3) if Feature.COUNTERS in features else 0)
    )
    if Feature.PASTS in features:
        counters = draw_pasts(choose, counters)
    carrying: tuple[Clock, ...] = ()
    if Feature.CARRIES in features:
        counters, carrying = draw_carries(choose, counters)
    counted = counter_operands(counters)
    ladders: tuple[Ladder, ...] = ()
    if Feature.TIERS in features and (member or counted):
        ladders = tuple(
            draw_ladder(choose, index, [*member, *counted]) for index in range(choose.integer(1, 2))
        )
    bought = None
    if Feature.MEMBERSHIPS in features:
        bought = draw_plans(choose, len(ladders), 0)
        ladders = (*ladders, bought[0])
    state = (*member, *counted, *(c.StatusOf(ladder.index) for ladder in ladders))
    clocks = tuple(
        draw_clock(choose, index, features, counters, ladders)
        for index in range(choose.integer(1, 3) if Feature.CLOCKS in features else 0)
    )
    if bought is not None:
        clocks = (*clocks, attrs.evolve(bought[1], index=len(clocks)))
    clocks = (*clocks, *(attrs.evolve(clock, index=len(clocks)) for clock in carrying))
    currencies = tuple(draw_currency(choose, index) for index in range(currency_count))
    if Feature.EXPIRY in features:
        currencies = tuple(
            _with_expiry(choose, currency, features, reward_count, state, ladders) for currency in currencies
        )
    friends = draw_friend_kinds(choose, counters) if Feature.FRIENDS in features else ()
    events = (*EVENTS, *(event_of_friends(kind) for kind in friends))
    counters = carried_at(counters, len(events) + len(clocks) - 1)
    setting = Setting(
        features=features,
        events=events,
        currencies=currencies,
        state=state,
        clocks=len(clocks),
        rule_currencies=rule_currencies,
        rule_groups=draw_membership(choose, features, rule_currencies),
    )
    earns = [draw_earn(choose, index, setting) for index in range(len(rule_currencies))]
    groups = list(draw_groups(choose, setting))
    rewards = [draw_reward(choose, index, setting) for index in range(reward_count)]
    if Feature.MENUS in features:
        rewards = [as_option(choose, reward, setting) for reward in rewards]
        counters = count_options(counters, rewards)
    numbers = count()
    earns = [_numbered(rule, numbers) for rule in earns]
    groups = [_numbered(group, numbers) for group in groups]
    rewards = [_numbered(reward, numbers) for reward in rewards]
    returns = None
    if Feature.RETURNS in features:
        returns = Returns(bool(choose.integer(0, 1)), bool(choose.integer(0, 1)), NOWHERE)
    program = Program(
        name="drawn",
        label="",
        money="USD",
        timezone="America/New_York",
        starts=STARTS,
        events=events,
        item_fields=ITEM_FIELDS,
        currencies=currencies,
        earns=tuple(earns),
        rewards=tuple(rewards),
        limit_count=next(numbers),
        span=NOWHERE,
        member_fields=MEMBER_FIELDS if Feature.MEMBER_FIELDS in features else (),
        counters=counters,
        ladders=ladders,
        groups=tuple(groups),
        clocks=clocks,
        friend_kinds=friends,
        returns=returns,
    )
    if Feature.GATES in features:
        program = with_gates(choose, program)
    if Feature.BENEFITS in features and Feature.FACES in features:
        program = with_counts(choose, program)
    if bought is not None:
        program = with_fees(choose, program)
    return shuffle_rules(choose, program) if Feature.SHARES in features else program


def _numbered(limited: Limited, numbers: Iterator[int]) -> Limited:
    """The same with its limits numbered on."""
    limits = tuple(attrs.evolve(limit, index=next(numbers)) for limit in limited.limits)
    return attrs.evolve(limited, limits=limits)


def draw_currency(choose: Chooser, index: int) -> Currency:
    in_money = choose.integer(0, 2) == 2
    count, unit = choose.one_of(
        ((0, Unit.DAY), (0, Unit.DAY), (1, Unit.DAY), (14, Unit.DAY), (1, Unit.MONTH))
    )
    return Currency(
        name=f"currency_{index}",
        label="",
        index=index,
        in_money=in_money,
        scale=100 if in_money else 1,
        rounding=choose.one_of(tuple(Rounding)),
        round_per=choose.one_of(tuple(RoundPer)),
        pending=Duration(count, unit),
        expiry=draw_plain_expiry(choose),
        spend=choose.one_of(tuple(SpendOrder)),
        worth=None,
        cost=None,
        span=NOWHERE,
    )


def _with_expiry(
    choose: Chooser,
    currency: Currency,
    features: Features,
    rewards: int,
    state: tuple[c.Operand, ...],
    ladders: tuple[Ladder, ...],
) -> Currency:
    expiry = draw_expiry(choose, features, rewards, state)
    postpone, restart = None, None
    if isinstance(expiry, AfterEarning | LatestOf | FirstThatHolds):
        postpone = draw_postpone(choose, state)
        restart = draw_restart(choose, ladders)
    return attrs.evolve(currency, expiry=expiry, postpone=postpone, restart=restart)


# ---- an order of declaration that is not that of dependence


def shuffle_rules(choose: Chooser, program: Program) -> Program:
    """The same rules declared in another order; `order` then says in which they are paid."""
    if choose.integer(0, 1) == 0:
        return program
    count = len(program.earns)
    left = list(range(count))
    new_place = [0] * count
    for place in range(count):
        new_place[left.pop(choose.integer(0, len(left) - 1))] = place
    moved = [
        attrs.evolve(
            rule,
            name=f"earn_{new_place[rule.index]}",
            index=new_place[rule.index],
            amount=_renumbered(rule.amount, new_place),
            raises=tuple(new_place[other] for other in rule.raises),
        )
        for rule in program.earns
    ]
    earns = tuple(sorted(moved, key=lambda rule: rule.index))
    groups = tuple(
        attrs.evolve(group, rules=tuple(sorted(new_place[rule] for rule in group.rules)))
        for group in program.groups
    )
    counters = tuple(
        attrs.evolve(
            counter,
            measure=attrs.evolve(
                counter.measure, rules=tuple(new_place[rule] for rule in counter.measure.rules)
            ),
        )
        if isinstance(counter.measure, EarnedMeasure)
        else counter
        for counter in program.counters
    )
    order = order_of(earns, groups)
    return attrs.evolve(program, earns=earns, groups=groups, counters=counters, order=order)


def _renumbered(amount: Amount, new_place: list[int]) -> Amount:
    match amount:
        case ShareOfRules(share, rules):
            return ShareOfRules(share, tuple(new_place[rule] for rule in rules))
        case Choice(cases, otherwise):
            return Choice(
                tuple(attrs.evolve(case, amount=_renumbered(case.amount, new_place)) for case in cases),
                _renumbered(otherwise, new_place),
            )
        case _:
            return amount


def order_of(earns: tuple[EarnRule, ...], groups: tuple[Group, ...]) -> tuple[int, ...]:
    """Declared order, as far as each rule can come after those that it refers to and their groups."""
    needs = []
    for rule in earns:
        referred = {*rule.raises, *_referred_in(rule.amount)}
        for group in groups:
            if referred & set(group.rules):
                referred |= set(group.rules)
        needs.append(referred)
    done: list[int] = []
    while len(done) < len(earns):
        done.append(
            next(index for index in range(len(earns)) if index not in done and needs[index] <= set(done))
        )
    return tuple(done)


def _referred_in(amount: Amount) -> tuple[int, ...]:
    match amount:
        case ShareOfRules(_, rules):
            return rules
        case Choice(cases, otherwise):
            return sum((_referred_in(case.amount) for case in cases), start=_referred_in(otherwise))
        case _:
            return ()
