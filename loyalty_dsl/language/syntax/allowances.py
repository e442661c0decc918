"""Allowances: what members may use, for each unit of a currency that they have."""

from loyalty_dsl.language.syntax.clauses import NumberNote
from loyalty_dsl.language.syntax.leaves import Money, Name, Number, Quantity, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class AllowanceRate:
    """`500 megabytes per referral [up to 16,000 megabytes]`."""

    quantity: Quantity
    per: Name
    most: Quantity | None
    span: Span


@node
class AllowanceCase:
    """A row of a table: the levels or values, or none for `others`."""

    names: tuple[Name, ...]
    rate: AllowanceRate
    span: Span


@node
class AllowanceGive:
    """`give 500 megabytes per referral`, `give by plus { ... }`; `by` is `None` for the first."""

    by: Name | None
    rows: tuple[AllowanceCase, ...]
    span: Span


@node
class AllowanceCost:
    """`cost $0.01 per 1,000 megabytes per month`."""

    money: Money
    number: Number | None
    unit: Name
    note: NumberNote | None
    span: Span


AllowanceClause = AllowanceGive | AllowanceCost


@node
class AllowanceBlock:
    """`allowance NAME ["..."] { ... }`; `span` is the header's."""

    name: Name
    label: Text | None
    clauses: tuple[AllowanceClause, ...]
    span: Span
