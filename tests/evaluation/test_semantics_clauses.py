"""The page of meaning, the code and the tests name the same clauses.

A clause that no test cites fails, and so does a citation of a clause that the page does not have.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "semantics.md"

Citations = Mapping[str, set[str]]
"""File names by clause id."""


def declared(page: str) -> list[str]:
    return re.findall(r"^\*\*([A-Z]+-\d+)\.\*\*", page, re.MULTILINE)


def cited(files: Iterable[tuple[str, str]], prefixes: Iterable[str]) -> dict[str, set[str]]:
    """Every id with one of these prefixes; `LIMIT-1 to LIMIT-4` cites what lies between, too."""
    found: dict[str, set[str]] = {}
    names = "|".join(sorted(set(prefixes), key=len, reverse=True))
    one = rf"\b({names})-(\d+)\b"
    for file, text in files:
        for match in re.finditer(rf"{one}(?: to \1-(\d+)\b)?", text):
            prefix, first, last = match.group(1), int(match.group(2)), int(match.group(3) or match.group(2))
            for number in range(first, last + 1):
                found.setdefault(f"{prefix}-{number}", set()).add(file)
    return found


def untested(page: str, tests: Citations) -> list[str]:
    return [clause for clause in declared(page) if clause not in tests]


def unknown(page: str, citations: Citations) -> dict[str, set[str]]:
    return {clause: files for clause, files in citations.items() if clause not in declared(page)}


def texts(folder: str) -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__)
    ]


def prefixes(page: str) -> set[str]:
    return {clause.split("-")[0] for clause in declared(page)}


def test_every_clause_is_tested() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(declared(page)) > 40
    assert untested(page, cited(texts("tests"), prefixes(page))) == []


def test_every_citation_is_of_a_clause() -> None:
    page = PAGE.read_text(encoding="utf-8")
    everywhere = [*texts("tests"), *texts("loyalty_dsl"), ("docs/semantics.md", page)]
    assert unknown(page, cited(everywhere, prefixes(page))) == {}


def test_ids_are_unique_and_count_from_one() -> None:
    clauses = declared(PAGE.read_text(encoding="utf-8"))
    for prefix in {clause.split("-")[0] for clause in clauses}:
        numbers = [int(clause.split("-")[1]) for clause in clauses if clause.startswith(f"{prefix}-")]
        assert numbers == list(range(1, len(numbers) + 1)), prefix


def test_the_guard_sees_what_is_missing() -> None:
    page = "**LOT-1.** A lot.\n\n**LOT-2.** Another.\n\n**EXP-1.** Gone, see LOT-1.\n"
    citations = cited([("test_a.py", '"""LOT-1, LOT-3"""'), ("b.py", "# EXP-1 to EXP-2")], prefixes(page))
    assert untested(page, citations) == ["LOT-2"]
    assert unknown(page, citations) == {"LOT-3": {"test_a.py"}, "EXP-2": {"b.py"}}
