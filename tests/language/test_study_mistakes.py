"""What people write in a study for a clause of it, and the clause that they are told."""

import pytest

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.syntax import studies
from loyalty_dsl.source import SourceText


def read(line: str) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    return parse_file(SourceText("s.loyalty", f"study a {{\n    {line}\n}}\n"))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("members 200,000", "sample 200,000 members"),
        ("simulate 5,000 members", "sample 5,000 members"),
        ("horizon 36 months", "months 36"),
        ("months 36 months", "months 36"),
        ("goal liability at month 12", "objective liability at month 12"),
        ("compare to old", "compare old"),
        ("compare against old", "compare old"),
        ("gate liability at month 12 <= $4M", "require liability at month 12 <= $4M"),
        ("alert breakage between 8% and 25%", "warn breakage between 8% and 25%"),
        ("require breakage between 8% to 25%", "require breakage between 8% and 25%"),
        ("require liability month 36 <= $4M", "require liability at month 36 <= $4M"),
        ("require liability <= $4M at 95% confidence", "require liability <= $4M with 95% confidence"),
        ("require liability <= $4M with 95 % confidence", "require liability <= $4M with 95% confidence"),
        ('accept points.cost "x"', 'accept assumed points.cost "x"'),
    ],
)
def test_one_saying_is_one_mistake_with_its_clause(wrong: str, right: str) -> None:
    _, found = read(wrong)
    assert len(found) == 1
    assert found[0].edit is not None
    assert found[0].edit.replacement == right
    assert read(right)[1] == ()


@pytest.mark.parametrize(
    "line",
    [
        "require liability <= 4M",
        "require liability under $4M",
        "require liability at month 36 = $4M",
        "accept assumed points.cost",
        "accept assumed cost",
        "compare old version",
        "reqire liability <= $4",
        "seed seven",
        "compare with status = $4",
    ],
)
def test_a_mistake_in_a_study_is_told_once(line: str) -> None:
    _, found = read(line)
    assert len(found) == 1
    assert found[0].help or found[0].primary.message


def test_the_tree_of_a_study() -> None:
    text = (
        'study launch "Before" {\n'
        "    require members of status.gold at month 12 >= 5 members with 90% confidence\n"
        "    warn reward cost over 1 month < $4\n    compare with a.b = 180 days, c.d.2 = 4%\n}\n"
    )
    file, found = parse_file(SourceText("s.loyalty", text))
    assert not found
    (study,) = file.blocks
    assert isinstance(study, studies.StudyBlock)
    assert study.title is not None
    assert (study.name.text, study.title.text) == ("launch", "Before")
    gate, warning, compare = study.clauses
    assert isinstance(gate, studies.GateClause)
    assert gate.outcome.of is not None
    assert (gate.outcome.name.text, gate.outcome.of.text) == ("members", "status.gold")
    assert isinstance(gate.layer, studies.ConfidenceLayer)
    assert isinstance(warning, studies.GateClause)
    assert isinstance(warning.outcome.months, studies.OverMonths)
    assert warning.outcome.name.text == "reward cost"
    assert isinstance(compare, studies.CompareSettings)
    assert [(one.path.text, one.value.span.text) for one in compare.settings] == [
        ("a.b", "180 days"),
        ("c.d.2", "4%"),
    ]
