"""The blocks and clauses of a program."""

from loyalty_dsl.language.syntax.allowances import AllowanceBlock
from loyalty_dsl.language.syntax.audiences import AudienceBlock
from loyalty_dsl.language.syntax.challenges import ChallengeBlock
from loyalty_dsl.language.syntax.clauses import Cost, NumberNote, Worth
from loyalty_dsl.language.syntax.counters import CounterClause
from loyalty_dsl.language.syntax.expiry import ExpireClause, PostponeClause, RestartClause
from loyalty_dsl.language.syntax.gates import AcceptReturns, EventClause, ReverseInPeriod
from loyalty_dsl.language.syntax.leaves import (
    DateLiteral,
    Duration,
    Money,
    MonthDay,
    Name,
    Number,
    Percent,
    Text,
)
from loyalty_dsl.language.syntax.memberships import MembershipBlock
from loyalty_dsl.language.syntax.menus import MenuBlock
from loyalty_dsl.language.syntax.named_tables import NamedTable
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.partners import PartnerBlock
from loyalty_dsl.language.syntax.pending import PendingClause, PendingTable
from loyalty_dsl.language.syntax.populations import RunsClause
from loyalty_dsl.language.syntax.rules import GroupBlock, RuleBlock
from loyalty_dsl.language.syntax.tiers import TiersBlock
from loyalty_dsl.language.syntax.versions import ReplacesClause, TransitionBlock
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
    clauses: tuple[EventClause, ...] = ()


@node
class ItemBlock:
    """`item { ... }`."""

    fields: tuple[FieldDeclaration, ...]
    span: Span


@node
class RoundClause:
    """`round half up per rule`: `how` is `half up`, `down` or `up`; `per` is `rule` or `event`.

    `round exact to 0.01` has `exact` and the number `to`, and no `per`.
    """

    how: Name
    per: Name | None
    to: Number | None
    span: Span


@node
class SpendClause:
    """`spend soonest to expire first`, `spend oldest first`: `order` is what comes before `first`."""

    order: Name
    span: Span


@node
class BreakageClause:
    """`breakage 15%`, perhaps with a note: what the business says is never used."""

    share: Percent
    note: NumberNote | None
    span: Span


@node
class ShowClause:
    """`show whole stars`."""

    unit: Name
    span: Span


@node
class NotifyClause:
    """`notify 14 days before expiry`."""

    ahead: Duration
    span: Span


@node
class UseOnlyClause:
    """`use recognition`, `use gift_card, donation`: the rewards and transfers that alone may take it."""

    names: tuple[Name, ...]
    span: Span


CurrencyClause = (
    RoundClause
    | PendingClause
    | PendingTable
    | ExpireClause
    | PostponeClause
    | RestartClause
    | SpendClause
    | Worth
    | Cost
    | BreakageClause
    | ShowClause
    | NotifyClause
    | UseOnlyClause
)


@node
class CurrencyBlock:
    """`currency points "Points" [in money] { ... }`."""

    name: Name
    label: Text | None
    in_money: bool
    clauses: tuple[CurrencyClause, ...]
    span: Span


@node
class PeriodClause:
    """`period qualifying_year = year from march 1`: `unit` is `year` or `quarter`."""

    name: Name
    unit: Name
    start: MonthDay
    span: Span


@node
class MemberBlock:
    """`member { ... }`."""

    fields: tuple[FieldDeclaration, ...]
    span: Span


@node
class BalanceClause:
    """`balance goes negative`, `balance stops at zero`: `how` is what is behind `balance`."""

    how: Name
    span: Span


@node
class TierClauseOfReturns:
    """`tier keeps`, `tier rechecks`: `how` is `keeps` or `rechecks`."""

    how: Name
    span: Span


@node
class ReverseClause:
    """`reverse points and counters`: what a return does anyhow."""

    span: Span


ReturnsClause = BalanceClause | TierClauseOfReturns | ReverseClause | ReverseInPeriod | AcceptReturns


@node
class ReturnsBlock:
    """`returns { ... }`."""

    clauses: tuple[ReturnsClause, ...]
    span: Span


@node
class RunsPerActive:
    """`runs at $0.10 per active member per month`."""

    money: Money
    note: NumberNote | None
    span: Span


ProgramClause = (
    MoneyClause
    | TimezoneClause
    | StartsClause
    | ReplacesClause
    | TransitionBlock
    | PeriodClause
    | MemberBlock
    | EventBlock
    | ItemBlock
    | CurrencyBlock
    | CounterClause
    | TiersBlock
    | MembershipBlock
    | GroupBlock
    | NamedTable
    | RuleBlock
    | ChallengeBlock
    | MenuBlock
    | ReturnsBlock
    | PartnerBlock
    | AudienceBlock
    | AllowanceBlock
    | RunsClause
    | RunsPerActive
)


@node
class ProgramBlock:
    """`program NAME "..." [version 2] { ... }`. `span` is the header's, not the body's, as in every block."""

    name: Name
    label: Text | None
    version: Number | None
    clauses: tuple[ProgramClause, ...]
    span: Span
