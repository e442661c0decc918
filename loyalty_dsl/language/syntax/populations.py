"""The blocks and traits of a population."""

from loyalty_dsl.language.syntax.clauses import NumberNote
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import (
    DateLiteral,
    Duration,
    Money,
    Name,
    Number,
    Percent,
    Text,
    TimeLiteral,
)
from loyalty_dsl.language.syntax.menus import ChooseTrait
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.responses import ResponsesBlock
from loyalty_dsl.language.syntax.transfers import ExchangeTrait
from loyalty_dsl.source import Span


@node
class StartClause:
    """`start 100,000 members [on 2027-01-01]`."""

    members: Number
    on: DateLiteral | None
    span: Span


Factors = tuple[tuple[Name, Number], ...]
"""`november 1.3, december 1.9`: names as written, and what a rate is multiplied by."""


@node
class JoinClause:
    """`join 2,000 members per month [season december 1.5]`."""

    members: Number
    unit: Name
    season: Factors | None
    span: Span


@node
class FittedClause:
    """`fitted from "purchases.csv" through 2026-06-30 [parameter error 2.1%] [holdout error 4.2%] [...]`."""

    source: Text
    through: DateLiteral
    parameter: Percent | None
    holdout: Percent | None
    redemption: Percent | None
    span: Span


@node
class MarginClause:
    """`margin 32% [assumed|source "2026 accounts"]`."""

    percent: Percent
    note: NumberNote | None
    span: Span


@node
class DiscountClause:
    """`discount 8% per year [source "group finance"]`."""

    percent: Percent
    note: NumberNote | None
    span: Span


@node
class RunsClause:
    """`runs at $4,000 per month [source "2026 budget"]`."""

    money: Money
    unit: Name
    note: NumberNote | None
    span: Span


@node
class LiftClause:
    """`lift 3% [source "pilot of 2026"]`."""

    percent: Percent
    note: NumberNote | None
    span: Span


@node
class ActiveFact:
    """`active 40% in 3 months`; `word` is no keyword, so that fields may be called so."""

    word: Name
    percent: Percent
    within: Duration
    span: Span


@node
class OrdersFact:
    """`orders 4.2 per year`."""

    number: Number
    unit: Name
    span: Span


@node
class AverageBasketFact:
    """`average basket $62`; `word` as of `ActiveFact`."""

    word: Name
    money: Money
    span: Span


@node
class RedeemingFact:
    """`redeeming 30%`."""

    percent: Percent
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
    """`leave 3% per month [spread 0.5]`, `leave 3.2% per purchase or join`; `per` is the words as written."""

    percent: Percent
    per: Name
    spread: Number | None
    span: Span


@node
class Correlation:
    """`correlation 0.3 with purchases`; `of` is the word as written."""

    number: Number
    of: Name
    span: Span


@node
class BasketTrait:
    """`basket median $6.20 sigma 0.8 [within 70%] [correlation 0.1 with purchases]`."""

    median: Money
    sigma: Number
    within: Percent | None
    correlation: Correlation | None
    span: Span


@node
class GammaBasketTrait:
    """`basket gamma p 6.25 q 3.74 scale $15.44 [correlation 0.1 with purchases]`."""

    p: Number
    q: Number
    scale: Money
    correlation: Correlation | None
    span: Span


@node
class RegularityTrait:
    """`regularity 2`."""

    number: Number
    span: Span


@node
class SeasonTrait:
    """`season november 1.3, december 1.9, january 0.8`."""

    months: Factors
    span: Span


@node
class WeekdayTrait:
    """`weekday saturday 1.2, sunday 0.7`."""

    days: Factors
    span: Span


@node
class ItemsTrait:
    """`items 3`, `items 1 60%, 2 30%, 3 10%`; one number has no share."""

    counts: tuple[tuple[Number | Money, Percent | None], ...]
    span: Span


@node
class RedeemTrait:
    """`redeem 35% when a reward is affordable [slope 0.8] [spread 1.2] [never 20%]
    [correlation 0.3 with basket] [share 60% [spread 0.5]]`."""

    chance: Percent
    slope: Number | None
    spread: Number | None
    never: Percent | None
    correlation: Correlation | None
    part: Percent | None
    part_spread: Number | None
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
    """`nights 1 60%, 2 30%, 3 10% [when CONDITION]`: a number or money field, or the time, by values."""

    field: Name
    shares: tuple[tuple[Number | Money | TimeLiteral, Percent], ...]
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
    | GammaBasketTrait
    | RegularityTrait
    | SeasonTrait
    | WeekdayTrait
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
    | ItemsTrait
    | RedeemTrait
    | ReturnsTrait
    | ReferTrait
    | TakeUpTrait
    | ExchangeTrait
    | ChooseTrait
    | EventTrait
    | EventTraits
    | ActiveFact
    | OrdersFact
    | AverageBasketFact
    | RedeemingFact
    | ResponsesBlock
)


@node
class SegmentBlock:
    """`segment regulars 55% [joining 60%] [referred 70%] [like grocery] { ... }`."""

    name: Name
    share: Percent
    joining: Percent | None
    referred: Percent | None
    like: Name | None
    traits: tuple[Trait, ...]
    span: Span


PopulationClause = (
    StartClause | JoinClause | FittedClause | MarginClause | DiscountClause | RunsClause | LiftClause
    | ResponsesBlock | SegmentBlock
)  # fmt: skip


@node
class PopulationBlock:
    """`population NAME [for PROGRAM] { ... }`."""

    name: Name
    program: Name | None
    clauses: tuple[PopulationClause, ...]
    span: Span
