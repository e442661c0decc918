"""What a scenario gives before its first event (SCEN-1, SCEN-7).

Invariant: what is given is as of the day before the first event, and nothing of the time before it happens;
only a lot has a day of its own.
"""

from typing import assert_never

from loyalty_dsl.evaluation.groups import (
    advance,
    decide_given,
    give_counter,
    give_field,
    give_joined,
    give_level,
    give_opening,
    give_times,
)
from loyalty_dsl.evaluation.members import Group
from loyalty_dsl.language.program import Limit, LimitOf, Program
from loyalty_dsl.language.scenario import (
    Given,
    GivenCounter,
    GivenField,
    GivenJoined,
    GivenLevel,
    GivenTimes,
    GivenUnits,
    Scenario,
)


def give_all(group: Group, scenario: Scenario, first: int) -> None:
    """Writes what is given, and moves the clock to the day before the first event.

    Args:
        first: the day of the first event or dated expectation.
    """
    joined = next((given.day for given in scenario.given if isinstance(given, GivenJoined)), None)
    eve = first - 1 if joined is None else max(first - 1, joined)
    for given in sorted(scenario.given, key=_order):
        match given:
            case GivenField(field, value):
                give_field(group, field, value)
            case GivenLevel(ladder, level, through):
                give_level(group, ladder, level, through, eve)
            case GivenCounter(counter, value):
                give_counter(group, counter, value, eve)
            case GivenUnits(currency, units, earned):
                start = eve if joined is None else joined
                give_opening(group, currency, units, start if earned is None else earned)
            case GivenJoined(day):
                advance(group, first - 1)
                give_joined(group, day)
            case GivenTimes():
                give_times(group, _times_limits(group.program, given), given.times, eve)
            case _:
                assert_never(given)
    advance(group, first - 1)
    levels = frozenset(given.ladder for given in scenario.given if isinstance(given, GivenLevel))
    decide_given(group, levels)


_ORDER = (GivenField, GivenLevel, GivenUnits, GivenCounter, GivenJoined, GivenTimes)


def _order(given: Given) -> int:
    """Lots ask for status and fields, and count in counters; limits count in years of membership."""
    return _ORDER.index(type(given))


def _times_limits(program: Program, given: GivenTimes) -> tuple[Limit, ...]:
    """The limits in times of a rule, with those of its group, or of a reward."""
    if given.reward:
        limits = program.rewards[given.index].limits
    else:
        rule = program.earns[given.index]
        limits = rule.limits if rule.group is None else rule.limits + program.groups[rule.group].limits
    return tuple(limit for limit in limits if limit.of is LimitOf.TIMES)
