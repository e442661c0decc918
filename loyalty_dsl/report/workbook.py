"""A forecast as a workbook: a sheet for each table of the report, and one that says where it is from.

Invariants: numbers are numbers, with the digits of `forecast.frames`; nothing in it is a formula or a link;
the same forecast gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import BASIS, Forecast
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.headlines import NOISE
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.summary import summary_of
from loyalty_dsl.report.summary_assumptions import assumptions_table
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.report.workbook_cells import Cell, Form, cell_of, cell_of_shown, format_code, safe_text
from loyalty_dsl.targets import verify_file_target

if TYPE_CHECKING:
    import polars as pl

    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.forecast.appraising import Appraisal

NARROWEST, WIDEST = 9, 60
LONGEST_NAME = 31
"""Characters of a sheet's name."""

_COVERED = ("liability", "waterfall", "triangle", "vintages", "active", "tiers", "rules", "rewards")
"""Kinds of panels whose figures are in a frame, with more digits."""
_FIRST = ("monthly", "triangle", "vintages", "rules", "limits", "rewards", "members", "levels")
"""The frames that come first, in their order."""


@attrs.frozen
class Sheet:
    """A sheet: a row of names, then rows of cells as long."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def write_workbook(
    forecast: Forecast,
    provenance: Provenance,
    path: Path,
    study: "StudyResult | None" = None,
    appraisal: "Appraisal | None" = None,
) -> None:
    """Writes a forecast as an .xlsx file.

    Args:
        study: whose gates get a sheet.
        appraisal: whose tables (lots, estimators, bridge, deferred revenue, layers) get a sheet each.

    Raises:
        InputRefused: it cannot be written, or is a rule file; `path` is as it was then.
    """
    verify_file_target(
        path, [Path(part.span.source.name) for part in (forecast.program, forecast.population)]
    )
    write_sheets(sheets_of(forecast, provenance, study, appraisal), forecast.program.money, path)


def write_sheets(sheets: Sequence[Sheet], money: str, path: Path) -> None:
    """Writes sheets as an .xlsx file.

    Args:
        money: the currency of their amounts.

    Raises:
        InputRefused: it cannot be written; `path` is as it was then.
    """
    outcome = write_whole(path, workbook_bytes(sheets, money))
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)


def sheets_of(
    forecast: Forecast,
    provenance: Provenance,
    study: "StudyResult | None" = None,
    appraisal: "Appraisal | None" = None,
) -> list[Sheet]:
    """Every sheet, in its order; tables without rows are left out."""
    from loyalty_dsl.report.exports import TABLES
    from loyalty_dsl.report.html import forecast_panels

    money = forecast.program.money
    frames = {name: TABLES[name](forecast) for name in sorted(TABLES, key=_rank)}
    sheets = [_summary(forecast, frames.pop("currencies"))]
    if study is not None and study.gates:
        sheets.append(_gates(study))
    sheets.append(table_sheet("assumptions", assumptions_table(forecast), money))
    valued: dict[str, pl.DataFrame] = {}
    if appraisal is not None:
        from loyalty_dsl.report.appraisal_tables import tables_of

        valued = tables_of(appraisal)
    sheets += [frame_sheet(name, frame) for name, frame in (frames | valued).items() if frame.height]
    panels = forecast_panels(forecast, study)  # without the appraisal, which has tables of its own
    sheets += [
        _panel_sheet(panel, money) for panel in panels if panel.kind not in _COVERED and panel.table.rows
    ]
    return [*sheets, _notes(forecast, provenance)]


def frame_sheet(name: str, frame: "pl.DataFrame") -> Sheet:
    """A frame as a sheet, a column a column."""
    columns = frame.columns
    rows = tuple(
        tuple(cell_of(column, value) for column, value in zip(columns, row, strict=True))
        for row in frame.rows()
    )
    return Sheet(_words(name), tuple(_words(column) for column in columns), rows)


def table_sheet(name: str, table: Table, money: str) -> Sheet:
    """A table of the page as a sheet; figures that it writes in words are numbers again."""
    texts = ("t", *(table.kinds or "n" * (len(table.header) - 1)))
    rows = tuple(
        tuple(
            cell_of_shown(cell, money) if kind == "n" else Cell(None if cell == "-" else safe_text(cell))
            for kind, cell in zip(texts, row, strict=True)
        )
        for row in table.rows
    )
    return Sheet(_words(name), tuple(one_line(each) for each in table.header), rows)


def _panel_sheet(panel: Panel, money: str) -> Sheet:
    return table_sheet(panel.name.replace("-", "_"), panel.table, money)


def _summary(forecast: Forecast, currencies: "pl.DataFrame") -> Sheet:
    """The headline figures, a currency a column, and the sentences of the page."""
    names = currencies["currency"].to_list() if currencies.width else []
    rows: list[tuple[Cell, ...]] = []
    for column in currencies.columns[1:]:
        rows.append((Cell(_words(column)), *(cell_of(column, value) for value in currencies[column])))
    summary, empty = summary_of(forecast), tuple(Cell(None) for _ in names)
    for who, sentences in (("For finance", summary.finance), ("For marketing", summary.marketing)):
        rows.append((Cell(who), *empty))
        rows += [(Cell(safe_text(sentence)), *empty) for sentence in sentences]
    return Sheet("Summary", ("Figure", *(safe_text(name.replace("_", " ")) for name in names)), tuple(rows))


def _gates(study: "StudyResult") -> Sheet:
    from loyalty_dsl.report.study_wording import gate_sentence, layer_sentence, verdict_word

    def number(value: object) -> Cell:
        return Cell(None) if value is None else Cell(float(value), Form.AMOUNT)  # type: ignore[arg-type]

    rows = tuple(
        (
            Cell(verdict_word(gate)),
            Cell(safe_text(gate.gate.text)),
            number(gate.value),
            number(gate.binding.bound),
            number(gate.margin),
            number(gate.noise),
            Cell(safe_text(gate_sentence(gate))),
            Cell(safe_text(layer_sentence(gate))),
        )
        for gate in study.gates
    )
    header = ("Verdict", "Gate", "Value", "Bound", "Margin", "Simulation noise", "In words", "How sure")
    return Sheet("Gates", header, rows)


def _notes(forecast: Forecast, provenance: Provenance) -> Sheet:
    """Where the figures are from, and what their words mean."""
    facts: list[tuple[str, Cell]] = [
        ("Program", Cell(safe_text(forecast.program.label))),
        ("Population", Cell(safe_text(forecast.population.name))),
        ("First day", Cell(format_day(forecast.months[0].start))),
        ("As of", Cell(format_day(forecast.as_of))),
        ("Months", Cell(len(forecast.months), Form.COUNT)),
        ("Members simulated", Cell(forecast.sample, Form.COUNT)),
        ("Each stands for", Cell(float(forecast.weight), Form.AMOUNT)),
        ("Money", Cell(forecast.program.money)),
        ("Basis", Cell(f"{BASIS}, at cost")),
        ("Noise", Cell(NOISE)),
        ("Seed", Cell(str(forecast.seed))),
        ("Version", Cell(f"loyalty-dsl {provenance.version}")),
        ("Command", Cell(safe_text(provenance.command))),
        *((f"SHA-256 of {one_line(name)}", Cell(digest)) for name, digest in provenance.inputs),
        *(("Before you quote a figure", Cell(safe_text(notice.message))) for notice in forecast.notices),
    ]
    return facts_sheet(facts)


def facts_sheet(facts: Iterable[tuple[str, Cell]]) -> Sheet:
    """The last sheet: where the figures are from, and what their words mean."""
    return Sheet("Notes", ("What", "Is"), tuple((Cell(safe_text(name)), cell) for name, cell in facts))


# ---- to bytes


def workbook_bytes(sheets: Sequence[Sheet], money: str) -> bytes:
    """The sheets as an .xlsx file."""
    import xlsxwriter

    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)}
    )  # not today's: the same bytes
    digits = MINOR_DIGITS[money]
    formats = {form: book.add_format({"num_format": format_code(form, money, digits)}) for form in Form}
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    for name, sheet in zip(_distinct(sheet.name for sheet in sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for column, text in enumerate(sheet.header):
            page.write_string(0, column, safe_text(text), bold)
            page.set_column(column, column, _width(sheet, column))
        for row, cells in enumerate(sheet.rows, 1):
            for column, cell in enumerate(cells):
                _write(page, row, column, cell, formats)
    book.close()
    return buffer.getvalue()


def _write(page: Any, row: int, column: int, cell: Cell, formats: dict[Form, Any]) -> None:
    style = formats[cell.form]
    if cell.value is None:
        return
    if cell.form is Form.TEXT:
        page.write_string(row, column, str(cell.value), style)
    elif cell.form is Form.DATE:
        page.write_datetime(row, column, cell.value, style)
    else:
        page.write_number(row, column, cell.value, style)


def _width(sheet: Sheet, column: int) -> int:
    """Characters that a column needs; long text runs on into the next."""
    shown = [row[column] for row in sheet.rows]
    texts = [len(str(cell.value)) for cell in shown if cell.form is Form.TEXT and cell.value is not None]
    numbers = [len(f"{cell.value:,}") + 3 for cell in shown if isinstance(cell.value, int | float)]
    typical = max((size for size in texts if size <= WIDEST), default=0)
    return max(NARROWEST, min(WIDEST, max((typical, *numbers, len(sheet.header[column]) * 2 // 3 + 2))))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Names that a workbook allows, each once whatever its case."""
    seen: set[str] = set()
    for name in names:
        plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in one_line(name)).strip() or "Sheet"
        short, number = plain[:LONGEST_NAME], 2
        while short.lower() in seen:
            short = f"{plain[: LONGEST_NAME - 4]} {number}"
            number += 1
        seen.add(short.lower())
        yield short


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _words(name: str) -> str:
    """`redeemed_share` as `Redeemed share`."""
    text = name.replace("_", " ")
    return {"urr": "URR", "phi": "phi"}.get(text, text[:1].upper() + text[1:])
