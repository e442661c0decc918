"""`loyalty diff`: meaning, and nothing else."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.explanation.differences import differences_between
from loyalty_dsl.refusals import ProgramRefused

PROGRAMS = sorted(path.stem for path in (Path(__file__).parents[2] / "programs").glob("*.loyalty"))

Command = Callable[..., Any]

CAFE = """\
program cafe "Cafe Card" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    event purchase {
        cup   yes/no
        shop  one of north, south
    }
    currency points "Points" {
        round    down per rule
        expire   12 months after earning
        pending  3 days
    }
    counter year_spend "Spend" = spend in calendar year
    counter visits "Visits" = purchases in calendar year where cup
    tiers status "Status" {
        hold   through end of calendar year plus 12 months
        lapse  to the level earned
        level  basic  "Basic"
        level  gold   "Gold"  when year_spend >= $500
    }
    earn base "Base" {
        on    purchase
        give  by shop {
            north  by status {
                basic  1 point per $1
                gold   2 points per $1
            }
            south  1 point per $2
        }
    }
    earn cup_bonus "Cup" {
        on     purchase where cup and amount <= $40
        give   5 points
        limit  20 points per calendar month
    }
    reward five_off "$5 off" {
        price    500 points
        give     $5 off in full
        minimum  $10
    }
}

population guests {
    start  100 members
    segment all 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        cup        10%
        shop       north 50%, south 50%
        redeem     50% when a reward is affordable
    }
}

