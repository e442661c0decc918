"""How sure a fit is, as the clause that a population says it with: what studies with confidence go by.

Invariant: every error is relative and of what is expected, not of a parameter by itself: parameters that the
data cannot tell apart may each be unsure while what they make is not.
"""

import math

import attrs
import numpy as np

from loyalty_dsl.calendar import format_day
from loyalty_dsl.calibration.calibrating import Calibration
from loyalty_dsl.calibration.models import Fit, expected_repeats

YEAR_DAYS = 365.25
STEP = 1e-4
LEAST = 0.0001


def parameter_error(fitted: Fit, unit_days: int) -> float | None:
    """The relative standard error of the purchases that a new member is expected to make in a year, from the
    covariance of the parameters' logs by the delta method; `None` where the likelihood does not tell it."""
    covariance = fitted.maximum.covariance
    if covariance is None:
        return None
    ages = np.array([YEAR_DAYS / unit_days])

    def log_expected(logs: "np.ndarray") -> float:
        moved = attrs.evolve(fitted, maximum=attrs.evolve(fitted.maximum, values=np.exp(logs)))
        return math.log(float(expected_repeats(moved, ages)[0]))

    logs = np.log(fitted.maximum.values)
    steps = STEP * np.eye(len(logs))
    slope = np.array([(log_expected(logs + s) - log_expected(logs - s)) / (2 * STEP) for s in steps])
    variance = float(slope @ covariance @ slope)
    return math.sqrt(variance) if variance >= 0 and math.isfinite(variance) else None


def fitted_clause(calibration: Calibration, source: str) -> str:
    """The clause, such as `fitted from "sales.csv" through 2026-06-30 parameter error 2.1%`.

    Args:
        source: the name of the file that was fitted.
    """
    name = " ".join(source.replace('"', "'").split())
    told = f'fitted   from "{name}" through {format_day(calibration.until)}'
    error = parameter_error(calibration.choice.chosen, calibration.unit_days)
    if error is not None:
        told += f" parameter error {_percent(error)}"
    holdout = None if calibration.holdout is None else calibration.holdout.error
    if holdout is not None:
        told += f" holdout error {_percent(abs(holdout))}"
    redemption = calibration.redemption
    if redemption is not None and redemption.error is not None:
        told += f" redemption error {_percent(redemption.error)}"
    return told


def _percent(share: float) -> str:
    return f"{100 * max(LEAST, share):.2f}%"
