"""What currencies say about expiry, once it is checked: EXP-*."""

import pytest

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import Any, DayWithin, operands_of
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    FirstThatHolds,
    LatestOf,
    Never,
    Postpone,
    Restart,
)
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Currency, RoundPer
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import SourceText

PROGRAM = """\
program hotel {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by event date
    member { cardholder yes/no
             born date }
    event stay { nights number }
    counter nights_stayed = nights of stay in calendar year
    tiers status {
        hold   through end of calendar year
        level  member
        level  gold when nights_stayed >= 10
    }
    currency points {
        round  down per rule
EXPIRY
    }
    earn base { on purchase
                give 1 point per $1 }
    reward drink { price 100 points
                   give 1 drink }
    benefit gift { on join
                   give 1 gift }
}
"""


def check(expiry: str) -> tuple[Book | None, list[Diagnostic]]:
    file, broken = parse_file(SourceText("hotel.loyalty", PROGRAM.replace("EXPIRY", expiry)))
    book, found = check_book([file], broken)
    return book, [*broken, *found]


def currency(expiry: str) -> Currency:
    book, found = check(expiry)
    assert book is not None, [finding.message for finding in found]
    return book.programs[0].currencies[0]


def mistakes(expiry: str) -> list[str]:
    book, found = check(expiry)
    assert book is None
    return [finding.code for finding in found if finding.is_error]


NO_DAYS = Duration(0, Unit.DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expire never", Never()),
        ("expire 6 months after earning", AfterEarning(Duration(6, Unit.MONTH), None)),
        ("expire 6 months after earning at end of calendar month",
         AfterEarning(Duration(6, Unit.MONTH), Unit.MONTH)),
        ("expire at end of calendar year", AfterEarning(NO_DAYS, Unit.YEAR)),
        ("expire at next march 31", AfterEarning(NO_DAYS, None, (3, 31))),
        ("expire 36 months after earning at next september 30",
         AfterEarning(Duration(36, Unit.MONTH), None, (9, 30))),
        ("expire at next february 29", AfterEarning(NO_DAYS, None, (2, 29))),
        ("expire latest of 6 months after earning and 30 days after earning at end of calendar year",
         LatestOf((AfterEarning(Duration(6, Unit.MONTH), None),
                   AfterEarning(Duration(30, Unit.DAY), Unit.YEAR)))),
        ("expire 12 months after first earning", AfterFirst(Duration(12, Unit.MONTH))),
        ("expire 24 months after last stay, redemption, gift, earning",
         AfterActivity(Duration(24, Unit.MONTH), Activity((2,), True, True, (1,)))),
        ("expire 3 months after last purchase, join",
         AfterActivity(Duration(3, Unit.MONTH), Activity((0, 1), False, False, ()))),
    ],
)  # fmt: skip
def test_each_form_of_expiry_is_checked(text: str, expected: object) -> None:
    assert currency(text).expiry == expected


def test_the_first_term_that_holds_comes_first_and_the_last_has_no_condition() -> None:
    expiry = currency("expire never when status >= gold\nexpire 2 years after earning").expiry
    assert isinstance(expiry, FirstThatHolds)
    assert [case.term for case in expiry.cases] == [Never()]
    assert expiry.otherwise == AfterEarning(Duration(2, Unit.YEAR), None)


def test_who_is_exempt_from_losing_a_whole_balance_comes_first() -> None:
    for last in ("24 months after last stay", "12 months after first earning"):
        expiry = currency(
            f"expire never when cardholder\nexpire never when days since join < 9\nexpire {last}"
        ).expiry
        assert isinstance(expiry, AfterActivity | AfterFirst)
        assert isinstance(expiry.unless, Any)
        assert len(expiry.unless.conditions) == 2


