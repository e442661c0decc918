"""The errors that a fit states of itself are those of what it makes expected."""

import math

import attrs
import numpy as np
import pytest

from loyalty_dsl.calibration.certainty import parameter_error
from loyalty_dsl.calibration.maximising import Maximum
from loyalty_dsl.calibration.models import Fit, Form, Leaving, expected_repeats

VALUES = np.array([0.55, 10.6, 0.61, 11.7])
ERRORS = np.array([0.02, 0.03, 0.04, 0.05])


def fit_with(covariance: np.ndarray | None) -> Fit:
    return Fit(Form(Leaving.ANY_TIME), Maximum(("r", "alpha", "s", "beta"), VALUES, -1.0, covariance))


def test_the_error_is_that_of_parameters_drawn_from_their_covariance() -> None:
    together = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    covariance = together * np.outer(ERRORS, ERRORS)
    fitted = fit_with(covariance)
    error = parameter_error(fitted, 7)
    draws = np.random.default_rng(3).multivariate_normal(np.log(VALUES), covariance, size=2_000)
    years = []
    for logs in draws:
        moved = attrs.evolve(fitted, maximum=attrs.evolve(fitted.maximum, values=np.exp(logs)))
        years.append(math.log(float(expected_repeats(moved, np.array([365.25 / 7]))[0])))
    assert error == pytest.approx(float(np.std(years)), rel=0.06)


def test_a_scale_that_is_surely_known_together_makes_nothing_unsure() -> None:
    """Of r and alpha only the mean rate matters much: moved together they change little."""
    same = np.zeros((4, 4))
    same[:2, :2] = 0.05**2
    alone = np.zeros((4, 4))
    alone[0, 0] = 0.05**2
    moved_together, moved_alone = (parameter_error(fit_with(each), 7) for each in (same, alone))
    assert moved_together is not None
    assert moved_alone is not None
    assert moved_together < moved_alone / 20


def test_without_a_covariance_there_is_no_error() -> None:
    assert parameter_error(fit_with(None), 7) is None
