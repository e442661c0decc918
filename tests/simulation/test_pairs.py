"""Members lived under two versions of a program: the same luck, and exact sums of what differs."""

from random import Random

import attrs
import numpy as np
import pytest
from businesses import (
    earn,
    grocery,
    grocery_shoppers,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)

from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.transplant import Arm
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.paired_figures import FELL, ROSE, SAME, VALUE_NEW, VALUE_OLD
from loyalty_dsl.simulation.pairs import Pairs, simulate_pairs
from loyalty_dsl.simulation.products import cross_sums, weighted
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories


def lived(old: Program, new: Program, people: Population, **options: int) -> Pairs:
    return simulate_pairs(Arm(old, people), Arm(new, people), **{"sample": 500, "months": 12, **options})


def dearer() -> Program:
    """The grocery with its second reward at twice the price."""
    first, second = grocery().rewards
    case = attrs.evolve(second.cases[0], price=300)
    return attrs.evolve(grocery(), rewards=(first, attrs.evolve(second, cases=(case,))))


def numbers(pairs: Pairs) -> list[object]:
    tables = [pairs.redeemed_after, pairs.cost, *pairs.outcomes.values(), *pairs.levels.values()]
    for by_name in (pairs.issued, pairs.redeemed, pairs.outstanding):
        tables += by_name.values()
    return [table.tolist() for table in tables]


def squared_difference(products: np.ndarray) -> list[int]:
    return [int(each[0, 0] - 2 * each[0, 1] + each[1, 1]) for each in products]


def test_a_program_compared_with_itself_differs_nowhere() -> None:
    pairs = lived(grocery(), grocery(), grocery_shoppers())
    for products in (
        pairs.issued["points"],
        pairs.redeemed["points"],
        pairs.outstanding["points"],
        pairs.cost,
    ):
        assert squared_difference(products) == [0] * 12
        assert products[-1, 0, 0] > 0
    outcome = pairs.outcomes[""].reshape(-1, 8).sum(axis=0)
    assert (outcome[ROSE], outcome[FELL], outcome[SAME]) == (0, 0, 500)
    assert outcome[VALUE_OLD] == outcome[VALUE_NEW] > 0


@pytest.mark.parametrize("arm", ["old", "new"])
def test_each_arm_is_what_it_is_alone(arm: str) -> None:
    pairs = lived(grocery(), dearer(), grocery_shoppers())
    version = {"old": grocery(), "new": dearer()}[arm]
    alone = simulate_population(version, grocery_shoppers(), sample=500, months=12)
    for field in attrs.fields(Trajectories):
        ours, theirs = getattr(getattr(pairs, arm), field.name), getattr(alone, field.name)
        if isinstance(theirs, np.ndarray):
            assert np.array_equal(ours, theirs), field.name


@pytest.mark.parametrize(("shard", "threads"), [(500, 1), (1, 2), (77, 2)])
def test_shards_and_threads_change_no_product(shard: int, threads: int) -> None:
    usual = lived(grocery(), dearer(), grocery_shoppers())
    assert numbers(lived(grocery(), dearer(), grocery_shoppers(), shard=shard, threads=threads)) == numbers(
        usual
    )


def test_products_of_one_version_are_those_of_its_own_noise() -> None:
    pairs = lived(grocery(), dearer(), grocery_shoppers())
    for arm, side in enumerate((pairs.old, pairs.new)):
        assert tuple(pairs.outstanding["points"][:, arm, arm]) == side.squares[0][3]
        assert tuple(pairs.redeemed_after[:, arm, arm]) == side.phi_squares[0]


def test_a_reward_that_is_dearer_moves_no_purchase_and_shrinks_what_is_redeemed() -> None:
    pairs = lived(grocery(), dearer(), grocery_shoppers())
    assert np.array_equal(pairs.old.purchases, pairs.new.purchases)
    assert np.array_equal(pairs.old.basket, pairs.new.basket)
    assert pairs.new.reward_uses[1].sum() < pairs.old.reward_uses[1].sum()


