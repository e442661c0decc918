"""Clauses that several blocks share."""

from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import (
    AnyWindow,
    DateLiteral,
    Money,
    MonthDay,
    Name,
    Number,
    Percent,
    Quantity,
    Text,
)
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class NumberNote:
    """`assumed`, or `source "2026 contract"`, behind a number about the business."""

    source: Text | None
    span: Span


@node
class Worth:
    """`worth $0.005`, `worth nothing` (then `money` is `None`)."""

    money: Money | None
    note: NumberNote | None
    span: Span


@node
class Cost:
    """`cost $0.003`, `cost 85% of face value`, each with an optional note."""

    number: Money | Percent
    note: NumberNote | None
    span: Span


@node
class Limit:
    """`limit 4 times per calendar day`, `limit 50 points per event` (then `window` is `None`).

    Behind it `per store` (then `by` is the field), `for everyone`, `else refuse`, in a referral `to friend`
    (then `to` is the word `friend`), and `when ...`.
    """

    quantity: Quantity
    window: AnyWindow | None
    everyone: bool
    refuses: bool
    to: Name | None
    span: Span
    when: Condition | None = None
    by: Name | None = None


@node
class When:
    condition: Condition
    span: Span


@node
class DateRange:
    """`D`, `D through E`, `from D`, `from D through E`, `through E`, `before E`.

    `first` and `last` are inclusive; `before E` has `before` set instead of `last`.
    """

    first: DateLiteral | None
    last: DateLiteral | None
    before: DateLiteral | None
    span: Span


@node
class MonthDays:
    """`on days 1 through 7 of a month`, `on day 15 of a month` (then `last` is `None`)."""

    first: Number
    last: Number | None
    span: Span


@node
class YearDays:
    """`december 25`, `december 20 through january 6` of every year; `last` is `None` for a single day."""

    first: MonthDay
    last: MonthDay | None
    span: Span


@node
class WeekDays:
    """`on mondays`, `on weekdays`, `on weekends`: the word as written."""

    word: Name
    span: Span


@node
class Dates:
    """`dates ...`: the alternatives of one clause."""

    alternatives: tuple[DateRange | MonthDays | YearDays | WeekDays, ...]
    span: Span
