"""Partners of a program, who issue its points and take them, and what is billed for it."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Quantity, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class IssuesClause:
    """`issues base, fuel`: the earn rules whose points the partner pays for."""

    rules: tuple[Name, ...]
    span: Span


@node
class RedeemsClause:
    """`redeems money_off`: the rewards that the partner gives."""

    rewards: tuple[Name, ...]
    span: Span


@node
class PaysClause:
    """`pays $0.60 per 100 points issued`, perhaps with `from D`."""

    money: Money
    per: Quantity
    since: DateLiteral | None
    span: Span


@node
class ReceivesClause:
    """`receives $0.49 per 100 points redeemed`, perhaps with `from D`."""

    money: Money
    per: Quantity
    since: DateLiteral | None
    span: Span


PartnerClause = IssuesClause | RedeemsClause | PaysClause | ReceivesClause


@node
class PartnerBlock:
    """`partner esso "Esso" { ... }`."""

    name: Name
    label: Text | None
    clauses: tuple[PartnerClause, ...]
    span: Span
