"""The customers of a business on a day, as segments: those who are there, and those who would join.

Invariant: who is there on the day is told by what each of them did. The rates of members who are alive are
not those of new members, as heavy buyers are known to be alive and light ones may have left; a segment has
the mean and the variance of its members' own rates and chances, given their past.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration import models
from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.models import Fit, Leaving, Part, parts_of

Floats = NDArray[np.float64]

FEWEST_SHARE = 0.002
"""A segment of a smaller share of the members is left out."""


@attrs.frozen
class Behaviour:
    """How members of a segment buy and leave.

    Attributes:
        stays: whether nobody of it leaves.
        members: how many it stands for; a share where it is of new members.
        rate: purchases in a unit of time, the mean over members; spread: the coefficient of variation.
        k: the Erlang shape of gaps.
        leaving: when members may leave.
        leave: the mean hazard in a unit of time, or the mean chance after a purchase.
        leave_spread: its coefficient of variation.
    """

    stays: bool
    members: float
    rate: float
    spread: float
    k: int
    leaving: Leaving
    leave: float
    leave_spread: float


def of_new_members(fitted: Fit) -> tuple[Behaviour, ...]:
    """The segments of members as they join."""
    found = []
    for part in parts_of(fitted):
        r, alpha, third, fourth = part.values
        leave, leave_spread = 0.0, 0.0
        if not part.stays and part.form.leaving is Leaving.ANY_TIME:
            leave, leave_spread = third / fourth, 1 / np.sqrt(third)
        elif not part.stays:
            leave = third / (third + fourth)
            leave_spread = np.sqrt(fourth / (third * (third + fourth + 1)))
        found.append(
            Behaviour(
                part.stays,
                part.share,
                float(r / alpha / part.form.k),
                float(1 / np.sqrt(r)),
                part.form.k,
                part.form.leaving,
                float(leave),
                float(leave_spread),
            )
        )
    return _worth_having(found)


def of_members_there(fitted: Fit, customers: Customers) -> tuple[Behaviour, ...]:
    """The segments of members who are alive at the end of calibration, each with as many as are expected."""
    stays = models.membership(fitted, customers)
    found = []
    for part in parts_of(fitted):
        weight = customers.weight * (stays if part.stays else (1 - stays) * models.alive_of(part, customers))
        found.append(_posterior(part, customers, weight))
    return _worth_having(found)


def _worth_having(found: list[Behaviour]) -> tuple[Behaviour, ...]:
    whole = sum(one.members for one in found)
    return tuple(one for one in found if one.members >= FEWEST_SHARE * whole)


def _posterior(part: Part, customers: Customers, weight: Floats) -> Behaviour:
    """Moments over members of each one's gamma rate and gamma hazard or beta chance, given its past and that
    it is alive. For k > 1 the stages done since the last purchase are taken at their mean."""
    r, alpha, third, fourth = part.values
    k, x, age = part.form.k, customers.repeats, customers.age
    total = float(weight.sum())
    stages = models.stages_done(part, customers)
    shape, scale = r + k * x + stages, alpha + age
    rate = float(weight @ (shape / scale)) / total
    square = float(weight @ (shape * (shape + 1) / scale**2)) / total
    leave, leave_spread = 0.0, 0.0
    if not part.stays:
        if part.form.leaving is Leaving.ANY_TIME:
            mean, second = third / (fourth + age), third * (third + 1) / (fourth + age) ** 2
        else:
            b = fourth + x + (part.form.leaving is Leaving.AFTER_PURCHASES)
            mean = third / (third + b)
            second = mean * (third + 1) / (third + b + 1)
        leave = float(weight @ mean) / total
        leave_spread = _spread(leave, float(weight @ second) / total)
    return Behaviour(
        part.stays, total, rate / k, _spread(rate, square), k, part.form.leaving, leave, leave_spread
    )


def _spread(mean: float, square: float) -> float:
    """The coefficient of variation from a mean and a mean of squares."""
    return float(np.sqrt(max(0.0, square / mean**2 - 1))) if mean else 0.0
