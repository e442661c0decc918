"""The registry: each page's examples do what the page says, and no code is unknown or unused."""

import os
import re
from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.codes import CODES, Code, diagnostic
from loyalty_dsl.language.codes.pages import document
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText, Span

WITH_EXAMPLE = [code for code in CODES.values() if code.example is not None]
MENTION = re.compile(r'"(L\d{3})"')


def codes_of(text: str) -> set[str]:
    file, broken = parse_file(SourceText("example.loyalty", text))
    _, found = check_book([file], broken)
    return {finding.code for finding in (*broken, *found) if finding.allowed is None}


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.code)
def test_bad_example_raises_its_code_and_no_other(code: Code) -> None:
    assert code.example is not None
    assert codes_of(code.example.bad_file()) == {code.code}


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.code)
def test_good_example_raises_nothing(code: Code) -> None:
    assert code.example is not None
    assert codes_of(code.example.good_file()) == set()


def test_only_codes_of_overlong_files_have_no_example() -> None:
    assert [code.code for code in CODES.values() if code.example is None] == ["L106", "L110"]


def test_every_code_in_the_sources_is_registered_and_every_registered_code_is_used(repository: Path) -> None:
    used = {
        code
        for path in (repository / "loyalty_dsl").rglob("*.py")
        if "codes" not in path.parts
        for code in MENTION.findall(path.read_text(encoding="utf-8"))
    }
    assert used == set(CODES)


def test_a_code_must_be_registered_to_be_used() -> None:
    source = SourceText("example.loyalty", "x")
    with pytest.raises(KeyError):
        diagnostic("L999", Span(source, 0, 1), "not a code")


def test_the_document_is_up_to_date(repository: Path) -> None:
    path = repository / "docs" / "diagnostics.md"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        path.write_text(document(CODES.values()), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == document(CODES.values()), (
        "docs/diagnostics.md is stale; run this test with LOYALTY_UPDATE_GOLDENS=1"
    )


def test_titles_and_pages_are_written_for_designers() -> None:
    for code in CODES.values():
        assert code.title
        assert not code.title.endswith(".")
        assert code.page.endswith("."), code.code
