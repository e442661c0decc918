"""Responses against their formulas: what a member does between two looks comes so many times as fast.

A gap of one member takes the same work with a response and without, so the ratio of the two is the pace
exactly, gap by gap; times are known to the minute.
"""

from math import exp

import numpy as np
import pytest
from reacting_people import STAMPS, read, times, write

from loyalty_dsl.language.book import Book
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.responses import promotional_factors
from loyalty_dsl.simulation.run import simulate_population

MINUTE = 1 / 1440


def gaps(when: np.ndarray) -> np.ndarray:
    return np.diff(when)


def test_goal_gradient_divides_each_gap_by_the_pace_of_the_stamps_held() -> None:
    slow, fast = times(write()), times(write(responses="goal_gradient 25%"))
    compared = 0
    for off, on in zip(slow, fast, strict=True):
        count = min(len(off), len(on)) - 1
        held = np.arange(count) % 10 + 1  # after purchase k
        expected = gaps(off)[:count] / (1 + 0.25 * held / 10)
        assert np.all(np.abs(gaps(on)[:count] - expected) < 3 * MINUTE)
        compared += count
    assert compared > 30_000


def test_the_last_gap_before_a_reward_is_as_much_shorter_as_the_formula_says() -> None:
    when = times(write(responses="goal_gradient 100%", traits="purchases 30 per month"))
    by_stamps: list[list[float]] = [[] for _ in range(10)]
    for of_member in when:
        for k, gap in enumerate(gaps(of_member)):
            by_stamps[k % 10].append(gap)
    first, last = by_stamps[0], by_stamps[8]  # with 1 stamp, with 9
    ratio = np.mean(last) / np.mean(first)
    error = ratio * np.sqrt(1 / len(first) + 1 / len(last))
    assert abs(ratio - 1.1 / 1.9) < 4 * error


NEUTRAL = (
    "goal_gradient 0%",
    "post_reward_reset 0%",
    "redemption_momentum 0%",
    "program_lift 0% moderate 0% heavy 0%",
    "expiry_rush 0%",
    "demotion 0%",
    "promotion_to_level 0%",
    "tier_pull 0%",
    "referral_retention 0%",
    "stockpiling 0%",
    "promotion_lift 0%",
    "self_selection 0%",
)

EVERYTHING = """
    currency points { round  down per rule
                      expire 3 months after earning
                      worth  $0.01 }
    counter year_spend = spend in calendar year
    tiers status { hold through end of calendar year
                   lapse to the level earned
                   level member
                   level gold when year_spend >= $600 }
    earn base { on   purchase
                give 5 points per $1 }
    earn double { on    purchase
                  dates 2027-03-05 through 2027-03-11
                  give  5 points per $1 }
    reward money_off { price 100 points per $1 off }
    referral friends { on   first purchase by friend
                       give 100 points }
    reward mug { price 700 points
                 give 1 mug }
"""
REDEEMING = """purchases 3 per month spread 0.7
        leave 2% per month spread 0.5
        refer 0.5% of purchases
        redeem 20% when a reward is affordable slope 0.5 spread 0.8"""
JOINING = "start 150 members\n    join 20 members per month"


def everything(responses: str = "") -> str:
    return write(EVERYTHING, responses, REDEEMING, JOINING)


@pytest.mark.parametrize("clause", NEUTRAL)
def test_a_response_with_neutral_numbers_changes_nothing(clause: str) -> None:
    assert read(everything(clause)).populations[0].responses
    for off, on in zip(times(everything(), 18), times(everything(clause), 18), strict=True):
        assert np.array_equal(off, on)


# ---- what moves with time: looks after each purchase, and on Mondays

MONDAY = 3  # 2027-01-04; the first day is 2027-01-01


class Reaction:
    """A member's pace, worked out anew: `pace` at a look, `bought` after purchase `i` (from 0)."""

    def pace(self, time: float) -> float:
        return 1.0

    def bought(self, i: int, time: float) -> None: ...