def test_the_paired_difference_varies_far_less_than_two_samples_would() -> None:
    """Another price of one reward of two: the variance of the difference of what was issued, over members, is
    less than a tenth of the sum of both variances."""
    pairs = lived(grocery(), dearer(), grocery_shoppers(), sample=2_000)
    products = pairs.issued["points"][-1]
    totals = [int(side.issued.sum()) for side in (pairs.old, pairs.new)]
    apart = sum(int(products[i, i]) - totals[i] ** 2 / 2_000 for i in (0, 1))
    paired = squared_difference(products[None])[0] - (totals[1] - totals[0]) ** 2 / 2_000
    assert 0 < paired * 10 < apart


def test_the_noise_of_a_difference_is_what_seeds_make_of_it() -> None:
    people = population(segment(monthly("2", "1.0"), redeem=redeem("0.5")), members=400)
    old = program(points(), [earn(Flat(5))], [reward(20, 500)])
    new = program(points(), [earn(Flat(5)), earn(Flat(3), "more")], [reward(20, 500)])
    differences, expected = [], []
    for seed in range(40):
        pairs = lived(old, new, people, sample=400, months=6, seed=seed)
        difference = int(pairs.new.issued.sum()) - int(pairs.old.issued.sum())
        square = squared_difference(pairs.issued["points"])[-1]
        differences.append(difference)
        expected.append(square - difference**2 / 400)
    assert 0.5 < np.var(differences) / np.mean(expected) < 2


def test_a_currency_that_one_version_lacks_is_nothing_there() -> None:
    other = attrs.evolve(points(), name="stars")
    people = population(segment(monthly("2")), members=50)
    pairs = lived(program(points(), [earn()]), program(other, [earn()]), people, sample=50)
    assert set(pairs.issued) == {"points", "stars"}
    assert pairs.issued["points"][-1, 1, 1] == pairs.issued["stars"][-1, 0, 0] == 0
    assert pairs.issued["points"][-1, 0, 0] == pairs.issued["stars"][-1, 1, 1] > 0


def test_what_members_receive_is_money_off_and_what_they_hold_at_its_worth() -> None:
    people = population(segment(monthly("2"), redeem=redeem("0.5")), members=50)
    worth = attrs.evolve(points(), in_money=True)  # a cent each
    shop = program(worth, [earn(Flat(7))], [reward(20, 500)])
    pairs = lived(shop, shop, people, sample=50)
    received = int(pairs.old.off.sum()) + int(pairs.old.outstanding[0, :, -1].sum())
    assert pairs.outcomes[""].reshape(-1, 8).sum(axis=0)[VALUE_OLD] == received * pairs.value_scale


def test_versions_in_different_money_are_refused() -> None:
    euros = attrs.evolve(grocery(), money="EUR")
    with pytest.raises(InputRefused, match="USD and EUR"):
        lived(grocery(), euros, grocery_shoppers())


def test_a_simulation_starts_when_both_versions_have() -> None:
    later = attrs.evolve(grocery(), starts=grocery().starts + 40)
    pairs = lived(grocery(), later, grocery_shoppers())
    assert pairs.old.month_starts[0] == pairs.new.month_starts[0] == later.starts


# ---- sums of products


@pytest.mark.parametrize("bits", [10, 24, 46, 62])
def test_sums_of_products_are_exact(bits: int) -> None:
    random = Random(bits)
    values = [
        [[random.randrange(-(2**bits), 2**bits) for _ in range(2)] for _ in range(300)] for _ in range(3)
    ]
    found = cross_sums([np.array(column, np.int64) for column in values], 2)
    for month in range(2):
        for i, one in enumerate(values):
            for j, other in enumerate(values):
                exact = sum(a[month] * b[month] for a, b in zip(one, other, strict=True))
                assert found[month, i, j] == exact


def test_sums_of_products_of_numbers_beyond_64_bits_are_exact() -> None:
    large = np.array([[2**70], [-3]], object)
    small = np.array([[5], [7]], np.int64)
    assert cross_sums([large, small], 1)[0].tolist() == [[2**140 + 9, 5 * 2**70 - 21], [5 * 2**70 - 21, 74]]


def test_weighted_sums_leave_64_bits_where_they_would_not_fit() -> None:
    values = np.array([2**40, -(2**40)], np.int64)
    assert weighted([(values, 3)], (2,)).dtype == np.int64
    assert weighted([(values, 2**30)], (2,)).tolist() == [2**70, -(2**70)]
