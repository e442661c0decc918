"""What expectations about status and counters find (SCEN-8, SCEN-9).

Invariant: looking changes nothing.
"""

from fractions import Fraction

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.members import Group, Member, counters_now
from loyalty_dsl.language.scenario import ExpectCounter, ExpectLevel
from loyalty_dsl.testing.results import CounterCheck, LevelCheck, Standing


def check_level(expect: ExpectLevel, member: Member, chapters: int) -> LevelCheck:
    """The level held and, if it was asked, through which day at least the expected one is."""
    level = member.ladders[expect.ladder].level
    through = None
    if expect.through is not None and level >= expect.level:
        through = held_through(member, expect.ladder, expect.level)
    return LevelCheck(expect, level, through, chapters)


def check_counter(expect: ExpectCounter, group: Group, member: Member, chapters: int) -> CounterCheck:
    """The value of a counter, or of a total of several."""
    values = counters_now(group, member)
    total = sum(factor * values[counter] for factor, counter in expect.terms)
    return CounterCheck(expect, Fraction(total, expect.scale), chapters)


def standing_of(group: Group, member: Member) -> Standing:
    """Where somebody stands now."""
    return Standing(
        levels=tuple(
            (standing.level, held_through(member, ladder, standing.level))
            for ladder, standing in enumerate(member.ladders)
        ),
        counters=counters_now(group, member),
    )


def held_through(member: Member, ladder: int, level: int) -> int:
    """The last day on which a member has at least a level if nothing else happens; the lowest is for good."""
    return member.ladders[ladder].held_through(level) if level else NEVER
