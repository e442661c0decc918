"""Charts as files: each alone, with its title, whole or not at all."""

import errno
import json
import os

import pytest
from forecast_cases import hostile, plain

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report import files
from loyalty_dsl.report.chart_parts import PALETTE
from loyalty_dsl.report.charts_dir import INDEX, titled, write_charts
from loyalty_dsl.report.charts_fan import Bound, fan_chart
from loyalty_dsl.report.panels import panels_of
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.rollforward import RollForward, RollForwardRow


def first(made, number=2):
    return [panel for panel in panels_of(made) if panel.chart is not None][:number]


def test_each_chart_is_a_png_and_an_svg_with_its_title(tmp_path):
    panels = first(plain())
    written = write_charts(panels, tmp_path / "new" / "charts", "loyalty simulate x")
    names = [f"{panel.name}.{kind}" for panel in panels for kind in ("png", "svg")]
    assert [path.name for path in written] == [*names, INDEX]
    assert names[:2] == ["liability-0.png", "liability-0.svg"]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    picture = written[1].read_text()
    assert picture.startswith("<svg") and "The liability is $198,151" in picture
    assert "Going concern, at cost." in picture
    assert PALETTE["main"] in picture and "var(--" not in picture
    index = json.loads(written[-1].read_text())
    assert index["command"] == "loyalty simulate x"
    assert [chart["title"] for chart in index["charts"]] == [panel.title for panel in panels]


def test_the_same_charts_give_the_same_bytes(tmp_path):
    one, two = (write_charts(first(plain(), 1), tmp_path / name, "x") for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_title_makes_a_picture_taller_and_is_wrapped():
    (panel,) = first(plain(), 1)
    whole = titled(panel)
    assert whole["height"] > panel.chart["height"]
    assert " ".join(whole["title"]["text"]) == panel.title
    assert "title" not in panel.chart


def test_hostile_names_are_inert_in_pictures(tmp_path):
    written = write_charts(first(hostile(), 1), tmp_path, "x")
    picture = written[1].read_text()
    assert "<script" not in picture and "<image" not in picture and "\x1b" not in picture


def test_a_full_disk_leaves_no_part_of_anything(tmp_path, monkeypatch):
    left = [1]

    def full(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InputRefused, match="no space left"):
        write_charts(first(plain(), 1), tmp_path, "x")
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_and_no_chart_are_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputRefused, match="cannot be a folder"):
        write_charts(first(plain(), 1), tmp_path / "taken", "x")
    with pytest.raises(InputRefused, match="no chart"):
        write_charts((), tmp_path / "other", "x")
    assert not (tmp_path / "other").exists()


def test_a_bound_of_a_study_is_drawn_where_it_has_to_hold():
    made = plain()
    one = made.by_currency[0]
    free = fan_chart(one.liability, one.liability_noise, made)
    bound = Bound(None, 12, 250_000, "≤ $250,000 at month 12")
    spec = fan_chart(one.liability, one.liability_noise, made, [bound])
    assert len(spec["layer"]) == len(free["layer"]) + 3
    (row,) = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "rule")["data"]["values"]
    assert (row["bound"], row["day"], row["text"]) == (250_000, "2027-12-31", bound.text)
    assert fan_chart(one.liability, one.liability_noise, made, [Bound(None, 99, 1, "")]) == free


def test_what_is_accrued_at_cost_is_in_the_chart_of_what_is_deferred():
    rows = tuple(
        RollForwardRow(1, accounting, 0, deferred, 1, 0, 0, deferred - 1)
        for accounting, deferred in ((AccountingClass.MARKETING, 9), (AccountingClass.SALE, 5))
    )
    roll = RollForward(rows)
    assert [row.closing for row in roll.with_accrued()] == [roll.closing] == [12]
    assert [row.closing for row in roll.total()] == [4]
