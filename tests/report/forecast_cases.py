"""Forecasts that the tests of reports share, made from the toy ledger."""

import sys
from functools import cache
from pathlib import Path

import attrs

sys.path.insert(0, str(Path(__file__).parents[1] / "forecast"))

from fractions import Fraction

from toy_ledger import DECLARED_COST, FIVE_OFF, POPULATION, SOURCE, toy_program, toy_trajectories

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.language.program import CostPerUse
from loyalty_dsl.source import SourceText, Span

HOSTILE = "</script><svg onload=alert(1)><img src=x onerror=alert(2)>\"'&\x1b[31m\u202ejavascript:alert(3)"
"""A name that tries a page's markup, its attributes, a terminal's escapes and the order of text."""


@cache
def plain(months: int = 36, sample: int = 400) -> Forecast:
    """One currency, three years."""
    return forecast(toy_trajectories(months=months, sample=sample, weight=Fraction(250)))


@cache
def cut_short() -> Forecast:
    """Two currencies, a tail that is too short, a reward without a cost."""
    return forecast(toy_trajectories(months=7, tail=2, sample=200, program=toy_program(2)))


@cache
def declared() -> Forecast:
    """A currency whose cost is declared and sourced."""
    return forecast(toy_trajectories(months=14, sample=200, program=toy_program(cost=DECLARED_COST)))


@cache
def one_month() -> Forecast:
    """The shortest forecast there is."""
    return forecast(toy_trajectories(months=1, sample=60))


@cache
def without_cost() -> Forecast:
    """No rewards: nothing is redeemed, and there is no liability."""
    return forecast(toy_trajectories(months=6, sample=60, program=attrs.evolve(toy_program(), rewards=())))


def hostile() -> Forecast:
    """Every text that a user can write is an attack: labels, names, sources, the file's own name and text."""
    file = SourceText(f"{HOSTILE}.loyalty", HOSTILE * 40)
    at = Span(file, 0, len(HOSTILE))
    number = attrs.evolve(FIVE_OFF.cost.number, source=HOSTILE, span=at)
    program = toy_program(1, label=HOSTILE, name=HOSTILE, span=at)
    program = attrs.evolve(
        program,
        label=HOSTILE,
        name=HOSTILE,
        span=at,
        rewards=(attrs.evolve(FIVE_OFF, label=HOSTILE, name=HOSTILE, span=at, cost=CostPerUse(number)),),
        earns=tuple(attrs.evolve(rule, label=HOSTILE, name=HOSTILE, span=at) for rule in program.earns),
    )
    segments = tuple(
        attrs.evolve(
            segment, name=f"{HOSTILE}{segment.index}", purchases=attrs.evolve(segment.purchases, span=at)
        )
        for segment in POPULATION.segments
    )
    made = toy_trajectories(months=6, sample=60, program=program)
    population = attrs.evolve(POPULATION, name=HOSTILE, segments=segments, span=at)
    return forecast(attrs.evolve(made, population=population))


__all__ = ["HOSTILE", "SOURCE", "cut_short", "declared", "hostile", "one_month", "plain", "without_cost"]
