"""Triangles and issues from CSV files.

Invariant: what is read is a triangle of one valuation, or the file is refused with the row and the column at
which it is not; nothing is guessed about a figure. Rows are counted from 1, the header not counted.

A wide file has a row for each month of issue and a column for each age, cumulative, blank where an age lies
in the future; its first column may name the months. A long file has the columns `issued_month`, `age` and
`redeemed` (units redeemed at that age), may have `expired`, and leaves out what is 0.
"""

import csv
import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise
from math import isfinite
from pathlib import Path

import attrs

from loyalty_dsl.calendar import day_of, month_index
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.triangles import Rows, Triangle

LONG = ("issued_month", "age", "redeemed")
MOST_CELLS = 4_000_000
MOST_UNITS = 10**18
BLANK = {"", "nan", "null", "na", "n/a", "-"}
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")


@attrs.frozen
class Sheet:
    """A CSV file as text: its header and rows, each with its number in the file."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def refuse(self, row: int, why: str, help: str | None = None) -> InputRefused:
        return InputRefused(f"`{self.path}`, row {row}: {why}", help)


def read_triangle(path: Path, *, incremental: bool = False) -> Triangle:
    """Reads a redemption triangle.

    Args:
        incremental: a wide file holds what was redeemed at each age, not up to it.

    Raises:
        InputRefused: the file cannot be read or is no triangle; the message names the row.
    """
    sheet = _sheet(path)
    names = [name.strip().lower() for name in sheet.header]
    if set(LONG) <= set(names):
        return _long(sheet, names)
    if any(name in names for name in LONG[1:]):
        lacking = ", ".join(f"`{name}`" for name in LONG if name not in names)
        raise InputRefused(f"`{path}` lacks the column {lacking}", f"a long triangle has {', '.join(LONG)}")
    return _wide(sheet, names, incremental)


def read_issued(path: Path, triangle: Triangle) -> tuple[float, ...]:
    """Reads the units issued in each month of a triangle: a column of numbers, with or without a header and a
    column of months before it.

    Raises:
        InputRefused: the file cannot be read, or its months are not those of the triangle.
    """
    lines = _lines(path)
    first = [cell.strip() for cell in lines[0]]
    headed = bool(first) and not _is_number(first[-1])
    body = lines[1:] if headed else lines
    sheet = Sheet(path, tuple(first) if headed else (), tuple(tuple(line) for line in body))
    issued, months = [], []
    for number, row in enumerate(sheet.rows, 1):
        cells = [cell.strip() for cell in row]
        if len(cells) not in (1, 2):
            raise sheet.refuse(number, f"{len(cells)} columns, where a month and its issue are wanted")
        issued.append(_units(sheet, number, "issued", cells[-1]))
        if len(cells) == 2:
            months.append(_month(sheet, number, cells[0]))
    if months and triangle.dated:
        for number, month in enumerate(months, 1):
            if month != triangle.first_month + number - 1:
                raise sheet.refuse(
                    number,
                    f"{sheet.rows[number - 1][0].strip()} is not {triangle.name_of(number - 1)}, the month "
                    "of that row of the triangle",
                )
    if len(issued) != len(triangle.rows):
        raise InputRefused(
            f"`{path}` has {len(issued)} months of issue, but the triangle has {len(triangle.rows)}",
            "give one row for each month of the triangle, in its order",
        )
    for number, (units, used) in enumerate(zip(issued, triangle.latest, strict=True), 1):
        if used > units * (1 + 1e-9):
            raise sheet.refuse(
                number, f"{units:,.0f} were issued, but the triangle has {used:,.0f} redeemed of them"
            )
    return tuple(issued)


def _wide(sheet: Sheet, names: Sequence[str], incremental: bool) -> Triangle:
    labelled = bool(names) and not _is_number(names[0])
    ages = names[1:] if labelled else names
    wanted = [str(age) for age in range(len(ages))]
    from_one = [str(age) for age in range(1, len(ages) + 1)]
    if not ages or list(ages) not in (wanted, from_one):
        raise InputRefused(
            f"`{sheet.path}` is no triangle: its header is not the ages 0, 1, 2 and so on",
            "a wide file has the ages as its header; a long one has " + ", ".join(LONG),
        )
    rows, months = [], []
    for number, row in enumerate(sheet.rows, 1):
        if labelled:
            months.append(_month(sheet, number, row[0].strip() if row else ""))
        cells = [cell.strip() for cell in (row[1:] if labelled else row)]
        if len(cells) > len(ages):
            raise sheet.refuse(number, f"{len(cells)} figures, but the header has {len(ages)} ages")
        while cells and cells[-1].lower() in BLANK:
            cells.pop()
        if not cells:
            raise sheet.refuse(number, "no figure at all", "leave out months in which nothing was known yet")
        figures = []
        for age, cell in enumerate(cells):
            if cell.lower() in BLANK:
                raise sheet.refuse(number, f"age {ages[age]} is blank, but a later age is not")
            figures.append(_units(sheet, number, f"age {ages[age]}", cell))
        if incremental:
            figures = list(accumulate(figures))
        for age, (before, after) in enumerate(pairwise(figures), 1):
            if after < before:
                raise sheet.refuse(
                    number,
                    f"it falls from {before:,.0f} to {after:,.0f} at age {ages[age]}, and what has been "
                    "redeemed cannot become less",
                    "say --incremental if each figure is what was redeemed at that age alone",
                )
        rows.append(tuple(figures))
    for number, month in enumerate(months, 1):
        if month != months[0] + number - 1:
            raise sheet.refuse(number, "its month does not follow that of the row before")
    _verify_shape(sheet, rows)
    return Triangle(tuple(rows), months[0] if months else 0, bool(months))


def _verify_shape(sheet: Sheet, rows: Sequence[Sequence[float]]) -> None:
    """Refuses rows that are not those of one valuation: each is as long as the one before it while ages are
    cut off, and one shorter after that."""
    for number, (before, row) in enumerate(pairwise(rows), 2):
        if len(row) > len(before):
            raise sheet.refuse(number, "it has reached a later age than the month before it")
        if len(row) < len(before) - 1:
            raise sheet.refuse(
                number, f"it ends {len(before) - len(row)} ages before the month above it", "1 is expected"
            )
        if len(row) == len(before) and len(row) != len(rows[0]):
            raise sheet.refuse(number, "it has reached the same age as the month before it")


def _long(sheet: Sheet, names: Sequence[str]) -> Triangle:
    at = {name: names.index(name) for name in (*LONG, *(["expired"] if "expired" in names else []))}
    cells: dict[tuple[int, int], tuple[float, float]] = {}
    where: dict[tuple[int, int], int] = {}
    for number, row in enumerate(sheet.rows, 1):
        if len(row) < len(names):
            raise sheet.refuse(number, f"{len(row)} columns, but the header has {len(names)}")
        month = _month(sheet, number, row[at["issued_month"]].strip())
        text = row[at["age"]].strip()
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            raise sheet.refuse(number, f"the age `{text}` is not a whole number of months such as 0 or 12")
        key = (month, int(text))
        if key in cells:
            raise sheet.refuse(number, f"the month and age of row {where[key]} again", "add them up")
        lost = _units(sheet, number, "expired", row[at["expired"]].strip()) if "expired" in at else 0.0
        cells[key] = (_units(sheet, number, "redeemed", row[at["redeemed"]].strip()), lost)
        where[key] = number
    first, last_issue = min(month for month, _ in cells), max(month for month, _ in cells)
    last = max(month + age for month, age in cells)
    if (last_issue - first + 1) * (last - first + 1) > MOST_CELLS:
        raise InputRefused(f"`{sheet.path}` has months too far apart", "look for a month of a wrong century")

    def rows(which: int) -> Rows:
        return tuple(
            tuple(accumulate(cells.get((month, age), (0.0, 0.0))[which] for age in range(last - month + 1)))
            for month in range(first, last_issue + 1)
        )

    return Triangle(rows(0), first, True, rows(1) if "expired" in at else None)


def _sheet(path: Path) -> Sheet:
    lines = _lines(path)
    if len(lines) < 2:
        raise InputRefused(f"`{path}` has a header and no row")
    return Sheet(path, tuple(lines[0]), tuple(tuple(line) for line in lines[1:]))


def _lines(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputRefused(f"`{path}` is not text in UTF-8", "save it as CSV UTF-8") from None
    except OSError as problem:
        raise InputRefused(f"cannot read `{path}`: {(problem.strerror or str(problem)).lower()}") from None
    if "\0" in text:
        raise InputRefused(f"`{path}` is not a text file")
    try:
        found = [line for line in csv.reader(text.splitlines()) if any(cell.strip() for cell in line)]
    except csv.Error as problem:
        raise InputRefused(f"`{path}` is not CSV: {problem}") from None
    if not found:
        raise InputRefused(f"`{path}` is empty")
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(found[0]) == 1 and sign in found[0][0]:
            raise InputRefused(
                f"`{path}` has {name} between its columns", "save it with commas, and decimals behind a point"
            )
    return found


def _month(sheet: Sheet, row: int, text: str) -> int:
    found = _MONTH.fullmatch(text)
    if found is None or not (1 <= int(found[2]) <= 12) or not int(found[1]):
        raise sheet.refuse(row, f"`{text}` is not a month such as 2025-03")
    return month_index(day_of(date(int(found[1]), int(found[2]), 1)))


def _units(sheet: Sheet, row: int, what: str, text: str) -> float:
    try:
        number = float(text.replace("_", "x"))
    except ValueError:
        raise sheet.refuse(
            row, f"{what} is `{text}`, which is no number", "write it without thousands separators"
        ) from None
    if not isfinite(number) or number < 0:
        raise sheet.refuse(row, f"{what} is {text}, but units are at least 0")
    if number > MOST_UNITS:
        raise sheet.refuse(
            row, f"{what} is {text}, more than the {MOST_UNITS:,} units that a program may have"
        )
    return number


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
