"""Scenarios with a table of examples: a scenario a row, and each mistake told of once (SCEN-17)."""

from pathlib import Path

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import check_sources
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

RULES = (Path(__file__).parent / "good" / "each_rows.loyalty").read_text()


def test_each_row_is_a_scenario_that_passes_or_fails_by_itself() -> None:
    file, mistakes = parse_file(SourceText("club.loyalty", RULES.replace("$10.34,  16", "$10.34,  17")))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    results = run_scenarios(book, "reference")
    assert [result.scenario.title for result in results if not result.passed] == [
        "what a dollar earns: own_card, $10.34, 17 points, 2026-01-04"
    ]
    assert len(results) == 7


def test_a_mistake_in_a_line_is_told_of_once() -> None:
    file, mistakes = parse_file(
        SourceText("club.loyalty", RULES.replace("redeeming five_off", "redeeming five_of"))
    )
    book, findings = check_book([file], mistakes)
    assert book is None
    assert [(found.code, found.span.text) for found in (*mistakes, *findings)] == [("L201", "five_of")]


def test_a_mistake_in_a_cell_is_told_of_where_the_cell_stands() -> None:
    file, mistakes = parse_file(
        SourceText("club.loyalty", RULES.replace("other,     $10.00", "others,    $10.00"))
    )
    book, findings = check_book([file], mistakes)
    assert book is None
    (found,) = (*mistakes, *findings)
    assert (found.code, found.span.text) == ("L308", "others")
    assert "`others`" in found.message


def test_edits_mend_cells_and_never_write_over_the_name_of_a_column() -> None:
    wrong = RULES.replace("other,     $10.00", "othr,      $10.00").replace("$10.34,  16", "$10.34,  16 pts")
    assert wrong != RULES
    checked = check_sources([SourceText("club.loyalty", wrong)])
    assert checked.book is None
    edits = [found.edit for found in checked.diagnostics if found.edit is not None]
    assert "othr" in [edit.span.text for edit in edits]
    assert not {edit.span.text for edit in edits} & {"paid_with", "spent", "earns", "last_day"}
