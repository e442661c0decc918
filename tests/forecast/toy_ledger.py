"""A toy simulation for the tests of forecasts and reports: plain Python, one month at a time.

It is honest: every figure of its `Trajectories` is summed from members' own lots, oldest spent first, so
that all identities hold because the ledger holds, not because somebody arranged the numbers.
"""

import random
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import attrs
import numpy as np

from loyalty_dsl.calendar import Duration, Unit, add_months, day_of
from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.expiry import AfterEarning, Never
from loyalty_dsl.language.population import Basket, LeavePerPeriod, Population, Purchases, Redeem, Segment
from loyalty_dsl.language.program import (
    CostPerUse,
    Currency,
    EarnRule,
    Program,
    Reward,
    RoundPer,
    SpendOrder,
    Trigger,
)
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking
from loyalty_dsl.language.types import EventKind
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.simulation.trajectories import Trajectories
from loyalty_dsl.source import SourceText, Span

SOURCE = SourceText(
    "programs/corner_shop.loyalty",
    """program corner_shop "Corner Shop" {
    currency points "Points" {
        cost $0.008 source "2026 supplier contract"
        worth $0.01 assumed
    }
    earn base "Base" { give 1 point per whole $1 }
    earn welcome "Welcome" { give 50 points }
    reward five_off "$5 off" { cost $4.25 assumed }
    reward credit_off "Credit" { give $10 off }
}
population shoppers {
    segment regulars 60% {
        purchases 3 per month spread 0.8
        leave 2% per month
        basket median $38 sigma 0.6
        redeem 60% when a reward is affordable
    }
    segment visitors 40% {
        purchases 0.8 per month
        leave 6% per month
        basket median $25 sigma 0.6
        redeem 20% when a reward is affordable
    }
}
""",
)


def span_of(text: str) -> Span:
    """The first place of the source that says `text`."""
    start = SOURCE.text.index(text)
    return Span(SOURCE, start, start + len(text))


POINTS = Currency(
    name="points",
    label="Points",
    index=0,
    in_money=False,
    scale=1,
    rounding=Rounding.DOWN,
    round_per=RoundPer.RULE,
    pending=Duration(14, Unit.DAY),
    expiry=AfterEarning(Duration(6, Unit.MONTH), None),
    spend=SpendOrder.OLDEST,
    worth=AssumedNumber(Fraction(1), None, span_of("worth $0.01 assumed")),
    cost=None,
    span=span_of("points"),
)
CREDIT = attrs.evolve(
    POINTS, name="credit", label="Credit", index=1, in_money=True, scale=100, worth=None, cost=None
)
DECLARED_COST = AssumedNumber(
    Fraction(4, 5), "2026 supplier contract", span_of('cost $0.008 source "2026 supplier contract"')
)
FIVE_OFF = Reward(
    name="five_off",
    label="$5 off",
    index=0,
    currency=0,
    cases=(RewardCase(None, 200, False, MoneyOff(500, True)),),
    taking=Taking.CHOSEN,
    when=None,
    dates=(),
    minimum_basket=0,
    minimum_balance=0,
    limits=(),
    cost=CostPerUse(AssumedNumber(Fraction(425), None, span_of("cost $4.25 assumed"))),
    span=span_of("five_off"),
)
CREDIT_OFF = attrs.evolve(
    FIVE_OFF,
    name="credit_off",
    label="Credit",
    index=1,
    currency=1,
    cost=None,
    cases=(RewardCase(None, 1000, False, MoneyOff(1000, True)),),
)
PURCHASE = Trigger(0, None, span_of("base"))
BASE = EarnRule(
    name="base",
    label="Base",
    index=0,
    triggers=(PURCHASE,),
    when=None,
    dates=(),
    items=None,
    amount=PerMoney(1, 100, True, Base.BASKET),
    currency=0,
    limits=(),
    span=span_of("base"),
)
WELCOME = attrs.evolve(
    BASE, name="welcome", label="Welcome", index=1, amount=Flat(50), span=span_of("welcome")
)
BACK = attrs.evolve(
    BASE, name="back", label="Back", index=2, amount=Share(Fraction(1, 20), Base.BASKET), currency=1
)


def toy_program(currencies: int = 1, **points: object) -> Program:
    """The corner shop, with one currency or two; `points` changes fields of the first."""
    return Program(
        name="corner_shop",
        label="Corner Shop",
        money="USD",
        timezone="America/New_York",
        starts=day_of(date(2027, 1, 1)),
        events=(EventKind("purchase", 0, (), True, None), EventKind("join", 1, (), False, None)),
        item_fields=(),
        currencies=(attrs.evolve(POINTS, **points), CREDIT)[:currencies],
        earns=(BASE, WELCOME, BACK)[: currencies + 1],
        rewards=(FIVE_OFF, CREDIT_OFF)[:currencies],
        limit_count=0,
        span=span_of("corner_shop"),
    )


