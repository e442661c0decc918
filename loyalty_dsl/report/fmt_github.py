"""Files that are not laid out as workflow commands, which GitHub shows as annotations beside the lines.

Invariant: one command for each file that would change, at the first line that would, and one for each mistake
of a file that cannot be laid out.
"""

from collections.abc import Iterable
from pathlib import Path

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.report.check_github import annotation, check_github
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import SourceText, Span


def fmt_github(files: Iterable[tuple[SourceText, SourceText, tuple[Diagnostic, ...]]], root: Path) -> str:
    """The commands, each with its line end.

    Args:
        files: as they are, as they would be laid out, and the mistakes that hinder it.
        root: the checkout, from which GitHub counts the paths.
    """
    rows = []
    for source, laid_out, mistakes in files:
        rows.append(check_github(mistakes, root))
        if source.text != laid_out.text:
            told = (
                f"this file is not laid out from here on\nhelp: `loyalty fmt {visible(source.name)}` does it"
            )
            rows.append(annotation("error", _first_change(source, laid_out), "layout", told, root))
    return "".join(rows)


def _first_change(source: SourceText, laid_out: SourceText) -> Span:
    """The first line of a file that would be another, without its end."""
    start = 0
    for before, after in zip(source.text.split("\n"), laid_out.text.split("\n"), strict=False):
        if before != after:
            return Span(source, start, start + len(before.rstrip("\r")))
        start += len(before) + 1
    end = min(len(source.text), len(laid_out.text))  # one of them goes on where the other has ended
    return Span(source, end, end)
