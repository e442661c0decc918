"""docs/clauses.md is made of how each clause is spelled."""

import os
from pathlib import Path

from loyalty_dsl.language.clause_pages import document
from loyalty_dsl.language.spelling import CLAUSES


def test_the_page_of_clauses_is_up_to_date(repository: Path) -> None:
    path = repository / "docs" / "clauses.md"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        path.write_text(document(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == document(), "run this test with LOYALTY_UPDATE_GOLDENS=1"


def test_every_clause_is_on_it_once_for_each_block() -> None:
    page = document()
    sections = page.split("\n## ")[1:]
    assert len(sections) == sum(1 for lines in CLAUSES.values() if lines)
    assert sum(section.count("\n") - 4 for section in sections) == sum(map(len, CLAUSES.values()))
