"""The clauses of a source: what the columns of somebody else's file mean."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Number, Text, YesNo
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span

CellMeaning = Name | YesNo | Number | Money | DateLiteral


@node
class BlanksRepeat:
    """`blanks repeat the order above`."""

    span: Span


@node
class RowPer:
    """`one row per item`; `of` is `item` or `event`."""

    of: Name
    span: Span


@node
class ReadClause:
    """`read csv, one row per item, blanks repeat the order above`."""

    format: Name
    how: tuple[RowPer | BlanksRepeat, ...]
    span: Span


@node
class MemberColumn:
    """`member "Email", hashed`."""

    column: Text
    hashed: bool
    span: Span


@node
class Moment:
    """`"Date" "Time" written "month/day/year hour:minute" in zone "America/Chicago"`."""

    columns: tuple[Text, ...]
    written: Text | None
    zone: Text | None
    span: Span


@node
class EventColumn:
    """`event "Name" at "Created at"`; without an id every row is an event."""

    column: Text | None
    moment: Moment
    span: Span


@node
class CurrencyColumn:
    """`currency "Currency" must be USD`."""

    column: Text
    code: Name
    span: Span


@node
class CellProduct:
    """`"Lineitem price" x "Lineitem quantity"`, or one column alone."""

    column: Text
    times: Text | None
    span: Span


@node
class CellsSummed:
    """`items` or `basket`: what those clauses come to; `word` is which."""

    word: str
    span: Span


@node
class CellTerm:
    """A term of a sum: what it is, and whether it is taken away."""

    of: CellProduct | CellsSummed
    less: bool
    span: Span


@node
class CellSum:
    """`items less "Discount Amount"`."""

    terms: tuple[CellTerm, ...]
    span: Span


@node
class ItemAmount:
    """`item "Lineitem price" x "Lineitem quantity" less "Lineitem discount"`."""

    amount: CellSum
    span: Span


@node
class BasketAmount:
    """`basket items less "Discount Amount"`."""

    amount: CellSum
    span: Span


@node
class CellTexts:
    """`"web", "iphone"`: what a cell holds."""

    texts: tuple[Text, ...]
    span: Span


@node
class OtherCells:
    """`others`: cells that hold anything else."""

    span: Span


@node
class BlankCells:
    """`blank`: cells that hold nothing."""

    span: Span


@node
class CellValue:
    """`"web", "iphone" = online`."""

    cells: CellTexts | OtherCells | BlankCells
    meaning: CellMeaning
    span: Span


@node
class KindColumn:
    """`kind "Event Type" { "Payment" = purchase, "Refund" = return }`."""

    column: Text
    values: tuple[CellValue, ...]
    span: Span


@node
class FieldColumn:
    """`field channel "Source" { "web" = online, others = store }`; without braces cells are as they stand."""

    name: Name
    column: Text
    values: tuple[CellValue, ...] | None
    span: Span


@node
class FieldConstant:
    """`field channel = online`, on every row."""

    name: Name
    meaning: CellMeaning
    span: Span


@node
class ReturnOf:
    """`return negative rows of the latest purchase`; with a column, that holds the id of what comes back."""

    negative: bool
    column: Text | None
    span: Span


@node
class RefundedColumn:
    """`refunded "Refunded Amount"`: money that went back, nobody says when."""

    column: Text
    span: Span


@node
class IsPresent:
    """`is present`."""

    span: Span


@node
class IsAbsent:
    """`is absent`."""

    span: Span


@node
class IsTexts:
    """`is "voided"`, `is not one of "paid", "authorized"`."""

    texts: tuple[Text, ...]
    negated: bool
    span: Span


@node
class SkipClause:
    """`skip when "Cancelled at" is present`; `items`, where only the item is left out."""

    items: bool
    column: Text
    test: IsPresent | IsAbsent | IsTexts
    span: Span


@node
class TieOutClause:
    """`tie out items less "Discount Amount" to "Subtotal" within $0.01`."""

    amount: CellSum
    to: Text
    within: Money
    span: Span


SourceClause = (
    ReadClause
    | MemberColumn
    | EventColumn
    | CurrencyColumn
    | ItemAmount
    | BasketAmount
    | KindColumn
    | FieldColumn
    | FieldConstant
    | ReturnOf
    | RefundedColumn
    | SkipClause
    | TieOutClause
)


@node
class SourceBlock:
    """`source shopify_orders "Shopify orders" for shop { ... }`."""

    name: Name
    label: Text | None
    program: Name | None
    clauses: tuple[SourceClause, ...]
    span: Span
