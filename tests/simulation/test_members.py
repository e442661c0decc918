"""What members are and do besides buying, against what their population states.

Each tolerance is four standard errors of the figure, known from the share or the rate; seeds are fixed.
"""

from collections.abc import Callable
from fractions import Fraction
from math import log, sqrt

import attrs
import numpy as np
import pytest
from scipy import stats

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.conditions import MemberField, OneAmong
from loyalty_dsl.language.population import FieldDraw, Population, Segment
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation.recording import record_lives
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

BookOf = Callable[[str], Book]

PROGRAM = """
program club "Club" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by event date
    member {
        holder    yes/no
        card      one of none, gold, black
        visits    number
        birthday  date
    }
    event purchase {
        payment  one of card, cash
        guests   number
        tip      money
        booked   date
    }
    event stay {
        nights  number
    }
    event call
    currency points "Points" {
        round  down per rule
        expire 6 months after earning
        worth  $0.01
        cost   $0.01
    }
    earn base {
        on    purchase where guests >= 1 and payment is card
        give  1 point per $1
    }
    earn tips {
        on    purchase where tip >= $1 and days since booked >= 0
        give  1 point
    }
    earn nights {
        on    stay
        give  10 points per nights
    }
    earn holders {
        on    call
        when  holder and card is gold and visits >= 1
        give  1 point
    }
    benefit gift {
        on    birthday
        give  1 cake
        cost  $2
    }
    benefit discount {
        on    purchase
        give  1% off
        cost  100% of face value
    }
    returns {
        reverse  points and counters
        balance  goes negative
    }
}
"""

SEGMENT = """
population people {
    start  4,000 members on 2027-01-01
    join   0 members per month
    segment all 100% {
        purchases  2 per month
        basket     median $30 sigma 0.5
        holder     40%
        card       gold 70%, black 20%, none 10%
        visits     1 60%, 2 30%, 5 10%
        birthday   any day
        payment    card 80%, cash 20% when holder
        payment    card 5%, cash 95%
        guests     median 4 sigma 0.7
        tip        10% of basket
        booked     30 days before
        take_up    gift 30%, discount 45%
        returns    8% of purchases within 30 days
        event stay 0.5 per month spread 0.8 {
            nights  1 50%, 2 30%, 7 20%
        }
        event call 1 per month spread 0.5 {
        }
    }
}
"""


@pytest.fixture
def club(book_of: BookOf) -> tuple[Program, Population]:
    book = book_of(PROGRAM + SEGMENT)
    return book.programs[0], book.populations[0]


def near(count: float, trials: float, share: float) -> bool:
    return abs(count - trials * share) < 4 * sqrt(trials * share * (1 - share))


def test_what_members_are_follows_their_shares(club: tuple[Program, Population]) -> None:
    program, people = club
    known = record_lives(program, people, sample=4_000, months=1).fields
    holder, card, visits, birthday = known.T
    assert near(holder.sum(), 4_000, 0.4)
    assert stats.chisquare(np.bincount(card, minlength=3), 4_000 * np.array([0.1, 0.7, 0.2])).pvalue > 1e-3
    numbers = [(visits == value).sum() for value in (1, 2, 5)]
    assert stats.chisquare(numbers, [2_400, 1_200, 400]).pvalue > 1e-3
    ages = (people.first_day or program.starts) - birthday
    assert ages.min() >= 20 * 365
    assert ages.max() <= 70 * 366
    months = np.bincount([date_of(int(day)).month for day in birthday], minlength=13)[1:]
    days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert stats.chisquare(months, 4_000 * days / days.sum()).pvalue > 1e-3


def test_a_field_of_the_member_can_depend_on_another(club: tuple[Program, Population]) -> None:
    program, people = club
    (segment,) = people.segments
    holder, card, *others = segment.member_draws
    assert isinstance(card, FieldDraw)
    of_holders = attrs.evolve(card, when=OneAmong(MemberField(holder.field), (1,)))
    of_others = attrs.evolve(card, shares=(Fraction(1), Fraction(0), Fraction(0)))
    draws = (holder, of_holders, of_others, *others)
    changed = attrs.evolve(people, segments=(attrs.evolve(segment, member_draws=draws),))
    known = record_lives(program, changed, sample=4_000, months=1).fields
    assert (known[known[:, 0] == 0, 1] == 0).all()
    counts = np.bincount(known[known[:, 0] == 1, 1], minlength=3)
    assert stats.chisquare(counts, counts.sum() * np.array([0.1, 0.7, 0.2])).pvalue > 1e-3


