"""Where the name under the cursor is declared, and everything that a text declares.

Invariant: a place is one of a text of the document, as it stands.
"""

import attrs

from loyalty_dsl.editor.declarations import Declaration, Kind
from loyalty_dsl.editor.documents import Document
from loyalty_dsl.editor.examples import columns_at
from loyalty_dsl.editor.hovering import meaning
from loyalty_dsl.editor.naming import scope_of
from loyalty_dsl.editor.places import place_at
from loyalty_dsl.editor.positions import Range, range_of
from loyalty_dsl.source import Span

_UNLISTED = (Kind.VALUE,)


@attrs.frozen
class Place:
    """A place in a file of the book."""

    path: str
    range: Range


@attrs.frozen
class Symbol:
    """Something that a text declares.

    Attributes:
        kind: what it is, such as `earn rule`.
        range: of the line that declares it; name_range: of its name in that.
        container: what it belongs to: its ladder, its event, else its program; empty at the top of a file.
    """

    name: str
    kind: str
    label: str | None
    range: Range
    name_range: Range
    container: str


def definition(document: Document, offset: int) -> Place | None:
    """Where the name at an offset is declared; `None` for words of the language and between words."""
    place = place_at(document, offset)
    if place is None or place.token is None:
        return None
    for column in columns_at(document, place):
        if column.name == place.token.text:
            return Place(document.path, range_of(Span(document.source, column.token.start, column.token.end)))
    if not place.is_name(place.token):
        return None
    scope = scope_of(document.declared, place)
    meant = meaning(document, scope, place.path_of(place.token), place.token)
    if not isinstance(meant, Declaration):
        return None
    return Place(meant.span.source.name, range_of(meant.span))


def symbols(document: Document) -> tuple[Symbol, ...]:
    """Everything that the document's own text declares, in the order of the text."""
    own = [
        each
        for each in document.declared.all
        if each.span.source is document.source and each.kind not in _UNLISTED and not each.derived
    ]
    own.sort(key=lambda each: each.span.start)
    return tuple(
        Symbol(
            each.name,
            each.kind.value,
            each.label,
            range_of(each.header),
            range_of(each.span),
            each.owner or each.program,
        )
        for each in own
    )
