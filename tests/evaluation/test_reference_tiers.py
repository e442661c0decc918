"""Worked examples of ladders: what is earned, how long it is held, and what is left when a term ends."""

import attrs
import pytest
from programs_by_hand import (
    CARD,
    NEGATIVE,
    NOWHERE,
    OTHER,
    PAYMENT,
    RECHECKS,
    at,
    at_least,
    counter,
    earn,
    give_back,
    ladder,
    level_at_least,
    program,
    purchase,
)

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.groups import (
    Group,
    advance,
    decide_given,
    give_counter,
    give_level,
    held_through,
    open_group,
)
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Case, Choice, Flat
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    EventField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Order,
)
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Ladder, Lapse
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling

YEAR_AND_TAIL = HoldThrough(Unit.YEAR, Duration(12, Unit.MONTH))
TWELVE_MONTHS = HoldFor(Duration(12, Unit.MONTH))
SILVER, GOLD, TOP = 1, 2, 3


def level(group: Group, day: str) -> int:
    advance(group, at(day))
    return group.only.ladders[0].level


def through(group: Group, wanted: int = 1) -> int:
    return held_through(group.only, 0, wanted)


def by_spend(*sums: int, **more: object) -> Ladder:
    return ladder(*(at_least(0, each) for each in sums), **more)  # type: ignore[arg-type]


def test_the_highest_level_that_holds_is_earned() -> None:
    """TIER-1, TIER-2: gold by itself, although silver's condition does not hold."""
    silver = All((at_least(0, 100), Not(at_least(0, 200))))
    group = open_group(program(counters=[counter()], ladders=[ladder(silver, at_least(0, 500))]))
    assert level(group, "2026-01-01") == 0
    apply(group, purchase("2026-01-02", 600))
    assert level(group, "2026-01-02") == GOLD


def test_a_level_lasts_through_its_windows_end_and_the_tail() -> None:
    """TIER-3: Nordstrom, reached on 30 November 2024: through 31 December 2025 (E2.6)."""
    group = open_group(program(counters=[counter()], ladders=[by_spend(500000)], starts="2024-01-01"))
    apply(group, purchase("2024-11-30", 499999))
    assert level(group, "2024-11-30") == 0
    apply(group, purchase("2024-11-30", 1))
    assert (level(group, "2024-11-30"), through(group)) == (SILVER, at("2025-12-31"))
    assert level(group, "2025-12-31") == SILVER
    assert level(group, "2026-01-01") == 0


NORDSTROM = ladder(
    at_least(0, 50000),
    at_least(0, 500000),
    Any((at_least(1, 1500000), at_least(2, 10**8))),
    hold=YEAR_AND_TAIL,
)


@pytest.mark.parametrize(
    ("card", "cash", "wanted"),
    [
        (1000000, 600000, GOLD),
        (0, 1600000, GOLD),
        (1500000, 0, TOP),
        (0, 499999, SILVER),
        (0, 500000, GOLD),
    ],
)
def test_levels_by_two_counters(card: int, cash: int, wanted: int) -> None:
    """TIER-2: spend, and the part of it by card (E2.6)."""
    by_card = OneAmong(EventField(PAYMENT), (CARD,))
    counted = [counter(), counter(where=by_card), counter()]
    group = open_group(program(counters=counted, ladders=[NORDSTROM]))
    apply(group, purchase("2026-03-01", card, payment=CARD))
    apply(group, purchase("2026-03-02", cash, payment=OTHER))
    assert group.only.ladders[0].level == wanted


def test_a_level_held_for_a_year_is_kept_from_its_day() -> None:
    """TIER-3, TIER-4: 495 and 10 more on 2 April 2026: gold through 1 April 2027, and only the next purchase
    is paid at gold's rate (E1.5)."""
    rate = Choice((Case(level_at_least(1), Flat(12)),), Flat(10))
    rules = program(
        earn(rate),
        counters=[counter(EarnedMeasure(0, (0,)), Rolling(Duration(12, Unit.MONTH)))],
        ladders=[ladder(at_least(0, 500), hold=TWELVE_MONTHS)],
    )
    group = open_group(rules)
    give_counter(group, 0, 495, at("2026-04-01"))
    for wanted in (10, 12):
        assert sum(p.units for p in apply(group, purchase("2026-04-02", 1000)).postings) == wanted
    assert through(group) == at("2027-04-01")
    apply(group, purchase("2026-05-02", 1000))
    assert through(group) == at("2027-04-01")
    assert level(group, "2027-04-01") == SILVER


def test_a_years_counter_begins_at_nothing() -> None:
    """COUNT-2, TIER-3: 134,990 on 31 December and 500 on 2 January are no pass; reached on 10 February 2025
    it lasts through 31 December 2026 (E15.9)."""
    group = open_group(program(counters=[counter()], ladders=[by_spend(135000)], starts="2025-01-01"))
    apply(group, purchase("2025-12-31", 134990))
    apply(group, purchase("2026-01-02", 500))
    assert (level(group, "2026-01-02"), through(group) < 0) == (0, True)
    other = open_group(program(counters=[counter()], ladders=[by_spend(135000)], starts="2025-01-01"))
    apply(other, purchase("2025-02-10", 135000))
    assert through(other) == at("2026-12-31")


