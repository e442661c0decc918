"""The table of a scenario with `each` whose rows failed: what was expected, and what came out."""

from collections.abc import Callable

from loyalty_dsl.language.book import Book
from loyalty_dsl.report.scenarios import render_scenarios
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.testing.running import run_scenarios

BookOf = Callable[[str], Book]

RULES = """\
program club "Club" {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
    }
    counter spent = spend in calendar year
    tiers status "Status" {
        hold   12 months
        lapse  to the level earned
        level  basic
        level  gold when spent >= $50
    }
    earn base "Base" {
        on    purchase
        give  1 point per whole $1
    }
    reward two_off {
        price  10 points
        give   $2 off in full
    }
}
"""


def told(book_of: BookOf, scenario: str) -> str:
    return render_scenarios(run_scenarios(book_of(RULES + scenario)), PLAIN)


def test_the_table_is_a_diff_of_its_rows(book_of: BookOf) -> None:
    out = told(
        book_of,
        """
scenario "baskets" for club {
    each paid, gets, then {
        $10.00, 10 points, basic
        $12.50, 13 points, basic
        $1.99,  2 points,  basic
        $0.50,  1 point,   gold
    }
    on      2026-01-02 purchase paid
    expect  earned gets
    expect  status then
}
""",
    )
    assert out.endswith(
        """
      paid    gets       then
      $10.00  10 points  basic
    - $12.50  13 points  basic
    + $12.50  12 points  basic
    - $1.99   2 points   basic
    + $1.99   1 point    basic
    - $0.50   1 point    gold
    + $0.50   0 points   basic

3 of 4 scenarios failed"""
    )


def test_a_number_without_a_unit_stays_one(book_of: BookOf) -> None:
    out = told(
        book_of,
        """
scenario "off" for club {
    given joined 2026-01-01
    each held, often, taken {
        10 points, 1, $2.00
        25 points, 2, $2.00
    }
    given held earned 2026-01-01
    on 2026-01-02 purchase $30.00 redeeming often two_off
    expect taken off
}
""",
    )
    assert "    - 25 points  2      $2.00\n    + 25 points  2      $4.00\n" in out


def test_a_table_that_passes_is_not_shown(book_of: BookOf) -> None:
    scenario = """
scenario "baskets" for club {
    each paid, gets {
        $10.00, 10 points
        $12.50, 12 points
    }
    on      2026-01-02 purchase paid
    expect  earned gets
}
"""
    assert told(book_of, scenario) == (
        "passed  baskets: $10.00, 10 points\npassed  baskets: $12.50, 12 points\n2 scenarios passed"
    )
