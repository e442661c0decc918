"""A statement says what the evaluators say, and what it names as missing is what is missing."""

import json
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import loyalty_dsl as loyalty
from loyalty_dsl.calendar import date_of, day_of, format_day
from loyalty_dsl.cli import run
from loyalty_dsl.evaluation.statements import Statement
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.statement_json import statement_document
from loyalty_dsl.report.statement_text import render_statement
from loyalty_dsl.report.style import PLAIN

RULES = """\
program club "The Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round    down per rule
        expire   12 months after earning
        pending  10 days
    }
    currency notes "Notes" in money {
        round   down per rule
        expire  3 months after last purchase
    }

    counter year_spend "spend of the year" = spend in calendar year
    counter visits = purchases in rolling 12 months

    tiers status "Status" {
        hold   HOLD
        lapse  to the level earned
        level  blue    "Blue"
        level  silver  "Silver"  when year_spend >= $300 or visits >= 5
        level  gold    "Gold"    when year_spend >= $1,000 and visits >= 3
    }

    earn base "A point a dollar" {
        on    purchase
        give  1 point per whole $1
    }
    reward note "A $5 note" {
        price  200 points
        give   $5 notes
    }
    reward five_off "Pay with notes" {
        price  $5 notes
        give   $5 off in full
    }
}
"""
THROUGH = "through end of calendar year plus 2 months"
SALES = [
    {"member": "ann", "time": "2026-02-01", "purchase": "p1", "amount": "250.00"},
    {"member": "bob", "time": "2026-02-03", "purchase": "p2", "amount": "1.00"},
    {
        "member": "ann",
        "time": "2026-02-20",
        "purchase": "p3",
        "amount": "110.00",
        "redeem": {"reward": "note"},
    },
]


def book_of(folder: Path, hold: str = THROUGH) -> Book:
    path = folder / "club.loyalty"
    path.write_text(RULES.replace("HOLD", hold))
    return loyalty.load(path)


def sales(folder: Path, *more: dict[str, Any]) -> Path:
    path = folder / "sales.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in (*SALES, *more)))
    return path


def shown(book: Book, stated: Statement) -> str:
    return render_statement(book.programs[0], stated, PLAIN)


