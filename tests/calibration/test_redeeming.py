"""How members choose rewards comes back from choices that are drawn, and is read from a replayed file."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.calibration.fitting import fit_file
from loyalty_dsl.calibration.member_scores import Place
from loyalty_dsl.calibration.offers import Offers, offers_of
from loyalty_dsl.calibration.redeeming import fit_redemption
from loyalty_dsl.calibration.redemption_likelihood import Likelihood, Parameters, Score, rows_of
from loyalty_dsl.calibration.redemption_text import of_segment
from loyalty_dsl.transactions.histories import read_history

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "UTC"
    starts    2024-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  100 points
        give   $5 off in full
        cost   $5 assumed
    }
}
"""


def test_parameters_come_back() -> None:
    random = np.random.default_rng(4)
    members, each = 1500, 12
    member = np.repeat(np.arange(members), each)
    worth = np.exp(random.normal(-1.5, 0.6, members * each))
    own = np.where(random.random(members) < 0.2, -np.inf, random.normal(0, 1.2, members))
    with np.errstate(over="ignore"):
        chance = 1 / (1 + np.exp(-(np.log(0.7 / 0.3) + own[member] + 0.8 * np.log(worth))))
    found = fit_redemption(Offers(member, random.random(len(member)) < chance, worth, np.zeros(len(worth))))
    for value, truth, error in (
        (found.chance, 0.7, found.errors["chance"]),
        (found.slope, 0.8, found.errors["slope"]),
        (found.spread, 1.2, found.errors["spread"]),
        (found.never, 0.2, found.errors["never"]),
    ):
        assert error is not None
        assert abs(value - truth) < 4 * error < 0.5


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A shop where members with 100 points take $5 off at six purchases of ten, each of $30."""
    random, start, lines = (
        np.random.default_rng(5),
        date(2024, 1, 1),
        ["member,time,purchase,amount,kind,reward"],
    )
    for member in range(150):
        day, points = int(random.integers(0, 20)), 0
        for number in range(int(random.integers(1, 12))):
            when, purchase = start + timedelta(days=day), f"{member}-{number}"
            lines.append(f"m{member},{when},{purchase},30.00,purchase,")
            taken = points >= 100 and random.random() < 0.6
            if taken:
                lines.append(f"m{member},{when},{purchase},,redeem,five_off")
            points += 25 - 100 if taken else 30
            day += 1 + int(random.exponential(15))
    rules, sales = tmp_path / "corner.loyalty", tmp_path / "sales.csv"
    rules.write_text(RULES, encoding="utf-8")
    sales.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return rules, sales


def test_offers_are_purchases_that_the_balance_could_pay_for(files: tuple[Path, Path]) -> None:
    rules, sales = files
    (program,) = pipeline.load(rules).programs
    history = read_history(program, sales).history
    offers = offers_of(program, history, history.last_day)
    assert offers is not None
    expected = []
    for m in range(len(history.members)):
        points = 0
        for i in range(int(history.starts[m]), int(history.starts[m + 1])):
            taken = bool(history.reward[i] >= 0)
            if points >= 100:
                expected.append(taken)
            points += 25 - 100 if taken else 30
    assert offers.taken.tolist() == expected
    assert set(offers.worth.tolist()) == {5 / 30}


def test_the_population_says_how_members_redeem(files: tuple[Path, Path], tmp_path: Path) -> None:
    rules, sales = files
    found = fit_file(sales, book=pipeline.load(rules))
    assert found.calibration.redemption is not None
    assert f"{found.calibration.redemption.taken:,} taken of" in found.population
    out = tmp_path / "people.loyalty"
    out.write_text(found.population, encoding="utf-8")
    (population,) = pipeline.load([rules, out]).populations
    redeem = population.segments[0].redeem
    assert redeem is not None
    assert float(redeem.chance) == pytest.approx(found.calibration.redemption.chance, abs=1e-4)


def drawn_offers(
    correlation: float, *, members: int = 1500, each: int = 10, trend: float = 0.0
) -> tuple[Offers, Score]:
    """Offers, over two years, to members whose readiness goes with a score that is known to a variance of a
    tenth."""
    random, known = np.random.default_rng(11), 0.1
    mean = random.normal(0, np.sqrt(1 - known), members)
    score = mean + random.normal(0, np.sqrt(known), members)
    z = correlation * score + np.sqrt(1 - correlation**2) * random.normal(0, 1, members)
    member = np.repeat(np.arange(members), each)
    worth = np.exp(random.normal(-2, 0.7, len(member)))
    before = random.uniform(0, 24, len(member))
    chance = 1 / (1 + np.exp(-(-0.4 + 1.2 * z[member] - trend * before)))
    offers = Offers(member, random.random(len(member)) < chance, worth, before)
    return offers, Score(mean, np.full(members, known))


@pytest.mark.parametrize("correlation", [-0.5, 0.7])
def test_what_readiness_goes_with_comes_back(correlation: float) -> None:
    offers, score = drawn_offers(correlation)
    other = Score(score.mean[::-1], score.variance)
    found = fit_redemption(offers, {"purchases": other, "basket": score})
    assert found.kept.link == "basket"
    assert not found.kept.slope
    assert not found.kept.never
    assert abs(found.trend) < 0.01
    error = found.errors["correlation"]
    assert error is not None
    assert abs(found.correlation - correlation) < 3 * error < 0.12
    assert abs(found.spread - 1.2) < 3 * (found.errors["spread"] or 0)
    assert found.error is not None
    assert 0.005 < found.error < 0.05


def test_the_derivatives_of_the_likelihood_are_its_differences() -> None:
    offers, score = drawn_offers(0.5, members=200)
    rows = rows_of(offers.member, offers.taken, np.log(offers.worth), -offers.before)
    likelihood = Likelihood(rows, score)
    place = np.array([-0.2, 1.1, 0.3, -1.5, 0.4, 0.01])

    def at(values: "np.ndarray") -> float:
        return likelihood(Parameters(*values.tolist()))[0]

    at(place)
    _, slope = likelihood(Parameters(*place.tolist()))
    steps = 1e-4 * np.eye(6)
    found = np.array([(at(place + step) - at(place - step)) / 2e-4 for step in steps])
    found[1] *= place[1]  # by the log of the spread
    assert slope == pytest.approx(found, rel=1e-3, abs=0.05)


def test_a_segment_of_heavier_buyers_says_the_same_of_each_member() -> None:
    """Fitted among all; a segment whose scores among all are 0.5 + 0.8 of those of its own."""
    offers, score = drawn_offers(0.6)
    found = fit_redemption(offers, {"purchases": score})
    chance, spread, correlation = of_segment(found, Place(0.5, 0.8))
    own = 1.3
    among_all = 0.5 + 0.8 * own
    of_all = found.parameters.odds + found.spread * found.correlation * among_all
    of_its = np.log(chance / (1 - chance)) + spread * correlation * own
    assert of_its == pytest.approx(of_all)
    rest = found.spread * np.sqrt(1 - found.correlation**2)
    assert spread * np.sqrt(1 - correlation**2) == pytest.approx(rest)


def test_redeeming_that_fades_is_told_as_it_ended() -> None:
    offers, _ = drawn_offers(0.0, trend=-0.04)
    found = fit_redemption(offers)
    assert found.kept.trend
    assert abs(found.trend + 0.04) < 3 * (found.errors["trend"] or 0) < 0.02
    assert abs(found.parameters.odds + 0.4) < 0.2


def test_a_season_of_redeeming_is_not_taken_for_a_trend() -> None:
    """In one month of twelve, the last of the data, all redeem more readily."""
    random = np.random.default_rng(3)
    member = np.repeat(np.arange(800), 24)
    before = random.uniform(0, 24, len(member))
    odds = -1.0 + 2.0 * (before % 12 < 1) + random.normal(0, 1, 800)[member]
    taken = random.random(len(member)) < 1 / (1 + np.exp(-odds))
    found = fit_redemption(Offers(member, taken, np.ones(len(member)), before))
    assert abs(found.trend) < 0.01
