"""Times within which something comes: lengths in days, months or business days, and conditions on dates.

Invariant: within a time of a day is up to that time later, the last day included.
"""

from loyalty_dsl.calendar import Duration
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import LONGEST_YEARS, duration, more_than_nothing, whole_number
from loyalty_dsl.language.checking.measures import Readable, check_measure, report_mismatch
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import (
    All,
    BusinessDays,
    Compare,
    Condition,
    DayWithin,
    EventDay,
    EventField,
    MemberField,
    Order,
)
from loyalty_dsl.language.types import Kind

_MOST_BUSINESS_DAYS = 261 * LONGEST_YEARS


def check_length(scope: ProgramScope, written: syntax.leaves.Length) -> Duration | BusinessDays | None:
    """A length of time; `None` when it is wrong (reported)."""
    if isinstance(written, syntax.Duration):
        return duration(scope, written)
    count = whole_number(scope, written.count, "days")
    if count is None:
        return None
    if count < 1:
        more_than_nothing(scope, count, written.span)
        return None
    if count > _MOST_BUSINESS_DAYS:
        scope.findings.report(
            "L311", written.span, f"`{written.span.text}` is more than {LONGEST_YEARS} years",
            help="write fewer days",
        )  # fmt: skip
        return None
    return BusinessDays(count)


def check_within(
    scope: ProgramScope, readable: Readable, test: syntax.conditions.WithinLength
) -> Condition | None:
    """`verified within 12 months`: the date is today or earlier, and today is at most so much later."""
    if readable.of_items or readable.no_day is not None:
        why = readable.no_day or "an item filter reads the fields of items; put this behind `when`"
        scope.findings.report("L309", test.span, f"`{test.span.text}` cannot be asked here", help=why)
        return None
    measured = check_measure(scope, readable, test.measure)
    length = check_length(scope, test.length)
    if measured is None:
        return None
    date = measured.operand
    if measured.kind is not Kind.DATE or not isinstance(date, EventField | MemberField):
        fix = "name a date field; days of membership are compared as `days since join`"
        report_mismatch(scope, measured, test.span, "and `within` asks how long ago a date is", help=fix)
        return None
    if length is None:
        return None
    today = EventDay()
    return All(
        (
            Compare(date, Order.AT_MOST, today),
            Compare(today, Order.AT_MOST, DayWithin(date, length)),
        )
    )