def test_a_statement_says_all_of_a_member(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    stated = loyalty.statement(book, sales(tmp_path), "ann")
    assert shown(book, stated).splitlines() == [
        "The Club · ann · at the end of 20 February 2026",
        "Member since 1 February 2026.",
        "Points",
        "  50 points available",
        "  110 points pending, available from 2 March 2026",
        "  50 points to use by 31 January 2027",
        "  110 points to use by 19 February 2027",
        "Notes",
        "  $5.00 notes available",
        "  all of it can be used through 19 May 2026 unless something happens before",
        "Status",
        "  Silver, through 28 February 2027",
        "  $640.00 more of spend of the year by 31 December 2026 and 1 more of Visits for",
        "  Gold",
        "Rewards",
        "  A $5 note for 200 points: 150 points to go",
        "  Pay with notes for $5.00 notes: yours when you ask for it",
        "  Next: A $5 note for 200 points: 150 points to go.",
        "This month",
        "  1 February 2026  +250 points earned: A point a dollar (p1)",
        "  20 February 2026  \N{MINUS SIGN}200 points spent: A $5 note (p3)",
        "  20 February 2026  +$5.00 notes earned: A $5 note (p3)",
        "  20 February 2026  +110 points earned: A point a dollar (p3)",
    ]


@pytest.mark.parametrize(
    ("amount", "level"),
    [("289.99", "Blue"), ("290.00", "Silver"), ("989.99", "Silver"), ("990.00", "Silver")],
)
def test_what_is_missing_is_what_is_missing(tmp_path: Path, amount: str, level: str) -> None:
    book = book_of(tmp_path)
    first = {"member": "cid", "time": "2026-03-01", "purchase": "c1", "amount": "10.00"}
    before = loyalty.statement(book, sales(tmp_path, first), "cid")
    ways = before.rungs[0].raising
    assert [(m.units, m.by) for way in ways for m in way.missing] == [
        (29_000, day_of(date(2026, 12, 31))),
        (4, None),
    ]
    second = {"member": "cid", "time": "2026-12-31", "purchase": "c2", "amount": amount}
    after = loyalty.statement(book, sales(tmp_path, first, second), "cid")
    assert book.programs[0].ladders[0].levels[after.rungs[0].level].label == level


def test_the_next_year_counts_anew_and_what_keeps_a_level_is_told(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    stated = loyalty.statement(book, sales(tmp_path), "ann", on=date(2027, 1, 15))
    (rung,) = stated.rungs
    assert (rung.level, format_day(rung.through)) == (1, "2027-02-28")
    text = shown(book, stated)
    assert "$300.00 more of spend of the year by 31 December 2027 keeps Silver for longer" in text
    assert "or 3 more of Visits keeps Silver for longer" in text
    kept = {"member": "ann", "time": "2027-01-20", "purchase": "p9", "amount": "300.00"}
    after = loyalty.statement(book, sales(tmp_path, kept), "ann")
    assert (format_day(after.rungs[0].through), after.rungs[0].keeping) == ("2028-02-29", ())


def test_a_level_held_for_a_time_is_judged_at_its_end(tmp_path: Path) -> None:
    book = book_of(tmp_path, "14 months")
    stated = loyalty.statement(book, sales(tmp_path), "ann")
    (rung,) = stated.rungs
    end = date(2027, 4, 19)
    assert (rung.level, date_of(rung.through)) == (1, end)
    assert [(m.units, m.by) for way in rung.keeping for m in way.missing] == [
        (30_000, day_of(end)),  # of 2027, in which the term ends
        (5, day_of(end)),
    ]
    for amount, level in (("299.99", 0), ("300.00", 1)):
        more = {"member": "ann", "time": "2027-04-19", "purchase": "p9", "amount": amount}
        after = loyalty.statement(book, sales(tmp_path, more), "ann", on=end + timedelta(1))
        assert after.rungs[0].level == level


def test_a_state_says_what_the_file_says(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    path = sales(tmp_path)
    from_file = loyalty.statement(book, path, "ann", on=date(2026, 6, 1))
    loyalty.replay(book, path, engine="reference", state=tmp_path / "state")
    assert loyalty.statement(book, tmp_path / "state", "ann", on=date(2026, 6, 1)) == from_file
    program, state = loyalty.live(book), None
    for event in SALES:
        if event["member"] == "ann":
            state = program.apply(state, event).state
    assert state is not None
    kept = tmp_path / "ann.json"
    kept.write_text(state.to_json())
    stated = loyalty.statement(book, kept, "ann", on=date(2026, 6, 1))
    assert stated.postings is None
    assert (stated.holdings, stated.rungs, stated.offers) == (
        from_file.holdings,
        from_file.rungs,
        from_file.offers,
    )
    with pytest.raises(InputRefused, match="cannot go back"):
        loyalty.statement(book, kept, "ann", on=date(2026, 2, 1))
    with pytest.raises(InputRefused, match="is the state of `ann`, not of `bob`"):
        loyalty.statement(book, kept, "bob")


def test_before_the_first_event_nobody_is_a_member(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    stated = loyalty.statement(book, sales(tmp_path), "ann", on=date(2026, 1, 31))
    assert shown(book, stated).splitlines()[1:] == ["Not a member yet."]


def test_what_friends_did_is_in_a_statement(tmp_path: Path, programs: Path) -> None:
    book = loyalty.load(programs / "bring_a_friend.loyalty")
    path = tmp_path / "friends.csv"
    path.write_text(
        "member,time,purchase,amount,referrer\nann,2026-03-01,1001,50.00,\nbob,2026-03-02,1002,60.00,ann\n"
    )
    for day, units in ((15, 0), (16, 1_000)):
        stated = loyalty.statement(book, path, "ann", on=date(2026, 3, day))
        assert stated.holdings[0].available == units


@pytest.fixture
def programs() -> Path:
    return Path(__file__).parents[2] / "programs"


@pytest.mark.parametrize("name", ["nordy_club", "sephora", "southwest", "key_rewards", "punch_card"])
def test_balances_are_those_of_the_replay(
    tmp_path: Path, programs: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "transactions"))
    from random_rows import random_events

    book = loyalty.load(programs / f"{name}.loyalty")
    events = random_events(book.programs[0], 5, members=3)
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    state = tmp_path / "state"
    aside = tmp_path / "aside"
    replayed = loyalty.replay(book, path, engine="reference", quarantine=aside, state=state)
    schema = json.loads((files("loyalty_dsl.report") / "schemas/statement.schema.json").read_text("utf-8"))
    for number, member in enumerate(replayed.result.history.members):
        stated = loyalty.statement(book, state, member, engine="reference")
        for holding, totals in zip(stated.holdings, replayed.result.member_totals(number), strict=True):
            pending = sum(units for _, units in holding.pending)
            assert holding.available + pending - holding.owed == totals.outstanding
            assert pending == totals.pending
            assert sum(units for _, units in holding.gone) in range(holding.available + pending + 1)
        jsonschema.validate(statement_document(book.programs[0], stated), schema)
        assert shown(book, stated)


def test_the_command_says_who_is_not_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    book_of(tmp_path)
    rules, path = str(tmp_path / "club.loyalty"), str(sales(tmp_path))
    assert run(["statement", rules, path, "bob"]) == 0
    assert "The Club · bob" in capfd.readouterr().out
    assert run(["statement", rules, path, "bbo"]) == 2
    assert "did you mean `bob`?" in capfd.readouterr().err
    assert run(["statement", rules, str(tmp_path), "bob"]) == 2
    assert "holds no state" in capfd.readouterr().err
    assert run(["statement", rules, path, "ann", "--format", "json", "--on", "2026-03-02"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["balances"]["points"]["available"] == 160
    assert document["next_reward"] == "note"


def test_everybody_is_stated_as_each_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book_of(tmp_path)
    rules, data = str(tmp_path / "club.loyalty"), str(sales(tmp_path))
    assert run(["statement", rules, data, "--all", "--format", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["member"] for line in lines] == ["ann", "bob"]
    for line in lines:
        assert run(["statement", rules, data, line["member"], "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == line
    assert run(["statement", rules, data, "--all"]) == 0
    assert capsys.readouterr().out.count("The Club · ") == 2


def test_a_statement_is_of_one_or_of_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book_of(tmp_path)
    rules, data = str(tmp_path / "club.loyalty"), str(sales(tmp_path))
    for asked in (["ann", "--all"], []):
        assert run(["statement", rules, data, *asked]) == 2
        assert "`--all`" in capsys.readouterr().err


def test_what_a_gate_refuses_is_not_called_the_members_own(tmp_path: Path) -> None:
    path = tmp_path / "gated.loyalty"
    gate = 'refuse when status < gold "for Gold only"'
    path.write_text(
        RULES.replace("HOLD", THROUGH).replace("$5 off in full", f"$5 off in full\n        {gate}")
    )
    book = loyalty.load(path)
    told = shown(book, loyalty.statement(book, sales(tmp_path), "ann"))
    assert "Pay with notes for $5.00 notes: it is refused to you now: for Gold only" in told
