"""The columns of a scenario's table of examples: names that stand in its lines for what each row says.

Invariant: columns are read off the tokens, as tables are written out before anything is parsed.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.editor.documents import Document
from loyalty_dsl.editor.places import Place
from loyalty_dsl.language.tables import NEWLINE
from loyalty_dsl.language.tokens import Token

EACH = "each"
TOLD = "A table of examples: the scenario is run for every row, with its cells in the place of the columns."


@attrs.frozen
class Column:
    """A column of the table.

    Attributes:
        token: where it is named.
        cells: what the rows say, as it is written.
    """

    name: str
    token: Token
    cells: tuple[str, ...]


def in_table(place: Place) -> bool:
    """Whether a place is in the table itself, or on its first line."""
    line = [*place.before, *([place.token] if place.token else [])]
    opened = bool(place.headers) and place.headers[-1][0].text == EACH
    return opened or (place.block == "scenario" and bool(line) and line[0].text == EACH)


def columns_at(document: Document, place: Place) -> tuple[Column, ...]:
    """The columns of the scenario that a place is in; none where it has no table."""
    if not place.headers or place.headers[0][0].text != "scenario":
        return ()
    tokens = document.tokens
    brace = tokens.index(place.headers[0][-1])
    first = _table(tokens, brace)
    if first is None:
        return ()
    opening = next((at for at in range(first, len(tokens)) if tokens[at].kind in ("{", NEWLINE)), None)
    if opening is None or tokens[opening].kind == NEWLINE:
        return ()
    names = [token for token in tokens[first + 1 : opening] if token.text.isidentifier()]
    rows = _rows(document.text, tokens, opening)
    return tuple(
        Column(token.text, token, tuple(row[at] for row in rows if at < len(row)))
        for at, token in enumerate(names)
    )


def _table(tokens: Sequence[Token], brace: int) -> int | None:
    """The word `each` that begins a line of the scenario whose brace this is."""
    depth = 0
    for at in range(brace, len(tokens)):
        kind = tokens[at].kind
        depth += (kind == "{") - (kind == "}")
        if depth <= 0:
            return None
        if depth == 1 and tokens[at].text == EACH and tokens[at - 1].kind in (NEWLINE, "{"):
            return at
    return None


def _rows(text: str, tokens: Sequence[Token], opening: int) -> list[list[str]]:
    """The cells of each row."""
    rows: list[list[str]] = []
    line: list[Token] = []
    for token in tokens[opening + 1 :]:
        if token.kind in (NEWLINE, "}") and line:
            cells: list[list[Token]] = [[]]
            for each in line:
                if each.kind == ",":
                    cells.append([])
                else:
                    cells[-1].append(each)
            rows.append([text[cell[0].start : cell[-1].end] if cell else "" for cell in cells])
            line = []
        if token.kind == "}":
            break
        if token.kind != NEWLINE:
            line.append(token)
    return rows
