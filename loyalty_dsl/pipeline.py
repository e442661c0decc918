"""The stages composed by name, and nothing else: what the command line and Python callers use.

Invariant: every stage is imported by the function that needs it, so that checking a file never pays for
a simulation. Unusable input raises `InputRefused`; mistakes in rule files are diagnostics.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.reading import read_sources
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class ProgramRefused(InputRefused):
    """Rule files with errors. `diagnostics` says which."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        from loyalty_dsl.report.diagnostics import render_diagnostics
        from loyalty_dsl.report.style import PLAIN

        super().__init__("the rules have errors:\n" + render_diagnostics(diagnostics, PLAIN))
        self.diagnostics = tuple(diagnostics)


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


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    return diagnostic.span.source.name, diagnostic.span.start


def _as_paths(paths: Paths) -> list[Path]:
    if isinstance(paths, str | os.PathLike):
        return [Path(paths)]
    return [Path(path) for path in paths]
