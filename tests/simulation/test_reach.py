"""Whom rules, rewards, levels and limits reach, against recorded members who live again on the reference.

What a rule would have paid without its limits follows from a purchase's basket alone, and what it paid is
told by the reference's postings; so which limit held whom back is worked out here without either engine.
"""

from collections import Counter, defaultdict
from pathlib import Path

import attrs
import pytest
from lived_by_reference import Life, live_again, month_of

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.pipeline import load
from loyalty_dsl.simulation.recording import Recorded, record_lives
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

CAFE = """
program cafe "Cafe" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
        worth   $0.01
    }

    currency stars "Stars" {
        round   down per rule
        expire  never
        worth   $0.01
    }

    currency cups "Cups" {
        round   down per rule
        expire  never
        worth   $1.00
    }

    counter visits = purchases in calendar month

    tiers status {
        hold     through end of calendar month
        lapse    to the level earned
        upgrade  after the event
        level    plain
        level    keen  when visits >= 6
        level    saint when visits >= 600
    }

    earn base {
        on     purchase
        give   1 point per whole $1 of basket
        limit  25 points per event
        limit  90 points per calendar month
        limit  1,000,000 points per calendar year
    }

    group stars_of_a_visit {
        combine  best of
    }

    earn double {
        on     purchase
        give   2 stars per whole $1 of basket
        limit  60 stars per calendar month
        in     stars_of_a_visit
    }

    earn single {
        on    purchase
        give  1 star per whole $1 of basket
        in    stars_of_a_visit
    }

    earn never {
        on    purchase
        when  amount > $90,000
        give  1 point
    }

    reward dollar "$1 off" {
        price  40 points
        give   $1 off in full
        issue  automatically at checkout
        limit  1 time per calendar month
        cost   $1.00
    }

    reward sample "A sample" {
        price  50 stars
        give   1 cup
        issue  automatically
        limit  2 times per calendar year
        cost   $1.00
    }
}

population guests {
    start  60 members on 2027-01-01
    join   10 members per month

    segment guests 100% {
        purchases  4 per month spread 0.8
        leave      3% per month
        basket     median $12.00 sigma 0.8
    }
}
"""
MONTHS = 15
PER_EVENT, PER_MONTH, PER_YEAR, DOUBLE, DOLLAR, SAMPLE = range(6)
CUPS = 2
MOST_PER_EVENT, MOST_PER_MONTH, MOST_DOUBLE = 25, 90, 60
DOLLAR_PRICE, SAMPLE_PRICE, MOST_SAMPLES = 40, 50, 2


@attrs.frozen
class World:
    program: Program
    result: Trajectories
    recorded: Recorded
    lives: list[Life]
    starts: list[int]

    def month(self, day: int) -> int:
        return month_of(self.starts, day)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    path: Path = tmp_path_factory.mktemp("cafe") / "cafe.loyalty"
    path.write_text(CAFE, encoding="utf-8")
    book = load(path)
    (program,), (people,) = book.programs, book.populations
    sample = 60 + 10 * MONTHS
    result = simulate_population(program, people, sample=sample, months=MONTHS, tail=4, shards=3)
    recorded = record_lives(program, people, sample=sample, months=MONTHS)
    starts = result.month_starts.tolist()[: MONTHS + 1]
    return World(program, result, recorded, live_again(program, recorded, starts, []), starts)


@attrs.frozen
class Visit:
    """A purchase: whole dollars of its basket, and what the reference posted at it, by rule or reward; what
    rewards gave is left out."""

    day: int
    dollars: int
    posted: Counter[str]


