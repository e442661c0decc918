"""Every program that comes with the language has customers, and a study whose bounds hold."""

from pathlib import Path

import pytest

from loyalty_dsl.decisions.calls import study
from loyalty_dsl.pipeline import load

PROGRAMS = Path(__file__).parents[2] / "programs"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.loyalty"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_bounds_of_a_program_hold(name: str) -> None:
    book = load([PROGRAMS / f"{name}.loyalty", PROGRAMS / "studies" / f"{name}.loyalty"])
    assert book.populations and book.scenarios
    assert study(book).passes


def test_there_is_a_study_for_each_program_and_for_nothing_else() -> None:
    assert sorted(path.stem for path in (PROGRAMS / "studies").glob("*.loyalty")) == NAMES
