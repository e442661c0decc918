"""Rows of a program that asks for the time of day (TIME-7)."""

from pathlib import Path

import pytest
from corner_program import BODY, HEAD, reasons

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.histories import read_history

EARLY = "    earn early {\n        on    purchase where time before 09:00\n        give  5 points\n    }\n"
ROWS = "member,time,amount\na,2020-03-03 08:59,4\na,2020-03-03T14:30:59Z,4\na,2020-03-04,4\n"


@pytest.fixture
def program() -> Program:
    file, mistakes = parse_file(SourceText("corner.loyalty", HEAD + EARLY + BODY))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    return book.programs[0]


def test_the_column_time_is_read_in_the_zone_of_the_program(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    result = read_history(program, path)
    assert result.history.fields[:, 0].tolist() == [8 * 60 + 59, 9 * 60 + 30]
    assert result.history.minute.tolist() == [8 * 60 + 59, 9 * 60 + 30]


def test_a_date_alone_has_no_time_of_day(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    assert reasons(read_history(program, path)) == {
        3: "`time` has no time of day, which the program asks for"
    }
