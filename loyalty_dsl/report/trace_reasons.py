"""Why a rule posted nothing at an event, or a reward was not used: what was asked, and what was found.

Invariant: every silence and every obstacle has words of its own, with the figures that decided; `match` holds
that none is missing.
"""

from collections.abc import Iterable
from typing import assert_never

from loyalty_dsl.calendar import MONTHS, NEVER, WEEKDAYS, format_day, weekday
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.ledger import Obstacle
from loyalty_dsl.evaluation.promotions import Silence, triggers_of
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.evaluation.witness import GroupAsked, LimitMet, RewardAsked
from loyalty_dsl.evaluation.wording import amount_in_words, as_limited, limit_in_words, obstacle_in_words
from loyalty_dsl.explanation.considered import RewardTold, RuleTold
from loyalty_dsl.explanation.verdicts import Verdict, judge
from loyalty_dsl.explanation.workings import working_of
from loyalty_dsl.language.conditions import Any
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import (
    Combine,
    Currency,
    Dates,
    DayRange,
    DaysOfMonth,
    DaysOfWeek,
    DaysOfYear,
    EarnRule,
    Limit,
    LimitOf,
    Program,
    Reward,
)
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.amount_wording import exact_in_words, share_in_words, working_lines
from loyalty_dsl.report.condition_wording import condition_in_words, read_in_words, why_not
from loyalty_dsl.report.silences import of_first


def why_silent(program: Program, told: RuleTold) -> str:
    """What completes "posted nothing: ..." for an earn rule that was asked and posted nothing."""
    rule, facts = told.rule, told.asked.facts
    match told.silent:
        case None:
            raise AssertionError(f"{rule.name} posted something")
        case Silence.FIRST:
            staged = any(trigger.span.text.startswith("stage") for trigger in triggers_of(rule, told.kind))
            return "the stages before it were not passed" if staged else of_first(rule, told.kind)
        case Silence.WHERE:
            wheres = [trigger.where for trigger in triggers_of(rule, told.kind)]
            told_of = (why_not(program, where, facts) for where in wheres if where is not None)
            return "; or ".join(dict.fromkeys(told_of))
        case Silence.DATES:
            return dates_that_fail(rule.dates, facts.day)
        case Silence.WHEN:
            return "its `when` does not hold" if rule.when is None else why_not(program, rule.when, facts)
        case Silence.CHANCE:
            return f"its chance of {share_in_words(rule.chance)} did not come up"
        case Silence.NOTHING:
            return _comes_to_nothing(program, told)
        case Silence.GROUP if told.group is not None:
            return _another_of_group(program, told, told.group)
        case Silence.GROUP:
            return str(told.silent.value)
        case Silence.LIMIT | Silence.PART:
            return _limited(program, told)
        case _:
            assert_never(told.silent)


def _comes_to_nothing(program: Program, told: RuleTold) -> str:
    rule, worth = told.rule, told.worth
    if worth is None:
        return Silence.NOTHING.value
    if rule.items is not None and not worth.seen.passing:
        wanted = condition_in_words(program, rule.items)
        if not told.items:
            return f"it comes to 0: it is of items where `{wanted}`, and the event lists none"
        return f"it comes to 0: no item passes `{wanted}`"
    steps = working_lines(program, rule, worth, working_of(rule, worth))
    currency = program.currencies[rule.currency]
    small = told.paid is not None and told.paid.exact > 0
    rounded = f", rounded {currency.rounding.value}" if small else ""
    return f"it comes to 0: {'; '.join(steps)}{rounded}"


_PAYS = {
    Combine.ADD: "pays all of its rules",
    Combine.BEST: "pays the best of its rules",
    Combine.FIRST: "pays the first of its rules",
    Combine.NEWEST: "pays the newest of its rules",
}


def _rules_of_group(program: Program, told: RuleTold, asked: GroupAsked, rules: Iterable[int]) -> str:
    """Rules of a group, each with what it would be paid by itself."""
    currency, worths = program.currencies[told.rule.currency], dict(asked.worths)
    return " and ".join(
        f"`{program.earns[rule].name}` ({exact_in_words(program, currency, worths[rule])})" for rule in rules
    )


