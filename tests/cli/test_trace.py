"""`loyalty trace`: a scenario, events that are typed, and a member of a file."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

Command = Callable[..., Any]

RULES = """\
program shop "Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    event purchase {
        online   yes/no
        payment  one of card, cash
    }

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }

    counter year_spend "Spend" = spend in calendar year

    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  member "Member"
        level  gold "Gold" when year_spend >= $500
    }

    earn base "Base" {
        on     purchase
        give   by status {
            gold    2 points per $1
            others  1 point per $1
        }
        limit  200 points per calendar month
    }

    earn web "Online" {
        on    purchase where online
        when  amount >= $40 and payment is card
        give  10 points
    }

    reward five_off "$5 off" {
        price  100 points
        give   $5 off up to the basket
        limit  1 time per calendar month
    }
}

scenario "gold is two a dollar" for shop {
    given   status gold
    on      2026-03-02 purchase $20.00 with online yes, payment card
    expect  earned 40 points
}
"""
ROWS = """\
member,time,purchase,kind,amount,online,payment,reward
ann,2026-02-02T10:00:00,a1,purchase,150.30,yes,cash,
ann,2026-02-09T10:00:00,a2,purchase,90.00,yes,card,
ann,2026-02-09T10:00:00,a2,redeem,,,,five_off
ben,2026-02-03T10:00:00,b1,purchase,10.00,no,cash,
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "shop.loyalty"
    path.write_text(RULES)
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def test_events_that_are_typed(loyalty: Command, rules: Path) -> None:
    ran = loyalty("trace", rules, "--event", "purchase $32.10 online card", "--given", "status gold")
    assert ran.code == 0, ran.err
    assert "2026-01-02  purchase $32.10 with online yes, payment card" in ran.out
    assert f"+64 points  base  [{rules}:25]" in ran.out
    assert f"row status is gold ({rules}:28)" in " ".join(ran.out.split())
    assert "2 points per $1 of $32.10 = 64.2 points" in ran.out
    assert "rounded down: 64 points" in ran.out
    assert "web: needs amount >= $40.00 (it is $32.10)" in ran.out
    assert "balance  64 points" in ran.out


def test_later_events_keep_the_day_and_each_part_is_told_where_all_is(loyalty: Command, rules: Path) -> None:
    ran = loyalty(
        "trace",
        rules,
        "--event",
        "on 2026-05-01 purchase $100 cash",
        "--event",
        "purchase $150 card",
        "--all",
    )
    assert "note: online is no, as --event does not say" in ran.err
    assert ran.out.count("2026-05-01  purchase") == 2
    assert (
        "cut from 150 points to 100 points by its limit of 200 points per calendar month: 100 points"
        in ran.out
    )
    assert "no   online (it is no)" in ran.out
    assert "yes  payment is card (it is card)" in ran.out


def test_short_words_before_items_and_several_lines(loyalty: Command, rules: Path) -> None:
    rules.write_text(
        RULES.replace("    currency", "    item {\n        sort  one of a, b\n    }\n\n    currency", 1)
    )
    event = "purchase cash { item $20 with sort a\nitem $10 with sort b }"
    ran = loyalty("trace", rules, "--event", event)
    assert "purchase $30.00 of 2 items with online no, payment cash" in ran.out, ran.err
    wrong = loyalty("trace", rules, "--event", event.replace("sort b", "sort c"))
    assert "--event:2:20" in wrong.err and "2 | item $10 with sort c }" in wrong.err


def test_a_mistake_in_an_event_is_shown_in_it(loyalty: Command, rules: Path) -> None:
    ran = loyalty("trace", rules, "--event", "purchase $20 card", "--given", "stats gold")
    assert (ran.code, ran.out) == (2, "")
    assert "--given:1:7" in ran.err and "1 | given stats gold" in ran.err
    assert "there is no status, counter or member's field `stats`" in ran.err
    lost = loyalty("trace", rules, "--event", "purchase 21.50 card")
    assert lost.code == 2 and "in double quotes a shell takes `$1` away" in lost.err


def test_money_that_a_shell_took_away_is_told_of(loyalty: Command, rules: Path) -> None:
    ran = loyalty("trace", rules, "--event", "purchase 2.50 card")
    assert ran.code == 2
    assert "help: write the event with single quotes, 'purchase $2.50'" in ran.err


