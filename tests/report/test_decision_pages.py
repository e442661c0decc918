"""The pages of a comparison and of a sweep: valid charts, true titles, and names that do nothing."""

import re
from pathlib import Path

import altair
import attrs
import pytest
from decision_cases import HOSTILE, VARY, compared, swept
from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.decisions.sweeping import Sweep
from loyalty_dsl.report.chart_parts import PALETTE
from loyalty_dsl.report.comparison_charts import difference_chart, matrix_chart, spread_chart
from loyalty_dsl.report.comparison_json import compared_files
from loyalty_dsl.report.comparison_page import comparison_page, comparison_panels
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.sweep_charts import line_chart, tornado_chart
from loyalty_dsl.report.sweep_page import point_title, sweep_page, swing_title


@pytest.fixture
def tornado(tmp_path: Path) -> Sweep:
    return swept(SHOP, tmp_path, VARY, "one at a time", ("reward cost", "members of gold"))


def test_a_tornado_prints_both_values_and_both_outcomes(tornado: Sweep) -> None:
    spec = tornado_chart(tornado, 0)
    altair.LayerChart.from_dict(spec)
    bars = spec["data"]["values"]
    assert len(bars) == 2 * len(VARY)
    labels = {row["label"]: row for layer in spec["layer"][2:] for row in layer["data"]["values"]}
    outcome = tornado.outcomes[0]
    for swing in tornado.swings(0):
        for point in (swing.low, swing.high):
            value = swing.varied.path.told(point.settings[0].value)
            assert f"{value}: {outcome.format(point.figures[0].value)}" in labels
    for name in {row["name"] for row in bars}:  # one on either side, so that they never overlap
        assert {row["side"] for row in bars if row["name"] == name} == {"left", "right"}
    assert spec["layer"][0]["encoding"]["y"]["sort"][0] == tornado.swings(0)[0].varied.path.path


def test_titles_of_a_tornado_name_what_moves_and_what_does_not(tornado: Sweep) -> None:
    first = swing_title(tornado, 0)
    assert first.startswith("off.price moves reward cost over 3 months most: $")
    assert first.endswith("; points.worth does not move it")
    worth = swept_alone(tornado, "points.worth")
    assert swing_title(worth, 0) == "None of these numbers moves reward cost over 3 months"


def swept_alone(found: Sweep, path: str) -> Sweep:
    """The sweep of one of its numbers."""
    place = [varied.path.path for varied in found.varied].index(path)
    return attrs.evolve(found, varied=(found.varied[place],), points=found.points[2 * place : 2 * place + 2])


def test_a_line_over_the_values_of_one_number(tmp_path: Path) -> None:
    found = swept(SHOP, tmp_path, ["off.price=40..80 step 20"], "grid", ("reward cost",))
    spec = line_chart(found, 0)
    assert spec is not None
    altair.LayerChart.from_dict(spec)
    rows = spec["data"]["values"]
    assert [row["at"] for row in rows] == [40, 60, 80]
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    low, high = (found.outcomes[0].format(row["value"]) for row in (rows[-1], rows[0]))
    assert point_title(found, 0) == (
        f"Reward cost over 3 months: {low} (off.price=80) to {high} (off.price=40)"
    )
    several = swept(SHOP, tmp_path, ["off.price=40, 60", "join=50, 60"], "grid", ("members",))
    assert line_chart(several, 0) is None
    times = swept(SHOP, tmp_path, ["points.expire=6 months, 1 year"], "grid", ("members",))
    assert line_chart(times, 0) is None
    assert point_title(times, 0) == "Members at month 3: 5,301 at every point"


def test_charts_of_a_comparison_are_valid_and_add_up(tmp_path: Path) -> None:
    made = compared(SHOP, tmp_path)
    assert made.liability is not None
    spread, moves = spread_chart(made), matrix_chart(made.matrices[0])
    assert spread is not None
    for spec in (spread, moves, difference_chart(made.liability, made)):
        altair.LayerChart.from_dict(spec)
    rows = spread["data"]["values"]
    assert sum(row["members"] for row in rows) == made.everybody.rose + made.everybody.fell
    sides = [row["side"] for row in rows]
    assert sides == sorted(sides, reverse=True)  # those who lose to the left
    shares = [row["share"] for row in moves["data"]["values"]]
    assert sum(shares) == pytest.approx(len(made.matrices[0].old))
    nothing = attrs.evolve(made, spread=tuple(one for one in made.spread if one.most == 0))
    assert spread_chart(nothing) is None


def test_no_name_of_a_user_becomes_markup(tmp_path: Path) -> None:
    made = compared(HOSTILE, tmp_path)
    pages = [comparison_page(made, compared_files(made, "<b>old", "new\"'<i>"))]
    for design in ("one at a time", "latin"):
        found = swept(HOSTILE, tmp_path, VARY[:2], design)
        pages.append(sweep_page(found, provenance_of(found.forecast, "loyalty sweep '<u>'")))
    for page in pages:
        assert not re.search(r"<(script|img|b|i|u)\b", page)
        assert "default-src 'none'" in page
        assert page.count("<h1>") == 1


def test_what_does_not_differ_in_any_month_has_no_empty_chart(tmp_path: Path) -> None:
    path = tmp_path / "shop.loyalty"
    path.write_text(SHOP, encoding="utf-8")
    book = pipeline.load(path)
    same = pipeline.compare(book, with_settings(book, {"status.gold": "$300"}), sample=300, months=2)
    panels = {panel.name: panel for panel in comparison_panels(same)}
    assert panels["liability"].chart is None and len(panels["liability"].table.rows) == 1
    assert panels["reward-cost"].chart is None


def test_every_cell_of_a_matrix_can_be_read_on_white_and_on_black(tmp_path: Path) -> None:
    found = compared(SHOP, tmp_path)
    cells, labels = matrix_chart(found.matrices[0])["layer"]
    assert labels["mark"]["color"] == PALETTE["strong"]  # which a page swaps with its background
    assert cells["encoding"]["opacity"]["scale"]["range"][1] <= 0.5