def _another_of_group(program: Program, told: RuleTold, asked: GroupAsked) -> str:
    group = program.groups[asked.group]
    currency = program.currencies[told.rule.currency]
    paid = _rules_of_group(program, told, asked, asked.chosen)
    own = exact_in_words(program, currency, dict(asked.worths)[told.rule.index])
    return f"`{group.name}` {_PAYS[group.combine]}, {paid}; this one would give {own}"


def chosen_line(program: Program, told: RuleTold) -> str | None:
    """Over which rules of its group a rule was paid; `None` where there was nothing to choose."""
    asked = told.group
    if asked is None or program.groups[asked.group].combine is Combine.ADD:
        return None
    others = [rule for rule, _ in asked.worths if rule not in asked.chosen]
    if not others:
        return None
    group = program.groups[asked.group]
    return f"`{group.name}` {_PAYS[group.combine]}: over {_rules_of_group(program, told, asked, others)}"


def _limited(program: Program, told: RuleTold) -> str:
    rule, met = told.rule, () if told.paid is None else told.paid.met
    closed = [each for each in met if not each.left and each.wanted] or list(met[-1:])
    if not closed:
        return Silence.LIMIT.value
    facts = told.asked.facts
    return "; ".join(limit_line(program, rule, each, facts) for each in closed)


# ---- limits


def limit_line(program: Program, rule: EarnRule, met: LimitMet, facts: Facts) -> str:
    """What a limit did to a posting."""
    currency = program.currencies[rule.currency]
    said = limit_in_words(program, met.limit, currency)
    if met.left == met.wanted:
        return f"the limit of {said} leaves it: {used_in_words(program, met, currency)}"
    if met.limit.everyone:
        until = until_in_words(met.limit, facts)
        return f"the limit of {said} is used up by all members together{until}"
    used = used_in_words(program, met, currency)
    if met.left:
        wanted, to = (amount_in_words(program, currency, units) for units in (met.wanted, met.left))
        return f"cut from {wanted} to {to} by its limit of {said}: {used}"
    if met.room and met.limit.refuses:
        wanted = amount_in_words(program, currency, met.wanted)
        return f"the limit of {said} takes no part of {wanted}: {used}"
    return f"its limit of {said} is used up: {used}{until_in_words(met.limit, facts)}"


def used_in_words(program: Program, met: LimitMet, currency: Currency) -> str:
    """What was used of a limit before."""
    if met.limit.everyone:
        return "it is for all members together"
    if met.limit.of is LimitOf.TIMES:
        return f"{met.used:,} of {met.limit.most:,} used"
    used = amount_in_words(program, currency, met.used)
    return f"{used} used before" if met.used else "nothing used before"


def until_in_words(limit: Limit, facts: Facts) -> str:
    """Until when a limit that is used up stays so: ` through 2026-03-31`."""
    if limit.window is None:
        return ""
    joined = facts.day - facts.days_since_join
    end = window_until(limit.window, facts.day, joined)
    return "" if end >= NEVER else f" through {format_day(end - 1)}"


# ---- dates


def dates_that_fail(clauses: tuple[tuple[Dates, ...], ...], day: int) -> str:
    """The `dates` that a day is none of."""
    failing = [clause for clause in clauses if not dates_hold((clause,), day)]
    said = " and ".join(", ".join(map(dates_in_words, clause)) for clause in failing)
    return f"its dates are {said}; the day is {format_day(day)}, a {WEEKDAYS[weekday(day)]}"


def dates_in_words(dates: Dates) -> str:
    """Days as a rule writes them."""
    match dates:
        case DayRange(first, last) if first == last:
            return format_day(first)
        case DayRange(first, last):
            if not _in_calendar(first):
                return f"through {format_day(last)}"
            if not _in_calendar(last):
                return f"from {format_day(first)}"
            return f"{format_day(first)} through {format_day(last)}"
        case DaysOfMonth(first, last):
            return (
                f"days {first} through {last} of the month" if first != last else f"day {first} of the month"
            )
        case DaysOfYear(first, last):
            start, end = (f"{MONTHS[month - 1]} {day}" for month, day in (first, last))
            return start if first == last else f"{start} through {end}"
        case DaysOfWeek(days):
            return " and ".join(f"{WEEKDAYS[day]}s" for day in days)
        case _:
            assert_never(dates)


def _in_calendar(day: int) -> bool:
    try:
        format_day(day)
    except (ValueError, OverflowError):
        return False
    return day < NEVER and format_day(day) not in ("0001-01-01", "9999-12-31")


