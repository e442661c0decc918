"""Scenarios with status, counters, returns and friends, run without the language."""

import json
from collections.abc import Sequence
from fractions import Fraction

import attrs
import pytest
from programs_by_hand import EVENTS, NOWHERE, PAYMENT, at, currency, earn, program, reward, times, trigger
from promotions_by_hand import benefit

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.amounts import Flat, PerMoney
from loyalty_dsl.language.clocks import Clock, FriendKind, YearlyOf
from loyalty_dsl.language.conditions import (
    Base,
    Compare,
    CounterValue,
    EventField,
    IsReferred,
    Literal,
    Order,
)
from loyalty_dsl.language.counters import Counter, EventsMeasure, NamedTotal, SpendMeasure
from loyalty_dsl.language.expiry import Activity, AfterActivity, AfterFirst
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.rewards import PercentOff, Thing
from loyalty_dsl.language.scenario import (
    Expect,
    ExpectCounter,
    ExpectLevel,
    ExpectOff,
    ExpectUses,
    Given,
    GivenCounter,
    GivenField,
    GivenJoined,
    GivenLevel,
    GivenTimes,
    Happening,
    Measure,
    Scenario,
    Step,
)
from loyalty_dsl.language.tiers import HoldThrough, Ladder, Lapse, Level
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.report.scenarios import render_scenarios, scenarios_to_json, verdict
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.testing.results import ScenarioResult
from loyalty_dsl.testing.running import run_scenario

ORDINAL = Field("ordinal", Kind.NUMBER, (), 1, NOWHERE)
DAYS = Field("days_since_join", Kind.NUMBER, (), 2, NOWHERE)
BIRTHDAY = Field("birthday", Kind.DATE, (), 0, NOWHERE)
FRIEND_JOINS, FRIEND_BUYS, FRIEND_KEEPS, BIRTHDAYS = 3, 4, 5, 6
POINT_PER_DOLLAR = PerMoney(1, 100, False, Base.AMOUNT)


def referring(*rules: EarnRule | Reward, returns: bool = True) -> Program:
    """A program with friend kinds: joins, purchases at once, and purchases kept 14 days."""
    made = program(*rules)
    bought = (PAYMENT, ORDINAL, DAYS)
    return attrs.evolve(
        made,
        events=(
            *EVENTS,
            EventKind("join by friend", FRIEND_JOINS, (), False, None),
            EventKind("purchase by friend", FRIEND_BUYS, bought, True, None),
            EventKind("purchase by friend kept 14 days", FRIEND_KEEPS, bought, True, None),
        ),
        friend_kinds=(
            FriendKind(FRIEND_JOINS, JOIN, Duration(0, Unit.DAY)),
            FriendKind(FRIEND_BUYS, PURCHASE, Duration(0, Unit.DAY)),
            FriendKind(FRIEND_KEEPS, PURCHASE, Duration(14, Unit.DAY)),
        ),
        returns=Returns(True, False, None) if returns else None,
    )


def happening(
    day: str, event: int | None = PURCHASE, basket: int = 0, actor: int = 0, **rest: object
) -> Happening:
    fields = (0,) if event == PURCHASE else ()
    return Happening(at(day), 0, event, basket, (), fields, None, NOWHERE, actor=actor, **rest)  # type: ignore[arg-type]


def returned(day: str, minor: int, step: int, actor: int = 0) -> Happening:
    return happening(day, None, minor, actor, returns=step)


def expect(units: int, measure: Measure = Measure.BALANCE, day: str | None = None) -> Expect:
    return Expect(None if day is None else at(day), measure, 0, units, None, NOWHERE)


def tell(rules: Program, steps: Sequence[Step], given: Sequence[Given] = ()) -> ScenarioResult:
    return run_scenario(rules, Scenario("by hand", rules.name, tuple(given), tuple(steps), NOWHERE))


def actual(result: ScenarioResult) -> list[object]:
    return [check.actual for check in result.checks]


# ---- friends


def test_what_friends_do_happens_to_the_referrer() -> None:
    """REFER-1, REFER-2, SCEN-12: 5 for a join, 100 for a first purchase , and the friend's own."""
    first = Compare(EventField(ORDINAL), Order.EQUAL, Literal(1, Kind.NUMBER))
    rules = referring(
        earn(POINT_PER_DOLLAR),
        earn(Flat(5), name="joins", on=[trigger(FRIEND_JOINS)]),
        earn(Flat(100), name="buys", on=[trigger(FRIEND_BUYS, first)]),
        earn(
            Flat(7),
            name="welcome",
            on=[trigger(JOIN)],
            when=Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO)),
        ),
    )
    result = tell(
        rules,
        [
            happening("2026-03-01", JOIN),
            expect(0),
            happening("2026-03-02", JOIN, actor=1),
            expect(5, Measure.EARNED),
            happening("2026-03-05", PURCHASE, 5000, actor=1),
            expect(100, Measure.EARNED),
            happening("2026-03-06", PURCHASE, 5000, actor=1),
            expect(0, Measure.EARNED),
            happening("2026-03-06", PURCHASE, 5000, actor=2),
            expect(205),
        ],
    )
    assert actual(result) == [0, 5, 100, 0, 205]
    friend = [p.units for chapter in result.story if chapter.actor == 1 for p in chapter.postings]
    assert friend == [7, 50, 50]


