"""Programs and files for the reader's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from corner_program import BODY, HEAD

from loyalty_dsl.language.program import Program
from loyalty_dsl.transactions.histories import HistoryResult, read_history

Read = Callable[..., HistoryResult]


@pytest.fixture
def program(program_of: Callable[[str], Program]) -> Program:
    """No fields: a row needs member, time and amount."""
    return program_of(HEAD + BODY)


@pytest.fixture
def with_fields(program_of: Callable[[str], Program]) -> Program:
    """A field of each kind on purchases, and another event."""
    fields = """\
    event purchase {
        payment  one of store_card, other
        online   yes/no
        guests   number
        tip      money
        made     date
    }
    event visit { guests  number }
"""
    return program_of(HEAD + fields + BODY)


@pytest.fixture
def with_items(program_of: Callable[[str], Program]) -> Program:
    """An item field, so that rows of a purchase are its items, and a field of the purchase."""
    fields = "    event purchase { online  yes/no }\n    item { category  one of drink, food }\n"
    return program_of(HEAD + fields + BODY)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes lines of CSV and reads them: `read(program, "member,time,amount", "ann,2020-01-02,5")`."""

    def reader(program: Program, *lines: str) -> HistoryResult:
        path = tmp_path / "rows.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_history(program, path)

    return reader
