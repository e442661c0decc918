"""A comparison as a workbook: what changes, by month, who gains and who loses, who ends where.

Invariant: a figure has the digits of the comparison, in whole units and cents, and not those that the page
shows; text that a user wrote can do nothing.
"""

from collections.abc import Iterator
from pathlib import Path

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.compared import Bin, Comparison, Figure, Outcome
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.comparison_json import ComparedFiles
from loyalty_dsl.report.comparison_terminal import NOISE, RECEIVED
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.report.workbook import Sheet, facts_sheet, write_sheets
from loyalty_dsl.report.workbook_cells import Cell, Form, safe_text

_FOUR = ("old", "new", "difference", "noise")
"""What is told of every figure."""


def write_comparison_workbook(comparison: Comparison, files: ComparedFiles, path: Path) -> None:
    """Writes the workbook.

    Raises:
        InputRefused: it cannot be written.
    """
    write_sheets(comparison_sheets(comparison, files), comparison.new.program.money, path)


def comparison_sheets(comparison: Comparison, files: ComparedFiles) -> list[Sheet]:
    """Every sheet, in its order; tables without rows are left out."""
    minor = 10 ** MINOR_DIGITS[comparison.new.program.money]
    sheets = [
        _monthly(comparison, minor),
        _changes(comparison),
        _who(comparison, minor),
        Sheet(
            "Winners and losers",
            ("Members who", "Over", "Through", "Members"),
            tuple(_bin(one, minor) for one in comparison.spread),
        ),
        *(
            Sheet(
                f"Moves {one.ladder}",
                ("Old level", *(f"New {one_line(name)}" for name in one.new)),
                tuple(
                    (_text(was), *(Cell(count, Form.COUNT) for count in counts))
                    for was, counts in zip(one.old, one.members, strict=True)
                ),
            )
            for one in comparison.matrices
        ),
        _reach(comparison),
    ]
    return [*(sheet for sheet in sheets if sheet.rows), _notes(comparison, files)]


def _monthly(comparison: Comparison, minor: int) -> Sheet:
    """A row a month, and four columns for each figure."""
    tables: list[tuple[str, tuple[Figure, ...], int, Form]] = []
    for name, figures in (("Liability", comparison.liability), ("Reward cost", comparison.reward_cost)):
        if figures is not None:
            tables.append((name, figures, minor, Form.MONEY))
    for one in comparison.currencies:
        form = Form.MONEY if one.in_money else Form.COUNT if one.scale == 1 else Form.AMOUNT
        for flow in ("issued", "redeemed", "outstanding"):
            tables.append((f"{one_line(one.label)} {flow}", getattr(one, flow), one.scale, form))
    tables += [
        (f"Members of {one_line(level.label)}", level.members, 1, Form.COUNT) for level in comparison.levels
    ]
    header = [f"{name}, {what}" for name, *_ in tables for what in _FOUR]
    rows = [
        (
            Cell(format_day(month.last)),
            *(cell for _, figures, scale, form in tables for cell in _figure(figures[m], scale, form)),
        )
        for m, month in enumerate(comparison.new.months)
    ]
    return Sheet("Monthly", ("Through", *header), tuple(rows))


def _figure(figure: Figure, scale: int, form: Form) -> Iterator[Cell]:
    for amount in (figure.old, figure.new, figure.difference):
        yield Cell(amount if scale == 1 else amount / scale, form)
    yield Cell(figure.noise / scale, Form.AMOUNT if form is Form.COUNT else form)


def _changes(comparison: Comparison) -> Sheet:
    rows = [
        (
            _text(f"{change.how.value} {change.what} {change.label}"),
            _text(change.within or ""),
            _text(detail.old or "" if detail else ""),
            _text(detail.new or "" if detail else ""),
        )
        for change in comparison.changes
        for detail in change.details or (None,)
    ]
    return Sheet("What changes", ("What", "Of", "Old", "New"), tuple(rows))


def _who(comparison: Comparison, minor: int) -> Sheet:
    rows: list[tuple[str, Outcome]] = [("everybody", comparison.everybody)]
    rows += [(one.name, one) for one in comparison.by_segment]
    rows += [(f"{ladder}: {one.name}", one) for ladder, each in comparison.by_level for one in each]
    rows += [
        (f"{segment}, {ladder}: {one.name}", one)
        for ladder, segment, each in comparison.by_segment_and_level
        for one in each
        if one.members
    ]
    received = (f"{what} received" for what in _FOUR)
    header = ("Members", "In all", "Gain", "Gained", "Lose", "Lost", "Same", *map(_capital, received))
    return Sheet("Who", header, tuple((_text(name), *_outcome(one, minor)) for name, one in rows))


def _outcome(one: Outcome, minor: int) -> Iterator[Cell]:
    yield Cell(one.members, Form.COUNT)
    for members, money in ((one.rose, one.rise), (one.fell, one.fall)):
        yield Cell(members, Form.COUNT)
        yield Cell(money / minor, Form.MONEY)
    yield Cell(one.same, Form.COUNT)
    yield from _figure(one.value, minor, Form.MONEY)


def _bin(one: Bin, minor: int) -> tuple[Cell, ...]:
    what = "no change" if one.most == 0 else "gain" if one.gains else "lose"
    bounds = (Cell(None if bound is None else bound / minor, Form.MONEY) for bound in (one.least, one.most))
    return (_text(what), *bounds, Cell(one.members, Form.COUNT))


def _reach(comparison: Comparison) -> Sheet:
    rows = [
        (
            _text(f"{one.what} {one.name}"),
            Cell(one.old, Form.COUNT),
            Cell(None if one.old is None else one.old_noise, Form.AMOUNT),
            Cell(one.new, Form.COUNT),
            Cell(None if one.new is None else one.new_noise, Form.AMOUNT),
        )
        for one in comparison.touched
    ]
    return Sheet(
        "Reach", ("Members ever reached by", "Old", "Noise of old", "New", "Noise of new"), tuple(rows)
    )


def _notes(comparison: Comparison, files: ComparedFiles) -> Sheet:
    new = comparison.new
    return facts_sheet(
        [
            ("Old", _text(files.old)),
            ("New", _text(files.new)),
            ("Population", _text(new.population.name)),
            ("As of", Cell(format_day(new.as_of))),
            ("Months", Cell(comparison.months, Form.COUNT)),
            ("Members simulated", Cell(new.sample, Form.COUNT)),
            ("Money", Cell(new.program.money)),
            ("What members receive", _text(RECEIVED.format(month=comparison.months))),
            ("Noise", _text(NOISE)),
            ("Seed", Cell(str(new.seed))),
            ("Version", Cell(f"loyalty-dsl {files.version}")),
            ("Command", _text(files.command)),
            *((f"SHA-256 of {one_line(name)}", Cell(digest)) for name, digest in files.inputs),
            *(("Before you quote a figure", _text(notice.message)) for notice in comparison.notices),
        ]
    )


def _text(text: str) -> Cell:
    return Cell(safe_text(text) or None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
