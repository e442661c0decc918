"""Trajectories to forecast: identities after rounding, valuation, and what is said about both."""

import math
from datetime import date
from fractions import Fraction
from itertools import accumulate

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_ledger import CREDIT_OFF, DECLARED_COST, FIVE_OFF, toy_program, toy_trajectories

from loyalty_dsl.forecast.costs import Taken, unit_cost
from loyalty_dsl.forecast.figures import CostBasis
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.forecast.noise import noise_of_count, noise_of_ratio, noise_of_total
from loyalty_dsl.forecast.scaling import inflows, outflows, scaled, shared_out
from loyalty_dsl.forecast.triangles import Triangle
from loyalty_dsl.language.amounts import PerItem
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.language.program import CostOfFace, Reward
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking

WEIGHTS = (Fraction(1), Fraction(5, 2), Fraction(7, 3), Fraction(100_000, 333))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_ledger_identity_holds_after_scaling(weight):
    made = forecast(toy_trajectories(weight=weight, sample=120, program=toy_program(2)))
    for one in made.by_currency:
        for months in (one.total, *one.segments):
            flows = (month.issued - month.redeemed - month.expired for month in months)
            assert [month.outstanding for month in months] == list(accumulate(flows))
            assert all(0 <= month.pending <= month.outstanding for month in months)
            assert all(min(month.issued, month.redeemed, month.expired) >= 0 for month in months)
        for m, total in enumerate(one.total):
            parts = [attrs.astuple(segment[m]) for segment in one.segments]
            assert attrs.astuple(total) == tuple(map(sum, zip(*parts, strict=True)))


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20),
    st.fractions(Fraction(1, 100), 1000),
)
@settings(max_examples=100)
def test_scaled_stocks_are_never_negative_and_near_the_exact_ones(steps, weight):
    issued, redeemed, expired, held = [], [], [], 0
    for came, wish, old in steps:
        held += came
        spent = min(wish, held)
        lapsed = min(old, held - spent)
        held -= spent + lapsed
        issued.append(came), redeemed.append(spent), expired.append(lapsed)
    flows = zip(inflows(issued, weight), outflows(redeemed, weight), outflows(expired, weight), strict=True)
    outstanding = list(accumulate(i - r - x for i, r, x in flows))
    exact = accumulate(weight * (i - r - x) for i, r, x in zip(issued, redeemed, expired, strict=True))
    for shown, true in zip(outstanding, exact, strict=True):
        assert true <= shown < true + 3


def a_case(price: int, off: int) -> tuple[RewardCase, ...]:
    return (RewardCase(None, price, False, MoneyOff(off, True)),)


def test_a_weight_of_one_changes_no_figure():
    t = toy_trajectories(weight=Fraction(1), sample=100)
    one = forecast(t).by_currency[0]
    for name in ("issued", "redeemed", "expired", "pending", "outstanding"):
        assert [getattr(month, name) for month in one.total] == getattr(t, name)[0].sum(axis=0).tolist()


def test_members_are_enrolled_until_the_end_and_active_when_they_bought():
    t = toy_trajectories(weight=Fraction(7, 3), sample=130)
    made = forecast(t)
    assert [month.enrolled for month in made.members] == list(accumulate(m.joined for m in made.members))
    for month in made.members:
        assert month.active <= month.enrolled
        assert month.active_rate == Fraction(month.active, month.enrolled)
    assert abs(made.members[-1].enrolled - 130 * Fraction(7, 3)) <= 1


def test_the_fate_of_what_was_issued_adds_up():
    t = toy_trajectories(sample=200)
    fate = forecast(t).by_currency[0].fate
    assert fate.undetermined == 0
    assert fate.urr + fate.breakage == 1
    assert fate.redeemed == t.redeemed_by_age.sum()
    assert 0 < fate.urr < 1


def test_a_cut_tail_leaves_a_share_whose_fate_is_unknown_and_says_so():
    made = forecast(toy_trajectories(sample=200, tail=0))
    fate = made.by_currency[0].fate
    assert fate.undetermined > 0
    assert fate.urr + fate.breakage + fate.undetermined_share == 1
    notice = next(notice for notice in made.notices if notice.id == "tail-cut")
    assert f"{float(fate.undetermined_share):.1%}" in notice.message
    assert "lower bound" in notice.message


def test_points_that_never_expire_say_so():
    made = forecast(toy_trajectories(sample=100, program=toy_program(expiry=Never())))
    assert "never expire" in next(n.message for n in made.notices if n.id == "tail-cut")
    assert made.by_currency[0].fate.breakage == 0