def test_dates_of_the_member_keep_a_whole_balance() -> None:
    text = "expire latest of 2 years after last stay and 21 years after born and 1 month after born"
    expiry = currency(text).expiry
    assert isinstance(expiry, AfterActivity)
    assert isinstance(expiry.unless, Any)
    lengths = [
        operand.length
        for test in expiry.unless.conditions
        for operand in operands_of(test)
        if isinstance(operand, DayWithin)
    ]
    assert lengths == [Duration(21, Unit.YEAR), Duration(1, Unit.MONTH)]
    both = currency("expire never when cardholder\n" + text).expiry
    assert isinstance(both, AfterActivity)
    assert isinstance(both.unless, Any)
    assert len(both.unless.conditions) == 2


def test_a_lot_can_be_postponed_and_a_fall_of_status_restarts_it() -> None:
    points = currency(
        "expire 6 months after earning\npostpone 1 month when purchases in previous calendar month >= 1\n"
        "restart on status falls below gold"
    )
    assert isinstance(points.postpone, Postpone)
    assert points.postpone.duration == Duration(1, Unit.MONTH)
    assert points.postpone.when is not None
    assert points.restart == Restart(0, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("expire never when cardholder", "L340"),  # the last has a condition
        ("expire never\nexpire 6 months after earning", "L205"),
        ("expire 24 months after last stay when cardholder\nexpire never", "L341"),
        ("expire never\nexpire 12 months after first earning", "L341"),
        ("expire latest of 2 years after last stay and 3 years after earning", "L341"),
        ("expire latest of 2 years after earning and 3 years after born", "L341"),
        ("expire latest of 2 years after last stay and 3 years after last visit", "L341"),
        ("expire latest of 2 years after last stay and 3 years after cardholder", "L301"),
        ("expire latest of 2 years after last stay and 3 years after bron", "L201"),
        ("expire 6 months after earning when cardholder\nexpire 12 months after first earning", "L341"),
        ("expire never when cardholder\nexpire 12 months after first earning when cardholder", "L341"),
        ("expire 24 months after last stay\npostpone 1 month when cardholder", "L341"),
        ("expire 12 months after first earning\nrestart on status falls below gold", "L341"),
        ("expire never\npostpone 1 month when cardholder", "L342"),
        ("expire never\nrestart on status falls below gold", "L342"),
        ("expire 24 months after last sty", "L201"),
        ("expire at next february 30", "L315"),
        ("expire 6 months after earning\nrestart on status falls below member", "L343"),
        ("expire 6 months after earning\nrestart on status falls below golf", "L308"),
        ("expire 6 months after earning\nrestart on level falls below gold", "L201"),
        ("expire never when amount >= $5\nexpire 6 months after earning", "L309"),
        ("pending 14 days\nexpire at end of calendar month", "L312"),
        ("pending 40 days\nexpire latest of 30 days after earning and at end of calendar month", "L312"),
        ("pending 2 years\nexpire never when cardholder\nexpire 6 months after earning", "L312"),
    ],
)
def test_what_expiry_cannot_say_is_refused(text: str, code: str) -> None:
    assert mistakes(text) == [code]


def test_after_last_says_what_could_have_been_meant() -> None:
    _, found = check("expire 24 months after last sty")
    assert found[0].help == "did you mean `stay`?"


def test_a_currency_can_keep_hundredths() -> None:
    text = PROGRAM.replace("round  down per rule\nEXPIRY", "round  exact to 0.01\n expire never")
    file, broken = parse_file(
        SourceText("hotel.loyalty", text.replace("price 100 points", "price 59.99 points"))
    )
    book, found = check_book([file], broken)
    assert book is not None, found
    program = book.programs[0]
    points = program.currencies[0]
    assert (points.scale, points.rounding, points.round_per) == (100, Rounding.HALF_UP, RoundPer.RULE)
    assert program.rewards[0].price == 5999


@pytest.mark.parametrize("exact", ["exact to 0.05", "exact to 0.0001", "exact to 2"])
def test_only_tenths_hundredths_and_thousandths_are_kept(exact: str) -> None:
    text = PROGRAM.replace("round  down per rule\nEXPIRY", f"round  {exact}\n expire never")
    file, broken = parse_file(SourceText("hotel.loyalty", text))
    _, found = check_book([file], broken)
    assert [finding.code for finding in (*broken, *found) if finding.is_error] == ["L356"]
