"""What expectations about status and counters find (SCEN-8, SCEN-9)."""

from fractions import Fraction

from loyalty_dsl.language.scenario import ExpectCounter, ExpectLevel
from loyalty_dsl.testing.evaluators import Evaluator
from loyalty_dsl.testing.results import CounterCheck, LevelCheck


def check_level(expect: ExpectLevel, evaluator: Evaluator, chapters: int) -> LevelCheck:
    """The level held and, if it was asked, through which day at least the expected one is."""
    level, _ = evaluator.standing(0).levels[expect.ladder]
    through = None
    if expect.through is not None and level >= expect.level:
        through = evaluator.held_through(0, expect.ladder, expect.level)
    return LevelCheck(expect, level, through, chapters)


def check_counter(expect: ExpectCounter, evaluator: Evaluator, chapters: int) -> CounterCheck:
    """The value of a counter, or of a total of several."""
    values = evaluator.standing(0).counters
    total = sum(factor * values[counter] for factor, counter in expect.terms)
    return CounterCheck(expect, Fraction(total, expect.scale), chapters)
