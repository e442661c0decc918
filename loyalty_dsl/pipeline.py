"""The stages composed by name, and nothing else: what the command line and Python callers use.

Invariant: every stage is imported by the function that needs it, so that checking a file never pays for
a simulation. Unusable input raises `InputRefused`; mistakes in rule files are diagnostics.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import attrs

from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.reading import read_sources
from loyalty_dsl.refusals import InputRefused, ProgramRefused
from loyalty_dsl.source import SourceText, Span

if TYPE_CHECKING:
    from loyalty_dsl.forecast.figures import Forecast
    from loyalty_dsl.simulation.run import Progress
    from loyalty_dsl.testing.results import ScenarioResult

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@attrs.frozen
class Checked:
    """The outcome of checking files: a book, unless there are errors, and every diagnostic."""

    sources: tuple[SourceText, ...]
    book: Book | None
    diagnostics: tuple[Diagnostic, ...]


def check_files(paths: Paths) -> Checked:
    """Reads and checks rule files as one book.

    Args:
        paths: files, or folders that are searched for `*.loyalty`.

    Returns:
        The book, or `None` with at least one error among the diagnostics.

    Raises:
        InputRefused: a path that does not exist, is no text, or holds no rule file.
    """
    from loyalty_dsl.language.checking import check_book
    from loyalty_dsl.language.parsing import parse_file

    sources = read_sources(_as_paths(paths))
    diagnostics: list[Diagnostic] = []
    files = []
    for source in sources:
        file, found = parse_file(source)
        files.append(file)
        diagnostics.extend(found)
    book, found = check_book(files)
    diagnostics.extend(found)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        book = None
    return Checked(sources, book, tuple(sorted(diagnostics, key=_place)))


def load(paths: Paths) -> Book:
    """Reads rule files that must be correct.

    Args:
        paths: files, or folders that are searched for `*.loyalty`.

    Returns:
        Their programs, populations and scenarios.

    Raises:
        ProgramRefused: with the diagnostics, where there are errors.
        InputRefused: a path that cannot be read.
    """
    checked = check_files(paths)
    if checked.book is None:
        raise ProgramRefused([found for found in checked.diagnostics if found.is_error])
    return checked.book


def test(book: Book) -> "tuple[ScenarioResult, ...]":
    """Runs every scenario of a book on the reference evaluator."""
    from loyalty_dsl.testing.running import run_scenarios

    return run_scenarios(book)


def simulate(
    book: Book,
    *,
    program: str | None = None,
    population: str | None = None,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: date | None = None,
    threads: int | None = None,
    shards: int | None = None,
    progress: "Progress | None" = None,
) -> "Forecast":
    """Simulates a population under its program and forecasts what the program will cost and do.

    Args:
        book: from `load`; where it holds several programs or populations, name the one that is meant.
        sample: how many members to simulate; figures are scaled to the whole business.
        months: calendar months to report, from the first day.
        seed: of every draw; the same seed gives the same figures on any threads and shards.
        first_day: overrides the day on which the population starts.
        threads, shards: how the work is split; all cores, by default.
        progress: called with the members done and all members.

    Raises:
        InputRefused: no population, several and none named, or a first day before the program's.
    """
    from loyalty_dsl.forecast.forecasting import forecast
    from loyalty_dsl.simulation.run import simulate_population

    chosen = choose_population(book, population, program)
    under = next(each for each in book.programs if each.name == chosen.program)
    first = None if first_day is None else day_of(first_day)
    begins = chosen.first_day if first is None else first
    if begins is not None and begins < under.starts:
        raise InputRefused(
            f"the simulation starts on {format_day(begins)}, before `{under.name}` does",
            f"start it on {format_day(under.starts)} or later",
        )
    trajectories = simulate_population(
        under,
        chosen,
        sample=sample,
        months=months,
        seed=seed,
        threads=threads,
        shards=shards,
        first_day=first,
        progress=progress,
    )
    return forecast(trajectories)


def choose_program(book: Book, name: str | None = None) -> Program:
    """The program that is meant: the one named, or the only one.

    Raises:
        InputRefused: there is none, none of that name, or several; it lists them.
    """
    return _choose(book.programs, "program", name)


def choose_population(book: Book, name: str | None = None, program: str | None = None) -> Population:
    """The population that is meant: the one named, or the only one (of the program named).

    Raises:
        InputRefused: there is none, none of that name, or several; it lists them.
    """
    populations = book.populations
    if program is not None:
        populations = tuple(p for p in populations if p.program == choose_program(book, program).name)
    return _choose(populations, "population", name)


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def span(self) -> Span: ...


Thing = TypeVar("Thing", bound=_Named)


def _choose(things: Sequence[Thing], noun: str, name: str | None) -> Thing:
    listed = "\n".join(f"  {thing.name}  ({thing.span})" for thing in things)
    if name is not None:
        found = next((thing for thing in things if thing.name == name), None)
        if found is None:
            near = get_close_matches(name, [thing.name for thing in things], 1)
            raise InputRefused(
                f"there is no {noun} `{name}`" + (f"; there are:\n{listed}" if things else ""),
                f"did you mean `{near[0]}`?" if near else None,
            )
        return found
    if not things:
        raise InputRefused(
            f"there is no {noun} in these files", f"a file needs a block `{noun} NAME {{ ... }}`"
        )
    if len(things) > 1:
        raise InputRefused(
            f"there are {len(things)} {noun}s, and one is wanted:\n{listed}",
            f"choose one with --{noun} {things[0].name}",
        )
    return things[0]


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    return diagnostic.span.source.name, diagnostic.span.start


def _as_paths(paths: Paths) -> list[Path]:
    if isinstance(paths, str | os.PathLike):
        return [Path(paths)]
    return [Path(path) for path in paths]
