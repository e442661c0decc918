"""How often an interval of simulation noise holds the truth, and what common random numbers are worth.

A repetition is a small simulation with a seed of its own; the truth is one simulation of very many members
with another seed. The seeds are fixed below, before any figure is looked at, and the first repetitions of a
study are those of a longer one. `python tests/benchmarks/coverage_study.py` prints the table of
docs/proof.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import sqrt
from pathlib import Path

import attrs
from scipy import stats

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.groups import Grouped, difference_noise, noise_of, simulate_groups
from loyalty_dsl.decisions.outcomes import Outcome, parse_outcome
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.forecast.compared import Comparison, Figure
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.language.book import Book

PROGRAMS = Path(__file__).parents[2] / "programs"

FIRST_SEED = 20_270_401
"""Repetition i has the seed FIRST_SEED + i."""
TRUTH_SEED = 770_000_001
MEMBERS, MONTHS = 2_000, 12
TRUTH_MEMBERS = 400_000

LEAST_COVERAGE = 0.93
DOUBT = 0.01
"""The chance that an interval which holds the truth in exactly 93 of 100 is found wanting."""


@attrs.frozen
class Contrast:
    """A change of one number of a program."""

    name: str
    path: str
    value: str


CONTRASTS = {
    "grocery_points": (
        Contrast("price", "five_off.price", "600 points"),
        Contrast("expiry", "points.expire", "365 days"),
        Contrast("earn rate", "base.give", "2 points per whole $1 of basket"),
    ),
    "square_visits": (
        Contrast("price", "free_drink.price", "12 points"),
        Contrast("expiry", "points.expire", "18 months"),
        Contrast("earn rate", "visit.give", "2 points"),
    ),
}
"""By shipped program: one whose rewards come by themselves, and one whose members choose them."""

BY_GROUPS = ("urr", "phi", "liability", "reward cost", "active rate")
"""Outcomes whose noise is worked out by leaving out groups of members."""

Sample = dict[str, tuple[float, float]]
"""By figure, its value and the half-width of its noise."""


def book_of(program: str) -> Book:
    return pipeline.load(PROGRAMS / f"{program}.loyalty")


def changed(book: Book, contrast: Contrast) -> Book:
    return with_settings(book, {contrast.path: contrast.value})


# ---- one repetition


def levels_of(forecast: Forecast) -> Sample:
    """The levels of a forecast, with the noise that it states."""
    (units,) = forecast.by_currency
    end = len(forecast.months) - 1
    assert forecast.liability is not None and forecast.liability_noise is not None
    urr = units.fate.urr
    assert urr is not None
    return {
        "issued in all": (float(sum(month.issued for month in units.total)), units.total_issued_noise),
        "issued in the last month": (float(units.total[end].issued), units.issued_noise[end]),
        "redeemed in the last month": (float(units.total[end].redeemed), units.redeemed_noise[end]),
        "expired in the last month": (float(units.total[end].expired), units.expired_noise[end]),
        "outstanding": (float(units.total[end].outstanding), units.outstanding_noise[end]),
        "liability": (float(forecast.liability[end]), forecast.liability_noise[end]),
        "URR": (float(urr), units.fate.noise),
        "active": (float(forecast.members[end].active), forecast.active_noise[end]),
    }


def differences_of(comparison: Comparison) -> Sample:
    """The paired differences of a comparison at its end."""
    (units,) = comparison.currencies
    assert comparison.liability is not None and comparison.reward_cost is not None
    figures: dict[str, Figure] = {
        "issued": units.issued[-1],
        "redeemed": units.redeemed[-1],
        "outstanding": units.outstanding[-1],
        "liability": comparison.liability[-1],
        "reward cost": comparison.reward_cost[-1],
        "value to members": comparison.everybody.value,
    }
    return {name: (float(one.difference), one.noise) for name, one in figures.items()}


def _outcomes(book: Book) -> list[Outcome]:
    return [parse_outcome(text, book.programs[0], MONTHS) for text in BY_GROUPS]


def _groups(book: Book, seed: int, members: int) -> Grouped:
    return simulate_groups(
        book.programs[0], book.populations[0], sample=members, months=MONTHS, seed=seed, threads=1
    )


def groups_of(book: Book, seed: int, members: int) -> Sample:
    """Outcomes with the noise of groups."""
    run = _groups(book, seed, members)
    return {
        f"{one.text}, by groups": (float(run.value(one)), _told(noise_of(one, run)))
        for one in _outcomes(book)
    }


def group_differences_of(old: Book, new: Book, seed: int, members: int) -> Sample:
    """Paired differences of outcomes with the noise of groups."""
    before, after = _groups(old, seed, members), _groups(new, seed, members)
    return {
        f"{one.text}, by groups": (
            float(after.value(one) - before.value(one)),
            _told(difference_noise(one, before, after)),
        )
        for one in _outcomes(old)
    }


def _told(noise: float | None) -> float:
    assert noise is not None, "enough members for a noise"
    return noise


def level_study(book: Book, *, groups: bool = False) -> Callable[[int, int], Sample]:
    """What a repetition of the levels is: a function of the seed and the members."""

    def once(seed: int, members: int) -> Sample:
        found = levels_of(pipeline.simulate(book, sample=members, months=MONTHS, seed=seed, threads=1))
        return found | (groups_of(book, seed, members) if groups else {})

    return once


def difference_study(old: Book, new: Book, *, groups: bool = False) -> Callable[[int, int], Sample]:
    """The same of the differences of two versions."""

    def once(seed: int, members: int) -> Sample:
        comparison = pipeline.compare(old, new, sample=members, months=MONTHS, seed=seed, threads=1)
        found = differences_of(comparison)
        return found | (group_differences_of(old, new, seed, members) if groups else {})

    return once


# ---- many


@attrs.frozen
class Coverage:
    """How often the interval of one figure held the truth.

    Attributes:
        width: the mean half-width over the spread of the figure that the repetitions show, times 1.96: 1
            where the noise is as large as it should be.
        bias: the mean of the figure less the truth, in standard errors of that mean.
    """

    figure: str
    held: int
    repetitions: int
    width: float
    bias: float

    @property
    def share(self) -> float:
        return self.held / self.repetitions

    @property
    def is_wanting(self) -> bool:
        """Whether so few would be found once in a hundred studies where 93% are held."""
        return bool(stats.binom.cdf(self.held, self.repetitions, LEAST_COVERAGE) < DOUBT)


def coverage(
    once: Callable[[int, int], Sample], repetitions: int, truth_members: int = TRUTH_MEMBERS
) -> list[Coverage]:
    """Counts, for each figure, the repetitions whose interval holds the truth."""
    truth = once(TRUTH_SEED, truth_members)
    with ThreadPoolExecutor(max_workers=2) as pool:
        seeds = range(FIRST_SEED, FIRST_SEED + repetitions)
        samples = list(pool.map(lambda seed: once(seed, MEMBERS), seeds))
    found = []
    for name, (true, _) in truth.items():
        pairs = [sample[name] for sample in samples]
        values = [value for value, _ in pairs]
        held = sum(abs(value - true) <= noise for value, noise in pairs)
        spread = stats.tstd(values)
        if spread == 0:
            continue  # the change does not move it
        width = sum(noise for _, noise in pairs) / repetitions / (1.96 * spread)
        bias = (sum(values) / repetitions - true) / (spread / sqrt(repetitions))
        found.append(Coverage(name, held, repetitions, float(width), float(bias)))
    return found


def all_studies() -> Iterator[tuple[str, Callable[[int, int], Sample]]]:
    """By name, the levels of each program and each contrast; groups for the levels and the first contrast,
    as they take five times as long."""
    for program, contrasts in CONTRASTS.items():
        book = book_of(program)
        yield f"`{program}`, levels", level_study(book, groups=True)
        for contrast in contrasts:
            study = difference_study(book, changed(book, contrast), groups=contrast is contrasts[0])
            yield f"`{program}`, {contrast.name}: {contrast.value}", study


def main() -> None:
    """Prints the table of coverage."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--truth", type=int, default=TRUTH_MEMBERS, help="members of the truth")
    given = parser.parse_args()
    print("| of | figure | held | of | width | bias |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for name, study in all_studies():
        for one in coverage(study, given.repetitions, given.truth):
            mark = " **below 93%**" if one.is_wanting else ""
            cells = (f"{one.share:.1%}{mark}", one.repetitions, f"{one.width:.2f}", f"{one.bias:+.1f}")
            print(f"| {name} | {one.figure} | " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
