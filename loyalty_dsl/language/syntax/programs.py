"""The blocks and clauses of a program."""

import attrs

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
from loyalty_dsl.source import Span


@attrs.frozen
class MoneyClause:
    """`money USD`."""

    code: Name
    span: Span


@attrs.frozen
class TimezoneClause:
    """`timezone "America/New_York"`."""

    zone: Text
    span: Span


@attrs.frozen
class StartsClause:
    """`starts D by purchase date`."""

    date: DateLiteral
    deciding: Name
    span: Span


@attrs.frozen
class FieldDeclaration:
    """`payment one of a, b`, `cup yes/no`, `nights number`. `type_` is `yes/no`, `one of`, `number`,
    `money`, `date` or `text`; `values` are those of a one-of."""

    name: Name
    type_: Name
    values: tuple[Name, ...]
    span: Span


@attrs.frozen
class EventBlock:
    """`event stay { ... }`; the braces may be missing."""

    name: Name
    fields: tuple[FieldDeclaration, ...]
    span: Span


@attrs.frozen
class ItemBlock:
    """`item { ... }`."""

    fields: tuple[FieldDeclaration, ...]
    span: Span


@attrs.frozen
class RoundClause:
    """`round half up per rule`: `how` is `half up`, `down` or `up`; `per` is `rule` or `event`."""

    how: Name
    per: Name
    span: Span


@attrs.frozen
class PendingClause:
    """`pending 14 days`."""

    duration: Duration
    span: Span


@attrs.frozen
class ExpireClause:
    """`expire never` (no `duration`), `expire 6 months after earning [at end of calendar month]`."""

    duration: Duration | None
    anchor: Name | None
    end_of: Window | None
    span: Span


@attrs.frozen
class SpendClause:
    """`spend soonest to expire first`, `spend oldest first`: `order` is what comes before `first`."""

    order: Name
    span: Span


CurrencyClause = RoundClause | PendingClause | ExpireClause | SpendClause | Worth | Cost


@attrs.frozen
class CurrencyBlock:
    """`currency points "Points" [in money] { ... }`."""

    name: Name
    label: Text | None
    in_money: bool
    clauses: tuple[CurrencyClause, ...]
    span: Span


@attrs.frozen
class OnClause:
    """`on purchase where ...`."""

    event: Name
    where: Condition | None
    span: Span


@attrs.frozen
class ForItems:
    """`for items where ...`."""

    where: Condition
    span: Span


@attrs.frozen
class GiveFlat:
    """`give 250 points`; a money amount for a currency in money: `give $5 credit`."""

    quantity: Quantity
    span: Span


@attrs.frozen
class GivePerMoney:
    """`give 2 points per $1 [of basket]`, `give 1 point per whole $1`."""

    quantity: Quantity
    whole: bool
    per: Money
    of: Name | None
    span: Span


@attrs.frozen
class GiveShare:
    """`give 5% of basket [as credit]`, `give 5% back` (then `of` is `None`)."""

    percent: Percent
    of: Name | None
    as_: Name | None
    span: Span


@attrs.frozen
class GiveOff:
    """`give $5 off [in full | up to the basket]`; `extent` is those words, or `None`."""

    money: Money
    extent: Name | None
    span: Span


Give = GiveFlat | GivePerMoney | GiveShare | GiveOff


@attrs.frozen
class PriceClause:
    """`price 500 points`."""

    quantity: Quantity
    span: Span


@attrs.frozen
class MinimumClause:
    """`minimum $20` (of the basket), `minimum 1,000 points` (of the available balance)."""

    quantity: Quantity
    span: Span


@attrs.frozen
class IssueClause:
    """`issue automatically at checkout`."""

    span: Span


RuleClause = (
    OnClause | When | Dates | ForItems | Give | Limit | PriceClause | MinimumClause | IssueClause | Cost
)


@attrs.frozen
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


@attrs.frozen
class ProgramBlock:
    """`program NAME "..." { ... }`. `span` is the header's, not the body's, as in every block."""

    name: Name
    label: Text | None
    clauses: tuple[ProgramClause, ...]
    span: Span
