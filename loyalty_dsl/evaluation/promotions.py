"""Which earn rules pay at an event, in which order, and how much: triggers, groups, limits (EARN, GROUP).

Invariants: a rule is asked once an event, after every rule that it refers to; what it passes on to others is
known before any of them asks (EARN-10). Posting is somebody else's: nothing here makes a lot.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.checkout import Checkout, Seen
from loyalty_dsl.evaluation.earning import RunningTotal, exact_worth
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.limits import Usage, binding, counting
from loyalty_dsl.evaluation.witness import (
    GroupAsked,
    LimitMet,
    RuleAsked,
    RulePaid,
    RuleSilent,
    RuleWorth,
    Witness,
)
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    Condition,
    CounterValue,
    EventField,
    Literal,
    Order,
)
from loyalty_dsl.language.program import Combine, EarnRule, Group, Program, Reward, Trigger


class Silence(Enum):
    """Why an earn rule posted nothing at an event of a kind that it is about. The value completes
    "posted nothing: ..."."""

    FIRST = "it comes after the first ones"
    WHERE = "its `where` does not hold"
    DATES = "its `dates` do not hold on this day"
    WHEN = "its `when` does not hold"
    CHANCE = "its chance did not come up"
    NOTHING = "it comes to 0"
    GROUP = "another rule of its group is paid"
    LIMIT = "its limit is used up"
    PART = "refused, as only a part of it would have fitted under its limit"


Luck = Callable[[EarnRule], bool]
"""Whether a rule with a `chance` fires at this event."""


def no_luck(rule: EarnRule) -> bool:
    """For programs in which nothing is left to chance.

    Raises:
        ValueError: the caller has to say how luck is drawn.
    """
    raise ValueError(f"`{rule.name}` has a chance, and nothing draws it")


@attrs.frozen
class Passed:
    """What a rule that paid has to remember, for a return of the event (RETURN).

    Attributes:
        exact: its amount before rounding and limits.
        uncut: whether no limit cut what it posted, so that others saw `exact` and not `units`.
        units: what it posted; more than 0.
        base: the sum of the prices, before rewards, of the items that it sees; the basket without a filter.
        positions: those items, by their places in the event.
        wait: the case of `EarnRule.waits` that held; -1 for none.
    """

    rule: int
    exact: Fraction
    uncut: bool
    units: int
    base: int
    positions: tuple[int, ...]
    wait: int = -1


@attrs.frozen
class Earned:
    """What the earn rules did at an event.

    Attributes:
        passed: of the rules that posted, in the order of posting.
        silent: rules about such an event that posted nothing, by index, and why.
    """

    passed: tuple[Passed, ...]
    silent: tuple[tuple[int, Silence], ...]


@attrs.frozen
class _Candidate:
    """A rule that fires, with its exact amount."""

    rule: EarnRule
    exact: Fraction
    seen: Seen


@attrs.define(eq=False)
class _Paying:
    """One event's earning as it goes along."""

    program: Program
    usage: Usage
    day: int
    facts: Facts
    totals: list[RunningTotal]
    passed_on: dict[int, Fraction] = attrs.field(factory=dict)
    passed: list[Passed] = attrs.field(factory=list)
    silent: list[tuple[int, Silence]] = attrs.field(factory=list)
    witness: Witness | None = None

    def silence(self, rule: int, why: Silence) -> None:
        self.silent.append((rule, why))
        if self.witness is not None:
            self.witness(RuleSilent(rule, why))


