"""What an outcome is: a figure of a forecast that a decision may be about, and a bound on it.

Invariant: a value is exact and in the unit that people read: dollars, points, members, shares of 1.
"""

from collections.abc import Callable
from fractions import Fraction

import attrs

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.language.outcomes import Of, Unit, When
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of
from loyalty_dsl.refusals import InputRefused

__all__ = [
    "Noise",
    "Of",
    "Outcome",
    "OutcomeKind",
    "Reading",
    "Target",
    "Unit",
    "Unknown",
    "When",
    "format_value",
]


class Unknown(InputRefused):
    """The forecast does not tell the outcome; the message says why."""


Noise = Callable[[Forecast, str | None, int], float | None]


@attrs.frozen
class OutcomeKind:
    """A row of the registry.

    Attributes:
        name: as it is written.
        better: `less`, `more`, or `None` where neither is.
        value: of a forecast, the name of what it is of, and the months from the first to the end (not
            included); an outcome at a month is asked for the months up to it.
        noise: of the end of a month, where a forecast knows it exactly.
        beside: whether it sets members beside themselves without the program.
    """

    name: str
    unit: Unit
    when: When
    of: Of
    better: str | None
    value: Callable[[Forecast, str | None, int], Fraction]
    noise: Noise | None = None
    words: tuple[str, ...] = ()
    beside: bool = False


@attrs.frozen
class Reading:
    """A value in the unit that people read, and the noise where the forecast knows it."""

    value: Fraction
    noise: float | None


@attrs.frozen
class Outcome:
    """An outcome that somebody asked for.

    Attributes:
        subject: the name of the currency, level or reward that it is of; `None` for all.
        month: up to the end of which month, from 1.
        money: of the program; in_money: whether the units that it counts are money.
    """

    kind: OutcomeKind
    subject: str | None
    month: int
    money: str
    in_money: bool = False

    @property
    def text(self) -> str:
        """It in full: `liability at month 36`."""
        name = self.kind.name + (f" of {self.subject}" if self.subject else "")
        match self.kind.when:
            case When.AT:
                return f"{name} at month {self.month}"
            case When.OVER:
                return f"{name} over {self.month} month{'' if self.month == 1 else 's'}"
            case When.EVER:
                return name

    @property
    def title(self) -> str:
        """It as one says it: `points issued over 12 months`."""
        if self.kind.unit is not Unit.UNITS or self.subject is None:
            return self.text
        return self.text.replace(
            f"{self.kind.name} of {self.subject}", f"{self.subject.replace('_', ' ')} {self.kind.name}", 1
        )

    def of(self, forecast: Forecast) -> Reading:
        """Its value in a forecast.

        Raises:
            Unknown: the forecast does not tell it.
        """
        value = self.kind.value(forecast, self.subject, self.month)
        noise = None if self.kind.noise is None else self.kind.noise(forecast, self.subject, self.month)
        return Reading(value, noise)

    def format(self, value: Fraction | float) -> str:
        """A value for reading: `$4,012,300`, `12.3%`."""
        return format_value(value, Unit.MONEY if self.in_money else self.kind.unit, self.money)


@attrs.frozen
class Target:
    """A bound on an outcome: `liability at month 36 <= $4M`."""

    outcome: Outcome
    sign: str
    bound: Fraction
    written: str

    @property
    def text(self) -> str:
        return f"{self.outcome.text} {self.sign} {self.written}"

    def met(self, value: Fraction | float) -> bool:
        """Whether a value keeps the bound; an equality is kept where nothing is missing."""
        match self.sign:
            case "<=":
                return value <= self.bound
            case "<":
                return value < self.bound
            case ">=":
                return value >= self.bound
            case ">":
                return value > self.bound
            case _:
                return value == self.bound

    def margin(self, value: Fraction) -> Fraction:
        """How far a value is on the good side of the bound; below 0 where it is broken."""
        if self.sign in ("<=", "<"):
            return self.bound - value
        return value - self.bound if self.sign in (">=", ">") else -abs(value - self.bound)


def format_value(value: Fraction | float, unit: Unit, money: str) -> str:
    """A value of an outcome for reading."""
    match unit:
        case Unit.MONEY:
            digits = MINOR_DIGITS[money] if abs(float(value)) < 1000 else 0
            return f"{'-' if value < 0 else ''}{prefix_of(money)}{abs(float(value)):,.{digits}f}"
        case Unit.SHARE:
            return f"{float(value) * 100:.2f}%"
        case _:
            return f"{round(value):,}"
