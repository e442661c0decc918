"""The outcome of a check as JSON: `loyalty.check/1`; the schema ships beside.

Invariant: fields never change meaning within a version.
"""

from collections.abc import Sequence

from loyalty_dsl import __version__
from loyalty_dsl.diagnostics import Allowed, Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.source import SourceText, Span

FORMAT = "loyalty.check/1"


def check_json(
    sources: Sequence[SourceText],
    book: Book | None,
    diagnostics: Sequence[Diagnostic],
    allowed: Sequence[Diagnostic] = (),
    mended: int = 0,
) -> str:
    """The outcome of a check as JSON text. Lines and columns count characters from 1; an end is the first
    position that is not part of the span.

    Args:
        allowed: warnings that comments allow; they are not counted.
        mended: how many findings `--fix` has mended.
    """
    errors = sum(found.is_error for found in diagnostics)
    outcome = {
        "format": FORMAT,
        "version": __version__,
        "files": [source.name for source in sources],
        "errors": errors,
        "warnings": len(diagnostics) - errors,
        "programs": [] if book is None else [program.name for program in book.programs],
        "populations": [] if book is None else [population.name for population in book.populations],
        "scenarios": [] if book is None else [scenario.title for scenario in book.scenarios],
        "studies": [] if book is None else [study.name for study in book.studies],
        "sources": [] if book is None else [source.name for source in book.data_sources],
        "mended": mended,
        "diagnostics": [diagnostic_as_data(found) for found in diagnostics],
        "suppressed": [
            {**diagnostic_as_data(found), "suppression": _suppression_as_data(found.allowed)}
            for found in allowed
            if found.allowed is not None
        ],
    }
    return json_text(outcome)


def diagnostic_as_data(found: Diagnostic) -> dict[str, object]:
    """A finding as every JSON that tells of findings has it."""
    edits = [] if found.edit is None else [found.edit]
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        **_span_as_data(found.span),
        "label": found.primary.message,
        "labels": [{**_span_as_data(label.span), "message": label.message} for label in found.secondary],
        "help": found.help,
        "edits": [
            {
                **_span_as_data(edit.span),
                "replacement": edit.replacement,
                "applicability": "safe" if edit.safe else "unsafe",
            }
            for edit in edits
        ],
    }


def _suppression_as_data(allowed: Allowed) -> dict[str, object]:
    return {**_span_as_data(allowed.comment), "reason": allowed.reason}


def _span_as_data(span: Span) -> dict[str, object]:
    return {
        "file": span.source.name,
        "start": _position_as_data(span.source, span.start),
        "end": _position_as_data(span.source, span.end),
    }


def _position_as_data(source: SourceText, offset: int) -> dict[str, int]:
    line, column = source.position(offset)
    return {"line": line, "column": column}