def test_the_liability_is_what_will_be_redeemed_and_not_urr_times_outstanding():
    triangle = Triangle(issued=(100,), redeemed=((60, 10, 0),), expired=((0, 0, 30),))
    assert triangle.redeemed_later() == (10,)

    t = toy_trajectories(sample=300, program=toy_program(cost=DECLARED_COST))
    made = forecast(t)
    one = made.by_currency[0]
    future = [
        sum(int(t.redeemed_by_age[0, i, m - i + 1 :].sum()) for i in range(m + 1)) for m in range(t.months)
    ]
    assert one.liability == tuple(
        round(Fraction(4, 5) * units * t.weight + Fraction(1, 10**9)) for units in future
    )
    outstanding = t.outstanding[0].sum(axis=0)
    assert one.phi == tuple(Fraction(f, int(o)) for f, o in zip(future, outstanding, strict=True))
    assert one.phi[-1] < one.fate.urr
    assert made.liability == one.liability


def test_redemptions_and_the_triangle_tie():
    t = toy_trajectories(sample=150)
    by_month = np.zeros(t.months, dtype=np.int64)
    for issue in range(t.months):
        for age in range(t.months - issue):
            by_month[issue + age] += t.redeemed_by_age[0, issue, age]
    assert by_month.tolist() == t.redeemed[0].sum(axis=0).tolist()
    made = forecast(t).by_currency[0]
    assert made.triangle.redeemed_later()[-1] + sum(t.redeemed[0].sum(axis=0)) == made.fate.redeemed


# ---- cost of a unit


def taken(reward: Reward, uses: int, off: int, cost: int, given: int = 0) -> Taken:
    return Taken(reward, uses, reward.price * uses, off, given, Fraction(cost))


def test_a_declared_cost_is_used_as_it_is():
    program = toy_program(cost=DECLARED_COST)
    cost = unit_cost(program.currencies[0], (taken(FIVE_OFF, 0, 0, 0),), program.currencies, [Fraction(1)])
    assert (cost.value, cost.basis, cost.assumed) == (Fraction(4, 5), CostBasis.DECLARED, 0)


def test_the_cost_of_a_point_follows_the_rewards_that_were_taken():
    points = toy_program().currencies[0]
    face = attrs.evolve(
        FIVE_OFF,
        name="one_off",
        index=1,
        cases=a_case(80, 100),
        cost=None,
    )
    both = (taken(FIVE_OFF, 90, 45_000, 38_250), taken(face, 10, 1000, 0))
    cost = unit_cost(points, both, (points,), [Fraction(1)])
    assert cost.value == Fraction(38_250 + 1000, 90 * 200 + 10 * 80)
    assert cost.basis is CostBasis.REWARD_MIX
    assert cost.at_face == (face,)
    assert cost.assumed == 1


def test_a_sourced_reward_bears_no_assumption():
    number = attrs.evolve(FIVE_OFF.cost.number, value=Fraction(85, 100), source="2026 contract")
    reward = attrs.evolve(FIVE_OFF, cost=CostOfFace(number))
    points = toy_program().currencies[0]
    cost = unit_cost(points, (taken(reward, 4, 2000, 1700),), (points,), [Fraction(1)])
    assert cost.assumed == 0
    assert cost.value == Fraction(1700, 800)


def test_without_any_cost_no_liability_is_made_up():
    program = attrs.evolve(toy_program(), rewards=())
    t = toy_trajectories(sample=50, program=program)
    made = forecast(t)
    assert made.liability is None
    assert made.by_currency[0].cost is None
    assert "no-cost" in {notice.id for notice in made.notices}


def test_assumed_numbers_are_listed_with_the_share_of_the_liability_they_bear():
    made = forecast(toy_trajectories(sample=200))
    assert made.assumed_share == 1
    heaviest = made.assumptions[0]
    assert (heaviest.what, heaviest.bears, heaviest.source) == ("$5 off", 1, None)
    assert heaviest.written == "cost $4.25 assumed"
    assert str(heaviest.span) == "programs/corner_shop.loyalty:8:32"
    sourced = forecast(toy_trajectories(sample=200, program=toy_program(cost=DECLARED_COST)))
    assert sourced.assumed_share == 0
    assert sourced.assumptions[0].source == "2026 supplier contract"


def test_a_reward_without_cost_is_missing_from_the_reward_cost_and_says_so():
    made = forecast(toy_trajectories(sample=200, program=toy_program(2)))
    assert made.rewards[1].reward is CREDIT_OFF and made.rewards[1].cost is None
    assert made.reward_cost == made.rewards[0].cost is not None
    assert {"reward-without-cost", "cost-at-face"} <= {notice.id for notice in made.notices}


