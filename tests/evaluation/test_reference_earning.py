"""Worked examples of earning: numbers, amounts, rules and limits."""

from fractions import Fraction

import pytest
from programs_by_hand import (
    A_POINT_PER_DOLLAR,
    CARD,
    CATEGORY,
    DRINK,
    FOOD,
    OTHER,
    PAYMENT,
    STAY,
    at,
    currency,
    earn,
    join,
    posted,
    program,
    purchase,
    reward,
    times,
    trigger,
    units,
)

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.checkout import spread_over_items
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import give_opening, open_group
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Base,
    Compare,
    DaysSinceJoin,
    EventAmount,
    EventField,
    EventWeekday,
    ItemField,
    Literal,
    Not,
    OneAmong,
    Order,
)
from loyalty_dsl.language.program import DayRange, DaysOfMonth, DaysOfWeek, DaysOfYear, Program, RoundPer
from loyalty_dsl.language.types import JOIN, Kind
from loyalty_dsl.quantities import Rounding

EARNED = PostingKind.EARNED


def earned(program: Program, *events: Event) -> list[int]:
    """Units of each earned posting of a member with these events."""
    return posted(run(program, events, events[-1].day).postings, EARNED)


# ---- numbers


def test_a_rate_is_a_ratio() -> None:
    """NUM-2, EARN-3: 1.2 points per $1 on $8.95 is 10.74 exactly."""
    rate = earn(PerMoney(12, 1000, False, Base.BASKET))
    for rounding, expected in ((Rounding.DOWN, 10), (Rounding.HALF_UP, 11), (Rounding.UP, 11)):
        assert earned(
            program(rate, currencies=[currency(rounding=rounding)]), purchase("2026-01-05", 895)
        ) == [expected]


@pytest.mark.parametrize(
    ("rounding", "expected"), [(Rounding.DOWN, 10), (Rounding.HALF_UP, 11), (Rounding.UP, 11)]
)
def test_a_half_is_rounded_as_the_currency_says(rounding: Rounding, expected: int) -> None:
    """NUM-3: 10.5 becomes 10, 11 and 11; each rule on its own."""
    half = PerMoney(1, 100, False, Base.BASKET)
    rules = program(earn(half), earn(half, name="again"), currencies=[currency(rounding=rounding)])
    assert earned(rules, purchase("2026-01-05", 1050)) == [expected, expected]


def test_per_event_rounds_the_running_total() -> None:
    """NUM-4: 0.6 and 0.6 rounded down post 0 and 1; a third 0.6 makes 1.8 and posts 0."""
    part = PerMoney(6, 1000, False, Base.BASKET)
    rules = program(
        earn(part, name="first"),
        earn(part, name="second"),
        earn(part, name="third"),
        currencies=[currency(round_per=RoundPer.EVENT)],
    )
    postings = run(rules, [purchase("2026-01-05", 100)], at("2026-01-05")).postings
    assert [(p.name, p.units) for p in postings] == [("second", 1)]


def test_each_event_has_a_running_total_of_its_own() -> None:
    """NUM-4: what an event's rounding dropped is not made up for by the next."""
    part = PerMoney(6, 1000, False, Base.BASKET)
    rules = program(earn(part), currencies=[currency(round_per=RoundPer.EVENT)])
    assert earned(rules, purchase("2026-01-05", 100), purchase("2026-01-06", 100)) == []


def test_a_cut_rule_passes_on_what_it_posted() -> None:
    """LIMIT-5, NUM-4: 2.6 cut to 2 leaves 2 in the running total, so that 0.6 more posts 0 and not 1."""
    part = PerMoney(6, 1000, False, Base.BASKET)
    big = PerMoney(26, 1000, False, Base.BASKET)
    half_up = currency(rounding=Rounding.HALF_UP, round_per=RoundPer.EVENT)
    uncut = program(earn(big, name="big"), earn(part), currencies=[half_up])
    cut = program(earn(big, units(2), name="big"), earn(part), currencies=[half_up])
    assert earned(uncut, purchase("2026-01-05", 100)) == [3]  # 2.6 posts 3; 3.2 posts no more
    assert earned(cut, purchase("2026-01-05", 100)) == [2, 1]  # 2 + 0.6 = 2.6 rounds to 3


