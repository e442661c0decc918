"""The stages composed by name, and nothing else: what the command line and Python callers use.

Invariant: every stage is imported by the function that needs it, so that checking a file never pays for
a simulation. Unusable input raises `InputRefused`; mistakes in rule files are diagnostics.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.reading import read_sources
from loyalty_dsl.refusals import InputRefused, ProgramRefused
from loyalty_dsl.report import replaying
from loyalty_dsl.source import SourceText
from loyalty_dsl.targets import verify_file_target, verify_folder_target

if TYPE_CHECKING:
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.forecast.compared import Comparison
    from loyalty_dsl.forecast.figures import Forecast
    from loyalty_dsl.report.files import WriteFailure
    from loyalty_dsl.report.provenance import Provenance
    from loyalty_dsl.simulation.member_rows import MemberRows
    from loyalty_dsl.simulation.run import Progress
    from loyalty_dsl.testing.coverage import Coverage
    from loyalty_dsl.testing.evaluators import Engine as TestEngine
    from loyalty_dsl.testing.results import ScenarioResult

replay = replaying.replay

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@attrs.frozen
class Checked:
    """The outcome of checking files: a book, unless there are errors, and every diagnostic.

    Attributes:
        diagnostics: in the order of the files and their text.
        allowed: warnings that comments allow, which are told apart.
    """

    sources: tuple[SourceText, ...]
    book: Book | None
    diagnostics: tuple[Diagnostic, ...]
    allowed: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, sources: Iterable[SourceText], book: Book | None, found: Iterable[Diagnostic]) -> "Checked":
        """The outcome, with what is allowed told apart."""
        found = tuple(found)
        shown = tuple(each for each in found if each.allowed is None)
        return cls(tuple(sources), book, shown, tuple(each for each in found if each.allowed is not None))


def check_files(paths: Paths) -> Checked:
    """Reads and checks rule files as one book.

    Args:
        paths: files, or folders that are searched for `*.loyalty`.

    Returns:
        The book, or `None` with at least one error among the diagnostics.

    Raises:
        InputRefused: a path that does not exist, is no text, or holds no rule file.
    """
    return check_sources(read_sources(_as_paths(paths)))


def check_sources(sources: Sequence[SourceText]) -> Checked:
    """Checks texts as one book, whether or not they are on a disk."""
    from loyalty_dsl.language.checking import check_book
    from loyalty_dsl.language.parsing import parse_file

    diagnostics: list[Diagnostic] = []
    files = []
    for source in sources:
        file, found = parse_file(source)
        files.append(file)
        diagnostics.extend(found)
    book, found = check_book(files, diagnostics)
    diagnostics.extend(found)
    return Checked.of(sources, book, sorted(diagnostics, key=_place))


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
        raise ProgramRefused(checked.diagnostics, checked.sources)
    return checked.book


def test(book: Book, engine: "TestEngine" = "reference") -> "tuple[ScenarioResult, ...]":
    """Runs every scenario of a book; on `both` engines, one in which they differ fails."""
    from loyalty_dsl.testing.running import run_scenarios

    return run_scenarios(book, engine)


def test_covered(book: Book) -> "tuple[tuple[ScenarioResult, ...], Coverage]":
    """Runs every scenario of a book on the reference, and tells what of the rules they touch."""
    from loyalty_dsl.testing.coverage import run_covered

    return run_covered(book)


def _written(outcome: "WriteFailure | object") -> None:
    """Passes what was written and refuses what could not be."""
    from loyalty_dsl.report.files import WriteFailure

    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)


def _files_of(book: Book) -> list[Path]:
    return [Path(source.name) for source in book.sources]


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
    from loyalty_dsl.decisions.valuing import simulate_forecast

    chosen = choose_population(book, population, program)
    under = choose_program(book, chosen.program)
    first = None if first_day is None else day_of(first_day)
    return simulate_forecast(
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


def compare(
    old: Book,
    new: Book,
    *,
    program: str | None = None,
    population: str | None = None,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    threads: int | None = None,
    each_member: bool = False,
    progress: "Progress | None" = None,
) -> "Comparison":
    """Compares two versions of a program over the same customers with the same luck.

    Args:
        old, new, program, population: as of `versions.choose_versions`.
        sample, months, seed, threads, progress: as of `simulate`.
        each_member: whether to keep a row for each simulated member.

    Raises:
        ProgramRefused: a version reads something that the population does not describe.
        InputRefused: as `choose_versions`, or the versions cannot be compared, or not over these months.
    """
    from loyalty_dsl.forecast.comparison import compare_pairs
    from loyalty_dsl.simulation.pairs import simulate_pairs
    from loyalty_dsl.versions import choose_versions

    versions = choose_versions(old, new, program=program, population=population)
    pairs = simulate_pairs(
        versions.old,
        versions.new,
        sample=sample,
        months=months,
        seed=seed,
        threads=threads,
        each_member=each_member,
        progress=progress,
    )
    return compare_pairs(pairs, versions.left_out)


def verify_targets(book: Book, report: Path | None = None, tables: Path | None = None) -> None:
    """Refuses, before anything is computed, to write a forecast where that cannot or must not be.

    Args:
        report: where `write_report` will write.
        tables: where `write_tables` will.

    Raises:
        InputRefused: a target cannot be written, or is a rule file of the book.
    """
    if report is not None:
        verify_file_target(report, _files_of(book))
    if tables is not None:
        verify_folder_target(tables, _names_of_tables(), _files_of(book))


def _names_of_tables() -> list[str]:
    from loyalty_dsl.report.exports import MANIFEST, TABLES, VALUED

    return [MANIFEST, *(f"{name}.parquet" for name in (*TABLES, *VALUED))]


def _sources_of(forecast: "Forecast") -> list[Path]:
    return [Path(part.span.source.name) for part in (forecast.program, forecast.population)]


def write_report(
    forecast: "Forecast",
    provenance: "Provenance",
    path: Path,
    study: "StudyResult | None" = None,
) -> None:
    """Writes a forecast as one self-contained HTML page, with a study's answer first; raises `InputRefused`
    where it cannot be written, or is a rule file: `path` is as it was then."""
    from loyalty_dsl.report.files import write_whole
    from loyalty_dsl.report.html import forecast_page

    verify_file_target(path, _sources_of(forecast))
    _written(write_whole(path, forecast_page(forecast, provenance, study).encode()))


def member_rows(forecast: "Forecast", members: int | None = None) -> "Iterator[MemberRows]":
    """Lives members of a forecast again and yields their rows, a shard at a time.

    Args:
        members: so many first members, spread evenly over the sample, with their friends; `None` for all.

    Raises:
        InputRefused: the program has a limit for everyone.
    """
    from loyalty_dsl.simulation.member_rows import live_rows

    return live_rows(
        forecast.program,
        forecast.population,
        rows=members,
        sample=forecast.sample,
        months=len(forecast.months),
        seed=forecast.seed,
        first_day=forecast.months[0].start,
    )


def write_tables(
    forecast: "Forecast",
    provenance: "Provenance",
    folder: Path,
    members: "Iterable[MemberRows]" = (),
) -> None:
    """Writes a forecast as Parquet tables with a manifest.

    Args:
        members: rows of simulated members (`member_rows`), each part of which becomes a file.

    Raises:
        InputRefused: the folder cannot be written to, or one of the files is a rule file.
    """
    from loyalty_dsl.report import exports

    verify_folder_target(folder, _names_of_tables(), _sources_of(forecast))
    _written(exports.write_tables(forecast, provenance, folder, members))


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    return diagnostic.span.source.name, diagnostic.span.start


def _as_paths(paths: Paths) -> list[Path]:
    if isinstance(paths, str | os.PathLike):
        return [Path(paths)]
    return [Path(path) for path in paths]
