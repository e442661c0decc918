"""`loyalty test --engine`: scenarios on the reference, the compiled engine, or both."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "programs" / "square_visits.loyalty"


@pytest.mark.parametrize("engine", ["reference", "compiled", "both"])
def test_every_engine_tells_the_same(loyalty: Callable, engine: str) -> None:
    plain, ran = loyalty("test", PROGRAM), loyalty("test", PROGRAM, "--engine", engine)
    assert ran.code == 0
    assert ran.out == plain.out
    assert "passed" in ran.out


@pytest.mark.parametrize("engine", ["compiled", "both"])
def test_a_failure_is_a_failure_on_every_engine(loyalty: Callable, engine: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.loyalty"
    rules.write_text(
        PROGRAM.read_text(encoding="utf-8")
        + 'scenario "wrong" for square_visits {\n on 2026-02-02 purchase $1.00\n expect $9.00 off\n}\n',
        encoding="utf-8",
    )
    ran = loyalty("test", rules, "--engine", engine, "--format", "json")
    assert ran.code == 1
    *_, wrong = json.loads(ran.out)["scenarios"]
    assert wrong["passed"] is False
    assert wrong["differences"] == []
    assert [each["actual"] for each in wrong["expectations"]] == [0]


def test_an_engine_that_there_is_not_is_bad_usage(loyalty: Callable) -> None:
    assert loyalty("test", PROGRAM, "--engine", "fast").code == 2
