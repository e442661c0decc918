"""How well a fit forecasts weeks that it has not seen.

Invariant: a forecast from an origin uses purchases up to the origin alone, and is held against the same
members' purchases after it; weeks are those of the holdout, never summed with weeks that were fitted.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Customers, Floats, PurchaseDays, summarise
from loyalty_dsl.calibration.models import Fit, Form, expected_future, expected_repeats, fit

WEEK = 7
FEWEST_WEEKS = 4
HIDDEN = 0.25
"""The share of the weeks at the end that are hidden where nothing comes after the calibration."""
ORIGINS = (1 / 2, 2 / 3, 5 / 6)
"""Shares of the calibration after which it is forecast from within it."""
MOST_SHOWN = 7


@attrs.frozen(eq=False)
class Weeks:
    """A forecast by week.

    Attributes:
        origin: the last day that it knows.
        form: of the model.
        inside: whether the weeks were part of the calibration of the model that is used in the end.
        members: whose purchases are forecast.
        last: [weeks] the last day of each.
        actual, forecast: [weeks] purchase days of those members.
    """

    origin: int
    form: Form
    inside: bool
    members: int
    last: NDArray[np.int64]
    actual: Floats
    forecast: Floats

    @property
    def error(self) -> float | None:
        """Of the sum over the weeks, relative to the actual; `None` where nobody bought."""
        actual = float(self.actual.sum())
        return float(self.forecast.sum()) / actual - 1 if actual else None

    @property
    def weekly_error(self) -> float | None:
        """The mean absolute error of a week, relative to the mean actual week."""
        actual = float(self.actual.sum())
        return float(np.abs(self.forecast - self.actual).sum()) / actual if actual else None


def hidden_origin(first: int, last: int) -> int:
    """The day after which the last weeks are hidden."""
    weeks = (last - first + 1) // WEEK
    return last - max(FEWEST_WEEKS, round(HIDDEN * weeks)) * WEEK


def forecast_weeks(
    fitted: Fit, days: PurchaseDays, origin: int, until: int, unit_days: int, *, inside: bool
) -> Weeks:
    """Forecasts whole weeks after an origin by what each member is expected to do, given its past.

    Args:
        fitted: to purchases up to `origin`.
        days: of all members, also after it.
        until: no week ends after it.
    """
    known = days.until(origin)
    customers = summarise(days, origin, unit_days)
    count = max(0, (until - origin) // WEEK)
    last = origin + WEEK * np.arange(1, count + 1)
    rows = customers.condensed()
    ahead = (last - origin) / unit_days
    total = rows.weight @ expected_future(fitted, rows, ahead) if count else np.zeros(0)
    actual = _by_week(_later(days, origin), origin, count)
    return Weeks(origin, fitted.form, inside, known.members, last, actual, np.diff(total, prepend=0))


def _later(days: PurchaseDays, origin: int) -> NDArray[np.int64]:
    """The days after an origin on which members bought who were known at it."""
    known = np.zeros(days.members, bool)
    known[days.member[days.day <= origin]] = True
    return np.asarray(days.day[(days.day > origin) & known[days.member]])


def _by_week(day: NDArray[np.int64], origin: int, count: int) -> Floats:
    return np.bincount((day - origin - 1) // WEEK, minlength=count)[:count].astype(float)


def rolling(near: Fit, days: PurchaseDays, until: int, unit_days: int) -> tuple[Weeks, ...]:
    """The form of a fit, fitted at earlier origins, each of which forecasts the rest of the calibration."""
    span = until - days.first_day + 1
    found = []
    for share in reversed(ORIGINS):
        origin = until - WEEK * round(span * (1 - share) / WEEK)
        customers = summarise(days, origin, unit_days)
        if until - origin >= FEWEST_WEEKS * WEEK and (customers.repeats > 0).sum() >= MOST_SHOWN * 10:
            fitted = near = fit(near.form, customers, near)
            found.append(forecast_weeks(fitted, days, origin, until, unit_days, inside=True))
    return tuple(reversed(found))


def tracking(fitted: Fit, days: PurchaseDays, until: int, unit_days: int) -> Weeks:
    """The weeks of the calibration itself: repeat purchases as they were and as the model expects them of new
    members who began when these did."""
    first = days.first_day
    seen = days.until(until)
    count = (until - first + 1) // WEEK
    last = first - 1 + WEEK * np.arange(1, count + 1)
    starts, members = np.unique(seen.first_days(), return_counts=True)
    age = np.maximum(0, last[None, :] - starts[:, None]) / unit_days
    total = members @ expected_repeats(fitted, age.ravel()).reshape(age.shape)
    repeat = np.diff(seen.member, prepend=-1) == 0
    actual = _by_week(seen.day[repeat], first - 1, count)
    return Weeks(first - 1, fitted.form, True, seen.members, last, actual, np.diff(total, prepend=0))


@attrs.frozen
class Conditional:
    """Members by their repeat purchases before an origin: what they did after it on average."""

    repeats: int
    members: int
    actual: float
    expected: float


def by_repeats(
    fitted: Fit, days: PurchaseDays, origin: int, until: int, unit_days: int
) -> tuple[Conditional, ...]:
    """The conditional expectations over all days after the origin, those of `MOST_SHOWN` repeats and more
    together."""
    customers = summarise(days, origin, unit_days)
    expected = expected_future(fitted, customers, np.array([(until - origin) / unit_days]))[:, 0]
    known = np.unique(days.member[days.day <= origin])
    later = (days.day > origin) & (days.day <= until)
    actual = np.bincount(days.member[later], minlength=days.members)[known]
    group = np.minimum(customers.repeats, MOST_SHOWN).astype(int)
    return tuple(
        Conditional(x, int(found.sum()), float(actual[found].mean()), float(expected[found].mean()))
        for x in range(MOST_SHOWN + 1)
        if (found := group == x).any()
    )


def alike(customers: Customers) -> NDArray[np.int64]:
    """[MOST_SHOWN + 1] members by repeat purchases, the last of so many and more."""
    group = np.minimum(customers.repeats, MOST_SHOWN).astype(int)
    return np.bincount(group, customers.weight, MOST_SHOWN + 1).astype(np.int64)
