"""Responses against their formulas: what a member does between two looks comes so many times as fast.

A gap of one member takes the same work with a response and without, so the ratio of the two is the pace
exactly, gap by gap; times are known to the minute.
"""

import numpy as np
import pytest
from reacting_people import read, times, write

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
