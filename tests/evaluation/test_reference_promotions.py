"""Worked examples of amounts of every form, of groups, raises, shares, and of limits in every window."""

from fractions import Fraction

import attrs
import pytest
from programs_by_hand import (
    CARD,
    CATEGORY,
    DRINK,
    FOOD,
    NOWHERE,
    OTHER,
    PAYMENT,
    STAY,
    at,
    currency,
    earn,
    posted,
    program,
    purchase,
    times,
    trigger,
    units,
)
from promotions_by_hand import grouped

from loyalty_dsl.calendar import Unit, format_day
from loyalty_dsl.evaluation.checkout import Checkout, Line
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.groups import open_group
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.promotions import earn as pay
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.evaluation.windows import ALWAYS, window_from, window_until
from loyalty_dsl.language.amounts import (
    Case,
    Choice,
    Flat,
    Nothing,
    PerField,
    PerItem,
    PerMoney,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.conditions import (
    Base,
    Compare,
    EventAmount,
    EventDay,
    EventField,
    ItemField,
    Literal,
    Order,
)
from loyalty_dsl.language.program import Combine, EarnRule, Limit, LimitWindow, Program, RoundPer
from loyalty_dsl.language.types import EventKind, Field, Kind
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership
from loyalty_dsl.quantities import Rounding

EARNED = PostingKind.EARNED
NIGHTS = Field("nights", Kind.NUMBER, (), 0, NOWHERE)
EXACT = PerMoney(1, 100, False, Base.AMOUNT)
BY_CARD = Compare(EventField(PAYMENT), Order.EQUAL, Literal(CARD, Kind.ONE_OF))
A_DRINK = Compare(ItemField(CATEGORY), Order.EQUAL, Literal(DRINK, Kind.ONE_OF))


def by_rule(rules: Program, event: Event) -> dict[str, int]:
    """What each rule posts at a first event."""
    return {p.name: p.units for p in apply(open_group(rules), event).postings if p.kind is EARNED}


def silent(rules: Program, event: Event) -> dict[int, Silence]:
    return dict(apply(open_group(rules), event).silent)


def named(name: str, amount: object, *limits: Limit, **rest: object) -> EarnRule:
    return earn(amount, *limits, name=name, **rest)  # type: ignore[arg-type]


# ---- amounts


@pytest.mark.parametrize(
    ("amount", "nights", "worth"),
    [
        (PerField(2, 3, False, NIGHTS), 10, Fraction(20, 3)),
        (PerField(2, 3, True, NIGHTS), 10, Fraction(6)),
        (PerField(5, 1, False, NIGHTS), 0, Fraction(0)),
        (PerField(5, 1, False, NIGHTS), -4, Fraction(0)),
    ],
)
def test_an_amount_for_a_number_of_the_event(amount: PerField, nights: int, worth: Fraction) -> None:
    """EARN-6: 2 points per 3 nights, exactly or for each 3; a negative number is none."""
    stay = EventKind("stay", STAY, (NIGHTS,), True, None)
    rules = program(earn(amount, on=[trigger(STAY)]))
    rules = attrs.evolve(rules, events=(*rules.events[:STAY], stay))
    event = attrs.evolve(purchase("2026-03-01", 0), kind=STAY, fields=(nights,))
    facts = Facts((nights,), 0, 0, (0,), 0)
    earned = pay(rules, Usage.of(0), event, facts, Checkout(0, ()))
    assert [p.exact for p in earned.passed] == ([worth] if worth else [])


def test_an_amount_for_each_item_leaves_out_what_is_free() -> None:
    """EARN-7: of two drinks and a sandwich one drink is free, so one stamp."""
    rules = program(earn(PerItem(1), items=A_DRINK))
    lines = (Line(400, 0, (DRINK,), free=True), Line(300, 300, (DRINK,)), Line(500, 500, (FOOD,)))
    facts = Facts((OTHER,), 1200, 800, (0,), 0)
    (passed,) = pay(rules, Usage.of(0), purchase("2026-03-01", 1200), facts, Checkout(1200, lines)).passed
    assert (passed.units, passed.base, passed.positions) == (1, 700, (0, 1))


def test_a_purchase_without_items_has_no_items() -> None:
    """EARN-7: whatever its basket."""
    assert by_rule(program(named("stamps", PerItem(1))), purchase("2026-03-01", 1000)) == {}


def test_bands_of_the_whole_amount_and_slices_of_it() -> None:
    """EARN-8, EARN-9: $150.00 at 1 point per $1 from $0 and 2 from $100 is 300 by band and 200 by slices."""
    from_100 = Compare(EventAmount(Base.AMOUNT), Order.AT_LEAST, Literal(10000, Kind.MONEY))
    band = Choice((Case(from_100, PerMoney(2, 100, False, Base.AMOUNT)),), EXACT)
    slices = Slices(Base.AMOUNT, (0, 10000), (1, 2), (100, 100))
    rules = program(named("band", band), named("slices", slices))
    assert by_rule(rules, purchase("2026-03-01", 15000)) == {"band": 300, "slices": 200}
    assert by_rule(rules, purchase("2026-03-01", 9999)) == {"band": 99, "slices": 99}
    assert by_rule(rules, purchase("2026-03-01", 10000)) == {"band": 200, "slices": 100}


def test_the_first_row_that_holds_gives_the_amount() -> None:
    """EARN-8: rows by date, inside one by payment, and nothing otherwise."""
    later = Compare(EventDay(), Order.AT_LEAST, Literal(at("2026-07-01"), Kind.DATE))
    by_payment = Choice((Case(BY_CARD, Flat(30)),), Nothing())
    rules = program(named("table", Choice((Case(later, by_payment),), Flat(10))))
    assert by_rule(rules, purchase("2026-06-30", 100)) == {"table": 10}
    assert by_rule(rules, purchase("2026-07-01", 100, payment=CARD)) == {"table": 30}
    assert by_rule(rules, purchase("2026-07-01", 100, payment=OTHER)) == {}
    assert silent(rules, purchase("2026-07-01", 100, payment=OTHER)) == {0: Silence.NOTHING}


def test_a_rule_makes_others_up_to_its_amount() -> None:
    """EARN-11: base gives 10.50 of 3 points per $1, and the rest is 21; per event they add up to 31.50."""
    base = named("base", EXACT)
    up_to = attrs.evolve(named("triple", PerMoney(3, 100, False, Base.AMOUNT)), raises=(0,))
    down = currency(round_per=RoundPer.EVENT)
    assert by_rule(program(base, up_to, currencies=[down]), purchase("2026-03-01", 1050)) == {
        "base": 10,
        "triple": 21,
    }
    less = attrs.evolve(named("less", PerMoney(1, 200, False, Base.AMOUNT)), raises=(0,))
    assert by_rule(program(base, less), purchase("2026-03-01", 1050)) == {"base": 10}


def test_what_a_limit_cut_is_made_up_from_what_was_posted() -> None:
    """EARN-10, EARN-11, LIMIT-5: base is cut to 4 of 10.5, so 3 per $1 adds 27.5."""
    up_to = attrs.evolve(named("triple", PerMoney(3, 100, False, Base.AMOUNT)), raises=(0,))
    rules = program(named("base", EXACT, units(4, None)), up_to)
    assert by_rule(rules, purchase("2026-03-01", 1050)) == {"base": 4, "triple": 27}


def test_a_share_of_rules_is_of_what_they_passed_on() -> None:
    """EARN-10: 60% of 10.5 and of nothing, as the second does not fire; half up."""
    share = named("bonus", ShareOfRules(Fraction(3, 5), (0, 1)))
    rules = program(named("base", EXACT), named("card", Flat(100), when=BY_CARD), share)
    rules = attrs.evolve(rules, currencies=(currency(rounding=Rounding.HALF_UP),))
    event = purchase("2026-03-01", 1050, payment=OTHER)
    assert by_rule(rules, event) == {"base": 11, "bonus": 6}


def test_rules_are_asked_after_those_that_they_refer_to() -> None:
    """EARN-10: a share that is declared first is paid last."""
    rules = program(named("bonus", ShareOfRules(Fraction(1), (1,))), named("base", EXACT))
    assert by_rule(attrs.evolve(rules, order=(1, 0)), purchase("2026-03-01", 1000)) == {
        "base": 10,
        "bonus": 10,
    }


def test_a_chance_is_asked_when_all_else_holds() -> None:
    """EARN-12: luck decides, and only of a rule that would fire."""
    rules = program(attrs.evolve(named("lottery", Flat(1), when=BY_CARD), chance=Fraction(1, 100)))
    facts = Facts((CARD,), 100, 100, (0,), 0)
    for lucky, why in ((True, ()), (False, ((0, Silence.CHANCE),))):
        luck = lambda rule, lucky=lucky: lucky  # noqa: E731
        earned = pay(rules, Usage.of(0), purchase("2026-03-01", 100), facts, Checkout(100, ()), luck=luck)
        assert (len(earned.passed), earned.silent) == (int(lucky), why)
    with pytest.raises(ValueError, match="nothing draws it"):
        pay(rules, Usage.of(0), purchase("2026-03-01", 100), facts, Checkout(100, ()))


# ---- groups


def test_a_group_pays_the_best_for_the_member() -> None:
    """GROUP-1: of 10.5 and 20 the second, and the first of equals."""
    rules = grouped(Combine.BEST, named("base", EXACT), named("flat", Flat(20)), named("same", Flat(20)))
    assert by_rule(rules, purchase("2026-03-01", 1050)) == {"flat": 20}
    assert silent(rules, purchase("2026-03-01", 1050)) == {0: Silence.GROUP, 2: Silence.GROUP}
    assert by_rule(rules, purchase("2026-03-01", 3000)) == {"base": 30}


def test_the_best_is_what_limits_let_it_be() -> None:
    """GROUP-2: 30 with a room of 10 is worth less than 20."""
    rules = grouped(Combine.BEST, named("cut", Flat(30), units(10, None)), named("whole", Flat(20)))
    assert by_rule(rules, purchase("2026-03-01", 100)) == {"whole": 20}


def test_a_group_compares_exact_worths() -> None:
    """GROUP-2: 10.6 beats 10.5 although both post 10, whichever is declared first."""
    more = named("more", PerMoney(106, 10000, False, Base.AMOUNT))
    less = named("less", PerMoney(105, 10000, False, Base.AMOUNT))
    for rules in (grouped(Combine.BEST, less, more), grouped(Combine.BEST, more, less)):
        assert by_rule(rules, purchase("2026-03-01", 1000)) == {"more": 10}


def test_a_group_pays_the_first_or_the_newest_that_is_worth_something() -> None:
    """GROUP-1: in order of preference, past a rule that comes to 0 and one that does not fire."""
    rules = (named("old", Flat(5)), named("new", Flat(7)), named("card", Flat(9), when=BY_CARD))
    event = purchase("2026-03-01", 100, payment=OTHER)
    assert by_rule(grouped(Combine.FIRST, *rules), event) == {"old": 5}
    assert by_rule(grouped(Combine.NEWEST, *rules, preference=(2, 1, 0)), event) == {"new": 7}
    nothing = (named("nil", PerMoney(1, 10000, True, Base.AMOUNT)), *rules)
    assert by_rule(grouped(Combine.FIRST, *nothing), event) == {"old": 5}


def test_a_groups_limit_counts_all_of_its_rules() -> None:
    """GROUP-3: a room of 10 for 7 and 7 posts 7 and 3; then nothing that day."""
    rules = grouped(Combine.ADD, named("one", Flat(7)), named("two", Flat(7)), limits=[units(10)])
    assert by_rule(rules, purchase("2026-03-01", 100)) == {"one": 7, "two": 3}
    events = [purchase("2026-03-01", 100), purchase("2026-03-01", 100), purchase("2026-03-02", 100)]
    assert posted(run(rules, events, events[-1].day).postings, EARNED) == [7, 3, 7, 3]


def test_a_share_of_a_group_sees_what_it_chose() -> None:
    """EARN-10, GROUP-1: half of the group is half of the rule that was paid, not of the other."""
    rules = grouped(
        Combine.BEST,
        named("one", Flat(8)),
        named("two", Flat(20), units(12, None)),
        others=[named("half", ShareOfRules(Fraction(1, 2), (0, 1)))],
    )
    assert by_rule(rules, purchase("2026-03-01", 100)) == {"two": 12, "half": 6}


# ---- limits


@pytest.mark.parametrize(
    ("window", "same", "other"),
    [
        (Period(3, "fiscal year"), "2027-02-28", "2027-03-01"),
        (YearOfMembership(), "2027-01-14", "2027-01-15"),
        (Lifetime(), "2031-01-01", None),
        (Unit.QUARTER, "2026-03-31", "2026-04-01"),
    ],
)
def test_limits_count_in_every_window(window: LimitWindow, same: str, other: str | None) -> None:
    """LIMIT-6: a year from March, a year from the joined day, a lifetime, a quarter."""
    first = "2026-03-01" if isinstance(window, Period) else "2026-01-15"
    limit = attrs.evolve(units(10), window=window)
    days = [first, same] + ([] if other is None else [other])
    rules = program(named("base", Flat(8), limit))
    events = [purchase(day, 100) for day in days]
    got = posted(run(rules, events, events[-1].day).postings, EARNED)
    assert got == [8, 2] + ([] if other is None else [8])


def test_a_year_of_membership_of_29_february() -> None:
    """LIMIT-6, TIME-3: it turns on the 28th in other years, and on the 29th again in a leap year."""
    joined = at("2024-02-29")
    window = YearOfMembership()
    for day in ("2025-02-27", "2024-02-29", "2019-07-01"):  # all that came before joining is in the first
        assert window_from(window, at(day), joined) == ALWAYS
        assert format_day(window_until(window, at(day), joined)) == "2025-02-28"
    for day, first, end in (
        ("2025-02-28", "2025-02-28", "2026-02-28"),
        ("2028-02-28", "2027-02-28", "2028-02-29"),
        ("2028-02-29", "2028-02-29", "2029-02-28"),
    ):
        assert format_day(window_from(window, at(day), joined)) == first
        assert format_day(window_until(window, at(day), joined)) == end


def test_a_limit_that_refuses_pays_nothing_in_part() -> None:
    """LIMIT-7: of 25, 25 and 25 with a room of 60 the third is not paid; 10 would have fitted."""
    limit = attrs.evolve(units(60), refuses=True)
    events = [purchase("2026-03-01", 2500) for _ in range(3)]
    rules = program(named("base", EXACT, limit))
    assert posted(run(rules, events, events[-1].day).postings, EARNED) == [25, 25]
    small = [*events, purchase("2026-03-01", 1000)]
    assert posted(run(rules, small, small[-1].day).postings, EARNED) == [25, 25, 10]


def test_what_is_returned_gives_its_room_back() -> None:
    """LIMIT-8: in the same window only, and the time when asked."""
    rules = program(named("base", Flat(8), units(10), times(1, Unit.MONTH)))
    limits = rules.earns[0].limits
    usage, day = Usage.of(2), at("2026-03-01")
    usage.count(limits, day, units=8, times=1)
    usage.give_back(limits, day, day, units=5, times=0)
    assert [usage.in_window(limit, day) for limit in limits] == [3, 1]
    usage.give_back(limits, day, day + 1, units=3, times=1)
    assert [usage.in_window(limit, day) for limit in limits] == [3, 0]


def test_a_limit_for_everyone_cuts_nobody_until_it_is_closed() -> None:
    """LIMIT-9: from the day on which it is closed, until its window ends."""
    limit = attrs.evolve(units(5, Unit.MONTH), everyone=True)
    usage = Usage.of(1)
    usage.count((limit,), at("2026-03-01"), units=100, times=1)
    assert usage.fitting((limit,), at("2026-03-02"), 7) == 7
    usage.closed = {(0, at("2026-03-01")): at("2026-03-10")}
    assert [
        usage.fitting((limit,), at(f"2026-{day}"), 7) for day in ("03-09", "03-10", "03-31", "04-01")
    ] == [
        7,
        0,
        0,
        7,
    ]
