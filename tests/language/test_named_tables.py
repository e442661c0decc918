"""Tables with a name stand where they are named (EARN-18), and their numbers have paths of their own."""

from pathlib import Path

from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

SOURCE = SourceText("travel.loyalty", (Path(__file__).parent / "good" / "named_tables.loyalty").read_text())


def test_rules_share_a_table() -> None:
    file, mistakes = parse_file(SOURCE)
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    assert all(result.passed for result in run_scenarios(book, "reference"))


def test_numbers_of_a_table_have_one_path() -> None:
    paths = [path.path for path in paths_of([SOURCE])]
    assert "rates.gold" in paths and "caps.others" in paths
    assert not any("stays.give" in path for path in paths)
