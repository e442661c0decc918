"""Counters, totals and ladders once they are checked, and which are refused."""

import pytest
from club import HEAD, errors, is_value, program_of, rule

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    CounterSum,
    CounterValue,
    IsReferred,
    MemberField,
    Order,
    StatusOf,
)
from loyalty_dsl.language.counters import (
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Lapse
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, YearOfMembership
from loyalty_dsl.source import SourceText

# ---- counters


@pytest.mark.parametrize(
    ("written", "measure", "window", "kind"),
    [
        ("spend in calendar month", SpendMeasure(0), Unit.MONTH, Kind.MONEY),
        ("spend of stay in season", SpendMeasure(2), Period(3, "season"), Kind.MONEY),
        ("stays in lifetime", EventsMeasure(2), Lifetime(), Kind.NUMBER),
        ("purchases in rolling 30 days", EventsMeasure(0), Rolling(Duration(30, Unit.DAY)), Kind.NUMBER),
        ("items in year of membership", ItemsMeasure(), YearOfMembership(), Kind.NUMBER),
        ("points earned in calendar year", EarnedMeasure(0, (0, 1)), Unit.YEAR, Kind.UNITS),
        ("points earned by base in calendar year", EarnedMeasure(0, (0,)), Unit.YEAR, Kind.UNITS),
        ("points earned by both in calendar year", EarnedMeasure(0, (0, 1)), Unit.YEAR, Kind.UNITS),
    ],
)
def test_a_counter_counts_one_thing_in_one_window(
    written: str, measure: object, window: object, kind: Kind
) -> None:
    body = (
        f"    counter c = {written}\n    group both {{ combine add }}\n"
        + rule("on purchase\ngive 1 point per $1\nin both")
        + rule("on stay\ngive 5 points\nin both", "more")
        + rule("on purchase\ngive 1% of amount", "back")
    )
    counter = program_of(body).counters[2]
    assert (counter.name, counter.measure, counter.window, counter.kind) == ("c", measure, window, kind)


def test_a_field_of_an_event_may_be_counted_under_its_own_name() -> None:
    program = program_of("")
    assert isinstance(program.counters[0].measure, FieldMeasure)
    assert program.counters[0].measure.field.name == "nights"
    assert program.ladders[0].levels[2].when == is_value(CounterValue(0), 25, Kind.NUMBER, Order.AT_LEAST)


def test_a_counter_of_items_filters_items_and_where_it_reads_the_purchase_the_purchase() -> None:
    text = "    counter c = items in calendar year where category is drink and payment is card\n"
    counter = program_of(text).counters[2]
    assert counter.items is not None
    assert counter.where is not None


def test_equal_measures_in_place_are_one_counter_and_previous_windows_belong_to_it() -> None:
    program = program_of(
        rule(
            "on purchase\ngive 1 point\nwhen purchases in calendar month >= 3\n"
            "when purchases in previous calendar month >= 1\nwhen spend in calendar year >= $5"
        )
    )
    assert [counter.name for counter in program.counters] == [
        "nights",
        "spent",
        "purchases in calendar month",
    ]
    when = program.earns[0].when
    assert isinstance(when, All)
    operands = [each.left for each in when.conditions if isinstance(each, Compare)]
    assert operands == [CounterValue(2), CounterValue(2, True), CounterValue(1)]


def test_totals_are_sums_of_multiples_over_a_scale() -> None:
    program = program_of(
        "    counter a = points earned in calendar year\n    counter tenth = 10% of both\n"
        "    counter both = a minus b\n    counter b = points earned by base in calendar month\n"
        + rule("on purchase\ngive 1 point per $1")
        + rule("on stay\ngive 1 point\nwhen tenth >= 12", "more")
    )
    both, tenth = sorted(program.totals, key=lambda total: total.name)
    assert (both.terms, both.scale) == (((1, 2), (-1, 3)), 1)
    assert (tenth.terms, tenth.scale) == (((1, 2), (-1, 3)), 10)
    total = CounterSum(((1, CounterValue(2)), (-1, CounterValue(3))))
    assert program.earns[1].when == is_value(total, 120, Kind.UNITS, Order.AT_LEAST)


def test_a_ratio_is_compared_as_a_sum_whose_divisor_is_above_nothing() -> None:
    program = program_of(
        "    counter share_of = drinks divided by all_items\n"
        "    counter drinks = items in calendar year where category is drink\n"
        "    counter all_items = items in calendar year\n"
        + rule("on purchase\ngive 1 point\nwhen share_of >= 30%")
    )
    above = CounterSum(((10, CounterValue(2)), (-3, CounterValue(3))))
    below = CounterSum(((1, CounterValue(3)),))
    assert program.earns[0].when == All(
        (
            is_value(above, 0, Kind.NUMBER, Order.AT_LEAST),
            is_value(below, 0, Kind.NUMBER, Order.MORE),
        )
    )
    assert program.totals == ()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    counter c = fare_class of stay in lifetime\n", "L201 there is no field `fare_class` of `stay`"),
        ("    counter c = payment of purchase in lifetime\n",
         "L301 `payment` is one of `card` or `cash`, and only"),
        ("    counter c = spend of join in lifetime\n", "L309 a join carries no amount"),
        ("    counter c = spend in seson\n", "L201 there is no period `seson`"),
        ("    counter c = spend in previous calendar year\n",
         "L330 `previous calendar year` cannot stand here"),
        ("    counter c = a plus b\n    counter a = c plus b\n    counter b = stays in lifetime\n",
         "L327 these totals wait for each other: `c` needs `a` needs `c`"),
        ("    counter c = nights plus spent\n", "L301 `spent` is money, and cannot be added to `nights`"),
        ("    counter status = stays in lifetime\n", "L202 `status` is already the name of a ladder"),
        ("    counter cardholder = stays in lifetime\n",
         "L202 `cardholder` is already the name of a member field"),
        ("    counter c = stays in lifetime where status is gold\n", "L309 `status` cannot be read here"),
        (
            rule("on purchase\ngive 1 point\nwhen purchases >= 5"),
            "L204 `purchases` does not say in which window it counts",
        ),
        (rule("on purchase\ngive 1 point\nwhen silver"), "L201 `silver` is a level of `status`"),
        ("    counter c = nights divided by stays\n", "L201 there is no counter `stays`"),
        (rule("on purchase\ngive 1 point\nwhen spent >= 5"), "L301 `spent` is money, and `5` is a number"),
        (rule("on stay\ngive 1 point\nwhen nights >= 5"),
         "L208 `nights` is a counter and a field of the event"),
        (rule("on purchase\ngive 1 point\nwhen spend of stay >= $5"), "L204 `spend of stay` does not say"),
        (rule("on purchase\ngive 1 point\nwhen wakes in previous year of membership >= 5"),
         "L201 `wakes` is not something that can be counted"),
        (rule("on purchase\ngive 1 point\nwhen cash earned by base in lifetime >= $5"),
         "L302 `base` gives points, not cash"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(body: str, message: str) -> None:
    (error,) = errors(body)
    assert error.startswith(message)


def test_a_field_is_meant_behind_where_although_a_counter_has_its_name() -> None:
    (trigger,) = program_of(rule("on stay where nights >= 2\ngive 1 point")).earns[0].triggers
    assert isinstance(trigger.where, Compare)
    assert trigger.where.left != CounterValue(0)


# ---- tiers


def test_a_ladder_holds_and_lapses_as_written() -> None:
    ladder = program_of(
        '    tiers rank "Rank" {\n hold 12 months\n lapse at most one level\n upgrade before the event\n'
        " review every calendar month\n level low\n"
        ' level high "High" when status >= silver and cardholder and not referred\n    }\n'
    ).ladders[1]
    assert (ladder.label, ladder.hold, ladder.lapse) == (
        "Rank",
        HoldFor(Duration(12, Unit.MONTH)),
        Lapse.ONE_LEVEL,
    )
    assert (ladder.upgrade_before, ladder.review) == (True, Unit.MONTH)
    assert [(level.name, level.label, level.index) for level in ladder.levels] == [
        ("low", "Low", 0),
        ("high", "High", 1),
    ]
    when = ladder.levels[1].when
    assert isinstance(when, All)
    assert when.conditions[0] == is_value(StatusOf(0), 1, Kind.LEVEL, Order.AT_LEAST)
    assert isinstance(when.conditions[1], Compare)
    assert isinstance(when.conditions[1].left, MemberField)
    assert IsReferred() in [
        getattr(getattr(each, "condition", None), "left", None) for each in when.conditions
    ]


def test_a_term_may_end_with_a_period_and_some_time_after_it() -> None:
    ladder = program_of(
        " tiers rank { hold through end of season plus 2 months\n level low\n level high when nights >= 1 }"
    ).ladders[1]
    assert ladder.hold == HoldThrough(Period(3, "season"), Duration(2, Unit.MONTH))


def test_what_never_lapses_needs_no_hold() -> None:
    program = program_of(" tiers rank { lapse never\n level low\n level high when nights >= 1 }")
    assert program.ladders[1].lapse is Lapse.NEVER


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("level low when nights >= 1", "L331 `low` is the lowest level"),
        ("level low\n level high", "L331 `high` does not say how it is earned"),
        ("level low\n level low when nights >= 1", "L202 the level `low` is declared twice"),
        ("level low\n level high when rank >= low", "L309 `rank` cannot be read here"),
        (
            "level low\n level high when balance of points >= 5 points",
            "L309 `balance of points` cannot be read",
        ),
        ("level low\n level high when amount >= $5", "L309 `amount` cannot be read here"),
        ("level low\n level high when status >= silvr", "L308 `silvr` is not a level of `status`"),
        ("level low\n level high when status >= 5", "L301 `status` is a level: one of"),
        ("level low\n level high when status", "L307 `status` is a level"),
    ],
)
def test_a_wrong_level_is_refused(body: str, message: str) -> None:
    (error,) = errors(f" tiers rank {{ hold 1 year\n {body}\n }}")
    assert error.startswith(message)


def test_a_ladder_without_hold_is_refused() -> None:
    (error,) = errors(" tiers rank { level low\n level high when nights >= 1 }")
    assert error == "L204 the ladder `rank` has no `hold`"


def test_a_number_that_is_counted_is_not_so_large_that_sums_are_not_proved() -> None:
    scenario = (
        'scenario "long" for club {{\n    on 2026-02-01 stay $5.00 with nights {0}\n    expect {1}\n}}\n'
    )
    for nights, told in (("1,000,000", False), ("1,000,001", True)):
        text = HEAD + "}\n" + scenario.format(nights, "0 points")
        file, broken = parse_file(SourceText("club.loyalty", text))
        found = [finding.code for finding in (*broken, *check_book([file], broken)[1])]
        assert ("L311" in found) is told
