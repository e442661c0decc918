"""The forecast at many points: some numbers set to other values, the same members, the same luck.

Invariants: nothing is compiled for a point, as a program is data; every point is checked before the first one
is simulated; a difference is from the files as they are, and its noise is that of paired members.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypedDict, Unpack

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.decisions.groups import Grouped, difference_noise, noise_of, simulate_groups
from loyalty_dsl.decisions.outcomes import Outcome, Unknown, parse_outcome
from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.decisions.settings import Setting, settled_book, verify_owner
from loyalty_dsl.decisions.varying import Varied, grid, latin, one_at_a_time, parse_varied
from loyalty_dsl.forecast.beginning import begin_with
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.transplant import Arm
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.shown import Shown
from loyalty_dsl.simulation.pilot import with_reward_rates

if TYPE_CHECKING:
    import polars

Told = Callable[[int, int], None]

MONTHS = 36
"""Months of a forecast when nobody says how many."""


@attrs.frozen
class Figure:
    """An outcome at a point, in the unit that people read.

    Attributes:
        noise: half-width of the simulation noise; `None` where too few members were simulated.
        difference, difference_noise: from the base, paired; 0 of the base itself.
    """

    value: Fraction
    noise: float | None
    difference: Fraction
    difference_noise: float | None


@attrs.frozen
class Point:
    """The settings of a point, and each outcome there in the order of the sweep's."""

    settings: tuple[Setting, ...]
    figures: tuple[Figure, ...]


@attrs.frozen
class Swing:
    """What one number does to one outcome, from its low to its high value.

    Attributes:
        low, high: the points; `swing` is how far apart the outcome is at them.
    """

    varied: Varied
    low: Point
    high: Point
    outcome: int

    @property
    def swing(self) -> Fraction:
        return abs(self.high.figures[self.outcome].value - self.low.figures[self.outcome].value)


@attrs.frozen(eq=False)
class Sweep(Shown):
    """A sweep.

    Attributes:
        design: `grid`, `latin` or `one at a time`.
        forecast: of the files as they are; base: its outcomes.
    """

    forecast: Forecast
    varied: tuple[Varied, ...]
    design: str
    outcomes: tuple[Outcome, ...]
    base: Point
    points: tuple[Point, ...]

    @property
    def table(self) -> "polars.DataFrame":
        """A row for each point, the base first; see `sweep_frames`."""
        from loyalty_dsl.decisions.sweep_frames import sweep_frame

        return sweep_frame(self)

    def swings(self, outcome: int) -> tuple[Swing, ...]:
        """What each number does to an outcome, the largest swing first; of a sweep one at a time."""
        pairs = zip(self.varied, self.points[::2], self.points[1::2], strict=True)
        found = [Swing(varied, low, high, outcome) for varied, low, high in pairs]
        return tuple(sorted(found, key=lambda each: -each.swing))


@attrs.frozen
class Study:
    """What every point of a sweep or a search shares.

    Attributes:
        first_day: overrides the population's.
        opening: the ledger that members begin with, as the book's already do.
    """

    book: Book
    program: Program
    population: Population
    sample: int | None
    months: int
    seed: int
    first_day: int | None
    threads: int | None
    opening: Opening | None = None

    @property
    def names(self) -> tuple[str, str]:
        return self.program.name, self.population.name

    def book_at(self, settings: Sequence[Setting]) -> Book:
        """The files with some numbers set.

        Raises:
            InputRefused: a value is refused.
        """
        book = settled_book(self.book.sources, settings, self.names)
        return book if self.opening is None else begin_with(book, self.opening)

    def run(self, settings: Sequence[Setting], progress: Told | None = None) -> Grouped:
        """The simulation of a point; its members compare it with the files as they are."""
        book = self.book_at(settings)
        base = Arm(self.program, self.population)
        point = Arm(choose_program(book, self.program.name), choose_population(book, self.population.name))
        _, point = with_reward_rates(base, point, seed=self.seed, first_day=self.first_day)
        return simulate_groups(
            point.program,
            point.population,
            sample=self.sample,
            months=self.months,
            seed=self.seed,
            first_day=self.first_day,
            threads=self.threads,
            progress=progress,
        )