def earn(
    program: Program,
    usage: Usage,
    event: Event,
    facts: Facts,
    checkout: Checkout,
    *,
    luck: Luck = no_luck,
    witness: Witness | None = None,
) -> Earned:
    """Carries out the earn rules of an event or a midnight (EVENT-1, step 5).

    Args:
        usage: of the member's limits; it is counted on as rules are paid.
        facts: of the event after its rewards.
        checkout: what its rewards left of its items.
        luck: whether a rule with a chance fires.
        witness: who is told of it.

    Returns:
        What to post; the postings themselves are the caller's.
    """
    totals = [RunningTotal(currency) for currency in program.currencies]
    paying = _Paying(program, usage, event.day, facts, totals, witness=witness)
    waiting: dict[int, list[_Candidate]] = {group.index: [] for group in program.groups}
    last = {group.index: _last_in_order(program, group) for group in program.groups}
    for index in program.order:
        rule = program.earns[index]
        triggers = [trigger for trigger in rule.triggers if trigger.event == event.kind]
        if triggers:
            why = _why_silent(program, rule, triggers, event.day, facts, luck=luck)
            if witness is not None:
                witness(RuleAsked(index, facts, why))
            if why is not None:
                paying.silence(index, why)
            else:
                seen = checkout.seen_by(rule.items, facts)
                exact = exact_worth(rule, seen, facts, paying.passed_on)
                if witness is not None:
                    witness(RuleWorth(index, facts, seen, tuple(paying.passed_on.items()), exact))
                candidate = _Candidate(rule, exact, seen)
                if rule.group is None:
                    _pay(paying, candidate, None)
                else:
                    waiting[rule.group].append(candidate)
        if rule.group is not None and last[rule.group] == index:
            _pay_group(paying, program.groups[rule.group], waiting[rule.group])
    return Earned(tuple(paying.passed), tuple(sorted(paying.silent, key=lambda pair: pair[0])))


def _last_in_order(program: Program, group: Group) -> int:
    return max(group.rules, key=program.order.index)


def _why_silent(
    program: Program, rule: EarnRule, triggers: Sequence[Trigger], day: int, facts: Facts, *, luck: Luck
) -> Silence | None:
    """Why a rule does not fire, or `None` when it does (EARN-1)."""
    if not fires(triggers, facts):
        late = all(_is_late(program, trigger, facts) for trigger in triggers)
        return Silence.FIRST if late else Silence.WHERE
    if not dates_hold(rule.dates, day):
        return Silence.DATES
    if not holds(rule.when, facts):
        return Silence.WHEN
    if rule.chance < 1 and not luck(rule):  # EARN-12
        return Silence.CHANCE
    return None


def _is_late(program: Program, trigger: Trigger, facts: Facts) -> bool:
    """Whether a trigger is for the first events of a kind, and this one comes after them (EARN-13)."""
    tests = trigger.where.conditions if isinstance(trigger.where, All) else (trigger.where,)
    late = [test for test in tests if not holds(test, facts)]
    return bool(late) and all(_is_of_number(program, trigger, test) for test in late)


def _is_of_number(program: Program, trigger: Trigger, test: Condition | None) -> bool:
    """Whether a test is of the number of an event, and so the `first` of a trigger."""
    match test:
        case Compare(CounterValue(counter), Order.LESS, Literal()):
            return program.counters[counter].hidden
        case Compare(EventField(field), _, Literal()):
            friends = [kind.event for kind in program.friend_kinds if kind.has_fields]
            return trigger.event in friends and field.index == len(program.events[trigger.event].fields) - 2
        case _:
            return False


def fires(triggers: Sequence[Trigger], facts: Facts) -> bool:
    """Whether any of the triggers, all of the event's kind, has a `where` that holds."""
    return any(holds(trigger.where, facts) for trigger in triggers)


def triggers_of(rule: EarnRule | Reward, kind: int) -> list[Trigger]:
    """The triggers that are about events of a kind."""
    return [trigger for trigger in rule.triggers if trigger.event == kind]


