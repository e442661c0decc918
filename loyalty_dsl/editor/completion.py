"""What may be written at an offset: words that the grammar takes there, and names of the right kind.

Invariants: a word is offered only where the grammar takes it behind what the line says so far; a name only
where a name of its kind may stand; every item says which text it replaces.
"""

from collections.abc import Iterable, Iterator

import attrs

from loyalty_dsl.editor.declarations import Declaration
from loyalty_dsl.editor.documents import Document
from loyalty_dsl.editor.examples import columns_at
from loyalty_dsl.editor.findings import TextEdit
from loyalty_dsl.editor.naming import STAND_IN, Fit, kinds_of_value, names_for, scope_of
from loyalty_dsl.editor.places import Place, place_at
from loyalty_dsl.editor.positions import range_of
from loyalty_dsl.editor.sentences import clauses_of, sentence_of
from loyalty_dsl.editor.vocabulary import Word
from loyalty_dsl.editor.wording import detail_of
from loyalty_dsl.language import spelling
from loyalty_dsl.language.automaton import accepted
from loyalty_dsl.language.tables import load_tables
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import Span

_SHOWN = {
    "NUMBER": "12",
    "MONEY": "$5",
    "PERCENT": "5%",
    "DATE": "2026-01-31",
    "TIME": "12:30",
    "STRING": '"title"',
    "CODE": "USD",
    "COMPARE": ">=",
    "YES_NO": "yes/no",
}
"""What is offered where a number, a date or a sign may stand."""
_CASES = ("yes", "no")
_PLACEHOLDERS = ("MONEY", "NUMBER", "PERCENT", "DATE", "TIME", "STRING", "CODE", "COMPARE", "YES_NO")

_VALUES = frozenset({"MONEY", "NUMBER", "PERCENT", "DATE", "TIME", "yes", "no"})


@attrs.frozen
class Item:
    """Something that may be written.

    Attributes:
        label: as it is shown and as it is written.
        kind: what it is: `keyword`, `value` for an example of a number or a sign, or what the name stands
            for, such as `currency`, `level` or `measure`.
        detail: the line of its clause, or where its name is declared; may be empty.
        documentation: a sentence about it; may be empty.
        edit: the text that it replaces: what is typed of it so far.
    """

    label: str
    kind: str
    detail: str
    documentation: str
    edit: TextEdit


def complete(document: Document, offset: int) -> tuple[Item, ...]:
    """What may be written at an offset, names first, then words, then examples of values.

    Everything that fits is given, whatever is typed of it so far: an editor filters by what is typed.

    Args:
        offset: in characters; one beyond the text is its end.

    Returns:
        Nothing in comments and texts, and where the line so far cannot be read.
    """
    place = place_at(document, offset, typing=True)
    if place is None or (place.token is not None and place.token.kind in ("STRING", "OPEN_TEXT", "ODD_TEXT")):
        return ()
    if place.states is None:
        return ()
    tables = load_tables()
    fits = accepted(tables, place.states)
    start = place.offset if place.token is None else place.token.start
    end = place.offset if place.token is None else place.token.end
    edit = _Edit(Span(document.source, start, end))
    names: list[Fit] = []
    if "NAME" in fits:
        scope = scope_of(document.declared, place)
        path = place.path_of(Token("NAME", STAND_IN, start, end))
        written = {each.start for each in place.before}
        names = [
            each
            for each in names_for(scope, path)
            if isinstance(each, Word)
            or each.span.start not in written
            or each.span.source is not place.source
        ]  # a line does not name what it declares
        values = kinds_of_value(scope, path)
        if values is not None:
            fits = [kind for kind in fits if kind not in _VALUES or kind in values]
    words = [kind for kind in fits if kind in tables.keywords]
    columns = columns_at(document, place) if place.before else ()
    items = [
        *(Item(each.name, "column", ", ".join(each.cells), "", edit.to(each.name)) for each in columns),
        *_names(names, edit),
        *_words(place, words, edit),
        *(_value(kind, edit) for kind in _PLACEHOLDERS if kind in fits),
    ]
    unique = {item.label: item for item in reversed(items)}
    return tuple(item for item in items if unique[item.label] is item)


@attrs.frozen
class _Edit:
    span: Span

    def to(self, text: str) -> TextEdit:
        return TextEdit(self.span.source.name, range_of(self.span), text, safe=False)


def _names(names: Iterable[Fit], edit: _Edit) -> Iterator[Item]:
    for each in names:
        match each:
            case Declaration(name=name, kind=kind):
                yield Item(name, kind.value, detail_of(each), each.label or "", edit.to(name))
            case Word(name=name, kind=kind, says=says):
                yield Item(name, kind, "", says, edit.to(name))


def _words(place: Place, words: Iterable[str], edit: _Edit) -> Iterator[Item]:
    begins, clauses = not place.before, clauses_of(place.block)
    for word in words:
        if begins and word in clauses:
            said = sentence_of(place.block, word) or ""
            yield Item(word, "keyword", clauses[word], said, edit.to(word))
        elif not (begins and clauses) or (word in _CASES and place.block == "by"):
            yield Item(word, "keyword", "", "", edit.to(word))


def _value(kind: str, edit: _Edit) -> Item:
    return Item(_SHOWN[kind], "value", spelling.KINDS[kind], "", edit.to(_SHOWN[kind]))