class Asked(TypedDict, total=False):
    """What may be said of a sweep or a search besides its book, as of `simulate`."""

    program: str | None
    population: str | None
    sample: int | None
    months: int
    seed: int
    first_day: date | None
    threads: int | None


def study_of(book: Book, **asked: Unpack[Asked]) -> Study:
    """What is studied.

    Args:
        book: which may begin with a ledger.
        asked: as of `simulate`, with its defaults.

    Raises:
        InputRefused: as of `simulate`.
    """
    chosen = choose_population(book, asked.get("population"), asked.get("program"))
    day = asked.get("first_day")
    return Study(
        book,
        choose_program(book, chosen.program),
        chosen,
        asked.get("sample"),
        asked.get("months", MONTHS),
        asked.get("seed", 1),
        None if day is None else day_of(day),
        asked.get("threads"),
        chosen.opening,
    )


def sweep(
    study: Study,
    vary: Sequence[str],
    *,
    outcomes: Sequence[str] = (),
    design: str = "grid",
    points: int = 20,
    progress: Told | None = None,
) -> Sweep:
    """Forecasts at every point of a design.

    Args:
        vary: as of `parse_varied`, one for each number.
        outcomes: as of `parse_outcome`; what a forecast is mostly about when empty.
        design: `grid`, `latin` or `one at a time`.
        points: of a Latin hypercube.
        progress: called with the points done and all points, the base among them.

    Raises:
        InputRefused: a path, a value or an outcome that is none; too many points.
    """
    paths = paths_of(study.book.sources)
    varied = tuple(parse_varied(text, paths, study.names) for text in vary)
    for each in varied:
        verify_owner(each.path, study.names)
    twice = [each.path.path for i, each in enumerate(varied) if each.path in [v.path for v in varied[:i]]]
    if twice:
        raise InputRefused(f"`{twice[0]}` varies twice", "give it one --vary with all its values")
    settings = _design(varied, design, points, study.seed)
    for point in settings:
        study.book_at(point)
    asked = tuple(parse_outcome(text, study.program, study.months) for text in outcomes)
    base = study.run(())
    asked = asked or _usual(study, base)
    steps = len(settings) + 1
    if progress is not None:
        progress(1, steps)
    found: dict[tuple[Setting, ...], Point] = {}  # the ends of one value are one simulation
    for done, point in enumerate(settings, 2):
        if point not in found:
            found[point] = _point(point, asked, base, study.run(point))
        if progress is not None:
            progress(done, steps)
    points_found = tuple(found[point] for point in settings)
    return Sweep(base.forecast, varied, design, asked, _point((), asked, base, base), points_found)


def _design(varied: Sequence[Varied], design: str, points: int, seed: int) -> list[tuple[Setting, ...]]:
    if design == "grid":
        return grid(varied)
    return latin(varied, points, seed) if design == "latin" else one_at_a_time(varied)


def _usual(study: Study, base: Grouped) -> tuple[Outcome, ...]:
    """What is shown where nobody asks for an outcome: those of these that the forecast tells."""
    names = ["liability", "reward cost"]
    names += [f"issued of {one.currency.name}" for one in base.forecast.owed]
    found = []
    for name in names:
        outcome = parse_outcome(name, study.program, study.months)
        try:
            outcome.of(base.forecast)
        except Unknown:
            continue
        found.append(outcome)
    return tuple(found) or (parse_outcome("active", study.program, study.months),)


def _point(settings: tuple[Setting, ...], outcomes: Sequence[Outcome], base: Grouped, run: Grouped) -> Point:
    return Point(settings, tuple(_figure(outcome, base, run) for outcome in outcomes))


def _figure(outcome: Outcome, base: Grouped, run: Grouped) -> Figure:
    value, before = run.value(outcome), base.value(outcome)
    return Figure(
        value,
        noise_of(outcome, run),
        value - before,
        difference_noise(outcome, base, run),
    )
