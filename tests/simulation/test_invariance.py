"""What must not change a bit: shards, threads, other rules, other members, and the lack of a compiler."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import attrs
import numpy as np
import pytest
from businesses import (
    DRAWS,
    after,
    earn,
    grocery,
    grocery_shoppers,
    leave_monthly,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
    shoppers_of_every_trait,
)
from scipy import stats

from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.types import JOIN
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation import run
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories


def figures(result: Trajectories) -> Iterator[tuple[str, object]]:
    for name in attrs.fields_dict(Trajectories):
        value = getattr(result, name)
        if isinstance(value, np.ndarray):
            yield name, (value.shape, value.tolist() if value.dtype == object else value.tobytes())
        elif name not in ("program", "population"):
            yield name, value


def digest(result: Trajectories) -> str:
    return sha256(repr(list(figures(result))).encode()).hexdigest()


def small(**options: int) -> Trajectories:
    return simulate_population(grocery(), grocery_shoppers(), sample=500, months=12, tail=6, **options)


@pytest.mark.parametrize(("shards", "threads"), [(1, 1), (2, 1), (7, 1), (1, 2), (7, 2), (7, 5), (500, 3)])
def test_shards_and_threads_change_nothing(shards: int, threads: int) -> None:
    assert dict(figures(small(shards=shards, threads=threads))) == dict(figures(small()))


def test_another_seed_is_another_world() -> None:
    assert digest(small(seed=2)) != digest(small(seed=1))


def test_too_little_room_for_lots_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    roomy = digest(small())
    monkeypatch.setattr(run, "FIRST_CAPACITY", 1)
    assert digest(small()) == roomy


def test_purchases_are_the_same_under_another_program() -> None:
    plain = program(points(), [earn(Flat(7))], [reward(1, 100, "cheap")], grocery().item_fields)
    one = small()
    other = simulate_population(plain, grocery_shoppers(), sample=500, months=12, tail=6)
    for name in ("joined", "left", "active", "purchases", "basket"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert not np.array_equal(one.issued, other.issued)
    assert not np.array_equal(one.off, other.off)


def test_the_choice_of_one_reward_does_not_move_that_of_another() -> None:
    people = population(segment(monthly("3"), redeem=redeem("0.5")), members=400)

    def uses_of_the_last(*rewards: Reward) -> list[int]:
        shop = program(points(), [earn(Flat(9))], rewards)
        uses = simulate_population(shop, people, sample=400, months=6).reward_uses[-1]
        assert uses.sum() > 0
        return [int(count) for count in uses]

    out_of_reach, within_reach = reward(10**6, 1, "out_of_reach"), reward(1, 1, "within_reach")
    assert uses_of_the_last(out_of_reach, within_reach) == uses_of_the_last(within_reach)


def test_common_random_numbers_shrink_the_error_of_a_difference() -> None:
    """The redemption rate with points that live 365 and 400 days: over seeds, the variance of the difference
    is less than a twentieth of what it is when each has luck of its own (measured: about a hundredth)."""
    people = population(segment(monthly("1.5", "1.2"), leave_monthly("0.03", "0.5")), members=1_000)

    def redemption_rate(life: int, seed: int) -> float:
        shop = program(points(after(life)), [earn()], [reward(300, 300, automatic=True)])
        result = simulate_population(shop, people, months=24, tail=14, seed=seed)
        return float(result.redeemed_by_age.sum() / result.issued.sum())

    short = np.array([redemption_rate(365, seed) for seed in range(16)])
    long = np.array([redemption_rate(400, seed) for seed in range(16)])
    with_own_luck = short - np.roll(long, 1)
    assert np.var(short - long) * 20 < np.var(with_own_luck)
    assert (short < long).all()


def test_what_members_do_never_changes() -> None:
    """A regression hash of drawn events: it changes when a draw does, and then every forecast does."""
    history = record_history(grocery(), grocery_shoppers(100, 10), sample=160, months=6)
    columns = (history.starts, history.day, history.minute, history.basket, history.fields.ravel())
    events = np.concatenate([column.astype("<i8") for column in columns])
    assert sha256(events.tobytes()).hexdigest()[:16] == "19e4562da81dc627"


def test_growth_does_not_change_the_members_before() -> None:
    def events_of_first_members(joins: int) -> list[tuple[int, ...]]:
        people = grocery_shoppers(40, joins)
        history = record_history(grocery(), people, sample=40 + 6 * joins, months=6)
        end = int(history.starts[40])
        columns = (history.day[:end], history.minute[:end], history.basket[:end])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    assert events_of_first_members(0) == events_of_first_members(30)


def test_a_field_more_does_not_change_the_values_of_another() -> None:
    def payments(draws: tuple) -> list[int]:  # type: ignore[type-arg]
        people = population(segment(monthly("4"), leave_monthly("0.05"), draws=draws), members=30)
        return record_history(grocery(), people, sample=30, months=6).fields[:, 0].tolist()

    assert payments(DRAWS[:1]) == payments((DRAWS[1], DRAWS[0]))


def test_the_sample_is_weighted_up_to_the_business() -> None:
    people = grocery_shoppers(members=90_000, joins=1_000)
    result = simulate_population(grocery(), people, sample=3_333, months=10, tail=0)
    assert result.sample == 3_333
    assert result.weight == Fraction(100_000, 3_333)
    assert result.joined.sum() == 3_333
    joined = result.joined.sum(axis=0)
    assert abs(joined[0] * result.weight - 91_000) <= result.weight
    for month in range(1, 10):
        assert abs(joined[month] * result.weight - 1_000) <= result.weight


def test_a_larger_sample_estimates_the_same_business() -> None:
    """Purchases of the business, from two disjoint samples' seeds, within four standard errors."""
    people = population(segment(monthly("2", "0.8")), members=50_000)
    flat = program(points(), [earn(Flat(1))])
    small_one, large = (
        simulate_population(flat, people, sample=size, seed=seed, months=12, tail=0)
        for size, seed in ((2_000, 1), (20_000, 2))
    )

    def total_and_variance(result: Trajectories) -> tuple[float, float]:
        mean = result.issued.sum() / result.sample
        variance = result.ultimate[0][0] / result.sample - mean**2
        return float(mean * result.sample * result.weight), float(50_000**2 * variance / result.sample)

    (one, one_variance), (other, other_variance) = total_and_variance(small_one), total_and_variance(large)
    assert abs(one - other) < 4 * (one_variance + other_variance) ** 0.5


