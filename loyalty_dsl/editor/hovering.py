"""What the word, number or code under the cursor is, as Markdown.

Invariant: what is said of a name is read off its declaration in the text; what is said of a word of the
language comes from the same examples as the messages about mistakes.
"""

import re
from collections.abc import Sequence

import attrs

from loyalty_dsl.calendar import MONTH_NAMES, WEEKDAY_NAMES
from loyalty_dsl.editor.declarations import Declaration, Kind
from loyalty_dsl.editor.documents import Document
from loyalty_dsl.editor.examples import TOLD, columns_at, in_table
from loyalty_dsl.editor.naming import Fit, Scope, names_for, scope_of
from loyalty_dsl.editor.places import Place, Step, place_at
from loyalty_dsl.editor.positions import Range, range_of
from loyalty_dsl.editor.sentences import clauses_of, sentence_of
from loyalty_dsl.editor.vocabulary import ARCHETYPES, OUTCOMES, REACTIONS, WORDS, Word
from loyalty_dsl.editor.wording import levels_from, source_of
from loyalty_dsl.language import spelling, syntax
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.suggestions import listed, with_article
from loyalty_dsl.language.tokens import NUMBERS, Token
from loyalty_dsl.source import Span

_CODE = re.compile(r"\bL[0-9]{3}\b")
_FIELD_LINES = {
    "member": "Something that is known of each member, and of which type it is.",
    "event": "Something that is known of the event, and of which type it is.",
    "item": "Something that is known of each thing in a basket, and of which type it is.",
    "segment": "How customers differ in a field: the share of each value.",
    "segment event": "How such events differ in a field: the share of each value.",
    "responses": "How customers react, and how strongly.",
    "by": "A row of a table: the case, and what holds in it.",
}
"""What the lines are for that begin with a name, block by block."""


@attrs.frozen
class Hover:
    """What is shown at a word: Markdown, and the place that it is about."""

    markdown: str
    range: Range


def hover(document: Document, offset: int) -> Hover | None:
    """What the word under the cursor is; `None` between words and where there is nothing to say.

    A name: what it stands for and its declaration. A number: its path for `--set` and `loyalty sweep`. A
    word of the language: how its clause is written, and what it is for. A code in a comment: its page.

    Args:
        offset: in characters; one beyond the text is its end.
    """
    coded = _code_at(document, offset)
    if coded is not None:
        return coded
    place = place_at(document, offset)
    if place is None or place.token is None:
        return None
    token = place.token
    markdown = _about(document, place, token)
    if not markdown:
        return None
    return Hover(markdown, range_of(Span(document.source, token.start, token.end)))


def _code_at(document: Document, offset: int) -> Hover | None:
    """The page of a code in a comment."""
    text = document.text
    offset = min(max(offset, 0), len(text))
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)]
    if "#" not in line or place_at(document, offset) is not None:
        return None
    for match in _CODE.finditer(line):
        if match.start() <= offset - start <= match.end() and match[0] in CODES:
            code = CODES[match[0]]
            markdown = f"**{code.code}**: {code.title} ({code.severity.value})\n\n{code.page.strip()}"
            span = Span(document.source, start + match.start(), start + match.end())
            return Hover(markdown, range_of(span))
    return None


def _about(document: Document, place: Place, token: Token) -> str:
    for column in columns_at(document, place):
        if column.name == token.text:
            return f"`{column.name}`: a column of the examples, {listed(column.cells, 'or')}"
    if in_table(place):
        return TOLD
    if token.kind in NUMBERS:
        return _about_number(document, place, token)
    if token.kind == "DATE":
        return _about_day(token)
    if token.kind in ("STRING", "COMPARE", "TIME", "PATH", "CODE", "YES_NO"):
        return _about_clause(place, token)
    if not token.text.isidentifier():
        return ""
    if place.is_name(token):
        return _about_name(document, place, token)
    return _about_word(place, token) or _about_clause(place, token)


def _about_number(document: Document, place: Place, token: Token) -> str:
    """A number's path, where it has one: those of scenarios and studies decide nothing."""
    decides = place.blocks[:1] in (("program",), ("population",)) or not place.blocks
    number = document.numbers.get(token.start) if decides else None
    if number is None:
        return _about_clause(place, token)
    setting = f"{number.path}={number.told(number.span.text)}"
    quoted = setting if setting.replace("=", "").replace(".", "").isidentifier() else f"'{setting}'"
    said = [f"`{number.path}`: {number.text}", f"Try another value with `--set {quoted}`."]
    return "\n\n".join(each for each in (*said, _about_clause(place, token)) if each)


