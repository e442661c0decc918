"""The namespace of a command's files: every program, population and scenario in them.

Invariant: names of programs are unique in a book, and so are those of populations.
"""

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.source import SourceText


@attrs.frozen
class Book:
    """What was declared in a set of files, checked.

    Attributes:
        not_simulated: why populations were set aside: their program does what simulated members cannot yet.
    """

    sources: tuple[SourceText, ...]
    programs: tuple[Program, ...]
    populations: tuple[Population, ...]
    scenarios: tuple[Scenario, ...]
    not_simulated: tuple[Diagnostic, ...] = ()

    def program(self, name: str) -> Program | None:
        return next((program for program in self.programs if program.name == name), None)
