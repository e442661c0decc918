"""What common random numbers are worth: the variance of a difference of two versions, against two samples.

Both versions of a comparison are lived by the same members with the same luck. Over many seeds, the variance
of the difference is set against the sum of the variances of the two versions, which is what the difference
of two independent samples would have. `python tests/benchmarks/luck_study.py` prints the table of
docs/proof.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import numpy as np
from coverage_study import CONTRASTS, FIRST_SEED, MEMBERS, MONTHS, Contrast, book_of, changed

from loyalty_dsl import pipeline
from loyalty_dsl.forecast.compared import Comparison
from loyalty_dsl.language.book import Book

WANTED = 20
"""How much smaller the variance of a difference should be at least."""

MONEY = """\
program saver "Saver" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        cost    $0.008 assumed
    }

    earn base {
        on    purchase
        give  1 point per whole $1 of basket
    }

    reward as_money {
        price    1 point per $0.01 off
        minimum  100 points
    }
}

population savers {
    start  5,000 members on 2027-01-01

    segment everybody 100% {
        purchases  1.5 per month spread 1.0
        leave      2% per month
        basket     median $40 sigma 0.7
        redeem     30% when a reward is affordable spread 0.8
    }
}
"""
"""Points that are paid like money from a threshold on: all that the basket allows, so that whoever redeems
starts again from nothing under either version."""

MONEY_CONTRASTS = (
    Contrast("expiry", "points.expire", "18 months"),
    Contrast("threshold", "as_money.minimum", "150 points"),
    Contrast("earn rate", "base.give", "2 points per whole $1 of basket"),
)


@attrs.frozen
class Gain:
    """How many times smaller the variance of a difference is."""

    figure: str
    times: float
    difference: float
    error: float


def figures_of(comparison: Comparison) -> dict[str, tuple[float, float]]:
    """Old and new of each figure; shares as parts of 1."""
    (units,) = comparison.currencies
    assert comparison.liability is not None and units.old is not None and units.new is not None
    urr = [side.fate.urr for side in (units.old, units.new)]
    assert urr[0] is not None and urr[1] is not None
    both = {
        "issued": units.issued[-1],
        "redeemed": units.redeemed[-1],
        "outstanding": units.outstanding[-1],
        "liability": comparison.liability[-1],
    }
    found = {name: (float(one.old), float(one.new)) for name, one in both.items()}
    return found | {"URR": (float(urr[0]), float(urr[1]))}


def gains(old: Book, new: Book, repetitions: int, members: int = MEMBERS, months: int = MONTHS) -> list[Gain]:
    """The gain in each figure that the change moves."""

    def once(seed: int) -> dict[str, tuple[float, float]]:
        return figures_of(pipeline.compare(old, new, sample=members, months=months, seed=seed, threads=1))

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(once, range(FIRST_SEED, FIRST_SEED + repetitions)))
    gained = []
    for name in found[0]:
        values = np.array([one[name] for one in found])
        difference = values[:, 1] - values[:, 0]
        if not difference.any():
            continue  # the change does not move it
        apart = float(values.var(axis=0, ddof=1).sum())
        paired = float(difference.var(ddof=1))
        error = paired**0.5
        gained.append(Gain(name, apart / paired, float(difference.mean()), error))
    return gained


def book_from(text: str) -> Book:
    """The book of a text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "saver.loyalty"
        path.write_text(text, encoding="utf-8")
        return pipeline.load(path)


def saver() -> Book:
    """The book of `MONEY`."""
    return book_from(MONEY)


def all_contrasts() -> Iterator[tuple[str, Contrast, Book]]:
    """By program, each contrast with the old version."""
    for contrast in MONEY_CONTRASTS:
        yield "savers", contrast, saver()
    for program, contrasts in CONTRASTS.items():
        for contrast in contrasts:
            yield f"`{program}`", contrast, book_of(program)


def show(write: Callable[[str], None], repetitions: int, months: int) -> None:
    """Writes the table."""
    write("| program | change | figure | variance, times smaller |")
    write("| --- | --- | --- | ---: |")
    for program, contrast, old in all_contrasts():
        for gain in gains(old, changed(old, contrast), repetitions, months=months):
            write(f"| {program} | {contrast.name}: {contrast.value} | {gain.figure} | {gain.times:,.0f} |")


def main() -> None:
    """Prints the table of gains."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--repetitions", type=int, default=120)
    parser.add_argument("--months", type=int, default=24)
    given = parser.parse_args()
    show(lambda line: print(line, flush=True), given.repetitions, given.months)


if __name__ == "__main__":
    main()
