"""Paid memberships: plans with their fees, a trial, and whom a new price spares."""

from loyalty_dsl.language.syntax.clauses import NumberNote, When
from loyalty_dsl.language.syntax.leaves import DateLiteral, Duration, Money, Name, Number, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class Fee:
    """`$139 per year`, `from 2022-02-18 $139 per year`; `start` is `None` for a fee that never changes."""

    start: DateLiteral | None
    money: Money
    per: Name
    span: Span


@node
class FeeClause:
    """`fee $139 per year`, `fee by date { ... }`."""

    fees: tuple[Fee, ...]
    span: Span


@node
class PlanBlock:
    """`plan NAME ["..."] { ... }`; `span` is the header's."""

    name: Name
    label: Text | None
    clauses: tuple[FeeClause | When, ...]
    span: Span


@node
class TrialClause:
    """`trial 30 days`."""

    duration: Duration
    span: Span


@node
class TrialLimitClause:
    """`limit 1 trial per rolling 12 months`."""

    times: Number
    duration: Duration
    span: Span


@node
class ProtectClause:
    """`protect existing members through D`."""

    date: DateLiteral
    span: Span


@node
class UpkeepClause:
    """`cost $3.00 per month`."""

    money: Money
    note: NumberNote | None
    span: Span


@node
class RefundTime:
    """`within 3 business days`; `unit` is the words."""

    number: Number
    unit: Name
    span: Span


@node
class RefundClause:
    """`refund fee [less shipped] [within 3 business days] [unless shipped]`."""

    less: Name | None
    within: RefundTime | None
    unless: Name | None
    span: Span


@node
class RefundNothing:
    """`refund nothing`."""

    span: Span


MembershipClause = (
    PlanBlock | TrialClause | TrialLimitClause | ProtectClause | UpkeepClause | RefundClause | RefundNothing
)


@node
class MembershipBlock:
    """`membership NAME ["..."] { ... }`; `span` is the header's."""

    name: Name
    label: Text | None
    clauses: tuple[MembershipClause, ...]
    span: Span
