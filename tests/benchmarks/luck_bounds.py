"""Member by member: how much smaller common luck makes the variance of a difference, and what bounds that.

The redemption rate (URR) is a ratio of sums over members, so its variance is that of each member's part in
it (the delta method): redeemed less URR times issued, over the mean issued. One simulation of many members
tells it to a few percent, where a hundred repetitions tell it to a fifth.

The bound: members and purchases stay as they are and the luck of choices is drawn anew many times. Of each
member this gives the distribution of its part under either version. Whatever the choices of the two versions
are keyed by, the variance of a member's difference is at least that of the two distributions coupled quantile
by quantile (Hoeffding and Fréchet). `python tests/benchmarks/luck_bounds.py` prints the tables of
docs/proof.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
from coverage_study import FIRST_SEED, PROGRAMS, Contrast, changed
from luck_study import MONEY, book_from
from numpy.typing import NDArray

from loyalty_dsl.language.archetypes import ARCHETYPES
from loyalty_dsl.language.book import Book
from loyalty_dsl.simulation.paired_figures import Measure, arm_figures
from loyalty_dsl.simulation.pairs import live_arm
from loyalty_dsl.simulation.planning import plan_simulation
from loyalty_dsl.simulation.run import FIRST_CAPACITY, Room

Floats = NDArray[np.float64]

MEMBERS, MONTHS, SHARD = 40_000, 24, 2_000
PARTS = 20
"""Parts of the members that are left out in turn for the error of a gain."""

EXPIRY = Contrast("expiry: 18 months", "points.expire", "18 months")
THRESHOLD = Contrast("threshold: 150 points", "as_money.minimum", "150 points")
GOAL_GRADIENT = Contrast("goal gradient: 25%", "responses.goal_gradient", "25%")
THREE = (EXPIRY, THRESHOLD, GOAL_GRADIENT)

_OFF = "    responses { goal_gradient 0% }\n"


@attrs.frozen(eq=False)
class Members:
    """[n] units of each member: issued in the months reported, and redeemed of these ever."""

    issued: Floats
    redeemed: Floats

    @property
    def urr(self) -> float:
        return float(self.redeemed.sum() / self.issued.sum())

    def parts(self) -> Floats:
        """[n] of the redemption rate."""
        parts: Floats = (self.redeemed - self.urr * self.issued) / self.issued.mean()
        return parts


@attrs.frozen
class Sharpness:
    """How many times smaller the variance of a difference of redemption rates is than of two samples.

    Attributes:
        error: a standard error of `times`.
    """

    times: float
    error: float
    old: float
    new: float


def savers(luck: str = "", never: int = 0) -> Book:
    """Points that are paid like money, for members who all redeem, but for so many in 100.

    Args:
        luck: another one gives the choices other luck, as they are drawn by the name of the reward.
    """
    redeem = "redeem     30% when a reward is affordable spread 0.8"
    assert redeem in MONEY
    text = MONEY.replace(redeem, f"{redeem} never {never}%")
    return book_from(_reacting(text).replace("as_money", f"as_money{luck}"))


def like(archetype: str) -> Book:
    """The same program for the customers of an archetype."""
    program, _, _ = MONEY.partition("population")
    members = f"    start  5,000 members on 2027-01-01\n    segment everybody 100% like {archetype} {{ }}\n"
    return book_from(f"{program}population customers {{\n{_OFF}{members}}}\n")


def shipped(program: str) -> Book:
    """A shipped program and its population, which do not react."""
    return book_from(_reacting((PROGRAMS / f"{program}.loyalty").read_text(encoding="utf-8")))


def _reacting(text: str) -> str:
    before, population, after = text.partition("\npopulation ")
    head, brace, clauses = after.partition("{\n")
    return f"{before}{population}{head}{brace}{_OFF}{clauses}"


def live(book: Book, members: int = MEMBERS, months: int = MONTHS, seed: int = FIRST_SEED) -> Members:
    """Simulates each member to the end of its points."""
    program, population = book.programs[0], book.populations[0]
    simulation = plan_simulation(
        program, population, sample=members, months=months, seed=seed, first_day=None, tail=None
    )
    measure = Measure(program, program, False, len(population.segments))
    room = [Room(FIRST_CAPACITY, 0)]

    def figures(first: int) -> tuple[Floats, Floats]:
        _, _, each = live_arm(simulation, room, first, min(first + SHARD, simulation.members))
        of = arm_figures(each, measure, 0)
        redeemed = of.redeemed[:, 0, -1] + of.redeemed_after[:, 0, -1]
        return of.issued[:, 0, -1].astype(np.float64), redeemed.astype(np.float64)

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(figures, range(0, simulation.members, SHARD)))
    issued, redeemed = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return Members(issued, redeemed)


def sharpness(old: Members, new: Members) -> Sharpness:
    """Of the difference of the redemption rates of the same members."""
    before, after = old.parts(), new.parts()
    group = np.arange(len(before)) % PARTS
    left_out = np.array([_times(before[group != one], after[group != one]) for one in range(PARTS)])
    error = float(np.sqrt((PARTS - 1) * left_out.var()))
    return Sharpness(_times(before, after), error, old.urr, new.urr)


def _times(before: Floats, after: Floats) -> float:
    return float((before.var() + after.var()) / (after - before).var())


def most(lucks: Iterable[tuple[Members, Members]]) -> tuple[float, float]:
    """How many times smaller the variance is, and could be at most, whatever choices were keyed by.

    Args:
        lucks: old and new of the same members, under one luck of choices after another.
    """
    pairs = list(lucks)
    rates = [
        sum(pair[arm].redeemed.sum() for pair in pairs) / sum(pair[arm].issued.sum() for pair in pairs)
        for arm in (0, 1)
    ]
    old, new = (
        np.array([(pair[arm].redeemed - rates[arm] * pair[arm].issued) / pair[arm].issued.mean()
                  for pair in pairs])
        for arm in (0, 1)
    )  # fmt: skip
    apart = old.var() + new.var()
    difference = new - old
    # what choices' luck does not move: the spread over members of the mean of each
    fixed = difference.var() - difference.var(axis=0, ddof=1).mean()
    coupled = (np.sort(new, axis=0) - np.sort(old, axis=0)).var(axis=0, ddof=1).mean()
    return float(apart / difference.var()), float(apart / (fixed + coupled))


def bound(contrast: Contrast, lucks: int, members: int) -> tuple[float, float]:
    """`most` of the savers under one contrast."""

    def pair(luck: int) -> tuple[Members, Members]:
        old = savers(f"_{luck}")
        path = contrast.path.replace("as_money", f"as_money_{luck}")
        return live(old, members), live(changed(old, attrs.evolve(contrast, path=path)), members)

    return most(pair(luck) for luck in range(lucks))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--lucks", type=int, default=200, help="of choices, for the bound")
    given = parser.parse_args()
    print("| customers | change | URR | variance, times smaller |")
    print("| --- | --- | --- | ---: |")
    books: list[tuple[str, Book, tuple[Contrast, ...]]]
    books = [(f"`{one.name}`", like(one.name), THREE) for one in ARCHETYPES]
    books += [("savers, 20% never redeem", savers(never=20), THREE), ("savers", savers(), THREE)]
    books += [(f"`{name}`", shipped(name), (GOAL_GRADIENT,)) for name in ("grocery_points", "square_visits")]
    for name, old, contrasts in books:
        before = live(old, given.members)
        for contrast in contrasts:
            one = sharpness(before, live(changed(old, contrast), given.members))
            rates = f"{one.old:.1%} to {one.new:.1%}"
            print(f"| {name} | {contrast.name} | {rates} | {one.times:,.1f} ± {one.error:,.1f} |", flush=True)
    print("\n| savers | now | at most |\n| --- | ---: | ---: |")
    for contrast in THREE:
        now, best = bound(contrast, given.lucks, given.members // 10)
        print(f"| {contrast.name} | {now:.1f} | {best:.1f} |", flush=True)


if __name__ == "__main__":
    main()
