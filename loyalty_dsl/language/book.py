"""The namespace of a command's files: every program, population, scenario and study in them.

Invariant: names of programs are unique in a book, and so are those of populations and of studies.
"""

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.language.sources import Source
from loyalty_dsl.language.study import Study
from loyalty_dsl.shown import Shown
from loyalty_dsl.source import SourceText


@record
class PopulationSetAside:
    """A population that is right and cannot be simulated yet."""

    name: str
    program: str
    reason: Diagnostic


@record
class Book(Shown):
    """What was declared in a set of files, checked.

    Attributes:
        programs: of a program with versions, the latest together with those that it replaced.
        earlier: versions that were replaced, each as if it went on for ever.
        data_sources: how files that others write are read.
        alone: of programs with versions, each version by itself, as it was declared.
        set_aside: populations of programs that do what simulated members cannot do yet.
    """

    sources: tuple[SourceText, ...]
    programs: tuple[Program, ...]
    populations: tuple[Population, ...]
    scenarios: tuple[Scenario, ...]
    set_aside: tuple[PopulationSetAside, ...] = ()
    studies: tuple[Study, ...] = ()
    earlier: tuple[Program, ...] = ()
    data_sources: tuple[Source, ...] = ()
    alone: tuple[Program, ...] = ()

    def program(self, name: str) -> Program | None:
        everything = (*self.programs, *self.earlier)
        return next((program for program in everything if program.name == name), None)
