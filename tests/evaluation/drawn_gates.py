"""Gates, events that count on a date, returns with a time limit, and slices of counters, drawn at random."""

import attrs
from drawing import NOWHERE, PURCHASE_FIELDS, STAY, Chooser, draw_condition

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Slices
from loyalty_dsl.language.checking.amounts import LARGEST
from loyalty_dsl.language.counters import NumberMeasure
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.language.windows import Period, Rolling

_MADE = PURCHASE_FIELDS[3]
_LENGTHS: tuple[Duration | c.BusinessDays, ...] = (
    Duration(1, Unit.DAY), Duration(20, Unit.DAY), Duration(1, Unit.MONTH), Duration(2, Unit.WEEK),
    c.BusinessDays(1), c.BusinessDays(3), c.BusinessDays(12),
)  # fmt: skip


def with_gates(choose: Chooser, program: Program) -> Program:
    """The program with gates of some events and rewards, and with purchases that may count on a date."""
    kinds = (STAY,) if program.friend_kinds else (PURCHASE, PURCHASE, STAY, JOIN)
    gates = tuple(_gate(choose, program, choose.one_of(kinds)) for _ in range(choose.integer(0, 2)))
    rewards = tuple(
        attrs.evolve(reward, gates=tuple(_gate(choose, program, None) for _ in range(choose.integer(0, 2))))
        if reward.taking in (Taking.CHOSEN, Taking.EXCHANGED, Taking.AT_CHECKOUT)
        else reward
        for reward in program.rewards
    )
    program = attrs.evolve(program, gates=gates, rewards=rewards)
    if program.counters and choose.integer(0, 1):
        program = attrs.evolve(
            program, earns=tuple(_of_counter(choose, program, rule) for rule in program.earns)
        )
    if program.returns is not None and choose.integer(0, 1):
        within = choose.one_of((None, Duration(5, Unit.DAY), Duration(1, Unit.MONTH)))
        program = attrs.evolve(
            program, returns=attrs.evolve(program.returns, within=within, in_own_period=True)
        )
    if choose.integer(0, 1) and not any(
        isinstance(counter.measure, NumberMeasure) for counter in program.counters
    ):
        program = _counting_on_a_date(program)
    return program


def _gate(choose: Chooser, program: Program, kind: int | None) -> Gate:
    operands: list[c.Operand] = [c.DaysSinceJoin(), c.EventDay()]
    operands += [c.CounterValue(counter.index) for counter in program.counters]
    operands += [c.StatusOf(ladder.index) for ladder in program.ladders]
    operands += [c.MemberField(field) for field in program.member_fields]
    if kind is not None and program.events[kind].has_amount:
        operands += [c.EventAmount(c.Base.BASKET)]
    within: list[c.EventField | c.MemberField] = [c.MemberField(f) for f in program.member_fields[3:]]
    if kind == PURCHASE:
        within.append(c.EventField(_MADE))
    condition = draw_condition(choose, operands, depth=1)
    if within and choose.integer(0, 1):
        window = choose.one_of((None, Unit.MONTH, Period(3, "year")))
        length = choose.one_of(_LENGTHS)
        window = None if isinstance(length, c.BusinessDays) else window
        last = c.DayWithin(choose.one_of(within), length, window)
        condition = c.Compare(c.EventDay(), choose.one_of((c.Order.MORE, c.Order.AT_MOST)), last)
    return Gate(condition, f"reason {choose.integer(0, 99)}", NOWHERE, kind)


def _of_counter(choose: Chooser, program: Program, rule: EarnRule) -> EarnRule:
    """The rule, giving a share or slices of a counter; shares of it by others stay as they are."""
    if choose.integer(0, 2) or isinstance(rule.items, c.Compare | c.OneAmong):
        return rule
    counter = choose.one_of(program.counters)
    base = c.CounterValue(
        counter.index, bool(choose.integer(0, 1)) and not isinstance(counter.window, Rolling)
    )
    amount = Slices(base, (0, 50, LARGEST), (choose.integer(0, 5), 3, 0), (100, 70, 1))
    return attrs.evolve(rule, amount=amount)


def _counting_on_a_date(program: Program) -> Program:
    purchase = attrs.evolve(program.events[PURCHASE], counts_on=_MADE)
    return attrs.evolve(
        program,
        events=(purchase, *program.events[1:]),
        counters=tuple(
            attrs.evolve(counter, window=Unit.MONTH) if isinstance(counter.window, Rolling) else counter
            for counter in program.counters
        ),
        ladders=tuple(attrs.evolve(ladder, upgrade_before=False) for ladder in program.ladders),
    )