def test_a_purchase_by_a_friend_brings_its_whole_basket() -> None:
    """REFER-2: a friend's benefit of 10% takes nothing from it, and its days since joining go with it."""
    soon = Compare(EventField(DAYS), Order.AT_MOST, Literal(30, Kind.NUMBER))
    off = benefit(reward(name="friend_discount"), PercentOff(Fraction(1, 10)))
    off = attrs.evolve(off, when=Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO)))
    rules = referring(earn(POINT_PER_DOLLAR, on=[trigger(FRIEND_BUYS, soon)]), off)
    steps = [
        happening("2026-03-01", JOIN, actor=1),
        happening("2026-03-31", PURCHASE, 4000, actor=1),
        ExpectOff(400, NOWHERE),
        ExpectUses(0, 1, NOWHERE),
        expect(40),
        happening("2026-04-01", PURCHASE, 4000, actor=1),
        expect(0, Measure.EARNED),
    ]
    assert actual(tell(rules, steps)) == [400, 1, 40, 0]


def test_what_has_to_be_kept_happens_later_with_what_is_left_of_it() -> None:
    """REFER-3: of $40.00, $10.00 comes back in time; it counts 14 days later, at midnight."""
    rules = referring(earn(POINT_PER_DOLLAR, on=[trigger(FRIEND_KEEPS)]))
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 4000, actor=1),
        returned("2026-03-10", 1000, 0, actor=1),
        expect(0, day="2026-03-14"),
        expect(30, day="2026-03-15"),
        returned("2026-03-16", 3000, 0, actor=1),
        expect(30),
    ]
    assert actual(tell(rules, steps)) == [0, 30, 30]


@pytest.mark.parametrize(("day", "balance"), [("2026-03-14", 0), ("2026-03-15", 40)])
def test_what_came_back_in_full_before_then_does_not_happen(day: str, balance: int) -> None:
    """REFER-3: by the end of the day before; a return on the day itself is too late."""
    rules = referring(earn(POINT_PER_DOLLAR, on=[trigger(FRIEND_KEEPS)]))
    steps = [
        happening("2026-03-01", PURCHASE, 4000, actor=1),
        returned(day, 4000, 0, actor=1),
        expect(balance, day="2026-03-20"),
    ]
    assert actual(tell(rules, steps)) == [balance]


def test_a_friends_return_takes_back_what_it_brought() -> None:
    """REFER-4: $10.00 and then the other $30.00 of a purchase of $40.00."""
    rules = referring(earn(POINT_PER_DOLLAR, on=[trigger(FRIEND_BUYS)]))
    steps = [
        happening("2026-03-01", PURCHASE, 4000, actor=1),
        returned("2026-03-02", 1000, 0, actor=1),
        expect(10, Measure.REVERSED),
        returned("2026-03-03", 3000, 0, actor=1),
        expect(30, Measure.REVERSED),
        expect(0),
    ]
    assert actual(tell(rules, steps)) == [10, 30, 0]


# ---- status and counters

GOLD_AT_100 = Compare(CounterValue(0), Order.AT_LEAST, Literal(10000, Kind.MONEY))
LADDER = Ladder(
    "status",
    "Status",
    0,
    HoldThrough(Unit.YEAR, Duration(12, Unit.MONTH)),
    Lapse.TO_EARNED,
    False,
    None,
    (Level("member", "Member", 0, None, NOWHERE), Level("gold", "Gold", 1, GOLD_AT_100, NOWHERE)),
    NOWHERE,
)


def with_status(*rules: EarnRule | Reward) -> Program:
    spend = Counter(
        "spend", "Spend", 0, SpendMeasure(PURCHASE), Unit.YEAR, None, None, Kind.MONEY, -1, NOWHERE
    )
    trips = Counter(
        "trips", "Trips", 1, EventsMeasure(PURCHASE), Unit.YEAR, None, None, Kind.NUMBER, -1, NOWHERE
    )
    total = NamedTotal("tenth", "Tenth", ((1, 0), (-100, 1)), 10, Kind.MONEY, -1, NOWHERE)
    return attrs.evolve(
        program(*rules),
        ladders=(LADDER,),
        counters=(spend, trips),
        totals=(total,),
        returns=Returns(True, True, None),
        member_fields=(BIRTHDAY,),
    )


