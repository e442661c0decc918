"""Which days are simulated: the tail outlives every lot, and what no calendar or memory has is refused."""

from datetime import date

import attrs
import pytest
from businesses import (
    START,
    after,
    earn,
    leave_monthly,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)

from loyalty_dsl.calendar import Duration, Unit, day_of
from loyalty_dsl.language.conditions import Compare, IsReferred, Literal, Order
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    ExpiryCase,
    FirstThatHolds,
    LatestOf,
    Never,
    Postpone,
)
from loyalty_dsl.language.types import Kind
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.days import LONGEST_TAIL, tail_of
from loyalty_dsl.simulation.planning import MOST_SAMPLE
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

PEOPLE = population(segment(monthly("2"), leave_monthly("0.02"), redeem=redeem("0.5")), members=200)
ANY_EARNING = Activity((), True, False, ())
REFERRED = Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO))
LAST_OF_MARCH = day_of(date(2027, 3, 31))


def issuing(expiry: Expiry) -> Trajectories:
    shop = program(points(expiry), [earn()], [reward(200, 500)])
    return simulate_population(shop, PEOPLE, sample=200, months=3)


@pytest.mark.parametrize(
    ("expiry", "tail"),
    [
        (after(20), 1),
        (after(31, Unit.DAY), 1),  # 1 May is not in April, so the midnight that ends April is simulated
        (after(1, Unit.MONTH), 1),
        (after(60, Unit.MONTH), 60),
        (after(5, Unit.YEAR), 60),
        (AfterEarning(Duration(12, Unit.MONTH), Unit.YEAR), 22),
        (Never(), 24),
        (after(50, Unit.YEAR), LONGEST_TAIL),
        (AfterEarning(Duration(6, Unit.MONTH), None, (9, 30)), 18),
        (
            LatestOf(
                (AfterEarning(Duration(6, Unit.MONTH), None), AfterEarning(Duration(0, Unit.DAY), Unit.YEAR))
            ),
            10,
        ),
        (AfterFirst(Duration(7, Unit.MONTH)), 7),
        (AfterActivity(Duration(3, Unit.YEAR), ANY_EARNING), 36),
        (AfterActivity(Duration(3, Unit.MONTH), ANY_EARNING), 24),
        (FirstThatHolds((ExpiryCase(REFERRED, Never()),), AfterEarning(Duration(6, Unit.MONTH), None)), 24),
    ],
)
def test_the_tail_is_what_the_longest_life_of_a_lot_takes(expiry: Expiry, tail: int) -> None:
    shop = program(points(expiry), [earn()])
    expected = 2 if expiry == after(31, Unit.DAY) else tail
    assert tail_of(shop, LAST_OF_MARCH) == expected


def test_lots_that_may_be_kept_longer_are_followed_for_two_years() -> None:
    kept = attrs.evolve(points(after(30)), postpone=Postpone(Duration(1, Unit.MONTH), None))
    assert tail_of(program(kept, [earn()]), LAST_OF_MARCH) == 24


def test_a_rules_own_expiry_counts() -> None:
    rule = attrs.evolve(earn(), expiry=after(10, Unit.MONTH))
    assert tail_of(program(points(after(30)), [rule]), LAST_OF_MARCH) == 10


def test_of_several_currencies_the_longest_life_counts() -> None:
    short, forever = points(after(10)), attrs.evolve(points(), name="stars", index=1)
    shop = attrs.evolve(program(short, [earn()]), currencies=(short, forever))
    assert tail_of(shop, LAST_OF_MARCH) == 24


@pytest.mark.parametrize(
    "expiry",
    [after(1), after(200), after(60, Unit.MONTH), AfterEarning(Duration(30, Unit.MONTH), Unit.QUARTER)],
)
def test_every_lot_that_expires_meets_its_fate(expiry: Expiry) -> None:
    """EXP-1: whatever the life of a lot, all that was issued was redeemed or has expired."""
    result = issuing(expiry)
    ended = result.redeemed_by_age.sum() + result.expired_by_age.sum()
    assert ended == result.issued.sum() > 0


def test_what_never_expires_is_followed_for_two_years_more() -> None:
    result = issuing(Never())
    assert len(result.month_starts) - 1 - result.months == 24
    assert result.redeemed_by_age.sum() < result.issued.sum()


def test_a_day_that_no_program_can_name_is_refused() -> None:
    shop = program(points(), [earn()])
    for far in (date(9999, 1, 1), date(9999, 12, 31), date(2200, 1, 1)):
        with pytest.raises(InputRefused, match=f"{far.year}.*too far ahead"):
            simulate_population(shop, PEOPLE, first_day=day_of(far))


def test_the_last_day_that_a_program_can_name_is_not_refused() -> None:
    shop = program(points(after(100, Unit.YEAR)), [earn()])
    last = day_of(date(2199, 12, 31))
    result = simulate_population(shop, PEOPLE, sample=5, months=2, first_day=last)
    assert result.month_starts[0] == last


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"months": 0}, "0 months cannot be forecast"),
        ({"months": 1201}, "1,201 months cannot be forecast"),
        ({"sample": 0}, "0 members cannot be simulated"),
        ({"sample": MOST_SAMPLE + 1}, "100,000,001 members cannot be simulated"),
        ({"seed": -1}, "-1 is no seed"),
        ({"seed": 2**63}, "is no seed"),
    ],
)
def test_a_number_out_of_its_range_is_refused_by_name(options: dict[str, int], words: str) -> None:
    with pytest.raises(InputRefused, match=words):
        simulate_population(program(points(), [earn()]), PEOPLE, **options)  # type: ignore[arg-type]


def test_months_whose_triangles_would_fill_the_memory_are_refused() -> None:
    many = [attrs.evolve(points(), name=f"points{i}", index=i) for i in range(8)]
    shop = attrs.evolve(program(points(), [earn()]), currencies=tuple(many))
    with pytest.raises(InputRefused, match="memory") as caught:
        simulate_population(shop, PEOPLE, sample=5, months=1200)
    assert caught.value.help == "ask for 683 months or fewer"


def test_a_single_member_and_a_long_time_can_be_simulated() -> None:
    shop = program(points(after(400)), [earn()], [reward(200, 500)])
    result = simulate_population(shop, PEOPLE, sample=1, months=600)
    assert result.sample == 1
    assert result.weight == 200
    assert result.issued.shape == (1, 1, 600)
    assert result.month_starts[0] == START
