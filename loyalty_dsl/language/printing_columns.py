"""Where things stand below each other: the words that clauses begin with, levels, counters, tables.

Invariant: what is said here are blanks before tokens that stand on one line; nothing is moved to another.
"""

from collections.abc import Iterator, Sequence

from loyalty_dsl.language.printing_clauses import CHOICES, EACH, FILE, TABLE, Between, Body, Clause
from loyalty_dsl.language.printing_outline import Outline
from loyalty_dsl.language.tokens import Token

Blanks = dict[int, int]
"""[start of a token] how many blanks are before it, where that is not what `blanks_between` says."""

_PLAIN = {
    "population": {"segment", "responses"},
    "segment": {"event", "responses"},
    "membership": {"plan"},
    "scenario": {"each"},
    "on": {"item"},
    "study": {"accept"},
}
"""Clauses that begin with no word of a column, by the body that they are in."""

_PADDED_OF_PROGRAM = {"money", "timezone", "starts", "replaces", "runs"}

_LEAST = {"scenario": len("expect"), "study": len("population")}
"""The width of words of a column where it is the same in every body of a kind."""


def blanks_between(before: Token, token: Token) -> int:
    """How many blanks are between two tokens of a line."""
    return 0 if token.kind in (",", ")") or before.kind == "(" else 1


def width_of(tokens: Sequence[Token]) -> int:
    """How wide tokens are on one line, without columns."""
    width = 0
    before = None
    for token in tokens:
        width += len(token.text) + (0 if before is None else blanks_between(before, token))
        before = token
    return width


def is_padded(kind: str, clause: Clause) -> bool:
    """Whether a clause of such a body begins with a word of a column."""
    if kind in (FILE, TABLE, EACH, CHOICES):
        return False
    word = clause.first.text
    if kind == "program":
        return word in _PADDED_OF_PROGRAM
    return word not in _PLAIN.get(kind, ())


def key_length(kind: str, head: Sequence[Token]) -> int:
    """How many words a clause begins with that are in a column."""
    two = (kind == "segment" and head[1:2] and head[1].text == "basket") or (
        kind == "source" and head[0].text == "tie"
    )
    return 2 if two and len(head) > 2 else 1


def is_row(kind: str, clause: Clause) -> bool:
    """Whether a clause is read down its columns: it stays on the lines that it is written on."""
    return kind in (TABLE, EACH) or (kind == "tiers" and clause.first.text == "level")


def columns_of(body: Body, outline: Outline, between: Between) -> Blanks:
    """The blanks that make columns of the clauses of a body, not of the bodies in it."""
    blanks: Blanks = {}
    heads = [clause.head for clause in body.clauses]
    if body.kind == TABLE:
        _pad_rows(body, outline, between, blanks)
    elif body.kind == EACH:
        _pad_cells([list(_split(head)) for head in heads if not between.is_broken(head)], blanks, right=False)
    else:
        padded = [
            (head, key_length(body.kind, head))
            for head, clause in zip(heads, body.clauses, strict=True)
            if is_padded(body.kind, clause)
        ]
        _pad(
            [(head, at) for head, at in padded if len(head) > at],
            blanks,
            least=_LEAST.get(body.kind, 0),
        )
        if body.kind == "tiers":
            _pad_levels([head for head in heads if head[0].text == "level"], between, blanks)
        elif body.kind == "study":
            _pad([(head, 3) for head in heads if head[0].text == "accept" and len(head) > 3], blanks)
        elif body.kind == "program":
            for run in _runs(body, between):
                _pad_definitions(run, between, blanks)
    return blanks


def _pad(parted: Sequence[tuple[list[Token], int]], blanks: Blanks, gap: int = 2, least: int = 0) -> None:
    """Lets the second parts of lines begin in one column.

    Args:
        parted: the lines, each with the number of the token that its second part begins with.
        gap: how many blanks are behind the widest first part.
        least: how wide that is at the least.
    """
    width = max((width_of(tokens[:at]) for tokens, at in parted), default=0)
    for tokens, at in parted:
        blanks[tokens[at].start] = max(width, least) - width_of(tokens[:at]) + gap


