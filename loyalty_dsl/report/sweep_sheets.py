"""A sweep as a workbook: a row a point, and of a sweep one at a time the swings.

Invariant: a figure has the digits of `sweep_frames`, not those that the page shows.
"""

from pathlib import Path

from loyalty_dsl.calendar import format_day
from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.sweep_frames import number
from loyalty_dsl.decisions.sweeping import Sweep
from loyalty_dsl.language.outcomes import Unit
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.sweep_terminal import noise_told
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.report.workbook import Sheet, facts_sheet, write_sheets
from loyalty_dsl.report.workbook_cells import Cell, Form, safe_text


def write_sweep_workbook(sweep: Sweep, provenance: Provenance, path: Path) -> None:
    """Writes the workbook.

    Raises:
        InputRefused: it cannot be written.
    """
    write_sheets(sweep_sheets(sweep, provenance), sweep.forecast.program.money, path)


def sweep_sheets(sweep: Sweep, provenance: Provenance) -> list[Sheet]:
    """Every sheet, in its order."""
    tornado = sweep.design == "one at a time"
    swings = [_swings(sweep, place) for place in range(len(sweep.outcomes))] if tornado else []
    return [*swings, _points(sweep), _notes(sweep, provenance)]


def _points(sweep: Sweep) -> Sheet:
    """The frame of the sweep, with the forms of its outcomes."""
    frame = sweep.table
    forms = dict.fromkeys(frame.columns, Form.AMOUNT)
    for outcome in sweep.outcomes:
        for column in frame.columns:
            if column == outcome.text or column.startswith(f"{outcome.text}: "):
                forms[column] = _form(outcome)
    rows = tuple(
        tuple(
            Cell(safe_text(value)) if isinstance(value, str) else Cell(value, forms[column])
            for column, value in zip(frame.columns, row, strict=True)
        )
        for row in frame.rows()
    )
    return Sheet("Points", tuple(frame.columns), rows)


def _swings(sweep: Sweep, place: int) -> Sheet:
    outcome = sweep.outcomes[place]
    form = _form(outcome)
    rows = []
    for swing in sweep.swings(place):
        cells = [Cell(safe_text(swing.varied.path.path))]
        for point in (swing.low, swing.high):
            figure = point.figures[place]
            cells += [
                Cell(safe_text(point.settings[0].value)),
                Cell(number(figure.value), form),
                Cell(number(figure.difference_noise), form),
            ]
        rows.append((*cells, Cell(number(swing.swing), form)))
    header = (
        "Number",
        "Low",
        "Outcome",
        "Noise of the difference",
        "High",
        "Outcome",
        "Noise of the difference",
    )
    return Sheet(outcome.text, (*header, "Swing"), tuple(rows))


def _form(outcome: Outcome) -> Form:
    if outcome.in_money or outcome.kind.unit is Unit.MONEY:
        return Form.MONEY
    return Form.SHARE if outcome.kind.unit is Unit.SHARE else Form.AMOUNT


def _notes(sweep: Sweep, provenance: Provenance) -> Sheet:
    forecast = sweep.forecast
    return facts_sheet(
        [
            ("Program", Cell(safe_text(forecast.program.label))),
            ("Population", Cell(safe_text(forecast.population.name))),
            ("As of", Cell(format_day(forecast.as_of))),
            ("Months", Cell(len(forecast.months), Form.COUNT)),
            ("Members simulated", Cell(forecast.sample, Form.COUNT)),
            ("Money", Cell(forecast.program.money)),
            ("Design", Cell(sweep.design)),
            ("Noise", Cell(safe_text(noise_told(sweep)))),
            ("Seed", Cell(str(forecast.seed))),
            ("Version", Cell(f"loyalty-dsl {provenance.version}")),
            ("Command", Cell(safe_text(provenance.command))),
            *((f"SHA-256 of {one_line(name)}", Cell(digest)) for name, digest in provenance.inputs),
            *(("Before you quote a figure", Cell(safe_text(notice.message))) for notice in forecast.notices),
        ]
    )