def test_fields_of_events_follow_the_first_condition_that_holds(club: tuple[Program, Population]) -> None:
    program, people = club
    recorded = record_lives(program, people, sample=4_000, months=3)
    history = recorded.history
    bought = history.kind == PURCHASE
    payment, guests, tip, booked = history.fields[bought].T
    holder = history.member_fields[bought, 0]
    assert near((payment[holder == 1] == 0).sum(), (holder == 1).sum(), 0.8)
    assert near((payment[holder == 0] == 0).sum(), (holder == 0).sum(), 0.05)
    assert guests.min() == 1
    cells = np.bincount(np.minimum(guests, 10))[1:]
    edges = stats.norm(log(4), 0.7).cdf(np.log(np.append(np.arange(1, 10) + 0.5, np.inf)))
    assert stats.chisquare(cells, len(guests) * np.diff(np.append(0, edges))).pvalue > 1e-3
    basket = history.basket[bought]
    assert (tip == (basket + 5) // 10).all()
    assert (booked == history.day[bought] - 30).all()


def test_other_events_come_at_their_rates_with_fields_of_their_own(club: tuple[Program, Population]) -> None:
    program, people = club
    result = simulate_population(program, people, sample=4_000, months=12, tail=0)
    days = int(result.month_starts[12] - result.month_starts[0]) / 30.4375
    stay, call = program.events[2].index, program.events[3].index
    for kind, rate, spread in ((stay, 0.5, 0.8), (call, 1.0, 0.5)):
        mean = rate * days
        error = sqrt((mean + (mean * spread) ** 2) / 4_000)  # negative binomial
        assert abs(result.events[kind].sum() / 4_000 - mean) < 4 * error
    history = record_lives(program, people, sample=500, months=12).history
    nights = history.fields[history.kind == stay, 0]
    counts = [(nights == value).sum() for value in (1, 2, 7)]
    assert stats.chisquare(counts, len(nights) * np.array([0.5, 0.3, 0.2])).pvalue > 1e-3
    assert (history.basket[history.kind == stay] == 0).all()


def test_one_more_kind_of_event_changes_nothing_else(club: tuple[Program, Population]) -> None:
    """Not even the days and baskets of purchases, the fields, or what is returned."""
    program, people = club
    (segment,) = people.segments

    def others(*, of: Segment) -> list[tuple[int, ...]]:
        changed = attrs.evolve(people, segments=(of,))
        history = record_lives(program, changed, sample=60, months=6).history
        kept = (history.kind == PURCHASE) | (history.kind == RETURN)
        columns = (history.day, history.minute, history.kind, history.basket, *history.fields.T)
        return list(zip(*(column[kept].tolist() for column in columns), strict=True))

    everything = others(of=segment)
    for fewer in ((), segment.activities[:1], segment.activities[1:]):
        assert others(of=attrs.evolve(segment, activities=fewer)) == everything


def test_a_share_of_purchases_comes_back_on_a_uniform_day(club: tuple[Program, Population]) -> None:
    program, people = club
    history = record_lives(program, people, sample=4_000, months=6).history
    returned = history.kind == RETURN
    originals = history.original[returned]
    assert (history.basket[returned] == history.basket[originals]).all()
    assert (history.kind[originals] == PURCHASE).all()
    assert len(set(originals.tolist())) == len(originals)
    later = history.day[returned] - history.day[originals]
    settled = history.last_day - 30  # what was bought by then has come back if it ever does
    bought = (history.kind == PURCHASE) & (history.day <= settled)
    assert near((history.day[originals] <= settled).sum(), bought.sum(), 0.08)
    of_settled = np.bincount(later[history.day[originals] <= settled], minlength=31)[1:]
    assert len(of_settled) == 30
    assert stats.chisquare(of_settled).pvalue > 1e-3


def test_benefits_are_taken_up_in_their_shares_at_events_and_at_midnights(
    club: tuple[Program, Population],
) -> None:
    program, people = club
    result = simulate_population(program, people, sample=4_000, months=12, tail=0)
    gift, discount = (program.reward(name) for name in ("gift", "discount"))
    assert gift is not None
    assert discount is not None
    used = result.reward_uses.sum(axis=1)
    assert near(used[gift.index], 4_000, 0.3)  # everybody has one birthday in a year
    assert near(used[discount.index], result.purchases.sum(), 0.45)


def test_what_is_returned_lowers_what_is_outstanding(club: tuple[Program, Population]) -> None:
    program, people = club
    result = simulate_population(program, people, sample=300, months=8, tail=0)
    assert result.reversed.sum() > 0
    flows = result.issued - result.redeemed - result.expired - result.reversed
    assert (flows.cumsum(axis=2) == result.outstanding).all()
    assert 0 < result.reversed_by_age.sum() <= result.reversed.sum()  # what is owed has no age


@pytest.mark.parametrize(("shards", "threads"), [(1, 1), (7, 2)])
def test_shards_and_threads_change_nothing(
    club: tuple[Program, Population], shards: int, threads: int
) -> None:
    program, people = club

    def figures(**options: int) -> Trajectories:
        return simulate_population(program, people, sample=120, months=6, **options)

    one, other = figures(), figures(shards=shards, threads=threads)
    for name in ("issued", "redeemed", "expired", "reversed", "events", "returns", "reward_uses", "squares"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_joiners_say_who_they_are_when_they_join(club: tuple[Program, Population]) -> None:
    program, people = club
    growing = attrs.evolve(people, members=0, joins=100)
    history = record_lives(program, growing, sample=300, months=3).history
    joins = history.kind == JOIN
    assert joins.sum() == 300
    ages = history.day[joins] - history.member_fields[joins, 3]
    assert ages.min() >= 20 * 365 - 100
