"""Where a clause that is too wide for a line goes on below: behind `and` or `or`, or else behind a comma, in
as few brackets as can be, and as late on the line as fits.

Invariant: the time is linear in the number of tokens, but for what is tried twice on a line.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from loyalty_dsl.language.printing_columns import Blanks, blanks_between
from loyalty_dsl.language.tokens import Token

WIDTH = 100
"""A line is not wider, where it can be broken."""


def joined(tokens: Sequence[Token], blanks: Blanks) -> str:
    """Tokens on one line."""
    texts = [tokens[0].text]
    for before, token in pairwise(tokens):
        texts.append(" " * _blanks(before, token, blanks))
        texts.append(token.text)
    return "".join(texts)


def broken(
    tokens: Sequence[Token], breaks: frozenset[int], blanks: Blanks, indent: int, hang: int
) -> Iterator[Sequence[Token]]:
    """Tokens on lines that fit.

    Args:
        tokens: those of a clause, or of what is between two comments in one.
        breaks: the starts of the tokens behind which a line may end.
        indent: of the first line.
        hang: of the others.
    """
    places = _places(tokens, blanks)
    first, column = 0, indent
    while places[-1][1] - places[first][0] > WIDTH - column:
        after = _after(tokens, places, breaks, first, WIDTH - column)
        if after == len(tokens):
            break
        yield tokens[first:after]
        first, column = after, hang
    yield tokens[first:]


def _places(tokens: Sequence[Token], blanks: Blanks) -> list[tuple[int, int]]:
    """Where each token begins and ends when all are on one line."""
    places = [(0, len(tokens[0].text))]
    for before, token in pairwise(tokens):
        begin = places[-1][1] + _blanks(before, token, blanks)
        places.append((begin, begin + len(token.text)))
    return places


def _after(
    tokens: Sequence[Token], places: list[tuple[int, int]], breaks: frozenset[int], first: int, width: int
) -> int:
    """The token that the next line begins with; the number of all where no line can be broken any more."""
    depth = 0
    best: tuple[int, bool, int] | None = None
    for at in range(first, len(tokens) - 1):
        kind = tokens[at].kind
        depth += (kind == "(") - (kind == ")")
        if tokens[at].start not in breaks:
            continue
        if places[at][1] - places[first][0] > width:
            return at + 1 if best is None else -best[2]
        this = (depth, kind == ",", -at - 1)
        best = this if best is None else min(best, this)
    return len(tokens) if best is None else -best[2]


def _blanks(before: Token, token: Token, blanks: Blanks) -> int:
    found = blanks.get(token.start)
    return blanks_between(before, token) if found is None else found
