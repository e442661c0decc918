"""The months in which what members of a ledger hold was issued, before the first month reported.

Invariant: the vintages follow on each other without a gap up to the ledger's last day, and every lot was
issued in one of them.
"""

from loyalty_dsl.calendar import date_of, day_of, month_index, month_start
from loyalty_dsl.language.opening import LOT, Opening

MOST_MONTHS = 36
"""Vintages of a month; where lots are older, all are of a calendar year."""


def vintages_of(opening: Opening) -> tuple[tuple[int, int], ...]:
    """The first day of each vintage, and the day after its last; at least one."""
    earned = [row.since for rows in opening.rows for row in rows if row.what == LOT and row.since is not None]
    first, end = min(earned, default=opening.as_of), opening.as_of + 1
    months = range(month_index(first), month_index(opening.as_of) + 1)
    starts = [month_start(month) for month in months]
    if len(months) > MOST_MONTHS:
        years = range(date_of(first).year, date_of(opening.as_of).year + 1)
        starts = [day_of(date_of(first).replace(year=year, month=1, day=1)) for year in years]
    return tuple(zip(starts, [*starts[1:], end], strict=True))