def test_a_review_on_a_day_of_the_year_reads_what_was_counted_before_it() -> None:
    """TIER-7: on 1 November 2026 the 500 of the year hold it for 12 months more, then nothing does."""
    group = open_group(
        program(
            counters=[counter()], ladders=[by_spend(50000, hold=TWELVE_MONTHS, review=(11, 1))],
        )
    )  # fmt: skip
    apply(group, purchase("2026-02-10", 50000))
    assert through(group) == at("2027-02-09")
    assert (level(group, "2026-11-01"), through(group)) == (1, at("2027-10-31"))
    assert level(group, "2027-11-01") == 0


def test_a_review_on_29_february_is_on_the_28th_in_other_years() -> None:
    """TIER-7: and on the 29th in a leap year."""
    group = open_group(
        program(counters=[counter(window=Lifetime())],
                ladders=[by_spend(50000, hold=TWELVE_MONTHS, review=(2, 29))], starts="2027-01-01")
    )  # fmt: skip
    apply(group, purchase("2027-01-10", 50000))
    level(group, "2027-02-28")
    assert through(group) == at("2028-02-27")
    level(group, "2028-02-29")
    assert through(group) == at("2029-02-27")


def test_a_level_on_a_lifetime_counter_is_never_lost() -> None:
    """TIER-5: whenever its term ends it is earned anew."""
    group = open_group(
        program(counters=[counter(window=Lifetime())], ladders=[by_spend(50000, hold=YEAR_AND_TAIL)])
    )
    apply(group, purchase("2026-02-10", 50000))
    assert [level(group, f"{year}-01-01") for year in (2028, 2032, 2048)] == [1, 1, 1]


def test_a_monthly_review_gives_a_months_notice() -> None:
    """TIER-7: $400 on 10 March 2024 and $120 on 1 September: silver. The $400 leave the window on 10 March
    2025, the review of 1 April fails, and bronze comes on 1 May (E14.3)."""
    monthly = HoldThrough(Unit.MONTH, Duration(1, Unit.MONTH))
    rules = program(
        counters=[counter(window=Rolling(Duration(12, Unit.MONTH)))],
        ladders=[by_spend(50000, hold=monthly, review=Unit.MONTH)],
        starts="2024-01-01",
    )
    group = open_group(rules)
    apply(group, purchase("2024-03-10", 40000))
    apply(group, purchase("2024-09-01", 12000))
    assert level(group, "2025-03-10") == SILVER
    assert through(group) == at("2025-04-30")
    assert level(group, "2025-04-30") == SILVER
    apply(group, purchase("2025-04-30", 38000))  # in time
    assert level(group, "2025-05-01") == SILVER
    late = open_group(rules)
    apply(late, purchase("2024-03-10", 40000))
    apply(late, purchase("2024-09-01", 12000))
    assert level(late, "2025-05-01") == 0


def test_a_term_ends_on_what_its_last_day_had() -> None:
    """TIER-5, TIME-4: without a tail, what was earned in the old year does not carry into the new one; held
    for months, what the old year's windows still show is granted anew."""
    no_tail = HoldThrough(Unit.YEAR, Duration(0, Unit.DAY))
    group = open_group(program(counters=[counter()], ladders=[by_spend(100, hold=no_tail)]))
    apply(group, purchase("2026-05-01", 100))
    assert (level(group, "2026-12-31"), level(group, "2027-01-01")) == (SILVER, 0)
    for_a_year = HoldFor(Duration(12, Unit.MONTH))
    again = open_group(program(counters=[counter()], ladders=[by_spend(100, hold=for_a_year)]))
    apply(again, purchase("2026-01-01", 100))
    assert (level(again, "2027-01-01"), through(again)) == (SILVER, at("2027-12-31"))
    assert level(again, "2028-01-01") == 0


def test_at_most_one_level_is_lost_at_a_time() -> None:
    """TIER-6: from the top of three, a year on each level below."""
    year = HoldThrough(Unit.YEAR, Duration(0, Unit.DAY))
    soft = by_spend(100, 200, 300, hold=year, lapse=Lapse.ONE_LEVEL)
    group = open_group(program(counters=[counter()], ladders=[soft]))
    apply(group, purchase("2026-05-01", 300))
    levels = [
        level(group, day) for day in ("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01", "2029-01-01")
    ]
    assert levels == [TOP, GOLD, GOLD, SILVER, 0]
    months = by_spend(100, 200, 300, hold=HoldFor(Duration(3, Unit.MONTH)), lapse=Lapse.ONE_LEVEL)
    held = open_group(program(counters=[counter(window=Unit.MONTH)], ladders=[months]))
    apply(held, purchase("2026-05-01", 300))
    levels = [level(held, day) for day in ("2026-08-01", "2026-10-31", "2026-11-01", "2027-02-01")]
    assert levels == [GOLD, GOLD, SILVER, 0]


