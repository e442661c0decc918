"""How fast the simulation is: purchases a second, and a million members for three years.

    pytest tests/benchmarks/bench_simulation.py --benchmark-only

Goals on two cores: two threads at least 1.8 times as fast as one; a million members of about five purchases
a month for 36 months in a minute and in 500 MB. Each benchmark stores `purchases_per_second`.
"""

import resource
import sys
import time
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "simulation"))

from businesses import after, earn, grocery, grocery_shoppers, points, program, reward

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.program import Program
from loyalty_dsl.pipeline import load
from loyalty_dsl.simulation.run import simulate_population

SHOPS = {
    "automatic": program(
        points(after(180), Duration(14, Unit.DAY)), [earn()], [reward(500, 500, automatic=True)]
    ),
    "chosen": program(points(after(365)), [earn()], [reward(500, 500)]),
    "grocery": grocery(),
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("shop", SHOPS)
def test_purchases_per_second(benchmark: Any, shop: str, threads: int) -> None:
    people = grocery_shoppers(members=50_000, joins=0)
    simulate_population(SHOPS[shop], people, sample=100, months=1)  # compiled, or fetched, before the clock
    result = benchmark.pedantic(
        simulate_population,
        (SHOPS[shop], people),
        {"sample": 50_000, "months": 36, "tail": 0, "threads": threads},
        rounds=3,
    )
    benchmark.extra_info["purchases_per_second"] = result.purchases.sum() / benchmark.stats.stats.min


@pytest.mark.parametrize("name", ["bring_a_friend", "nordy_club", "starbucks_2026"])
def test_events_per_second_of_a_real_program(benchmark: Any, name: str) -> None:
    book = load(Path(__file__).parents[2] / f"programs/{name}.loyalty")
    (shop,), (people,) = book.programs, book.populations
    simulate_population(shop, people, sample=100, months=1)
    result = benchmark.pedantic(
        simulate_population,
        (shop, people),
        {"sample": 10_000, "months": 24, "tail": 0, "threads": 1},
        rounds=3,
    )
    events = result.events.sum() + result.returns.sum()
    benchmark.extra_info["events_per_second"] = events / benchmark.stats.stats.min


def test_a_million_members_for_three_years(benchmark: Any) -> None:
    shop: Program = SHOPS["grocery"]
    people = grocery_shoppers(members=1_000_000, joins=0)
    simulate_population(shop, people, sample=100, months=1)
    begun = time.perf_counter()
    result = benchmark.pedantic(
        simulate_population, (shop, people), {"sample": 1_000_000, "months": 36}, rounds=1
    )
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    benchmark.extra_info["purchases_per_second"] = result.purchases.sum() / seconds
    benchmark.extra_info["peak_megabytes"] = peak
    assert seconds < 60
    assert peak < 500