def level(wanted: int, through: str | None = None, day: str | None = None) -> ExpectLevel:
    last = None if through is None else at(through)
    return ExpectLevel(None if day is None else at(day), 0, wanted, last, NOWHERE)


def counter(index: int, value: int, day: str | None = None) -> ExpectCounter:
    return ExpectCounter(None if day is None else at(day), ((1, index),), 1, value, NOWHERE)


def test_status_is_expected_with_the_day_that_it_lasts_through() -> None:
    """SCEN-8: gold through the end of next year; a day more or less, or another level, fails."""
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 9999),
        level(0),
        happening("2026-03-02", PURCHASE, 1),
        level(1),
        level(1, through="2027-12-31"),
        level(1, through="2027-12-30"),
        level(0),
        level(1, day="2027-12-31"),
        level(0, day="2028-01-01"),
    ]
    result = tell(with_status(), steps)
    assert [check.passed for check in result.checks] == [True, True, True, False, False, True, True]
    assert [verdict(result.program, check) for check in result.failures] == [
        "expected status gold through 2027-12-30, got gold through 2027-12-31",
        "expected status member, got gold",
    ]


def test_counters_are_expected_in_their_present_window() -> None:
    """SCEN-9: a spend of $120.00 in two trips, and a total of it, until the year is over."""
    tenth = ExpectCounter(None, ((1, 0), (-100, 1)), 10, 1180, NOWHERE)
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 5000),
        happening("2026-03-02", PURCHASE, 7000),
        counter(0, 12000),
        counter(1, 2),
        tenth,
        attrs.evolve(tenth, value=1181),
        counter(1, 3),
        counter(0, 0, day="2027-01-01"),
    ]
    result = tell(with_status(), steps)
    assert [check.passed for check in result.checks] == [True, True, True, False, False, True]
    assert [verdict(result.program, check) for check in result.failures] == [
        "expected tenth $11.81, got $11.80",
        "expected trips 3, got 2",
    ]


def test_what_is_given_is_as_of_the_day_before_the_first_event() -> None:
    """SCEN-7: a spend of $99.00 makes $1.00 more gold; a level is given for its own time."""
    given = [GivenCounter(0, 9900, NOWHERE), GivenJoined(at("2024-05-01"), NOWHERE)]
    steps: list[Step] = [happening("2026-03-02", PURCHASE, 100), level(1, "2027-12-31"), counter(0, 10000)]
    assert tell(with_status(), steps, given).passed
    assert tell(
        with_status(), [level(1, day="2026-01-05")], [GivenCounter(0, 10000, NOWHERE), *given[1:]]
    ).passed
    one = tell(
        with_status(),
        [happening("2026-03-02"), level(1, "2026-06-30")],
        [GivenLevel(0, 1, at("2026-06-30"), NOWHERE)],
    )
    assert one.passed
    earned = tell(
        with_status(), [happening("2026-03-02"), level(1, "2027-12-31")], [GivenLevel(0, 1, None, NOWHERE)]
    )
    assert earned.passed


def test_times_are_given_to_limits() -> None:
    """SCEN-7: used twice of three times a year, so once more."""
    rules = with_status(earn(Flat(5), times(3, Unit.YEAR)))
    steps: list[Step] = [happening("2026-03-01"), happening("2026-03-02"), expect(5)]
    assert tell(rules, steps, [GivenTimes(False, 0, 2, NOWHERE)]).passed


def test_uses_cover_the_midnights_on_the_way() -> None:
    """SCEN-10, SCEN-1: a birthday between joining and the first event brings nothing; the next one a gift."""
    gift = benefit(reward(name="gift"), Thing("gift"), on=[trigger(3)])
    rules = with_status(earn(Flat(50), name="birthday", on=[trigger(3)]), gift)
    rules = attrs.evolve(rules, clocks=(Clock(0, "birthday", YearlyOf(BIRTHDAY)),))
    given = [GivenField(0, at("1990-05-14"), NOWHERE), GivenJoined(at("2022-01-01"), NOWHERE)]
    steps: list[Step] = [
        happening("2026-05-01"),
        ExpectUses(0, 0, NOWHERE),
        expect(0),
        happening("2026-06-01"),
        ExpectUses(0, 1, NOWHERE),
        expect(50, Measure.EARNED),
        expect(100, day="2027-05-14"),
    ]
    result = tell(rules, steps, given)
    assert actual(result) == [0, 0, 1, 50, 100]