def visits_of(life: Life) -> list[Visit]:
    posted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for posting in life.postings:
        if posting.kind in {PostingKind.EARNED, PostingKind.REDEEMED} and posting.currency != CUPS:
            posted[posting.event][posting.name] += posting.units
    return [
        Visit(event.day, event.basket // 100, posted[event.id])
        for event in life.events
        if event.kind == PURCHASE
    ]


def held_back(world: World, life: Life) -> dict[int, list[int]]:
    """The months of the purchases at which each limit held a member back."""
    seen: dict[int, list[int]] = {limit: [] for limit in range(6)}
    in_month: defaultdict[int, Counter[str]] = defaultdict(Counter)
    in_year: defaultdict[int, Counter[str]] = defaultdict(Counter)
    points, stars = 0, 0
    for visit in visits_of(life):
        month = world.month(visit.day)
        year = date_of(visit.day).year
        used, so_far = in_month[month], in_year[year]
        # Before earning: each price of 40 points takes a dollar off.
        dollars_off = visit.posted["dollar"] // DOLLAR_PRICE
        points -= visit.posted["dollar"]
        if used["dollar"] + dollars_off == 1 and points >= DOLLAR_PRICE:
            seen[DOLLAR].append(month)
        room = MOST_PER_MONTH - used["base"]
        paid = min(visit.dollars, MOST_PER_EVENT, room)
        assert visit.posted["base"] == paid
        if paid < visit.dollars:
            if room == paid:
                seen[PER_MONTH].append(month)
            if paid == MOST_PER_EVENT:
                seen[PER_EVENT].append(month)
        if 2 * visit.dollars > MOST_DOUBLE - used["double"]:
            seen[DOUBLE].append(month)
        points += visit.posted["base"]
        stars += visit.posted["double"] + visit.posted["single"] - visit.posted["sample"]
        samples = visit.posted["sample"] // SAMPLE_PRICE
        if so_far["sample"] + samples == MOST_SAMPLES and stars >= SAMPLE_PRICE:
            seen[SAMPLE].append(month)
        used.update(base=visit.posted["base"], double=visit.posted["double"], dollar=dollars_off)
        so_far.update(sample=samples)
    return seen


def test_limits_hold_back_whom_they_cut_on_the_reference(world: World) -> None:
    """LIMIT-4: of several limits, the one with the least room decides, and is said to bind."""
    cuts = [[0] * MONTHS for _ in range(6)]
    members = [0] * 6
    for life in world.lives:
        for limit, months in held_back(world, life).items():
            members[limit] += bool(months)
            for month in months:
                cuts[limit][month] += 1
    assert world.result.limit_cuts.tolist() == cuts
    assert world.result.limit_members.tolist() == members
    everybody = int(world.result.joined.sum())
    for limit in (PER_EVENT, PER_MONTH, DOUBLE, DOLLAR, SAMPLE):
        assert 0 < members[limit] < everybody, limit


def test_a_limit_that_nobody_reaches_never_binds(world: World) -> None:
    assert world.result.limit_members[PER_YEAR] == 0
    assert world.result.limit_cuts[PER_YEAR].sum() == 0
    assert world.result.limit_times[PER_YEAR].sum() > 0


def test_what_is_counted_against_limits_is_what_was_paid(world: World) -> None:
    """LIMIT-2: postings of the limited rule, uses of the limited reward."""
    paid: list[list[int]] = [[0] * MONTHS for _ in range(6)]
    for life in world.lives:
        for visit in visits_of(life):
            month = world.month(visit.day)
            for limit in (PER_EVENT, PER_MONTH, PER_YEAR):
                paid[limit][month] += visit.posted["base"] > 0
            paid[DOUBLE][month] += visit.posted["double"] > 0
            paid[DOLLAR][month] += visit.posted["dollar"] // DOLLAR_PRICE
            paid[SAMPLE][month] += visit.posted["sample"] // SAMPLE_PRICE
    assert world.result.limit_times.tolist() == paid


def test_rules_and_rewards_reach_whom_they_paid(world: World) -> None:
    reached = Counter[str]()
    for life in world.lives:
        reached.update({name for visit in visits_of(life) for name, units in visit.posted.items() if units})
    assert world.result.rule_members.tolist() == [reached[rule.name] for rule in world.program.earns]
    assert world.result.reward_members.tolist() == [reached[reward.name] for reward in world.program.rewards]
    assert reached["never"] == 0


def test_levels_reach_whom_they_are_given(world: World) -> None:
    """Six visits in a calendar month make a member keen, and nobody gets near 600."""
    keen = 0
    for life in world.lives:
        months = Counter(world.month(visit.day) for visit in visits_of(life))
        keen += any(count >= 6 for count in months.values())
    everybody = int(world.result.joined.sum())
    assert [levels.tolist() for levels in world.result.level_members] == [[everybody, keen, 0]]
    assert 0 < keen < everybody


CHOSEN = """
program kiosk "Kiosk" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
        worth   $0.01
    }

    earn visit {
        on    purchase
        give  1 point
    }

    reward dollar "$1 off" {
        price  1 point
        give   $1 off in full
        limit  1 time per calendar year
        cost   $1.00
    }
}

population guests {
    start  80 members on 2027-01-01

    segment guests 100% {
        purchases  2 per month spread 0.8
        leave      3% per month
        basket     median $12.00 sigma 0.8
        redeem     60% when a reward is affordable spread 0.5
    }
}
"""


def test_a_limit_binds_where_only_it_keeps_a_reward_from_a_member(tmp_path: Path) -> None:
    """REDEEM-5: with a point left, every purchase of a year after the one with the reward meets the limit."""
    path = tmp_path / "kiosk.loyalty"
    path.write_text(CHOSEN, encoding="utf-8")
    book = load(path)
    (program,), (people,) = book.programs, book.populations
    result = simulate_population(program, people, sample=80, months=24, tail=3)
    history = record_lives(program, people, sample=80, months=24).history
    starts = result.month_starts.tolist()
    cuts, members = [0] * 24, 0
    for member in range(80):
        balance, used, bound = 0, set[int](), False
        for at in range(history.starts[member], history.starts[member + 1]):
            month = month_of(starts, int(history.day[at]))
            year = month // 12
            if history.reward[at] >= 0:
                used.add(year)
                balance -= 1
            elif year in used and balance > 0:
                cuts[month] += 1
                bound = True
            balance += 1
        members += bound
    assert result.limit_cuts.tolist() == [cuts]
    assert result.limit_members.tolist() == [members]
    assert 0 < members < 80
