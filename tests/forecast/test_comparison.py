"""Two versions side by side: differences, their noise, who gains and who loses, and what is said of it."""

from pathlib import Path

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.forecast.compared import Bin, Comparison, Matrix
from loyalty_dsl.refusals import InputRefused, ProgramRefused
from loyalty_dsl.report.comparison_charts import merged_bins
from loyalty_dsl.report.comparison_headlines import bin_text, liability_title, matrix_title, winners_title
from loyalty_dsl.report.comparison_json import compared_files
from loyalty_dsl.report.comparison_terminal import (
    cost_line,
    months_shown,
    render_comparison,
    short_amount,
    summary_line,
)
from loyalty_dsl.report.style import PLAIN

SHOP = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        worth   $0.01
        cost    $0.008 assumed
    }

    counter spent = spend in calendar year

    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  basic  "Basic"
        level  gold   "Gold"   when spent >= $600
    }

    earn base "Base" {
        on    purchase
        give  by status {
            basic  5 points
            gold   8 points
        }
    }

    reward coffee {
        price  20 points
        give   $2 off in full
        cost   $1.50 assumed
    }
}

population people {
    start  600 members
    join   20 members per month

    segment often 40% {
        purchases  3 per month spread 0.5
        basket     median $40 sigma 0.6
        redeem     60% when a reward is affordable
    }

    segment seldom 60% {
        purchases  0.4 per month
        basket     median $30 sigma 0.6
        redeem     60% when a reward is affordable
    }
}
"""
LOWER = SHOP.replace("$600", "$400")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.loyalty"
    path.write_text(text, encoding="utf-8")
    return path


def compared(folder: Path, old: str, new: str, **options: int) -> Comparison:
    books = [pipeline.load(written(folder, name, text)) for name, text in (("old", old), ("new", new))]
    return pipeline.compare(*books, **{"months": 12, **options})


def shown(folder: Path, comparison: Comparison) -> str:
    return render_comparison(comparison, compared_files(comparison, "old.loyalty", "new.loyalty"), PLAIN)


def test_each_version_has_the_figures_of_its_own_forecast(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER)
    for name in ("old", "new"):
        alone = pipeline.simulate(pipeline.load(tmp_path / f"{name}.loyalty"), months=12)
        side = getattr(made, name)
        assert side.liability == alone.liability
        assert side.by_currency[0].total == alone.by_currency[0].total
    assert made.liability is not None
    assert [figure.new for figure in made.liability] == list(alone.liability or ())
    assert made.reward_cost is not None
    assert made.reward_cost[-1].new == sum(alone.reward_cost or ())
    assert made.currencies[0].issued[-1].new == sum(month.issued for month in alone.by_currency[0].total)


def test_a_lower_level_moves_members_up_and_hurts_nobody(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER)
    basic, gold = made.levels
    assert gold.members[-1].difference == -basic.members[-1].difference > 0
    (move,) = made.moves
    assert (move.old, move.new, move.members) == ("Basic", "Gold", gold.members[-1].difference)
    (ladder, levels), = made.by_level  # fmt: skip
    assert ladder == "Status"
    assert sum(one.members for one in levels) == made.everybody.members == 600 + 12 * 20
    assert sum(one.members for one in made.by_segment) == made.everybody.members
    assert made.everybody.rose > 0
    assert made.everybody.value.difference == made.everybody.rise + made.everybody.fall > 0
    seldom = next(one for one in made.by_segment if one.name == "seldom")
    assert seldom.rose < made.everybody.rose - seldom.rose


def test_everybody_gains_just_what_more_points_are_worth(tmp_path: Path) -> None:
    """Without rewards that are affordable, a point more for each purchase is a cent more held."""
    dear = SHOP.replace("price  20 points", "price  9,000 points")
    more = dear.replace("basic  5 points", "basic  6 points").replace("gold   8 points", "gold   9 points")
    made = compared(tmp_path, dear, more)
    purchases = sum(month.purchases for month in made.new.members)
    assert made.everybody.fell == made.everybody.fall == 0
    assert made.everybody.rise == made.currencies[0].outstanding[-1].difference == purchases
    assert made.everybody.rose + made.everybody.same == 840


def test_a_version_compared_with_itself_says_that_nothing_changed(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, SHOP)
    assert summary_line(made) == "nothing changed: liability $0 [$0, $0] at month 12"
    assert cost_line(made) == "reward cost $0 [$0, $0] over 12 months"
    assert (made.everybody.rose, made.everybody.fell, made.moves) == (0, 0, ())
    assert all(figure.noise == 0 for level in made.levels for figure in level.members)


def test_the_first_line_says_what_changed_and_what_it_costs(tmp_path: Path) -> None:
    text = shown(tmp_path, made := compared(tmp_path, SHOP, LOWER))
    first = text.splitlines()[0]
    assert first == summary_line(made)
    assert first.startswith("1 level changed: liability +$")
    assert first.endswith("] at month 12")
    assert "~ level Gold of status\n    when spent >= $600 -> when spent >= $400" in text
    assert "simulation noise" in text
    assert "confidence" not in text
    assert "Responses are off" in text
    assert all(len(line) <= 80 for line in text.splitlines() if str(tmp_path) not in line)


def test_without_a_cost_the_liability_is_said_to_be_unknown(tmp_path: Path) -> None:
    free = SHOP.replace("        cost    $0.008 assumed\n", "").replace(
        "price  20 points", "price  9,000 points"
    )
    made = compared(tmp_path, free, free.replace("5 points", "6 points"))
    assert made.liability is None
    assert summary_line(made) == "1 rule changed: liability unknown, as not every currency has a cost"


def test_a_program_without_currencies_is_compared_by_what_its_benefits_cost(tmp_path: Path) -> None:
    club = SHOP[: SHOP.index("    currency")] + SHOP[SHOP.index("    counter") : SHOP.index("    earn base")]
    club += (
        "    benefit gift {\n on purchase\n when status is gold\n give 1 gift\n cost $2.00 assumed\n }\n}\n"
    )
    people = SHOP[SHOP.index("population") :].replace("redeem     60% when a reward is affordable", "")
    made = compared(tmp_path, club + people, club.replace("$2.00", "$3.00") + people)
    old = made.old.reward_cost
    assert old is not None
    assert cost_line(made) is not None
    assert summary_line(made) == f"1 benefit changed: {cost_line(made)}"
    assert made.reward_cost is not None
    assert 2 * made.reward_cost[-1].difference == sum(old) > 0


def test_one_member_has_no_interval(tmp_path: Path) -> None:
    assert "[" not in summary_line(compared(tmp_path, SHOP, LOWER, sample=1))


def test_a_long_name_has_a_line_of_its_own(tmp_path: Path) -> None:
    long = SHOP.replace('"Points"', '"Points of the shop at the corner"')
    lines = shown(tmp_path, compared(tmp_path, long, long, sample=50)).splitlines()
    at = lines.index("Points of the shop at the corner issued so far")
    assert lines[at + 1].startswith(" " * 36 + "3")


def test_things_without_a_worth_are_told(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, SHOP.replace("        worth   $0.01\n", ""))
    assert "no-worth" in {notice.id for notice in made.notices}
    assert "gain" in shown(tmp_path, made)
    nothing = SHOP.replace("        worth   $0.01\n", "").replace("$2 off in full", "1 mug")
    told = shown(tmp_path, compared(tmp_path, nothing, nothing, sample=50))
    assert "Who gains and who loses is not known" in told and "members who" not in told
    assert "no-worth" not in {notice.id for notice in compared(tmp_path, SHOP, SHOP).notices}


def test_friends_are_counted_with_the_member_who_brought_them(tmp_path: Path) -> None:
    rule = "referral friend {\n on first purchase by friend\n give 30 points\n }\n"
    bring = SHOP.replace("reward coffee", f"{rule} reward coffee")
    bring = bring.replace("        basket ", "        refer 5% of purchases\n        basket ")
    made = compared(tmp_path, bring, bring.replace("30 points", "40 points"))
    assert "friends-together" in {notice.id for notice in made.notices}
    assert made.by_level == made.moves == ()
    assert made.everybody.members == 840
    assert made.everybody.rose > 0


def test_the_population_is_that_of_the_new_version_or_else_of_the_old(tmp_path: Path) -> None:
    program, people = SHOP[: SHOP.index("population")], SHOP[SHOP.index("population") :]
    fewer = people.replace("600 members", "300 members")
    assert compared(tmp_path, SHOP, program + fewer).everybody.members == 300 + 240
    assert compared(tmp_path, SHOP, program).everybody.members == 600 + 240
    with pytest.raises(InputRefused, match="no population"):
        compared(tmp_path, program, program)


def test_programs_of_other_names_are_compared_too(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER.replace("program shop", "program shop_2028"))
    assert (made.old.program.name, made.new.program.name) == ("shop", "shop_2028")
    assert [change.name for change in made.changes] == ["gold"]


def test_what_one_version_reads_and_the_population_leaves_out_is_refused(tmp_path: Path) -> None:
    online = SHOP.replace("    currency points", "    event purchase { online yes/no }\n    currency points")
    online = online.replace("on    purchase\n", "on    purchase\n        when  online\n")
    old = online.replace("basket ", "online 30%\n        basket ")
    with pytest.raises(ProgramRefused) as refused:
        compared(tmp_path, old, SHOP)
    assert "add a line such as" in (refused.value.errors[0].help or "")
    made = compared(tmp_path, SHOP, old)
    (told,) = (notice.message for notice in made.notices if notice.id == "left-out")
    assert told.startswith("The old version has nothing that `online 30% ...` of people is about")


@pytest.mark.parametrize(
    ("months", "rows"),
    [(1, [1]), (3, [3]), (12, [3, 6, 9, 12]), (14, [3, 6, 9, 12, 14]), (36, [12, 24, 36]),
     (120, [60, 72, 84, 96, 108, 120])],
)  # fmt: skip
def test_a_few_months_are_shown(months: int, rows: list[int]) -> None:
    assert months_shown(months) == rows


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0"), (0.5, "$0.50"), (12.5, "$12.50"), (999.4, "$999"), (999.7, "$1.00k"), (2_040_000, "$2.04m"),
     (-310_400, "-$310k"), (9_996, "$10.0k"), (3.2e9, "$3.20bn")],
)  # fmt: skip
def test_amounts_are_short(amount: float, text: str) -> None:
    assert short_amount(amount, "$") == text


def test_members_are_spread_over_bins_and_levels(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER)
    everybody = made.everybody
    assert sum(one.members for one in made.spread if one.most != 0 and one.gains) == everybody.rose
    assert sum(one.members for one in made.spread if not one.gains) == everybody.fell
    (same,) = (one.members for one in made.spread if one.most == 0)
    assert same == everybody.same
    (matrix,) = made.matrices
    basic, gold = matrix.members
    assert basic[1] == made.moves[0].members and gold[0] == 0
    assert sum(map(sum, matrix.members)) == everybody.members
    cells = [one for _, _, rows in made.by_segment_and_level for one in rows]
    assert len(cells) == 4
    assert sum(one.rose for one in cells) == everybody.rose
    assert sum(one.value.new for one in cells) == pytest.approx(everybody.value.new, abs=4)


def test_whom_each_part_reaches(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER)
    reach = {(one.what, one.name): one for one in made.touched}
    gold = reach["level", "Gold"]
    assert gold.old is not None and gold.new is not None
    assert gold.new > gold.old
    assert gold.old_noise > 0 and gold.new_noise > 0
    base = reach["rule", "Base"]
    assert base.old == base.new
    without = compared(tmp_path, SHOP, SHOP.replace('        level  gold   "Gold"   when spent >= $600\n', "")
        .replace("            gold   8 points\n", ""))  # fmt: skip
    gone = next(one for one in without.touched if one.name == "Gold")
    assert gone.new is None and gone.old == gold.old


def test_headlines_are_computed(tmp_path: Path) -> None:
    made = compared(tmp_path, SHOP, LOWER)
    assert made.liability is not None
    last = attrs.evolve(made.liability[-1], old=100_000, new=112_345, noise=500.0)
    for figure, said in (
        (last, "the new version owes $123.45 more (±$5.00)"),
        (attrs.evolve(last, new=99_900), "owes $1.00 less, within the simulation noise of ±$5.00"),
        (attrs.evolve(last, new=100_000), "the new version owes just as much"),
    ):
        told = liability_title(attrs.evolve(made, liability=(*made.liability[:-1], figure)))
        assert told.startswith("At the end of month 12 ") and said in told
    assert liability_title(attrs.evolve(made, liability=None)).startswith("The liability is not known")
    some = attrs.evolve(made.everybody, rose=10, fell=0, same=90, rise=1000, fall=0)
    assert winners_title(attrs.evolve(made, everybody=some)) == (
        "10.0% of members gain $1.00 each, nothing changes for 90.0%; nobody loses"
    )
    both = attrs.evolve(some, fell=90, same=0, fall=-4500)
    assert winners_title(attrs.evolve(made, everybody=both)) == (
        "10.0% of members gain $1.00 each, 90.0% of members lose $0.50 each"
    )
    nobody = attrs.evolve(some, rose=0, rise=0, same=100)
    assert winners_title(attrs.evolve(made, everybody=nobody)) == "Nobody gains and nobody loses"
    matrix = Matrix("Status", ("Basic", "Gold"), ("Basic", "Gold"), ((5, 0), (0, 5)))
    assert matrix_title(matrix, 3) == "Status: everybody ends month 3 at the same level"
    one_way = attrs.evolve(matrix, members=((5, 2), (0, 5)))
    assert matrix_title(one_way, 3) == "2 members end month 3 at another level: Basic became Gold"
    two_ways = attrs.evolve(matrix, members=((5, 2), (3, 5)))
    assert matrix_title(two_ways, 3) == (
        "5 members end month 3 at another level, most of them (3) Basic instead of Gold"
    )


def test_bins_next_to_nothing_are_merged_on_either_side() -> None:
    bins = [
        Bin(100, 200, False, 900), Bin(1, 2, False, 3), Bin(0, 1, False, 2),
        Bin(0, 1, True, 4), Bin(1, 2, True, 1), Bin(2, 5, True, 500), Bin(5, None, True, 7),
    ]  # fmt: skip
    merged = merged_bins(bins)
    assert merged == [
        Bin(100, 200, False, 900), Bin(0, 2, False, 5), Bin(0, 2, True, 5), Bin(2, 5, True, 500),
        Bin(5, None, True, 7),
    ]  # fmt: skip
    assert merged_bins(bins[:1]) == bins[:1]
    assert [bin_text(one, "USD") for one in (bins[0], bins[-1])] == ["$1 to $2", "over $0.05"]
