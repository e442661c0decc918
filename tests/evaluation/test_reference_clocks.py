"""Worked examples of clocks: midnights that trigger rules by themselves."""

import attrs
import pytest
from programs_by_hand import (
    FIRST_CLOCK,
    NOWHERE,
    at,
    at_least,
    counter,
    currency,
    earn,
    join,
    ladder,
    level_at_least,
    program,
    purchase,
    trigger,
)

from loyalty_dsl.calendar import Duration, Unit, format_day
from loyalty_dsl.evaluation.groups import advance, give_field, give_joined, open_group
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Case, Choice, Flat
from loyalty_dsl.language.clocks import At, WindowStart, YearlyOf
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.expiry import Activity, AfterActivity
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, Field, Kind

BIRTHDAY = Field("birthday", Kind.DATE, (), 0, NOWHERE)
AT_CLOCK = (trigger(FIRST_CLOCK),)


def struck(rules: Program, *events: object, last: str) -> list[str]:
    """The days on which the first rule posted at midnight."""
    done = run(rules, events, at(last))  # type: ignore[arg-type]
    return [format_day(p.day) for p in done.postings if not p.event]


def ticking(clock: At) -> Program:
    return program(earn(Flat(5), on=AT_CLOCK), fields=[BIRTHDAY], clocks=[clock], starts="2024-01-01")


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        (WindowStart(Unit.MONTH), ["2024-03-01", "2024-04-01"]),
        (WindowStart(Unit.QUARTER), ["2024-04-01"]),
        (
            WindowStart(Unit.WEEK),
            [
                f"2024-{day}"
                for day in ("03-04", "03-11", "03-18", "03-25", "04-01", "04-08", "04-15", "04-22", "04-29")
            ],
        ),
        (WindowStart(Unit.YEAR, 4), ["2024-04-01"]),
        (WindowStart(Unit.QUARTER, 3), ["2024-03-01"]),
        (WindowStart(Unit.YEAR), []),
    ],
)
def test_a_clock_strikes_at_the_start_of_each_window(clock: WindowStart, wanted: list[str]) -> None:
    """CLOCK-1: not on the joined day itself, which is a first of its windows here for none but the day."""
    assert struck(ticking(clock), join("2024-02-29"), last="2024-04-30") == wanted


def test_the_joined_day_itself_is_too_early() -> None:
    """CLOCK-1: joined on 1 March, first struck on 1 April; in January of each year."""
    assert struck(ticking(WindowStart(Unit.MONTH)), join("2024-03-01"), last="2024-04-30") == ["2024-04-01"]
    yearly = ticking(WindowStart(Unit.YEAR, 1))
    assert struck(yearly, join("2024-03-01"), last="2026-04-30") == ["2025-01-01", "2026-01-01"]


def test_anniversaries_are_never_chained() -> None:
    """CLOCK-2, TIME-3: joined on 29 February."""
    days = struck(ticking(YearlyOf(None)), join("2024-02-29"), last="2028-12-31")
    assert days == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_birthday_comes_once_it_is_known() -> None:
    """CLOCK-2, MEMBER-1: unknown at first; then changed on the day of the old one, whose midnight is past."""
    joined = attrs.evolve(join("2024-02-29"), member=(NO_DATE,))
    told = attrs.evolve(purchase("2024-06-01"), member=(at("1990-07-14"),))
    moved = attrs.evolve(purchase("2025-07-14"), member=(at("1990-07-15"),))
    rules = ticking(YearlyOf(BIRTHDAY))
    assert struck(rules, joined, last="2026-12-31") == []
    assert struck(rules, joined, told, last="2025-12-31") == ["2024-07-14", "2025-07-14"]
    days = struck(rules, joined, told, moved, last="2026-12-31")
    assert days == ["2024-07-14", "2025-07-14", "2025-07-15", "2026-07-15"]


