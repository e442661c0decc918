"""Comments that allow warnings: what they cover, and what is said of those that are wrong or idle."""

import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.language.mending import mend
from loyalty_dsl.source import SourceText

PROGRAM = """\
{top}program shop {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {{ round  down per rule
                      expire 12 months after earning }}
    {above}
    earn base {{
        on    purchase
        limit 5 points per calendar day
        {over}
        limit 7 points per calendar day{beside}
        give  1 point per $1
    }}
    earn more {{
        on    purchase
        limit 5 points per calendar day
        limit 7 points per calendar day
        give  1 point per $1
    }}
    reward five_off {{ price 500 points
                      give  $5 off up to the basket }}
}}
"""


def check(**holes: str) -> pipeline.Checked:
    text = PROGRAM.format(**{"top": "", "above": "", "over": "", "beside": "", **holes})
    return pipeline.check_sources([SourceText("a.loyalty", text)])


def told(**holes: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The codes and lines of what is shown, and of what is allowed."""
    checked = check(**holes)
    shown, allowed = (
        [(found.code, found.span.line) for found in each] for each in (checked.diagnostics, checked.allowed)
    )
    return shown, allowed


FIRST, SECOND = ("L603", 12), ("L603", 18)


def test_without_a_comment_both_limits_are_warned_of() -> None:
    assert told() == ([FIRST, SECOND], [])


@pytest.mark.parametrize(
    ("hole", "comment"),
    [
        ("beside", "  # allow L603: until June"),
        ("beside", "  # allow L601 , l603: until June"),
        ("over", "# allow L603: until June"),
        ("over", "# allow L603: until June\n\n        # what follows"),
        ("above", "# allow L603: until June"),
    ],
)
def test_a_comment_allows_what_stands_at_its_line_or_below(hole: str, comment: str) -> None:
    shown, allowed = told(**{hole: comment})
    assert [code for code, _ in shown if code == "L603"] == ["L603"]
    assert len(allowed) == 1


def test_a_comment_for_the_file_allows_all_of_its_code() -> None:
    assert told(top="# allow L603 in file: a pilot\n")[1] == [("L603", 13), ("L603", 19)]
    (found, _) = check(top="# allow L603 in file: a pilot\n").allowed
    assert found.allowed is not None
    assert found.allowed.reason == "a pilot"


def test_of_two_comments_the_nearer_counts_and_the_other_is_idle() -> None:
    shown, allowed = told(above="# allow L603: one", beside=" # allow L603: two")
    assert (shown, allowed) == ([("L622", 7), SECOND], [FIRST])


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# allow L603", "gives no reason"),
        ("# allow L603:", "gives no reason"),
        ("# allow L603 until June", "has no colon"),
        ("# allow L630: x", "there is no code `L630`"),
        ("# allow L201: x", "errors cannot be allowed"),
        ("# allow L622: x", "cannot be allowed"),
        ("# allow L604: x", "there is no `L604` at this line to allow"),
    ],
)
def test_a_comment_that_allows_nothing_is_told_of(comment: str, says: str) -> None:
    findings = check(beside=f"  {comment}").diagnostics
    assert [found.code for found in findings if found.code == "L603"] == ["L603", "L603"]
    assert [says in found.message for found in findings if found.code > "L620"] == [True]


@pytest.mark.parametrize("comment", ["# allow members to save", "# we allow L603", "# x # allow L603: no"])
def test_other_comments_are_left_alone(comment: str) -> None:
    assert told(beside=f"  {comment}") == ([FIRST, SECOND], [])


def test_a_comment_beside_the_first_clause_is_for_the_header_too() -> None:
    """Laying a block out parts its header from its first clause, to which the comment stays."""
    rule = "earn late {\n on purchase{}\n dates 2025-01-01\n give 1 point\n }}".replace("late {", "late {{")
    for comment, left in (("", ["L601"]), ("  # allow L601: past", [])):
        shown, _ = told(above=rule.format(comment))
        assert [code for code, _ in shown if code in ("L601", "L622")] == left


def test_a_comment_beside_the_wrong_line_is_not_deleted_by_itself() -> None:
    checked = check(above="period fiscal = year from march 1  # allow L603: x")
    (idle,) = (each for each in checked.diagnostics if each.code == "L622")
    assert idle.help == "write it at the end of that line"
    assert len(idle.secondary) == 2
    assert idle.edit is not None
    assert not idle.edit.safe


def test_a_text_is_no_comment() -> None:
    text = PROGRAM.format(top="", above='calls member "x # allow L601: no"', over="", beside="")
    codes = {found.code for found in pipeline.check_sources([SourceText("a", text)]).diagnostics}
    assert "L622" not in codes


@pytest.mark.parametrize("mistake", ["limit 7 pints per event", "gvie 7 points"])
def test_nothing_is_called_idle_while_there_are_errors(mistake: str) -> None:
    assert "L622" not in {code for code, _ in told(beside="  # allow L604: x", over=mistake)[0]}


@pytest.mark.parametrize(
    ("hole", "comment", "left"),
    [
        ("beside", "  # allow L604: x", ""),
        ("beside", "  # allow L603, L604: x", "  # allow L603: x"),
        ("over", "# allow L604: x\n        # more", "# more"),
        ("beside", "  # allow L603 - x", "  # allow L603: x"),
    ],
)
def test_fixing_removes_what_is_idle(hole: str, comment: str, left: str) -> None:
    mended = mend(check(**{hole: comment}), pipeline.check_sources).outcome
    (want,) = check(**{hole: left}).sources
    assert mended.sources[0].text == want.text
