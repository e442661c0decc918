"""Responses of a segment of its own: its members react as if all did, and the others as if none had any."""

import numpy as np

from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.language.under_program import reacts, responses_of, without_program
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories
from tests.simulation.reacting_people import read

FIGURES = ("joined", "left", "purchases", "basket", "issued", "redeemed", "expired", "outstanding")

PROGRAM = """
program club {
    money     USD
    timezone  "America/New_York"
    starts    2027-01-01 by purchase date
    currency points { round  down per rule
                      expire 60 days after earning }
    counter visits = purchases in calendar year
    tiers status { hold  through end of calendar year
                   lapse to the level earned
                   level member
                   level gold when visits >= 30 }
    earn base { on    purchase
                give  1 point per $1 }
    reward money_off { price 10 points per $1 off }
"""

FRIENDS = """    referral friends { on first purchase by friend
                       give 1 point }
"""

SOME = """goal_gradient 80% head_start 20%
redemption_momentum 40% for 3 weeks
tier_pull 50% within 300 days
promotion_to_level 30%
demotion -40%
expiry_rush 60% within 20 days aware 70%
program_lift 40% moderate 20% heavy 10%
self_selection 150%
stockpiling 60%
referral_retention 60%"""
OTHER = """goal_gradient 10%
post_reward_reset 50% fading 20 days
expiry_rush 10% within 50 days aware 20%
self_selection 20%"""


def lived(of_all: str, of_first: str, refer: str = "", referred: str = "50%") -> Trajectories:
    """Two segments under the responses of the population and of the first segment."""
    own = f"responses {{\n{of_first}\n}}" if of_first else ""
    block = f"responses {{\n{of_all}\n}}" if of_all else ""
    traits = f"""
        purchases 4 per month spread 0.6
        leave     5% per month
        basket    median $20 sigma 0.5
        redeem    30% when a reward is affordable
        {refer}
"""
    others = f"{100 - int(referred.rstrip('%'))}%"
    text = f"""{PROGRAM}{FRIENDS if refer else ""}
}}
population people {{
    start 300 members
    join  40 members per month
    {block}
    segment first 50% joining 50% referred {referred} {{ {traits} {own}
    }}
    segment second 50% joining 50% referred {others} {{ {traits} }}
}}
"""
    book = read(text)
    return simulate_population(book.programs[0], book.populations[0], months=14)


def same(one: Trajectories, other: Trajectories, segment: int) -> bool:
    return all(
        np.array_equal(getattr(one, name)[..., segment, :], getattr(other, name)[..., segment, :])
        for name in FIGURES
    )


def test_each_segment_is_as_if_everybody_reacted_as_it_does() -> None:
    calm, some, other = lived("", ""), lived(SOME, ""), lived(OTHER, "")
    assert not same(calm, some, 0) and not same(some, other, 0) and not same(some, other, 1)
    mixed = lived(OTHER, SOME)  # nothing of OTHER is left but what SOME does not name, or excludes
    assert same(mixed, some, 0) and same(mixed, other, 1)
    alone = lived("", SOME)
    assert same(alone, some, 0) and same(alone, calm, 1)


def test_what_a_segment_does_not_name_stays() -> None:
    both = lived("goal_gradient 80%\nstockpiling 60%", "")
    one = lived("goal_gradient 80%", "stockpiling 60%")
    off = lived("goal_gradient 80%\nstockpiling 60%", "stockpiling 0%")
    assert same(one, both, 0) and not same(one, both, 1)
    assert same(off, lived("goal_gradient 80%", ""), 0) and same(off, both, 1)


def test_friends_stay_by_the_segment_that_they_are_in() -> None:
    refer = "refer 3% of purchases"
    calm = lived("", "", refer, "100%")
    for friends, of_whom in (("100%", True), ("0%", False)):
        of_all = lived("referral_retention 90%", "", refer, friends)
        own = lived("", "referral_retention 90%", refer, friends)
        moved = not same(of_all, own, 0) or not same(of_all, own, 1)
        assert moved != of_whom
    assert not same(calm, lived("", "referral_retention 90%", refer, "100%"), 0)


def test_without_the_program_no_segment_reacts() -> None:
    population = lived(OTHER, SOME).population
    assert reacts(population)
    other = without_program(population)
    first, second = ([one.name for one in responses_of(other, each)] for each in other.segments)
    assert first == second == ["self_selection"]
    assert not reacts(other)


def test_each_number_has_a_path() -> None:
    source = lived(OTHER, SOME).population.span.source
    found = {path.path for path in paths_of([source])}
    assert {"responses.goal_gradient", "first.responses.goal_gradient.head_start"} <= found