def test_joiners_come_evenly_and_only_in_the_months_reported() -> None:
    people = population(segment(monthly("1")), members=0, joins=3_000)
    result = simulate_population(program(points(), [earn(Flat(1))]), people, sample=18_000, months=6, tail=6)
    assert result.joined.tolist() == [[3_000] * 6]
    history = record_history(program(points(), [earn(Flat(1))]), people, sample=18_000, months=6)
    january = history.day[history.kind == JOIN][:3_000] - int(result.month_starts[0])
    assert stats.chisquare(np.bincount(january, minlength=31)).pvalue > 1e-3


def test_a_start_before_the_program_is_refused() -> None:
    with pytest.raises(InputRefused, match="2026-12-31"):
        simulate_population(grocery(), grocery_shoppers(), first_day=grocery().starts - 1)


def test_progress_reaches_all_members() -> None:
    calls: list[tuple[int, int]] = []
    simulate_population(
        grocery(),
        grocery_shoppers(),
        sample=100,
        months=2,
        shards=4,
        progress=lambda done, of: calls.append((done, of)),
    )
    assert [of for _, of in calls] == [100] * 4
    assert calls[-1] == (100, 100)


TINY = """\
from businesses import grocery, {people}
from test_invariance import digest
from loyalty_dsl.simulation.run import simulate_population
print(digest(simulate_population(grocery(), {people}(), sample=40, months=5, tail=3, threads=1)))
"""


@pytest.mark.parametrize("people", [grocery_shoppers, shoppers_of_every_trait])
def test_without_the_compiler_the_answer_is_the_same(people: Callable[[], Population]) -> None:
    compiled = digest(simulate_population(grocery(), people(), sample=40, months=5, tail=3, threads=1))
    here = Path(__file__)
    paths = os.pathsep.join([str(here.parent), str(here.parents[2])])
    interpreted = subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-c", TINY.format(people=people.__name__)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert interpreted.returncode == 0, interpreted.stderr
    assert interpreted.stdout.strip() == compiled
