"""Challenges: so much to do between a start and an end, and what is given for it."""

from loyalty_dsl.language.syntax.amounts import Give
from loyalty_dsl.language.syntax.clauses import When
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.expiry import ExpireClause
from loyalty_dsl.language.syntax.leaves import AnyWindow, DateLiteral, Duration, Name, Number, Quantity, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.language.syntax.pending import PendingClause, PendingTable
from loyalty_dsl.language.syntax.rules import AccountClause, InGroupClause
from loyalty_dsl.source import Span


@node
class StartOptIn:
    """`start when member opts in`."""

    span: Span


@node
class StartEvery:
    """`start every calendar month`."""

    of: AnyWindow
    span: Span


@node
class StartOn:
    """`start 2026-03-01`."""

    day: DateLiteral
    span: Span


Start = StartOptIn | StartEvery | StartOn


@node
class EndsAfter:
    """`ends 7 days after start`."""

    length: Duration
    span: Span


@node
class EndsOn:
    """`ends 2026-03-14`: its last day."""

    day: DateLiteral
    span: Span


Ends = EndsAfter | EndsOn


@node
class Goal:
    """`goal 3 items where ...`, `goal $50 spend`, `goal 5 nights of stay`."""

    quantity: Quantity
    of: Name | None
    where: Condition | None
    span: Span


@node
class GoalDifferent:
    """`goal 5 values of category where ...`."""

    number: Number
    field: Name
    where: Condition | None
    span: Span


@node
class GoalInARow:
    """`goal 7 days in a row with purchase where ...`; the unit as written."""

    number: Number
    unit: Name
    event: Name
    where: Condition | None
    span: Span


@node
class CountInARow:
    """`count days in a row with purchase where ...`: what comes of it is given at the end."""

    event: Name
    where: Condition | None
    span: Span


@node
class Forgive:
    """`forgive 1 gap`."""

    number: Number
    span: Span


@node
class Repeats:
    """`limit 5 times`: how often the goal may be reached in one run of the challenge; the unit as written."""

    number: Number
    unit: Name
    span: Span


ChallengeClause = (
    Start
    | Ends
    | Goal
    | GoalDifferent
    | GoalInARow
    | CountInARow
    | Forgive
    | Repeats
    | When
    | Give
    | PendingClause
    | PendingTable
    | ExpireClause
    | AccountClause
    | InGroupClause
)


@node
class ChallengeBlock:
    """`challenge NAME ["..."] { ... }`. `span` is the header's."""

    name: Name
    label: Text | None
    clauses: tuple[ChallengeClause, ...]
    span: Span
