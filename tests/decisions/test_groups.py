"""The groups of a simulation: they add up, and their noise is that of the exact sums."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.groups import (
    GROUPS,
    Grouped,
    difference_noise,
    half_width,
    noise_of,
    simulate_groups,
)
from loyalty_dsl.decisions.outcomes import Outcome, parse_outcome
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.language.book import Book


def grouped(book: Book, sample: int | None = 2000, months: int = 6, seed: int = 1) -> Grouped:
    return simulate_groups(book.programs[0], book.populations[0], sample=sample, months=months, seed=seed)


def outcome(book: Book, text: str, months: int = 6) -> Outcome:
    return parse_outcome(text, book.programs[0], months)


def test_the_forecast_of_all_groups_is_that_of_a_simulation(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    run, plain = grouped(book), pipeline.simulate(book, sample=2000, months=6)
    assert run.forecast.liability == plain.liability
    assert run.forecast.by_currency[0].total == plain.by_currency[0].total
    assert run.forecast.by_currency[0].issued_noise == plain.by_currency[0].issued_noise


def test_every_group_has_its_part_of_first_members_and_joiners(book_of: Callable[[str], Book]) -> None:
    run = grouped(book_of(SHOP), sample=None)
    sizes = [size for size, _, _ in run.groups]
    assert sum(sizes) == run.forecast.sample
    assert max(sizes) - min(sizes) <= 17  # one for each block
    early = [int(tally.people[:, 0, 0].sum()) for _, tally, _ in run.groups]
    assert max(early) - min(early) <= 30  # of about 250 each


def test_without_a_group_the_others_count_for_all(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    run = grouped(book)
    members = outcome(book, "members")
    whole = run.value(members)
    assert len(run.without(members)) == GROUPS
    for value in run.without(members):
        assert abs(value - whole) <= 1  # rounded to whole members


def test_the_noise_is_about_that_of_the_exact_sums(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    ratios = []
    for seed in range(1, 5):
        run = grouped(book, seed=seed)
        for text in ("liability", "outstanding at month 3", "urr", "active at month 6"):
            asked = outcome(book, text)
            exact = asked.of(run.forecast).noise
            found = half_width(run.without(asked))
            assert exact is not None and found is not None
            assert noise_of(asked, run) == exact  # one figure has one noise, whoever shows it
            ratios.append(found / exact)
    # Each has a relative error of a sixth; Student's t is 7% wider than the normal, and strata take some off.
    assert 0.85 < sum(ratios) / len(ratios) < 1.25
    assert min(ratios) > 0.5 and max(ratios) < 1.8


def test_the_noise_of_a_difference_is_that_of_paired_members(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    other = with_settings(book, {"status.gold": "$400"})
    before, after = grouped(book), grouped(other)
    pairs = pipeline.compare(book, other, sample=2000, months=6)
    issued = outcome(book, "issued")
    exact = pairs.currencies[0].issued[-1]
    assert after.value(issued) - before.value(issued) == exact.difference < 0
    found = difference_noise(issued, before, after)
    assert found is not None
    assert found == pytest.approx(exact.noise, rel=0.6)
    alone = noise_of(issued, after)
    assert alone is not None and found < alone / 3
    assert difference_noise(issued, before, before) == 0


def test_few_members_have_no_noise(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    run = grouped(book, sample=100)
    assert noise_of(outcome(book, "liability"), run) is None
    assert run.groups == ()


def test_a_half_width_of_known_values() -> None:
    # The jackknife of a mean is its standard error: values 0 and 1 in turn, mean 1/2, error sqrt(1/4 / 19).
    values = [Fraction(i % 2) for i in range(GROUPS)]
    total = sum(values)
    without = [(total - value) / (GROUPS - 1) for value in values]
    assert half_width(without) == pytest.approx(2.093 * (0.25 / 19) ** 0.5)


@pytest.mark.slow
def test_the_noise_covers_what_other_members_give(book_of: Callable[[str], Book]) -> None:
    """Of 200 samples the interval holds the value of very many members in about 95 of 100."""
    book = book_of(SHOP)
    truth = {
        text: grouped(book, sample=60_000, seed=999).value(outcome(book, text)) for text in ("liability",)
    }
    held = 0
    for seed in range(200):
        run = grouped(book, sample=1000, seed=seed)
        asked = outcome(book, "liability")
        noise = noise_of(asked, run)
        assert noise is not None
        held += abs(run.value(asked) - truth["liability"]) <= noise
    assert held >= 179  # below that with a chance of 1% where the truth is 95%