def test_a_limit_that_does_not_bind_is_no_cut() -> None:
    """LIMIT-5: a rule that posted 0 of 0.4 with its limit used up passes on its 0.4."""
    small = PerMoney(4, 1000, False, Base.BASKET)
    per_event = currency(round_per=RoundPer.EVENT)
    rules = program(
        earn(small, times(0)), earn(PerMoney(6, 1000, False, Base.BASKET)), currencies=[per_event]
    )
    assert earned(rules, purchase("2026-01-05", 100)) == [1]


def test_amounts_stay_exact_far_beyond_what_a_float_holds() -> None:
    """NUM-1: a third of a cent-exact basket, times an odd number of units."""
    rules = program(earn(PerMoney(999_999_937, 3, False, Base.BASKET)))
    assert earned(rules, purchase("2026-01-05", 999_999_999)) == [999_999_937 * 999_999_999 // 3]


# ---- amounts


def test_the_amount_is_what_rewards_left_of_the_basket() -> None:
    """AMT-2, EVENT-1: $12 less $5 earns 7 points of the amount and 12 of the basket."""
    rules = program(
        earn(A_POINT_PER_DOLLAR, name="of_amount"),
        earn(PerMoney(1, 100, True, Base.BASKET), name="of_basket"),
        reward(100, 500, automatic=True),
    )
    group = open_group(rules)
    give_opening(group, 0, 100, at("2026-01-01"))
    outcome = apply(group, purchase("2026-01-05", 1200))
    assert (outcome.off, outcome.amount) == (500, 700)
    assert posted(outcome.postings, EARNED) == [7, 12]


def test_the_amount_is_never_below_nothing() -> None:
    """AMT-2: $5 off in full of a basket of $3 leaves 0."""
    rules = program(earn(), reward(100, 500, automatic=True, in_full=True))
    group = open_group(rules)
    give_opening(group, 0, 100, at("2026-01-01"))
    outcome = apply(group, purchase("2026-01-05", 300))
    assert (outcome.off, outcome.amount, posted(outcome.postings, EARNED)) == (500, 0, [])


def test_money_off_is_spread_over_items() -> None:
    """AMT-3: the page's example, uneven parts, more off than there is, and an empty basket."""
    assert spread_over_items(500, [300, 300, 400]) == [150, 150, 200]
    assert spread_over_items(100, [333, 333, 334]) == [33, 33, 34]
    assert spread_over_items(900, [300, 300]) == [300, 300]
    assert spread_over_items(500, [0, 0]) == [0, 0]
    assert spread_over_items(0, [100]) == [0]


def test_an_item_rule_sees_only_the_items_that_pass() -> None:
    """AMT-4, AMT-3, AMT-1: $5 off items of $3, $3 and $4 leaves $1.50 + $1.50 of the drinks."""
    drinks = Compare(ItemField(CATEGORY), Order.EQUAL, Literal(DRINK, Kind.ONE_OF))
    a_cent = PerMoney(1, 1, False, Base.AMOUNT)
    rules = program(
        earn(a_cent, name="amount", items=drinks),
        earn(PerMoney(1, 1, False, Base.BASKET), name="basket", items=drinks),
        reward(100, 500, automatic=True),
    )
    group = open_group(rules)
    give_opening(group, 0, 100, at("2026-01-01"))
    items = [(300, DRINK), (300, DRINK), (400, FOOD)]
    assert posted(apply(group, purchase("2026-01-05", items=items)).postings, EARNED) == [300, 600]


def test_a_purchase_without_items_has_none_that_pass() -> None:
    """AMT-4: nor does one in which the filter lets nothing through."""
    drinks = OneAmong(ItemField(CATEGORY), (DRINK,))
    rules = program(earn(items=drinks))
    assert earned(rules, purchase("2026-01-05", 900)) == []
    assert earned(rules, purchase("2026-01-05", items=[(900, FOOD)])) == []
    assert earned(rules, purchase("2026-01-05", items=[(900, FOOD), (200, DRINK)])) == [2]


# ---- rules


def test_a_rule_fires_once_however_many_triggers_hold() -> None:
    """EARN-1: two triggers of the same kind, both of which hold."""
    large = trigger(where=Compare(EventAmount(Base.AMOUNT), Order.AT_LEAST, Literal(500, Kind.MONEY)))
    rules = program(earn(Flat(10), on=[large, trigger()]))
    assert earned(rules, purchase("2026-01-05", 600)) == [10]


def test_where_belongs_to_its_trigger_and_when_to_the_rule() -> None:
    """EARN-1: any trigger, all conditions."""
    card = Compare(EventField(PAYMENT), Order.EQUAL, Literal(CARD, Kind.ONE_OF))
    week_in = Compare(DaysSinceJoin(), Order.AT_LEAST, Literal(7, Kind.NUMBER))
    rules = program(earn(Flat(10), on=[trigger(where=card), trigger(STAY)], when=week_in))
    group = open_group(rules)
    silences = []
    for event in (
        purchase("2026-01-01", payment=CARD),
        purchase("2026-01-08", payment=OTHER),
        purchase("2026-01-08", payment=CARD, minute=1),
    ):
        outcome = apply(group, event)
        silences.append([why for _, why in outcome.silent])
    assert silences == [[Silence.WHEN], [Silence.WHERE], []]
    assert group.only.accounts[0].outstanding == 10


def test_the_balance_in_a_condition_is_before_this_event_earns() -> None:
    """EARN-1, EVENT-4: a rule never sees what an earlier rule of the same event earned."""
    rich = Compare(BalanceOf(0), Order.AT_LEAST, Literal(10, Kind.UNITS))
    rules = program(earn(Flat(10), name="first"), earn(Flat(1), name="second", when=rich))
    assert earned(rules, purchase("2026-01-05")) == [10]
    assert earned(rules, purchase("2026-01-05"), purchase("2026-01-06")) == [10, 10, 1]


@pytest.mark.parametrize(
    ("order", "holds_for"),
    [
        (Order.EQUAL, {500}),
        (Order.LESS, {499}),
        (Order.AT_MOST, {499, 500}),
        (Order.MORE, {501}),
        (Order.AT_LEAST, {500, 501}),
    ],
)
def test_comparisons(order: Order, holds_for: set[int]) -> None:
    """EVENT-4: each order, below, at and above; and its negation."""
    compare = Compare(EventAmount(Base.BASKET), order, Literal(500, Kind.MONEY))
    for basket in (499, 500, 501):
        event = purchase("2026-01-05", basket)
        assert earned(program(earn(Flat(1), when=compare)), event) == [1] * (basket in holds_for)
        assert earned(program(earn(Flat(1), when=Not(compare))), event) == [1] * (basket not in holds_for)


def test_and_and_or() -> None:
    """EVENT-4: every part of an `and`, any part of an `or`."""
    small = Compare(EventAmount(Base.AMOUNT), Order.LESS, Literal(500, Kind.MONEY))
    by_card = Compare(EventField(PAYMENT), Order.EQUAL, Literal(CARD, Kind.ONE_OF))
    both, either = All((small, by_card)), Any((small, by_card))
    counts = {}
    for name, condition in (("both", both), ("either", either)):
        rules = program(earn(Flat(1), when=condition))
        counts[name] = [
            len(earned(rules, purchase("2026-01-05", basket, payment=payment)))
            for basket in (100, 900)
            for payment in (CARD, OTHER)
        ]
    assert counts == {"both": [1, 0, 0, 0], "either": [1, 1, 1, 0]}


def test_a_flat_amount_with_an_item_filter_needs_an_item_that_passes() -> None:
    """EARN-2: whatever the item costs; without a filter nothing is asked."""
    drinks = OneAmong(ItemField(CATEGORY), (DRINK,))
    rules = program(earn(Flat(5), items=drinks))
    assert earned(rules, purchase("2026-01-05", items=[(0, DRINK), (100, FOOD)])) == [5]
    assert earned(rules, purchase("2026-01-05", items=[(100, FOOD)])) == []
    assert earned(program(earn(Flat(5))), purchase("2026-01-05", 0)) == [5]


def test_whole_dollars_are_counted_once_for_the_rule() -> None:
    """EARN-3: $19.99 is 19 points; two drinks of $1.50 are $3, not $1 and $1; 2 points per whole $5."""
    assert earned(program(earn(A_POINT_PER_DOLLAR)), purchase("2026-01-05", 1999)) == [19]
    drinks = OneAmong(ItemField(CATEGORY), (DRINK,))
    rules = program(earn(A_POINT_PER_DOLLAR, items=drinks))
    assert earned(rules, purchase("2026-01-05", items=[(150, DRINK), (150, DRINK)])) == [3]
    assert earned(program(earn(PerMoney(2, 500, True, Base.BASKET))), purchase("2026-01-05", 1499)) == [4]


def test_a_share_is_of_the_money() -> None:
    """EARN-4: 5% of $8.95 is 44.75 cents."""
    rules = program(
        earn(Share(Fraction(5, 100), Base.BASKET)),
        currencies=[currency("credit", in_money=True, rounding=Rounding.HALF_UP)],
    )
    assert earned(rules, purchase("2026-01-05", 895)) == [45]


def test_nothing_is_no_posting() -> None:
    """EARN-5: $0.99 makes no lot and uses up no limit."""
    rules = program(earn(A_POINT_PER_DOLLAR, times(1)))
    assert earned(rules, purchase("2026-01-05", 99), purchase("2026-01-05", 100, minute=1)) == [1]


def test_rules_pay_in_declared_order() -> None:
    """EVENT-1: postings of one event come in the order of the rules, each named."""
    rules = program(earn(Flat(1), name="one"), earn(Flat(2), name="two"))
    names = [p.name for p in run(rules, [purchase("2026-01-05")], at("2026-01-05")).postings]
    assert names == ["one", "two"]


# ---- dates


def test_dates_name_days() -> None:
    """TIME-6: both ends of a range, alternatives, days of any month, and clauses together."""
    spring = DayRange(at("2026-03-01"), at("2026-05-31"))
    eve = DayRange(at("2026-12-24"), at("2026-12-24"))
    early = DaysOfMonth(1, 7)
    one_clause = program(earn(Flat(1), dates=((spring, eve),)))
    days = ["2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01", "2026-12-24"]
    assert [bool(earned(one_clause, purchase(day))) for day in days] == [False, True, True, False, True]
    two_clauses = program(earn(Flat(1), dates=((spring, eve), (early,))))
    days = ["2026-03-07", "2026-03-08", "2026-06-07", "2026-12-24"]
    assert [bool(earned(two_clauses, purchase(day))) for day in days] == [True, False, False, False]


def test_dates_name_days_of_every_year_and_of_every_week() -> None:
    """TIME-6: through the turn of the year, 29 February in leap years only, and Saturday with Sunday."""
    turn = program(earn(Flat(1), dates=((DaysOfYear((12, 20), (1, 6)),),)))
    days = ["2026-01-06", "2026-01-07", "2026-12-19", "2026-12-20", "2027-01-01", "2027-01-07"]
    assert [bool(earned(turn, purchase(day))) for day in days] == [True, False, False, True, True, False]
    leap = program(earn(Flat(1), dates=((DaysOfYear((2, 29), (2, 29)),),)))
    days = ["2027-02-28", "2027-03-01", "2028-02-28", "2028-02-29"]
    assert [bool(earned(leap, purchase(day))) for day in days] == [False, False, False, True]
    weekend = program(earn(Flat(1), dates=((DaysOfWeek((5, 6)),),)))
    days = ["2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]
    assert [bool(earned(weekend, purchase(day))) for day in days] == [False, True, True, False]


def test_a_condition_knows_the_day_of_the_week() -> None:
    """EVENT-4: the day of the event, a Monday first."""
    monday = program(earn(Flat(1), when=OneAmong(EventWeekday(), (0,))))
    days = ["2026-01-04", "2026-01-05", "2026-01-06"]
    assert [bool(earned(monday, purchase(day))) for day in days] == [False, True, False]


# ---- limits


def test_a_limit_pays_the_part_that_fits() -> None:
    """LIMIT-1: of 100 a day 90 are used; 25 more post 10, and then nothing."""
    rules = program(earn(A_POINT_PER_DOLLAR, units(100)))
    day = "2026-01-05"
    assert earned(rules, purchase(day, 9000), purchase(day, 2500), purchase(day, 2600)) == [90, 10]


def test_what_counts_is_what_was_paid() -> None:
    """LIMIT-2: visits that post 0 are no times."""
    rules = program(earn(A_POINT_PER_DOLLAR, times(2)))
    day = "2026-01-05"
    baskets = [50, 100, 50, 200, 300]
    assert earned(rules, *(purchase(day, b, minute=i) for i, b in enumerate(baskets))) == [1, 2]


@pytest.mark.parametrize(
    ("window", "last_day_in", "first_day_out"),
    [
        (Unit.DAY, "2026-01-05", "2026-01-06"),
        (Unit.WEEK, "2026-01-11", "2026-01-12"),
        (Unit.MONTH, "2026-01-31", "2026-02-01"),
        (Unit.QUARTER, "2026-03-31", "2026-04-01"),
        (Unit.YEAR, "2026-12-31", "2027-01-01"),
    ],
)
def test_a_window_starts_at_nothing(window: Unit, last_day_in: str, first_day_out: str) -> None:
    """LIMIT-3, TIME-2: from Monday 5 January, the last day in the window is limited and the next is not."""
    rules = program(earn(Flat(1), times(1, window)))
    assert earned(rules, purchase("2026-01-05"), purchase(last_day_in, minute=5)) == [1]
    assert earned(rules, purchase("2026-01-05"), purchase(first_day_out)) == [1, 1]


def test_a_day_ends_at_midnight() -> None:
    """TIME-1: a visit at 23:59 and one at 00:00 are of two days."""
    rules = program(earn(Flat(1), times(1)))
    late = purchase("2026-01-05", minute=23 * 60 + 59)
    assert earned(rules, late, purchase("2026-01-06", minute=0)) == [1, 1]


def test_a_limit_per_event_counts_within_one_event() -> None:
    """LIMIT-3: 10 points at most for each purchase."""
    rules = program(earn(A_POINT_PER_DOLLAR, units(10, None)))
    assert earned(rules, purchase("2026-01-05", 2500), purchase("2026-01-05", 700, minute=1)) == [10, 7]


def test_the_least_room_decides() -> None:
    """LIMIT-4: 8 an event, 20 a month, 3 times a month."""
    rules = program(earn(A_POINT_PER_DOLLAR, units(8, None), units(20, Unit.MONTH), times(3, Unit.MONTH)))
    events = [purchase(f"2026-01-0{day}", 900) for day in range(1, 7)]
    assert earned(rules, *events) == [8, 8, 4]
    small = [purchase(f"2026-01-0{day}", 200) for day in range(1, 7)]
    assert earned(rules, *small) == [2, 2, 2]


# ---- joining


def test_the_first_event_joins() -> None:
    """JOIN-1: whatever its kind; days since join count from it, and it is day 0."""
    new = Compare(DaysSinceJoin(), Order.EQUAL, Literal(0, Kind.NUMBER))
    rules = program(earn(Flat(1), when=new))
    assert earned(rules, purchase("2026-01-05"), purchase("2026-01-05", minute=9)) == [1, 1]
    assert earned(rules, join("2026-01-04"), purchase("2026-01-05")) == []


def test_a_second_join_is_refused() -> None:
    """JOIN-1, EVENT-2: and posts nothing; nor is a join the first event of one who has bought."""
    rules = program(earn(Flat(50), on=[trigger(JOIN)]))
    twice = run(rules, [join("2026-01-05"), join("2026-02-05")], at("2026-03-01"))
    assert posted(twice.postings, EARNED) == [50]
    assert [refusal.reason for refusal in twice.refusals] == ["the member has joined already"]
    late = run(rules, [purchase("2026-01-05"), join("2026-01-06")], at("2026-03-01"))
    assert (late.postings, len(late.refusals)) == ((), 1)


def test_only_a_join_event_triggers_on_join() -> None:
    """JOIN-2: joining by a purchase triggers nothing."""
    rules = program(earn(Flat(50), on=[trigger(JOIN)]))
    assert earned(rules, join("2026-01-05")) == [50]
    assert earned(rules, purchase("2026-01-05")) == []


def test_an_event_before_the_start_is_refused() -> None:
    """EVENT-2: it posts nothing, uses up no limit and joins nobody."""
    rules = program(earn(Flat(1), times(1, Unit.MONTH)), starts="2026-01-15")
    outcome = run(rules, [purchase("2026-01-14"), purchase("2026-01-15")], at("2026-01-31"))
    assert [refusal.reason for refusal in outcome.refusals] == ["the program starts on 2026-01-15"]
    assert posted(outcome.postings, EARNED) == [1]
    new = Compare(DaysSinceJoin(), Order.EQUAL, Literal(0, Kind.NUMBER))
    rules = program(earn(Flat(1), when=new), starts="2026-01-15")
    assert earned(rules, purchase("2026-01-14"), purchase("2026-01-15")) == [1]


def test_an_event_cannot_come_before_a_day_that_was_reached() -> None:
    """TIME-4: the clock does not go back."""
    rules = program(earn())
    group = open_group(rules)
    apply(group, purchase("2026-01-05"))
    with pytest.raises(ValueError, match="later day"):
        apply(group, purchase("2026-01-04"))
