"""Transfers from one member to another (SEND): worked examples on both engines, and whatever is drawn."""

import os
from collections import Counter
from pathlib import Path

import attrs
import pytest
from drawn_transfers import pair_with_transfers
from programs_by_hand import at
from test_agreement import assert_same_answer

import loyalty_dsl
from loyalty_dsl.calendar import Duration, Unit, format_day
from loyalty_dsl.evaluation.connected import groups_of
from loyalty_dsl.evaluation.ledger import RefusalKind
from loyalty_dsl.evaluation.one_member import bring_to
from loyalty_dsl.evaluation.replay import Engine, Replay, replay
from loyalty_dsl.evaluation.statements import statement_of
from loyalty_dsl.language.expiry import AfterEarning
from loyalty_dsl.language.program import Program
from loyalty_dsl.testing.running import run_scenarios
from loyalty_dsl.transactions.histories import HistoryResult, read_history

GOOD = Path(__file__).parents[1] / "language" / "good"
SEEDED = int(os.environ.get("LOYALTY_EXAMPLES", "60"))

ROWS = """\
member,time,kind,amount,nights,reward,quantity,recipient
ana,2024-01-01 10:00,stay,,50,,,
ben,2024-01-02 10:00,stay,,2,,,
chi,2024-01-03 10:00,stay,,3,,,
dan,2024-01-03 10:00,stay,,3,,,
ben,2024-05-01 11:00,transfer,,,to_member,21000,chi
ana,2024-05-01 10:00,transfer,,,to_member,20000,ben
ana,2024-05-02 10:00,transfer,,,to_member,500,ben
ana,2024-05-04 10:00,transfer,,,to_member,1000,ana
"""


def program_of(name: str) -> Program:
    (program,) = loyalty_dsl.load(GOOD / name).programs
    return program


def read(folder: Path, rows: str) -> tuple[Program, HistoryResult]:
    program, path = program_of("sending_points.loyalty"), folder / "rows.csv"
    path.write_text(rows)
    return program, read_history(program, path)


def test_both_engines_agree_on_transfers_in_any_program() -> None:
    """SEND-1 to SEND-7, beside whatever else a program has; every way in which one can end is among them."""
    seen: Counter[str] = Counter()
    for seed in range(SEEDED):
        program, history = pair_with_transfers(seed)
        assert_same_answer(program, history)
        result = replay(program, history, "reference", with_postings=True)
        seen.update(each.refusal.obstacle.name for each in result.refusals)
        seen.update(posting[2] for its in result.postings or () for posting in its)
    assert {"sent", "received", "ONESELF", "NO_MEMBER", "NOT_TO_THEM", "THEIR_LIMIT", "LIMIT"} <= set(seen)


@pytest.mark.parametrize("name", ["sending_points.loyalty", "sending_versions.loyalty"])
def test_the_worked_examples_hold_on_both_engines(name: str) -> None:
    """SEND-1 to SEND-6, SCEN-18."""
    for result in run_scenarios(loyalty_dsl.load(GOOD / name), "both"):
        assert result.passed and not result.differences, result.scenario.title


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_what_one_sends_another_can_send_on(tmp_path: Path, engine: Engine) -> None:
    """SEND-7: ben has only 2,000 of his own when he sends 21,000, an hour after ana's 20,000 came; in the
    file the rows of the two stand in another order."""
    program, result = read(tmp_path, ROWS)
    done = replay(program, result.history, engine)
    figures = {
        name: (totals.issued, totals.received, totals.sent, totals.outstanding)
        for number, name in enumerate(result.history.members)
        for totals in done.member_totals(number)
    }
    assert figures == {
        "ana": (50_000, 0, 20_000, 30_000),
        "ben": (2000, 20_000, 21_000, 1000),
        "chi": (3000, 21_000, 0, 24_000),
        "dan": (3000, 0, 0, 3000),
    }
    assert _refused(done) == [
        "what is asked for is no whole number of steps of 1,000 points",
        "nobody sends to oneself",
    ]


def _refused(done: Replay) -> list[str]:
    assert all(each.refusal.kind is RefusalKind.REWARD for each in done.refusals)
    return [each.refusal.reason for each in done.refusals]


def test_much_that_is_sent_needs_more_room_than_there_is_at_first(tmp_path: Path) -> None:
    """SEND-1: a transfer that is cut short for want of room goes on where it stopped, and nothing is twice:
    700 transfers of as many lots, between three members and back."""
    program = program_of("sending_points.loyalty")
    (currency,) = program.currencies
    own_days = attrs.evolve(currency, expiry=AfterEarning(Duration(24, Unit.MONTH), None))
    rewards = tuple(attrs.evolve(each, limits=()) for each in program.rewards)
    program = attrs.evolve(program, currencies=(own_days,), rewards=rewards)
    rows = [ROWS.partition("\n")[0]]
    names = ("ana", "ben", "chi")
    for number in range(120):
        day = format_day(at("2023-01-02") + number)
        rows += [f"{name},{day} 08:00,stay,,9,,," for name in names]
    for number in range(700):
        day = format_day(at("2023-05-03") + number // 3)
        one, other = names[number % 3], names[(number + 1) % 3]
        rows.append(
            f"{one},{day} 09:{number % 60:02},transfer,,,to_member,{1000 + number % 7 * 1000},{other}"
        )
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(rows) + "\n")
    result = read_history(program, path)
    assert_same_answer(program, result.history)
    done = replay(program, result.history, "compiled")
    (totals,) = done.totals()
    assert totals.sent == totals.received > 2_000_000


def test_members_whom_transfers_connect_are_one_group(tmp_path: Path) -> None:
    """SEND-7: ana and chi never meet, but both meet ben."""
    _, result = read(tmp_path, ROWS)
    groups = groups_of(result.history)
    assert [groups.of(each).tolist() for each in range(len(groups))] == [[0, 1, 2], [3]]
    without = attrs.evolve(result.history, recipients=result.history.recipients * 0 - 1)
    assert len(groups_of(without)) == 4


def test_a_statement_has_what_others_sent(tmp_path: Path) -> None:
    program, result = read(tmp_path, ROWS)
    live = bring_to(program, result.history, 1, result.history.last_day, seed=1, closings={})
    statement = statement_of(live, with_postings=True)
    assert statement.holdings[0].available == 1000
    assert [posting.kind.value for posting in statement.postings or ()] == ["received", "sent", "sent"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("ana,2024-06-01,transfer,,,to_member,1000,zoe", "`recipient` names nobody"),
        ("ana,2024-06-01,transfer,,,to_member,1000,", "`recipient` is missing"),
        ("ana,2024-06-01,transfer,,,to_member,,ben", "`quantity` is missing"),
        ("ana,2024-06-01,redeem,,,to_member,1000,", "the row is a `transfer`"),
        ("ana,2024-06-01,stay,,1,,,ben", "`recipient` is given on a row that is no `transfer`"),
    ],
)
def test_a_row_that_says_too_little_is_left_out(tmp_path: Path, row: str, why: str) -> None:
    _, result = read(tmp_path, ROWS + row + "\n")
    (refused,) = result.refused.rows
    assert why in refused.reason
