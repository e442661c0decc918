"""How much a program gives back for what is spent, and what members make of it.

Invariants: a factor multiplies a rate or a hazard and is exact, so a version that gives back as much as what
it is compared with leaves everything as it is, to the last bit; a response without a rate to react to does
nothing, and is told.
"""

from fractions import Fraction

from loyalty_dsl.calendar import Duration
from loyalty_dsl.language.records import record
from loyalty_dsl.language.responses import ChosenResponse

BUYING_BY_RATE, LEAVING_BY_RATE, JOINING_BY_RATE = (
    "rate_elasticity", "devaluation_churn", "enrolment_elasticity",
)  # fmt: skip
BY_RATE = (BUYING_BY_RATE, LEAVING_BY_RATE, JOINING_BY_RATE)
"""The responses to how much a program gives back in all."""

LEAST, MOST = Fraction(1, 2), Fraction(2)
"""An elasticity halves a rate at most, or doubles it."""

_DIGITS = 12


@record
class RewardRate:
    """What a program gives back, measured on simulated members who do not react to it.

    Attributes:
        rate: the worth of what members received over what they spent; `None` where nobody spent anything.
        before: likewise of the version that this one is compared with; `None` for none.
        members, months: of the measurement.
    """

    rate: Fraction | None
    before: Fraction | None
    members: int
    months: int

    def reference(self, response: ChosenResponse) -> Fraction | None:
        """The rate that a response measures this one by: as stated, else that of the version before."""
        stated = response.stated("from")
        if self.rate is None:
            return None
        return self.before if stated is None else stated


@record
class Leaving:
    """What the first members' hazard of leaving is multiplied by, from the first day on, and how long."""

    factor: Fraction
    lasting: Duration


def wants_rate(responses: tuple[ChosenResponse, ...]) -> bool:
    """Whether members react to how much is given back."""
    return any(one.name in BY_RATE for one in responses)


def idle_responses(responses: tuple[ChosenResponse, ...], measured: RewardRate | None) -> tuple[str, ...]:
    """The names of the responses that have no rate to react to."""
    if measured is None:
        return ()
    return tuple(one.name for one in responses if one.name in BY_RATE and measured.reference(one) is None)


def factor_of(name: str, responses: tuple[ChosenResponse, ...], measured: RewardRate | None) -> Fraction:
    """What a response to the rate multiplies by; 1 where it is off, or has nothing to react to."""
    one = next((one for one in responses if one.name == name), None)
    if one is None or measured is None or measured.rate is None:
        return Fraction(1)
    reference = measured.reference(one)
    if reference is None:
        return Fraction(1)
    if name == LEAVING_BY_RATE:
        return more_leaving(measured.rate, reference, one.share())
    return elastic(measured.rate, reference, one.share())


def elastic(rate: Fraction, reference: Fraction, exponent: Fraction) -> Fraction:
    """(rate / reference)^exponent between `LEAST` and `MOST`, to 12 digits: the same on every machine."""
    if exponent == 0 or rate == reference:
        return Fraction(1)
    if reference == 0:
        return MOST
    if rate <= 0:
        return LEAST
    power = float(rate / reference) ** float(exponent)
    return min(max(Fraction(f"{power:.{_DIGITS}g}"), LEAST), MOST)


def more_leaving(rate: Fraction, reference: Fraction, share: Fraction) -> Fraction:
    """1 + share x the part of the reference that is no longer given."""
    if reference <= 0:
        return Fraction(1)
    return 1 + share * max(Fraction(0), 1 - rate / reference)


def leaving_of(responses: tuple[ChosenResponse, ...], measured: RewardRate | None) -> Leaving | None:
    """How first members leave after a devaluation; `None` where they leave as ever."""
    factor = factor_of(LEAVING_BY_RATE, responses, measured)
    if factor == 1:
        return None
    return Leaving(factor, next(one for one in responses if one.name == LEAVING_BY_RATE).lasting("for"))
