"""A program without a rule is the rest of its text, in its places; what needs the rule is refused."""

from pathlib import Path

import pytest

import loyalty_dsl as loyalty
from loyalty_dsl.decisions.leaving_out import book_without
from loyalty_dsl.refusals import InputRefused

PROGRAMS = Path(__file__).parents[2] / "programs"


def test_only_the_rule_is_gone_and_nothing_moves() -> None:
    book = loyalty.load(PROGRAMS / "nordy_club.loyalty")
    (whole,) = book.programs
    (part,) = book_without(book.sources, ["ten_points", "icon_days"], whole.name).programs
    kept = {rule.name: rule.span.start for rule in whole.earns}
    del kept["ten_points"], kept["icon_days"]
    assert {rule.name: rule.span.start for rule in part.earns} == kept
    assert [reward.name for reward in part.rewards] == [reward.name for reward in whole.rewards]


def test_what_cannot_be_left_out_is_refused() -> None:
    book = loyalty.load(PROGRAMS / "nordy_club.loyalty")
    name = book.programs[0].name
    with pytest.raises(InputRefused, match="has no rule, reward or benefit `ten_point`") as refusal:
        book_without(book.sources, ["ten_point"], name)
    assert refusal.value.help == "did you mean `ten_points`?"
    with pytest.raises(InputRefused, match="cannot do without `base`") as refusal:
        book_without(book.sources, ["base"], name)
    assert "raise  base to 10 points per $1" in refusal.value.message
