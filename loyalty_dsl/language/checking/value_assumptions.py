"""What a population assumes about money: the margin of what is sold, the discount rate, what running the
program costs, and how much more members buy because of it.

Invariant: each is a number with its source, and none is assumed where nothing is written.
"""

from fractions import Fraction

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import fine_money
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.currencies import source_of
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.population import RunningCost, ValueAssumptions
from loyalty_dsl.language.program import AssumedNumber
from loyalty_dsl.language.syntax.populations import DiscountClause, LiftClause, MarginClause, RunsClause

MOST_LIFT = Fraction(10)


def check_value(scope: ProgramScope, block: syntax.PopulationBlock) -> ValueAssumptions:
    """What a population assumes about money; wrong numbers are reported."""
    findings, clauses = scope.findings, block.clauses
    margin = at_most_one(findings, clauses, MarginClause, "margin")
    discount = at_most_one(findings, clauses, DiscountClause, "discount")
    runs = at_most_one(findings, clauses, RunsClause, "runs at")
    lift = at_most_one(findings, clauses, LiftClause, "lift")
    for clause in (margin, discount):
        if clause is not None:
            verify_chance(findings, clause.percent)
    if margin is not None and not margin.percent.value:
        findings.report(
            "L310", margin.percent.span, "at no margin nothing pays for a program",
            help="write what is left of each dollar of sales when the goods are paid, such as `margin 32%`",
        )  # fmt: skip
    if lift is not None and lift.percent.value > MOST_LIFT:
        findings.report(
            "L404", lift.percent.span, f"`{lift.percent.span.text}` is too large", help="write at most 1,000%"
        )
    return ValueAssumptions(
        margin=None if margin is None else _number(margin),
        discount=None if discount is None else _number(discount),
        runs=None if runs is None else _runs(scope, runs),
        lift=None if lift is None else _number(lift),
    )


def _number(clause: MarginClause | DiscountClause | LiftClause) -> AssumedNumber:
    return AssumedNumber(clause.percent.value, source_of(clause.note), clause.span)


def _runs(scope: ProgramScope, clause: RunsClause) -> RunningCost | None:
    minor = fine_money(scope, clause.money)
    if minor is None:
        return None
    return RunningCost(AssumedNumber(minor, source_of(clause.note), clause.span), Unit(clause.unit.text))
