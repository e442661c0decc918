"""Friends that members bring: how many, and what they do to those who brought them."""

from collections.abc import Callable
from fractions import Fraction
from math import exp, log, sqrt

import attrs
import numpy as np
import pytest

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.friends import Friendships, heard_of
from loyalty_dsl.evaluation.groups import open_group
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import Leave, LeavePerPeriod, LeavePerPurchase, Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation import run
from loyalty_dsl.simulation.families import _friends_a_day, _lives
from loyalty_dsl.simulation.recording import record_lives
from loyalty_dsl.simulation.run import simulate_population

BookOf = Callable[[str], Book]

PROGRAM = """
program friends "Friends" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by event date
    event install {
        rooms  number
    }
    currency points "Points" {
        round  down per rule
        expire 12 months after earning
        worth  $0.01
        cost   $0.01
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    referral joined {
        on    join by friend
        give  50 points
        give  20 points to friend
    }
    referral bought {
        on    first 2 purchases by friend
        give  100 points
    }
    referral large {
        on    first 2 purchases by friend where amount >= $30
        give  70 points
    }
    referral kept {
        on    purchase by friend kept 14 days where amount >= $20
        give  10 points
    }
    referral installed {
        on    install by friend where rooms > 1
        give  3 points
    }
    referral staged {
        stage  join
        stage  install within 90 days where rooms < 3
        stage  purchase within 60 days where amount >= $20
        give   30 points
        give   5 points to friend
    }
    reward off {
        price  200 points
        give   $2 off up to the basket
        cost   $2
    }
    returns {
        reverse  points and counters
        balance  goes negative
    }
}

population people {
    start  600 members on 2027-01-01
    join   0 members per month
    segment all 100% {
        purchases  2 per month
        leave      5% per month
        basket     median $30 sigma 0.5
        returns    20% of purchases within 30 days
        refer      6% of purchases
        redeem     50% when a reward is affordable
        event install 3 per year {
            rooms  1 40%, 2 30%, 4 30%
        }
    }
}
"""


@pytest.fixture
def shop(book_of: BookOf) -> tuple[Program, Population]:
    book = book_of(PROGRAM)
    return book.programs[0], book.populations[0]


def test_friends_multiply_as_a_branching_process(shop: tuple[Program, Population]) -> None:
    """Each living member brings a friend at rate a and leaves at rate b, friends as well, so that the
    expected number of all who ever joined by time t is 1 + a (e^((a - b) t) - 1) / (a - b) for each first
    member, who are independent; the error is taken from parts of the sample."""
    program, people = shop
    a, b = 2 * 0.06 / 30.4375, -log(0.95) / 30.4375
    parts = []
    for seed in range(20):
        result = simulate_population(program, people, sample=600, months=12, tail=0, seed=seed)
        parts.append(result.joined.sum() / 600)
        assert result.friends_joined.sum() == result.joined.sum() - 600
    days = int(result.month_starts[12] - result.month_starts[0])
    expected = 1 + a * (exp((a - b) * days) - 1) / (a - b)
    assert abs(np.mean(parts) - expected) < 4 * np.std(parts, ddof=1) / sqrt(len(parts))


def test_families_that_grow_without_bound_are_refused_before_they_are_lived(
    shop: tuple[Program, Population],
) -> None:
    program, people = shop
    (segment,) = people.segments
    eager = attrs.evolve(people, segments=(attrs.evolve(segment, refer=Fraction(1)),))
    with pytest.raises(InputRefused, match=r"segment `all` brings .* friends") as refused:
        simulate_population(program, eager, sample=10, months=24)
    assert refused.value.help == "lower `refer` in segment `all`, or simulate fewer months"
    assert simulate_population(program, eager, sample=10, months=1, tail=0).joined.sum() > 10


@pytest.mark.parametrize("by_period", [False, True])
def test_expected_families_are_those_of_a_branching_process(
    shop: tuple[Program, Population], *, by_period: bool
) -> None:
    """A member brings a friend at rate a and leaves at rate b: 1 + a (e^((a - b) t) - 1) / (a - b)."""
    (segment,) = shop[1].segments
    a, b = 2 * 0.06 / 30.4375, 2 * 0.02 / 30.4375
    leave: Leave = LeavePerPurchase(Fraction(2, 100), Fraction(0), segment.span)
    if by_period:
        share = 1 - exp(-b * 30.4375)
        leave = LeavePerPeriod(Fraction(share), Unit.MONTH, Fraction(0), segment.span)
    leaving = attrs.evolve(segment, leave=leave)
    days = 600
    friends = np.array([_friends_a_day(leaving, leaving.purchases, day + 0.5) for day in range(days)])
    expected = 1 + a * (exp((a - b) * days) - 1) / (a - b)
    assert _lives(friends, friends) == pytest.approx(expected, rel=0.01)


