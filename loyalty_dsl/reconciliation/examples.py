"""A few differences shown whole: our posting with the rule behind it, beside their row.

Invariant: an example repeats what the table of differences says of it, and adds only where the rule stands.
"""

from typing import Any

import attrs

from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.reconciliation.reconciling import Reconciliation

EXAMPLES = 3


@attrs.frozen
class Example:
    """One difference.

    Attributes:
        ours: day, kind and units of our posting; `None` where there is none.
        rule: what posted it, and place: `FILE:LINE` of that in the rules; "" where nothing did.
        theirs: day, kind and units of their row or rows; `None` where there is none.
        row: the first of their rows, from 1, the header not counted; rows: how many there are.
    """

    member: str
    currency: int
    cause: str
    event: str | None
    ours: tuple[int, str, int] | None
    rule: str
    place: str
    theirs: tuple[int, str, int] | None
    row: int | None
    rows: int
    points: int


def examples_of(result: Reconciliation, most: int = EXAMPLES) -> tuple[Example, ...]:
    """One of each cause first, those with most points before the others; then further ones of the first."""
    ranked = sorted(result.causes, key=lambda total: (-abs(total.points), -total.postings))
    found: list[Example] = []
    for nth in range(most):
        for cause in ranked:
            its = result.found.filter(
                (result.found["cause"] == cause.cause.value) & (result.found["currency"] == cause.currency)
            )
            if nth < its.height and len(found) < most:
                found.append(_example(result.program, its.row(nth, named=True)))
    return tuple(found)


def _example(program: Program, row: dict[str, Any]) -> Example:
    ours = None if row["our_day"] is None else (row["our_day"], row["our_kind"], row["our_units"])
    theirs = None if row["their_day"] is None else (row["their_day"], row["their_kind"], row["their_units"])
    rule = row["rule"] or ""
    return Example(
        member=row["name"],
        currency=row["currency"],
        cause=row["cause"],
        event=row["event"],
        ours=ours,
        rule=rule,
        place="" if ours is None else place_of(program, rule, row["currency"]),
        theirs=theirs,
        row=row["their_row"],
        rows=row["their_rows"] or 0,
        points=row["points"],
    )


def place_of(program: Program, rule: str, currency: int) -> str:
    """`FILE:LINE` of a rule or reward, the first of several; of the currency for what has none, an expiry."""
    named: list[EarnRule | Reward] = [*program.earns, *program.rewards]
    first = rule.split(", ", 1)[0]
    spans = [each.span for each in named if each.name == first] or [program.currencies[currency].span]
    return f"{spans[0].source.name}:{spans[0].line}"
