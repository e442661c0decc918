"""Intervals of simulation noise hold the truth, and both versions of a comparison have the same luck.

The seeds were written down before anything was measured (`coverage_study.FIRST_SEED`). These are the first
hundred repetitions; docs/proof.md has the figures of a thousand. Where an interval holds the truth in exactly
93 of 100, fewer than `ppf(0.001)` of 100 do so once in a thousand such tests.
"""

from math import hypot

import pytest
from coverage_study import (
    CONTRASTS,
    FIRST_SEED,
    LEAST_COVERAGE,
    MONTHS,
    Contrast,
    book_of,
    changed,
    coverage,
    difference_study,
    level_study,
)
from luck_study import MONEY_CONTRASTS, WANTED, gains, saver
from scipy import stats

from loyalty_dsl.decisions.groups import noise_of, simulate_groups
from loyalty_dsl.decisions.outcomes import parse_outcome
from loyalty_dsl.simulation.recording import record_history

REPETITIONS, TRUTH = 100, 100_000
FEWEST = int(stats.binom.ppf(0.001, REPETITIONS, LEAST_COVERAGE))


@pytest.mark.slow
@pytest.mark.parametrize("program", CONTRASTS)
def test_levels_are_covered(program: str) -> None:
    found = coverage(level_study(book_of(program)), REPETITIONS, TRUTH)
    assert {one.figure: one.held for one in found if one.held < FEWEST} == {}
    assert all(0.8 < one.width < 1.3 for one in found), "a noise is no larger than it has to be"


@pytest.mark.slow
@pytest.mark.parametrize("program", CONTRASTS)
def test_paired_differences_are_covered(program: str) -> None:
    price, expiry, _ = CONTRASTS[program]
    book = book_of(program)
    for contrast in (price, expiry):
        found = coverage(difference_study(book, changed(book, contrast)), REPETITIONS, TRUTH)
        assert {one.figure: one.held for one in found if one.held < FEWEST} == {}, contrast


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contrast", "least"),
    [
        pytest.param(MONEY_CONTRASTS[0], WANTED / 2, id="expiry"),
        pytest.param(MONEY_CONTRASTS[1], WANTED, id="threshold"),
        pytest.param(MONEY_CONTRASTS[2], WANTED, id="earn rate"),
    ],
)
def test_common_luck_makes_the_variance_of_a_difference_many_times_smaller(
    contrast: Contrast, least: float
) -> None:
    """Of the redemption rate, where redemptions take all that is there. A longer expiry comes to about 20
    times, and 60 repetitions tell that to a quarter."""
    (rate,) = (
        one
        for one in gains(saver(), changed(saver(), contrast), 60, members=500, months=18)
        if one.figure == "URR"
    )
    assert rate.times > least


@pytest.mark.parametrize("contrast", CONTRASTS["square_visits"], ids=lambda one: one.name)
def test_a_changed_rule_shifts_nobodys_luck(contrast: Contrast) -> None:
    """Purchases are the same to the minute and the cent, and who ends alike chooses alike: what is left of
    the noise of a difference is what the rules make of the same draws, so no other keying could lessen it."""
    old = book_of("square_visits")
    new = changed(old, contrast)
    one, other = (
        record_history(book.programs[0], book.populations[0], sample=300, months=MONTHS, seed=FIRST_SEED)
        for book in (old, new)
    )
    for column in ("day", "minute", "kind", "basket"):
        assert (getattr(one, column) == getattr(other, column)).all()


@pytest.mark.slow
def test_simulating_more_members_moves_no_gate_beyond_the_noise() -> None:
    """Thirty pairs of a small and a larger sample, with seeds of their own, and the noise of a difference of
    independent figures: fewer than `ppf(0.001)` of 30 are within it once in a thousand, where 95% are."""
    book = book_of("square_visits")
    outcomes = [parse_outcome(text, book.programs[0], MONTHS) for text in ("liability", "urr", "active rate")]
    near = dict.fromkeys(outcomes, 0)
    for i in range(30):
        small, large = (
            simulate_groups(
                book.programs[0], book.populations[0], sample=members, months=MONTHS, seed=seed, threads=1
            )
            for members, seed in ((600, FIRST_SEED + i), (2400, FIRST_SEED + 1000 + i))
        )
        for outcome in outcomes:
            noises = [noise_of(outcome, run) for run in (small, large)]
            assert noises[0] is not None and noises[1] is not None
            near[outcome] += abs(small.value(outcome) - large.value(outcome)) <= hypot(*noises)
    fewest = int(stats.binom.ppf(0.001, 30, 0.95))
    assert {one.text: count for one, count in near.items() if count < fewest} == {}