def test_what_friends_did_reaches_who_brought_them_as_the_reference_passes_it_on(
    shop: tuple[Program, Population],
) -> None:
    """REFER-2, REFER-3, REFER-4, REFER-5."""
    program, people = shop
    history = record_lives(program, people, sample=80, months=10).history
    counts = [len(event.fields) for event in program.events]
    events = [history.events_of(member, counts) for member in range(len(history.members))]
    kinds = {kind.event for kind in program.friend_kinds}
    passed = 0
    for referrer in range(len(events)):
        brought = np.flatnonzero(history.referrers == referrer)
        heard: list[Event] = []
        for friend in brought.tolist():
            heard += _heard(program, events[friend], int(history.last_day))
        ours = [event for event in events[referrer] if event.kind in kinds]
        of_friends = {event.id for event in ours}
        returned = [e for e in events[referrer] if e.kind == RETURN and e.original in of_friends]
        assert sorted(map(_facts, ours + returned)) == sorted(map(_facts, heard))
        passed += len(heard)
    assert passed > 100
    staged = next(kind for kind in program.friend_kinds if kind.stages)
    completed = history.fields[history.kind == staged.event, len(program.events[PURCHASE].fields)]
    assert 0 < completed.sum() < len(completed)


def _heard(program: Program, events: list[Event], last_day: int) -> list[Event]:
    """All that one friend's life is to the referrer, by the end of the last day."""
    own = [event for event in events if event.kind in heard_of(program)]
    friendships = Friendships(program)
    group = open_group(program)
    passed_on: list[Event] = []
    mine = {event.id for event in own if event.kind != RETURN}
    for event in events:
        passed_on += friendships.due(event.day)
        apply(group, event)
        if event in own and (event.kind != RETURN or event.original in mine):
            joined = group.only.joined
            assert joined is not None
            passed_on += friendships.heard(event, joined)
    return passed_on + list(friendships.due(last_day))


def _facts(event: Event) -> tuple[int, ...]:
    """What is the same on both ways; ids are not."""
    return (event.day, event.minute, event.kind, event.basket, *event.fields)


def test_friends_have_the_same_lives_whatever_the_shards_and_the_room(
    shop: tuple[Program, Population], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, people = shop

    def figures(**options: int) -> list[object]:
        result = simulate_population(program, people, sample=60, months=8, seed=3, **options)
        return [
            getattr(result, name).tolist()
            for name in ("joined", "issued", "redeemed", "expired", "reversed", "purchases", "events")
        ] + [result.squares, result.ultimate, result.phi_squares]

    one = figures()
    assert figures(shards=5, threads=2) == one
    monkeypatch.setattr(run, "FIRST_ENTRIES", 1)
    monkeypatch.setattr(run, "FIRST_CAPACITY", 2)
    assert figures() == one


def test_a_friend_is_the_same_whoever_else_is_brought(shop: tuple[Program, Population]) -> None:
    """Who refers less brings fewer friends, and those live the lives that they would have lived."""
    program, people = shop
    (segment,) = people.segments

    def lives(refer: str) -> set[tuple[tuple[int, int, int], ...]]:
        rarer = attrs.evolve(people, segments=(attrs.evolve(segment, refer=type(segment.refer)(refer)),))
        history = record_lives(program, rarer, sample=40, months=6).history
        kept = np.isin(history.kind, (JOIN, PURCHASE))
        return {
            tuple(
                (int(history.day[i]), int(history.minute[i]), int(history.basket[i]))
                for i in range(int(history.starts[m]), int(history.starts[m + 1]))
                if kept[i]
            )
            for m in range(len(history.members))
        }

    few, many = lives("0.02"), lives("0.06")
    assert few < many


def test_nobody_joins_after_the_months_reported(shop: tuple[Program, Population]) -> None:
    program, people = shop
    short, long = (simulate_population(program, people, sample=60, months=6, tail=tail) for tail in (0, 12))
    assert short.joined.tolist() == long.joined.tolist()
    assert short.issued.tolist() == long.issued.tolist()