def expected_times(off: np.ndarray, member: Reaction) -> np.ndarray:
    """When a member who reacts buys that comes at the times `off` when it does not."""
    when, time = [], 0.0
    for i, gap in enumerate(np.diff(off, prepend=0.0)):
        work = gap
        while True:
            pace, monday = member.pace(time), MONDAY + 7 * ((time - MONDAY) // 7 + 1)
            if time + work / pace <= monday:
                break
            work -= (monday - time) * pace
            time = monday
        time += work / pace
        member.bought(i, time)
        when.append(time)
    return np.array(when)


def assert_reacts(rules: str, responses: str, reaction: type[Reaction], traits: str, months: int = 18) -> int:
    """That members buy when they are expected to, all of them; returns how many purchases moved."""
    moved = 0
    slow = times(write(rules, traits=traits), months)
    for off, on in zip(slow, times(write(rules, responses, traits), months), strict=True):
        count = min(len(off), len(on))
        expected = expected_times(off[:count], reaction())
        assert np.all(np.abs(on[:count] - expected) < 20 * MINUTE)  # minutes cut off add up over looks
        moved += int(np.sum(np.abs(on[:count] - off[:count]) > 0.1))
    return moved


class AfterReward(Reaction):
    """Rewards are used at purchases 11, 21, ..."""

    def __init__(self) -> None:
        self.rewarded = -np.inf

    def bought(self, i: int, time: float) -> None:
        if i and i % 10 == 0:
            self.rewarded = time


class Reset(AfterReward):
    def pace(self, time: float) -> float:
        return 1 - 0.6 * exp(-(time - self.rewarded) / 21)


class Momentum(AfterReward):
    def pace(self, time: float) -> float:
        return 1.3 if time - self.rewarded < 14 else 1.0


class FadingLift(Reaction):
    def pace(self, time: float) -> float:
        return 1 + 0.4 * exp(-(time + 1) / 240)


OFTEN, SELDOM = "purchases 12 per month spread 0.5", "purchases 9 per year spread 0.7"


def test_after_a_reward_members_pause() -> None:
    assert assert_reacts(STAMPS, "post_reward_reset 60% fading 3 weeks", Reset, OFTEN) > 10_000


def test_after_redeeming_members_buy_more_for_a_while() -> None:
    assert assert_reacts(STAMPS, "redemption_momentum 30% for 14 days", Momentum, OFTEN) > 10_000


def test_the_lift_of_the_program_fades_from_the_day_of_joining() -> None:
    clause = "program_lift 0% moderate 40% heavy 0% fading 240 days"  # all buy alike: all are moderate
    assert assert_reacts(STAMPS, clause, FadingLift, "purchases 12 per month") > 10_000


def test_light_moderate_and_heavy_buyers_are_thirds_of_the_rates() -> None:
    for sizes in ("50% moderate 0% heavy 0%", "0% moderate 50% heavy 0%", "0% moderate 0% heavy 50%"):
        slow, fast = (
            times(write(responses=responses, people="start 900 members"), 2)
            for responses in ("", f"program_lift {sizes}")
        )
        moved = [
            not np.array_equal(off, on[: len(off)])
            for off, on in zip(slow, fast, strict=True)
            if len(off) > 1
        ]
        assert abs(np.mean(moved) - 1 / 3) < 4 * np.sqrt(2 / 9 / 900)


LEVELS = """
    currency points { round  down per rule
                      expire never }
    counter visits = purchases in calendar year
    tiers status { hold through end of calendar year
                   lapse to the level earned
                   level member
                   level gold when visits >= 8 }
    earn base { on   purchase
                give 1 point }
"""
YEARS = (0, 365, 365 + 366)  # 2027-01-01, 2028-01-01, 2029-01-01


class Levels(Reaction):
    """Gold from the eighth purchase of a year to its end; a level that is lost is seen at the next look."""

    def __init__(self) -> None:
        self.rose = self.fell = -np.inf
        self.year = self.visits = 0

    def see(self, time: float) -> None:
        while time >= YEARS[self.year + 1]:
            if self.visits >= 8:
                self.rose, self.fell = -np.inf, time
            self.year, self.visits = self.year + 1, 0

    def bought(self, i: int, time: float) -> None:
        self.see(time)
        self.visits += 1
        if self.visits == 8:
            self.rose, self.fell = time, -np.inf


class Lost(Levels):
    def pace(self, time: float) -> float:
        self.see(time)
        return 1 - 0.5 * 2 ** (-(time - self.fell) / 60)


class Won(Levels):
    def pace(self, time: float) -> float:
        self.see(time)
        return 1 + 0.5 * 2 ** (-(time - self.rose) / 60)


class Pulled(Levels):
    def pace(self, time: float) -> float:
        self.see(time)
        near = YEARS[self.year + 1] - int(time) <= 100
        return 1 + 0.8 * self.visits / 8 if near and self.visits < 8 else 1.0


def test_a_lost_level_is_answered_by_buying_less() -> None:
    assert assert_reacts(LEVELS, "demotion -50% half_life 60 days", Lost, "purchases 2 per month") > 200


def test_a_higher_level_is_answered_by_buying_more() -> None:
    clause = "promotion_to_level 50% half_life 60 days"
    assert assert_reacts(LEVELS, clause, Won, "purchases 2 per month") > 1_000


def test_members_near_a_level_hurry_before_the_year_ends() -> None:
    assert assert_reacts(LEVELS, "tier_pull 80% within 100 days", Pulled, SELDOM) > 300


RUSHING = """
    currency points { round  down per rule
                      expire 30 days after earning }
    earn base { on   purchase
                give 1 point }
    reward mug { price 1 point
                 give 1 mug }
"""


class Holding(Reaction):
    """With points from the first purchase on, all of which end within 60 days."""

    holds = False

    def pace(self, time: float) -> float:
        return 1.5 if self.holds else 1.0

    def bought(self, i: int, time: float) -> None:
        self.holds = True


NEVER_REDEEMS = "purchases 30 per month\n        redeem 0% when a reward is affordable"


def test_points_about_to_expire_hurry_members_who_know() -> None:
    clause = "expiry_rush 50% within 60 days aware 100%"
    assert assert_reacts(RUSHING, clause, Holding, NEVER_REDEEMS, months=6) > 10_000


def test_only_those_who_know_hurry() -> None:
    slow, fast = (
        times(write(RUSHING, responses, NEVER_REDEEMS, "start 900 members"), 1)
        for responses in ("", "expiry_rush 50% within 60 days aware 30%")
    )
    moved = [not np.array_equal(a, b[: len(a)]) for a, b in zip(slow, fast, strict=True) if len(a) > 3]
    assert abs(np.mean(moved) - 0.3) < 4 * np.sqrt(0.21 / 900)


def redeemed(rules: str, responses: str, chance: str) -> float:
    """The share of purchases but the first of each member at which a reward was chosen."""
    book = read(
        write(
            rules, responses, f"purchases 30 per month\n        redeem {chance}% when a reward is affordable"
        )
    )
    history = record_history(book.programs[0], book.populations[0], months=6)
    later = np.ones(len(history.day), bool)
    later[history.starts[:-1]] = False
    return float(np.mean(history.reward[later] >= 0))


def test_points_about_to_expire_multiply_the_odds_of_redeeming() -> None:
    assert abs(redeemed(RUSHING, "expiry_rush 100% within 60 days aware 100%", "20") - 1 / 3) < 0.01


PAID_LIKE_MONEY = """
    currency points { round  down per rule
                      expire never }
    earn base { on   purchase
                give 100 points }
    reward money_off { price 100 points per $1 off }
"""


def test_members_hoard_points_that_are_worth_less_than_the_basket() -> None:
    assert abs(redeemed(PAID_LIKE_MONEY, "", "50") - 1 / 2) < 0.01
    assert abs(redeemed(PAID_LIKE_MONEY, "stockpiling 50%", "50") - 1 / 3) < 0.01


def test_a_head_start_hurries_members_until_their_first_reward() -> None:
    given = STAMPS + "    earn gift { on   join\n give 2 stamps }\n"
    people = "start 0 members\n    join 300 members per month"
    clause = "goal_gradient 0% head_start 50%"
    slow, fast = (times(write(given, responses, OFTEN, people), 6) for responses in ("", clause))
    for off, on in zip(slow, fast, strict=True):
        count = min(len(off), len(on)) - 1
        begun = np.arange(count) < 8  # the tenth stamp is that of purchase 8, and purchase 9 takes the reward
        assert np.all(np.abs(gaps(on)[:count] * np.where(begun, 1.5, 1.0) - gaps(off)[:count]) < 4 * MINUTE)


# ---- what is known beforehand

PROMOTED = (
    STAMPS + "    earn double { on    purchase\n dates 2027-03-01 through 2027-03-10\n give 1 stamp }\n"
)


def test_a_promotion_sells_more_and_part_of_it_is_bought_from_the_weeks_after() -> None:
    text = write(PROMOTED, "promotion_lift 50% pull_forward 60% over 30 days", OFTEN)
    book = read(text)
    first = book.programs[0].starts
    factors = np.array(
        promotional_factors(book.programs[0], book.populations[0].responses[0], first, 365), float
    )
    assert np.all(factors[59:69] == 1.5) and np.all(factors[69:99] == 0.9)
    assert np.all(factors[:59] == 1) and np.all(factors[99:] == 1)
    done = np.concatenate(([0], np.cumsum(factors)))
    for off, on in zip(times(write(PROMOTED, "", OFTEN)), times(text), strict=True):
        count = min(len(off), len(on))
        assert np.all(np.abs(np.interp(on[:count], np.arange(len(done)), done) - off[:count]) < 3 * MINUTE)


def test_who_joins_buys_more_by_the_exponent_of_its_rate() -> None:
    def mean(responses: str, people: str) -> tuple[float, float]:
        counts = [len(one) for one in times(write("", responses, traits, people), 1)]
        return float(np.mean(counts)), float(np.std(counts) / np.sqrt(len(counts)))

    traits = "purchases 20 per month spread 0.5"  # gamma of shape 4
    before = "start 1 members\n    join 100 members per day"
    plain, error = mean("", before)
    selected, other = mean("self_selection 100%", before)
    assert abs(selected / plain - 5 / 4) < 4 * (error + other) / plain


def test_friends_who_stay_longer_leave_at_a_smaller_hazard() -> None:
    rules = STAMPS + "    referral friends { on first purchase by friend\n give 1 stamp }\n"
    traits = "purchases 30 per month\n        leave 40% per month\n        refer 1% of purchases"

    def hazard(responses: str) -> tuple[float, int]:
        book = read(write(rules, responses, traits, "start 3,000 members"))
        history = record_history(book.programs[0], book.populations[0], months=4)
        when = history.day + history.minute / 1440
        end, lived, left = history.last_day + 1, 0.0, 0
        for member in np.flatnonzero(history.referrers >= 0):
            of_member = slice(history.starts[member], history.starts[member + 1])
            bought = when[of_member][(history.kind[of_member] == 0) | (history.kind[of_member] == 1)]
            gone = end - bought[-1] > 10
            lived += (bought[-1] + 1 if gone else end) - bought[0]
            left += gone
        return left / lived, left

    plain, some = hazard("")
    longer, fewer = hazard("referral_retention 50%")
    assert abs(longer / plain - 0.5) < 4 * 0.5 * np.sqrt(1 / some + 1 / fewer) + 0.02


# ---- laws


def test_shards_and_threads_do_not_matter() -> None:
    book = read(everything("literature"))
    assert len(book.populations[0].responses) == 9
    one, other = (
        simulate_population(book.programs[0], book.populations[0], months=12, threads=threads, shards=shards)
        for threads, shards in ((1, 1), (2, 7))
    )
    assert np.array_equal(one.purchases, other.purchases)
    assert np.array_equal(one.issued, other.issued) and np.array_equal(one.redeemed, other.redeemed)


POINTS = """
    currency points { round  down per rule
                      expire 12 months after earning }
    earn base { on   purchase
                give 1 point per $1 }
    reward five_off { price 100 points
                      give  $5 off up to the basket
                      issue automatically at checkout }
"""


@pytest.mark.slow
def test_the_effect_of_a_response_is_measured_on_the_same_luck() -> None:
    """Of the variance of the difference between two seeds a twentieth is left at most."""
    traits = "purchases 1 per month spread 0.8\n        leave 3% per month"
    on, off = (read(write(POINTS, responses, traits)) for responses in ("goal_gradient 25%", ""))

    def issued(book: Book, seed: int) -> int:
        ran = simulate_population(
            book.programs[0], book.populations[0], sample=3_000, months=12, seed=seed, tail=0
        )
        return int(ran.issued.sum())

    seeds = range(1, 41)
    reacting, idle = (np.array([issued(book, seed) for seed in seeds]) for book in (on, off))
    assert np.all(reacting > idle)
    assert np.var(reacting[1:] - idle[:-1]) > 20 * np.var(reacting - idle)
