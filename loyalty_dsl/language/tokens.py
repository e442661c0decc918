"""Text -> tokens.

Every text has tokens: what no terminal of the grammar matches becomes a token whose kind says what is wrong
with it, and is reported only if the parser meets it (so not inside a clause that is skipped). A word is not
yet a keyword or a name: `parsing` decides that by what the grammar asks for at its place.

Invariants: tokens are in order and do not overlap; the last one is of kind `END`; a `NEWLINE` never follows
another.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from loyalty_dsl.language.tables import END, NEWLINE, load_tables
from loyalty_dsl.quantities import MAX_DIGITS
from loyalty_dsl.source import SourceText, Span

BAD_NUMBER = "BAD_NUMBER"
"""Starts like a number and is none that the language can read."""

BAD_DAY = "BAD_DAY"
"""Written like a date or a time, but the calendar or the clock has no such one."""

BAD_WORD = "BAD_WORD"
"""A word with capitals or with letters beyond a to z."""

OPEN_TEXT = "OPEN_TEXT"
"""A quoted text whose closing quote is missing from its line."""

ODD_TEXT = "ODD_TEXT"
"""A text in quotes that are not the straight double ones."""

BAD_CHARACTER = "BAD_CHARACTER"
"""A character, or a sign of several, that means nothing here."""

MISPLACED_KINDS = {
    "=": BAD_CHARACTER,
    "NEGATIVE": BAD_NUMBER,
    "NEGATIVE_MONEY": BAD_NUMBER,
    "NEGATIVE_PERCENT": BAD_NUMBER,
    "PATH": BAD_CHARACTER,
}
"""Kinds that have their place, and the kind that they are of anywhere else."""

BAD_KINDS = frozenset({BAD_NUMBER, BAD_DAY, BAD_WORD, OPEN_TEXT, ODD_TEXT, BAD_CHARACTER})

_ODD_QUOTES = "\u201c\u201d\u201e'\u2018\u2019"

# Broader than the grammar's terminals, so that `1,0000` is one mistaken number and not two good ones.
_LEXEME = re.compile(
    rf"""
    [ \t\ufeff]*+(?:\#[^\n]*+)?+  # between lexemes: blanks, and a comment through the end of its line
    (?:
      (?P<newline>\r?\n)
    | (?P<number>[-+]?[$£€¥₹₩₽₪₫₱₺฿¢.]?\d(?:[.,:/-]?\w)*%?)
    | (?P<path>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+(?!\w))
    | (?P<word>yes/no(?!\w)|\w+)
    | (?P<text>"[^"\n]*")
    | (?P<compare>[<>]=?(?![=<>]))
    | (?P<mark>[{{}}(),]|=(?![=<>!&|]))
    | (?P<opentext>"[^\n]*)
    | (?P<oddtext>[{_ODD_QUOTES}][^\n"{_ODD_QUOTES}]*[{_ODD_QUOTES}])
    | (?P<sign>[=!<>&|]+)
    | (?P<other>.)
    | (?P<end>\Z)
    )
    """,
    re.VERBOSE,
)


_MOST_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 60
"""So many lexemes of at most so many characters: what an editor keeps of all texts that it ever checks."""


NUMBERS = frozenset({"NUMBER", "MONEY", "PERCENT", "NEGATIVE", "NEGATIVE_MONEY", "NEGATIVE_PERCENT"})
"""The kinds of tokens that are numbers."""


class Token(NamedTuple):
    """A piece of text: `kind` is the word or mark itself, or what the grammar calls such a terminal."""

    kind: str
    text: str
    start: int
    end: int


class CellToken(Token):
    """A token of a cell of `each` in the place of its column's name; `cell` is it where it is written."""

    cell: Token | None = None  # of one that recovery reads as another word


def place_of(source: SourceText, first: Token, last: Token) -> Span:
    """Where the tokens `first` to `last` are written: in their cell, if they are of one."""
    if isinstance(first, CellToken) and isinstance(last, CellToken) and first.start == last.start:
        first, last = first.cell or first, last.cell or last
    return Span(source, first.start, last.end)


@cache
def _number_pattern() -> re.Pattern[str]:
    patterns = load_tables().patterns
    kinds = ("DATE", "TIME", "MONEY", "PERCENT", "NUMBER", "NEGATIVE", "NEGATIVE_MONEY", "NEGATIVE_PERCENT")
    return re.compile("|".join(f"(?P<{kind}>{patterns[kind]})" for kind in kinds))


@cache
def word_kind(text: str) -> str:
    """The kind of a word: a keyword by its own text, a name, or neither."""
    tables = load_tables()
    if text in tables.keywords:
        return text
    for kind in ("NAME", "YES_NO", "CODE"):
        if re.fullmatch(tables.patterns[kind], text):
            return kind
    return BAD_WORD


def number_kind(text: str) -> str:
    """The kind of a lexeme that starts like a number."""
    match = _number_pattern().fullmatch(text)
    if match is None:
        return BAD_NUMBER
    kind = match.lastgroup or BAD_NUMBER
    if kind == "DATE":
        return kind if _is_day(text) else BAD_DAY
    if kind == "TIME":
        return kind if text < "24:00" and text[3:] < "60" else BAD_DAY
    return BAD_NUMBER if digits_of(text) > MAX_DIGITS else kind


def digits_of(text: str) -> int:
    """How many digits a number has when it is written out: `$1.2M` has eight at most."""
    written = len(text) if len(text) <= MAX_DIGITS else sum(character.isdigit() for character in text)
    return written + {"K": 3, "M": 6, "B": 9}.get(text[-1], 0)


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of any text. A last line without an end is as good as one with it."""
    return iter(tokens_of(text))


def tokens_of(text: str, most_lines: int | None = None) -> list[Token]:
    """The tokens of any text.

    Args:
        most_lines: where the text has more of them, blank ones not counted, the tokens end behind the first
            line that is too many, without one of kind `END`.
    """
    kinds, pack = _kinds(), tuple.__new__
    tokens: list[Token] = []
    take = tokens.append
    after_newline = False
    lines = 0
    for match in _LEXEME.finditer(text):
        start, end = match.span(match.lastindex or 0)
        lexeme = text[start:end]
        kind = kinds.get(lexeme)
        if kind is None:
            match match.lastgroup:
                case "newline":
                    kind = NEWLINE
                case "opentext":
                    after_newline = False
                    tokens += _open_text(lexeme, start)
                    continue
                case "end":
                    break
                case group:
                    kind = _kind_of(group, lexeme)
                    if group != "text":
                        _remember(lexeme, kind)
        if kind == NEWLINE:
            if after_newline:
                continue
            after_newline = True
            lines += 1
            take(pack(Token, (kind, lexeme, start, end)))
            if lines == most_lines:
                return tokens
        else:
            after_newline = False
            take(pack(Token, (kind, lexeme, start, end)))
    take(Token(END, "", len(text), len(text)))
    return tokens


def _kind_of(group: str | None, lexeme: str) -> str:
    match group:
        case "word":
            return word_kind(lexeme)
        case "path":
            return "PATH"
        case "mark":
            return lexeme
        case "number":
            return number_kind(lexeme)
        case "compare":
            return "COMPARE"
        case "text":
            return "STRING"
        case "oddtext":
            return ODD_TEXT
        case _:
            return BAD_CHARACTER


@cache
def _kinds() -> dict[str, str]:
    """The kinds of lexemes that were met before: one lexeme is of one kind wherever it stands."""
    return {}


def _remember(lexeme: str, kind: str) -> None:
    kinds = _kinds()
    if len(kinds) >= _MOST_REMEMBERED:
        kinds.clear()
    if len(lexeme) <= _LONGEST_REMEMBERED:
        kinds[lexeme] = kind


def _open_text(lexeme: str, start: int) -> Iterator[Token]:
    """The rest of the line behind a quote, less a brace at its end: a header is a header all the same."""
    text = lexeme.rstrip()
    opens = text.endswith("{")
    text = text[:-1].rstrip() if opens else text
    yield Token(OPEN_TEXT, text, start, start + len(text))
    if opens:
        brace = start + lexeme.rindex("{")
        yield Token("{", "{", brace, brace + 1)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
