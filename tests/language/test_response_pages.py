"""The page on responses is the registry's, and each clause that it shows is read as it says."""

import os
from pathlib import Path

from loyalty_dsl.language.checking.responses import written_value
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.response_pages import document, example
from loyalty_dsl.language.responses import RESPONSES
from loyalty_dsl.source import SourceText


def test_the_page_is_up_to_date(repository: Path) -> None:
    path = repository / "docs" / "responses.md"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        path.write_text(document(RESPONSES), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == document(RESPONSES), (
        "docs/responses.md is stale; run this test with LOYALTY_UPDATE_GOLDENS=1"
    )


def test_every_clause_shown_parses_with_all_its_numbers() -> None:
    for one in RESPONSES:
        text = f"population p {{\nresponses {{\n{example(one)}\n}}\n}}\n"
        file, found = parse_file(SourceText("t.loyalty", text))
        assert not found, example(one)
        (clause,) = file.blocks[0].clauses[0].clauses  # type: ignore[union-attr, attr-defined]
        assert len(clause.settings) == len(one.parameters) - 1
        assert clause.value is not None
        assert written_value(one.parameters[0].literature) == clause.value.span.text