def test_a_member_of_a_file(loyalty: Command, rules: Path, rows: Path) -> None:
    refused = loyalty("trace", rules, rows)
    assert refused.code == 2 and "has 2 members, and a trace is of one" in refused.err
    ran = loyalty("trace", rules, rows, "--member", "ann")
    assert "web: needs payment is card (it is cash)" in ran.out
    assert "five_off used" in ran.out
    assert "takes 100 points of the lot of 2026-02-02 (by base)" in ran.out
    assert "$5.00 off, $85.00 left to pay" in ran.out
    assert "cut from 85 points to 50 points by its limit of 200 points per calendar month" in ran.out
    alone = loyalty("trace", rules, rows, "--member", "ann", "--day", "2026-02-09", "--rule", "web")
    assert "2026-02-02" not in alone.out and "base" not in alone.out
    assert "yes  amount >= $40.00 (it is $85.00)" in alone.out


def test_a_folder_that_replay_keeps(loyalty: Command, rules: Path, rows: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert loyalty("replay", rules, rows, "--engine", "reference", "--state", state).code == 0
    of_file, of_state = (loyalty("trace", rules, each, "--member", "ann") for each in (rows, state))
    assert of_state.code == 0, of_state.err
    assert of_state.out.splitlines()[1:] == of_file.out.splitlines()[1:]


def test_a_scenario_as_json(loyalty: Command, rules: Path) -> None:
    ran = loyalty("trace", rules, "--scenario", "gold is", "--format", "json")
    document = json.loads(ran.out)
    schema = json.loads((files("loyalty_dsl.report") / "schemas/trace.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    _, event = document["episodes"]
    (base, web) = event["rules"]
    assert (base["posted"]["units"], base["why_not"], base["exact"]) == (40, None, "40")
    assert (web["posted"], web["why_not"]) == (None, "when")
    assert event["balances"] == {"points": 40}
    assert document["inputs"].keys() == {str(rules)}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "say what to trace"),
        (["--scenario", "nothing"], 'there is no scenario "nothing"'),
        (["--event", "purchase $5 card", "--rule", "bse"], "has no rule or reward `bse`"),
        (["--event", "purchase $5 card", "--member", "ann"], "`--member` is of a file"),
        (["--scenario", "gold", "--given", "status gold"], "`--given` is of events that are typed"),
        (["--scenario", "gold", "--program", "club"], "`--program` is of events"),
        (["."], "holds no state"),
    ],
)
def test_what_cannot_be_traced_is_refused(loyalty: Command, rules: Path, more: list[str], said: str) -> None:
    ran = loyalty("trace", rules, *more)
    assert ran.code == 2 and said in ran.err, ran.err


_TOO_MUCH = """
program club {
    money USD
    timezone "America/New_York"
    starts 2026-01-01 by purchase date
    currency points { round down per event
        expire never }
    earn base { on purchase
        give 1 point per $1 }
    reward pay { price 100 points per $1 off }
}
"""


def test_a_payment_of_more_points_than_there_are_is_traced(loyalty: Command, tmp_path: Path) -> None:
    """Some uses of the reward are planned, none is carried out, and what rules post is theirs."""
    rules = tmp_path / "club.loyalty"
    rules.write_text(_TOO_MUCH)
    event = ("--event", "purchase $20.00 redeeming $12 of pay", "--given", "500 points")
    ran = loyalty("trace", rules, *event)
    assert ran.code == 0
    assert "+20 points  base" in ran.out
    assert "takes more points than are available: 500 points available" in ran.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--event", " "), "--event is empty"),
        (("--event", "purchase $5", "--given", ""), "--given is empty"),
        (("--event", "purchase $5\nexpect 5 points"), "--event takes one line"),
        (("--event", "on 2026-02-01 expect 5 points"), "`expect` tests"),
    ],
)
def test_what_is_no_event_is_refused(
    loyalty: Command, tmp_path: Path, given: tuple[str, ...], told: str
) -> None:
    rules = tmp_path / "club.loyalty"
    rules.write_text(_TOO_MUCH)
    ran = loyalty("trace", rules, *given)
    assert ran.code == 2
    assert told in ran.err
