"""Transfers between members, put into drawn programs and histories: any mechanic beside what is sent.

Invariant: what is drawn satisfies the invariants of `Program` and `History`. Oneself as the recipient, people
who are no members yet, and amounts that are no whole number of steps are among it.
"""

import random

import attrs
import numpy as np
from drawing import ALL, NOWHERE, Chooser, Feature, Features, Seeded, maybe_condition
from drawn_histories import seeded_pair
from drawn_state import member_operands

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Flat, PerField, PerMoney, Slices
from loyalty_dsl.language.expiry import AfterActivity
from loyalty_dsl.language.program import Currency, Limit, LimitOf, Program, Reward
from loyalty_dsl.language.rewards import RewardCase, Taking, Thing, UnitsGiven
from loyalty_dsl.language.windows import Lifetime, YearOfMembership
from loyalty_dsl.quantities import MAX_NUMBER

OF_TRANSFERS = ALL - {Feature.FRIENDS}


def pair_with_transfers(seed: int, allowed: Features = OF_TRANSFERS) -> tuple[Program, History]:
    """A program in which members send to each other, with a history of members who do."""
    program, history = seeded_pair(seed, allowed)
    choose = Seeded(random.Random(-seed))
    program = with_transfer(choose, program)
    return program, sending(choose, program, history)


def with_transfer(choose: Chooser, program: Program) -> Program:
    """The program with one transfer more."""
    sender, receiver = len(program.rewards), len(program.rewards) + 1
    step = choose.one_of((1, 1, 5, 10))
    has_fields = frozenset({Feature.MEMBER_FIELDS} if program.member_fields else ())
    operands = (*member_operands(has_fields), c.DaysSinceJoin(), c.BalanceOf(0))
    operands += tuple(c.StatusOf(each.index) for each in program.ladders)
    operands += tuple(c.CounterValue(each.index) for each in program.counters)
    first = program.limit_count
    out, into = (_limits(choose) for _ in range(2))
    limits = [attrs.evolve(each, index=first + number) for number, each in enumerate((*out, *into))]
    sent = Reward(
        name="send",
        label="send",
        index=sender,
        currency=choose.one_of(program.earns).currency,
        cases=(RewardCase(None, step, False, Thing("send")),),
        taking=Taking.SENT,
        when=maybe_condition(choose, operands) if choose.integer(0, 1) else None,
        dates=(),
        minimum_basket=0,
        minimum_balance=0,
        limits=tuple(limits[: len(out)]),
        cost=None,
        span=NOWHERE,
        minimum_exchange=choose.one_of((0, 0, step * 3)),
        receiver=receiver,
    )
    given = UnitsGiven(choose.integer(0, len(program.currencies) - 1), choose.one_of((1, 2, 5)))
    received = attrs.evolve(
        sent,
        name="send received",
        index=receiver,
        currency=-1,
        cases=(RewardCase(None, 0, False, given),),
        taking=Taking.RECEIVED,
        when=maybe_condition(choose, operands) if choose.integer(0, 1) else None,
        limits=tuple(limits[len(out) :]),
        minimum_exchange=0,
        receiver=-1,
    )
    if program.member_fields and choose.integer(0, 1):
        program = _per_report(choose, program)
    return attrs.evolve(
        program,
        rewards=(*program.rewards, sent, received),
        limit_count=first + len(limits),
        currencies=tuple(_perhaps_active(choose, each, sender) for each in program.currencies),
    )


def _per_report(choose: Chooser, program: Program) -> Program:
    """The program, one rule of which gives by a number of the member (EARN-17)."""
    rule = choose.one_of(program.earns)
    field = c.MemberField(program.member_fields[2])
    amount = Slices(field, (0, MAX_NUMBER), (choose.one_of((1, 20)), 0), (choose.one_of((1, 3)), 1))
    if isinstance(rule.amount, Flat | PerMoney | PerField) and rule.items is None and not rule.raises:
        rule = attrs.evolve(rule, amount=amount)
    earns = [rule if each.index == rule.index else each for each in program.earns]
    return attrs.evolve(program, earns=tuple(earns))


def _limits(choose: Chooser) -> tuple[Limit, ...]:
    windows = (*Unit, Lifetime(), YearOfMembership())
    limits = []
    for _ in range(choose.one_of((0, 0, 1, 2))):
        window = choose.one_of(windows)
        everyone = not isinstance(window, YearOfMembership) and choose.integer(0, 3) == 3
        limits.append(Limit(0, LimitOf.TIMES, choose.integer(1, 40), window, NOWHERE, everyone=everyone))
    return tuple(limits)


def _perhaps_active(choose: Chooser, currency: Currency, sender: int) -> Currency:
    if not isinstance(currency.expiry, AfterActivity) or choose.integer(0, 1):
        return currency
    activity = currency.expiry.activity
    both = attrs.evolve(activity, rewards=(*activity.rewards, sender, sender + 1))
    return attrs.evolve(currency, expiry=attrs.evolve(currency.expiry, activity=both))


def sending(choose: Chooser, program: Program, history: History) -> History:
    """The history, in which some events without items are transfers in their place."""
    sent = next(reward for reward in program.rewards if reward.taking is Taking.SENT)
    kind, reward, quantity = history.kind.copy(), history.reward.copy(), history.quantity.copy()
    fields, recipients = history.fields.copy(), history.recipients.copy()
    basket = history.basket.copy()
    everybody = range(len(history.members))
    others = [[each for each in everybody if each != member] * 3 for member in everybody]
    owner = np.repeat(np.arange(len(everybody)), np.diff(history.starts))
    bare = (np.diff(history.item_starts) == 0) & (kind != RETURN)
    for event in range(len(kind)):
        if bare[event] and choose.integer(0, 1):
            kind[event], reward[event], fields[event], basket[event] = REDEEM, sent.index, 0, 0
            steps = choose.one_of((1, 2, 3, 5, 20))
            quantity[event] = steps * sent.price + choose.one_of((0, 0, 0, 0, 1))
            recipients[event] = choose.one_of((*others[int(owner[event])], int(owner[event])))
    return attrs.evolve(
        history,
        kind=kind,
        reward=reward,
        quantity=quantity,
        fields=fields,
        basket=basket,
        recipients=recipients,
    )