def test_fields_of_the_member_may_be_given_with_an_event() -> None:
    """SCEN-7, MEMBER-1: the birthday that the second purchase gives is the one that counts."""
    rules = with_status(earn(Flat(50), name="birthday", on=[trigger(3)]))
    rules = attrs.evolve(rules, clocks=(Clock(0, "birthday", YearlyOf(BIRTHDAY)),))
    given = [GivenField(0, at("1990-05-14"), NOWHERE), GivenJoined(at("2022-01-01"), NOWHERE)]
    steps: list[Step] = [
        happening("2026-05-01"),
        happening("2026-05-02", member=((0, at("1990-06-01")),)),
        expect(0, day="2026-05-31"),
        expect(50, day="2026-06-01"),
    ]
    assert tell(rules, steps, given).passed


def test_no_chance_comes_up_in_a_scenario() -> None:
    """SCEN-13: whatever it is; the rule beside it is paid."""
    rules = with_status(earn(Flat(3)), attrs.evolve(earn(Flat(50), name="lottery"), chance=Fraction(99, 100)))
    assert tell(rules, [happening("2026-05-01"), expect(3)]).passed


def test_a_return_is_of_the_event_that_it_names() -> None:
    """SCEN-11: the first of two purchases, so the year's spend falls and gold ends."""
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 8000),
        happening("2026-03-02", PURCHASE, 3000),
        level(1),
        returned("2026-03-03", 8000, 0),
        expect(80, Measure.REVERSED),
        counter(0, 3000),
        level(0),
    ]
    assert tell(with_status(earn(POINT_PER_DOLLAR)), steps).passed


@pytest.mark.parametrize(
    "expiry",
    [
        AfterActivity(Duration(12, Unit.MONTH), Activity((PURCHASE,), False, False, ())),
        AfterFirst(Duration(12, Unit.MONTH)),
    ],
)
def test_a_balance_that_expires_together_has_one_last_day(expiry: AfterActivity | AfterFirst) -> None:
    """SCEN-4: 12 months after the latest purchase, or after the oldest lot."""
    rules = with_status(earn(POINT_PER_DOLLAR))
    rules = attrs.evolve(rules, currencies=(currency(expiry=expiry),))
    last = "2027-04-30" if isinstance(expiry, AfterActivity) else "2027-02-28"
    through = attrs.evolve(expect(30), through=at(last))
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 1000),
        happening("2026-05-01", PURCHASE, 2000),
        through,
        attrs.evolve(through, through=at(last) + 1, units=0),
        expect(1),
    ]
    result = tell(rules, steps)
    assert actual(result) == [30, 0, 30]
    assert f"all points through {last}" in render_scenarios([result], PLAIN)


# ---- what people and machines read


def test_a_failure_tells_status_counters_and_friends() -> None:
    """SCEN-6: the story shows what became of status and counters, and what friends brought."""
    steps: list[Step] = [
        happening("2026-03-01", PURCHASE, 12000),
        returned("2026-03-02", 12000, 0),
        expect(1),
    ]
    told = render_scenarios([tell(with_status(earn(POINT_PER_DOLLAR)), steps)], PLAIN)
    for line in (
        "status gold through 2027-12-31",
        "spend $120.00",
        "return $120.00",
        "reversed, of base",
        "spend $0.00",
    ):
        assert line in told
    given = [GivenLevel(0, 1, at("2026-06-30"), NOWHERE)]
    ends = tell(with_status(), [happening("2026-03-01"), level(1, day="2026-07-01")], given)
    rows = [line.split() for line in render_scenarios([ends], PLAIN).splitlines()]
    assert ["2026-02-28", "given"] in rows
    assert ["status", "gold", "through", "2026-06-30"] in rows
    assert ["2026-07-01", "midnight"] in rows
    assert ["status", "member"] in rows
    rules = referring(earn(Flat(5), name="joins", on=[trigger(FRIEND_JOINS)]))
    told = render_scenarios([tell(rules, [happening("2026-03-02", JOIN, actor=1), expect(1)])], PLAIN)
    assert "join by friend" in told
    assert "earned by joins" in told


def test_machines_get_status_counters_and_whose_it_is() -> None:
    """SCEN-8, SCEN-9: a chapter has the level and the counters after it, in display units, by its schema."""
    steps: list[Step] = [happening("2026-03-01", PURCHASE, 12000), level(1, "2027-12-31"), counter(1, 1)]
    ((told,),) = [json.loads(scenarios_to_json([tell(with_status(), steps)]))["scenarios"]]
    chapter = told["story"][-1]
    assert chapter["status"] == {"status": "gold"}
    assert chapter["counters"] == {"spend": 120, "trips": 1}
    assert chapter["friend"] is None
    status, trips = told["expectations"]
    assert (status["ladder"], status["actual"], status["actual_through"]) == ("status", "gold", "2027-12-31")
    assert (trips["counter"], trips["expected"], trips["actual"]) == ("trips", "1", "1")
