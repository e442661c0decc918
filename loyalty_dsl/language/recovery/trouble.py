"""Where reading failed, and what a repair of the clause there would come to.

Invariant: a repair only counts if the clause parses past the token that did not fit.
"""

from collections.abc import Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import spelling
from loyalty_dsl.language.automaton import accepted, after, progress
from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.records import record
from loyalty_dsl.language.tables import END, NEWLINE, Tables
from loyalty_dsl.language.tokens import BAD_KINDS, Token
from loyalty_dsl.source import SourceText, Span

_FAR_ENOUGH = 3
"""Tokens behind a repair that must fit, when the clause fits to neither its end nor a broken token."""

LOOK_AHEAD = 40
"""Tokens behind the one that does not fit that a repair is tried on."""

_STEPS_BACK = 8


@record
class Trouble:
    """Where reading failed.

    Attributes:
        states: the stack where the clause starts.
        tokens: those of the file, braces paired.
        first, at, end: the clause's first token, the one that does not fit, and the clause's last (its
            newline, its opening brace, or the brace that closes the block around it).
        place: the word of the block that the clause is in; `""` at the top of a file.
    """

    source: SourceText
    tables: Tables
    states: tuple[int, ...]
    tokens: Sequence[Token]
    first: int
    at: int
    end: int
    place: str

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def lead(self) -> Token:
        return self.tokens[self.first]

    @property
    def is_header(self) -> bool:
        return self.tokens[self.end].kind == "{"

    def span(self, first: int, last: int | None = None) -> Span:
        """The text of the tokens `first` to `last`, both included."""
        return Span(self.source, self.tokens[first].start, self.tokens[first if last is None else last].end)

    def stack(self) -> list[int]:
        """The stack before the token that does not fit."""
        found = after(self.tables, self.states, self.tokens[self.first : self.at])
        return found if found is not None else list(self.states)


@record
class Repair:
    """Tokens `start` to `end` (not included) are to be read as `tokens`."""

    start: int
    end: int
    tokens: tuple[Token, ...]


Answer = tuple[Diagnostic, Repair | None]
"""What to tell, and how to read on; without a repair the clause is to be skipped."""


def is_word(token: Token) -> bool:
    kind = token.kind
    return kind == "NAME" or (kind.islower() and kind.replace("_", "").isalpha())


def replaced(trouble: Trouble, i: int, word: str) -> Repair:
    token = trouble.tokens[i]
    return Repair(i, i + 1, (Token(word, word, token.start, token.end),))


def reads_on(trouble: Trouble, repair: Repair, at_least: int = _FAR_ENOUGH) -> bool:
    """Whether the clause, so repaired, is read to its end or at least some tokens past the repair."""
    end = min(trouble.end, trouble.at + LOOK_AHEAD)
    before = [*trouble.tokens[trouble.first : repair.start], *repair.tokens]
    tokens = [*before, *trouble.tokens[repair.end : end + 1]]
    reached = progress(trouble.tables, trouble.states, tokens)
    if reached == len(tokens) or tokens[reached].kind in BAD_KINDS:
        return reached >= len(before)
    behind = len(before) + max(0, trouble.at - repair.end)
    return reached >= behind + at_least


def without_tail(trouble: Trouble) -> Repair | None:
    """A header without what does not fit in it, so that its block is read; `None` for other clauses."""
    if not trouble.is_header:
        return None
    for start in range(trouble.at, max(trouble.first, trouble.at - _STEPS_BACK), -1):
        repair = Repair(start, trouble.end, ())
        if reads_on(trouble, repair):
            return repair
    return None


def headed(trouble: Trouble) -> Repair | None:
    """A header with a stand-in for what is missing, or without what is too much."""
    if not trouble.is_header:
        return None
    for kind in accepted(trouble.tables, trouble.stack()):
        if kind in spelling.STAND_INS:
            for end in (trouble.at, trouble.at + 1):
                repair = Repair(trouble.at, end, (stand_in(kind, trouble.token),))
                if end <= trouble.end and reads_on(trouble, repair):
                    return repair
    return without_tail(trouble)


def stand_in(kind: str, token: Token) -> Token:
    return Token(kind, spelling.STAND_INS[kind], token.start, token.start)


def clause_end(tokens: Sequence[Token], first: int) -> int:
    """The token that ends the clause's first line: its newline, its opening brace, the end of the file, or
    the brace that closes the block around it."""
    for i in range(first, len(tokens)):
        kind = tokens[i].kind
        if kind in ("{", "}", END):
            return i
        if kind == NEWLINE and not (i > first and tokens[i - 1].kind in CONTINUING):
            return i
    return len(tokens) - 1
