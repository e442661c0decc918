"""One event that a program has at hand, under the names of the columns, as the rules read it.

Invariant: an event is read by what reads the rows of a file, so a value means the same in both, and what is
refused there is refused here with the same words.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event, Item
from loyalty_dsl.evaluation.members import Original
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.flawed_rows import flawed_rows
from loyalty_dsl.transactions.json_lines import BadEvent, open_event
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.opening import read_cells
from loyalty_dsl.transactions.relations import NOTHING_LEFT
from loyalty_dsl.transactions.rows import ALL_THAT_IS_LEFT, BLANK, DAY_MICROSECONDS, IS_ITEM, parse_rows
from loyalty_dsl.transactions.schema import (
    AMOUNT,
    KIND,
    MEMBER,
    PURCHASE,
    QUANTITY,
    REFERRER,
    RETURNS,
    REWARD,
    TIME,
    TRANSFER,
    Schema,
)

_MINUTE = 60_000_000


@attrs.frozen
class ReadEvent:
    """An event of a member.

    Attributes:
        event: with `BLANK` for what it does not say of the member, and `ALL_THAT_IS_LEFT` as the basket of a
            return that says no amount; its id is "" where it has none.
        referrer: who brought the member, where it says so.
    """

    member: str
    event: Event
    referrer: str | None


def read_event(event: Mapping[str, Any], schema: Schema, mapping: ColumnMapping) -> ReadEvent:
    """Reads one event.

    Args:
        event: values by the names of the columns, with `items` and `redeem` as in JSON lines.

    Raises:
        InputRefused: it cannot be used; the message has every reason.
    """
    try:
        opened = open_event(event, schema, mapping)
    except BadEvent as bad:
        raise InputRefused(f"the event {bad}") from None
    opened, cells = read_cells(opened)
    rows = parse_rows(opened, cells, schema, mapping)
    if not rows.flawed.is_empty():
        faults = dict.fromkeys(row.reason for row in flawed_rows(rows, opened))
        raise InputRefused("the event cannot be used: " + "; ".join(faults))
    first, *more = rows.frame.to_dicts()
    if first[KIND] == TRANSFER:
        raise InputRefused(
            "the event is a transfer between two members, and one event of one member is carried out here",
            "replay a file of both: `loyalty replay`",
        )
    chosen = next((row for row in more if row[KIND] == REDEEM), first)
    kind, program = first[KIND], schema.program
    parts = [row for row in (first, *more) if row[KIND] == kind and row[IS_ITEM]]
    declared = len(program.events[kind].fields) if kind >= 0 else 0
    return ReadEvent(
        member=str(first[MEMBER]),
        event=Event(
            id=str(first.get(PURCHASE) or ""),
            day=first[TIME] // DAY_MICROSECONDS,
            minute=first[TIME] % DAY_MICROSECONDS // _MINUTE,
            kind=kind,
            basket=sum(row[AMOUNT] for row in parts) if parts else first[AMOUNT],
            items=tuple(
                Item(row[AMOUNT], tuple(row[f"item_{field.index}"] for field in program.item_fields))
                for row in parts
            ),
            fields=tuple(first[f"field_{i}"] for i in range(declared)),
            redeem=(chosen[REWARD], chosen[QUANTITY]) if chosen[REWARD] >= 0 else None,
            original=str(first.get(RETURNS) or "") if kind == RETURN else "",
            member=tuple(first[f"member_{field.index}"] for field in program.member_fields),
        ),
        referrer=first.get(REFERRER),
    )


def filled(event: Event, fields: tuple[int, ...], original: Original | None) -> Event:
    """An event with what it leaves to its member's state.

    Args:
        fields: what is known of the member.
        original: the event that it takes back, where it is known.

    Raises:
        InputRefused: it takes back all that is left, and nothing is.
    """
    if event.member:
        told = zip(event.member, fields, strict=True)
        event = attrs.evolve(event, member=tuple(held if says == BLANK else says for says, held in told))
    if event.kind == RETURN and event.basket == ALL_THAT_IS_LEFT:
        left = 0 if original is None else original.event.basket - original.returned
        if original is not None and not left:
            raise InputRefused(f"the event {NOTHING_LEFT}")
        event = attrs.evolve(event, basket=left)
    return event
