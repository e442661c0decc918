"""Windows some time ago: `spend in calendar quarter 1 year ago`, `sellout in fiscal_quarter 1 year ago`.

Invariant: what a counter had so many windows ago is a counter of its own, which stands on that of one window
less (COUNT-9).
"""

import attrs

from loyalty_dsl.calendar import IN_MONTHS, Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.scope import Counted, ProgramScope, Terms
from loyalty_dsl.language.checking.windows import check_window, is_previous
from loyalty_dsl.language.counters import PastMeasure
from loyalty_dsl.language.windows import Period, Window

_MOST_WINDOWS = 36
"""How many windows back a counter can be read."""

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


def check_windows_ago(scope: ProgramScope, written: syntax.AnyWindow, window: Window) -> int | None:
    """How many windows ago a window was, 0 for one of today; `None` where that is none of them (reported)."""
    if not isinstance(written, syntax.leaves.PastWindow):
        return 0
    ago = written.ago
    length = duration(scope, ago)
    if length is None:
        return None
    if is_previous(written):
        scope.findings.report(
            "L330", written.span, f"`{written.window.span.text}` is a window ago already",
            help=f"delete `previous`, or `{ago.span.text} ago`",
        )  # fmt: skip
        return None
    if not isinstance(window, Unit | Period):
        scope.findings.report(
            "L330", written.window.span,
            f"`{written.window.span.text}` has no windows before it that are alike",
            help="read a calendar window or a period: `in calendar quarter 1 year ago`, for one",
        )  # fmt: skip
        return None
    unit = window if isinstance(window, Unit) else window.unit
    windows = _windows_in(length, unit)
    if windows is None:
        scope.findings.report(
            "L330", ago.span, f"`{ago.span.text}` is no whole number of {unit.value}s",
            help=f"say it in {unit.value}s: `1 {unit.value} ago`",
        )  # fmt: skip
        return None
    if windows > _MOST_WINDOWS:
        scope.findings.report(
            "L330", ago.span, f"a counter can be read at most {_MOST_WINDOWS} windows back",
            help=f"write `{_MOST_WINDOWS} {unit.value}s ago`, or less, or count in longer windows",
        )  # fmt: skip
        return None
    return windows


def _windows_in(length: Duration, unit: Unit) -> int | None:
    for sizes in (IN_MONTHS, _DAYS):
        if unit in sizes and length.unit in sizes:
            windows, rest = divmod(length.count * sizes[length.unit], sizes[unit])
            return None if rest else windows
    return None


def past_of(scope: ProgramScope, counter: int, windows: int) -> int:
    """The number of the counter that holds what another one had so many windows ago."""
    base = scope.counters[counter]
    unit = base.window.unit if isinstance(base.window, Period) else base.window
    length = unit.value if isinstance(unit, Unit) else "window"
    for ago in range(1, windows + 1):
        before = counter
        counter = _holding(scope, before)
        if counter < 0:
            counter = len(scope.counters)
            words = f"{base.name} {ago} {length}{'s' * (ago > 1)} ago"
            past = attrs.evolve(base, name=words, label=words, index=counter, where=None, items=None)
            past = attrs.evolve(past, carry=None, limit=None, beside=ago < windows)
            scope.counters.append(attrs.evolve(past, measure=PastMeasure(before)))
    return counter


def _holding(scope: ProgramScope, before: int) -> int:
    return next((each.index for each in scope.counters if each.measure == PastMeasure(before)), -1)


def past_counted(scope: ProgramScope, counted: Counted, written: syntax.AnyWindow) -> Counted | None:
    """A declared counter or total as it was so long ago, in the window that it counts in."""
    window = check_window(scope, written)
    if window is None:
        return None
    windows = {scope.counters[counter].window for _, counter in counted.terms + (counted.divisor or ())}
    if windows != {window}:
        place = written.window if isinstance(written, syntax.leaves.PastWindow) else written
        scope.findings.report(
            "L330", place.span, f"`{counted.name}` does not count in `{place.span.text}`",
            secondary=[(counted.span, "declared here")],
            help="name the window that it counts in, and how long ago: `in calendar quarter 1 year ago`",
        )  # fmt: skip
        return None
    back = 1 if is_previous(written) else check_windows_ago(scope, written, window)
    if back == 0:
        scope.findings.report(
            "L330", written.span, f"`{counted.name}` says already in which window it counts",
            secondary=[(counted.span, "declared here")],
            help=f"write `{counted.name}` alone, or how long ago: `in {written.span.text} 1 year ago`",
        )  # fmt: skip
    if not back:
        return None

    def past(terms: Terms) -> Terms:
        return tuple((factor, past_of(scope, counter, back)) for factor, counter in terms)

    return attrs.evolve(
        counted,
        terms=past(counted.terms),
        divisor=None if counted.divisor is None else past(counted.divisor),
        counter=None if counted.counter is None else past_of(scope, counted.counter, back),
    )