def _segment(  # noqa: PLR0917
    name: str, index: int, share: int, purchases: Fraction, leave: int, median: int, redeem: int
) -> Segment:
    at = SOURCE.text.index(f"segment {name}")

    def later(text: str) -> Span:
        start = SOURCE.text.index(text, at)
        return Span(SOURCE, start, SOURCE.text.index("\n", start))

    return Segment(
        name=name,
        index=index,
        share=Fraction(share, 100),
        purchases=Purchases(purchases, Unit.MONTH, Fraction(0), later("purchases")),
        leave=LeavePerPeriod(Fraction(leave, 100), Unit.MONTH, Fraction(0), later("leave")),
        basket=Basket(median, Fraction(3, 5), later("basket")),
        draws=(),
        redeem=Redeem(Fraction(redeem, 100), Fraction(0), Fraction(0), Fraction(0), later("redeem")),
        span=later("segment"),
    )


POPULATION = Population(
    name="shoppers",
    program="corner_shop",
    members=1000,
    first_day=None,
    joins=40,
    join_unit=Unit.MONTH,
    segments=(
        _segment("regulars", 0, 60, Fraction(3), 2, 3800, 60),
        _segment("visitors", 1, 40, Fraction(4, 5), 6, 2500, 20),
    ),
    span=span_of("shoppers"),
)


@attrs.define
class _Member:
    """One member's lots, by currency: pairs of issue month and units left, oldest first."""

    segment: Segment
    lots: list[list[list[int]]]