scenario "a cup" for cafe {
    on      2026-02-01 purchase $10.00 with cup yes, shop south
    expect  earned 10 points
}
"""


@pytest.fixture
def changed(loyalty: Command, tmp_path: Path) -> Callable[..., Any]:
    """Runs `loyalty diff` on the cafe and on what some replacements make of it."""

    def diff(*pairs: tuple[str, str], options: tuple[str, ...] = ()) -> Any:
        text = CAFE
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "old.loyalty").write_text(CAFE)
        (tmp_path / "new.loyalty").write_text(text)
        return loyalty("diff", tmp_path / "old.loyalty", tmp_path / "new.loyalty", *options)

    return diff


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (">= $500", ">= $600", "+ when year_spend >= $600    # harder to reach, +20%"),
        (">= $500", ">= $400", "# easier to reach, -20%"),
        ("gold   2 points", "gold   3 points", "+ north: gold 3 points per $1    # gives more, +50%"),
        ("1 point per $2", "1 point per $4", "+ south 1 point per $4    # gives less, -50%"),
        ("<= $40", "<= $50", "# asks for less, +25%"),
        ("limit  20", "limit  30", "# allows more, +50%"),
        ("price    500", "price    450", "# costs members less, -10%"),
        ("minimum  $10", "minimum  $20", "# needs a larger basket, +100%"),
        ("expire   12 months", "expire   6 months", "# lasts shorter, by 6 months"),
        ("pending  3 days", "pending  4 days", "# comes later, by 1 day"),
        ("plus 12 months", "plus 18 months", "# is kept longer, by 6 months"),
        ("2 per month", "2.1 per month", "+ purchases 2.1 per month    # +5%"),
        ("cup        10%", "cup        12%", "# +2 percentage points"),
        ('"Gold"', '"Golden"', '+ "Golden"    # members read another name'),
        ("year_spend \"Spend\" = spend in calendar year", "year_spend \"Spend\" = spend in lifetime",
         "read by level Gold"),
        ("down per rule", "half up per rule", "  - round down per rule\n      + round half up per rule\n"),
    ],
)  # fmt: skip
def test_a_line_says_what_it_does(changed: Command, old: str, new: str, told: str) -> None:
    assert told in changed((old, new)).out + "\n"


def test_what_is_written_otherwise_and_means_the_same_is_no_difference(changed: Command) -> None:
    round_, expire = "        round    down per rule\n", "        expire   12 months after earning\n"
    ran = changed(
        (round_ + expire, "# a note\n\n" + expire + round_),
        ("$10.00", "$10"),
        ("20 points per calendar", "20   points  per calendar"),
        options=("--exit-code",),
    )
    assert (ran.code, ran.out) == (0, "Nothing differs in meaning.\n")


def test_a_new_name_is_told_once(changed: Command) -> None:
    ran = changed(("cup_bonus", "green_bonus"), ("cup  ", "own_cup  "), ("where cup", "where own_cup"),
                  ("with cup", "with own_cup"), ("gold  ", "golden  "))  # fmt: skip
    assert ran.out.splitlines() == [
        "cafe: 1 event changed, 1 level changed, 1 rule changed",
        "",
        "  ~ event purchase",
        "      - cup",
        "      + own_cup    # only its name is new",
        "",
        "  ~ level Gold of Status, renamed from gold to golden",
        "",
        "  ~ rule Cup, renamed from cup_bonus to green_bonus",
    ]


def test_what_is_new_and_what_is_gone_is_shown_whole(changed: Command) -> None:
    ran = changed(
        ("earn cup_bonus", "earn south_bonus"), ("give   5 points", "give   6 points"), ("a cup", "a mug")
    )
    assert "  + rule Cup\n      + on purchase where cup and amount <= $40\n      + give 6 points\n" in ran.out
    assert "  - rule Cup\n      - on purchase where cup and amount <= $40\n      - give 5 points\n" in ran.out
    assert "  ~ scenario a mug, before: a cup\n" in ran.out


def test_scenarios_are_listed_and_with_all_shown(changed: Command) -> None:
    pair = ("earned 10 points", "earned 11 points")
    assert changed(pair).out == "beside the rules: 1 scenario changed\n\n  ~ scenario a cup\n"
    assert (
        "      - expect earned 10 points\n      + expect earned 11 points\n"
        in changed(pair, options=("--all",)).out
    )


def test_exit_codes(changed: Command, loyalty: Command, tmp_path: Path) -> None:
    pair = (">= $500", ">= $600")
    assert changed(pair).code == 0
    assert changed(pair, options=("--exit-code",)).code == 1
    alone = loyalty("diff", tmp_path / "old.loyalty")
    assert alone.code == 2
    assert "name NEW as well" in alone.err
    (tmp_path / "bad.loyalty").write_text("program")
    assert loyalty("diff", tmp_path / "old.loyalty", tmp_path / "bad.loyalty").code == 1


def test_a_version_is_set_beside_the_one_that_it_replaces(loyalty: Command, repository: Path) -> None:
    ran = loyalty("diff", repository / "programs" / "hilton.loyalty")
    assert "+ when qualifying >= 25 or stays_year >= 15 or spend_year >= $6,000" in ran.out
    assert ran.out.startswith("hilton: ")


def test_json_has_every_line_and_fits_its_schema(changed: Command) -> None:
    ran = changed((">= $500", ">= $600"), ("earned 10", "earned 11"), options=("--format", "json"))
    document = json.loads(ran.out)
    schema = json.loads((files("loyalty_dsl.report") / "schemas" / "diff.schema.json").read_text())
    jsonschema.validate(document, schema)
    (level,) = document["programs"][0]["changes"]
    assert (level["what"], level["name"], level["within"]) == ("level", "gold", "Status")
    assert level["details"][0]["consequence"] == "harder to reach, +20%"
    assert document["beside"][0]["details"][0]["new"] == "expect earned 11 points"


def test_members_read_what_is_new_and_not_what_is_only_called_otherwise(changed: Command) -> None:
    pairs = ((">= $500", ">= $600"), ("cup_bonus", "green_bonus"), ("give   5 points", "give   6 points"))
    out = changed(*pairs, options=("--terms",)).out
    assert out[out.index("what members read") :].splitlines() == [
        "what members read",
        "",
        "  Cup",
        "      - For each purchase, if the purchase is marked “cup” and the amount of the purchase is "
        "at most $40, you get 5 Points.",
        "      + For each purchase, if the purchase is marked “cup” and the amount of the purchase is "
        "at most $40, you get 6 Points.",
        "",
        "  Status",
        "      - Level: Gold; You reach it if: your total of “Spend” is at least $500",
        "      + Level: Gold; You reach it if: your total of “Spend” is at least $600",
    ]
    document = json.loads(changed(*pairs, options=("--terms", "--format", "json")).out)
    schema = json.loads((files("loyalty_dsl.report") / "schemas" / "diff.schema.json").read_text())
    jsonschema.validate(document, schema)
    assert [change["title"] for change in document["terms"]] == ["Cup", "Status"]
    comment = changed(*pairs, options=("--terms", "--format", "markdown")).out
    assert "**What members read**\n\n```diff\n  Cup\n- For each purchase" in comment
    same = changed(("cup_bonus", "green_bonus"), options=("--terms",)).out
    assert same.endswith("renamed from cup_bonus to green_bonus\n\nMembers read the same.\n")


def test_markdown_colours_what_comes_and_goes(changed: Command) -> None:
    out = changed((">= $500", ">= $600"), options=("--format", "markdown")).out
    assert out.startswith("**cafe: 1 level changed**\n\n```diff\n~ level Gold of Status\n")
    assert (
        "\n-     when year_spend >= $500\n+     when year_spend >= $600    # harder to reach, +20%\n" in out
    )
    assert out.endswith("```\n")


NUMBER = re.compile(r"(?<![\w.,:-])[$£€₹]?[\d,]*(?<=\d)\d(?![\w.,:-])")


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_other_number_goes_untold(name: str, repository: Path, tmp_path: Path) -> None:
    """Numbers anywhere in the rules of a program, of which a seed takes some, are changed one by one."""
    text = (repository / "programs" / f"{name}.loyalty").read_text(encoding="utf-8")
    masked = re.sub(r'#[^\n]*|"[^"\n]*"', lambda found: "~" * len(found[0]), text)
    places = [found.end() - 1 for found in NUMBER.finditer(masked)]
    before, tried = pipeline.load(repository / "programs" / f"{name}.loyalty"), 0
    for place in Random(7).sample(places, len(places)):
        other = str((int(text[place]) + 1) % 10)
        path = tmp_path / f"{name}.loyalty"
        path.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
        with suppress(ProgramRefused):
            assert differences_between(before, pipeline.load(path)), (
                f"{name}:{text.count(chr(10), 0, place) + 1}"
            )
            tried += 1
        if tried == 2:
            return
    raise AssertionError(f"{name}: {tried} of {len(places)} other numbers check")


def test_every_program_differs_from_itself_in_nothing(loyalty: Command, repository: Path) -> None:
    folder = repository / "programs"
    assert loyalty("diff", folder, folder).out == "Nothing differs in meaning.\n"


def test_terms_of_a_program_that_goes_are_not_told_to_be_the_same(loyalty: Command, tmp_path: Path) -> None:
    old, new = tmp_path / "old.loyalty", tmp_path / "new.loyalty"
    old.write_text(CAFE)
    new.write_text("")
    ran = loyalty("diff", old, new, "--terms")
    assert "Members read the same" not in ran.out
    assert "- All terms of this program" in ran.out
    assert "+ All terms of this program" in loyalty("diff", new, old, "--terms").out