def _pay(paying: _Paying, candidate: _Candidate, group: Group | None) -> None:
    """Pays one rule: rounded, cut by its own limits and then by its group's (LIMIT-1, GROUP-3)."""
    rule, exact = candidate.rule, candidate.exact
    total = paying.totals[rule.currency]
    uncut = total.units(exact)
    met: list[LimitMet] = []
    told = None if paying.witness is None else met.append
    posted = paying.usage.fitting(binding(rule.limits, paying.facts), paying.day, uncut, told)
    if group is not None:
        posted = paying.usage.fitting(binding(group.limits, paying.facts), paying.day, posted, told)
    total.add(exact, uncut, posted)  # LIMIT-5
    paying.passed_on[rule.index] = exact if posted == uncut else Fraction(posted)  # EARN-10
    limits = rule.limits if group is None else rule.limits + group.limits
    limits = counting(limits, paying.facts.fields)  # LIMIT-11
    if paying.witness is not None:
        counted = limits if posted else ()
        paying.witness(RulePaid(rule.index, exact, uncut, posted, tuple(met), counted))
    if not posted:
        paying.silence(rule.index, _why_nothing(paying, candidate, group, uncut))  # EARN-5
        return
    paying.usage.count(limits, paying.day, units=posted, times=1)  # LIMIT-2
    seen = candidate.seen
    waits = (case for case, (when, _) in enumerate(rule.waits) if holds(when, paying.facts))
    paying.passed.append(
        Passed(
            rule.index, exact, posted == uncut, posted, seen.basket, seen.positions, next(waits, -1)
        )  # LOT-7
    )  # fmt: skip


def _why_nothing(paying: _Paying, candidate: _Candidate, group: Group | None, uncut: int) -> Silence:
    """Why a rule that fires posts nothing, where `uncut` units are what no limit has cut yet (LIMIT-7)."""
    if not uncut:
        return Silence.NOTHING
    limits = candidate.rule.limits if group is None else candidate.rule.limits + group.limits
    rooms = [paying.usage.room(limit, paying.day) for limit in binding(limits, paying.facts)]
    return Silence.LIMIT if any(room <= 0 for room in rooms) else Silence.PART


def _pay_group(paying: _Paying, group: Group, candidates: list[_Candidate]) -> None:
    """Pays the rules of a group that are chosen, in declared order (GROUP-1, GROUP-2)."""
    chosen = _chosen(paying, group, candidates)
    if paying.witness is not None and candidates:
        met: list[LimitMet] = []
        worths = tuple((each.rule.index, _worth(paying, each, met.append)) for each in candidates)
        paying.witness(GroupAsked(group.index, worths, tuple(each.rule.index for each in chosen), tuple(met)))
    for candidate in sorted(candidates, key=lambda candidate: candidate.rule.index):
        if candidate in chosen:
            _pay(paying, candidate, group)
        elif chosen:
            paying.silence(candidate.rule.index, Silence.GROUP)
        else:
            uncut = paying.totals[candidate.rule.currency].units(candidate.exact)
            if paying.witness is not None:
                cut: list[LimitMet] = []
                limits = binding(candidate.rule.limits, paying.facts)
                posted = paying.usage.fitting(limits, paying.day, uncut, cut.append)
                told = RulePaid(candidate.rule.index, candidate.exact, uncut, posted, tuple(cut), ())
                paying.witness(told)
            paying.silence(candidate.rule.index, _why_nothing(paying, candidate, group, uncut))


def _chosen(paying: _Paying, group: Group, candidates: list[_Candidate]) -> list[_Candidate]:
    if group.combine is Combine.ADD:
        return candidates
    preferred = sorted(candidates, key=lambda candidate: group.rules.index(candidate.rule.index))
    worths = [(_worth(paying, candidate), candidate) for candidate in preferred]
    paid = [(worth, candidate) for worth, candidate in worths if worth > 0]
    if not paid:
        return []
    match group.combine:
        case Combine.FIRST | Combine.NEWEST:
            return [paid[0][1]]
        case Combine.BEST:  # the first in preference at ties
            return [max(paid, key=lambda pair: pair[0])[1]]
        case _:
            assert_never(group.combine)


def _worth(
    paying: _Paying, candidate: _Candidate, told: Callable[[LimitMet], None] | None = None
) -> Fraction:
    """What a rule would be paid by itself: exactly if its own limits do not cut it (GROUP-2)."""
    uncut = paying.totals[candidate.rule.currency].units(candidate.exact)
    posted = paying.usage.fitting(binding(candidate.rule.limits, paying.facts), paying.day, uncut, told)
    return candidate.exact if posted == uncut else Fraction(posted)
