"""What a designer reads when a scenario fails, and what a machine does."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from loyalty_dsl import report as report_package
from loyalty_dsl.language.book import Book
from loyalty_dsl.report.scenarios import render_scenarios, scenarios_to_json, verdict
from loyalty_dsl.report.style import PLAIN, Style
from loyalty_dsl.testing.results import ScenarioResult
from loyalty_dsl.testing.running import run_scenarios

BookOf = Callable[[str], Book]

RULES = """
program club "Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase { payment one of card, cash }
    currency points "Points" {
        round   down per rule
        expire  6 months after earning at end of calendar month
    }
    currency credit "Credit" in money {
        round   half up per rule
        expire  never
    }
    earn base "Base" {
        on     purchase
        give   1 point per whole $1 of basket
        limit  100 points per calendar day
    }
    earn card "Card" {
        on     purchase where payment is card
        give   2% of amount as credit
    }
    earn may "May" {
        on     purchase
        dates  from 2026-05-01 through 2026-05-31
        give   10 points
    }
    reward five_off "$5 off" {
        price  100 points
        give   $5 off up to the basket
        limit  1 time per calendar month
    }
}
"""

STORY = """
scenario "a busy week" for club {
    given   150 points earned 2025-09-20
    on      2026-03-02 09:30 purchase $130.00 with payment card
    on      2026-03-03 purchase $40.00 with payment cash redeeming five_off
    on      2026-03-04 purchase $1.00 with payment cash redeeming 2 five_off
    expect  refused
    expect  $5.00 off
    on      2026-04-01 expect available 2 points
    on      2026-04-01 expect $2.61 credit
}
"""


def results(book_of: BookOf, text: str) -> tuple[ScenarioResult, ...]:
    return run_scenarios(book_of(RULES + text))


def told(book_of: BookOf, text: str, *, quiet: bool = False) -> str:
    """The report on scenarios, with the place of the file left out."""
    found = results(book_of, text)
    place = found[0].scenario.span.source.name
    return render_scenarios(found, PLAIN, quiet=quiet).replace(place, "RULES")


PASSING = """
scenario "a point a dollar" for club {
    on      2026-03-02 purchase $7.00 with payment cash
    expect  7 points
}
"""


def test_a_failure_tells_the_whole_story(book_of: BookOf) -> None:
    golden = Path(__file__).with_name("busy_week.txt").read_text(encoding="utf-8")
    assert told(book_of, STORY) + "\n" == golden


def test_a_story_ends_where_the_last_failure_stands(book_of: BookOf) -> None:
    report = told(
        book_of,
        """
        scenario "early" for club {
            on 2026-03-02 purchase $7.00 with payment cash
            expect earned 70 points
            on 2026-03-03 purchase $9.00 with payment cash
            expect earned 9 points
        }
        """,
    )
    assert "expected 70 points earned, got 7" in report
    assert "purchase $7.00" in report
    assert "purchase $9.00" not in report


def test_passed_scenarios_take_a_line_each_or_one_a_file(book_of: BookOf) -> None:
    two = PASSING + PASSING.replace("a point a dollar", "another")
    assert told(book_of, two) == "passed  a point a dollar\npassed  another\n2 scenarios passed"
    assert told(book_of, two, quiet=True) == "passed  RULES: 2 scenarios\n2 scenarios passed"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("expect 8 points", "expected a balance of 8 points, got 7"),
        ("expect earned 1 point", "expected 1 point earned, got 7"),
        ("expect pending 8 points", "expected 8 points pending, got 0"),
        ("expect 8 points through 2026-09-30", "expected a balance of 8 points through 2026-09-30, got 7"),
        ("expect refused", "expected a refusal, and nothing was refused"),
        ("expect $1.00 off", "expected $1.00 off, got $0.00"),
        (
            "on 2026-10-01 expect expired 8 points",
            "expected 8 points expired on 2026-10-01, got 7",
        ),
    ],
)
def test_verdicts_are_in_the_designers_words(book_of: BookOf, line: str, message: str) -> None:
    text = PASSING.replace("expect  7 points", line)
    ((check,),) = (result.failures for result in results(book_of, text))
    assert verdict(results(book_of, text)[0].program, check) == message


def test_nothing_to_run_is_said() -> None:
    assert render_scenarios([], PLAIN) == "no scenarios to run"


def test_many_silent_rules_are_counted(book_of: BookOf) -> None:
    rules = "".join(
        f"earn may_{n} {{\non purchase\ndates from 2026-05-01 through 2026-05-31\ngive 1 point\n}}\n"
        for n in range(9)
    )
    text = RULES.replace("reward five_off", f"{rules}reward five_off") + PASSING.replace(
        "7 points", "8 points"
    )
    (result,) = run_scenarios(book_of(text))
    report = render_scenarios([result], PLAIN)
    assert report.count("posted nothing") == 4
    assert "nor did 7 other rules" in report


def test_colour_is_only_for_terminals(book_of: BookOf) -> None:
    found = results(book_of, STORY)
    assert "\x1b[" not in render_scenarios(found, PLAIN)
    assert "\x1b[" in render_scenarios(found, Style(colour=True, width=80))


def test_machines_get_every_expectation_and_the_story(book_of: BookOf) -> None:
    data = json.loads(scenarios_to_json(results(book_of, STORY + PASSING)))
    schema = Path(report_package.__file__).with_name("schemas") / "test.schema.json"
    jsonschema.validate(data, json.loads(schema.read_text(encoding="utf-8")))
    assert (data["passed"], data["failed"]) == (1, 1)
    busy, plain = data["scenarios"]
    assert [check["passed"] for check in busy["expectations"]] == [True, False, False, False]
    assert [check["passed"] for check in plain["expectations"]] == [True]
    off, _, credit = busy["expectations"][1:]
    assert (off["line"], off["expected"], off["actual"], off["message"]) == (
        42, 5.0, 0.0, "expected $5.00 off, got $0.00",
    )  # fmt: skip
    assert (credit["currency"], credit["day"], credit["expected"], credit["actual"]) == (
        "credit", "2026-04-01", 2.61, 2.6,
    )  # fmt: skip
    refused = busy["story"][3]
    assert refused["event"] == "purchase $1.00 with payment cash redeeming 2 five_off"
    assert refused["notes"][0] == "refused: `five_off`: it would pass its limit of 1 time per calendar month"
    assert refused["postings"] == [
        {
            "day": "2026-03-04",
            "kind": "earned",
            "by": "base",
            "currency": "points",
            "units": 1,
            "last_usable_day": "2026-09-30",
        }
    ]


STAYS = """
program stays {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by event date
    event purchase {
        card  yes/no
        made  date
    }
    currency points {
        round    down per rule
        pending  14 days
        expire   never
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward five_off {
        price  100 points
        give   $5 off in full
    }
}
scenario "a stay" for stays {
    given   200 points earned 2026-01-01
    on      2026-02-01 purchase $10.00 with card no
    on      2026-02-02 redeem five_off
    expect  available 111 points
}
"""


def test_a_story_says_what_was_written_and_until_when_it_is_pending(book_of: BookOf) -> None:
    report = told(book_of, STAYS)
    assert "purchase $10.00 with card no\n" in report
    assert "earned by base, pending until 2026-02-15" in report
    assert "$5.00 off\n" in report
    assert "left to pay" not in report


NOTES = """
program notes {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  never
    }
    currency credit in money {
        round   down per rule
        expire  never
    }
    earn base {
        on    purchase
        give  30 points
        limit 50 points per calendar day else refuse
    }
    reward note {
        price  30 points
        give   $5 credit
        issue  automatically
    }
}
scenario "a note" for notes {
    on      2026-01-01 09:00 purchase $5
    on      2026-01-01 10:00 purchase $5
    expect  1 point
}
"""


def test_a_story_tells_what_is_issued_after_what_paid_for_it(book_of: BookOf) -> None:
    lines = [line.split() for line in told(book_of, NOTES).splitlines()]
    rows = [line for line in lines if line[:1] in (["earned"], ["redeemed"])]
    assert [(row[0], row[2], row[-1]) for row in rows] == [
        ("earned", "base", "30"),
        ("redeemed", "note", "0"),
        ("earned", "note", "$5.00"),
    ]


def test_a_story_says_that_a_limit_refused_what_fitted_only_in_part(book_of: BookOf) -> None:
    part = "`base` posted nothing: refused, as only a part of it would have fitted under its limit"
    assert part in told(book_of, NOTES)
    used_up = told(book_of, NOTES.replace("limit 50", "limit 30"))
    assert part not in used_up
    assert "`base` posted nothing: its limit is used up" in used_up


FIRST = """
program first {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  never
    }
    earn welcome {
        on    first purchase where amount >= $50
        give  10 points
    }
    returns {
        balance  goes negative
    }
}
scenario "a small one first" for first {
    on      2026-01-01 purchase $10
    expect  1 point
    RETURN
    on      2026-01-02 purchase $60
    expect  1 point
}
"""


def test_a_story_says_which_events_were_the_first(book_of: BookOf) -> None:
    """EARN-13."""
    late = "`welcome` posted nothing: it is not the first purchase where amount >= $50"
    small = "`welcome` posted nothing: its `where` does not hold"
    once = told(book_of, FIRST.replace("RETURN", ""))
    assert small in once
    assert "earned by welcome" in once
    assert late not in once
    again = told(book_of, FIRST.replace("RETURN", "on 2026-01-01 purchase $70\non 2026-01-01 return $70"))
    assert late in again
    three = told(book_of, FIRST.replace("first purchase", "first 3 purchases").replace("RETURN", ""))
    assert "it is not" not in three
    assert "purchase in lifetime" not in three  # nobody wrote that counter


ASKED = """
program asked {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    item {
        category  one of drink, food
    }
    currency points {
        round   down per rule
        expire  never
    }
    counter visits = purchases in calendar year
    tiers status {
        hold   12 months
        level  blue
        level  red when visits >= 9
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    earn cups {
        on    purchase
        for   items where category is drink
        give  1 point per item
    }
    earn milestone {
        on    purchase
        when  visits >= 1 and status is red and balance of points < 500 points
        give  7 points
    }
    reward money {
        price  100 points per $1 off
    }
    returns {
        balance  goes negative
    }
}
scenario "told" for asked {
    on      2026-01-01 purchase $300 as big
    on      2026-01-02 purchase $2 redeeming $2 of money
    on      2026-01-03 purchase $7 redeeming $3 of money
    on      2026-01-04 return $300 of big
    expect  1 point
}
"""


def test_a_story_says_what_a_rule_found_when_it_was_asked(book_of: BookOf) -> None:
    text = told(book_of, ASKED)
    first = "`milestone` posted nothing: its `when` does not hold: "
    assert f"{first}visits was 0, status was blue, balance of points was 0 points\n" in text
    assert f"{first}visits was 1, status was blue, balance of points was 100 points\n" in text
    assert "`cups` posted nothing: it comes to 0, as the purchase lists no items" in text


def test_a_story_writes_points_as_money_as_a_scenario_does(book_of: BookOf) -> None:
    text = told(book_of, ASKED)
    assert "purchase $2.00 redeeming $2.00 of money" in text
    assert "purchase $7.00 redeeming $3.00 of money" in text
    assert "refused: `money`: what is asked for takes more points than are available" in text


def test_what_is_reversed_is_one_row_with_what_of_it_is_owed(book_of: BookOf) -> None:
    """LOT-6, RETURN-6: 107 of the 300 are still there."""
    rows = [" ".join(line.split()) for line in told(book_of, ASKED).splitlines() if "reversed" in line]
    assert rows == ["reversed, of base, 193 points of it owed -300 points never -193"]
