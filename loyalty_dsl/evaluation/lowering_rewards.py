"""Rewards and benefits as rows: which case applies, its price and its face (REDEEM, BENEFIT).

Invariant: a case that is open without end, a use for nothing that takes nothing off, is not lowered.
"""

from typing import assert_never

import attrs

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter
from loyalty_dsl.evaluation.lowering_dates import DayColumns
from loyalty_dsl.evaluation.lowering_gates import GateLines
from loyalty_dsl.evaluation.lowering_rules import LimitRows
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import PURCHASE

_TAKINGS = {
    Taking.CHOSEN: p.CHOSEN,
    Taking.AT_CHECKOUT: p.AT_CHECKOUT,
    Taking.AFTER_EARNING: p.AFTER_EARNING,
    Taking.BENEFIT: p.BENEFIT,
    Taking.EXCHANGED: p.EXCHANGED,
    Taking.PICKED: p.CHOSEN,
    Taking.DEFAULTED: p.DEFAULTED,
    Taking.SENT: p.SENT,
    Taking.RECEIVED: p.RECEIVED,
}


@attrs.define(eq=False)
class RewardRows:
    """Rows of all rewards, and of their cases."""

    rewards: list[tuple[int, ...]] = attrs.field(factory=list)
    cases: list[tuple[int, ...]] = attrs.field(factory=list)


_NO_END = 2**62
"""More than any basket."""


def lower_rewards(program: Program, writer: CodeWriter, limits: LimitRows, days: DayColumns) -> RewardRows:
    """Lowers the rewards and benefits."""
    rows = RewardRows()
    gates = GateLines(program, writer)
    for reward in program.rewards:
        decided = []
        for case in reward.cases:
            decided.append((case.when, p.FIRST_LEAF - len(rows.cases)))
            rows.cases.append(_lower_case(reward, case))
        first_line = len(writer.lines)
        when = writer.write(reward.when)
        rows.rewards.append(
            (
                reward.currency,
                writer.write_choice(decided, p.NOT_MET),
                _TAKINGS[reward.taking],
                when,
                days.bit_of(reward.dates),
                reward.minimum_basket,
                reward.minimum_balance,
                *limits.append(reward.limits),
                _asks_about_purchase(reward),
                first_line,
                p.NO_FILTER if reward.items is None else writer.write(reward.items),
                int(not reward.benefit and any(c.reads_event(case.when) for case in reward.cases)),
                reward.minimum_exchange,
                reward.at,
                gates.of_reward(reward),
                reward.counted,
                reward.most_counted,
            )
        )
    return rows


def _asks_about_purchase(reward: Reward) -> int:
    return int(not reward.benefit and (reward.at != PURCHASE or _reads_event(reward)))


def _reads_event(reward: Reward) -> bool:
    asked = (reward.when, *(gate.condition for gate in reward.gates))
    return reward.minimum_basket > 0 or any(c.reads_event(each) for each in asked)


def _lower_case(reward: Reward, case: RewardCase) -> tuple[int, ...]:
    """A row of `Plan.cases`: price, whole balance, face, units, per, currency, in full, most off."""
    face = case.face
    if not reward.benefit and case.price <= 0:
        raise AssertionError(f"reward {reward.name} is for nothing, so an automatic use would never end")
    priced = (case.price, int(case.whole_balance))
    match face:
        case MoneyOff(minor, in_full):
            if minor <= 0 and not case.whole_balance:
                raise AssertionError(f"reward {reward.name} takes nothing off")
            return *priced, p.MONEY_FACE, minor, 1, -1, int(in_full), 0
        case PercentOff(share, up_to):
            most = _NO_END if up_to is None else up_to
            return *priced, p.PERCENT_FACE, share.numerator, share.denominator, -1, 0, most
        case FreeItem(up_to):
            return *priced, p.FREE_FACE, 0, 1, -1, 0, _NO_END if up_to is None else up_to
        case UnitsGiven(currency, units, per, more):
            return *priced, p.UNITS_FACE, units, 1, currency, more, per
        case BalanceGiven(currency, share):
            return *priced, p.BALANCE_FACE, share.numerator, share.denominator, currency, 0, 0
        case Thing():
            return *priced, p.THING_FACE, 0, 1, -1, 0, 0
        case _:
            assert_never(face)


def lower_options(program: Program) -> list[tuple[int, int]]:
    """Rows of `StatePlan.options`: what options of menus give to counters of what is earned (MENU-4)."""
    earned = ((each.index, each.measure) for each in program.counters)
    return [(reward, at) for at, of in earned if isinstance(of, EarnedMeasure) for reward in of.rewards]
