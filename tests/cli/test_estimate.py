"""`loyalty estimate` as a user meets it."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

Command = Callable[..., Any]
DATA = Path(__file__).parent.parent / "valuation" / "data"
TRIANGLE, ISSUED = DATA / "redemption_triangle_growing.csv", DATA / "redemption_issued_growing.csv"
SCHEMA = json.loads((files("loyalty_dsl.report") / "schemas" / "estimate.schema.json").read_text("utf-8"))


def whole(loyalty: Command, *more: object) -> Any:
    return loyalty(
        "estimate", TRIANGLE, "--issued", ISSUED, "--outstanding", "25,579,113", "--cost-per-point",
        "$0.008", *more,
    )  # fmt: skip


def test_the_answer_comes_first(loyalty: Command) -> None:
    ran = whole(loyalty)
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "$69,971 is owed for points: 8,746,427 points will still be redeemed, 34.2% of the" in told
    assert "Cape Cod *            8,746,427" in ran.out
    assert "$71,487" in ran.out
    assert "Going concern" in ran.out
    assert "This is no redemption rate" in ran.out


def test_the_document_keeps_its_schema(loyalty: Command) -> None:
    document = json.loads(whole(loyalty, "--format", "json").out)
    jsonschema.validate(document, SCHEMA)
    chain = document["methods"]["chain_ladder"]
    assert round(chain["ultimate"], 3) == 74240097.629
    assert round(chain["standard_error"], 3) == 97107.356
    assert document["headline"] == "cape_cod"
    assert document["cost_per_point"] == 0.008
    assert sum(row["future"] for row in chain["vintages"]) == pytest.approx(chain["future"])


def test_a_triangle_alone_is_enough(loyalty: Command) -> None:
    ran = loyalty("estimate", TRIANGLE, "--format", "json")
    document = json.loads(ran.out)
    jsonschema.validate(document, SCHEMA)
    assert list(document["methods"]) == ["chain_ladder"]
    assert document["methods"]["chain_ladder"]["urr"] is None
    assert set(document["left_out"]) == {"cape_cod", "bornhuetter_ferguson", "hazard", "beta_geometric"}


def test_the_command_it_prints_gives_the_same(loyalty: Command) -> None:
    first = json.loads(whole(loyalty, "--tail", "fitted", "--prior", "80%", "--format", "json").out)
    words = first["command"].split()[1:]
    again = json.loads(loyalty(*words, "--format", "json").out)
    assert again == first


def test_a_page_with_both_charts(loyalty: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = whole(loyalty, "--report", page)
    assert ran.code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert "4 methods expect between 8,464,865 and 8,935,898 points still to come" in text
    assert "<script" not in text


LONG = """\
issued_month,age,redeemed,expired
2025-01,0,40,0
2025-01,1,20,0
2025-01,2,10,30
2025-02,0,50,0
2025-02,1,25,0
2025-03,0,60,0
"""


def test_a_long_file_with_expiries(loyalty: Command, tmp_path: Path) -> None:
    path, issued = tmp_path / "long.csv", tmp_path / "issued.csv"
    path.write_text(LONG)
    issued.write_text("issued_month,issued\n2025-01,100\n2025-02,125\n2025-03,150\n")
    document = json.loads(loyalty("estimate", path, "--issued", issued, "--format", "json").out)
    assert document["triangle"] == {
        "file": str(path), "months": 3, "ages": 3, "redeemed": 205, "issued": 375, "outstanding": 140,
    }  # fmt: skip
    hazard = document["methods"]["hazard"]
    assert [row["issued_month"] for row in hazard["vintages"]] == ["2025-01", "2025-02", "2025-03"]
    # ages 1 and 2: 45 of 135 held, then 10 of 40
    assert hazard["vintages"][2]["future"] == pytest.approx(90 * (1 / 3 + 2 / 3 / 4))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0,1,2\n1,2,3\n2,x\n3\n", "row 2: age 1 is `x`"),
        ("0,1,2\n1,2,3\n2,,4\n3\n", "row 2: age 1 is blank"),
        ("0,1,2\n1,2,3\n2,1\n3\n", "row 2: it falls from 2 to 1 at age 1"),
        ("0,1,2\n1,2,3\n2\n3\n", "row 2: it ends 2 ages before"),
        ("0,1,2\n1,2\n2,3,4\n", "row 2: it has reached a later age"),
        ("0,1,2\n1,2,3\n-2,3\n1\n", "row 2: age 0 is -2"),
        ("month,0,1\n2025-01,1,2\n2025-03,1\n", "row 2: its month does not follow"),
        ("month,0,1\nJan,1,2\n", "row 1: `Jan` is not a month"),
        ("5,7\n1,2\n", "header is not the ages"),
        ("issued_month,age,redeemed\n2025-01,0,1\n2025-01,0,2\n", "row 2: the month and age of row 1 again"),
        ("issued_month,age,redeemed\n2025-01,0.5,1\n", "row 1: the age `0.5`"),
        ("age,redeemed\n1,2\n", "lacks the column `issued_month`"),
        ("0,1\n0,0\n0\n", "nothing was redeemed"),
        ("", "is empty"),
        ("month,0\n2026-01,100\n", "it has one age alone"),
        ("\ufeffmonth;0;1\n2026-01;100;150\n", "has semicolons between its columns"),
        ("0,1\n1e300,1e308\n1e300\n", "row 1: age 0 is 1e300, more than the"),
    ],
)
def test_a_file_that_is_no_triangle_is_refused(
    text: str, told: str, loyalty: Command, tmp_path: Path
) -> None:
    path = tmp_path / "triangle.csv"
    path.write_text(text)
    ran = loyalty("estimate", path)
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10\n20\n", "2 months of issue, but the triangle has 36"),
        ("10\n" * 36, "row 1: 10 were issued, but the triangle has"),
        ("10\nmany\n", "row 2: issued is `many`"),
    ],
)
def test_issues_that_do_not_fit_are_refused(text: str, told: str, loyalty: Command, tmp_path: Path) -> None:
    path = tmp_path / "issued.csv"
    path.write_text(text)
    ran = loyalty("estimate", TRIANGLE, "--issued", path)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--cost-per-point", "bash.008"), "single quotes"),
        (("--cost-per-point", "cheap"), "is not an amount"),
        (("--cost-per-point", "-1"), "below 0"),
        (("--cost-per-point", "€0.01", "--money", "USD"), "the cost is in €"),
        (("--money", "XYZ"), "no money"),
        (("--tail", "0.5"), "a factor of at least 1"),
        (("--prior", "0.8"), "is not a share"),
        (("--report", TRIANGLE), "would be written over"),
    ],
)
def test_bad_options_are_refused(options: tuple[str, ...], told: str, loyalty: Command) -> None:
    ran = loyalty("estimate", TRIANGLE, *options)
    assert ran.code == 2
    assert told in ran.err


def test_two_months_share_no_factor_so_there_is_no_interval(loyalty: Command, tmp_path: Path) -> None:
    path = tmp_path / "triangle.csv"
    path.write_text("0,1\n100,150\n50\n")
    document = json.loads(loyalty("estimate", path, "--outstanding", "0", "--format", "json").out)
    assert document["methods"]["chain_ladder"]["future"] == 25
    assert document["methods"]["chain_ladder"]["interval_90"] is None
    assert [one["id"] for one in document["warnings"]] == ["phi-above-one", "young"]
    assert document["too_young"]
    assert document["bases"] is None


def test_what_is_too_young_is_headed_by_the_most_that_can_be_owed(loyalty: Command, tmp_path: Path) -> None:
    path, issued = tmp_path / "triangle.csv", tmp_path / "issued.csv"
    path.write_text("0,1\n100,100\n50\n")
    issued.write_text("issued\n500\n500\n")
    words = ("estimate", path, "--issued", issued, "--cost-per-point", "$0.01")
    first = " ".join(loyalty(*words).out.split())
    assert "At most $8.50 is owed: all 850 points outstanding at full cost." in first
    assert "$0 is owed" not in first
    assert "Run-off, at most" not in first
    told = " ".join(loyalty(*words, "--outstanding", "600").out.split())
    assert "At most $6.00 is owed" in told
    assert "--outstanding gives what can be owed" in " ".join(loyalty("estimate", path).out.split())
    document = json.loads(loyalty(*words, "--format", "json").out)
    jsonschema.validate(document, SCHEMA)
    assert document["at_most"] == {"units": 850, "liability": 8.5}
    judged = " ".join(loyalty(*words, "--tail", "1.5").out.split())
    assert " is owed for points" in judged


def test_both_bases_stand_side_by_side(loyalty: Command) -> None:
    ran = whole(loyalty)
    assert "Run-off, at most 8,746,427 34.2% $69,971" in " ".join(ran.out.split())
    document = json.loads(whole(loyalty, "--format", "json").out)
    going, ended = document["bases"]["going_concern"], document["bases"]["run_off"]
    assert going["liability"] == ended["liability"] == document["methods"]["cape_cod"]["liability"]
    assert (going["measured"], ended["measured"]) == (True, False)
    assert "A triangle has no balances" in ended["says"]


@pytest.mark.parametrize(
    ("written", "liability"), [("$1.5k", 37500), ("$1,500", 37500), ("€2M", 50_000_000), (".008", 0.2)]
)
def test_money_is_read_as_in_a_rule_file(
    written: str, liability: float, loyalty: Command, tmp_path: Path
) -> None:
    path = tmp_path / "triangle.csv"
    path.write_text("0,1\n100,150\n50\n")
    ran = loyalty("estimate", path, "--cost-per-point", written, "--format", "json")
    assert json.loads(ran.out)["methods"]["chain_ladder"]["liability"] == pytest.approx(liability)


def test_a_tail_that_is_left_out_is_told(loyalty: Command, tmp_path: Path) -> None:
    """Redemptions that halve with each age: after four ages, 1/16 of them is to come."""
    path = tmp_path / "triangle.csv"
    path.write_text("0,1,2,3\n800,1200,1400,1500\n800,1200,1400\n800,1200\n800\n")
    bare = loyalty("estimate", path, "--format", "json")
    document = json.loads(bare.out)
    assert [one["id"] for one in document["warnings"]] == ["tail-left-out"]
    assert document["tail"]["fitted"] > 1.04
    tailed = json.loads(loyalty("estimate", path, "--tail", "fitted", "--format", "json").out)
    assert tailed["tail"]["factor"] == document["tail"]["fitted"]
    assert [one["id"] for one in tailed["warnings"]] == ["tail"]
