"""Sweeps and searches as Python callers ask for them: a book, and what to do with it."""

from collections.abc import Sequence
from datetime import date

from loyalty_dsl.decisions import solving, sweeping
from loyalty_dsl.decisions.solving import Solution
from loyalty_dsl.decisions.sweeping import Sweep, study_of
from loyalty_dsl.language.book import Book


def sweep(
    book: Book,
    vary: Sequence[str],
    *,
    outcomes: Sequence[str] = (),
    design: str = "grid",
    points: int = 20,
    program: str | None = None,
    population: str | None = None,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: date | None = None,
    threads: int | None = None,
) -> Sweep:
    """Forecasts at many values of some numbers, with the same members and the same luck.

    Args:
        book: from `load`.
        vary: numbers and their values, such as `"base.give=1..3 step 0.5"`.
        outcomes: such as `"liability at month 12"`; what a forecast is mostly about when empty.
        design: `grid`, `latin` or `one at a time`; points: of a Latin hypercube.
        program, population, sample, months, seed, first_day, threads: as of `simulate`.

    Raises:
        InputRefused: a path, a value or an outcome that is none; too many points; or as of `simulate`.
    """
    study = study_of(
        book,
        program=program,
        population=population,
        sample=sample,
        months=months,
        seed=seed,
        first_day=first_day,
        threads=threads,
    )
    return sweeping.sweep(study, vary, outcomes=outcomes, design=design, points=points)


def solve(
    book: Book,
    vary: str,
    target: str,
    *,
    between: str | None = None,
    step: str | None = None,
    program: str | None = None,
    population: str | None = None,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: date | None = None,
    threads: int | None = None,
) -> Solution:
    """Finds the value of a number at which a target is just met.

    Args:
        book: from `load`.
        vary: the path of the number, such as `"status.gold"`.
        target: such as `"liability at month 36 <= $4M"`.
        between, step: where to search, such as `"$300..$900"`, and how finely.
        program, population, sample, months, seed, first_day, threads: as of `simulate`.

    Raises:
        InputRefused: a path, a target or a range that is none; no answer; or as of `simulate`.
    """
    study = study_of(
        book,
        program=program,
        population=population,
        sample=sample,
        months=months,
        seed=seed,
        first_day=first_day,
        threads=threads,
    )
    return solving.solve(study, vary, target, between=between, step=step)
