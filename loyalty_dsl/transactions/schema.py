"""The columns that a program reads from a file, and what each holds.

Invariant: a column that is not named here is never read, whatever the file holds. Names are ours; a
mapping says what the file calls them.
"""

import attrs

from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.language.amounts import PerField, PerMoney
from loyalty_dsl.language.conditions import IsReferred
from loyalty_dsl.language.counters import FieldMeasure
from loyalty_dsl.language.parts_read import member_fields_read, parts_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import EventKind, Field, Kind

MEMBER = "member"
TIME = "time"
PURCHASE = "purchase"
AMOUNT = "amount"
CENTS = "amount_cents"
KIND = "kind"
REWARD = "reward"
QUANTITY = "quantity"
RETURNS = "returns"
REFERRER = "referrer"
RECIPIENT = "recipient"

RESERVED = (MEMBER, TIME, PURCHASE, AMOUNT, CENTS, KIND, REWARD)
"""Names that no field has: the checker refuses them. `quantity` may be one, as only `redeem` rows read it
otherwise."""

REDEEM_WORD = "redeem"
"""The `kind` of a row that is a reward alone."""

CHOOSE_WORD = "choose"
"""The same where the reward is an option of a menu; either word may be written."""

RETURN_WORD = "return"
"""The `kind` of a row that takes back an earlier event of the member, or a part of it."""

TRANSFER_WORD = "transfer"
"""The `kind` of a row that sends something to another member."""

TRANSFER = -3
"""What stands for such a row among rows; among events it is a `REDEEM` that has a recipient."""


@attrs.frozen
class Schema:
    """What may be read for one program.

    Attributes:
        events: the kinds of event that rows may be, which are those that members do themselves.
        fields: names of columns that hold fields of events or items, each with the fields that it feeds:
            pairs of the kind of event (`None` for an item) and the field.
        required: fields' columns without which no purchase can be read, and those of the member that the
            program asks about.
        refers: whether it matters who brought a member.
        summed: number and money fields that are added up or earned on, as pairs like those of `fields`: their
            size is bounded.
        multiplied: those that multiply what is earned; their size is bounded more.
    """

    program: Program
    events: tuple[EventKind, ...]
    fields: dict[str, tuple[tuple[int | None, Field], ...]]
    required: tuple[str, ...]
    refers: bool
    summed: frozenset[str]
    multiplied: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that may be read, ours by name."""
        own = [*RESERVED, QUANTITY]
        own += [RETURNS] if self.program.returns is not None else []
        own += [REFERRER] if self.refers else []
        own += [RECIPIENT] if self.sends else []
        members = (field.name for field in self.program.member_fields)
        return tuple(dict.fromkeys((*own, *self.fields, *members)))

    @property
    def sends(self) -> bool:
        """Whether members send anything to each other."""
        return any(reward.taking is Taking.SENT for reward in self.program.rewards)

    def kinds(self) -> dict[str, int]:
        """The words of the `kind` column, with the index of the event; `redeem` and the like have none."""
        own = {REDEEM_WORD: REDEEM, RETURN_WORD: RETURN} | ({TRANSFER_WORD: TRANSFER} if self.sends else {})
        if any(reward.taking is Taking.PICKED for reward in self.program.rewards):
            own[CHOOSE_WORD] = REDEEM
        return {event.name: event.index for event in self.events} | own

    def returnable(self) -> list[int]:
        """The kinds of event that can be returned: those with an amount (RETURN-1)."""
        return [event.index for event in self.events if event.has_amount]


def schema_of(program: Program) -> Schema:
    """The columns that histories of `program` have."""
    by_friends = {friend.event for friend in program.friend_kinds}
    events = tuple(event for event in program.events if event.index not in by_friends)
    fields: dict[str, list[tuple[int | None, Field]]] = {}
    for event in events:
        for field in (each for each in event.fields if each.kind is not Kind.TIME):
            fields.setdefault(field.name, []).append((event.index, field))
    for field in program.item_fields:
        fields.setdefault(field.name, []).append((None, field))
    summed: set[str] = set()
    multiplied: set[str] = set()
    refers = bool(program.friend_kinds)
    for part in parts_of(program):
        match part:
            case PerField() | FieldMeasure():
                summed.add(part.field.name)
                if isinstance(part, PerField) and part.times is not None:
                    multiplied.add(part.times.name)
            case PerMoney(times=Field() as field):
                multiplied.add(field.name)
            case IsReferred():
                refers = True
            case _:
                pass
    bought = (*program.events[0].fields, *program.item_fields)
    required = [field.name for field in bought if field.kind is not Kind.TIME]
    required += [field.name for field in member_fields_read(program)]
    return Schema(
        program,
        events,
        {name: tuple(pairs) for name, pairs in fields.items()},
        tuple(dict.fromkeys(required)),
        refers,
        frozenset(summed),
        frozenset(multiplied),
    )
