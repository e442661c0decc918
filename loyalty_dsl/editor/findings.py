"""The findings of unsaved text, with places as editors count them and edits to apply.

Invariant: these are the diagnostics of `loyalty check`, all that it shows and in its order; nothing is found
here, and what a comment allows is left out.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.editor.documents import Document, open_document
from loyalty_dsl.editor.positions import Range, range_of
from loyalty_dsl.source import Span


@attrs.frozen
class Related:
    """A place that explains a finding, with a few words why."""

    path: str
    range: Range
    message: str


@attrs.frozen
class TextEdit:
    """The text of a range replaced by another; `safe` where that cannot change what the author meant."""

    path: str
    range: Range
    text: str
    safe: bool


@attrs.frozen
class Finding:
    """One finding.

    Attributes:
        severity: `error` or `warning`.
        label: a few words that belong at the place itself.
        help: what to do about it; `None` where the message says it.
        edits: what mends it, where that can be said; all of them together.
    """

    code: str
    severity: str
    message: str
    path: str
    range: Range
    label: str
    related: tuple[Related, ...]
    help: str | None
    edits: tuple[TextEdit, ...]


def check_document(document: Document) -> tuple[Finding, ...]:
    """Every finding of all files of a document's book, in the order of the files and of their text."""
    _, found = document.checked
    return tuple(_finding(each) for each in found if each.allowed is None)


def check_text(
    text: str, path: str = "untitled.loyalty", others: Mapping[str, str] | Iterable[str | Path] = ()
) -> tuple[Finding, ...]:
    """Checks a text that is in no file yet, or that was changed since.

    Args:
        text: any text at all.
        path: what the text is called in findings.
        others: the other files of its book: their texts by name, or paths of files to read. One that is
            `path` is left out, so that a folder may be named that holds the file being edited.

    Returns:
        Every finding of all files.

    Raises:
        InputRefused: a path of `others` cannot be read.
    """
    texts = dict(others) if isinstance(others, Mapping) else _texts_of(others)
    rest = {name: other for name, other in texts.items() if Path(name) != Path(path)}
    return check_document(open_document({path: text, **rest}))


def _texts_of(paths: Iterable[str | Path]) -> dict[str, str]:
    """The texts of files, by their names."""
    from loyalty_dsl.reading import read_sources

    given = [Path(path) for path in paths]
    return {source.name: source.text for source in read_sources(given)} if given else {}


def _finding(found: Diagnostic) -> Finding:
    edits = () if found.edit is None else (found.edit,)
    return Finding(
        found.code,
        found.severity.value,
        found.message,
        found.span.source.name,
        range_of(found.span),
        found.primary.message,
        tuple(Related(_path(each.span), range_of(each.span), each.message) for each in found.secondary),
        found.help,
        tuple(TextEdit(_path(edit.span), range_of(edit.span), edit.replacement, edit.safe) for edit in edits),
    )


def _path(span: Span) -> str:
    return span.source.name