def test_what_never_lapses_is_held_for_ever() -> None:
    """TIER-3"""
    group = open_group(program(counters=[counter()], ladders=[by_spend(100, lapse=Lapse.NEVER)]))
    apply(group, purchase("2026-05-01", 100))
    assert (level(group, "2056-05-01"), through(group)) == (SILVER, NEVER)


def test_a_qualifying_year_may_begin_in_march() -> None:
    """TIER-3, TIME-2: earned in February and in March 2026, held to the end of the following year."""
    qualifying = Period(3, "qualifying year")
    hold = HoldThrough(qualifying, Duration(12, Unit.MONTH))
    for day, last in (("2026-02-28", "2027-02-28"), ("2026-03-01", "2028-02-29")):
        rules = program(counters=[counter(window=qualifying)], ladders=[by_spend(100, hold=hold)])
        group = open_group(rules)
        apply(group, purchase(day, 100))
        assert through(group) == at(last)


def test_an_upgrade_before_the_event_counts_for_it() -> None:
    """TIER-9: the purchase that reaches silver is paid as silver's; but not by the points that it earns."""
    rate = Choice((Case(level_at_least(1), Flat(2)),), Flat(1))
    for before, wanted in ((True, 2), (False, 1)):
        rules = program(earn(rate), counters=[counter()], ladders=[by_spend(100, before=before)])
        (posting,) = apply(open_group(rules), purchase("2026-05-01", 100)).postings
        assert posting.units == wanted
    by_points = program(
        earn(rate),
        counters=[counter(EarnedMeasure(0, (0,)))],
        ladders=[ladder(at_least(0, 1), before=True)],
    )
    group = open_group(by_points)
    units = [apply(group, purchase("2026-05-01", 100)).postings[0].units for _ in range(2)]
    assert units == [1, 2]


def test_a_member_field_can_give_a_level() -> None:
    """MEMBER-1, TIER-4: a cardholder is gold from the event that says so, and the term ends as any."""
    card = Field("cardholder", Kind.YES_NO, (), 0, NOWHERE)
    holder: Condition = Compare(MemberField(card), Order.EQUAL, Literal(1, Kind.YES_NO))
    group = open_group(program(fields=[card], ladders=[ladder(holder)]))
    apply(group, purchase("2026-05-01", 100))
    assert level(group, "2026-05-02") == 0
    apply(group, attrs.evolve(purchase("2026-06-01", 100), member=(1,)))
    assert level(group, "2026-06-01") == SILVER
    apply(group, attrs.evolve(purchase("2026-06-02", 100), member=(0,)))
    assert (level(group, "2027-12-31"), level(group, "2028-01-01")) == (SILVER, 0)


@pytest.mark.parametrize(("returns", "wanted"), [(RECHECKS, 0), (NEGATIVE, SILVER)])
def test_a_return_can_end_a_level(returns: Returns, wanted: int) -> None:
    """TIER-8: where the program rechecks; else a level is kept to its day."""
    rules = program(earn(), counters=[counter()], ladders=[by_spend(1000)], returns=returns)
    group = open_group(rules)
    bought = purchase("2026-05-01", 1000)
    apply(group, bought)
    apply(group, give_back("2026-05-03", bought, 1))
    assert level(group, "2026-05-03") == wanted
    assert through(group) == (at("2027-12-31") if wanted else at("2026-05-02"))


def test_a_given_level_is_held_through_its_day() -> None:
    """SCEN-7, TIER-1: through a day, or as if earned; what is not given is decided."""
    rules = program(counters=[counter()], ladders=[by_spend(100, 200)])
    group = open_group(rules)
    give_level(group, 0, GOLD, at("2026-02-28"), at("2026-01-31"))
    give_level(group, 0, SILVER, None, at("2026-01-31"))
    assert (level(group, "2026-02-28"), level(group, "2026-03-01")) == (GOLD, SILVER)
    assert (through(group, SILVER), through(group, GOLD)) == (at("2027-12-31"), at("2026-02-28"))
    counted = open_group(rules)
    advance(counted, at("2026-01-31"))
    give_counter(counted, 0, 150, at("2026-01-31"))
    decide_given(counted, frozenset({0}))
    assert counted.only.ladders[0].level == 0
    decide_given(counted, frozenset())
    assert counted.only.ladders[0].level == SILVER


def test_a_run_tells_grants_counters_and_debts() -> None:
    """SAME-1: as they are on the last day."""
    rules = program(earn(Flat(5)), counters=[counter()], ladders=[by_spend(100, 900)], returns=NEGATIVE)
    bought = purchase("2026-05-01", 1000)
    done = run(rules, [bought, give_back("2026-05-02", bought, 950)], at("2026-05-03"))
    assert done.grants == ((0, GOLD, at("2027-12-31")),)
    assert (done.counters, done.debts) == ((50,), (0,))
    assert [p.units for p in done.postings if p.kind is PostingKind.REVERSED] == [5]
