"""Limits on what all members are paid together (LIMIT-9), in a simulation of a sample of the business."""

from collections.abc import Callable

import numpy as np

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.transplant import Arm
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.pairs import simulate_pairs
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population

PROGRAM = """
program stock "Stock" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by event date
    currency points "Points" {
        round  down per rule
        expire 12 months after earning
        worth  $0.01
        cost   $0.01
    }
    earn first_come {
        on     purchase
        give   1 point
        limit  900 times per calendar month for everyone
    }
}

population people {
    start  3,000 members on 2027-01-01
    join   0 members per month
    segment all 100% {
        purchases  1 per month
        basket     median $30 sigma 0.5
    }
}
"""


def test_a_limit_for_everyone_closes_for_all_the_day_after_it_is_reached(
    book_of: Callable[[str], Book],
) -> None:
    """LIMIT-9: with 300 members who stand for 3,000, at the day after the 90th purchase of each month."""
    book = book_of(PROGRAM)
    (program,), (people,) = book.programs, book.populations
    result = simulate_population(program, people, sample=300, months=4, shards=4)
    history = record_history(program, people, sample=300, months=4)
    expected = []
    for start, end in zip(result.month_starts[:4], result.month_starts[1:5], strict=True):
        days = history.day[(history.kind == PURCHASE) & (history.day >= start) & (history.day < end)]
        by_day = np.bincount(days - start, minlength=int(end - start))
        reached = int(np.searchsorted(by_day.cumsum(), 90))
        expected.append(int(by_day[: reached + 1].sum()))
    assert result.rule_times[0].tolist() == expected
    assert result.purchases.sum() > sum(expected)


def test_a_comparison_closes_what_each_version_closes_alone(book_of: Callable[[str], Book]) -> None:
    book, tighter = book_of(PROGRAM), book_of(PROGRAM.replace("900 times", "600 times"))
    (program,), (people,) = book.programs, book.populations
    (other,) = tighter.programs
    pairs = simulate_pairs(Arm(program, people), Arm(other, people), sample=300, months=4)
    for version, arm in ((program, pairs.old), (other, pairs.new)):
        alone = simulate_population(version, people, sample=300, months=4)
        assert arm.rule_times.tolist() == alone.rule_times.tolist()
    assert pairs.new.rule_times.sum() < pairs.old.rule_times.sum()
