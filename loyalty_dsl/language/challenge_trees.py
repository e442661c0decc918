"""The rows of `trees` that make the nodes of challenges.

Invariant: as of `trees`.
"""

from collections.abc import Mapping
from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row, words_row
from loyalty_dsl.language.syntax import challenges
from loyalty_dsl.source import Span


def _goal(
    span: Span, quantity: syntax.Quantity, of: syntax.Name | None, where: Any
) -> challenges.Goal | challenges.GoalDifferent:
    """`5 values of category` reads like `5 nights of stay`, and is another goal."""
    number, unit = quantity.number, quantity.unit
    values = unit is not None and unit.text in ("value", "values")
    if values and of is not None and isinstance(number, syntax.Number):
        return challenges.GoalDifferent(number, of, where, span)
    return challenges.Goal(quantity, of, where, span)


CHALLENGE_ACTIONS: Mapping[str, Action] = {
    "challenge": headed_row(challenges.ChallengeBlock, 2),
    "challenge_header": parts_row,
    "start_opt_in": lambda children, span: challenges.StartOptIn(span),
    "start_every": node_row(challenges.StartEvery),
    "start_on": node_row(challenges.StartOn),
    "ends_after": node_row(challenges.EndsAfter),
    "ends_on": node_row(challenges.EndsOn),
    "goal": of_row(_goal),
    "goal_in_a_row": node_row(challenges.GoalInARow),
    "count_in_a_row": node_row(challenges.CountInARow),
    "forgive": of_row(lambda span, number, gaps: challenges.Forgive(number, span)),
    "gaps": words_row,
    "challenge_limit": node_row(challenges.Repeats),
}
