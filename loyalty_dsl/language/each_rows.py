"""Scenarios with a table of examples: `each` row is a scenario of its own, written out before parsing.

    each reached, earns {
        silver, 12 points
        gold,   15 points
    }

In the lines of the scenario a column's name stands for what the row says, whatever that is.

Invariants: what is written out has the places of the words that it stands for, so that a line of the scenario
stays where it is, and knows its cell, so that a finding about a cell points there; each copy's title says
which row it is; a scenario without `each` is left as it is.
"""

from collections.abc import Iterator, Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.tables import END, NEWLINE
from loyalty_dsl.language.tokens import CellToken, Token, tokenize
from loyalty_dsl.source import SourceText, Span

MOST_ROWS = 200
_TAKEN = frozenset({
    "given", "joined", "earned", "times", "comes", "up", "on", "expect", "redeem", "redeeming", "exchange",
    "all", "by", "as", "with", "of", "through", "item", "return", "used", "off", "charged", "refused", "from",
    "to", "redeemed", "expired", "pending", "available", "balance", "reversed", "yes", "no", "each", "join",
    "purchase", "advance",
})  # fmt: skip
"""Words of the lines of scenarios, which stand for themselves."""


class _Wrong(Exception):
    """A table that cannot be written out; the argument is the finding."""


@record
class _Column:
    name: str
    token: Token


@record
class _Table:
    """An `each` block: its first token and the one behind it, its columns, and for each row its cells."""

    first: int
    end: int
    columns: tuple[_Column, ...]
    rows: tuple[tuple[tuple[Token, ...], ...], ...]


