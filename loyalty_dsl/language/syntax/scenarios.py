"""The lines of a scenario."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Number, Quantity, Text, Value
from loyalty_dsl.language.syntax.menus import ChooseLine
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class GivenJoinedLine:
    """`given joined D [for ben]`, as of the lines below."""

    date: DateLiteral
    whose: Name | None
    span: Span


@node
class GivenUnitsLine:
    """`given 495 points [earned D]`."""

    quantity: Quantity
    earned: DateLiteral | None
    whose: Name | None
    span: Span


@node
class GivenValueLine:
    """`given cardholder yes`, `given nights 80`, `given status gold [through D]`."""

    name: Name
    value: Value
    through: DateLiteral | None
    whose: Name | None
    span: Span


@node
class GivenTimesLine:
    """`given 16 times friends`: how often a rule or a reward was used."""

    number: Number
    name: Name
    whose: Name | None
    span: Span


@node
class GivenChanceLine:
    """`given lottery comes up`: of a rule with a chance."""

    name: Name
    span: Span


@node
class GivenHoldoutLine:
    """`given holdout of lapsing`: the member is held out; `word` is the first word as written."""

    word: Name
    audience: Name
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
class Actor:
    """`by friend`, `by friend 2` (without a number it is the first)."""

    word: Name
    number: Number | None
    span: Span


@node
class EventLine:
    """`on D [HH:MM] purchase $10.00 [as shirt] [by friend [2]] [with ...] [redeeming [2] five_off]
    [{ items }]`.

    `minute` is minutes from midnight. `redeeming` pairs a quantity (or `None`) with a reward's name; it is
    money in `redeeming $12.50 of use_note`.
    """

    date: DateLiteral
    minute: int | None
    event: Name
    amount: Money | None
    label: Name | None
    actor: Actor | None
    values: tuple[WithValue, ...]
    redeeming: tuple[Number | Money | None, Name] | None
    items: tuple[ItemLine, ...]
    span: Span


@node
class ReturnLine:
    """`on D [HH:MM] return [$80.00] [of shirt] [by friend] [{ items }]`; `label` is that behind `of`."""

    date: DateLiteral
    minute: int | None
    amount: Money | None
    label: Name | None
    actor: Actor | None
    items: tuple[ItemLine, ...]
    span: Span


@node
class RedeemLine:
    """`on D [HH:MM] redeem [2] five_off`, `redeem $5 of use_note [by ben]`: a reward outside any purchase."""

    date: DateLiteral
    minute: int | None
    quantity: Number | Money | None
    reward: Name
    actor: Actor | None
    span: Span


@node
class ExchangeLine:
    """`on D [HH:MM] exchange 800 points by to_avios`; `exchange all points by to_avios [for ben]` has no
    quantity."""

    date: DateLiteral
    minute: int | None
    quantity: Quantity | None
    currency: Name | None
    transfer: Name
    whose: Name | None
    span: Span


@node
class TransferLine:
    """`on D [HH:MM] transfer 1,000 points to ben [by ana] [through to_member]`."""

    date: DateLiteral
    minute: int | None
    quantity: Quantity
    recipient: Name
    actor: Actor | None
    transfer: Name | None
    span: Span


@node
class ExpectLine:
    """`[on D] expect [earned] 40 points [through D] [by friend]`; `measure` is the word, or `None` for the
    balance."""

    date: DateLiteral | None
    measure: Name | None
    quantity: Quantity
    through: DateLiteral | None
    actor: Actor | None
    whose: Name | None
    span: Span


@node
class ExpectValueLine:
    """`[on D] expect status gold [through D] [by friend]`, `[on D] expect year_spend $440`."""

    date: DateLiteral | None
    name: Name
    value: Value
    through: DateLiteral | None
    actor: Actor | None
    whose: Name | None
    span: Span


@node
class ExpectOffLine:
    """`expect $5.00 off`."""

    money: Money
    span: Span


@node
class ExpectSettledLine:
    """`expect $7.24 from esso`, `expect $3.00 to argos`: `side` is `from` or `to`."""

    money: Money
    side: Name
    partner: Name
    span: Span


@node
class ExpectChargedLine:
    """`expect $14.99 charged`, `on D expect $14.99 charged`."""

    date: DateLiteral | None
    money: Money
    span: Span


@node
class ExpectRefusedLine:
    """`expect refused`, `expect refused "it came too late"`."""

    reason: Text | None
    span: Span


@node
class AdvanceLine:
    """`advance to 2026-07-01`: time passes."""

    date: DateLiteral
    span: Span


ScenarioLine = (
    GivenJoinedLine
    | GivenUnitsLine
    | GivenValueLine
    | GivenTimesLine
    | GivenChanceLine
    | GivenHoldoutLine
    | EventLine
    | ReturnLine
    | RedeemLine
    | ExchangeLine
    | ChooseLine
    | TransferLine
    | AdvanceLine
    | ExpectLine
    | ExpectValueLine
    | ExpectOffLine
    | ExpectSettledLine
    | ExpectChargedLine
    | ExpectRefusedLine
)


@node
class ScenarioBlock:
    """`scenario "title" for NAME { ... }`."""

    title: Text
    program: Name
    lines: tuple[ScenarioLine, ...]
    span: Span
