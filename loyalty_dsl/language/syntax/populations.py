"""The blocks and traits of a population."""

from loyalty_dsl.language.syntax.leaves import DateLiteral, Money, Name, Number, Percent
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class StartClause:
    """`start 100,000 members [on 2027-01-01]`."""

    members: Number
    on: DateLiteral | None
    span: Span


@node
class JoinClause:
    """`join 2,000 members per month`."""

    members: Number
    unit: Name
    span: Span


@node
class PurchasesTrait:
    """`purchases 9 per month [spread 0.8]`."""

    number: Number
    unit: Name
    spread: Number | None
    span: Span


@node
class LeaveTrait:
    """`leave 3% per month [spread 0.5]`, `leave 3.2% per purchase`; `per` is the word as written."""

    percent: Percent
    per: Name
    spread: Number | None
    span: Span


@node
class BasketTrait:
    """`basket median $6.20 sigma 0.8`."""

    median: Money
    sigma: Number
    span: Span


@node
class RedeemTrait:
    """`redeem 35% when a reward is affordable [slope 0.8] [spread 1.2] [never 20%]`."""

    chance: Percent
    slope: Number | None
    spread: Number | None
    never: Percent | None
    span: Span


@node
class ShareTrait:
    """`payment starbucks_card 45%, other 55%`."""

    field: Name
    shares: tuple[tuple[Name, Percent], ...]
    span: Span


@node
class ChanceTrait:
    """`personal_cup 6%`: how often a yes/no field is yes."""

    field: Name
    percent: Percent
    span: Span


Trait = PurchasesTrait | LeaveTrait | BasketTrait | RedeemTrait | ShareTrait | ChanceTrait


@node
class SegmentBlock:
    """`segment regulars 55% { ... }`."""

    name: Name
    share: Percent
    traits: tuple[Trait, ...]
    span: Span


PopulationClause = StartClause | JoinClause | SegmentBlock


@node
class PopulationBlock:
    """`population NAME [for PROGRAM] { ... }`."""

    name: Name
    program: Name | None
    clauses: tuple[PopulationClause, ...]
    span: Span
