"""JSON lines to rows of text: an event a line, with its items nested, as services and queues write them.

Invariant: a line becomes the rows that a CSV file would have for the same event, so everything after this
reads both alike; a number keeps the digits that it was written with and never passes through a float.

Worked case. This line is two rows of one purchase, and a third for the reward that is used at it:

    {"member": "ann", "time": "2026-03-01", "purchase": "p1",
     "items": [{"amount": 6.00, "category": "drink"}, {"amount": 4.00, "category": "food"}],
     "redeem": {"reward": "free_drink"}}
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
import polars as pl

from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.opening import OpenedFile, open_transactions, opened_rows, told_plainly
from loyalty_dsl.transactions.schema import (
    AMOUNT,
    CENTS,
    KIND,
    MEMBER,
    PURCHASE,
    QUANTITY,
    REDEEM_WORD,
    REFERRER,
    REWARD,
    TIME,
    Schema,
)

ITEMS = "items"
REDEEM = "redeem"
SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")

NOT_JSON = "is not JSON"
NO_OBJECT = 'is not an event: a JSON object, such as {"member": "ann", ...}'
NESTED = "holds a list or a record where one value is meant; only `items` and `redeem` are nested"
NO_ITEM_FIELDS = "has `items`, and the program declares no fields of items"
BAD_ITEMS = "has `items` that are not a list of objects"
TWO_AMOUNTS = "has an amount beside `items`, whose amounts are its basket"
TWICE = "has something both beside its `items` and in them"
BAD_REDEEM = 'has a `redeem` that is not an object such as {"reward": "NAME", "quantity": 1}'
NAMELESS = "has a `redeem` and no `purchase` to name what it is used at"

PURCHASE_WORD = "purchase"
"""The kind of an event that does not say its kind."""

Cells = dict[str, str | None]


class BadEvent(Exception):
    """An event that has no rows; its text completes a sentence about the line."""


@attrs.frozen
class _Line:
    """A line that is not blank: its number from 1, its rows, and what is wrong with it as a whole."""

    number: int
    rows: tuple[Cells, ...]
    reason: str | None


def open_json_lines(name: str, data: bytes, schema: Schema, mapping: ColumnMapping) -> OpenedFile:
    """Opens JSON lines as the rows that they stand for.

    Args:
        name: of the file, for messages.
        data: text in UTF-8; blank lines are no events.
        schema, mapping: as of `open_transactions`; the mapping's names are keys.

    Raises:
        UnicodeDecodeError: it is no text.
    """
    text = data.decode("utf-8-sig")
    lines = []
    texts: dict[int, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        texts[number] = line.strip()
        try:
            lines.append(_Line(number, rows_of(_parsed(line), schema, mapping), None))
        except BadEvent as bad:
            lines.append(_Line(number, ({},), str(bad)))
    return _opened(name, lines, texts, schema, mapping)


def open_event(event: Mapping[str, Any], schema: Schema, mapping: ColumnMapping) -> OpenedFile:
    """Opens one event that a program has at hand.

    Raises:
        BadEvent: it has no rows.
    """
    rows = rows_of(json.loads(json.dumps(dict(event), default=str), parse_float=str), schema, mapping)
    return _opened("the event", [_Line(1, rows, None)], {}, schema, mapping)


def open_rows(path: Path, place: Path | None, schema: Schema, mapping: ColumnMapping) -> OpenedFile:
    """Opens a file as what it is; without a name that says, nothing at all is no JSON lines, not no CSV."""
    lies = place or path
    with told_plainly(path):
        if lies.is_file():
            with lies.open("rb") as file:
                start = file.read(64)
            if is_json_lines(path.name, start) or (place is not None and not lies.read_bytes().strip()):
                return open_json_lines(str(path), lies.read_bytes(), schema, mapping)
    return open_transactions(path, schema, mapping, place)


def is_json_lines(name: str, start: bytes) -> bool:
    """Whether a file holds JSON lines, by its name or by its first sign."""
    return name.lower().endswith(SUFFIXES) or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def rows_of(event: Any, schema: Schema, mapping: ColumnMapping) -> tuple[Cells, ...]:
    """The rows of one event.

    Raises:
        BadEvent: it is not an object of the form that events have.
    """
    if not isinstance(event, dict):
        raise BadEvent(NO_OBJECT)
    wanted = {mapping.theirs(name) for name in schema.names}
    shared = _cells({key: its for key, its in event.items() if key not in (ITEMS, REDEEM)}, wanted)
    kind = mapping.theirs(KIND)
    if shared.get(kind) is None:  # most events are purchases, and need not say so
        shared[kind] = PURCHASE_WORD
    rows = [shared]
    if event.get(ITEMS) is not None:
        rows = [{**shared, **its} for its in _items(event[ITEMS], shared, wanted, schema, mapping)]
    redeem = event.get(REDEEM)
    if redeem is not None:
        its = _cells(redeem, {REWARD, QUANTITY}) if isinstance(redeem, dict) else {}
        if not its.get(REWARD):
            raise BadEvent(BAD_REDEEM)
        if not shared.get(mapping.theirs(PURCHASE)):
            raise BadEvent(NAMELESS)
        same = (mapping.theirs(name) for name in (MEMBER, TIME, PURCHASE, REFERRER))
        row = {key: shared[key] for key in same if key in shared}
        row[kind] = REDEEM_WORD
        row.update({mapping.theirs(key): cell for key, cell in its.items()})
        rows.append(row)
    return tuple(rows)


def _items(
    items: Any, shared: Cells, wanted: set[str], schema: Schema, mapping: ColumnMapping
) -> list[Cells]:
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise BadEvent(BAD_ITEMS)
    if not schema.program.item_fields:
        raise BadEvent(NO_ITEM_FIELDS)
    if any(shared.get(mapping.theirs(name)) is not None for name in (AMOUNT, CENTS)):
        raise BadEvent(TWO_AMOUNTS)
    rows = [_cells(item, wanted) for item in items]
    if any(shared.get(key) is not None for row in rows for key in row):
        raise BadEvent(TWICE)
    return rows


def _cells(event: Mapping[str, Any], wanted: set[str]) -> Cells:
    """The values that may be read, as the text that a CSV file would have."""
    cells: Cells = {}
    for key, value in event.items():
        if key not in wanted:
            continue
        match value:
            case None | str():
                cells[key] = value
            case bool():
                cells[key] = "yes" if value else "no"
            case int():
                cells[key] = str(value)
            case _:
                raise BadEvent(f"{NESTED}: `{key}`")
    return cells


def _parsed(line: str) -> Any:
    try:
        return json.loads(line, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise BadEvent(NOT_JSON) from None


def _opened(
    name: str, lines: Iterable[_Line], texts: dict[int, str], schema: Schema, mapping: ColumnMapping
) -> OpenedFile:
    rows: list[Cells] = []
    line_of: list[int] = []
    malformed: dict[str, list[int]] = {}
    for line in lines:
        for row in line.rows:
            rows.append(row)
            line_of.append(line.number)
            if line.reason is not None:
                malformed.setdefault(line.reason, []).append(len(rows))
    found = dict.fromkeys(key for row in rows for key in row)
    optional = {mapping.theirs(key) for key in (PURCHASE, CENTS, AMOUNT)}
    present = [key for key in map(mapping.theirs, schema.names) if key in found or key not in optional]
    if mapping.theirs(CENTS) not in found and mapping.theirs(AMOUNT) not in present:
        present.append(mapping.theirs(AMOUNT))
    frame = pl.DataFrame(
        {key: [row.get(key) for row in rows] for key in present}, schema=dict.fromkeys(present, pl.String)
    )
    return opened_rows(name, frame, schema, mapping, malformed=malformed, line_of=tuple(line_of), texts=texts)
