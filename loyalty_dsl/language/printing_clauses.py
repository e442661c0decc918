"""Tokens -> clauses, with the bodies in their braces and with what stands between the lines.

Invariants: every token but the newlines is in one place, in order; so is every comment, as what stands above
or behind a token.
"""

import re
from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.printing_outline import Outline
from loyalty_dsl.language.tables import END, NEWLINE
from loyalty_dsl.language.tokens import NUMBERS, Token

TABLE, EACH, CHOICES, FILE = "a table", "examples", "choices", "a file"
"""What a body is where no word says it; others are called by the first word of their header."""

_LONG_DIGITS = re.compile(r"^[^0-9]*([0-9]{4,})")


@attrs.frozen
class Comment:
    """A comment on a line of its own, and whether a blank line is above it."""

    text: str
    blank: bool


@attrs.frozen
class Gap:
    """The ends of lines before a token.

    Attributes:
        above: the comments on lines of their own.
        blank: whether a blank line is right above the token.
    """

    above: tuple[Comment, ...]
    blank: bool


@attrs.frozen(eq=False)
class Between:
    """What stands between the tokens of a text.

    Attributes:
        gaps: [start of a token] what is before it, where that is more than blanks.
        behind: [start of a token] the comment at the end of its line.
    """

    gaps: dict[int, Gap]
    behind: dict[int, str]

    def is_broken(self, tokens: Sequence[Token]) -> bool:
        """Whether tokens are on more than one line."""
        return any(token.start in self.gaps for token in tokens[1:])


@attrs.define
class Clause:
    """A clause or block: its tokens, and the bodies between them, without their braces."""

    parts: list["Token | Body"]

    @property
    def first(self) -> Token:
        first = self.parts[0]
        assert isinstance(first, Token)
        return first

    @property
    def head(self) -> list[Token]:
        """The tokens before the first body."""
        head = []
        for part in self.parts:
            if isinstance(part, Body):
                break
            head.append(part)
        return head

    @property
    def has_body(self) -> bool:
        return any(isinstance(part, Body) for part in self.parts)

    @property
    def last(self) -> Token:
        last = self.parts[-1]
        return last.closing if isinstance(last, Body) else last

    @property
    def tokens(self) -> list[Token]:
        """All tokens, with those of the bodies."""
        tokens: list[Token] = []
        for part in self.parts:
            tokens += part.tokens if isinstance(part, Body) else [part]
        return tokens


@attrs.define
class Body:
    """What is between braces.

    Attributes:
        kind: the first word of its header, or one of the constants above.
        opening, closing: the braces; those of a file are its ends.
    """

    kind: str
    opening: Token
    clauses: list[Clause]
    closing: Token

    @property
    def tokens(self) -> list[Token]:
        """All tokens, with the braces."""
        inner = [token for clause in self.clauses for token in clause.tokens]
        return [self.opening, *inner, self.closing]


def read_between(text: str, tokens: Iterable[Token]) -> Between:
    """What stands between the tokens of a text, in which nothing is beside tokens, blanks and comments."""
    gaps: dict[int, Gap] = {}
    behind: dict[int, str] = {}
    line: list[Token] = []
    end = 0
    for token in tokens:
        kind, _, start, after = token
        if kind == NEWLINE:
            continue
        if text[end:start] not in ("", " "):
            lines = text[end:start].split("\n")
            if end == 0:
                lines.insert(0, "")
            if kind == END:
                lines.append("")
            comment = _comment(lines[0])
            if comment is not None:
                behind[_beside(line).start] = comment
            if len(lines) > 1:
                gaps[start] = _gap(lines[1:-1])
                line = []
        line.append(token)
        end = after
    return Between(gaps, behind)


def _beside(line: Sequence[Token]) -> Token:
    """The token that a comment at the end of a line is about: the last one, but for a brace that closes a
    body which began above, behind a clause of it."""
    opened = 0
    closes_above = []
    for token in line:
        closes_above.append(token.kind == "}" and opened == 0)
        opened += (token.kind == "{") - (token.kind == "}" and opened > 0)
    at = len(line) - 1
    while closes_above[at]:
        if at == 0:
            return line[-1]
        at -= 1
    return line[at]


def _gap(lines: Iterable[str]) -> Gap:
    above: list[Comment] = []
    blank = False
    for line in lines:
        comment = _comment(line)
        if comment is None:
            blank = True
        else:
            above.append(Comment(comment, blank))
            blank = False
    return Gap(tuple(above), blank)


def _comment(line: str) -> str | None:
    return line.strip(" \t\ufeff\r").rstrip() or None


def read_body(tokens: Sequence[Token], outline: Outline) -> Body:
    """The clauses of a file that has no mistakes."""
    return _Reader(tokens, outline).body(FILE, tokens[0])


class _Reader:
    def __init__(self, tokens: Sequence[Token], outline: Outline) -> None:
        self.tokens = tokens
        self.outline = outline
        self.at = 0

    def body(self, kind: str, opening: Token) -> Body:
        """The body that begins here, read past its closing brace."""
        clauses: list[Clause] = []
        while True:
            token = self.tokens[self.at]
            if token.kind == NEWLINE:
                self.at += 1
            elif token.kind in ("}", END):
                self.at += 1
                if any(clause.first.start in self.outline.values for clause in clauses):
                    kind = TABLE
                return Body(kind, opening, clauses, token)
            else:
                clauses.append(self.clause(kind))

    def clause(self, kind: str) -> Clause:
        """The clause that begins here, read to its end."""
        parts: list[Token | Body] = []
        while True:
            token = self.tokens[self.at]
            if token.kind in ("}", END):
                break
            if token.kind == NEWLINE:
                before = parts[-1]
                if isinstance(before, Body) or before.kind not in CONTINUING:
                    break
                self.at += 1
                continue
            self.at += 1
            if token.kind == "{":
                assert isinstance(parts[0], Token)
                parts.append(self.body(_kind_of(kind, parts[0].text), token))
            else:
                parts.append(token if kind == EACH else _grouped(token))
        return Clause(parts)


def _kind_of(kind: str, word: str) -> str:
    """What the body is that belongs to a clause with this first word, in a body of a kind."""
    if word == "each" and kind == "scenario":
        return EACH
    if (word == "choose" and kind == "segment") or (word in ("field", "kind") and kind == "source"):
        return CHOICES
    return word


def _grouped(token: Token) -> Token:
    """A number with commas between its thousands."""
    digits = _LONG_DIGITS.match(token.text) if token.kind in NUMBERS else None
    if digits is None:
        return token
    start, end = digits.span(1)
    grouped = ""
    whole = token.text[start:end]
    while len(whole) > 3:
        grouped = f",{whole[-3:]}{grouped}"
        whole = whole[:-3]
    return token._replace(text=f"{token.text[:start]}{whole}{grouped}{token.text[end:]}")
