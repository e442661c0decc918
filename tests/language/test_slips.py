"""What designers write before they know the language: one slip is one error, and what is meant then checks.

`slips.txt` has a slip a line, `slips.expected` its answer. `LOYALTY_UPDATE_GOLDENS=1` rewrites the answers.
"""

import os
from pathlib import Path

import pytest

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.mending import mend
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import check_sources
from loyalty_dsl.source import SourceText

HERE = Path(__file__).parent
BLOCKS: dict[str, dict[str, str]] = {
    "program": {
        "money": "money USD",
        "timezone": 'timezone "America/New_York"',
        "starts": "starts 2026-01-01 by purchase date",
    },
    "member": {"birthday": "birthday date"},
    "currency": {"round": "round down per rule", "expire": "expire 12 months after earning"},
    "counter": {},
    "tiers": {
        "basic": "level basic",
        "gold": "level gold when year_spend >= $500",
        "hold": "hold through end of calendar year",
    },
    "earn": {"on": "on purchase", "give": "give 1 point"},
    "reward": {"price": "price 500 points", "give": "give $5 off in full"},
    "benefit": {"on": "on purchase", "give": "give 10% off"},
    "referral": {"on": "on first purchase by friend", "give": "give 500 points"},
    "returns": {
        "balance": "balance goes negative",
        "tier": "tier keeps",
        "reverse": "reverse points and counters",
    },
}
SHOP = """\
program shop "Shop" {{
{program}
event purchase {{
payment one of card, cash
online yes/no
}}
event stay {{
nights number
}}
item {{
category one of drink, food
}}
member {{
{member}
}}
{top}
currency points "Points" {{
{currency}
}}
counter year_spend = spend in calendar year
counter recent_spend = spend in rolling 30 days
counter year_purchases = purchases in calendar year
{counter}
tiers status "Status" {{
{tiers}
}}
earn other {{
on purchase
give 1 point per $1
}}
earn tried {{
{earn}
}}
reward five_off {{
{reward}
}}
benefit sale {{
{benefit}
}}
referral friends {{
{referral}
}}
returns {{
{returns}
}}
}}
"""


def slips() -> list[tuple[str, str, str]]:
    lines = (HERE / "slips.txt").read_text(encoding="utf-8").splitlines()
    parts = [[part.strip() for part in f"{line} |".split(" |")] for line in lines if not line.startswith("#")]
    return [(place, wrong, meant) for place, wrong, meant, *_ in parts]


def shop_with(place: str, clauses: str) -> str:
    """A shop in which `clauses`, behind ` ; ` a line each, stand at a place of a block."""
    blocks = {name: dict(clauses) for name, clauses in BLOCKS.items()}
    block, slot = place.split("/")
    blocks[block][slot] = clauses.replace(" ; ", "\n")
    top = blocks["program"].pop("+", "")
    return SHOP.format(top=top, **{name: "\n".join(lines.values()) for name, lines in blocks.items()})


def errors_with(place: str, clauses: str) -> list[Diagnostic]:
    """The errors of the shop with such clauses."""
    file, broken = parse_file(SourceText("shop.loyalty", shop_with(place, clauses)))
    _, found = check_book([file], broken)
    return [finding for finding in (*broken, *found) if finding.is_error]


def test_one_slip_is_one_error_whose_answer_is_on_record() -> None:
    lines = []
    for place, wrong, _ in slips():
        found = errors_with(place, wrong)
        assert len(found) == 1, (place, wrong, found)
        lines += [f"{place} | {wrong}", f"    {found[0].code} {found[0].message}"]
        edit = found[0].edit
        answer = found[0].help or (f"edit: {edit.replacement}" if edit is not None else "")
        lines.append(f"    {answer or found[0].primary.message}")
    actual = "\n".join(lines) + "\n"
    golden = HERE / "slips.expected"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS"):
        golden.write_text(actual, encoding="utf-8")
    assert actual == golden.read_text(encoding="utf-8")


def test_what_is_meant_checks() -> None:
    for place, wrong, meant in slips():
        if meant:
            assert errors_with(place, meant) == [], (wrong, meant)


def test_what_is_offered_in_place_of_a_clause_checks() -> None:
    offered = 0
    for place, wrong, _ in slips():
        edit = errors_with(place, wrong)[0].edit
        if edit is None or " ; " in wrong or edit.span.text != " ".join(wrong.split()):
            continue
        offered += 1
        left = [each for each in errors_with(place, edit.replacement) if each.code != "L204"]
        assert left == [], (wrong, edit.replacement)
    assert offered > 100


def test_safe_edits_write_what_is_meant() -> None:
    compared = 0
    for place, wrong, meant in slips():
        edit = errors_with(place, wrong)[0].edit
        if edit is None or not edit.safe:
            continue
        checked = check_sources([SourceText("shop.loyalty", shop_with(place, wrong))])
        mended = mend(checked, check_sources).outcome
        assert [found.message for found in mended.diagnostics if found.is_error] == [], wrong
        if meant:
            compared += 1
            assert mended.sources[0].text == shop_with(place, meant), wrong
    assert compared > 45


@pytest.mark.parametrize(
    ("clauses", "messages"),
    [
        ("on visit\nwhen nights >= 3\ngive 1 point per 10 nights", ["there is no event `visit`"]),
        ("give double", ["the rule `tried` has no `on`", "`give double` does not say of what"]),
    ],
)
def test_what_follows_from_a_slip_is_not_told(clauses: str, messages: list[str]) -> None:
    text = SHOP.format(top="", **{name: "\n".join(lines.values()) for name, lines in BLOCKS.items()})
    text = text.replace("earn tried {\non purchase\ngive 1 point\n}", f"earn tried {{\n{clauses}\n}}")
    file, broken = parse_file(SourceText("shop.loyalty", text))
    _, found = check_book([file], broken)
    told = sorted((*broken, *found), key=lambda each: each.span.start)
    assert len(told) == len(messages)
    assert all(one.message.startswith(words) for one, words in zip(told, messages, strict=True))
