"""The workbook, read again: numbers are numbers, names can do nothing, and it says where it is from."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from forecast_cases import HOSTILE, cut_short, hostile, one_month, plain, without_cost

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.workbook import LONGEST_NAME, sheets_of, workbook_bytes, write_workbook
from loyalty_dsl.report.workbook_cells import Form, cell_of, cell_of_shown, safe_text


def book_of(made):
    data = workbook_bytes(sheets_of(made, provenance_of(made)), made.program.money)
    return openpyxl.load_workbook(BytesIO(data)), data


def column(sheet, name):
    header = [cell.value for cell in sheet[1]]
    return [row[header.index(name)] for row in sheet.iter_rows(min_row=2)]


def test_there_is_a_sheet_for_each_table_and_one_of_notes():
    book, _ = book_of(plain())
    assert book.sheetnames[:5] == ["Summary", "Assumptions", "Monthly", "Triangle", "Vintages"]
    assert {"Rules", "Rewards", "Members", "Segments"} <= set(book.sheetnames)
    assert book.sheetnames[-1] == "Notes"
    assert all(sheet.freeze_panes == "B2" for sheet in book)


def test_numbers_are_those_of_the_forecast_with_their_formats():
    made = plain()
    book, _ = book_of(made)
    monthly = book["Monthly"]
    liability = column(monthly, "Liability")
    assert [cell.value for cell in liability] == [value / 100 for value in made.by_currency[0].liability]
    assert liability[0].number_format.startswith('"$"#,##0.00')
    assert {cell.number_format for cell in column(monthly, "Active rate")} == {"0.0%"}
    assert [cell.value for cell in column(monthly, "Issued")] == [
        month.issued for month in made.by_currency[0].total
    ]
    assert column(monthly, "Month")[0].value == datetime(2027, 1, 1)
    assert len(column(monthly, "Month")) == len(made.months)


def test_the_notes_say_how_to_make_it_again():
    made = plain()
    book, _ = book_of(made)
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=2)}
    provenance = provenance_of(made)
    assert notes["Seed"] == str(made.seed)
    assert notes["Version"] == f"loyalty-dsl {provenance.version}"
    assert notes["Command"] == provenance.command
    name, digest = provenance.inputs[0]
    assert notes[f"SHA-256 of {name}"] == digest


@pytest.mark.parametrize("made", [cut_short, one_month, without_cost])
def test_every_forecast_has_a_workbook(made):
    book, _ = book_of(made())
    assert "Summary" in book.sheetnames


def test_the_same_forecast_gives_the_same_bytes():
    assert book_of(plain())[1] == book_of(plain())[1]


def test_hostile_names_are_text_and_nothing_else():
    made = hostile()
    book, data = book_of(made)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    with ZipFile(BytesIO(data)) as parts:
        texts = b"".join(parts.read(name) for name in parts.namelist())
    assert b"<f>" not in texts and b"<hyperlink " not in texts
    assert b"\x1b" not in texts and "\u202e".encode() not in texts
    assert b"javascript:alert(3)" in texts
    assert HOSTILE.encode() not in texts
    assert all(len(name) <= LONGEST_NAME for name in book.sheetnames)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\u202e="])
def test_text_never_begins_like_a_formula(start):
    told = safe_text(f"{start}cmd|' /C calc'!A0")
    assert told.startswith("'")
    assert safe_text("Grocery Points") == "Grocery Points"


@pytest.mark.parametrize(
    ("shown", "value", "form"),
    [
        ("$1,234", 1234, Form.WHOLE_MONEY),
        ("-$1,234.50", -1234.5, Form.MONEY),
        ("61.3%", 0.613, Form.SHARE),
        ("\N{MINUS SIGN}12,000", -12000, Form.COUNT),
        ("±$5", 5, Form.WHOLE_MONEY),
        ("12.5", 12.5, Form.AMOUNT),
        ("under ±$1", "under ±$1", Form.TEXT),
        ("never paid", "never paid", Form.TEXT),
        ("€5", "€5", Form.TEXT),
        ("=1+1", "'=1+1", Form.TEXT),
        ("2027-01", "2027-01", Form.TEXT),
        ("", None, Form.TEXT),
    ],
)
def test_figures_in_words_are_numbers_again(shown, value, form):
    cell = cell_of_shown(shown, "USD")
    assert (cell.value, cell.form) == (value, form)


def test_a_column_says_what_its_values_are():
    assert cell_of("liability", Decimal("12.50")).form is Form.MONEY
    assert cell_of("phi", 0.5).form is Form.SHARE
    assert cell_of("breakage", 0.1).form is Form.SHARE
    assert cell_of("breakage", Decimal("3.00")).form is Form.MONEY
    assert cell_of("issued", Decimal("3.5")).form is Form.AMOUNT
    assert cell_of("benefit", True).value == "yes"


def test_a_workbook_never_replaces_a_rule_file(tmp_path):
    made = plain()
    with pytest.raises(InputRefused):
        write_workbook(made, provenance_of(made), tmp_path)
    target = tmp_path / "forecast.xlsx"
    write_workbook(made, provenance_of(made), target)
    assert openpyxl.load_workbook(target).sheetnames[0] == "Summary"