# ---- noise


def test_the_noise_of_a_total_is_that_of_the_members_themselves():
    members = [0, 3, 5, 5, 12]
    expected = 1.959963984540054 * math.sqrt(5 * np.var(members, ddof=1))
    assert noise_of_total(sum(members), sum(x * x for x in members), 5) == pytest.approx(expected)
    assert noise_of_count(2, 5) == pytest.approx(
        1.959963984540054 * math.sqrt(5 * np.var([1, 1, 0, 0, 0], ddof=1))
    )
    assert noise_of_total(3, 9, 1) == 0


def test_the_noise_of_the_urr_is_the_linearised_one():
    issued, redeemed = np.array([10, 0, 30, 25]), np.array([4, 0, 30, 5])
    urr = redeemed.sum() / issued.sum()
    errors = redeemed - urr * issued
    expected = 1.959963984540054 * math.sqrt(4 * errors.var(ddof=1)) / issued.sum()
    squares = int((issued**2).sum()), int((redeemed**2).sum()), int((issued * redeemed).sum())
    assert noise_of_ratio(int(redeemed.sum()), int(issued.sum()), squares, 4) == pytest.approx(expected)


@pytest.mark.slow
def test_noise_covers_what_other_members_would_give():
    """95 of 100 half-widths should reach the mean of many runs; 60 runs of 300 members, so at least 80%."""
    runs = [forecast(toy_trajectories(sample=300, months=8, seed=seed)).by_currency[0] for seed in range(60)]
    urr = np.array([float(run.fate.urr) for run in runs])
    covered = np.abs(urr - urr.mean()) <= [run.fate.noise for run in runs]
    assert covered.mean() >= 0.8
    liability = np.array([run.liability[-1] for run in runs])
    covered = np.abs(liability - liability.mean()) <= [run.liability_noise[-1] for run in runs]
    assert covered.mean() >= 0.8


def test_noise_shrinks_with_members_and_scales_with_the_business():
    few = forecast(toy_trajectories(sample=100, weight=Fraction(8))).by_currency[0]
    many = forecast(toy_trajectories(sample=800, weight=Fraction(1))).by_currency[0]
    assert many.liability_noise[-1] < few.liability_noise[-1]
    assert many.fate.noise < few.fate.noise


# ---- frames


def test_frames_hold_the_figures_exactly():
    made = forecast(toy_trajectories(sample=120, program=toy_program(2)))
    monthly = made.monthly
    assert monthly.height == 24
    assert monthly["month"][0] == date(2027, 1, 1)
    credit = monthly.filter(currency="credit")
    cents = [int(value * 100) for value in credit["outstanding"]]
    assert cents == [month.outstanding for month in made.by_currency[1].total]
    segments = made.segments.filter(currency="points")
    by_month = segments.group_by("month", maintain_order=True).agg(pl.col("issued").sum())
    assert by_month["issued"].to_list() == monthly.filter(currency="points")["issued"].to_list()
    assert made.currencies["currency"].to_list() == ["points", "credit"]
    assert made.currencies["basis"].to_list() == ["going concern", "going concern"]


def test_the_triangle_frame_marks_what_lies_beyond_the_reported_months():
    t = toy_trajectories(sample=120, weight=Fraction(3))
    made = forecast(t)
    frame = made.triangle
    inside = frame.filter(in_reported_months=True)["redeemed"].sum()
    assert inside == 3 * int(t.redeemed.sum())
    assert frame["redeemed"].sum() == 3 * made.by_currency[0].fate.redeemed


def test_scaling_rounds_half_up():
    assert [scaled(n, Fraction(1, 2)) for n in range(4)] == [0, 1, 1, 2]


# ---- what ties, and what is said


@pytest.mark.parametrize("weight", WEIGHTS)
def test_rules_and_rewards_sum_to_the_ledger(weight):
    made = forecast(toy_trajectories(weight=weight, sample=120, program=toy_program(2)))
    for one in made.by_currency:
        rules = [earned.units for earned in made.rules if earned.rule.currency == one.currency.index]
        assert sum(rules) == sum(month.issued for month in one.total)
        spent = [taken.units for taken in made.rewards_of(one.currency)]
        assert sum(spent) == sum(month.redeemed for month in one.total)
        assert min(rules + spent) >= 0


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), max_size=6))
def test_what_is_shared_out_sums_to_the_whole(whole, parts):
    shares = shared_out(whole, parts)
    assert len(shares) == len(parts)
    assert sum(shares) == (whole if any(parts) else 0)
    for share, part in zip(shares, parts, strict=True):
        assert abs(share * sum(parts) - whole * part) <= sum(parts)


