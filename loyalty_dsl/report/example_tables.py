"""The table of a scenario with `each`, as it is expected and as it comes out: a diff of rows.

Invariant: a row that came out as expected stands once; one that did not stands twice, and what differs
between the two is what was expected and what happened.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from loyalty_dsl.language.each_rows import Examples, examples_of
from loyalty_dsl.language.plurals import plurals_of, singular_of
from loyalty_dsl.report.style import Style, printable
from loyalty_dsl.testing.results import Check, ScenarioResult

_INDENT = "    "


def table_as_diff(results: Sequence[ScenarioResult], got: Mapping[int, str], style: Style) -> Iterator[str]:
    """The rows of the table, under its columns; nothing for a scenario without one.

    Args:
        results: of the rows of one scenario, in their order.
        got: what came out, in words, of each check that failed, by its `id`.
    """
    span = results[0].scenario.span
    table = examples_of(span.source, span.start)
    if table is None or len(table.rows) != len(results):
        return
    lines = [("", table.columns, "dim")]
    for result, row in zip(results, table.rows, strict=True):
        other = _came_out(table, row, result, got)
        lines.append(("-" if other != row else "", row, "error" if other != row else ""))
        if other != row:
            lines.append(("+", other, "good"))
    wide = [max(len(cells[at]) for _, cells, _ in lines) for at in range(len(table.columns))]
    for mark, cells, role in lines:
        padded = "  ".join(f"{printable(cell):<{width}}" for cell, width in zip(cells, wide, strict=True))
        text = f"{_INDENT}{mark:<2}{padded}".rstrip()
        yield style.paint(text, role) if role else text


def _came_out(
    table: Examples, row: tuple[str, ...], result: ScenarioResult, got: Mapping[int, str]
) -> tuple[str, ...]:
    """A row with what came out in place of what was expected."""
    cells = list(row)
    for check in reversed(result.failures):  # the first that failed has the last word
        columns = _columns_of(table, check)
        if len(columns) == 1 and id(check) in got:
            cells[columns[0]] = _with_unit(got[id(check)], row[columns[0]])
    return tuple(cells)


def _columns_of(table: Examples, check: Check) -> list[int]:
    """The columns that an expectation names."""
    words = set(re.findall(r"\w+", _line(check)))
    return [at for at, name in enumerate(table.columns) if name in words]


def _line(check: Check) -> str:
    span = check.expectation.span
    text = span.source.text
    end = text.find("\n", span.start)
    return text[text.rfind("\n", 0, span.start) + 1 : end if end >= 0 else len(text)]


def _with_unit(got: str, cell: str) -> str:
    """What came out, with the words that the cell has behind its number."""
    number, space, unit = cell.partition(" ")
    if not space or " " in got:
        return got
    if (got == "1") != (number == "1"):
        unit = singular_of(unit) if got == "1" else plurals_of(unit)[0]
    return f"{got} {unit}"
