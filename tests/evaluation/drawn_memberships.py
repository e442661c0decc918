"""Paid memberships, drawn at random: plans, fees and what comes back."""

from fractions import Fraction

import attrs
from drawing import NOWHERE, PURCHASE_FIELDS, STAY, VISIT, Chooser

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.clocks import Clock, Pays, Refund, RefundLine
from loyalty_dsl.language.program import CostPerUse, Program, Reward, Trigger
from loyalty_dsl.language.rewards import RewardCase, Taking, Thing
from loyalty_dsl.language.tiers import HoldFor, Ladder, Lapse, Level
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.language.windows import Lifetime


def draw_plans(choose: Chooser, ladder: int, clock: int) -> tuple[Ladder, Clock]:
    """A membership that a purchase takes, by the plan that its first field is, and another event ends."""
    months = tuple(choose.one_of((1, 1, 3, 12)) for _ in PURCHASE_FIELDS[0].values)
    trial, apart = choose.one_of((0, 5, 30)), choose.one_of((0, 1, 12))
    pays = Pays(ladder, PURCHASE, choose.one_of((STAY, VISIT)), months, trial, apart)
    never = c.Compare(c.DaysSinceJoin(), c.Order.LESS, c.Literal(-1, Kind.NUMBER))
    levels = [
        Level(f"plan_{level}", "", level, never if level else None, NOWHERE)
        for level in range(1 + pays.trials + len(months))
    ]
    hold = HoldFor(Duration(1, Unit.MONTH))
    bought = Ladder(
        f"ladder_{ladder}",
        "",
        ladder,
        hold,
        Lapse.TO_EARNED,
        False,
        None,
        tuple(levels),
        NOWHERE,
        bought=True,
    )  # fmt: skip
    return bought, Clock(clock, f"clock_{clock}", pays)


def with_fees(choose: Chooser, program: Program) -> Program:
    """The program with two fees for its membership, one of them of who has money in no counter, and a refund
    that asks a counter, if there is one."""
    clock = next(each for each in program.clocks if isinstance(each.at, Pays))
    first, kind = len(program.rewards), len(program.events) + clock.index
    lifelong = [each.index for each in program.counters if isinstance(each.window, Lifetime)]
    used = choose.one_of((None, *lifelong))
    half = c.Compare(c.DaysSinceJoin(), c.Order.LESS, c.Literal(60, Kind.NUMBER))
    cases = (RewardCase(None, 0, False, Thing("fee")),)
    prices = choose.integer(1, 3000), choose.integer(1, 3000)
    rewards = [
        Reward(
            name=f"fee_{place}", label="", index=first + place, currency=-1, cases=cases,
            taking=Taking.BENEFIT, when=when, dates=(), minimum_basket=0, minimum_balance=0, limits=(),
            cost=CostPerUse(AssumedNumber(Fraction(-fee), None, NOWHERE)), span=NOWHERE, triggers=triggers,
            fee=fee,
        )
        for place, (fee, when, triggers) in enumerate(
            (
                (prices[0], half, (Trigger(kind, None, NOWHERE),)),
                (prices[1], c.Not(half), (Trigger(kind, None, NOWHERE),)),
                (-1, None, ()),
            )
        )
    ]  # fmt: skip
    lines = tuple(
        RefundLine(
            bool(choose.integer(0, 1)), bool(choose.integer(0, 1)), choose.one_of((None, 1, 3, 20)),
            bool(choose.integer(0, 1)),
        )
        for _ in range(choose.integer(1, 3))
    )  # fmt: skip
    fees = ((first, prices[0]), (first + 1, prices[1]))
    early = c.Compare(c.EventWeekday(), c.Order.LESS, c.Literal(4, Kind.NUMBER))
    asks: tuple[c.Condition | None, ...] = (None, c.Not(half), half, early)
    if program.member_fields:
        asks = (
            *asks,
            c.Compare(c.MemberField(program.member_fields[0]), c.Order.EQUAL, c.Literal(0, Kind.ONE_OF)),
        )
    if used is not None:
        asks = (*asks, c.Compare(c.CounterValue(used), c.Order.AT_LEAST, c.Literal(2, Kind.NUMBER)))
    whens = tuple(choose.one_of(asks) for _ in clock.at.months)
    at = attrs.evolve(clock.at, fees=fees, refund=Refund(first + 2, used, lines), whens=whens)
    clocks = [attrs.evolve(each, at=at) if each is clock else each for each in program.clocks]
    return attrs.evolve(program, clocks=tuple(clocks), rewards=(*program.rewards, *rewards))


def with_counts(choose: Chooser, program: Program) -> Program:
    """The program with some benefits that are used once for each unit of a currency (ALLOW-2)."""

    def counted(reward: Reward) -> Reward:
        things = all(isinstance(case.face, Thing) for case in reward.cases)
        if reward.taking is not Taking.BENEFIT or not things or not choose.integer(0, 1):
            return reward
        currency = choose.integer(0, len(program.currencies) - 1)
        return attrs.evolve(reward, counted=currency, most_counted=choose.one_of((1, 3, 500)))

    return attrs.evolve(program, rewards=tuple(map(counted, program.rewards)))