def toy_trajectories(
    *,
    sample: int = 400,
    months: int = 12,
    tail: int = 8,
    weight: Fraction = Fraction(5, 2),
    seed: int = 1,
    program: Program | None = None,
    first_day: date = date(2027, 1, 1),
) -> Trajectories:
    """Simulates `sample` members. Lots expire at the start of the month, as the currency says in months;
    units earned in a month are pending at its end when they came with the month's last purchase."""
    program = program or toy_program()
    luck = random.Random(seed)
    s, c, r, t_all = 2, len(program.currencies), len(program.rewards), months + tail
    zeros: Callable[..., np.ndarray] = lambda *shape: np.zeros(shape, dtype=np.int64)  # noqa: E731
    joined, left, active, purchases, basket, off = (zeros(s, months) for _ in range(6))
    issued, redeemed, expired, pending, outstanding = (zeros(c, s, months) for _ in range(5))
    rule_units, rule_times = zeros(len(program.earns), months), zeros(len(program.earns), months)
    uses, reward_off, reward_cost = (zeros(r, months) for _ in range(3))
    redeemed_by_age, expired_by_age = zeros(c, months, t_all), zeros(c, months, t_all)
    squares = [[[0] * months for _ in range(4)] for _ in range(c)]
    ultimate = [[0, 0, 0] for _ in range(c)]
    phi_squares = [[0] * months for _ in range(c)]

    for k in range(sample):
        segment = POPULATION.segments[0 if k % 10 < 6 else 1]
        i = segment.index
        start = 0 if k < sample // 2 or months == 1 else 1 + k % (months - 1)
        member = _Member(segment, [[] for _ in range(c)])
        mine = zeros(c, 4, t_all)  # issued, redeemed, expired, outstanding
        mine_by_issue = zeros(c, months, t_all)
        joined[i, start] += 1
        gone = False
        for m in range(start, t_all):
            told = m < months
            for j, currency in enumerate(program.currencies):
                match currency.expiry:
                    case AfterEarning(duration):
                        dead = [lot for lot in member.lots[j] if lot[0] + duration.count <= m]
                    case Never():
                        dead = []
                for lot in dead:
                    member.lots[j].remove(lot)
                    mine[j, 2, m] += lot[1]
                    if lot[0] < months:
                        expired_by_age[j, lot[0], m - lot[0]] += lot[1]
            last_earned = [0] * c
            count = 0 if gone else _poisson(luck, float(segment.purchases.mean))
            for number in range(count):
                price = max(1, round(luck.lognormvariate(0, 0.6) * segment.basket.median))
                for reward in program.rewards:
                    j = reward.currency
                    spendable = sum(lot[1] for lot in member.lots[j] if lot[0] < m)
                    if spendable >= reward.price and luck.random() < float(segment.redeem.chance):
                        _spend(member.lots[j], reward.price, m, months, redeemed_by_age[j], mine_by_issue[j])
                        mine[j, 1, m] += reward.price
                        if told:
                            uses[reward.index, m] += 1
                            reward_off[reward.index, m] += reward.off
                            reward_cost[reward.index, m] += 425 if reward.cost is not None else 0
                            off[i, m] += reward.off
                for rule in program.earns:
                    units = 0
                    match rule.amount:
                        case PerMoney():
                            units = price // 100
                        case Flat(units_):
                            units = units_ if m == start and number == 0 else 0
                        case Share():
                            units = price // 20
                    if units:
                        member.lots[rule.currency].append([m, units])
                        mine[rule.currency, 0, m] += units
                        last_earned[rule.currency] = units
                        if told:
                            rule_units[rule.index, m] += units
                            rule_times[rule.index, m] += 1
                if told:
                    purchases[i, m] += 1
                    basket[i, m] += price
            if told:
                active[i, m] += count > 0
            for j in range(c):
                mine[j, 3, m] = sum(lot[1] for lot in member.lots[j])
                if told:
                    pending[j, i, m] += min(last_earned[j], mine[j, 3, m])
            if not gone and luck.random() < float(segment.leave.share):
                gone = True
                if told:
                    left[i, m] += 1
        for j in range(c):
            for column, table in enumerate((issued, redeemed, expired, outstanding)):
                table[j, i] += mine[j, column, :months]
                for m in range(months):
                    squares[j][column][m] += int(mine[j, column, m]) ** 2
            total, ever = int(mine[j, 0, :months].sum()), int(mine_by_issue[j].sum())
            for column, product in enumerate((total * total, ever * ever, total * ever)):
                ultimate[j][column] += product
            for m in range(months):
                later = sum(int(mine_by_issue[j, n, m - n + 1 :].sum()) for n in range(m + 1))
                phi_squares[j][m] += later * later

    first = day_of(first_day)
    return Trajectories(
        program=program,
        population=POPULATION,
        seed=seed,
        sample=sample,
        weight=weight,
        months=months,
        month_starts=np.array([add_months(first, m) for m in range(t_all + 1)], dtype=np.int64),
        joined=joined,
        left=left,
        active=active,
        purchases=purchases,
        basket=basket,
        off=off,
        issued=issued,
        redeemed=redeemed,
        expired=expired,
        returns=zeros(s, months),
        returned_basket=zeros(s, months),
        friends_joined=zeros(s, months),
        events=np.stack([purchases, joined]),
        events_basket=np.stack([basket, zeros(s, months)]),
        reversed=np.zeros_like(issued),
        pending=pending,
        outstanding=outstanding,
        rule_units=rule_units,
        rule_reversed=np.zeros((len(program.earns), months), np.int64),
        reward_spent=np.zeros((len(program.rewards), months), np.int64),
        rule_times=rule_times,
        reward_uses=uses,
        reward_off=reward_off,
        reward_given=zeros(r, months),
        reward_cost=reward_cost,
        cost_scale=1,
        redeemed_by_age=redeemed_by_age,
        expired_by_age=expired_by_age,
        reversed_by_age=np.zeros_like(expired_by_age),
        levels=(),
        level_moves=(),
        near_misses=(),
        rule_members=np.minimum(rule_times.sum(axis=1), sample),
        reward_members=np.minimum(uses.sum(axis=1), sample),
        level_members=(),
        limit_members=zeros(0),
        limit_times=zeros(0, months),
        limit_cuts=zeros(0, months),
        squares=tuple(tuple(tuple(row) for row in table) for table in squares),
        ultimate=tuple((a, b, ab) for a, b, ab in ultimate),
        phi_squares=tuple(tuple(row) for row in phi_squares),
    )


def _poisson(luck: random.Random, mean: float) -> int:
    """Counts exponential gaps within one unit of time."""
    count, time = 0, luck.expovariate(mean)
    while time < 1:
        count, time = count + 1, time + luck.expovariate(mean)
    return count


def _spend(  # noqa: PLR0917
    lots: list[list[int]], units: int, month: int, months: int, by_age: np.ndarray, mine: np.ndarray
) -> None:
    """Takes `units` from the oldest lots that were earned before this month."""
    for lot in list(lots):
        taken = min(units, lot[1]) if lot[0] < month else 0
        lot[1] -= taken
        units -= taken
        if lot[0] < months:
            by_age[lot[0], month - lot[0]] += taken
            mine[lot[0], month - lot[0]] += taken
        if not lot[1]:
            lots.remove(lot)
    assert units == 0
