"""The CDNOW purchases, from the files of the package `lifetimes` (never imported: it needs pandas and more).

The extra `goldens` brings them, or `pip install --no-deps lifetimes`; without it the tests that need them are
skipped.
"""

from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest

from loyalty_dsl.calendar import day_of
from loyalty_dsl.calibration.customers import PurchaseDays, merge_days

UNTIL = day_of(date(1997, 9, 30))
REASON = "the CDNOW files (extra goldens) are not here: pip install --no-deps lifetimes"


def data_file(name: str) -> Path | None:
    """A file of the package's `datasets`, or `None` where it is not installed."""
    try:
        path = Path(str(distribution("lifetimes").locate_file(f"lifetimes/datasets/{name}")))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


needs_cdnow = pytest.mark.skipif(data_file("CDNOW_sample.txt") is None, reason=REASON)


def rows_of(name: str) -> list[tuple[str, date, str]]:
    """Member, day and amount of each row of the `sample` or the `master` file."""
    path = data_file(f"CDNOW_{name}.txt")
    assert path is not None
    rows = [line.split() for line in path.read_text().splitlines()]
    if name == "master":
        rows = [[row[0], *row] for row in rows[1:]]
    return [(row[1], date(int(row[2][:4]), int(row[2][4:6]), int(row[2][6:])), row[4]) for row in rows]


@cache
def purchases(name: str) -> PurchaseDays:
    """The purchase days of the `sample` or the `master` file."""
    rows = rows_of(name)
    return merge_days(
        np.array([int(member) for member, _, _ in rows]),
        np.array([day_of(day) for _, day, _ in rows]),
        np.array([round(float(amount) * 100) for _, _, amount in rows]),
    )


def write_csv(name: str, path: Path) -> Path:
    """The file as `loyalty fit` reads it."""
    lines = [f"{member},{day.isoformat()},{amount}" for member, day, amount in rows_of(name)]
    path.write_text("member,time,amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path
