"""Rules: earn rules, rewards, benefits and referrals, and the groups that earn rules are in."""

from loyalty_dsl.language.syntax.amounts import Amount, Give, Table
from loyalty_dsl.language.syntax.clauses import Cost, Dates, Limit, NumberNote, When, Worth
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.expiry import ExpireClause, ExpireTable
from loyalty_dsl.language.syntax.gates import RefuseClause
from loyalty_dsl.language.syntax.leaves import (
    AnyWindow,
    Duration,
    Money,
    MonthDay,
    MonthName,
    Name,
    Number,
    Percent,
    Quantity,
    Text,
)
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.pending import PendingClause, PendingTable
from loyalty_dsl.source import Span


@node
class OnClause:
    """`on [first [3]] purchase [by friend] [within 30 days of join] [kept 14 days] [where ...]`.

    `event` is the word as written: a kind of event, its plural, or a member's date field (`on birthday`).

    Attributes:
        first: the number behind `first`; `first purchase` has the number 1 at the word `first`.
        by: the actor, such as `friend`.
        within: the length of time behind `within`; it counts from `within_of`, such as `join`.
    """

    event: Name
    first: Number | None
    by: Name | None
    within: Duration | None
    within_of: Name | None
    kept: Duration | None
    where: Condition | None
    span: Span


@node
class StageClause:
    """`stage port [within 45 days] [kept 45 days] [where ...]`: what a friend does next."""

    event: Name
    within: Duration | None
    kept: Duration | None
    where: Condition | None
    span: Span


@node
class OnAnniversary:
    """`on anniversary of join`."""

    of: Name
    span: Span


@node
class OnStart:
    """`on start of calendar month`, `on start of november`."""

    of: AnyWindow | MonthName
    span: Span


@node
class OnEnd:
    """`on end of calendar month`, `on 45 days after end of fiscal_quarter`."""

    later: Duration | None
    of: AnyWindow
    span: Span


@node
class OnSilence:
    """`on 60 days after last purchase, stay`."""

    length: Duration
    events: tuple[Name, ...]
    span: Span


@node
class OnReaches:
    """`on nights reaches 40 then every 10`, `on nights reaches one of 40, 60`."""

    counter: Name
    at: tuple[Number | Money | Quantity, ...]
    every: Number | Money | Quantity | None
    span: Span


@node
class OnFalls:
    """`on status falls below gold`."""

    ladder: Name
    level: Name
    span: Span


@node
class OnRises:
    """`on status reaches gold`."""

    ladder: Name
    level: Name
    span: Span


@node
class OnAfterJoin:
    """`on 30 days after join`."""

    length: Duration
    span: Span


@node
class ForItems:
    """`for items where ...`."""

    where: Condition
    span: Span


@node
class GiveTo:
    """`give 500 points to friend`: every other `give` is its amount itself."""

    amount: Amount
    to: Name
    span: Span


@node
class GiveWhen:
    """`give 2 points per $1 when status is gold`; the first whose condition holds is given."""

    amount: Amount
    when: Condition
    span: Span


@node
class RaiseClause:
    """`raise base to 3 points per $1 [when CONDITION]`."""

    rule: Name
    amount: Amount
    when: Condition | None
    span: Span


@node
class InGroupClause:
    """`in promotions`."""

    group: Name
    span: Span


@node
class ChanceClause:
    """`chance 1%`."""

    percent: Percent
    span: Span


@node
class AccountClause:
    """`account marketing`, `account sold to partner at $0.012`, the price with an optional note."""

    first: Name
    last: Name | None
    price: Money | None
    note: NumberNote | None
    span: Span


@node
class PriceClause:
    """`price 500 points`, `price 500 points and $20`."""

    quantity: Quantity
    beside: Money | None
    span: Span


@node
class PriceWhen:
    """`price 500 points when status is gold`; the first whose condition holds is the price."""

    quantity: Quantity
    when: Condition
    span: Span


@node
class PricePerOff:
    """`price 100 points per $1 off`: points as money."""

    quantity: Quantity
    money: Money
    span: Span


@node
class PriceAll:
    """`price all cash`: the whole balance."""

    currency: Name
    span: Span


@node
class PriceTable:
    """`price by zone and cabin { ... } [and $5.60]`; rows hold `GiveFlat`, `NotOffered` or another table."""

    table: Table
    beside: Money | None
    span: Span


@node
class StepsClause:
    """`steps $5`: points as money is taken in multiples of it."""

    money: Money
    span: Span


@node
class StepsAmount:
    """`steps 400 points`: an exchange goes in multiples of it."""

    quantity: Quantity
    span: Span


@node
class ExchangeClause:
    """`exchange 400 points for 250 avios [to recipient]`."""

    taken: Quantity
    given: Quantity
    to: Name | None
    span: Span


@node
class MinimumClause:
    """`minimum $20` (of the basket), `minimum 1,000 points` (of the available balance; in a `transfer` of
    what is exchanged)."""

    quantity: Quantity
    span: Span


@node
class MinimumTable:
    """`minimum by status { ... }`; the rows hold `GiveFlat`."""

    table: Table
    span: Span


@node
class LimitTable:
    """`limit by status { gold 2,000 points others 500 points } per calendar month [per store] [else refuse]`;
    the rows hold `GiveFlat`, `window` is `None` for `per event`, and `by` is the field."""

    table: Table
    window: AnyWindow | None
    by: Name | None
    refuses: bool
    span: Span


@node
class IssueClause:
    """`issue automatically [at checkout]`."""

    at_checkout: bool
    span: Span


@node
class HiddenClause:
    """`hidden`: kept out of what members are told."""

    span: Span


@node
class Choose:
    """`choose 1 through january 8 otherwise upgrades`: of a menu, and of what comes by itself of it."""

    number: Number
    through: MonthDay | None
    otherwise: Name | None
    span: Span


RuleClause = (
    OnClause
    | OnAnniversary
    | OnStart
    | OnEnd
    | OnSilence
    | OnReaches
    | OnFalls
    | OnRises
    | OnAfterJoin
    | When
    | Dates
    | ForItems
    | Give
    | GiveTo
    | GiveWhen
    | RaiseClause
    | InGroupClause
    | Limit
    | LimitTable
    | ChanceClause
    | AccountClause
    | PendingClause
    | PendingTable
    | ExpireClause
    | ExpireTable
    | PriceClause
    | PriceWhen
    | PricePerOff
    | PriceAll
    | PriceTable
    | StepsClause
    | StepsAmount
    | ExchangeClause
    | MinimumClause
    | MinimumTable
    | IssueClause
    | HiddenClause
    | StageClause
    | Choose
    | RefuseClause
    | Cost
    | Worth
)


@node
class RuleBlock:
    """`earn NAME "..." { ... }`, and so `reward`, `benefit`, `referral` and `transfer`; `word` says which."""

    word: Name
    name: Name
    label: Text | None
    clauses: tuple[RuleClause, ...]
    span: Span


@node
class CombineClause:
    """`combine best of`: `how` is `add`, `best of`, `first` or `newest`."""

    how: Name
    span: Span


@node
class GroupBlock:
    """`group NAME ["..."] { combine newest ... }`."""

    name: Name
    label: Text | None
    clauses: tuple[CombineClause | Limit | LimitTable, ...]
    span: Span
