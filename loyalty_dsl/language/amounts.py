"""What an earn rule is worth, before rounding and limits (EARN).

Invariant: an amount is a tree: tables are nested choices whose leaves are ratios of integers, so exact
amounts are fractions with denominators that are known when the program is compiled.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.language.conditions import (
    Base,
    Condition,
    CounterSum,
    CounterValue,
    MemberField,
    Operand,
)
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import Field
from loyalty_dsl.source import Span


@record
class Flat:
    """So many units whenever the rule fires."""

    units: int


@record
class PerMoney:
    """`units` for each `per` minor units of `base`; `whole` drops what is left over a multiple. The number
    field `times` of the event multiplies it."""

    units: int
    per: int
    whole: bool
    base: Base
    times: Field | None = None


@record
class Share:
    """A share of `base`, in a currency that is money."""

    share: Fraction
    base: Base


@record
class PerField:
    """`units` for each `per` of a number field (or minor units of a money field) of the event, times another
    one."""

    units: int
    per: int
    whole: bool
    field: Field
    times: Field | None = None


@record
class PerItem:
    """`units` for each item that passes the rule's filter and is not free."""

    units: int


@record
class ShareOfRules:
    """A share of what other rules pass on: exact where uncut, posted where a limit cut it."""

    share: Fraction
    rules: tuple[int, ...]


@record
class OfStrategy:
    """What the Python function `name` says when it is told these values: at least 0, at most `most`."""

    name: str
    operands: tuple[Operand, ...]
    most: int


@record
class Nothing:
    """No units."""


@record
class Slices:
    """Marginal bands of an event's `base`, or of what a counter has or a field of the member holds: the part
    of it from `starts[i]` up to the next start earns `units[i]` per `per[i]` smallest units. `starts` ascend
    from 0; nothing is whole. The last band of a counter begins at what can be counted exactly and earns
    nothing (EARN-16), as that of a field does (EARN-17)."""

    base: Base | CounterValue | CounterSum | MemberField
    starts: tuple[int, ...]
    units: tuple[int, ...]
    per: tuple[int, ...]


@record
class Case:
    """A row of a table, a cell of one, or a line of several; `span` is where its amount is written."""

    when: Condition
    amount: "Amount"
    span: Span | None = attrs.field(default=None, eq=False, repr=False)


@record
class Choice:
    """The amount of the first case whose condition holds, or `otherwise`. Tables by one or two keys, by
    date and by band all come to this. `others` is where `otherwise` is written; `None` where it is not."""

    cases: tuple[Case, ...]
    otherwise: "Amount"
    others: Span | None = attrs.field(default=None, eq=False, repr=False)


Amount = Flat | PerMoney | Share | PerField | PerItem | ShareOfRules | OfStrategy | Nothing | Slices | Choice


def counts_items(amount: Amount) -> bool:
    """Whether an amount is given for each item."""
    match amount:
        case PerItem():
            return True
        case Choice(cases, otherwise):
            return counts_items(otherwise) or any(counts_items(case.amount) for case in cases)
        case _:
            return False
