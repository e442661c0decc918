"""A sweep as a table.

Invariant: a row is a point, the base first; values are in the unit that people read.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from loyalty_dsl.decisions.sweeping import Point, Sweep
from loyalty_dsl.decisions.written import parse_number

if TYPE_CHECKING:
    import polars


def number(value: Fraction | float | None) -> float | None:
    """A value as JSON has it, to nine digits behind the point."""
    return None if value is None else round(float(value), 9)


def sweep_frame(sweep: Sweep) -> "polars.DataFrame":
    """A row for each point, the base first: a column for each number that varies, and four for each outcome.

    A number that is written alone is a number (`$600` is 600, `3%` is 0.03); a longer value is text.
    """
    import polars as pl

    columns: dict[str, list[Any]] = {"point": ["base", *(str(i) for i in range(1, len(sweep.points) + 1))]}
    for varied in sweep.varied:
        path = varied.path.path
        texts = [varied.path.span.text]
        texts += [_value_at(point, path) or varied.path.span.text for point in sweep.points]
        columns[path] = _numbers(texts)
    for place, outcome in enumerate(sweep.outcomes):
        figures = [point.figures[place] for point in (sweep.base, *sweep.points)]
        for name in ("value", "noise", "difference", "difference_noise"):
            column = outcome.text if name == "value" else f"{outcome.text}: {name.replace('_', ' ')}"
            columns[column] = [number(getattr(figure, name)) for figure in figures]
    return pl.DataFrame(columns)


def _value_at(point: Point, path: str) -> str | None:
    return next((setting.value for setting in point.settings if setting.path == path), None)


def _numbers(texts: list[str]) -> list[Any]:
    written = [parse_number(text) for text in texts]
    if any(one is None or one.rest for one in written):
        return texts
    return [number(one.value) for one in written if one is not None]
