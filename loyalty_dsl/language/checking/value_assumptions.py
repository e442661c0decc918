"""What a population assumes about money: the margin of what is sold, the discount rate, what running the
program costs, and how much more members buy because of it.

Invariant: each is a number with its source, and none is assumed where nothing is written.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import fine_money
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.currencies import source_of
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.population import ValueAssumptions
from loyalty_dsl.language.running import RunningCost
from loyalty_dsl.language.syntax.populations import DiscountClause, LiftClause, MarginClause, RunsClause
from loyalty_dsl.language.syntax.programs import RunsPerActive

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
    if margin is not None and not margin.percent.value and not scope.partners.things():  # who may pay
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
        runs=None if runs is None else running_cost(scope, runs),
        lift=None if lift is None else _number(lift),
    )


def _number(clause: MarginClause | DiscountClause | LiftClause) -> AssumedNumber:
    return AssumedNumber(clause.percent.value, source_of(clause.note), clause.span)


def check_running(scope: ProgramScope, block: syntax.ProgramBlock) -> tuple[RunningCost, ...]:
    """What a program says about its own running costs."""
    runs = at_most_one(scope.findings, block.clauses, RunsClause, "runs at")
    per_active = at_most_one(scope.findings, block.clauses, RunsPerActive, "runs at ... per active member")
    costs = (None if each is None else running_cost(scope, each) for each in (runs, per_active))
    return tuple(cost for cost in costs if cost is not None)


def running_cost(scope: ProgramScope, clause: RunsClause | RunsPerActive) -> RunningCost | None:
    """What running the program costs."""
    minor = fine_money(scope, clause.money)
    if minor is None:
        return None
    number = AssumedNumber(minor, source_of(clause.note), clause.span)
    match clause:
        case RunsPerActive():
            return RunningCost(number, Unit.MONTH, per_active=True)
        case RunsClause(unit=unit):
            return RunningCost(number, Unit(unit.text))
        case _:
            assert_never(clause)