def _about_day(token: Token) -> str:
    from datetime import date

    day = date.fromisoformat(token.text)
    return f"{WEEKDAY_NAMES[day.weekday()]}, {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _about_name(document: Document, place: Place, token: Token) -> str:
    scope = scope_of(document.declared, place)
    path = place.path_of(token)
    meant = meaning(document, scope, path, token)
    if meant is None:
        return _about_clause(place, token)
    if isinstance(meant, Word):
        return f"`{meant.name}` ({meant.kind})\n\n{meant.says}"
    return "\n\n".join(
        each for each in (_about_declared(scope, meant), _compared(scope, path, meant)) if each
    )


def meaning(document: Document, scope: Scope, path: Sequence[Step], token: Token) -> Fit | None:
    """What a name stands for: what may stand there, else the name that is declared here, else any such."""
    for each in names_for(scope, path):
        if each.goes_by(token.text):
            return each
    for declared in document.declared.all:
        if declared.span.source is document.source and declared.span.start == token.start:
            return declared
    close = [each for each in document.declared.all if each.goes_by(token.text)]
    inside = [each for each in close if not scope.program or each.program in ("", scope.program)]
    if inside or close:
        return (inside or close)[0]
    for known in (WORDS, REACTIONS, ARCHETYPES, OUTCOMES):
        if token.text in known:
            return known[token.text]
    return None


def _about_declared(scope: Scope, declared: Declaration) -> str:
    owned = ""
    match declared.kind:
        case Kind.EVENT_FIELD | Kind.VALUE | Kind.LEVEL | Kind.PLAN | Kind.OPTION | Kind.SEGMENT:
            what = {Kind.EVENT_FIELD: "field"}.get(declared.kind, declared.kind.value)
            owned = f"{with_article(what)} of `{declared.owner}`"
        case _:
            owned = with_article(declared.kind.value)
    title = f", “{declared.label}”" if declared.label else ""
    where = f"{declared.span.source.name}:{declared.span.line}"
    how = "made of what is declared at" if declared.derived else "declared at"
    lines = [f"`{declared.name}`{title}: {owned}, {how} {where}"]
    lines.append(f"```loyalty\n{source_of(declared)}\n```")
    if declared.kind is Kind.LADDER:
        levels = scope.of(Kind.LEVEL, owner=declared.name)
        lines.append(f"Its levels, lowest first: {listed([each.name for each in levels], most=20)}.")
    return "\n\n".join(lines)


def _compared(scope: Scope, path: Sequence[Step], meant: Declaration) -> str:
    """Of a level that is compared with, which levels that includes: they are in the order of the text."""
    node = next((each for each, _ in reversed(path) if isinstance(each, syntax.Compares)), None)
    if node is None or not isinstance(node.value, syntax.Name):
        return ""
    for ladder in scope.named(node.measure.name.text, Kind.LADDER):
        included = levels_from(ladder.node, node.value.text, node.sign)
        test = f"`{ladder.name} {node.sign} {node.value.text}`"
        if meant.kind in (Kind.LEVEL, Kind.LADDER):
            return f"{test} means {listed(included, 'or', most=20)}." if included else f"{test} is no level."
    return ""


def _about_word(place: Place, token: Token) -> str:
    """A word of the language that begins its line, or that opens the block it is in."""
    if place.before:
        return ""
    return _clause(place.block, token.text, place)


def _about_clause(place: Place, token: Token) -> str:
    """The clause that a word is part of."""
    first = place.before[0] if place.before else token
    return _clause(place.block, first.text, place)


def _clause(block: str, word: str, place: Place) -> str:
    shown = clauses_of(block).get(word)
    if shown is None:
        field = spelling.FIELDS.get(block)
        return "" if field is None else f"{_FIELD_LINES[block]}\n\n```loyalty\n{field}\n```"
    line = [*place.before, *([place.token] if place.token else []), *place.behind]
    pairs = [(each.kind, each.text) for each in line]
    like = spelling.example_like(block, word, pairs)
    sentence = sentence_of(block, word) or ""
    written = "\n".join(dict.fromkeys(each for each in (like, shown) if each))
    return f"{sentence}\n\n```loyalty\n{written}\n```".strip()


__all__ = ["Hover", "hover", "meaning"]
