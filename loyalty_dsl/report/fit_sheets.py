"""A calibration as a workbook: the forecast of unseen weeks, the facts, the models and their parameters.

Invariant: a figure has all its digits, not those that the page shows.
"""

from collections.abc import Iterator
from pathlib import Path

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.calibration.backtest import Weeks
from loyalty_dsl.calibration.calibrating import Calibration
from loyalty_dsl.calibration.fitting import Fitted
from loyalty_dsl.calibration.models import Fit
from loyalty_dsl.report.fit_charts import class_name
from loyalty_dsl.report.fit_page import FAILS, PASSES, fit_headline
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.report.workbook import Sheet, facts_sheet, write_sheets
from loyalty_dsl.report.workbook_cells import Cell, Form, safe_text


def write_fit_workbook(fitted: Fitted, command: str, path: Path) -> None:
    """Writes the workbook.

    Args:
        command: what makes the same figures again.

    Raises:
        InputRefused: it cannot be written.
    """
    write_sheets(fit_sheets(fitted, command), fitted.calibration.program.money, path)


def fit_sheets(fitted: Fitted, command: str) -> list[Sheet]:
    """Every sheet, in its order; tables without rows are left out."""
    found = fitted.calibration
    weeks = () if found.holdout is None else tuple(_weeks(found.holdout))
    sheets = [
        Sheet("Unseen weeks", ("Week to", "Data", "Model"), weeks),
        Sheet("Weeks", ("Week to", "Data", "Model"), tuple(_weeks(found.tracking))),
        _classes(found),
        _repeats(found),
        _facts(found),
        Sheet(
            "Models", ("Model", "", "Log-likelihood", "Parameter", "Value", "Standard error"), _models(found)
        ),
        Sheet(
            "Population",
            ("Text",),
            tuple((Cell(safe_text(line)),) for line in fitted.population.splitlines()),
        ),
    ]
    return [*(sheet for sheet in sheets if sheet.rows), _notes(fitted, command)]


def _weeks(weeks: Weeks) -> Iterator[tuple[Cell, ...]]:
    for day, actual, forecast in zip(weeks.last, weeks.actual, weeks.forecast, strict=True):
        yield Cell(date_of(int(day)), Form.DATE), Cell(int(actual), Form.COUNT), _amount(forecast)


def _classes(found: Calibration) -> Sheet:
    rows = tuple(
        (
            Cell(class_name(one.repeats)),
            Cell(one.members, Form.COUNT),
            _amount(one.actual),
            _amount(one.expected),
        )
        for one in found.conditional
    )
    return Sheet("By repeats before", ("Repeats before", "Members", "Data", "Model"), rows)


def _repeats(found: Calibration) -> Sheet:
    rows = tuple(
        (Cell(class_name(x)), Cell(int(one), Form.COUNT), _amount(other))
        for x, (one, other) in enumerate(zip(*found.histogram, strict=True))
    )
    return Sheet("Repeats", ("Repeats", "Members", "Model"), rows)


def _facts(found: Calibration) -> Sheet:
    rows = tuple(
        (
            Cell(safe_text(one.name)),
            Cell(safe_text(one.tier)),
            *(_amount(value) for value in (one.actual, one.drawn, one.off, one.limit)),
            Cell("standard errors" if one.limit >= 1 else "share"),
            Cell(PASSES if one.passes else FAILS),
        )
        for one in found.facts
    )
    return Sheet("Facts", ("Fact", "Tier", "Data", "Drawn", "Off", "Limit", "Off is in", "Outcome"), rows)


def _models(found: Calibration) -> tuple[tuple[Cell, ...], ...]:
    chosen = found.choice.chosen
    ways = [(chosen, "chosen"), *((one, "") for one in found.choice.candidates if one is not chosen)]
    ways += [
        (one, "for comparison")
        for one in found.literature.values()
        if all(one.form != other.form for other, _ in ways)
    ]
    return tuple(row for one, word in ways for row in _parameters(one, word))


def _parameters(one: Fit, word: str) -> Iterator[tuple[Cell, ...]]:
    errors = one.standard_errors
    for name, value in one.parameters.items():
        error = errors[name]
        wide = (Cell(safe_text(one.form.label)), Cell(word or None), _amount(one.log_likelihood))
        yield (*wide, Cell(name), Cell(value, Form.NUMBER), Cell(error, Form.NUMBER))


def _amount(value: float) -> Cell:
    return Cell(float(value), Form.AMOUNT)


def _notes(fitted: Fitted, command: str) -> Sheet:
    found = fitted.calibration
    return facts_sheet(
        [
            ("In one sentence", Cell(safe_text(fit_headline(found)))),
            ("Members", Cell(found.customers.count, Form.COUNT)),
            ("First day", Cell(format_day(found.first_day))),
            ("Last day of calibration", Cell(format_day(found.until))),
            ("Unit of time of the parameters", Cell(found.unit)),
            ("Version", Cell(f"loyalty-dsl {fitted.version}")),
            ("Command", Cell(safe_text(command))),
            *((f"SHA-256 of {one_line(name)}", Cell(digest)) for name, digest in fitted.inputs),
            *(("What to know", Cell(safe_text(notice))) for notice in found.notices),
        ]
    )
