"""Sweeps, searches and studies as Python callers ask for them: a book, and what to do with it."""

from collections.abc import Sequence
from typing import Unpack

from loyalty_dsl.decisions import solving, sweeping
from loyalty_dsl.decisions.solving import Solution
from loyalty_dsl.decisions.studies import Against, StudyResult, choose_studies, run_study
from loyalty_dsl.decisions.sweeping import Asked, Sweep, study_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.refusals import InputRefused


def sweep(
    book: Book,
    vary: Sequence[str],
    *,
    outcomes: Sequence[str] = (),
    design: str = "grid",
    points: int = 20,
    **asked: Unpack[Asked],
) -> Sweep:
    """Forecasts at many values of some numbers, with the same members and the same luck.

    Args:
        book: from `load`.
        vary: numbers and their values, such as `"base.give=1..3 step 0.5"`.
        outcomes: such as `"liability at month 12"`; what a forecast is mostly about when empty.
        design: `grid`, `latin` or `one at a time`; points: of a Latin hypercube.
        asked: `program`, `population`, `sample`, `months`, `seed`, `first_day`, `threads`: as of `simulate`.

    Raises:
        InputRefused: a path, a value or an outcome that is none; too many points; or as of `simulate`.
    """
    return sweeping.sweep(study_of(book, **asked), vary, outcomes=outcomes, design=design, points=points)


def solve(
    book: Book,
    vary: str,
    target: str,
    *,
    between: str | None = None,
    step: str | None = None,
    **asked: Unpack[Asked],
) -> Solution:
    """Finds the value of a number at which a target is just met.

    Args:
        book: from `load`.
        vary: the path of the number, such as `"status.gold"`.
        target: such as `"liability at month 36 <= $4M"`.
        between, step: where to search, such as `"$300..$900"`, and how finely.
        asked: `program`, `population`, `sample`, `months`, `seed`, `first_day`, `threads`: as of `simulate`.

    Raises:
        InputRefused: a path, a target or a range that is none; no answer; or as of `simulate`.
    """
    return solving.solve(study_of(book, **asked), vary, target, between=between, step=step)


def study(
    book: Book,
    name: str | None = None,
    *,
    against: Book | None = None,
    sample: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
) -> StudyResult:
    """Runs a study of a book: its objective, its gates, and what it is compared with.

    Args:
        name: which, where there are several.
        against: another version of the study's program, to compare with in place of what it names.
        sample, seed: in place of the study's own.

    Raises:
        InputRefused: there is no such study, or several and none is named; or as of `simulate`.
    """
    found = choose_studies(book, () if name is None else (name,))
    if len(found) != 1:
        names = listed(one.name for one in found)
        raise InputRefused(f"there are the studies {names}: name one" if found else "the book has no study")
    other = None if against is None else Against(against, "another version")
    return run_study(book, found[0], against=other, sample=sample, seed=seed, threads=threads)
