"""The workbooks of a comparison and of a sweep, read again: their figures are those that were computed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from decision_cases import HOSTILE, VARY, compared, swept
from toy_shop import SHOP

from loyalty_dsl.report.comparison_json import compared_files
from loyalty_dsl.report.comparison_sheets import comparison_sheets
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.sweep_sheets import sweep_sheets
from loyalty_dsl.report.workbook import Sheet, workbook_bytes


def read(sheets: list[Sheet]) -> Any:
    return openpyxl.load_workbook(BytesIO(workbook_bytes(sheets, "USD")))


def rows(sheet: Any) -> list[dict[str, Any]]:
    header, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_the_months_of_a_comparison_are_its_figures(tmp_path: Path) -> None:
    found = compared(SHOP, tmp_path)
    book = read(comparison_sheets(found, compared_files(found, "old", "new")))
    monthly = rows(book["Monthly"])
    assert found.liability is not None
    assert len(monthly) == found.months
    for row, figure in zip(monthly, found.liability, strict=True):
        assert row["Liability, old"] == figure.old / 100
        assert row["Liability, new"] == figure.new / 100
        assert row["Liability, difference"] == pytest.approx(figure.difference / 100)
        assert row["Liability, noise"] == pytest.approx(figure.noise / 100)
    who = rows(book["Who"])
    assert who[0]["Members"] == "everybody" and who[0]["Gain"] == found.everybody.rose
    assert sum(row["Members"] for row in rows(book["Winners and losers"])) == found.everybody.members
    notes = {row["What"]: row["Is"] for row in rows(book["Notes"])}
    assert notes["Command"] == compared_files(found, "old", "new").command
    assert notes["Seed"] == "1"


def test_the_points_of_a_sweep_are_those_of_its_table(tmp_path: Path) -> None:
    found = swept(SHOP, tmp_path, VARY, "one at a time", ("reward cost", "urr"))
    book = read(sweep_sheets(found, provenance_of(found.forecast)))
    points = rows(book["Points"])
    assert [list(row.values()) for row in points] == [list(row) for row in found.table.rows()]
    swings = rows(book["reward cost over 3 months"])
    assert [row["Number"] for row in swings] == [one.varied.path.path for one in found.swings(0)]
    assert [row["Swing"] for row in swings] == pytest.approx([float(one.swing) for one in found.swings(0)])
    assert book["urr of points"]["H2"].number_format == "0.0%"


def test_hostile_names_are_text_in_these_workbooks(tmp_path: Path) -> None:
    hostile = HOSTILE.replace('"Shop"', '"=1+1"')
    found = compared(hostile, tmp_path)
    book = read(comparison_sheets(found, compared_files(found, "=old", "new")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    assert {cell.value for cell in cells} >= {"'=old"}
