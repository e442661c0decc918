"""Worked examples of counters: what moves them, and what they have in which window."""

import attrs
import pytest
from programs_by_hand import (
    CARD,
    CATEGORY,
    DRINK,
    FOOD,
    NEGATIVE,
    OTHER,
    PAYMENT,
    STAY,
    at,
    counter,
    earn,
    give_back,
    join,
    program,
    purchase,
    reward,
)

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.groups import Group, advance, give_counter, give_opening, open_group
from loyalty_dsl.evaluation.members import counters_now, facts_on
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    CounterSum,
    CounterValue,
    EventField,
    ItemField,
    Literal,
    OneAmong,
    Order,
)
from loyalty_dsl.language.counters import (
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership

A_DRINK = OneAmong(ItemField(CATEGORY), (DRINK,))
BY_CARD = OneAmong(EventField(PAYMENT), (CARD,))
TWELVE_MONTHS = Rolling(Duration(12, Unit.MONTH))


def value(group: Group, day: str) -> int:
    """The first counter at the end of a day."""
    advance(group, at(day))
    return counters_now(group, group.only)[0]


def after(measured: Counter, *events: Event) -> int:
    """The counter when these events have happened, on a program that takes $5 off for 5 points."""
    rules = program(earn(Flat(5)), reward(5, 500), counters=[measured], returns=NEGATIVE)
    return run(rules, events, events[-1].day).counters[0]


@pytest.mark.parametrize(
    ("measured", "wanted"),
    [
        (counter(), 1000 + 700),
        (counter(where=BY_CARD), 1000),
        (counter(items=A_DRINK), (300 - 125) + (100 - 41)),
        (counter(EventsMeasure(PURCHASE)), 2),
        (counter(EventsMeasure(STAY)), 1),
        (counter(SpendMeasure(STAY)), 9000),
        (counter(FieldMeasure(PURCHASE, PAYMENT)), OTHER),
        (counter(ItemsMeasure()), 3),
        (counter(ItemsMeasure(), items=A_DRINK), 2),
        (counter(EarnedMeasure(0, (0,))), 10),
        (counter(EarnedMeasure(0, ())), 0),
    ],
)
def test_each_measure_moves_by_its_own(measured: Counter, wanted: int) -> None:
    """COUNT-1, COUNT-5: $5 off items of $3.00, $1.00 (drinks) and $8.00, so $7.00 is left of $12.00, and of
    the drinks $1.75 and $0.58 (AMT-3, cumulated: 125, 41, 334)."""
    stay = Event("stay", at("2026-03-03"), 0, STAY, 9000, (), (), None)
    items = [(300, DRINK), (100, DRINK), (800, FOOD)]
    bought = purchase("2026-03-02", items=items, payment=OTHER, redeem=(0, 1))
    assert after(measured, purchase("2026-03-01", 1000), bought, stay) == wanted


@pytest.mark.parametrize(
    ("window", "before_it", "last", "after_it"),
    [
        (Unit.MONTH, "2026-04-30", "2026-05-31", "2026-06-01"),
        (Unit.YEAR, "2025-12-31", "2026-12-31", "2027-01-01"),
        (Period(3, "qualifying"), "2026-02-28", "2027-02-28", "2027-03-01"),
        (Period(11, "fiscal", Unit.QUARTER), "2026-04-30", "2026-07-31", "2026-08-01"),
        (YearOfMembership(), "2026-02-27", "2027-02-27", "2027-02-28"),
        (Rolling(Duration(30, Unit.DAY)), "2026-05-09", "2026-06-08", "2026-06-09"),
    ],
)
def test_a_counter_is_a_sum_over_the_present_window(
    window: Window, before_it: str, last: str, after_it: str
) -> None:
    """COUNT-2 to COUNT-4, TIME-2: from the window's first day to its last; then it is the previous window."""
    group = open_group(program(counters=[counter(window=window)], starts="2024-01-01"))
    apply(group, purchase("2024-02-28", 0))
    advance(group, at(before_it))
    apply(group, purchase("2026-05-10", 700))
    assert value(group, last) == 700
    assert value(group, after_it) == 0
    previous = facts_on(group, group.only, group.today, group.today).previous[0]
    assert previous == (0 if isinstance(window, Rolling) else 700)
    assert facts_on(group, group.only, group.today, group.today - 1).counters == (700,)


def test_a_lifetime_has_no_window_before_it() -> None:
    """COUNT-2, COUNT-4"""
    group = open_group(program(counters=[counter(window=Lifetime())]))
    apply(group, purchase("2026-05-10", 700))
    assert value(group, "2036-01-01") == 700
    assert facts_on(group, group.only, group.today, group.today).previous == (0,)


def test_a_rolling_year_lets_each_day_go_by_itself() -> None:
    """COUNT-3: $400 on 10 March 2024 count through 9 March 2025, $120 of 1 September longer."""
    group = open_group(program(counters=[counter(window=TWELVE_MONTHS)], starts="2024-01-01"))
    apply(group, purchase("2024-03-10", 40000))
    apply(group, purchase("2024-09-01", 12000))
    assert value(group, "2025-03-09") == 52000
    assert value(group, "2025-03-10") == 12000


def test_a_return_counts_in_the_window_of_its_original() -> None:
    """COUNT-6: bought in January, returned in February: January's sum is less, February's is not."""
    bought = purchase("2026-01-31", 1000)
    group = open_group(program(counters=[counter(window=Unit.MONTH)], returns=NEGATIVE))
    for event in (bought, purchase("2026-02-01", 500), give_back("2026-02-02", bought, 300)):
        apply(group, event)
    facts = facts_on(group, group.only, group.today, group.today)
    assert (facts.counters, facts.previous) == ((500,), (700,))


def past(of: int, index: int, window: Window) -> Counter:
    return attrs.evolve(counter(PastMeasure(of), window=window), index=index)


def test_a_window_some_time_ago_has_what_it_had_and_a_return_is_taken_out_of_it() -> None:
    """COUNT-9: bought in January 2024, read in January 2025 and February 2025; $4 come back in between."""
    pasts = [past(number, number + 1, Unit.MONTH) for number in range(12)]
    rules = program(counters=[counter(window=Unit.MONTH), *pasts], starts="2023-01-01", returns=NEGATIVE)
    bought = purchase("2024-01-31", 1000)
    group = open_group(rules)
    apply(group, bought)
    advance(group, at("2025-01-10"))
    assert counters_now(group, group.only)[11:] == (0, 1000)
    apply(group, give_back("2025-01-11", bought, 400))
    assert counters_now(group, group.only)[11:] == (0, 600)
    facts = facts_on(group, group.only, at("2025-02-01"), at("2025-02-01"))
    assert (facts.counters[12], facts.previous[12]) == (0, 600)


@pytest.mark.parametrize(
    ("measured", "partly", "wholly"),
    [
        (counter(), 1200 * 300 // 1200, 0),
        (counter(items=A_DRINK), 0, 0),
        (counter(ItemsMeasure()), 1, 0),
        (counter(EventsMeasure(PURCHASE)), 1, 0),
        (counter(FieldMeasure(PURCHASE, PAYMENT)), OTHER, 0),
        (counter(EarnedMeasure(0, (0,))), 1, 0),
    ],
)
def test_what_a_return_takes_out(measured: Counter, partly: int, wholly: int) -> None:
    """COUNT-6: a drink of $9.00 back out of $12.00, then the other $3.00."""
    bought = purchase("2026-03-01", items=[(900, DRINK), (300, FOOD)], payment=OTHER)
    first = give_back("2026-03-02", bought, items=[(900, DRINK)])
    rest = give_back("2026-03-03", bought, items=[(300, FOOD)])
    assert after(measured, bought, first) == partly
    assert after(measured, bought, first, rest) == wholly


def test_sums_are_compared_undivided() -> None:
    """COUNT-7: 10 * a - b >= 0 and b > 0 says that a is at least a tenth of b."""
    a, b = CounterValue(0), CounterValue(1)
    nothing = Literal(0, Kind.NUMBER)
    a_tenth = All(
        (
            Compare(CounterSum(((10, a), (-1, b))), Order.AT_LEAST, nothing),
            Compare(b, Order.MORE, nothing),
        )
    )
    facts = Facts((), 0, 0, (), 0)
    held = [
        holds(a_tenth, attrs.evolve(facts, counters=counters))
        for counters in ((10, 100), (9, 100), (0, 0), (11, 100))
    ]
    assert held == [True, False, False, True]


def test_what_is_given_counts_like_what_happened() -> None:
    """SCEN-1: a counter is set; an opening lot moves the counters of all that is earned, on its day."""
    earned = EarnedMeasure(0, (0,))
    rules = program(earn(Flat(5)), counters=[counter(earned), counter(EarnedMeasure(0, ()))])
    group = open_group(rules)
    give_opening(group, 0, 40, at("2026-01-05"))
    give_counter(group, 1, 7, at("2026-01-06"))
    apply(group, join("2026-01-07"))
    apply(group, purchase("2026-01-07"))
    assert counters_now(group, group.only) == (45, 7)
    give_counter(group, 0, 3, at("2026-01-08"))
    assert counters_now(group, group.only)[0] == 3


def test_calendar_windows_are_counted_once_each_and_for_good() -> None:
    """COUNT-8: two months with purchases, of which a return takes none."""
    seen = counter(NumberMeasure(PURCHASE), Unit.MONTH)
    first = Compare(CounterValue(0), Order.EQUAL, Literal(0, Kind.NUMBER))
    months = counter(NumberMeasure(PURCHASE, Unit.MONTH), TWELVE_MONTHS, where=first)
    group = open_group(program(counters=[seen, months], returns=NEGATIVE))
    january = purchase("2026-01-05")
    found = []
    for event in (
        january,
        purchase("2026-01-06"),
        give_back("2026-01-07", january, 1000),
        purchase("2026-01-08"),
        purchase("2026-02-01"),
        purchase("2027-01-06"),
    ):
        apply(group, event)
        found.append(counters_now(group, group.only)[1])
    assert found == [1, 1, 1, 1, 2, 2]