def test_what_was_issued_in_a_month_is_the_same_in_every_table():
    made = forecast(toy_trajectories(weight=Fraction(100_000, 333), sample=120))
    cells = made.triangle.unique("issue_month", maintain_order=True)
    assert cells["issued"].to_list() == made.monthly["issued"].to_list()


def test_units_taken_back_leave_the_ledger():
    t = toy_trajectories(sample=50, weight=Fraction(1), program=toy_program(cost=DECLARED_COST))
    back = np.zeros_like(t.issued)
    back[0, :, -1] = t.outstanding[0, :, -1] // 2
    made = forecast(attrs.evolve(t, reversed=back, pending=np.zeros_like(t.pending))).by_currency[0]
    assert made.total[-1].reversed == back.sum() > 0
    assert made.total[-1].outstanding == t.outstanding[0, :, -1].sum() - back.sum()


def test_a_reward_cost_that_nobody_declares_is_unknown_and_not_nothing():
    """REDEEM-6"""
    program = toy_program(2)
    made = forecast(toy_trajectories(sample=100, program=program))
    points, credit = program.currencies
    assert made.reward_cost_in(points) == made.rewards[0].cost
    assert made.reward_cost_in(credit) is None
    frame = made.monthly
    assert frame.filter(currency="credit")["reward_cost"].null_count() == 12
    assert frame.filter(currency="points")["reward_cost"].null_count() == 0
    without = attrs.evolve(program, rewards=(attrs.evolve(FIVE_OFF, cost=None),))
    assert forecast(toy_trajectories(sample=50, program=without)).reward_cost is None


def test_a_program_without_rewards_spends_nothing_on_them():
    made = forecast(toy_trajectories(sample=50, program=attrs.evolve(toy_program(), rewards=())))
    assert made.reward_cost == (0,) * 12


def test_a_declared_cost_far_from_what_rewards_cost_is_pointed_out():
    """$5 off that costs $4.25 for 200 points is $0.02125 a point; $0.008 is declared."""
    made = forecast(toy_trajectories(sample=200, program=toy_program(cost=DECLARED_COST)))
    one = made.by_currency[0]
    assert one.reward_mix.value == Fraction(425, 200)
    notice = next(notice for notice in made.notices if notice.id == "cost-differs")
    assert "$0.008" in notice.message and "$0.02125" in notice.message
    near = attrs.evolve(DECLARED_COST, value=Fraction(425, 200) * Fraction(104, 100))
    made = forecast(toy_trajectories(sample=200, program=toy_program(cost=near)))
    assert "cost-differs" not in {notice.id for notice in made.notices}


def test_a_reward_that_another_leaves_no_points_for_is_pointed_out():
    program = toy_program()
    cheap = attrs.evolve(FIVE_OFF, taking=Taking.CHOSEN)
    dear = attrs.evolve(
        cheap,
        name="dinner",
        label="Dinner",
        index=1,
        cases=a_case(100_000, 500),
    )
    made = forecast(toy_trajectories(sample=200, program=attrs.evolve(program, rewards=(cheap, dear))))
    notice = next(notice for notice in made.notices if notice.id == "reward-hardly-used")
    assert notice.message.startswith("Dinner was hardly used: members are offered $5 off first")
    assert sum(made.rewards[0].uses) > 0


def test_no_share_is_assumed_of_a_liability_that_is_not_known():
    made = forecast(toy_trajectories(sample=100, program=toy_program(2)))
    assert made.liability is not None and made.assumed_share is not None
    nothing_taken = toy_program(2)
    nothing_taken = attrs.evolve(nothing_taken, rewards=nothing_taken.rewards[:1])
    made = forecast(toy_trajectories(sample=100, program=nothing_taken))
    assert made.liability is None
    assert made.assumed_share is None


def test_one_member_has_no_noise_to_speak_of():
    made = forecast(toy_trajectories(sample=1))
    notice = next(notice for notice in made.notices if notice.id == "few-members")
    assert "noise is not known" in notice.message


def test_a_rule_that_counts_items_is_told_that_nobody_buys_several():
    program = toy_program()
    one, *others = program.earns
    by_item = attrs.evolve(one, label="A stamp a cup", amount=PerItem(1))
    made = forecast(toy_trajectories(sample=50, program=attrs.evolve(program, earns=(by_item, *others))))
    notice = next(notice for notice in made.notices if notice.id == "one-item")
    assert notice.message.endswith("as would matter to A stamp a cup.")
    made = forecast(toy_trajectories(sample=50, program=program))
    assert "one-item" not in {notice.id for notice in made.notices}
