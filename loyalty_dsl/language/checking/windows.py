"""Windows of time as written: which of them counters measure in, limits count in, and terms end with."""

from collections.abc import Sequence

from loyalty_dsl.calendar import MONTHS, Unit
from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import calendar_unit, duration
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import LimitWindow
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership


def check_period(scope: ProgramScope, clause: syntax.PeriodClause) -> Period | None:
    """The year or quarter that a `period` declares, which begins with a month as no calendar one does."""
    month, first = clause.start.month, clause.start.day
    if first.value != 1:
        scope.findings.report(
            "L330", first.span, f"a period begins on the first day of a month, not on day {first.span.text}",
            help=f"write `{clause.unit.text} from {MONTHS[month - 1]} 1`",
        )  # fmt: skip
        return None
    unit = Unit(clause.unit.text)
    if month == 1 or (unit is Unit.QUARTER and month % 3 == 1):
        scope.findings.report(
            "L330", clause.start.span,
            f"a {unit.value} from {MONTHS[month - 1]} 1 is the calendar {unit.value}",
            help=f"write `calendar {unit.value}` where it is meant, and delete the period",
        )  # fmt: skip
        return None
    return Period(month, clause.name.text, unit)


def check_window(scope: ProgramScope, written: syntax.AnyWindow) -> Window | None:
    """The window that is written; of `previous` windows the one before which they come."""
    match written:
        case syntax.Window(unit=unit):
            return calendar_unit(scope, unit)
        case syntax.RollingWindow():
            length = duration(scope, written.duration)
            return None if length is None else Rolling(length)
        case syntax.LifetimeWindow():
            return Lifetime()
        case syntax.MembershipYear():
            return YearOfMembership()
        case syntax.NamedWindow():
            return _named(scope, written)
        case syntax.leaves.PastWindow(window=window):
            return check_window(scope, window)


def check_limit_window(scope: ProgramScope, written: syntax.AnyWindow) -> LimitWindow | None:
    """A window that a limit can count in."""
    if isinstance(written, syntax.NamedWindow) and written.name.text in ("member", "customer", "person"):
        scope.findings.report(
            "L330", written.span, "every limit is of one member, so this does not say how long it counts",
            help="write `per lifetime`, or a window such as `per calendar year`",
        )  # fmt: skip
        return None
    if isinstance(written, syntax.NamedWindow) and _names_event(scope, written.name.text):
        scope.findings.report(
            "L330", written.span, f"`{written.span.text}` is no length of time",
            help="write `per event` for each of them, or a window such as `per calendar year`",
        )  # fmt: skip
        return None
    if not verify_present(scope, written, "a limit counts in the present window"):
        return None
    window = check_window(scope, written)
    if isinstance(window, Rolling):
        scope.findings.report(
            "L330", written.span, "a limit counts in windows that begin and end on known days",
            help="write `per calendar month`, `per calendar year` or `per lifetime`",
        )  # fmt: skip
        return None
    return window


def _names_event(scope: ProgramScope, text: str) -> bool:
    return scope.periods.find(text) is None and (text in scope.events or text in EVENT_WORDS)


def check_calendar_window(scope: ProgramScope, written: syntax.AnyWindow, why: str) -> Unit | Period | None:
    """A window whose end is the same day for everybody.

    Args:
        why: what it is asked for, as a sentence without a full stop.
    """
    if not verify_present(scope, written, why):
        return None
    window = check_window(scope, written)
    match window:
        case Unit() | Period() | None:
            return window
        case Rolling() | Lifetime() | YearOfMembership():
            scope.findings.report(
                "L330", written.span, f"`{written.span.text}` has no day on which it ends for everybody",
                help=f"{why}: write `calendar year`, `calendar month` or a declared `period`",
            )  # fmt: skip
            return None


def verify_present(scope: ProgramScope, written: syntax.AnyWindow, why: str) -> bool:
    """Whether a window is the present one; a previous one is reported."""
    match written:
        case (
            syntax.Window(previous=True)
            | syntax.NamedWindow(previous=True)
            | syntax.MembershipYear(previous=True)
        ):
            scope.findings.report(
                "L330", written.span, f"`{written.span.text}` cannot stand here: {why}",
                help="delete `previous`; only a measure inside a condition reads the window before",
            )  # fmt: skip
            return False
        case syntax.leaves.PastWindow(window=window):
            return verify_present(scope, window, why)
        case _:
            return True


def is_previous(written: syntax.AnyWindow) -> bool:
    """Whether the window before the present one is meant."""
    match written:
        case syntax.Window(previous=previous) | syntax.NamedWindow(previous=previous):
            return previous
        case syntax.MembershipYear(previous=previous):
            return previous
        case syntax.leaves.PastWindow(window=window):
            return is_previous(window)
        case syntax.RollingWindow() | syntax.LifetimeWindow():
            return False


def _named(scope: ProgramScope, written: syntax.NamedWindow) -> Period | None:
    name = written.name
    period = scope.periods.find(name.text)
    if period is not None or scope.periods.may_be_unseen(name.text):
        return period
    units = [unit.value for unit in Unit]
    bare = name.text.removesuffix("s")
    if bare in units:
        before = name.span.source.text[: name.span.start].split()[-1:]
        scope.findings.report(
            "L201", name.span, f"there is no period `{name.text}`", help=f"did you mean `calendar {bare}`?",
            # Limits count in windows of the calendar alone; a counter may be meant to roll.
            edit=Edit(name.span, f"calendar {bare}", safe=before == ["per"]),
        )  # fmt: skip
        return None
    guess = nearest(name.text, _known(scope))
    scope.findings.report(
        "L201", name.span, f"there is no period `{name.text}`",
        help=f"did you mean `{guess}`?" if guess
        else f"declare it, as in `period {name.text} = year from march 1`, or write `calendar year`",
    )  # fmt: skip
    return None


def _known(scope: ProgramScope) -> Sequence[str]:
    return [*scope.periods, "lifetime"]
