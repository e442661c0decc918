"""Months in which there is nobody: every output is made, and nothing divides by nobody."""

import json
import warnings
from pathlib import Path

import openpyxl
from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.forecast.appraising import appraise
from loyalty_dsl.report.comparison_json import compared_files
from loyalty_dsl.report.comparison_page import comparison_page
from loyalty_dsl.report.comparison_sheets import comparison_sheets
from loyalty_dsl.report.html import forecast_page
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terminal import render_forecast
from loyalty_dsl.report.workbook import workbook_bytes, write_workbook


def test_a_business_without_members_at_first_divides_by_nobody(tmp_path: Path) -> None:
    begins = [line for line in SHOP.splitlines() if line.strip().startswith("start ")]
    assert len(begins) == 1
    text = SHOP.replace(begins[0], "    start  0 members")
    joins = [line for line in text.splitlines() if line.strip().startswith("join ")]
    assert len(joins) == 1
    text = text.replace(joins[0], "    join   4 members per year")
    path = tmp_path / "shop.loyalty"
    path.write_text(text, encoding="utf-8")
    book = pipeline.load(path)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="divide by zero|invalid value|Mean of empty")
        made = pipeline.simulate(book, sample=2, months=5)
        assert made.members[0].active == 0
        appraisal, provenance = appraise(made), provenance_of(made)
        assert "<h1>" in forecast_page(made, provenance, appraisal=appraisal)
        assert json.loads(forecast_json(made, provenance, appraisal))["months"] == 5
        assert render_forecast(made, provenance, PLAIN, appraisal)
        write_workbook(made, provenance, tmp_path / "book.xlsx", appraisal=appraisal)
        assert "Members" in openpyxl.load_workbook(tmp_path / "book.xlsx").sheetnames
        other = pipeline.compare(book, with_settings(book, {"off.price": "60"}), sample=2, months=5)
        files = compared_files(other, "old", "new")
        assert "<h1>" in comparison_page(other, files)
        assert workbook_bytes(comparison_sheets(other, files), "USD")
