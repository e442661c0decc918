"""Fixtures that several areas share: rule files from text, and the command as a function."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.pipeline import load

REPOSITORY = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--count 10000 --first 10000` runs the two evaluators on so many seeded pairs, from that seed on; or
    lays out so many drawn files, or mutated programs."""
    parser.addoption(
        "--count",
        type=int,
        default=0,
        help="pairs on which the evaluators are compared, or files that are laid out",
    )
    parser.addoption("--first", type=int, default=10_000, help="the seed of the first of those")


def pytest_configure(config: pytest.Config) -> None:
    """A count is asked of a slow test, which is then not to be left out."""
    if config.getoption("--count"):
        config.option.markexpr = ""


@pytest.fixture
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture
def book_of(tmp_path: Path) -> Callable[[str], Book]:
    """Checks the text of a rule file that must be correct."""

    def make(text: str) -> Book:
        path = tmp_path / "rules.loyalty"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return make


@pytest.fixture
def program_of(book_of: Callable[[str], Book]) -> Callable[[str], Program]:
    """Checks the text of a rule file with one program."""

    def make(text: str) -> Program:
        (program,) = book_of(text).programs
        return program

    return make
