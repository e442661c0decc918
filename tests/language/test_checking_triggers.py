"""Triggers, limits and names of rules once they are checked, and which are refused."""

from fractions import Fraction

import pytest
from club import HEAD, errors, is_value, program_of, rule

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.clocks import WindowStart, YearlyOf
from loyalty_dsl.language.conditions import (
    All,
    CounterValue,
    Order,
)
from loyalty_dsl.language.counters import (
    NumberMeasure,
)
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import LimitOf
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership
from loyalty_dsl.source import SourceText

# ---- triggers


def test_midnights_are_kinds_of_event_behind_all_others() -> None:
    program = program_of(
        rule("on birthday\non anniversary of join\non start of calendar month\ngive 1 point", "a")
        + rule("on start of november\non start of season\non birthday\ngive 2 points", "b")
    )
    birthday = program.member_fields[1]
    assert [clock.at for clock in program.clocks] == [
        YearlyOf(birthday),
        YearlyOf(None),
        WindowStart(Unit.MONTH),
        WindowStart(Unit.YEAR, 11),
        WindowStart(Unit.YEAR, 3),
    ]
    assert [trigger.event for trigger in program.earns[0].triggers] == [3, 4, 5]
    assert [trigger.event for trigger in program.earns[1].triggers] == [6, 7, 3]


def test_first_counts_the_events_so_far() -> None:
    program = program_of(rule("on first 3 purchases where amount >= $5\ngive 1 point"))
    (trigger,) = program.earns[0].triggers
    assert isinstance(trigger.where, All)
    assert trigger.where.conditions[0] == is_value(CounterValue(2), 3, Kind.NUMBER, Order.LESS)
    numbers = program.counters[2]
    assert (numbers.measure, numbers.window) == (NumberMeasure(0), Lifetime())
    assert numbers.where == trigger.where.conditions[1]  # EARN-13


def test_equal_numbers_are_taken_once() -> None:
    program = program_of(rule("on first purchase\non first 3 purchases\ngive 1 point"))
    assert sum(counter.hidden for counter in program.counters) == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("on brithday", "L201 there is no event `brithday`"),
        ("on cardholder", "L301 `cardholder` is yes/no, and a rule fires each year on a date"),
        ("on first purchase where spend in lifetime >= $5", "L309 behind `first`"),
        ("on first birthday", "L206 `first` counts events"),
        ("on anniversary of birthday", "L201 there is no anniversary of `birthday`"),
        ("on start of lifetime", "L330 `lifetime` does not start on a day of the calendar"),
        ("on purchase by friend", "L206 only a `referral` fires on what a friend does"),
        ("on birthday\nwhen amount >= $5", "L309 `amount` cannot be read here"),
    ],
)
def test_a_wrong_trigger_is_refused(lines: str, message: str) -> None:
    (error,) = errors(rule(f"{lines}\ngive 1 point"))
    assert error.startswith(message)


# ---- limits, chance, and what a rule says of its own lots


def test_limits_count_in_any_window_of_their_own() -> None:
    limits = program_of(
        rule(
            "on purchase\ngive 1 point per $1\nlimit 9 points per season\nlimit 8 points per lifetime\n"
            "limit 7 points per year of membership else refuse\nlimit 6 times per calendar day for everyone"
        )
    ).earns[0].limits  # fmt: skip
    assert [limit.window for limit in limits] == [
        Period(3, "season"),
        Lifetime(),
        YearOfMembership(),
        Unit.DAY,
    ]
    assert [limit.refuses for limit in limits] == [False, False, True, False]
    assert [limit.everyone for limit in limits] == [False, False, False, True]
    assert limits[3].of is LimitOf.TIMES


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("limit 5 points per member", "L330 every limit is of one member"),
        ("limit 5 points per rolling 3 days", "L330 a limit counts in windows that begin and end"),
        ("limit 5 points per event for everyone", "L330 what everyone gets together"),
        ("limit 5 points per year of membership for everyone", "L330 what everyone gets together"),
        ("limit 5 points per day", "L201 there is no period `day`"),
        ("chance 120%", "L404 `120%` is more than all of them"),
        ("chance 0%", "L310 `0%` is nothing"),
        ("account gift", "L358 `gift` is no accounting class"),
        ("account sold", "L358 `sold` is no accounting class"),
    ],
)
def test_a_wrong_limit_or_chance_is_refused(line: str, message: str) -> None:
    (error,) = errors(rule(f"on purchase\ngive 1 point per $1\n{line}"))
    assert error.startswith(message)


def test_a_rule_may_have_lots_of_its_own_kind() -> None:
    (earn,) = program_of(
        rule("on purchase\ngive 1 point\nchance 100%\npending 14 days\nexpire 6 months after earning")
    ).earns  # fmt: skip
    assert (earn.chance, earn.pending) == (Fraction(1), Duration(14, Unit.DAY))
    assert earn.expiry is not None


def test_what_a_rule_gives_can_be_spent_before_it_expires() -> None:
    lines = "on purchase\ngive 1 point\npending {0}\nexpire 1 month after earning"
    assert errors(rule(lines.format("14 days"))) == []
    (error,) = errors(rule(lines.format("31 days")))
    assert error.startswith("L312 what is earned on")


def test_rules_groups_and_rewards_share_their_names() -> None:
    body = "    group base { combine add }\n" + rule("on purchase\ngive 1 point")
    assert errors(body) == ["L202 the rule or reward `base` is declared twice"]


@pytest.mark.parametrize("name", ["payment", "category", "nights"])
def test_a_field_of_members_is_named_as_no_field_of_events_or_items(name: str) -> None:
    file, broken = parse_file(
        SourceText("club.loyalty", HEAD.replace("birthday   date", f"{name} number") + "}\n")
    )
    found = check_book([file], broken)[1]
    assert f"`{name}` is a field of" in " ".join(finding.message for finding in found)
