"""What a clause that was not read may have said is not asked for, and nothing else is kept back."""

from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

MISTAKEN = """\
program shop {
    mony      USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase { payment one of card, cash }
    event visit
    item { category one of drink, food }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
LOST    earn on_unknown_event {
        on    purchse
        give  1 point
    }
    earn on_unknown_field {
        on    purchase where paymnt is card
        give  1 point
    }
    earn of_unknown_item {
        on    purchase
        for   items where categry is food
        give  1 point per $1
    }
    earn in_unknown_currency {
        on    visit
        give  1 pont
    }
    reward five_off {
        price  500 points
        give   $5 off up to the basket
    }
}
scenario "a visit" for shop {
    on 2026-02-01 purchase $5.00 redeeming fve_off
    expect earned 5 points
}
"""
UNKNOWN = {"purchse", "paymnt", "categry", "pont", "fve_off"}


def unknown_names(text: str) -> set[str]:
    file, broken = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], broken)
    assert broken
    assert book is None
    codes = {finding.code for finding in (*broken, *found)}
    assert codes <= {"L101", "L102", "L108", "L190", "L201", "L204"}, found
    return {finding.span.text for finding in found if finding.code == "L201"}


@pytest.mark.parametrize(
    ("lost", "hidden"),
    [
        ("", set()),
        ("tiers status { gold { from 500 points } }", set()),
        ("tiers paymnt { gold { from 500 points } }", {"paymnt"}),
        ("counter ponts { counts visit }", set()),
        ("member { purchse date }", {"purchse"}),
        ("wibble wobble", set()),
        ("earn earn pont", set()),
        ("rewrd fve_off two three {\n price 5 points\n}", {"fve_off"}),
        ("evnt a b c { paymnt yes/no }", {"paymnt"}),
        ("event purchse purchse {\n pont yes/no\n}", {"purchse"}),
        ("event {\n d yes/no\n}", {"purchse", "paymnt"}),
        ("curency pont purchse a { round up per rule }", {"pont"}),
        ('currency "Miles" {\n round up per rule\n expire never\n}', {"pont"}),
        ("currency miles {\n round sideways per rule\n expire never\n}", set()),
        ("event stay {\n paymnt numbr numbr\n}", set()),
        ("earn broken {\n on purchase\n give per per\n}", set()),
    ],
)
def test_a_lost_clause_hides_only_what_it_may_have_declared(lost: str, hidden: set[str]) -> None:
    text = MISTAKEN.replace("LOST", lost + "\n")
    assert unknown_names(text) == UNKNOWN - hidden


def test_a_lost_field_hides_the_fields_of_its_own_event() -> None:
    text = MISTAKEN.replace("payment one of card, cash", "paymnt one one card, cash").replace("LOST", "")
    assert unknown_names(text) == UNKNOWN - {"paymnt"}
    text = MISTAKEN.replace("category one of drink, food", "categry one one drink, food").replace("LOST", "")
    assert unknown_names(text) == UNKNOWN - {"categry"}


def test_a_lost_clause_hides_no_other_that_is_missing() -> None:
    text = MISTAKEN.replace("LOST", "    tiers status { gold }\n").replace(
        "        expire  12 months after earning\n", "        pending 1 1 day\n"
    )
    file, broken = parse_file(SourceText("shop.loyalty", text))
    _, found = check_book([file], broken)
    assert "the currency `points` has no `expire`" in [finding.message for finding in found]


def test_a_clause_of_a_later_version_may_stand_for_one_that_is_missing() -> None:
    text = MISTAKEN.replace("LOST", "").replace(
        "        give  1 pont\n", "        raise base to 3 points per $1\n"
    )
    file, broken = parse_file(SourceText("shop.loyalty", text))
    _, found = check_book([file], broken)
    assert "L204" not in [finding.code for finding in found]


def test_a_study_hides_no_program() -> None:
    text = MISTAKEN.replace("LOST", "").replace("for shop {", "for shp {") + "study what_if { }\n"
    assert "shp" in unknown_names(text)


@pytest.mark.parametrize(
    ("program", "line", "instead", "codes"),
    [
        ("dropbox", "event verify", "verify", {"L101", "L108"}),
        ("dropbox", "event install {", "event {", {"L101"}),
        ("t_mobile", "event port", "port", {"L101", "L108"}),
        ("dropbox", "inactive  500 megabytes per", "inactive  501 megabytes per", {"L310"}),
    ],
)
def test_what_rests_on_a_mistaken_line_is_not_said_to_be_wrong(
    program: str, line: str, instead: str, codes: set[str]
) -> None:
    path = Path(__file__).parents[2] / "programs" / f"{program}.loyalty"
    text = path.read_text(encoding="utf-8")
    assert line in text
    file, broken = parse_file(SourceText(path.name, text.replace(line, instead)))
    _, found = check_book([file], broken)
    assert {finding.code for finding in (*broken, *found)} == codes
