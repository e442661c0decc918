"""Good and bad pairs: checking a bad file gives exactly the diagnostics on record, its good twin none.

`LOYALTY_UPDATE_GOLDENS=1` rewrites the records; look at the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.loyalty"))
GOOD = sorted((HERE / "good").glob("*.loyalty"))


def check(path: Path) -> tuple[Book | None, list[Diagnostic]]:
    file, broken = parse_file(SourceText(path.name, path.read_text(encoding="utf-8")))
    book, found = check_book([file], broken)
    return book, list(found)


def record(found: list[Diagnostic]) -> str:
    """Each finding as `line:column code message`, its secondary places and its help."""
    lines = []
    for finding in (each for each in found if each.allowed is None):
        lines.append(f"{finding.span.line}:{finding.span.column} {finding.code} {finding.message}")
        for label in finding.secondary:
            lines.append(f"    {label.span.line}:{label.span.column} {label.message}".rstrip())
        if finding.help is not None:
            lines.append(f"    help: {finding.help}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_file_gives_the_recorded_diagnostics(path: Path) -> None:
    _, found = check(path)
    assert found
    expected = path.with_suffix(".expected")
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        expected.write_text(record(found), encoding="utf-8")
    assert record(found) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_file_has_nothing_to_report(path: Path) -> None:
    book, found = check(path)
    assert record(found) == "\n"
    assert book is not None


def test_every_bad_file_has_a_good_twin() -> None:
    assert {path.name for path in BAD} <= {path.name for path in GOOD}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_edits_lie_in_the_text_and_change_it(path: Path) -> None:
    for finding in check(path)[1]:
        if finding.edit is not None:
            assert finding.edit.replacement != finding.edit.span.text
            assert 0 <= finding.edit.span.start <= finding.edit.span.end <= len(finding.edit.span.source.text)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_messages_are_one_line_in_lower_case_without_python_names(path: Path) -> None:
    for finding in check(path)[1]:
        for words in (finding.message, finding.help or ""):
            assert "\n" not in words
            assert "None" not in words
            assert "Fraction" not in words
            assert "<" not in words.replace("`<`", "").replace("`<=`", "")
        assert not finding.message[0].isupper()
        assert not finding.message.endswith(".")
