"""The lines of a scenario."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Number, Quantity, Text, Value
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class GivenJoinedLine:
    """`given joined D`."""

    date: DateLiteral
    span: Span


@node
class GivenUnitsLine:
    """`given 495 points [earned D]`."""

    quantity: Quantity
    earned: DateLiteral | None
    span: Span


@node
class WithValue:
    """`nights 1` behind `with`."""

    field: Name
    value: Value
    span: Span


@node
class ItemLine:
    """`item $6.00 [with category drink]`."""

    price: Money
    values: tuple[WithValue, ...]
    span: Span


@node
class EventLine:
    """`on D [HH:MM] purchase $10.00 [with ...] [redeeming [2] five_off] [{ items }]`.

    `minute` is minutes from midnight. `redeeming` pairs a quantity (or `None`) with a reward's name.
    """

    date: DateLiteral
    minute: int | None
    event: Name
    amount: Money | None
    values: tuple[WithValue, ...]
    redeeming: tuple[Number | None, Name] | None
    items: tuple[ItemLine, ...]
    span: Span


@node
class RedeemLine:
    """`on D [HH:MM] redeem [2] five_off`: a reward on its own, outside any purchase."""

    date: DateLiteral
    minute: int | None
    quantity: Number | None
    reward: Name
    span: Span


@node
class ExpectLine:
    """`[on D] expect [earned] 40 points [through D]`; `measure` is the word, or `None` for the balance."""

    date: DateLiteral | None
    measure: Name | None
    quantity: Quantity
    through: DateLiteral | None
    span: Span


@node
class ExpectOffLine:
    """`expect $5.00 off`."""

    money: Money
    span: Span


@node
class ExpectRefusedLine:
    """`expect refused`."""

    span: Span


ScenarioLine = (
    GivenJoinedLine | GivenUnitsLine | EventLine | RedeemLine | ExpectLine | ExpectOffLine | ExpectRefusedLine
)


@node
class ScenarioBlock:
    """`scenario "title" for NAME { ... }`."""

    title: Text
    program: Name
    lines: tuple[ScenarioLine, ...]
    span: Span
