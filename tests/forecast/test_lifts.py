"""What audiences do, by comparison with those who are held out (AUDIENCE-4)."""

import json
from importlib.resources import files
from math import sqrt

import attrs
import pytest
from jsonschema import Draft202012Validator

from loyalty_dsl.forecast.lifts import Lift, lifts_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import simulate
from loyalty_dsl.report.lift_tables import lift_panels, lift_title
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories
from loyalty_dsl.source import SourceText

SHOP = """
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    member {
        student yes/no
    }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    audience students "Students" {
        when     student
        holdout  50%
    }
    audience settled {
        when     days since join >= 90
        holdout  30%
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    earn extra {
        on    purchase
        when  EXTRA
        give  9 points per $1
    }
    reward off {
        price  100 points
        give   $1 off in full
        cost   33.3% of face value
    }
}
population people for shop {
    start 5,000 members
    segment all 100% {
        purchases  2 per month spread 0.5
        basket     median $20 sigma 0.5
        leave      3% per month
        student    100%
        redeem     60% when a reward is affordable
    }
    responses {
        RESPONSES
    }
}
"""


def book_of(extra: str, responses: str = "") -> Book:
    text = SHOP.replace("EXTRA", extra)
    text = (
        text.replace("RESPONSES", responses)
        if responses
        else text.replace("    responses {\n        RESPONSES\n    }\n", "")
    )
    file, mistakes = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], mistakes)
    assert not [each for each in found if each.severity.value == "error"]
    return book


def run(book: Book, sample: int = 1000, seed: int = 1, shards: int | None = None) -> Trajectories:
    program, population = book.programs[0], book.populations[0]
    return simulate_population(program, population, sample=sample, months=6, seed=seed, shards=shards, tail=0)


@pytest.fixture(scope="module")
def targeted() -> Book:
    return book_of("member of students")


def test_both_sides_together_are_all_that_members_did(targeted: Book) -> None:
    """AUDIENCE-4: everybody who ever bought is a student, and so is meant from the first month on."""
    t = run(targeted)
    both = t.sides[0, False] + t.sides[0, True]
    assert both.sums == (
        int(t.purchases.sum()),
        int(t.basket.sum() - t.off.sum()),
        int(t.reward_cost.sum()),
    )
    assert 0 < t.sides[0, True].members < both.members <= t.sample


def test_members_count_from_the_month_in_which_they_are_first_meant(targeted: Book) -> None:
    """AUDIENCE-4: ninety days after the day before the first are at the start of April."""
    t = run(targeted)
    both = t.sides[1, False] + t.sides[1, True]
    later = int(t.purchases[:, 3:].sum())
    in_march = int(t.purchases[:, 2].sum())  # only the last two days of it mean anybody
    assert later <= both.sums[0] < later + in_march // 2
    assert both.members < (t.sides[0, False] + t.sides[0, True]).members


def test_no_split_of_the_members_changes_a_sum(targeted: Book) -> None:
    assert run(targeted, shards=1).sides == run(targeted, shards=7).sides


def test_the_interval_is_that_of_two_means(targeted: Book) -> None:
    """The variance of a mean of n figures with sum s and squares q: (q - s * s / n) / n / (n - 1)."""
    t = run(targeted)
    (lift, _) = lifts_of(t)
    for of, unit, found in ((1, 1, lift.spend), (2, t.cost_scale, lift.cost)):
        means, error = [], 0.0
        for held in (False, True):
            side = t.sides[0, held]
            n, s, q = side.members, side.sums[of] / unit, side.squares[of] / unit**2
            means.append(s / n)
            error += (q - s * s / n) / n / (n - 1)
        assert found.gain == pytest.approx(means[0] - means[1])
        assert found.low == pytest.approx(found.gain - 1.96 * sqrt(error), rel=1e-4)
        assert found.high == pytest.approx(found.gain + 1.96 * sqrt(error), rel=1e-4)


def test_an_offer_costs_and_brings_what_members_react_to(targeted: Book) -> None:
    (lift, _) = lifts_of(run(targeted, sample=4000))
    assert lift.cost.known
    assert lift.cost.gain > 0
    assert not lift.spend.known or lift.spend.gain < 0  # rewards take off, and nobody buys for them
    drawn = book_of("member of students", "redemption_momentum 100% for 8 weeks")
    (lift, _) = lifts_of(run(drawn, sample=4000))
    assert lift.orders.known
    assert lift.orders.gain > 0


def test_an_audience_that_nothing_names_has_no_gain_but_chance() -> None:
    """Of 95% intervals of no effect, about one in twenty leaves out nought: 8 of 60 or fewer (p > 0.99)."""
    book = book_of("amount >= $15")
    lifts = [lift for seed in range(30) for lift in lifts_of(run(book, sample=600, seed=seed))]
    assert len(lifts) == 60
    assert sum(lift.spend.known for lift in lifts) <= 8
    assert sum(lift.cost.known for lift in lifts) <= 8


def test_too_few_members_are_not_compared(targeted: Book) -> None:
    (lift, _) = lifts_of(run(targeted, sample=20))
    assert lift.spend.low is None
    assert not lift.spend.known
    assert "too few to compare" in lift_title(lift, simulate(targeted, months=3, sample=20))


def test_a_forecast_tells_it_everywhere(targeted: Book) -> None:
    forecast = simulate(targeted, months=3, sample=400)
    lift: Lift = forecast.lifts[0]
    document = json.loads(forecast_json(forecast, provenance_of(forecast)))
    schema = json.loads(files("loyalty_dsl.report").joinpath("schemas/simulate.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    (row, _) = document["audiences"]
    assert (row["audience"], row["members"], row["held_out"]) == ("students", lift.members, lift.held_out)
    assert row["spend"]["gain"] == pytest.approx(lift.spend.gain / 100, abs=1e-4)
    panel = next(iter(lift_panels(forecast)))
    assert panel.title == lift_title(lift, forecast)
    assert "react to nothing" in panel.reading
    assert panel.table.rows[0] == ("Members", f"{lift.members:,}", f"{lift.held_out:,}", "", "", "")


def test_without_a_holdout_there_is_nothing_to_compare(targeted: Book) -> None:
    program = targeted.programs[0]
    whole = attrs.evolve(
        program, audiences=tuple(attrs.evolve(each, holdout=each.holdout * 0) for each in program.audiences)
    )
    t = simulate_population(whole, targeted.populations[0], sample=100, months=2, tail=0)
    assert t.sides == {}
    assert lifts_of(t) == ()
