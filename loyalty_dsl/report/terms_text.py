"""Terms for a terminal, and as JSON.

Invariant: both say what the Markdown says; JSON says besides where each sentence comes from.
"""

from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import Any

from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, Terms, TermsTable
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import Span

FORMAT = "loyalty.terms/1"
_WIDTH = 100


def render_terms(terms: Terms, style: Style) -> str:
    """The terms as text: lines no wider than a terminal, and a table row by row."""
    return "\n".join(_lines(terms, style)).rstrip("\n")


def _lines(terms: Terms, style: Style) -> Iterator[str]:
    yield style.paint(visible(terms.label), "bold")
    yield ""
    for section in terms.sections:
        yield style.paint(visible(section.title.upper()), "bold")
        yield ""
        for entry in section.entries:
            if entry.title:
                yield style.paint(visible(entry.title), "bold")
            for block in entry.blocks:
                yield from _block(block)
            yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Sentence(text):
            yield fill(visible(text), _WIDTH, initial_indent="  ", subsequent_indent="  ")
        case TermsTable(header, rows):
            for row in rows:
                cells = zip(header, row, strict=True)
                first, *others = (visible(f"{head}: {cell}") for head, cell in cells if cell)
                yield fill(first, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
                for other in others:
                    yield fill(other, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def terms_json(every: Iterable[Terms]) -> str:
    """The terms of some programs as one JSON document that ends in a newline."""
    return json_text({"format": FORMAT, "programs": [_terms(terms) for terms in every]})


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "program": terms.program,
        "label": terms.label,
        "notes": list(terms.notes),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "entries": [_entry(entry) for entry in section.entries],
            }
            for section in terms.sections
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"key": entry.key, "title": entry.title, "blocks": [_json_block(block) for block in entry.blocks]}


def _json_block(block: Block) -> dict[str, Any]:
    match block:
        case Sentence(text, spans):
            return {"sentence": text, "at": _places(spans)}
        case TermsTable(header, rows, spans):
            return {"header": list(header), "rows": [list(row) for row in rows], "at": _places(spans)}


def _places(spans: Iterable[Span]) -> list[str]:
    """Files and lines, each once."""
    return list(dict.fromkeys(f"{span.source.name}:{span.line}" for span in spans))
