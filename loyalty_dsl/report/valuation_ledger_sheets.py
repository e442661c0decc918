"""A ledger's valuation as a workbook: what is owed, by method, month of issue and age, why it moved, and what
is deferred.

Invariant: a figure has all the digits of the valuation; roll-forwards and bridges tie to the cent.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from loyalty_dsl.calendar import date_of, format_day, month_start
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.appraisal_json import TERMS
from loyalty_dsl.report.appraisal_tables import FLOWS
from loyalty_dsl.report.valuation_ledger_figures import LiabilityFigures, noun_of, why_young
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.report.workbook import Sheet, facts_sheet, write_sheets
from loyalty_dsl.report.workbook_cells import Cell, Form, safe_text
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.cautions import GOING_CONCERN, cautions_of
from loyalty_dsl.valuation.estimates import LEVEL
from loyalty_dsl.valuation.ledger_run_off import says
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation
from loyalty_dsl.valuation.rollforward import RollForward


def write_liability_workbook(figures: LiabilityFigures, path: Path) -> None:
    """Writes the workbook.

    Raises:
        InputRefused: it cannot be written.
    """
    write_sheets(liability_sheets(figures), figures.money, path)


def liability_sheets(figures: LiabilityFigures) -> list[Sheet]:
    """Every sheet, in its order; tables without rows are left out."""
    minor = 10 ** MINOR_DIGITS[figures.money]
    sheets = [_summary(figures, minor)]
    for one in figures.valued.currencies:
        sheets += [_methods(one), _vintages(one), _ages(one, minor)]
        moved = figures.bridge_of(one)
        if moved is not None:
            sheets.append(_bridge(one, moved, minor))
        if one.roll is not None:
            sheets.append(_roll(one, one.roll, minor))
    return [*(sheet for sheet in sheets if sheet.rows), _notes(figures)]


def _summary(figures: LiabilityFigures, minor: int) -> Sheet:
    header = (
        "Currency", "Liability", "Current", "Cost of a unit", "Outstanding", "Owed by members",
        "Still to be redeemed", "Phi", "URR", "A point of URR", "Band from", "Band to",
        "Run-off: still to be redeemed", "Run-off: liability", "Quoted method",
    )  # fmt: skip
    return Sheet("Summary", header, tuple(tuple(_summed(one, minor)) for one in figures.valued.currencies))


def _summed(one: CurrencyValuation, minor: int) -> Iterator[Cell]:
    scale, band = one.currency.scale, one.band
    yield Cell(safe_text(noun_of(one)))
    yield _money(one.liability, minor)
    yield _money(one.current, minor)
    yield Cell(None if one.cost is None else float(one.cost * scale / minor), Form.NUMBER)
    for units in (one.held, one.debt, one.total_future):
        yield _units(units, scale)
    yield Cell(float(one.phi), Form.SHARE)
    yield Cell(float(one.urr), Form.SHARE)
    yield _money(one.per_point_of_urr, minor)
    for bound in (None, None) if band is None else (band.low, band.high):
        yield _units(bound, scale)
    yield _units(one.run_off_future, scale)
    yield _money(one.run_off_liability, minor)
    yield Cell(safe_text(why_young(one) if one.found is None or one.young else one.found.headline.label))


def _methods(one: CurrencyValuation) -> Sheet:
    rows = []
    for each in () if one.found is None else one.found.methods:
        bounds = each.interval(LEVEL) or (None, None)
        rows.append(
            (
                Cell(safe_text(each.label)),
                *(_units(units, one.currency.scale) for units in (each.total_future, *bounds)),
                *(Cell(rate, Form.SHARE) for rate in (each.urr, each.phi)),
                Cell(safe_text(each.error_says) or None),
            )
        )
    header = ("Method", "To come", f"{LEVEL:.0%} interval from", "To", "URR", "Phi", "The interval covers")
    return Sheet(f"{noun_of(one)} methods", header, tuple(rows))


def _vintages(one: CurrencyValuation) -> Sheet:
    triangle, scale = one.triangle, one.currency.scale
    rows = tuple(
        (
            Cell(triangle.periods.name_of(row)),
            *(
                _units(units, scale)
                for units in (
                    triangle.issued[row],
                    sum(triangle.redeemed[row]),
                    sum(triangle.lost[row]),
                    triangle.held[row],
                    one.future[row],
                )
            ),
        )
        for row in range(len(triangle.issued))
    )
    header = ("Issued in", "Issued", "Redeemed", "Expired or reversed", "Outstanding", "To come")
    return Sheet(f"{noun_of(one)} vintages", header, rows)


def _ages(one: CurrencyValuation, minor: int) -> Sheet:
    scale, cost = one.currency.scale, one.cost
    rows = tuple(
        (
            Cell(band.age, Form.COUNT),
            _units(band.held, scale),
            _units(band.future, scale),
            Cell(float(band.future / band.held), Form.SHARE),
            _money(None if cost is None else cost * band.future, minor),
        )
        for band in one.ages
        if band.held
    )
    header = ("Age, months", "Outstanding", "To come", "Phi", "Liability")
    return Sheet(f"{noun_of(one)} ages", header, rows)


def _bridge(one: CurrencyValuation, moved: Bridge, minor: int) -> Sheet:
    rows = tuple(
        (Cell(term.replace("_", " ").capitalize()), _money(getattr(moved, term), minor)) for term in TERMS
    )
    return Sheet(f"{noun_of(one)} bridge", ("Term", "Liability"), rows)


def _roll(one: CurrencyValuation, roll: RollForward, minor: int) -> Sheet:
    rows = tuple(
        (
            Cell(date_of(month_start(row.month)).isoformat()[:7]),
            Cell(row.accounting.value),
            *(_money(getattr(row, flow), minor) for flow in FLOWS),
        )
        for row in roll.rows
    )
    header = ("Month", "Class", *(flow.replace("_", "-").capitalize() for flow in FLOWS))
    return Sheet(f"{noun_of(one)} deferred", header, rows)


def _units(units: float | Fraction | None, scale: int) -> Cell:
    if units is None:
        return Cell(None)
    if isinstance(units, int) and scale == 1:
        return Cell(units, Form.COUNT)
    return Cell(float(units / scale), Form.AMOUNT)


def _money(amount: float | Fraction | None, minor: int) -> Cell:
    return Cell(None if amount is None else float(Fraction(amount) / minor), Form.MONEY)


def _notes(figures: LiabilityFigures) -> Sheet:
    valued = figures.valued
    warned = [
        caution.message
        for one in valued.currencies
        if one.found is not None
        for caution in cautions_of(one.found)
    ]
    return facts_sheet(
        [
            ("Program", Cell(safe_text(valued.program.label))),
            ("Valued at the end of", Cell(format_day(valued.at))),
            *([] if figures.before is None else [("Explained from", Cell(format_day(figures.before.at)))]),
            ("Money", Cell(figures.money)),
            ("Basis", Cell("going concern, at cost")),
            ("Going concern", Cell(safe_text(GOING_CONCERN))),
            *(
                (f"Run-off of {noun_of(one)}", Cell(safe_text(says(one.run_off))))
                for one in valued.currencies
                if one.run_off is not None
            ),
            ("Deferral", Cell(safe_text(figures.method))),
            ("Version", Cell(f"loyalty-dsl {figures.version}")),
            ("Command", Cell(safe_text(figures.command))),
            *((f"SHA-256 of {one_line(name)}", Cell(digest)) for name, digest in figures.inputs),
            *(("Before you quote a figure", Cell(safe_text(message))) for message in warned),
        ]
    )
