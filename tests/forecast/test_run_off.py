"""Run-off: the same members on the same luck, without what they would have earned."""

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.forecast.run_off import GROUPS, noise_of_ratio, run_off_of, together
from loyalty_dsl.simulation import dealing
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.run_off import EARLIEST, end_earning, simulate_both

SHOP = """
program shop "Shop" {{
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {{
        round   down per rule
        expire  6 months after earning
        spend   soonest to expire first
        worth   $0.01
        cost    $0.008
    }}

    earn base "Points" {{
        on    purchase
        give  1 point per whole $1
    }}

    reward off "Money off" {{
        price  {price} points
        give   ${off} off up to the basket
        cost   ${off}
    }}
}}

population people {{
    start  1,000 members

    segment all 100% {{
        purchases  1 per month
        basket     median $20.00 sigma 0.5
        redeem     60% when a reward is affordable
    }}
}}
"""


@pytest.fixture
def shop(tmp_path):
    def made(price, months=9):
        path = tmp_path / f"shop{price}.loyalty"
        path.write_text(SHOP.format(price=price, off=f"{price / 100:.2f}"))
        return pipeline.simulate(pipeline.load([path]), sample=400, months=months)

    return made


def test_earning_stops_with_the_day_and_nothing_else_changes(shop):
    made = shop(100)
    last = made.months[-1].last
    ended = end_earning(made.program, last)
    before = simulate_population(made.program, made.population, sample=400, months=9)
    after = simulate_population(ended, made.population, sample=400, months=9)
    for name in ("issued", "redeemed", "expired", "outstanding", "purchases", "basket", "joined"):
        assert (getattr(before, name) == getattr(after, name)).all(), name
    assert (before.redeemed_by_age != after.redeemed_by_age).any()
    assert after.redeemed_by_age.sum() < before.redeemed_by_age.sum()


def test_a_rule_that_ends_posts_on_its_last_day_and_never_after(shop):
    made = shop(100)
    stop = made.months[2].last
    ended = simulate_population(end_earning(made.program, stop), made.population, sample=400, months=9)
    plain = simulate_population(made.program, made.population, sample=400, months=9)
    assert (ended.issued[:, :, :3] == plain.issued[:, :, :3]).all()
    assert not ended.issued[:, :, 3:].any()
    assert made.months[0].start > EARLIEST


def test_points_that_buy_anything_at_once_run_off_as_they_go_on(shop):
    """A reward of one point: nobody needs more to use what is held, so a going concern redeems it no less."""
    small, large = run_off_of(shop(1))[0], run_off_of(shop(400))[0]
    assert small.ratio > large.ratio
    assert large.ratio < 1


def test_all_members_give_the_forecasts_own_future(shop):
    made = shop(100)
    futures = simulate_both(
        made.program,
        made.population,
        sample=made.sample,
        months=9,
        month=8,
        seed=made.seed,
        first_day=made.months[0].start,
    )
    assert int(futures.going_on.sum()) == made.by_currency[0].triangle.redeemed_later()[-1]
    held = int(futures.outstanding.sum()) * made.weight
    assert held == pytest.approx(made.by_currency[0].total[-1].outstanding, abs=3)
    run_off = run_off_of(made, whole=True)[0]
    assert 0 < run_off.phi_noise < 0.1
    assert run_off.members == made.sample
    exact = float(futures.ended.sum() * made.weight * made.by_currency[0].cost.value)
    assert run_off.liability == pytest.approx(exact, abs=1.5)
    assert together((run_off,), made) == (run_off.liability, run_off.liability_noise)


def test_an_earlier_month_runs_off_what_was_held_then(shop):
    made = shop(100)
    early = run_off_of(made, month=3)[0]
    assert early.month == 3
    assert 0 < early.liability < made.liability[3]


def test_without_a_cost_there_are_units_and_no_money(shop):
    made = shop(100)
    bare = attrs.evolve(
        made, by_currency=tuple(attrs.evolve(one, liability=None, cost=None) for one in made.by_currency)
    )
    run_off = run_off_of(bare)
    assert run_off[0].future > 0
    assert run_off[0].liability is None
    assert together(run_off, bare) is None


def test_the_noise_of_a_ratio_is_nought_where_groups_agree():
    assert GROUPS == dealing.GROUPS
    assert noise_of_ratio([1] * 20, [2] * 20) == 0
    assert noise_of_ratio([0] * 20, [0] * 20) == 0
    assert noise_of_ratio([*range(20)], [10] * 20) > 0
