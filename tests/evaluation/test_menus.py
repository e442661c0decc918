"""What menus mean, on both engines: the scenarios of one program cite the clauses MENU-1 to MENU-4."""

from datetime import date
from pathlib import Path

import attrs
import pytest
from programs_by_hand import at, currency, earn, program, redeem, reward
from promotions_by_hand import giving

import loyalty_dsl as loyalty
from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.groups import give_opening, open_group
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.expiry import Activity, AfterActivity
from loyalty_dsl.language.rewards import Taking, UnitsGiven
from loyalty_dsl.pipeline import load
from loyalty_dsl.testing.running import run_scenarios
from loyalty_dsl.transactions.schema import schema_of

GOOD = Path(__file__).parents[1] / "language" / "good"


@pytest.mark.parametrize(("file", "scenarios"), [("menus", 6), ("menus_in_versions", 3)])
def test_choices_are_made_lost_or_given_by_themselves_on_both_engines(file: str, scenarios: int) -> None:
    """MENU-1 to MENU-4, VERSION-4."""
    results = run_scenarios(load(GOOD / f"{file}.loyalty"), "both")
    assert len(results) == scenarios
    assert [result.scenario.title for result in results if not result.passed] == []


def test_a_file_may_say_choose_where_there_is_a_menu() -> None:
    """MENU-2: in data it is a redemption by either word."""
    (hotel,) = load(GOOD / "menus.loyalty").programs
    (shop,) = load(GOOD / "grocery_points.loyalty").programs
    assert schema_of(hotel).kinds()["choose"] == schema_of(hotel).kinds()["redeem"] == REDEEM
    assert "choose" not in schema_of(shop).kinds()


@pytest.mark.parametrize(("taking", "active"), [(Taking.CHOSEN, "2026-03-01"), (Taking.PICKED, "2026-02-01")])
def test_choosing_is_no_redemption(taking: Taking, active: str) -> None:
    """MENU-4: a balance that a redemption keeps is not kept by a choice."""
    expiry = AfterActivity(Duration(1, Unit.YEAR), Activity((), False, True, ()))
    option = attrs.evolve(giving(reward(1, 0, name="menu_gift"), UnitsGiven(1, 250)), taking=taking)
    rules = program(earn(Flat(1)), option, currencies=(currency(expiry=expiry), currency("gifts")))
    group = open_group(rules)
    give_opening(group, 0, 5, at("2026-02-01"))
    apply(group, redeem("2026-03-01", quantity=1))
    assert group.members[0].accounts[0].active == at(active)


def test_a_statement_offers_options_while_there_is_something_to_choose(tmp_path: Path) -> None:
    """Never what is given by itself, and nothing once the choice is made."""
    head = "member,time,purchase,amount,kind,reward,nights,cardholder\n"
    stay = "ann,2024-11-20,1,100,stay,,50,no\n"
    book = load(GOOD / "menus.loyalty")
    (program,) = book.programs
    told = []
    for rows in (head + stay, head + stay + "ann,2024-11-22,2,,choose,choice_gift,,\n"):
        file = tmp_path / "stays.csv"
        file.write_text(rows)
        offers = loyalty.statement(book, file, "ann", on=date(2024, 12, 1)).offers
        told.append([program.rewards[offer.reward].name for offer in offers])
    options = ["choice_upgrades", "choice_five_nights", "choice_gift"]
    assert told == [["suite", *options], ["suite"]]
