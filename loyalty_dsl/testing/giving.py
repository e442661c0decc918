"""What a scenario gives before its first event (SCEN-1, SCEN-7).

Invariant: what is given is as of the day before the first event, and nothing of the time before it happens;
only a lot has a day of its own.
"""

from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.tiers import grant_from
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import (
    Given,
    GivenChance,
    GivenCounter,
    GivenField,
    GivenHoldout,
    GivenJoined,
    GivenLevel,
    GivenTimes,
    GivenUnits,
    Scenario,
)
from loyalty_dsl.testing.evaluators import Evaluator


def give_all(evaluator: Evaluator, scenario: Scenario, first: int) -> None:
    """Writes what is given, and moves the clock to the day before the first event.

    Args:
        first: the day of the first event or dated expectation.
    """
    for given in sorted(scenario.given, key=lambda given: _order(scenario, given, first)):
        actor = whose(given)
        eve = eve_of(scenario, first, actor)
        match given:
            case GivenField(field, value):
                evaluator.give_field(field, value, actor)
            case GivenLevel(ladder, level, through):
                rules = evaluator.program.ladders[ladder]
                last = grant_from(rules, eve, eve) if through is None else through
                evaluator.give_level(ladder, level, last, eve, actor)
            case GivenCounter(counter, value):
                evaluator.give_counter(counter, value, eve, actor)
            case GivenUnits(currency, units):
                evaluator.give_opening(currency, units, earned_on(scenario, given, first), actor)
            case GivenJoined(day):
                evaluator.advance(first - 1)
                evaluator.give_joined(day, actor)
            case GivenTimes():
                evaluator.give_times(given, eve)
            case GivenChance() | GivenHoldout():
                pass  # for all of the scenario: `chances_given`, `holdouts_given`
            case _:
                assert_never(given)
    evaluator.advance(first - 1)
    for actor in sorted({0, *map(whose, scenario.given)}):
        levels = (
            given.ladder for given in scenario.given if isinstance(given, GivenLevel) and given.actor == actor
        )
        evaluator.decide_given(frozenset(levels), actor)


def whose(given: Given) -> int:
    """The actor who begins with it; chances and holdouts are everybody's."""
    return 0 if isinstance(given, GivenChance | GivenHoldout) else given.actor


_ORDER = (
    GivenField,
    GivenLevel,
    GivenUnits,
    GivenCounter,
    GivenJoined,
    GivenTimes,
    GivenChance,
    GivenHoldout,
)


def _order(scenario: Scenario, given: Given, first: int) -> tuple[int, int]:
    """Lots ask for status and fields, and count in counters; limits count in years of membership. Lots come
    in the order in which they were earned."""
    day = earned_on(scenario, given, first) if isinstance(given, GivenUnits) else 0
    return _ORDER.index(type(given)), day


def chances_given(scenario: Scenario) -> frozenset[int]:
    """The rules whose chance comes up, by index; no other does (SCEN-13)."""
    return frozenset(given.rule for given in scenario.given if isinstance(given, GivenChance))


def holdouts_given(scenario: Scenario) -> frozenset[str]:
    """The audiences that everybody is held out of, by name; nobody is of any other (AUDIENCE-3)."""
    return frozenset(given.audience for given in scenario.given if isinstance(given, GivenHoldout))


def with_holdouts(program: Program, held: frozenset[str]) -> Program:
    """The program with everybody held out of these audiences, and nobody of the others."""
    return attrs.evolve(
        program,
        audiences=tuple(
            attrs.evolve(each, holdout=Fraction(each.name in held)) for each in program.audiences
        ),
    )


def with_luck(program: Program, lucky: frozenset[int]) -> Program:
    """The program with its chances settled: those given come up, and no others (SCEN-13)."""
    earns = tuple(
        attrs.evolve(rule, chance=Fraction(1), triggers=rule.triggers if rule.index in lucky else ())
        if rule.chance < 1
        else rule
        for rule in program.earns
    )
    return attrs.evolve(program, earns=earns)


def eve_of(scenario: Scenario, first: int, actor: int = 0) -> int:
    """The day as of which everything but lots is given to somebody."""
    joined = _joined(scenario, actor)
    return first - 1 if joined is None else max(first - 1, joined)


def earned_on(scenario: Scenario, given: GivenUnits, first: int) -> int:
    """The day on which an opening lot was earned."""
    joined = _joined(scenario, whose(given))
    start = eve_of(scenario, first, whose(given)) if joined is None else joined
    return start if given.earned is None else given.earned


def _joined(scenario: Scenario, actor: int) -> int | None:
    days = (each.day for each in scenario.given if isinstance(each, GivenJoined) and each.actor == actor)
    return next(days, None)
