"""Responses: the preset, the values that a clause leaves out, and those that a program gives no cause for."""

from fractions import Fraction
from pathlib import Path

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.responses import RESPONSES
from loyalty_dsl.language.under_program import reacts, without_program
from loyalty_dsl.source import SourceText

TEXT = (Path(__file__).parent / "good" / "responses.loyalty").read_text(encoding="utf-8")


def people(text: str) -> tuple[dict[str, Population], list[str]]:
    file, found = parse_file(SourceText("people.loyalty", text))
    book, checked = check_book((file,))
    assert book is not None and not found
    return {one.name: one for one in book.populations}, [one.message for one in checked]


def test_the_preset_turns_on_what_the_literature_has_and_the_program_gives_cause_for() -> None:
    found, _ = people(TEXT)
    names = [one.name for one in found["readers"].responses]
    assert names == ["goal_gradient", "post_reward_reset", "expiry_rush", "program_lift"]
    for one in found["readers"].responses:
        assert one.preset
        assert one.values == tuple(parameter.literature for parameter in one.response.parameters)


def test_a_clause_overrides_the_preset_and_what_it_leaves_out_is_the_literature() -> None:
    found, _ = people(TEXT.replace("20% within 1 month", "25%"))
    by_name = {one.name: one for one in found["drinkers"].responses}
    assert by_name["goal_gradient"].share("head_start") == Fraction(1, 10)
    rush = by_name["expiry_rush"]
    assert (rush.share(), rush.lasting("within"), rush.share("aware")) == (
        Fraction(1, 4), Duration(30, Unit.DAY), Fraction(2, 5),
    )  # fmt: skip
    assert not rush.preset and by_name["program_lift"].preset


def test_a_named_response_without_a_cause_is_told_to_do_nothing() -> None:
    found, told = people(
        TEXT.replace("goal_gradient  30% head_start 10%", "demotion -20%\ntier_pull\nstockpiling")
    )
    assert sorted(told) == [
        "`demotion` changes nothing: `shop` has no tiers",
        "`stockpiling` changes nothing: no reward of `shop` is paid like money",
        "`tier_pull` changes nothing: `shop` has no tiers",
    ]
    assert "demotion" not in [one.name for one in found["drinkers"].responses]


def test_without_the_program_nobody_reacts_and_members_are_who_they_are() -> None:
    found, _ = people(TEXT.replace("start  1,000 members\n    responses literature\n",
                                   "start  1,000 members\n    join 10 members per month\n"
                                   "    responses literature\n"))  # fmt: skip
    readers = found["readers"]
    assert reacts(readers)
    assert [one.name for one in without_program(readers).responses] == ["self_selection"]


def test_the_registry_is_one_row_for_each_name_with_values_inside_their_bounds() -> None:
    assert len({one.name for one in RESPONSES}) == len(RESPONSES)
    for response in RESPONSES:
        assert response.parameters[0].keyword == ""
        keywords = [parameter.keyword for parameter in response.parameters]
        assert len(set(keywords)) == len(keywords)
        for parameter in response.parameters:
            if parameter.literature is None:  # a number of the business, which no literature has
                assert parameter.keyword and parameter.percent
            elif isinstance(parameter.literature, Fraction):
                assert parameter.least is not None and parameter.most is not None
                assert parameter.least <= parameter.literature <= parameter.most
            else:
                assert parameter.least is None and parameter.most is None


def test_what_gives_back_nothing_that_is_known_has_no_rate_to_react_to() -> None:
    things = TEXT.replace("goal_gradient  30% head_start 10%", "rate_elasticity\ndevaluation_churn")
    _, told = people(things)
    assert told == ["`devaluation_churn` changes nothing: nobody leaves: no segment has `leave`"]
    poster = things.replace("sigma 0", "sigma 0\n        redeem 10% when a reward is affordable")
    poster = poster.replace("$5 off up to the basket", "1 poster").replace(
        "issue automatically at checkout", ""
    )
    _, told = people(poster)
    assert told[0].startswith(
        "`rate_elasticity` changes nothing: nothing says what anything that `shop` gives"
    )
    _, told = people(poster.replace("give  1 poster", "give 1 poster\n worth $2"))
    assert "rate_elasticity" not in " ".join(told)
