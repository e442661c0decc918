"""Sweeps: which points there are, what they give, and what is refused before anything is simulated."""

from collections.abc import Callable

import pytest
from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.decisions.sweeping import Study, Sweep, study_of, sweep
from loyalty_dsl.decisions.varying import grid, latin, parse_varied
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

PATHS = paths_of([SourceText("shop", SHOP)])


@pytest.fixture
def study(book_of: Callable[[str], Book]) -> Study:
    return study_of(book_of(SHOP), sample=600, months=4)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("base.give=1..3 step 0.5", ("1", "1.5", "2", "2.5", "3")),
        ("status.gold=$400,$500, $600", ("$400", "$500", "$600")),
        ("status.gold=$400,$500", ("$400", "$500")),
        ("status.gold = $1,000, $2,000", ("$1,000", "$2,000")),
        ("status.gold=$300..$500 step $100", ("$300", "$400", "$500")),
        ("off.price=50, 100 points", ("50", "100 points")),
        ("off.price=1,2", ("1", "2")),
        ("off.price=1,000, 2,000", ("1,000", "2,000")),
        ("status.gold=$1,000", ("$1,000",)),
        ("status.gold=$1,000,$2,000", ("$1,000", "$2,000")),
        ("points.expire=6 months..12 months step 3 months", ("6", "9", "12")),
        ("points.expire=6 months, 180 days, 1 year", ("6 months", "180 days", "1 year")),
        ("often.purchases=2..3", ("2", "3")),
        ("often.purchases ± 10%", ("2.7", "3.3")),
        ("join+-20%", ("80", "120")),
        ("join=100", ("100",)),
        ("often.redeem=30%,40%, 55%", ("30%", "40%", "55%")),
        ("points.worth=$0.01,$0.02", ("$0.01", "$0.02")),
    ],
)
def test_values_of_a_number(text: str, values: tuple[str, ...]) -> None:
    assert parse_varied(text, PATHS).values == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("status.gold", "varies nothing"),
        ("status.silver=$1", "there is no number `status.silver`"),
        ("status.gold=100..200 step 10", "is money"),
        ("status.gold=$200..$100 step $10", "is empty"),
        ("base.give=1..3 step 0", "a step is above 0"),
        ("base.give=1..3 step 0.001", "has 2,001 values"),
        ("off.price=100,200", "may be one number or several"),
        ("off.price=1,,2", "a comma with nothing behind it"),
        ("points.expire=6 months..180 days", "no number in the unit of points.expire"),
        ("points.expire±1%", "is no step of it"),
    ],
)
def test_values_that_are_none(text: str, message: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_varied(text, PATHS)
    assert message in refusal.value.message


def test_a_grid_has_every_combination() -> None:
    varied = [parse_varied(text, PATHS) for text in ("base.give=1,2", "off.price=50..150 step 50")]
    assert [" ".join(map(str, point)) for point in grid(varied)] == [
        f"base.give={give} off.price={price}" for give in (1, 2) for price in (50, 100, 150)
    ]
    with pytest.raises(InputRefused, match="has no step"):
        grid([parse_varied("base.give=1..2", PATHS)])
    with pytest.raises(InputRefused, match="the grid has 1,600 points"):
        grid([parse_varied(f"{path}=1..40 step 1", PATHS) for path in ("base.give", "off.price")])


def test_a_latin_hypercube_has_one_value_in_each_part_of_each_range() -> None:
    varied = [parse_varied(text, PATHS) for text in ("often.purchases=1..9", "status.gold=$0..$800")]
    points = latin(varied, 8, seed=3)
    assert points == latin(varied, 8, seed=3) != latin(varied, 8, seed=4)
    purchases = sorted(float(point[0].value) for point in points)
    levels = sorted(float(point[1].value.lstrip("$")) for point in points)
    assert all(part <= value - 1 <= part + 1 for part, value in enumerate(purchases))
    assert all(part <= value / 100 <= part + 1 for part, value in enumerate(levels))
    with pytest.raises(InputRefused, match="draws from a range"):
        latin([parse_varied("base.give=1,2", PATHS)], 8, 1)


def test_each_point_is_a_simulation_of_the_files_with_its_settings(study: Study) -> None:
    found = sweep(study, ["off.price=50, 100", "points.expire=2 months, 12 months"])
    assert len(found.points) == 4
    names = [outcome.text for outcome in found.outcomes]
    assert names == ["liability at month 4", "reward cost over 4 months", "issued of points over 4 months"]
    for point in found.points:
        book = with_settings(study.book, {one.path: one.value for one in point.settings})
        alone = pipeline.simulate(book, sample=600, months=4)
        assert alone.liability is not None and alone.reward_cost is not None
        liability, cost, _ = point.figures
        assert liability.value * 100 == alone.liability[-1]
        assert cost.value * 100 == sum(alone.reward_cost)
        assert liability.difference == liability.value - found.base.figures[0].value


def test_what_stays_the_same_has_no_difference_and_no_noise(study: Study) -> None:
    found = sweep(study, ["off.price=50, 60"], outcomes=["issued over 2 months", "reward cost"])
    (same_issued, same_cost), (issued, cost) = (point.figures for point in found.points)
    assert same_issued.difference == same_cost.difference == 0
    assert same_issued.difference_noise == same_cost.difference_noise == 0
    assert cost.difference < 0 and cost.difference_noise and cost.noise
    assert abs(issued.difference) <= abs(cost.difference)
    assert same_issued.noise == found.base.figures[0].noise


def test_a_tornado_has_the_largest_swing_first(study: Study) -> None:
    found: Sweep = sweep(
        study,
        ["points.expire=12..24", "off.price=25..200", "status.gold=$200..$400"],
        outcomes=["reward cost"],
        design="one at a time",
    )
    swings = found.swings(0)
    assert swings[0].varied.path.path == "off.price"
    assert [swing.swing for swing in swings] == sorted((swing.swing for swing in swings), reverse=True)
    first = swings[0]
    assert [str(point.settings[0]) for point in (first.low, first.high)] == ["off.price=25", "off.price=200"]
    assert first.low.figures[0].value > found.base.figures[0].value > first.high.figures[0].value


def test_every_point_is_checked_before_the_first_is_simulated(study: Study) -> None:
    told: list[int] = []
    with pytest.raises(InputRefused, match=r"often\.share=50%"):
        sweep(study, ["often.share=40%, 50%"], progress=lambda done, _: told.append(done))
    assert told == []
    with pytest.raises(InputRefused, match="varies twice"):
        sweep(study, ["off.price=1,2", "reward.off.price=3,4".removeprefix("reward.")])
    with pytest.raises(InputRefused, match="did you mean `liability`"):
        sweep(study, ["off.price=50,60"], outcomes=["liabilty"])


def test_progress_counts_the_base_and_every_point(study: Study) -> None:
    told: list[tuple[int, int]] = []
    sweep(study, ["off.price=50,60"], progress=lambda done, whole: told.append((done, whole)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_members_at_a_point_compare_it_with_the_files_as_they_are(book_of: Callable[[str], Book]) -> None:
    text = SHOP.replace("start ", "responses { rate_elasticity 50% }\n    start ")
    calm, keen = (study_of(book_of(each), sample=600, months=4) for each in (SHOP, text))
    found = [sweep(one, ["base.give=0.5,1,3"], outcomes=["purchases"]) for one in (calm, keen)]
    bought = [[point.figures[0].value for point in one.points] for one in found]
    assert bought[0][0] == bought[0][1] == bought[0][2] == bought[1][1]
    assert bought[1][0] < bought[1][1] < bought[1][2]