def write_out_each(source: SourceText, tokens: list[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """Writes out every scenario that has an `each` block; a wrong one is reported and left out.

    Args:
        tokens: those of a file, whose braces pair up.

    Returns:
        The tokens, the same list when there was nothing to do, and what was found.
    """
    if not any(token.text == "each" for token in tokens):
        return tokens, []
    written: list[Token] = []
    found: list[Diagnostic] = []
    scenarios = list(_scenarios(tokens))
    inside = {at for first, _, end in scenarios for at in range(first, end)}
    words = {token.text for at, token in enumerate(tokens) if at not in inside}
    done = 0
    for first, brace, end in scenarios:
        written += tokens[done:first]
        done = end
        try:
            written += _written_out(source, tokens, (first, brace, end), words)
        except _Wrong as wrong:
            found.append(wrong.args[0])
    return [*written, *tokens[done:]], found


@record
class Examples:
    """The table of a scenario, as written: the names of its columns, and its rows cell by cell."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def examples_of(source: SourceText, start: int) -> Examples | None:
    """The table of the scenario that begins at a place of a text; `None` of one without `each`."""
    tokens = list(tokenize(source.text))
    for first, brace, end in _scenarios(tokens):
        if tokens[first].start == start:
            for at in range(brace + 1, end):
                if _begins_table(tokens, at):
                    table = _read(source, tokens, at)
                    rows = (tuple(_text(source, cell) for cell in row) for row in table.rows)
                    return Examples(tuple(column.name for column in table.columns), tuple(rows))
    return None


def _text(source: SourceText, cell: Sequence[Token]) -> str:
    return " ".join(source.text[cell[0].start : cell[-1].end].split())


def _scenarios(tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Of each scenario its first token, its opening brace, and the token behind it and its newline."""
    depth, at = 0, 0
    while at < len(tokens):
        token = tokens[at]
        starts = at == 0 or tokens[at - 1].kind == NEWLINE
        brace = _opening(tokens, at) if depth == 0 and starts and token.text == "scenario" else None
        if brace is not None:
            end = _behind(tokens, brace)
            end += tokens[end].kind == NEWLINE
            yield at, brace, end
            at = end
            continue
        depth += (token.kind == "{") - (token.kind == "}")
        at += 1


def _opening(tokens: Sequence[Token], at: int) -> int | None:
    """The brace on the line that begins at a token."""
    while tokens[at].kind not in (NEWLINE, END):
        if tokens[at].kind == "{":
            return at
        at += 1
    return None


def _behind(tokens: Sequence[Token], brace: int) -> int:
    """The token behind the brace that closes this one."""
    depth, at = 0, brace
    while tokens[at].kind != END:
        depth += (tokens[at].kind == "{") - (tokens[at].kind == "}")
        at += 1
        if depth == 0:
            break
    return at


def _written_out(
    source: SourceText, tokens: Sequence[Token], scenario: tuple[int, int, int], words: set[str]
) -> list[Token]:
    first, brace, end = scenario
    tables = [at for at in range(brace + 1, end) if _begins_table(tokens, at)]
    if not tables:
        return list(tokens[first:end])
    if len(tables) > 1:
        raise _wrong(
            source, tokens[tables[1]], "a scenario has one `each`", "write a scenario for each of the two"
        )
    table = _read(source, tokens, tables[0])
    body = [*tokens[first : table.first], *tokens[table.end : end]]
    _verify_columns(source, table, body, words)
    if body[-1].kind != NEWLINE:
        body.append(Token(NEWLINE, "", body[-1].end, body[-1].end))
    return [token for row in table.rows for token in _copy(body, table, row)]


def _begins_table(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].text == "each" and tokens[at - 1].kind in (NEWLINE, "{")


def _read(source: SourceText, tokens: Sequence[Token], first: int) -> _Table:
    """Reads the table that begins at a token."""
    brace = _opening(tokens, first)
    if brace is None:
        raise _wrong(
            source, tokens[first], "`each` opens a table", "write `each column, column {` and the rows"
        )
    columns = []
    for cell in _cells(tokens[first + 1 : brace]):
        if len(cell) != 1 or not cell[0].text.isidentifier():
            raise _wrong(source, (cell or tokens[brace : brace + 1])[0], "expected the name of a column",
                         "write `each column, column {`")  # fmt: skip
        columns.append(_Column(cell[0].text, cell[0]))
    end = _behind(tokens, brace)
    rows: list[tuple[tuple[Token, ...], ...]] = []
    for line in _lines(tokens[brace + 1 : end - 1]):
        cells = _cells(line)
        if len(cells) != len(columns) or not all(cells):
            raise _wrong(source, line[0], f"this row has {len(cells)} of {len(columns)} cells",
                         f"write {listed([each.name for each in columns], 'and')}, with commas between them",
                         )  # fmt: skip
        rows.append(tuple(cells))
    if not rows:
        raise _wrong(source, tokens[first], "`each` has no rows", "write a row a line")
    if len(rows) > MOST_ROWS:
        raise _wrong(
            source, tokens[first], f"`each` has more than {MOST_ROWS} rows", "write a second scenario"
        )
    end += tokens[end].kind == NEWLINE
    return _Table(first, end, tuple(columns), tuple(rows))


def _lines(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The lines that hold anything."""
    line: list[Token] = []
    for token in [*tokens, Token(NEWLINE, "", 0, 0)]:
        if token.kind != NEWLINE:
            line.append(token)
        elif line:
            yield line
            line = []


def _cells(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """What stands between commas."""
    cells: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == ",":
            cells.append([])
        else:
            cells[-1].append(token)
    return [tuple(cell) for cell in cells]


def _verify_columns(source: SourceText, table: _Table, body: Sequence[Token], words: set[str]) -> None:
    """Refuses a column that no line names, and one whose name means something else there."""
    used = {token.text for token in body}
    names: set[str] = set()
    for column in table.columns:
        name = column.name
        if name in names:
            raise _wrong(source, column.token, f"the column `{name}` is there twice", "give it another name")
        names.add(name)
        if name in _TAKEN or name in words:
            raise _wrong(source, column.token, f"`{name}` means something else in this file",
                         f"give the column a name of its own, such as `this_{name}`")  # fmt: skip
        if name not in used:
            raise _wrong(source, column.token, f"no line of the scenario names the column `{name}`",
                         "write it where its cells should stand, or delete the column")  # fmt: skip
    rows = [tuple(tuple(token.text for token in cell) for cell in row) for row in table.rows]
    again = next((at for at, row in enumerate(rows) if row in rows[:at]), None)
    if again is not None:
        raise _wrong(source, table.rows[again][0][0], "this row is there twice", "delete one of the two")


def _copy(body: Sequence[Token], table: _Table, row: Sequence[tuple[Token, ...]]) -> Iterator[Token]:
    """The scenario of one row."""
    cells = {column.name: cell for column, cell in zip(table.columns, row, strict=True)}
    said = ", ".join(" ".join(token.text for token in cell).replace('"', "") for cell in row)
    titled = False
    for token in body:
        if token.kind == "STRING" and not titled:
            titled = True
            yield token._replace(text=f'{token.text[:-1]}: {said}"')
        elif token.text in cells:
            yield from (_placed(cell, token) for cell in cells[token.text])
        else:
            yield token


def _placed(cell: Token, name: Token) -> CellToken:
    """A token of a cell in the place of its column's name."""
    placed = CellToken(cell.kind, cell.text, name.start, name.end)
    placed.cell = cell
    return placed


def _wrong(source: SourceText, token: Token, message: str, help: str) -> _Wrong:
    return _Wrong(diagnostic("L101", Span(source, token.start, token.end), message, help=help))
