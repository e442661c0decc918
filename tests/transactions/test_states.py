"""Going on from a state: the same as one file of all rows, on either engine, by files or event by event."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from random_rows import as_csv, random_events

import loyalty_dsl as loyalty
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


@pytest.mark.parametrize("name", [name for name in ALL if name != "sephora"])
def test_event_by_event_is_the_file(name: str, tmp_path: Path) -> None:
    book = loyalty.load(PROGRAMS / f"{name}.loyalty")
    program = loyalty.live(book)
    events = random_events(book.programs[0], 7, events=90)
    whole = run(book, written(book.programs[0], tmp_path, "whole", events, lines=True))
    states: dict[str, str] = {}
    postings: dict[str, list[Any]] = {}
    for event in events:
        member = event["member"]
        state = program.read_state(states[member]) if member in states else None
        try:
            done = program.apply(state, event)
        except InputRefused:
            continue
        states[member] = done.state.to_json()
        postings.setdefault(member, []).extend(done.postings)
        if done.told is not None:
            referrer = done.told.referrer
            assert referrer is not None
            heard = program.hear(program.read_state(states[referrer]), done.told)
            states[referrer] = heard.state.to_json()
            postings[referrer].extend(heard.postings)
    for number, member in enumerate(whole.result.history.members):
        last = loyalty_day(whole.figures.as_of)
        done = program.advance(program.read_state(states[member]), last)
        assert whole.result.postings is not None
        its = canonical_postings([*postings[member], *done.postings])
        assert its == whole.result.postings[number]
        totals = program.totals(done.state)
        for currency, figures in zip(totals.values(), whole.result.member_totals(number), strict=True):
            assert currency == figures


def loyalty_day(day: int) -> Any:
    from loyalty_dsl.calendar import date_of

    return date_of(day)
