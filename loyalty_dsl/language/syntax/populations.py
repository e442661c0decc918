"""The blocks and traits of a population."""

from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import DateLiteral, Duration, Money, Name, Number, Percent
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
    """`payment starbucks_card 45%, other 55% [when CONDITION]`."""

    field: Name
    shares: tuple[tuple[Name, Percent], ...]
    when: Condition | None
    span: Span


@node
class ValuesTrait:
    """`nights 1 60%, 2 30%, 3 10% [when CONDITION]`: a number or money field by values."""

    field: Name
    shares: tuple[tuple[Number | Money, Percent], ...]
    when: Condition | None
    span: Span


@node
class ChanceTrait:
    """`personal_cup 6% [when CONDITION]`: how often a yes/no field is yes."""

    field: Name
    percent: Percent
    when: Condition | None
    span: Span


@node
class MedianTrait:
    """`distance median 800 sigma 0.5 [when CONDITION]`: a lognormal number or money field."""

    field: Name
    median: Number | Money
    sigma: Number
    when: Condition | None
    span: Span


@node
class OfBasketTrait:
    """`fare 85% of basket [when CONDITION]`; `of` is the word as written."""

    field: Name
    percent: Percent
    of: Name
    when: Condition | None
    span: Span


@node
class AnyDayTrait:
    """`birthday any day`."""

    field: Name
    span: Span


@node
class DaysBeforeTrait:
    """`bought 30 days before`: a date field that is so long before its event."""

    field: Name
    duration: Duration
    span: Span


@node
class ReturnsTrait:
    """`returns 4% of purchases within 30 days`; `of` is the word as written."""

    percent: Percent
    of: Name
    within: Duration
    span: Span


@node
class ReferTrait:
    """`refer 0.4% of purchases`; `of` is the word as written."""

    percent: Percent
    of: Name
    span: Span


@node
class TakeUpTrait:
    """`take_up birthday_gift 60%, sale 80%`: how often a benefit is used."""

    shares: tuple[tuple[Name, Percent], ...]
    span: Span


EventTrait = (
    BasketTrait
    | ShareTrait
    | ValuesTrait
    | ChanceTrait
    | MedianTrait
    | OfBasketTrait
    | AnyDayTrait
    | DaysBeforeTrait
)


@node
class EventTraits:
    """`event flight 0.8 per month [spread 1.0] { ... }`; `span` is the header's."""

    event: Name
    number: Number
    unit: Name
    spread: Number | None
    traits: tuple[EventTrait, ...]
    span: Span


Trait = (
    PurchasesTrait
    | LeaveTrait
    | RedeemTrait
    | ReturnsTrait
    | ReferTrait
    | TakeUpTrait
    | EventTrait
    | EventTraits
)


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
