"""Worked examples of what strikes without a midnight of the calendar: thresholds, lost levels, silence."""

import attrs
import pytest
from programs_by_hand import (
    FIRST_CLOCK,
    NEGATIVE,
    at,
    at_least,
    counter,
    earn,
    give_back,
    join,
    ladder,
    program,
    purchase,
    trigger,
)

from loyalty_dsl.calendar import Duration, Unit, format_day
from loyalty_dsl.evaluation.groups import give_counter, give_joined, open_group
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.clocks import After, At, Falls, Reaches, WindowStart
from loyalty_dsl.language.counters import EarnedMeasure, EventsMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.tiers import HoldThrough
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.windows import Lifetime

AT_FIRST, AT_SECOND = (trigger(FIRST_CLOCK),), (trigger(FIRST_CLOCK + 1),)
SPEND = ((1, 0),)


def striking(clock: At) -> Program:
    """Five points whenever a clock strikes, beside a counter of spend in calendar years."""
    return program(earn(Flat(5), on=AT_FIRST), clocks=[clock], counters=[counter()], returns=NEGATIVE)


def struck(rules: Program, *events: object, last: str) -> list[str]:
    done = run(rules, events, at(last))  # type: ignore[arg-type]
    return [format_day(p.day) for p in done.postings if p.name == rules.earns[0].name and p.units > 0]


def test_a_threshold_strikes_right_after_the_event_that_reaches_it() -> None:
    """CLOCK-4: one purchase passes two of three, and in the next year all is new."""
    rules = striking(Reaches(SPEND, (1000,), 500))
    days = struck(
        rules,
        purchase("2026-01-05", 900),
        purchase("2026-01-06", 700),
        purchase("2026-12-31", 399),
        purchase("2027-01-01", 999),
        purchase("2027-01-02", 1),
        last="2027-01-02",
    )
    assert days == ["2026-01-06", "2026-01-06", "2027-01-02"]


def test_thresholds_one_by_one_strike_once_each() -> None:
    """CLOCK-4: a list of them."""
    rules = striking(Reaches(SPEND, (1000, 5000)))
    events = [purchase("2026-01-05", 6000), purchase("2026-01-06", 6000)]
    assert struck(rules, *events, last="2026-01-06") == ["2026-01-05", "2026-01-05"]


def test_a_return_and_a_second_rise_reach_nothing_twice() -> None:
    """CLOCK-4: nor does the return take back what the threshold brought."""
    rules = striking(Reaches(SPEND, (1000,)))
    first = purchase("2026-01-05", 1000)
    done = run(
        rules, [first, give_back("2026-01-06", first, 1000), purchase("2026-01-07", 2000)], at("2026-01-07")
    )
    assert [(format_day(p.day), p.units) for p in done.postings] == [("2026-01-05", 5)]


def test_what_is_given_was_reached_before() -> None:
    """CLOCK-4, SCEN-1: a counter that is given triggers nothing by itself."""
    group = open_group(striking(Reaches(SPEND, (1000,), 500)))
    give_joined(group, at("2026-01-01"))
    give_counter(group, 0, 1400, at("2026-01-01"))
    assert [p.units for p in apply(group, purchase("2026-01-05", 99)).postings] == []
    assert [p.units for p in apply(group, purchase("2026-01-06", 1)).postings] == [5]


def test_what_a_threshold_brings_can_reach_another() -> None:
    """CLOCK-4, COUNT-5: points that one brings are counted towards the next, on the same day."""
    first = earn(Flat(50), on=AT_FIRST, name="first")
    second = earn(Flat(7), on=AT_SECOND, name="second")
    rules = program(
        first,
        second,
        clocks=[Reaches(SPEND, (1000,)), Reaches(((1, 1),), (50,))],
        counters=[counter(), counter(EarnedMeasure(0, (0,)), Lifetime())],
    )
    done = run(rules, [purchase("2026-01-05", 1000)], at("2026-01-05"))
    assert [(p.name, p.units) for p in done.postings] == [("first", 50), ("second", 7)]


def test_rules_at_a_threshold_see_the_status_that_the_event_brought() -> None:
    """CLOCK-4, EVENT-1: the event is over by then, its levels decided."""
    rules = attrs.evolve(striking(Reaches(SPEND, (1000,))), ladders=(ladder(at_least(0, 1000)),))
    group = open_group(rules)
    outcome = apply(group, purchase("2026-01-05", 1000))
    assert [p.units for p in outcome.postings] == [5]
    assert group.only.ladders[0].level == 1


def test_a_lost_level_strikes_at_the_midnight_that_takes_it() -> None:
    """CLOCK-5: and not again while it stays lost."""
    gold = ladder(at_least(0, 1000), hold=HoldThrough(Unit.YEAR, Duration(0, Unit.DAY)))
    rules = attrs.evolve(striking(Falls(0, 1)), ladders=(gold,))
    assert struck(rules, purchase("2026-05-05", 1000), last="2028-12-31") == ["2027-01-01"]


def test_a_return_that_lowers_status_strikes_right_after_it() -> None:
    """CLOCK-5, TIER-8: where tiers are checked again."""
    rules = attrs.evolve(
        striking(Falls(0, 1)),
        ladders=(ladder(at_least(0, 1000)),),
        returns=attrs.evolve(NEGATIVE, rechecks=True),
    )
    first = purchase("2026-05-05", 1000)
    assert struck(rules, first, give_back("2026-05-07", first, 1000), last="2026-12-31") == ["2026-05-07"]


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        (After(Duration(60, Unit.DAY), (PURCHASE,)), ["2026-05-09", "2026-12-30"]),
        (After(Duration(1, Unit.MONTH), (PURCHASE,)), ["2026-02-28", "2026-04-10", "2026-11-30"]),
    ],
)
def test_silence_strikes_once_until_the_next_event(clock: After, wanted: list[str]) -> None:
    """CLOCK-6, TIME-3: counted from the latest event, months clamped."""
    events = [purchase(day) for day in ("2026-01-31", "2026-03-10", "2026-10-31")]
    events.insert(0, join("2026-01-01"))
    found = struck(striking(clock), *events, last="2027-06-30")
    assert found == wanted


def test_days_after_the_start_of_a_window() -> None:
    """CLOCK-7: the first is that of the window in which the member joined, if it is still to come."""
    rules = striking(WindowStart(Unit.QUARTER, None, 45))
    assert struck(rules, join("2026-02-10"), last="2026-08-20") == ["2026-02-15", "2026-05-16", "2026-08-15"]
    yearly = striking(WindowStart(Unit.YEAR, 3, 10))
    assert struck(yearly, join("2026-03-05"), last="2027-12-31") == ["2026-03-11", "2027-03-11"]


def test_events_are_counted_towards_thresholds_too() -> None:
    """CLOCK-4: every second purchase."""
    rules = program(
        earn(Flat(5), on=AT_FIRST),
        clocks=[Reaches(SPEND, (2,), 2)],
        counters=[counter(EventsMeasure(PURCHASE), Lifetime())],
    )
    events = [purchase(f"2026-01-0{day}") for day in range(1, 6)]
    assert struck(rules, *events, last="2026-01-31") == ["2026-01-02", "2026-01-04"]
