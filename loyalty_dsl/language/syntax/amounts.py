"""Amounts: what a rule gives, what a reward costs, and tables of them.

Invariant: an amount stands for the same text behind `give`, behind `raise ... to`, behind `price` and in the
row of a table; which of them has a meaning where is for `checking` to say.
"""

from loyalty_dsl.language.syntax.conditions import Measure
from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Number, Percent, Quantity
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class GiveFlat:
    """`250 points`, `1 gift`; a money amount for a currency in money: `$5 credit`."""

    quantity: Quantity
    span: Span


@node
class GivePerMoney:
    """`2 points per $1 [of basket]`, `1 point per whole $1`; `of` may also be a money field."""

    quantity: Quantity
    whole: bool
    per: Money
    of: Name | None
    span: Span


@node
class GivePerField:
    """`1 mile per distance`, `2 points per 3 nights`, `1 stamp per item`, `1 point per whole litre`.

    `per` is `None` where no number is written (it is then 1); `of` is the word as written.
    """

    quantity: Quantity
    whole: bool
    per: Number | None
    of: Name
    span: Span


@node
class GiveTimes:
    """`1 mile per $1 times rate`: a rate, and the number that multiplies it."""

    rate: GivePerMoney | GivePerField
    times: Name
    span: Span


@node
class GiveShare:
    """`5% of basket [as credit]`, `5% back` and `100% as certificates` (then `of` is `None`), `60% of base`
    (a rule or a group), `75% of distance as miles` (a number field)."""

    percent: Percent
    of: Name | None
    as_: Name | None
    span: Span


@node
class GiveOff:
    """`$5 off [in full | up to the basket]`; `in_full` is `None` where neither is written."""

    money: Money
    in_full: bool | None
    span: Span


@node
class GivePercentOff:
    """`10% off [up to $8]`."""

    percent: Percent
    up_to: Money | None
    span: Span


@node
class GiveFreeItem:
    """`free item [up to $6.00]`."""

    up_to: Money | None
    span: Span


@node
class UseStrategy:
    """`use strategy NAME of basket, visits for up to 500 points`: what a Python function says.

    Attributes:
        of: what the function is told, in its order.
        most: the most that it may give for one event; it says the currency, too.
    """

    name: Name
    of: tuple[Measure, ...]
    most: Quantity
    span: Span


@node
class GiveNothing:
    """`nothing`, in a row of a table."""

    span: Span


@node
class NotOffered:
    """`not offered`, in a row of a table of prices or of what a reward gives."""

    span: Span


@node
class NamesCase:
    """`us, europe` in front of a row; for a yes/no key the names are `yes` or `no`."""

    names: tuple[Name, ...]
    span: Span


@node
class FromCase:
    """`from $100`, `from 3`, `from 2023-01-01` in front of a row."""

    start: Number | Money | Percent | DateLiteral
    span: Span


@node
class OthersCase:
    """`others` in front of a row."""

    span: Span


@node
class Row:
    """`gold 1.5 points per $1`: a case and its amounts, one for each column, or one without `columns`."""

    case: NamesCase | FromCase | OthersCase
    amounts: tuple["Amount", ...]
    span: Span


@node
class Table:
    """`by status { ... }`, `by fare and cabin { columns a, b ... }`, `by band of basket { ... }`,
    `by slices of amount { ... }`.

    Attributes:
        how: `""`, `band` or `slices`; `table` for `from table card_rates`, whose only key is the name.
        keys: one name, such as `status` or `date`, or two; of a band or of slices what is measured.
        columns: the names behind `columns`; empty where the table has no such line.
        span: that of `by` and the keys, without the braces.
    """

    how: str
    keys: tuple[Name, ...]
    columns: tuple[Name, ...]
    rows: tuple[Row, ...]
    span: Span


Amount = (
    GiveFlat
    | GivePerMoney
    | GivePerField
    | GiveTimes
    | GiveShare
    | GiveOff
    | GivePercentOff
    | GiveFreeItem
    | GiveNothing
    | UseStrategy
    | NotOffered
    | Table
)
Give = Amount
