"""The clauses of a study."""

from loyalty_dsl.language.syntax.leaves import Money, Name, Number, Percent, Quantity, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span

BoundValue = Number | Money | Percent | Quantity


@node
class StudyProgram:
    """`program starbucks`."""

    name: Name
    span: Span


@node
class StudyPopulation:
    """`population coffee_drinkers`."""

    name: Name
    span: Span


@node
class StudyMonths:
    """`months 36`."""

    number: Number
    span: Span


@node
class StudySample:
    """`sample 20,000 members`."""

    number: Number
    span: Span


@node
class StudySeed:
    """`seed 7`."""

    number: Number
    span: Span


@node
class CompareProgram:
    """`compare starbucks_2025`."""

    name: Name
    span: Span


@node
class NumberSet:
    """`status.gold = $400`."""

    path: Name
    value: BoundValue
    span: Span


@node
class CompareSettings:
    """`compare with status.gold = $400, base.give = 2 points`."""

    settings: tuple[NumberSet, ...]
    span: Span


@node
class AtMonth:
    """`at month 36`."""

    number: Number
    span: Span


@node
class OverMonths:
    """`over 12 months`."""

    number: Number
    span: Span


@node
class AskedOutcome:
    """`members of gold at month 12`; the name is all its words as written."""

    name: Name
    of: Name | None
    months: AtMonth | OverMonths | None
    span: Span


@node
class ObjectiveClause:
    """`objective liability at month 36`."""

    outcome: AskedOutcome
    span: Span


@node
class OneBound:
    """`<= $4.0M`."""

    sign: str
    value: BoundValue
    span: Span


@node
class TwoBounds:
    """`between 8% and 25%`."""

    least: BoundValue
    most: BoundValue
    span: Span


@node
class ConfidenceLayer:
    """`with 95% confidence`."""

    percent: Percent
    span: Span


@node
class NoiseLayer:
    """`within simulation noise`."""

    span: Span


@node
class GateClause:
    """`require liability at month 36 <= $4.0M with 95% confidence`; `word` is `require` or `warn`."""

    word: Name
    outcome: AskedOutcome
    bound: OneBound | TwoBounds
    layer: ConfidenceLayer | NoiseLayer | None
    span: Span


@node
class AcceptClause:
    """`accept assumed points.cost "agreed with finance"`."""

    path: Name
    why: Text
    span: Span


StudyClause = (
    StudyProgram
    | StudyPopulation
    | StudyMonths
    | StudySample
    | StudySeed
    | CompareProgram
    | CompareSettings
    | ObjectiveClause
    | GateClause
    | AcceptClause
)


@node
class StudyBlock:
    """`study launch "Before the launch" { ... }`."""

    name: Name
    title: Text | None
    clauses: tuple[StudyClause, ...]
    span: Span