def _pad_levels(heads: Sequence[list[Token]], between: Between, blanks: Blanks) -> None:
    """`level NAME "LABEL" when ...`, in three columns, as wide as what has something behind it."""
    heads = [head for head in heads if len(head) > 2 and not between.is_broken(head[:4])]
    names = max((len(head[1].text) for head in heads), default=0)
    labels = max((len(head[2].text) + 2 for head in heads if _has_label(head) and len(head) > 3), default=0)
    for head in heads:
        named = names - len(head[1].text) + 2
        if not _has_label(head):
            blanks[head[2].start] = named + labels
            continue
        blanks[head[2].start] = named
        if len(head) > 3:
            blanks[head[3].start] = labels - len(head[2].text)


def _has_label(head: Sequence[Token]) -> bool:
    return len(head) > 2 and head[2].kind == "STRING"


def _runs(body: Body, between: Between) -> Iterator[list[list[Token]]]:
    """The counters, and the periods, that stand together: with no blank line between them, and all with a
    label or none."""
    run: list[list[Token]] = []
    for clause in body.clauses:
        head = clause.head
        gap = between.gaps.get(head[0].start)
        apart = gap is not None and (gap.blank or any(comment.blank for comment in gap.above))
        if run and (apart or run[0][0].text != head[0].text or _has_label(run[0]) != _has_label(head)):
            yield run
            run = []
        if head[0].text in ("counter", "period"):
            run.append(head)
    if run:
        yield run


def _pad_definitions(heads: Sequence[list[Token]], between: Between, blanks: Blanks) -> None:
    """`counter NAME "LABEL" = ...`, with the labels and the signs in columns."""
    heads = [head for head in heads if not between.is_broken(head[:4])]
    _pad([(head, 2) for head in heads], blanks, gap=1)
    labels = max((len(head[2].text) for head in heads if _has_label(head)), default=0)
    for head in heads:
        if _has_label(head):
            blanks[head[3].start] = labels - len(head[2].text) + 1


def _pad_rows(body: Body, outline: Outline, between: Between, blanks: Blanks) -> None:
    """The cases of a table in one column, and what two keys give in one for each value of the second."""
    rows = []
    for clause in body.clauses:
        head = clause.head
        at = next(i for i, token in enumerate(head) if token.start == outline.values[clause.first.start])
        rows.append((clause, head, at))
    _pad([(head, at) for _, head, at in rows if not between.is_broken(head[:at])], blanks)
    for _, head, at in rows:
        blanks.setdefault(head[at].start, 2)
    cells = [
        list(_split(head[at:]))
        for clause, head, at in rows
        if not clause.has_body and not between.is_broken(head)
    ]
    if any(len(row) > 1 for row in cells):
        _pad_cells(cells, blanks, right=True)


def _split(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The cells of a row, each with the comma behind it."""
    cell: list[Token] = []
    for token in tokens:
        cell.append(token)
        if token.kind == ",":
            yield cell
            cell = []
    if cell:
        yield cell


def _pad_cells(rows: Sequence[list[list[Token]]], blanks: Blanks, *, right: bool) -> None:
    """Cells below cells; with `right`, their numbers end in one column."""
    shift: dict[int, int] = {}
    columns = max((len(row) for row in rows), default=0)
    for column in range(columns):
        cells = [row[column] for row in rows if len(row) > column]
        numbers = [cell for cell in cells if cell[0].kind in ("NUMBER", "MONEY", "PERCENT")]
        widest = max((len(cell[0].text) for cell in numbers), default=0)
        for cell in numbers:
            shift[cell[0].start] = widest - len(cell[0].text) if right else 0
        if column:
            before = [row[column - 1] for row in rows if len(row) > column]
            width = max(shift.get(cell[0].start, 0) + width_of(cell) for cell in before)
            for left, cell in zip(before, cells, strict=True):
                filled = shift.get(left[0].start, 0) + width_of(left)
                blanks[cell[0].start] = width - filled + 1 + shift.get(cell[0].start, 0)
    for row in rows:  # the first cell of a row begins where what stands before it lets it
        first = row[0][0].start
        if shift.get(first):
            blanks[first] = blanks.get(first, 0) + shift[first]
