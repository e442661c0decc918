"""Recorded lives as a file of transactions, as somebody else's system would write them.

Nothing of the file says when a member was there first: one who has no `join` row joins with its first row.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, Field, Kind
from loyalty_dsl.transactions.histories import read_history

Row = dict[str, str]


def write_transactions(path: Path, program: Program, history: History) -> None:
    """Writes a file of transactions."""
    rows = [row for member in range(len(history.members)) for row in _rows(program, history, member)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def read_again(path: Path, program: Program) -> History:
    """The history of a file of which every row is good."""
    read = read_history(program, path, None)
    assert len(read.refused) == 0
    return read.history


def _rows(program: Program, history: History, member: int) -> Iterator[Row]:
    known: Row = {}
    by_friends = {
        friend.event for friend in program.friend_kinds
    }  # a replay delivers what friends did itself
    brought_by = int(history.referrers[member])
    for at in range(int(history.starts[member]), int(history.starts[member + 1])):
        kind, minute = int(history.kind[at]), int(history.minute[at])
        if kind in by_friends:
            continue
        said = {
            field.name: _text(field, int(value))
            for field, value in zip(program.member_fields, history.member_fields[at], strict=True)
        }
        row = {
            "member": history.members[member],
            "time": f"{format_day(int(history.day[at]))} {minute // 60:02}:{minute % 60:02}",
            "purchase": f"e{history.ids[at]}",
            "kind": "return" if kind == RETURN else program.events[kind].name,
            **{name: text for name, text in said.items() if known.get(name) != text},
        }
        if brought_by >= 0 and not known.get("referrer"):
            row["referrer"] = said["referrer"] = history.members[brought_by]
        known = {**known, **said}
        if kind == RETURN:
            yield {**row, "purchase": f"r{at}", "returns": f"e{history.ids[int(history.original[at])]}"}
            continue
        event = program.events[kind]
        row |= {field.name: _text(field, int(history.fields[at, field.index])) for field in event.fields}
        items = range(int(history.item_starts[at]), int(history.item_starts[at + 1]))
        for item in items:
            fields = zip(program.item_fields, history.item_fields[item], strict=True)
            own = {field.name: _text(field, int(value)) for field, value in fields}
            yield {**row, **own, "amount": _money(program, int(history.item_price[item]))}
        if not items:
            yield {**row, "amount": _money(program, int(history.basket[at]))} if event.has_amount else row
        if history.reward[at] >= 0:
            times = int(history.quantity[at])
            chosen = program.rewards[int(history.reward[at])].name
            taken = {name: row[name] for name in ("member", "time", "purchase")}
            yield {**taken, "kind": "redeem", "reward": chosen, "quantity": str(times) if times else ""}


def _money(program: Program, minor: int) -> str:
    assert program.money == "USD"
    return f"{minor // 100}.{minor % 100:02}"


def _text(field: Field, value: int) -> str:
    match field.kind:
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.ONE_OF:
            return field.values[value]
        case Kind.MONEY:
            return f"{value // 100}.{value % 100:02}"
        case Kind.DATE:
            return "" if value == NO_DATE else format_day(value)
        case _:
            return str(value)
