"""Rules that raise another one to an amount: always, or by cases, the first that holds (EARN-11, EARN-14).

Invariant: one rule raises one other, in its currency.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Case, Choice, Nothing
from loyalty_dsl.language.checking.clauses import only
from loyalty_dsl.language.checking.earned_amounts import Earning, Given, refer_to
from loyalty_dsl.language.checking.giving import check_given
from loyalty_dsl.language.checking.offers import first_lines
from loyalty_dsl.language.checking.scope import ProgramScope


def check_raised(
    scope: ProgramScope, clauses: Sequence[syntax.RaiseClause], earning: Earning
) -> tuple[Given | None, tuple[int, ...] | None]:
    """What the `raise` lines of a rule give, and which rules they raise to that; at least one line."""
    first = clauses[0]
    if all(clause.when is None for clause in clauses):
        only(scope.findings, clauses, "raise")
        clauses = clauses[:1]
    raises = refer_to(scope, earning, first.rule)
    other = next((clause for clause in clauses if clause.rule.text != first.rule.text), None)
    if other is not None:
        scope.findings.report(
            "L205", other.rule.span, f"this rule raises `{first.rule.text}` already",
            secondary=[(first.rule.span, "raised here")], help="write a rule for each that is raised",
        )  # fmt: skip
        return None, raises
    if len(clauses) == 1 and first.when is None:
        return _given(scope, earning, first), raises
    cases = first_lines(
        scope, earning.fired.readable, clauses, lambda clause: clause.when,
        lambda clause: _given(scope, earning, clause),
    )  # fmt: skip
    if not cases:
        return None, raises
    asked = tuple(Case(when, given.amount, given.span) for when, given in cases if when is not None)
    rest = next(((given.amount, given.span) for when, given in cases if when is None), (Nothing(), None))
    return Given(Choice(asked, *rest), cases[0][1].currency, first.span), raises


def _given(scope: ProgramScope, earning: Earning, clause: syntax.RaiseClause) -> Given | None:
    """The amount of a line, in the currency of what it raises."""
    given = check_given(scope, earning, clause.amount)
    raised = scope.giving(clause.rule.text)
    if given is None or raised is None or given.currency is None:
        return None
    if given.currency.index != raised.index:
        scope.findings.report(
            "L302", given.span, f"`{clause.rule.text}` gives {raised.name}, and this is an amount of "
            f"{given.currency.name}",
            secondary=[(clause.rule.span, "what is raised")], help=f"raise it to an amount of {raised.name}",
        )  # fmt: skip
        return None
    return given
