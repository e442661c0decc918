"""Amounts per number field of the member (EARN-17), at events and at midnights, on both engines."""

from pathlib import Path

import pytest

import loyalty_dsl
from loyalty_dsl.testing.running import run_scenarios

TEXT = """\
program team {
    money     USD
    timezone  "UTC"
    starts    2024-01-01 by event date
    member {
        role     one of lead, other
        reports  number
    }
    event change
    currency points {
        round   down per rule
        expire  never
    }
    earn monthly {
        on    join
        on    start of calendar month
        give  RATE
    }
}
scenario "by the member" for team {
    on  2024-01-10 join with reports 4
    expect earned FIRST points
    on  2024-01-12 change with reports 3
    on  2024-02-01 expect earned SECOND points
    on  2024-02-12 change with reports 0
    on  2024-03-01 expect earned 0 points
    on  2024-03-02 change with reports 2,000,000
    on  2024-04-01 expect earned MOST points
}
"""


def check(folder: Path, text: str) -> Path:
    path = folder / "team.loyalty"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("rate", "first", "second", "most"),
    [
        ("20 points per report", "80", "60", "20,000,000"),
        ("20 points per 3 reports", "26", "20", "6,666,666"),
    ],
)
def test_the_rate_is_of_what_the_field_holds_then(
    tmp_path: Path, rate: str, first: str, second: str, most: str
) -> None:
    """EARN-17: 4 reports at joining, 3 on 1 February; what is beyond a million gives no more."""
    words = {"RATE": rate, "FIRST": first, "SECOND": second, "MOST": most}
    text = TEXT
    for word, value in words.items():
        text = text.replace(word, value)
    (result,) = run_scenarios(loyalty_dsl.load(check(tmp_path, text)), "both")
    assert result.passed and not result.differences


@pytest.mark.parametrize(
    ("rate", "why"),
    [
        ("20 points per role", "`role` is one of `lead` or `other`, not a number"),
        ("20 points per whole 2 reports", "not supported yet"),
    ],
)
def test_what_is_no_number_of_the_member_is_refused(tmp_path: Path, rate: str, why: str) -> None:
    with pytest.raises(loyalty_dsl.ProgramRefused) as refused:
        loyalty_dsl.load(check(tmp_path, TEXT.replace("RATE", rate).partition("scenario")[0]))
    assert any(why in each.message for each in refused.value.diagnostics)
