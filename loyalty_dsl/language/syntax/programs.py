"""The blocks and clauses of a program."""

from loyalty_dsl.language.syntax.clauses import Cost, Dates, Limit, When, Worth
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import (
    DateLiteral,
    Duration,
    Money,
    Name,
    Percent,
    Quantity,
    Text,
    Window,
)
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class MoneyClause:
    """`money USD`."""

    code: Name
    span: Span


@node
class TimezoneClause:
    """`timezone "America/New_York"`."""

    zone: Text
    span: Span


@node
class StartsClause:
    """`starts D by purchase date`."""

    date: DateLiteral
    deciding: Name
    span: Span


@node
class FieldDeclaration:
    """`payment one of a, b`, `cup yes/no`, `nights number`. `type_` is `yes/no`, `one of`, `number`,
    `money`, `date` or `text`; `values` are those of a one-of."""

    name: Name
    type_: Name
    values: tuple[Name, ...]
    span: Span


@node
class EventBlock:
    """`event stay { ... }`; the braces may be missing."""

    name: Name
    fields: tuple[FieldDeclaration, ...]
    span: Span


@node
class ItemBlock:
    """`item { ... }`."""

    fields: tuple[FieldDeclaration, ...]
    span: Span


@node
class RoundClause:
    """`round half up per rule`: `how` is `half up`, `down` or `up`; `per` is `rule` or `event`."""

    how: Name
    per: Name
    span: Span


@node
class PendingClause:
    """`pending 14 days`."""

    duration: Duration
    span: Span


@node
class ExpireClause:
    """`expire never` (no `duration`), `expire 6 months after earning [at end of calendar month]`."""

    duration: Duration | None
    end_of: Window | None
    span: Span


@node
class SpendClause:
    """`spend soonest to expire first`, `spend oldest first`: `order` is what comes before `first`."""

    order: Name
    span: Span


CurrencyClause = RoundClause | PendingClause | ExpireClause | SpendClause | Worth | Cost


@node
class CurrencyBlock:
    """`currency points "Points" [in money] { ... }`."""

    name: Name
    label: Text | None
    in_money: bool
    clauses: tuple[CurrencyClause, ...]
    span: Span


@node
class OnClause:
    """`on purchase where ...`."""

    event: Name
    where: Condition | None
    span: Span


@node
class ForItems:
    """`for items where ...`."""

    where: Condition
    span: Span


@node
class GiveFlat:
    """`give 250 points`; a money amount for a currency in money: `give $5 credit`."""

    quantity: Quantity
    span: Span


@node
class GivePerMoney:
    """`give 2 points per $1 [of basket]`, `give 1 point per whole $1`."""

    quantity: Quantity
    whole: bool
    per: Money
    of: Name | None
    span: Span


@node
class GiveShare:
    """`give 5% of basket [as credit]`, `give 5% back` (then `of` is `None`)."""

    percent: Percent
    of: Name | None
    as_: Name | None
    span: Span


@node
class GiveOff:
    """`give $5 off [in full | up to the basket]`; `in_full` is `None` where neither is written."""

    money: Money
    in_full: bool | None
    span: Span


Give = GiveFlat | GivePerMoney | GiveShare | GiveOff


@node
class PriceClause:
    """`price 500 points`."""

    quantity: Quantity
    span: Span


@node
class MinimumClause:
    """`minimum $20` (of the basket), `minimum 1,000 points` (of the available balance)."""

    quantity: Quantity
    span: Span


@node
class IssueClause:
    """`issue automatically at checkout`."""

    span: Span


RuleClause = (
    OnClause | When | Dates | ForItems | Give | Limit | PriceClause | MinimumClause | IssueClause | Cost
)


@node
class RuleBlock:
    """`earn NAME "..." { ... }` or `reward NAME "..." { ... }`; `word` says which."""

    word: Name
    name: Name
    label: Text | None
    clauses: tuple[RuleClause, ...]
    span: Span


ProgramClause = (
    MoneyClause | TimezoneClause | StartsClause | EventBlock | ItemBlock | CurrencyBlock | RuleBlock
)


@node
class ProgramBlock:
    """`program NAME "..." { ... }`. `span` is the header's, not the body's, as in every block."""

    name: Name
    label: Text | None
    clauses: tuple[ProgramClause, ...]
    span: Span