# ---- rewards


def why_not_used(program: Program, told: RewardTold) -> str:
    """Why a reward or benefit that was considered was not used at all."""
    reward = told.reward
    if told.passed is not None:
        return _not_befallen(program, told)
    if not told.asked:
        return "it was not considered"
    return stopped_in_words(program, told.asked[-1], reward, used=False)


def _not_befallen(program: Program, told: RewardTold) -> str:
    assert told.passed is not None
    reward, facts = told.reward, told.passed.facts
    triggers = triggers_of(reward, told.kind)
    if any(holds(trigger.where, facts) for trigger in triggers) and reward.counted >= 0:
        currency = program.currencies[reward.counted]
        return f"it is used once for each {currency.name} that is available, and none is"
    wheres = (trigger.where for trigger in triggers)
    return "; or ".join(
        dict.fromkeys(why_not(program, where, facts) for where in wheres if where is not None)
    )


_MOST_ROWS = 2
"""So many rows of a reward's table are told of one by one where none holds."""


def stopped_in_words(program: Program, asked: RewardAsked, reward: Reward, *, used: bool = True) -> str:
    """What was in the way of (one more) use.

    Args:
        used: whether the uses that were planned were carried out; not so where more were asked for.
    """
    plan, facts = asked.plan, asked.plan.asked or asked.facts
    stopped = plan.stopped_by
    if stopped is None:
        return "no more was asked for"
    if isinstance(stopped, Gate):
        found = condition_in_words(program, stopped.condition)
        return f"{stopped.reason}: refused when {found}"
    if stopped is Obstacle.NOT_OFFERED:
        whens = [case.when for case in reward.cases if case.when is not None]
        if len(whens) > _MOST_ROWS:
            read = Verdict(Any(tuple(whens)), holds=False, parts=tuple(judge(when, facts) for when in whens))
            return f"it is not offered to this one: no row holds; {read_in_words(program, read)}"
        return f"it is offered when {_ones(why_not(program, when, facts) for when in whens)}"
    said = obstacle_in_words(program, stopped, reward) if program.currencies else stopped.value
    match stopped:
        case Obstacle.SHORT_BALANCE | Obstacle.MINIMUM_BALANCE if reward.currency >= 0:
            before = facts if used else asked.facts
            have = amount_in_words(
                program, program.currencies[reward.currency], before.available[reward.currency]
            )
            return f"{said}: {have} available"
        case Obstacle.WHEN if reward.when is not None:
            return why_not(program, reward.when, facts)
        case Obstacle.DATES:
            return dates_that_fail(reward.dates, facts.day)
        case Obstacle.MINIMUM_BASKET:
            return f"{said}, and this is {format_money(facts.basket, program.money)}"
        case Obstacle.NOTHING_TO_PAY if reward.items is not None:
            return f"nothing is left to pay of items where `{condition_in_words(program, reward.items)}`"
        case Obstacle.LIMIT if plan.limit is not None:
            return reward_limit_line(program, reward, asked, plan.limit)
        case _:
            return said


def _ones(reasons: Iterable[str]) -> str:
    return "; or ".join(dict.fromkeys(each.removeprefix("needs ") for each in reasons if each))


def reward_limit_line(program: Program, reward: Reward, asked: RewardAsked, limit: Limit) -> str:
    """A limit of a reward that leaves no more use."""
    known = as_limited(reward, limit)
    of = program.currencies[reward.currency] if reward.exchange else None
    said = limit_in_words(program, known, of)
    if limit.everyone:
        return f"its limit of {said} is used up by all members together{until_in_words(limit, asked.facts)}"
    used, _ = asked.used[reward.limits.index(limit)]
    if known.of is LimitOf.UNITS and of is not None:
        now = amount_in_words(program, of, (used + asked.plan.times) * reward.price)
        return f"its limit of {said} leaves no more: {now} used{until_in_words(limit, asked.facts)}"
    if limit.of is LimitOf.UNITS:
        now = format_money(used + asked.plan.off, program.money)
        return f"its limit of {said} leaves no more: {now} used"
    now = f"{used + asked.plan.times:,} of {limit.most:,} used"
    return f"its limit of {said} leaves no more: {now}{until_in_words(limit, asked.facts)}"
