"""A checked source: how the columns of a file that others write become the rows that a program reads.

Invariant: every name on our side is one of the program's, and every field that a purchase needs is given. Of
the columns nothing is known before there is a file.
"""

from enum import Enum

from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.source import Span


class Whole(Enum):
    """What a sum may name besides columns."""

    ITEMS = "items"
    BASKET = "basket"


@record
class Cells:
    """A column, or a column times another."""

    column: str
    times: str | None


@record
class Term:
    """A term of a sum of money, added or taken away."""

    of: Cells | Whole
    less: bool


Sum = tuple[Term, ...]


@record
class Meaning:
    """What the cells of a column mean.

    Attributes:
        column: whose; `None` where every row means the same, which is `others`.
        values: by what a cell holds, our word.
        others: our word for any other cell; `None` where there is none.
        blank: our word for a cell that holds nothing; `None` where it stays blank.
        as_is: whether cells are our words already.
    """

    column: str | None
    values: tuple[tuple[str, str], ...]
    others: str | None
    blank: str | None
    as_is: bool
    span: Span


@record
class Moments:
    """When an event is: columns joined by a space, in a pattern (ISO without one), in a time zone (the
    program's without one, and wherever the text has an offset)."""

    columns: tuple[str, ...]
    pattern: str | None
    zone: str | None


class Present(Enum):
    """Whether a cell holds anything."""

    PRESENT = "is present"
    ABSENT = "is absent"


@record
class Skip:
    """Orders, or items, that are left out: a cell that is there or not, or that holds one of some texts."""

    column: str
    present: Present | None
    texts: tuple[str, ...]
    negated: bool
    items: bool
    span: Span


@record
class TieOut:
    """A sum that has to come to a column of the file.

    Attributes:
        within: minor units.
    """

    amount: Sum
    to: str
    within: int
    span: Span


@record
class Returning:
    """How rows that take something back are told and what they take back: the event whose id a column has or,
    without one, the latest purchase of the member that has so much left."""

    negative: bool
    column: str | None
    span: Span


@record
class Source:
    """A source.

    Attributes:
        program: the name of the program that it feeds.
        format: `csv`, `parquet` or `json lines`.
        per_item: whether a row is an item of an order; else it is an event.
        repeats: whether blank cells repeat those of the first row of their order.
        event: the column with the event's id.
        currency: the column that has to hold the program's money.
        items: what an item costs; empty where the rows do not say.
        basket: what a purchase costs; empty where that is the sum of its items.
        fields: by the name of our column.
        refunded: the column of money that went back without a date.
    """

    name: str
    label: str | None
    program: str
    format: str
    per_item: bool
    repeats: bool
    member: str
    hashed: bool
    event: str | None
    moment: Moments
    currency: str | None
    items: Sum
    basket: Sum
    kind: Meaning | None
    fields: tuple[tuple[str, Meaning], ...]
    returning: Returning | None
    refunded: str | None
    skips: tuple[Skip, ...]
    ties: tuple[TieOut, ...]
    span: Span


def kind_words(program: Program) -> tuple[str, ...]:
    """What rows may be: the events that members do themselves, and what is no event of its own."""
    by_friends = {friend.event for friend in program.friend_kinds}
    words = [event.name for event in program.events if event.index not in by_friends]
    takings = {reward.taking for reward in program.rewards}
    words += ["redeem"] if program.rewards else []
    words += ["choose"] if Taking.PICKED in takings else []
    words += ["transfer"] if Taking.SENT in takings else []
    words += ["return"] if program.returns is not None else []
    return tuple(words)
