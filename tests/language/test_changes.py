"""What differs between two versions of a program, and a population of one under the other."""

from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.language.changes import Detail, How, changes_between, summary_of
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.transplant import transplant
from loyalty_dsl.refusals import ProgramRefused

CLUB = """\
program club "Club" {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date

    event purchase { payment one of card, cash }
    item { aisle one of food, other }
    returns { balance stops at zero }

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        cost    $0.01 source "page # 4"
    }

    counter spent = spend in calendar year

    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  basic
        level  gold  "Gold"  when spent >= $500
    }

    earn base "Base" {
        on    purchase
        give  by status {
            basic  1 point per $1
            gold   2 points per $1
        }
    }

    earn card {
        on     purchase where payment is card
        give   5 points
        limit  20 points per calendar month
    }

    reward five_off {
        price  500 points
        give   $5 off in full
        cost   $5.00 assumed
    }

    reward ten_off {
        price  900 points
        give   $10 off in full
        cost   $10.00 assumed
    }

    benefit gift {
        on    purchase where payment is card
        when  status is gold
        give  1 gift
    }
}

population people {
    start  1,000 members
    segment all 100% {
        purchases  2 per month
        basket     median $40 sigma 0.5
        payment    card 50%, cash 50%
        aisle      food 50%, other 50%
        returns    5% of purchases within 20 days
        redeem     50% when a reward is affordable
        take_up    gift 40%
    }
}
"""


def loaded(folder: Path, text: str, name: str = "new") -> tuple[Program, Population]:
    path = folder / f"{name}.loyalty"
    path.write_text(text, encoding="utf-8")
    book = pipeline.load(path)
    return book.programs[0], book.populations[0]


