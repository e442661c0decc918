"""Going on from a state: the same as one file of all rows, on either engine, by files or event by event."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from random_rows import as_csv, random_events

import loyalty_dsl as loyalty
from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.everyone_live import Everyone
from loyalty_dsl.evaluation.ledger import canonical_postings
from loyalty_dsl.evaluation.replay import Engine
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.new_postings import posting_lines
from loyalty_dsl.report.replaying import Replayed

PROGRAMS = Path(__file__).parents[2] / "programs"
ALL = ("bring_a_friend", "bronze_silver_gold", "delta_medallion", "nordy_club", "punch_card", "sephora")


def written(program: Program, folder: Path, name: str, events: list[dict[str, Any]], lines: bool) -> Path:
    """Events as JSON lines or as CSV."""
    path = folder / f"{name}.{'jsonl' if lines else 'csv'}"
    path.write_text("".join(f"{json.dumps(e)}\n" for e in events) if lines else as_csv(program, events))
    return path


def run(book: Book, path: Path, engine: Engine = "reference", **more: Any) -> Replayed:
    return loyalty.replay(
        book, path, engine=engine, quarantine=path.parent / "aside", with_postings=True, threads=1, **more
    )


def answers(replayed: Replayed) -> dict[str, Any]:
    """All that has to be alike."""
    result, figures = replayed.result, replayed.figures
    return {
        "members": list(result.history.members),
        "postings": result.postings,
        "totals": figures.totals,
        "usage": result.usage.tolist(),
        "counters": result.counters.tolist(),
        "grants": result.grants.tolist(),
        "rules": result.rules,
        "rewards": result.rewards,
        "levels": figures.levels,
        "used": (figures.rows, figures.events, figures.members, figures.returns, figures.as_of),
    }


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize("name", ALL)
def test_a_file_after_the_other_is_both_in_one(name: str, engine: Engine, tmp_path: Path) -> None:
    assert_files_add_up(name, engine, tmp_path, range(ALL.index(name), ALL.index(name) + 1))


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_many_files_after_each_other_are_all_in_one(name: str, tmp_path: Path) -> None:
    assert_files_add_up(name, "reference", tmp_path, range(100, 105))


def assert_files_add_up(name: str, engine: Engine, tmp_path: Path, seeds: range) -> None:
    book = loyalty.load(PROGRAMS / f"{name}.loyalty")
    for seed in seeds:
        events = random_events(book.programs[0], seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        whole = run(book, written(book.programs[0], folder, "whole", events, seed % 2 == 0), engine)
        cuts = [0, 20, 21, 45, len(events)]
        lines: list[str] = []
        for number, (first, end) in enumerate(pairwise(cuts)):
            its = events[first:end]
            path = written(book.programs[0], folder, f"part{number}", its, (seed + number) % 2 == 0)
            parts = run(book, path, engine, state=folder / "state")
            lines += posting_lines(parts)
        assert answers(parts) == answers(whole)
        assert sorted(lines) == sorted(posting_lines(whole))


@pytest.mark.parametrize("name", ALL)
def test_event_by_event_is_the_file(name: str, tmp_path: Path) -> None:
    assert_events_are_the_file(loyalty.load(PROGRAMS / f"{name}.loyalty"), 7, tmp_path)


EVERYONE = """\
program few "Few of them" {
    money     USD
    timezone  "America/New_York"
    starts    2024-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on     purchase
        give   1 point per whole $1
        limit  900 points per calendar month for everyone
    }
    reward mug "A mug" {
        price  100 points
        give   1 mug
        limit  3 times per lifetime for everyone
    }
}
"""


@pytest.mark.parametrize("seed", range(3))
def test_limits_for_everyone_are_handed_from_event_to_event(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "few.loyalty"
    path.write_text(EVERYONE)
    book = loyalty.load(path)
    assert_events_are_the_file(book, seed, tmp_path)
    uncut = loyalty.load(_without_limits(tmp_path))
    its = (run(each, tmp_path / "whole.jsonl").figures.totals[0].issued for each in (book, uncut))
    assert next(its) < next(its)  # the limits were felt
    program, event = loyalty.live(book), random_events(book.programs[0], seed)[0]
    with pytest.raises(InputRefused, match="has a limit for everyone"):
        program.apply(None, event)


def test_a_limit_for_everyone_at_midnights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "few.loyalty"
    path.write_text(
        EVERYONE.replace(
            "on     purchase\n        give   1 point per whole $1",
            "on     start of calendar month\n        give   1 point",
        )
    )
    with pytest.raises(InputRefused, match="on what happens at midnights"):
        loyalty.live(loyalty.load(path))


def _without_limits(folder: Path) -> Path:
    path = folder / "without.loyalty"
    path.write_text("\n".join(line for line in EVERYONE.splitlines() if "limit" not in line) + "\n")
    return path


def assert_events_are_the_file(book: Book, seed: int, folder: Path) -> None:
    """Each event from the text of the state before it, and all of them in a file, make the same postings."""
    program = loyalty.live(book)
    events = random_events(book.programs[0], seed, events=90)
    whole = run(book, written(book.programs[0], folder, "whole", events, lines=True))
    states: dict[str, str] = {}
    postings: dict[str, list[Any]] = {}
    everyone = program.nobody_yet()
    for event in events:
        member = event["member"]
        state = program.read_state(states[member]) if member in states else None
        try:
            done = program.apply(state, event, everyone=Everyone.from_json(everyone.to_json()))
        except InputRefused:
            continue
        states[member], everyone = done.state.to_json(), done.everyone or everyone
        postings.setdefault(member, []).extend(done.postings)
        if done.told is not None:
            referrer = done.told.referrer
            assert referrer is not None
            heard = program.hear(program.read_state(states[referrer]), done.told, everyone=everyone)
            states[referrer], everyone = heard.state.to_json(), heard.everyone or everyone
            postings[referrer].extend(heard.postings)
    for number, member in enumerate(whole.result.history.members):
        last = date_of(whole.figures.as_of)
        done = program.advance(program.read_state(states[member]), last, everyone=everyone)
        assert whole.result.postings is not None
        its = canonical_postings([*postings[member], *done.postings])
        assert its == whole.result.postings[number]
        totals = program.totals(done.state)
        for currency, figures in zip(totals.values(), whole.result.member_totals(number), strict=True):
            assert currency == figures
