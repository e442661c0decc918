"""Conditions as written: a chain of `and`, a chain of `or`, or one test."""

from loyalty_dsl.language.syntax.leaves import AnyWindow, DateLiteral, Length, Name, TimeLiteral, Value
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class Measure:
    """What a condition reads or a counter counts: `payment`, `balance of points`, `days since join`,
    `spend of items in calendar year`, `purchases in previous calendar month`, `points earned by base in
    calendar year`.

    Attributes:
        earned: the rules and groups behind `earned by`; empty for `earned` alone; `None` without the word.
        window: what is behind `in`.
    """

    name: Name
    of: Name | None
    since: Name | None
    earned: tuple[Name, ...] | None
    window: AnyWindow | None
    span: Span


@node
class Holds:
    """A yes/no measure on its own."""

    measure: Measure
    span: Span


@node
class Equals:
    """`measure is value`, `measure is not value`."""

    measure: Measure
    negated: bool
    value: Value
    span: Span


@node
class OneAmong:
    """`measure is one of a, b`, `measure is not one of a, b`."""

    measure: Measure
    negated: bool
    values: tuple[Name, ...]
    span: Span


@node
class Compares:
    """`measure >= value`; the sign as written."""

    measure: Measure
    sign: str
    value: Value
    span: Span


@node
class Dated:
    """`measure before D`, `measure from D`, `measure through D`, of a day or a time of day."""

    measure: Measure
    word: str
    date: DateLiteral | TimeLiteral
    span: Span


@node
class Between:
    """`measure between value and value`, both included."""

    measure: Measure
    least: Value
    most: Value
    span: Span


@node
class OnWeekday:
    """`on mondays`, `on weekdays`, `on weekends`: the word as written."""

    word: Name
    span: Span


@node
class Has:
    """`has lounge_pass`: something of a currency is available."""

    currency: Name
    span: Span


@node
class WithinLength:
    """`verified within 12 months`."""

    measure: Measure
    length: Length
    span: Span


@node
class Negated:
    """`not test`."""

    test: "Condition"
    span: Span


@node
class AllOf:
    """`a and b and c`."""

    tests: tuple["Condition", ...]
    span: Span


@node
class AnyOf:
    """`a or b or c`."""

    tests: tuple["Condition", ...]
    span: Span


Test = Holds | Equals | OneAmong | Compares | Between | Dated | OnWeekday | Has | WithinLength
Condition = Test | Negated | AllOf | AnyOf