@pytest.mark.parametrize(
    ("written", "instead", "told", "details"),
    [
        (">= $500", ">= $400", "~ level gold", [("when spent >= $500", "when spent >= $400")]),
        (
            "gold   2 points per $1",
            "gold   3 points per $1",
            "~ rule base",
            [("gold 2 points per $1", "gold 3 points per $1")],
        ),
        (
            "limit  20 points per calendar month",
            "limit 4 times per calendar year",
            "~ rule card",
            [("limit 20 points per calendar month", "limit 4 times per calendar year")],
        ),
        ("        limit  20 points per calendar month\n", "", "~ rule card",
         [("limit 20 points per calendar month", None)]),
        ("price  500", "price  450", "~ reward five_off", [("price 500 points", "price 450 points")]),
        ("12 months after", "6 months after", "~ currency points",
         [("expire 12 months after earning", "expire 6 months after earning")]),
        ("$0.01 source", "$0.02 source", "~ currency points",
         [('cost $0.01 source "page # 4"', 'cost $0.02 source "page # 4"')]),
        ("in calendar year", "in lifetime", "~ counter spent",
         [("spend in calendar year", "spend in lifetime")]),
        ("event purchase { payment one of card, cash }",
         "event purchase { payment one of card, cash\nrefuse when payment is cash }", "~ event purchase",
         [(None, "refuse when payment is cash")]),
        ("stops at zero", "goes negative", "~ rule for returns ",
         [("balance stops at zero", "balance goes negative")]),
        ('"UTC"', '"Europe/Berlin"', "~ setting timezone", [('timezone "UTC"', 'timezone "Europe/Berlin"')]),
        ("benefit gift", "benefit present", "+ benefit present\n- benefit gift", []),
        ("level  basic\n", "level basic\n level middle when spent >= $50\n", "+ level middle", []),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_words_of_the_file(
    tmp_path: Path, written: str, instead: str, told: str, details: list[tuple[str, str]]
) -> None:
    assert written in CLUB
    text = CLUB.replace(written, instead).replace(
        "take_up    gift", "take_up present" if "present" in instead else "take_up gift"
    )
    if "middle" in instead:
        text = text.replace("basic  1 point per $1", "basic, middle 1 point per $1")
    found = changes_between(loaded(tmp_path, CLUB, "old")[0], loaded(tmp_path, text)[0])
    marks = {How.CHANGED: "~", How.ADDED: "+", How.REMOVED: "-"}
    shown = [f"{marks[one.how]} {one.what} {one.name}" for one in found]
    assert told in "\n".join(shown)
    if "middle" not in instead:
        assert shown == told.split("\n")
        assert [(one.old, one.new) for change in found for one in change.details] == details


def test_layout_comments_labels_and_the_order_of_clauses_are_no_change(tmp_path: Path) -> None:
    other = CLUB.replace('"Gold"', '"Golden"').replace(
        "earn card {", "# a comment\n\n    earn card {  # more"
    )
    other = other.replace(
        "        price  500 points\n        give   $5 off in full", "give $5 off in full\nprice 500 points"
    )
    other = other.replace("    counter spent = spend in calendar year\n", "")
    other = other.replace("    earn base", "    counter spent = spend in calendar year\n    earn base")
    assert changes_between(loaded(tmp_path, CLUB, "old")[0], loaded(tmp_path, other)[0]) == ()


def test_the_order_of_rewards_is_what_members_are_offered(tmp_path: Path) -> None:
    other = CLUB.replace("five_off", "x_off").replace("ten_off", "five_off").replace("x_off", "ten_off")
    found = changes_between(loaded(tmp_path, CLUB, "old")[0], loaded(tmp_path, other)[0])
    assert Detail("five_off, ten_off, gift", "ten_off, five_off, gift") in found[-1].details
    assert summary_of(found) == "2 rewards changed, 1 order of rewards changed"


def test_a_summary_counts_by_kind(tmp_path: Path) -> None:
    other = CLUB.replace("gold   2 points", "gold   3 points").replace("give   5 points", "give   6 points")
    other = other.replace(">= $500", ">= $400").replace("reward ten_off", "reward twelve_off")
    found = changes_between(loaded(tmp_path, CLUB, "old")[0], loaded(tmp_path, other)[0])
    assert summary_of(found) == "1 level changed, 2 rules changed, 1 reward added, 1 reward removed"
    assert summary_of(()) == "nothing changed"


# ---- a population under another program


def test_a_population_is_bound_to_the_other_version(tmp_path: Path) -> None:
    old, _ = loaded(tmp_path, CLUB, "old")
    _, people = loaded(tmp_path, CLUB.replace("program club", "program club_2027"), "new")
    moved = transplant(people, old)
    assert (moved.population.program, moved.left_out) == ("club", ())
    assert moved.population.segments[0].draws[0].field == old.events[0].fields[0]


def test_what_the_other_version_does_not_have_is_left_out_and_told(tmp_path: Path) -> None:
    plain = CLUB.replace("    returns { balance stops at zero }\n", "").replace("aisle one of", "sort one of")
    plain = plain[: plain.index("    benefit gift")] + "}\n" + plain[plain.index("\npopulation") :]
    plain = plain.replace("returns    5% of purchases within 20 days", "").replace("take_up    gift 40%", "")
    old, _ = loaded(tmp_path, plain.replace("aisle      food", "sort       food"), "old")
    moved = transplant(loaded(tmp_path, CLUB)[1], old)
    left = [" ".join(span.text.split()) for span in moved.left_out]
    assert sorted(left) == ["aisle food 50%, other 50%", "gift", "returns 5% of purchases within 20 days"]
    assert moved.population.segments[0].returns is None


def test_items_and_parts_are_left_out_where_the_other_version_has_none(tmp_path: Path) -> None:
    items = (
        'program shop {\n money USD\n timezone "UTC"\n starts 2026-01-01 by purchase date\n'
        " item { aisle one of food, drink }\n"
        " currency points { round down per rule\n expire never }\n"
        " earn base { on purchase\n for items where aisle is food\n give 1 point per $1 }\n"
        " reward off { price 100 points per $1 off }\n}\n"
        "population people {\n start 10 members\n segment all 100% {\n purchases 2 per month\n"
        " basket median $20 sigma 0.5\n items 2\n aisle food 50%, drink 50%\n"
        " redeem 40% when a reward is affordable share 60% spread 0.5\n }\n}\n"
    )
    plain = items[: items.index("population")].replace(" item { aisle one of food, drink }\n", "")
    plain = plain.replace(" for items where aisle is food\n", "").replace(
        "price 100 points per $1 off", "price 100 points\n give $1 off in full"
    )
    (people,) = pipeline.load(written(tmp_path, "new", items)).populations
    (old,) = pipeline.load(written(tmp_path, "old", plain)).programs
    moved = transplant(people, old)
    assert [span.text for span in moved.left_out] == ["items 2", "aisle food 50%, drink 50%", "60%"]
    redeem = people.segments[0].redeem
    assert redeem is not None
    assert moved.population.segments[0].redeem == attrs.evolve(
        redeem, part=Fraction(1), part_spread=Fraction(0)
    )


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.loyalty"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_the_other_version_reads_has_to_be_described(tmp_path: Path) -> None:
    online = CLUB.replace("payment one of card, cash }", "payment one of card, cash\n online yes/no }")
    online = online.replace("give   5 points", "when online\n give 5 points")
    old, _ = loaded(tmp_path, online.replace("take_up", "online 10%\n take_up"), "old")
    with pytest.raises(ProgramRefused) as refused:
        transplant(loaded(tmp_path, CLUB)[1], old)
    (error,) = refused.value.errors
    assert "online" in error.message
    assert "`online 6%`" in (error.help or "")
