"""A checked study: a forecast that is asked a question, and the bounds that its answers have to keep.

Invariant: every name is one of the study's program, every month is within the study's months, and every
bound is in the unit of its outcome: dollars, points, members, shares of 1.
"""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction

from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.outcomes import OutcomeName, When
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import CostOfFace, CostPerUse, Program
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span

MONTHS = 36
"""Of a study that does not say how many."""


@record
class StudyOutcome:
    """An outcome that a study asks for.

    Attributes:
        subject: the currency, level or reward that it is of; `None` for all.
        month: up to the end of which month, from 1.
    """

    name: OutcomeName
    subject: str | None
    month: int
    span: Span

    @property
    def text(self) -> str:
        """It in full: `liability at month 36`."""
        name = self.name.name + (f" of {self.subject}" if self.subject else "")
        match self.name.when:
            case When.AT:
                return f"{name} at month {self.month}"
            case When.OVER:
                return f"{name} over {self.month} month{'' if self.month == 1 else 's'}"
            case When.EVER:
                return name


@record
class Bound:
    """`<= $4.0M`."""

    sign: str
    value: Fraction
    written: str


class Layer(Enum):
    """What a gate has to hold against."""

    POINT = "the figure itself"
    NOISE = "simulation noise"
    CONFIDENCE = "confidence"


@record
class Gate:
    """A bound, or two, on an outcome.

    Attributes:
        requires: whether breaking it fails the study; else it only warns.
        level: of the confidence, 19/20 where it is not said.
    """

    requires: bool
    outcome: StudyOutcome
    bounds: tuple[Bound, ...]
    layer: Layer
    level: Fraction
    span: Span

    @property
    def text(self) -> str:
        """It as it is written, on one line."""
        return " ".join(self.span.text.split())


@record
class Accepted:
    """An assumed number that somebody answers for."""

    path: str
    why: str
    span: Span


@record
class NumberSetTo:
    """A number of the program that is compared with, by its path, as written."""

    path: str
    value: str
    span: Span


@record
class Study:
    """A study.

    Attributes:
        sample: members to simulate; `None` for as many as a forecast takes by itself.
        compare: the program that is compared with, by name; `settings` are what it is made by instead: this
            program with some numbers set.
        span: of its header.
    """

    name: str
    title: str | None
    program: str
    population: str
    months: int
    sample: int | None
    seed: int
    compare: str | None
    settings: tuple[NumberSetTo, ...]
    objective: StudyOutcome | None
    gates: tuple[Gate, ...]
    accepted: tuple[Accepted, ...]
    span: Span


def numbers_to_accept(program: Program) -> Mapping[str, AssumedNumber | None]:
    """What a study may accept of a program, by path: the costs that money rests on.

    Returns:
        The number; `None` for a reward without a declared cost, which is taken at the money it takes off.
    """
    found: dict[str, AssumedNumber | None] = {}
    for currency in program.currencies:
        if currency.cost is not None:
            found[f"{currency.name}.cost"] = currency.cost
    for reward in program.rewards:
        match reward.cost:
            case CostPerUse(number) | CostOfFace(number):
                found[f"{reward.name}.cost"] = number
            case None:
                found[f"{reward.name}.cost"] = None
    return found


def numbers_about_value(population: Population) -> Mapping[str, AssumedNumber]:
    """What a study may accept of a population, by path: the numbers that say what a program is worth."""
    value = population.value
    runs = None if value.runs is None else value.runs.cost
    said = {"margin": value.margin, "discount": value.discount, "runs": runs, "lift": value.lift}
    return {f"{population.name}.{word}": one for word, one in said.items() if one is not None}
