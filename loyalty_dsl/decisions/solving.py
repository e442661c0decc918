"""The value of one number that meets a target, by bisection over the same members with the same luck.

Invariants: only values that a rule file can say are tried (whole cents, whole points), each by a simulation
of its own; an answer is the last value, on its side, that meets the target, and the next value does not; and
it is never given without how far it would move if other members had been drawn.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.decisions.groups import noise_of
from loyalty_dsl.decisions.outcomes import Outcome, Target, parse_target
from loyalty_dsl.decisions.paths import NumberPath, paths_of
from loyalty_dsl.decisions.settings import Setting, find_path, verify_owner
from loyalty_dsl.decisions.sweeping import Study
from loyalty_dsl.decisions.varying import number_of
from loyalty_dsl.decisions.written import Kind
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.shown import Shown

LOOKS = 6
"""Values at which the outcome is looked at before the search, to see whether it goes one way."""

WIDEST = 8
"""Without a range, values down to this part of the one that the file has, and up to as many times it."""

CLOSE = 24
"""The interval of answers is told to this part of the range, or to the next value."""

Told = Callable[[int, int], None]


@attrs.frozen
class Tried:
    """A value that was tried, as written, and the outcome there; `noise` where it was worked out."""

    text: str
    value: Fraction
    outcome: Fraction
    noise: float | None = None


@attrs.frozen(eq=False)
class Solution(Shown):
    """An answer, and how sure it is.

    Attributes:
        forecast: at the answer.
        base: the outcome of the files as they are.
        answer: meets the target; next_: the neighbouring value that does not; before: the neighbour on the
            other side, `None` at the end of the range.
        low, high: the answers that the noise allows; `low_open` where the range ends before the noise does.
        tried: every value that was tried, in order of value.
    """

    path: NumberPath
    target: Target
    step: Fraction
    forecast: Forecast
    base: Fraction
    answer: Tried
    next_: Tried
    before: Tried | None
    low: str | None
    high: str | None
    low_open: bool
    high_open: bool
    tried: tuple[Tried, ...]


@attrs.define(eq=False)
class _Search:
    """What is known of the outcome, by whole steps of the number."""

    study: Study
    path: NumberPath
    outcome: Outcome
    step: Fraction
    expected: int
    progress: Told | None
    known: dict[int, Fraction]

    def text(self, place: int) -> str:
        return self.path.spelled(place * self.step)

    def settings(self, place: int) -> tuple[Setting, ...]:
        return (Setting(self.path.path, self.text(place)),)

    def at(self, place: int) -> Fraction:
        """The outcome at a value.

        Raises:
            InputRefused: the value is refused.
        """
        if place not in self.known:
            self.known[place] = self.study.run(self.settings(place)).value(self.outcome)
            if self.progress is not None:
                self.progress(len(self.known), max(self.expected, len(self.known)))
        return self.known[place]

    def is_allowed(self, place: int) -> bool:
        try:
            self.study.book_at(self.settings(place))
        except InputRefused:
            return False
        return True

    def tried(self, place: int, noise: float | None = None) -> Tried:
        return Tried(self.text(place), place * self.step, self.at(place), noise)


def solve(
    study: Study,
    vary: str,
    target: str,
    *,
    between: str | None = None,
    step: str | None = None,
    progress: Told | None = None,
) -> Solution:
    """Finds the value of a number at which a target is just met.

    Args:
        vary: the path of the number.
        target: as of `parse_target`.
        between: `A..B`, where to search; by default around the value that the file has.
        step: between the values that are tried; by default the smallest that the number allows.
        progress: called with the simulations done and about how many there will be.

    Raises:
        InputRefused: a path, a target or a range that is none; or no value of the range is an answer, because
            the target is met at all of them, or at none, or comes and goes.
    """
    path = find_path(vary, paths_of(study.book.sources), study.names)
    verify_owner(path, study.names)
    wanted = parse_target(target, study.program, study.months)
    size = path.step if step is None else number_of(path, step)
    if size <= 0:
        raise InputRefused("a step is above 0")
    search = _Search(study, path, wanted.outcome, size, 0, progress, {})
    first, last = _range(search, between)
    search.expected = LOOKS + (last - first).bit_length() + 6
    base = study.run(()).value(wanted.outcome)
    places = _looks(first, last)
    met = [_kept(wanted, search.at(place)) for place in places]
    flips = [i for i in range(len(places) - 1) if met[i] != met[i + 1]]
    if not flips:
        raise _not_bracketed(search, places, wanted, met[0])
    if len(flips) > 1:
        raise _comes_and_goes(search, places, wanted)
    inside, outside = (places[flips[0] + side] for side in ((0, 1) if met[flips[0]] else (1, 0)))
    while abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        if _kept(wanted, search.at(middle)):
            inside = middle
        else:
            outside = middle
    return _solution(search, wanted, base, (inside, outside), (first, last))


def _kept(target: Target, value: Fraction) -> bool:
    """Whether the bound is kept; of an equality, whether the value is not above it."""
    return value <= target.bound if target.sign == "=" else target.met(value)


def _range(search: _Search, between: str | None) -> tuple[int, int]:
    """The first and the last value, in steps."""
    path, step = search.path, search.step
    if between is not None:
        low, sign, high = between.partition("..")
        if not sign:
            raise InputRefused(f"`{between}` is no range", f"write A..B, such as {path.text}..{path.text}")
        ends = number_of(path, low), number_of(path, high)
        first, last = -(-ends[0] // step), ends[1] // step
        if ends[0] >= ends[1]:
            raise InputRefused(f"`{between}` is empty: {low.strip()} is not below {high.strip()}")
        if first >= last:
            raise InputRefused(f"`{between}` has no two values that are {path.spelled(step)} apart")
        search.study.book_at(search.settings(first))
        search.study.book_at(search.settings(last))
        return first, last
    if path.value == 0 and path.kind is Kind.PERCENT:  # such as a lift that nobody knows
        return 0, _reach(search, max(1, round(1 / step)), Fraction(1))
    if path.value <= 0:
        raise InputRefused(f"{path.path} is {path.text}: say where to search", "add --between A..B")
    middle = max(1, round(path.value / step))
    return _reach(search, middle, Fraction(1, WIDEST)), _reach(search, middle, Fraction(WIDEST))


def _reach(search: _Search, middle: int, share: Fraction) -> int:
    """The furthest value towards a share of the middle that a rule file may have."""
    far = max(1, round(middle * share))
    if search.is_allowed(far):
        return far
    near = middle
    while abs(near - far) > 1:
        half = (near + far) // 2
        near, far = (half, far) if search.is_allowed(half) else (near, half)
    return near


def _looks(first: int, last: int) -> list[int]:
    """Places over a range: evenly apart, or by equal factors in one that spans several times its first."""
    shares = [i / (LOOKS - 1) for i in range(LOOKS)]
    if first > 0 and last >= 4 * first:
        inner = (round(first * (last / first) ** share) for share in shares[1:-1])
    else:
        inner = (first + round((last - first) * share) for share in shares[1:-1])
    return sorted({first, *inner, last})


def _not_bracketed(search: _Search, places: Sequence[int], target: Target, met: bool) -> InputRefused:
    outcome = target.outcome
    values = [search.at(place) for place in places]
    told = (
        f"{outcome.text} goes from {outcome.format(min(values))} to {outcome.format(max(values))} while "
        f"{search.path.path} goes from {search.text(places[0])} to {search.text(places[-1])}"
    )
    how = "always meets" if met else "never meets"
    help = "search elsewhere with --between A..B"
    if min(values) == max(values):
        help = "vary a number that moves it, or search elsewhere with --between A..B"
        told = (
            f"{outcome.text} is {outcome.format(values[0])} whatever {search.path.path} is, from "
            f"{search.text(places[0])} to {search.text(places[-1])}"
        )
    return InputRefused(f"{told}: it {how} {target.sign} {target.written}", help)


def _comes_and_goes(search: _Search, places: Sequence[int], target: Target) -> InputRefused:
    rows = "\n".join(
        f"  {search.text(place)}: {target.outcome.format(search.at(place))}"
        + (" meets it" if _kept(target, search.at(place)) else " does not")
        for place in places
    )
    return InputRefused(
        f"{target.text} comes and goes as {search.path.path} grows, so there is no one answer:\n{rows}",
        "search where it goes one way with --between A..B",
    )


# ---- how sure


def _solution(
    search: _Search, target: Target, base: Fraction, around: tuple[int, int], ends: tuple[int, int]
) -> Solution:
    inside, outside = around
    run = search.study.run(search.settings(inside))
    noise = noise_of(target.outcome, run)
    beyond = inside + (inside - outside)
    before = beyond if ends[0] <= beyond <= ends[1] else None
    low = high = None
    low_open = high_open = False
    if noise is not None:
        rough = Fraction(noise)
        edges = sorted(_edge(search, target.bound + side * rough, inside, ends) for side in (-1, 1))
        low, high = (search.text(place) for place in edges)
        low_open, high_open = edges[0] == ends[0], edges[1] == ends[1]
    places = sorted({inside, outside} | ({before} if before is not None else set()) | set(search.known))
    return Solution(
        path=search.path,
        target=target,
        step=search.step,
        forecast=run.forecast,
        base=base,
        answer=search.tried(inside, noise),
        next_=search.tried(outside),
        before=None if before is None else search.tried(before),
        low=low,
        high=high,
        low_open=low_open,
        high_open=high_open,
        tried=tuple(search.tried(place) for place in places),
    )


def _edge(search: _Search, level: Fraction, inside: int, ends: tuple[int, int]) -> int:
    """About the value at which the outcome reaches a level, from the answer towards one end or the other;
    that end where it does not."""
    near = search.at(inside)
    rises = search.at(ends[1]) > search.at(ends[0])
    far = ends[1] if (level > near) == rises else ends[0]
    above = level > near
    if (search.at(far) >= level) != above:
        return far
    enough = max(1, (ends[1] - ends[0]) // (CLOSE * WIDEST))
    while abs(far - inside) > enough:
        middle = (far + inside) // 2
        if (search.at(middle) >= level) == above:
            far = middle
        else:
            inside = middle
    return far
