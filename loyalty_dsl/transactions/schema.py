"""The columns that a program reads from a file, and what each holds.

Invariant: a column that is not named here is never read, whatever the file holds. Names are ours; a
mapping says what the file calls them.
"""

import attrs

from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Field

MEMBER = "member"
TIME = "time"
PURCHASE = "purchase"
AMOUNT = "amount"
CENTS = "amount_cents"
KIND = "kind"
REWARD = "reward"
QUANTITY = "quantity"

RESERVED = (MEMBER, TIME, PURCHASE, AMOUNT, CENTS, KIND, REWARD)
"""Names that no field has: the checker refuses them. `quantity` may be one, as only `redeem` rows read it
otherwise."""

REDEEM_WORD = "redeem"
"""The `kind` of a row that is a reward alone."""


@attrs.frozen
class Schema:
    """What may be read for one program.

    Attributes:
        fields: names of columns that hold fields of events or items, each with the fields that it feeds:
            pairs of the kind of event (`None` for an item) and the field.
        required: fields' columns without which no purchase can be read.
    """

    program: Program
    fields: dict[str, tuple[tuple[int | None, Field], ...]]
    required: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that may be read, ours by name."""
        own = (*RESERVED, QUANTITY)
        return (*own, *(name for name in self.fields if name not in own))

    def kinds(self) -> dict[str, int]:
        """The words of the `kind` column, with the index of the event; `redeem` is -1."""
        return {**{event.name: event.index for event in self.program.events}, REDEEM_WORD: -1}


def schema_of(program: Program) -> Schema:
    """The columns that histories of `program` have."""
    fields: dict[str, list[tuple[int | None, Field]]] = {}
    for event in program.events:
        for field in event.fields:
            fields.setdefault(field.name, []).append((event.index, field))
    for field in program.item_fields:
        fields.setdefault(field.name, []).append((None, field))
    required = [field.name for field in (*program.events[0].fields, *program.item_fields)]
    return Schema(
        program, {name: tuple(pairs) for name, pairs in fields.items()}, tuple(dict.fromkeys(required))
    )