def test_a_birth_itself_is_no_birthday() -> None:
    """CLOCK-2: somebody born after joining is one year old first."""
    told = attrs.evolve(purchase("2024-06-01"), member=(at("2024-07-14"),))
    assert struck(ticking(YearlyOf(BIRTHDAY)), told, last="2025-12-31") == ["2025-07-14"]


def test_a_clock_goes_through_the_steps_of_an_event() -> None:
    """CLOCK-3, COUNT-5, TIER-4: what it earns moves counters, and they decide status; and it joins nobody."""
    rate = Choice((Case(level_at_least(1), Flat(7)),), Flat(5))
    rules = program(
        earn(rate, on=AT_CLOCK),
        clocks=[WindowStart(Unit.MONTH)],
        counters=[counter(EarnedMeasure(0, (0,)))],
        ladders=[ladder(at_least(0, 5))],
    )
    group = open_group(rules)
    advance(group, at("2026-05-02"))
    assert (group.only.journal, group.only.joined) == ([], None)
    apply(group, join("2026-05-02"))
    advance(group, at("2026-08-01"))
    assert [(p.day, p.event, p.units) for p in group.only.journal] == [
        (at("2026-06-01"), "", 5),
        (at("2026-07-01"), "", 7),
        (at("2026-08-01"), "", 7),
    ]


def test_clocks_see_the_window_that_begins() -> None:
    """TIME-4: a rule at the start of the month that wants a purchase in the month before."""
    bought = at_least(0, 1, previous=True)
    rules = program(
        earn(Flat(5), on=AT_CLOCK, when=bought),
        clocks=[WindowStart(Unit.MONTH)],
        counters=[counter(window=Unit.MONTH)],
    )
    events = [join("2026-01-05"), purchase("2026-02-28", 100), purchase("2026-04-01", 100)]
    assert struck(rules, *events, last="2026-06-30") == ["2026-03-01", "2026-05-01"]


def test_a_clock_is_no_activity_but_earning_is() -> None:
    """CLOCK-3, EXP-8"""
    for earning, left in ((False, 0), (True, 15)):
        activity = Activity((), earning=earning, redemption=False, rewards=())
        rules = program(
            earn(Flat(5), on=(trigger(), trigger(FIRST_CLOCK))),
            clocks=[WindowStart(Unit.MONTH)],
            currencies=[currency(expiry=AfterActivity(Duration(40, Unit.DAY), activity))],
        )
        done = run(rules, [purchase("2026-01-31")], at("2026-03-12"))
        assert done.totals[0].outstanding == left
        lost = [(p.day, p.units) for p in done.postings if p.kind is PostingKind.EXPIRED]
        assert lost == ([] if earning else [(at("2026-03-12"), 15)])


def test_nothing_strikes_for_a_story_before_it_begins() -> None:
    """SCEN-1: a joined day and a birthday that are given trigger nothing in the years between."""
    group = open_group(ticking(YearlyOf(BIRTHDAY)))
    give_field(group, 0, at("1990-05-14"))
    advance(group, at("2026-05-13"))
    give_joined(group, at("2024-01-05"))
    (posting,) = advance(group, at("2026-12-31"))
    assert posting.day == at("2026-05-14")


def test_clocks_of_one_midnight_strike_in_declared_order() -> None:
    """CLOCK-1, TIME-4: each of them, in the order of declaration, also after one has changed the balance."""
    rules = program(
        earn(Flat(5), name="second", on=(trigger(FIRST_CLOCK + 1),)),
        earn(Flat(7), name="first", on=AT_CLOCK),
        clocks=[WindowStart(Unit.MONTH), WindowStart(Unit.QUARTER)],
    )
    done = run(rules, [join("2026-03-05")], at("2026-05-01"))
    assert [(p.name, format_day(p.day)) for p in done.postings] == [
        ("first", "2026-04-01"),
        ("second", "2026-04-01"),
        ("first", "2026-05-01"),
    ]
