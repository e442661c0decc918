"""Limits on what all members are paid together (LIMIT-9)."""

from collections.abc import Callable
from fractions import Fraction

import attrs
import numpy as np
import pytest
from histories_by_hand import ENGINES
from test_delivery import FIRST, history_of, small

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.everyone import until_settled
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

TEXT = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2020-01-01 by purchase date

    event purchase { online  yes/no }
    currency points "Points" {
        round   down per rule
        expire  never
    }
    earn base {
        on     purchase
        give   1 point per whole $1
        limit  150 points per calendar month for everyone
    }
    earn gift {
        on     purchase
        when   not online
        give   10 points
        limit  7 times per calendar year for everyone
        limit  1 time per calendar month
    }
    referral friends {
        on    join by friend
        give  7 points
    }
    reward mug {
        price  20 points
        give   $5 off in full
        limit  2 times per lifetime for everyone
    }
    returns { balance stops at zero }
}
"""


@pytest.fixture
def corner(program_of: Callable[[str], Program]) -> Program:
    return program_of(TEXT)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_window_closes_for_all_after_the_day_on_which_the_limit_is_reached(
    corner: Program, engine: Engine
) -> None:
    """The day itself is paid beyond the limit, and the next window is open again."""
    events = [
        ("ann", 0, PURCHASE, 10_000, -1),
        ("ann", 1, PURCHASE, 6_000, -1),
        ("ann", 2, PURCHASE, 1_000, -1),
        ("ann", 31, PURCHASE, 1_000, -1),
        ("bob", 1, PURCHASE, 9_000, -1),
        ("bob", 5, PURCHASE, 1_000, -1),
        ("bob", 32, PURCHASE, 2_000, -1),
    ]
    replayed = replay(corner, small(corner, events, {}), engine)
    assert replayed.rules[0].units == 100 + 60 + 90 + 10 + 20
    assert replayed.together[0, FIRST + 1] == 150
    assert replayed.usage[:, 0].tolist() == [10, 20]


@pytest.mark.parametrize("engine", ENGINES)
def test_stock_runs_out(corner: Program, engine: Engine) -> None:
    """Two mugs in all; both of the day on which the second one goes are given, and none later."""
    days = [0, 1, 2, 2, 3, 4]
    names = ["ann", "ann", "ann", "bob", "bob", "bob"]
    events = [(name, day, PURCHASE, 9_000, -1) for name, day in zip(names, days, strict=True)]
    history = small(corner, events, {})
    asked = attrs.evolve(
        history, reward=np.array([-1, 0, 0, -1, 0, 0]), quantity=np.array([0, 1, 1, 0, 1, 1])
    )
    replayed = replay(corner, asked, engine)
    assert replayed.rewards[0].uses == 2
    assert [refused.row for refused in replayed.refusals] == [5, 6]
    earlier = attrs.evolve(asked, day=asked.day - np.array([0, 0, 0, 2, 1, 2]))  # bob's first on day 2
    replayed = replay(corner, earlier, engine)
    assert replayed.rewards[0].uses == 4
    assert not replayed.refusals


@pytest.mark.parametrize("seed", range(25))
def test_both_engines_close_the_same_windows(corner: Program, seed: int) -> None:
    """SAME-1, with friends, returns and several limits that close each other's members out."""
    history = history_of(corner, seed)
    compiled, reference = (replay(corner, history, engine, 2, True) for engine in ENGINES)
    assert compiled.postings == reference.postings
    assert compiled.refusals == reference.refusals
    assert compiled.together == reference.together
    assert np.array_equal(compiled.usage, reference.usage)
    assert compiled.rewards == reference.rewards


def test_what_closes_is_found_window_by_window(corner: Program) -> None:
    """Closing one limit can keep another one open: 5 a day are counted until the first closes."""
    runs = []
    first, second = (limit.index for limit in (corner.earns[0].limits[0], corner.earns[1].limits[0]))
    january = FIRST

    def run(closings: object) -> dict[tuple[int, int], int]:
        runs.append(closings)
        closed = dict(closings).get((first, january), FIRST + 100)  # type: ignore[call-overload]
        days = [day for day in range(FIRST, FIRST + 20) if day < closed]
        return {(first, day): 50 for day in days} | {(second, day): 1 for day in days}

    assert corner.earns[0].limits[0].window is Unit.MONTH
    last = until_settled(corner, run, lambda together: together)
    # 150 are reached on the third day; the second limit's 7 times never are, once the first one is closed.
    assert sorted(day for limit, day in last if limit == first) == [FIRST, FIRST + 1, FIRST + 2]
    assert runs == [
        {},
        {(first, january): FIRST + 3, (second, january): FIRST + 7},
        {(first, january): FIRST + 3},
    ]
    doubled = until_settled(corner, run, lambda together: together, Fraction(2))
    assert sorted(day for limit, day in doubled if limit == first) == [FIRST, FIRST + 1]


SOME = """
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    member {
        vip yes/no
    }
    currency points {
        round   down per rule
        expire  never
    }
    earn base {
        on     purchase
        give   1 point per $1
        limit  100 points per calendar week for everyone when not vip
    }
    reward off {
        price  500 points
        give   $5 off in full
    }
}
scenario "the week is closed for the one" for shop {
    on      2026-01-05 purchase $150.00
    expect  earned 150 points
    on      2026-01-06 purchase $10.00
    expect  earned 0 points
    on      2026-01-12 purchase $10.00
    expect  earned 10 points
}
scenario "and not for the other, who counts all the same" for shop {
    given   vip yes
    on      2026-01-05 purchase $150.00
    on      2026-01-06 purchase $10.00
    expect  earned 10 points
    on      2026-01-07 purchase $10.00 with vip no
    expect  earned 0 points
}
"""


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_limit_for_everyone_cuts_those_for_whom_its_condition_holds(engine: Engine) -> None:
    """LIMIT-9, LIMIT-10."""
    file, mistakes = parse_file(SourceText("shop.loyalty", SOME))
    book, found = check_book([file], mistakes)
    assert not [each for each in found if each.severity.value == "error"]
    assert [result.passed for result in run_scenarios(book, engine)] == [True, True]
