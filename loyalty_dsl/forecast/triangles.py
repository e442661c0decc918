"""What becomes of units by the month in which they were issued.

Invariant: of what was issued, the redeemed, expired, reversed and undetermined units add up to it; what a
member owes after a return has no month of issue and is in none of them.
"""

from fractions import Fraction
from itertools import accumulate

import attrs

from loyalty_dsl.calendar import date_of, month_index

NEGLIGIBLE = Fraction(1, 2000)
"""A share below this prints as 0.0%."""

MOST_MONTHLY_VINTAGES = 24
QUARTER = 3

Rows = tuple[tuple[int, ...], ...]


@attrs.frozen
class Fate:
    """What became of everything issued in the reported months, in the simulated members' own units.

    Attributes:
        redeemed, expired, reversed: through the tail.
        undetermined: still held when the tail was cut; neither redeemed nor broken as far as is known.
        noise: of the URR.
    """

    issued: int
    redeemed: int
    expired: int
    noise: float
    reversed: int = 0

    @property
    def undetermined(self) -> int:
        return self.issued - self.redeemed - self.expired - self.reversed

    @property
    def urr(self) -> Fraction | None:
        """The ultimate redemption rate: redeemed, as far as is known, over issued; `None` when nothing was
        issued. The redeemed, expired, reversed and undetermined shares sum to 1."""
        return Fraction(self.redeemed, self.issued) if self.issued else None

    @property
    def breakage(self) -> Fraction | None:
        """Expired, as far as is known, over issued; with `undetermined_share`, as much as it can become."""
        return Fraction(self.expired, self.issued) if self.issued else None

    @property
    def reversed_share(self) -> Fraction:
        """Taken back by returns, over issued."""
        return Fraction(self.reversed, self.issued) if self.issued else Fraction(0)

    @property
    def undetermined_share(self) -> Fraction:
        return Fraction(self.undetermined, self.issued) if self.issued else Fraction(0)

    @property
    def is_open(self) -> bool:
        """Whether so much is undetermined that rates and liability are bounds."""
        return self.undetermined_share >= NEGLIGIBLE


@attrs.frozen
class Opened:
    """What members held when the first month began of one vintage, and what became of it by month, in the
    simulated members' own units.

    Attributes:
        start, end: the days in which it was issued, `end` not included.
        back: how many months before the first reported the last month of issue was; at least 1.
    """

    start: int
    end: int
    back: int
    units: int
    redeemed: tuple[int, ...]
    expired: tuple[int, ...]
    reversed: tuple[int, ...]

    @property
    def fates(self) -> tuple[tuple[int, int], ...]:
        """Redeemed and expired by month, as far as anything happens; at least the first."""
        both = tuple(zip(self.redeemed, self.expired, strict=True))
        return both[: max((month + 1 for month, fate in enumerate(both) if any(fate)), default=1)]


@attrs.frozen(eq=False)
class Triangle:
    """Units by month of issue and age in months, in the simulated members' own units, exactly.

    Attributes:
        issued: by issue month.
        redeemed, expired, reversed: by issue month, then by age; row i ends where the simulation did.
        opened: by vintage, the oldest first; none where members began with nothing.
    """

    issued: tuple[int, ...]
    redeemed: Rows
    expired: Rows
    reversed: Rows = ()
    opened: tuple[Opened, ...] = ()

    def redeemed_later(self) -> tuple[int, ...]:
        """By month, what is redeemed after it of everything issued up to it, or held at the start: all that
        is ever redeemed of that, less what has been redeemed by its end."""
        ever = accumulate(sum(row) for row in self.redeemed)
        later = (whole - part for whole, part in zip(ever, self._by_end(self.redeemed), strict=True))
        return tuple(
            units + sum(sum(one.redeemed[month + 1 :]) for one in self.opened)
            for month, units in enumerate(later)
        )

    def _by_end(self, rows: Rows) -> tuple[int, ...]:
        """By month, the running total of what happened in it to lots of the reported months."""
        months = range(len(self.issued))
        if not rows:
            return (0,) * len(self.issued)
        return tuple(accumulate(sum(rows[i][month - i] for i in range(month + 1)) for month in months))

    @property
    def ages(self) -> int:
        """How many ages it takes to show every redemption and expiry; at least 1."""
        rows = (*self.redeemed, *self.expired)
        return max((age + 1 for row in rows for age, units in enumerate(row) if units), default=1)

    def vintages(self) -> "tuple[Vintage, ...]":
        """Where things stand at the end of the reported months, by month of issue or, of more than two
        years, by three months of issue; first what was held at the start, by its own vintages."""
        months = len(self.issued)
        size = QUARTER if months > MOST_MONTHLY_VINTAGES else 1
        held = (_opened_vintage(one, months) for one in self.opened if one.units)
        return (
            *held,
            *(self._vintage(first, min(first + size, months)) for first in range(0, months, size)),
        )

    def _vintage(self, first: int, end: int) -> "Vintage":
        months = len(self.issued)

        def so_far(rows: Rows) -> int:
            return sum(sum(rows[i][: months - i]) for i in range(first, end)) if rows else 0

        return Vintage(
            first,
            end,
            sum(self.issued[first:end]),
            so_far(self.redeemed),
            so_far(self.expired),
            so_far(self.reversed),
        )


@attrs.frozen
class Vintage:
    """Units issued in months `first` to `end` (not included), as they stand on the last reported day.

    Attributes:
        days: of units held at the start, those in which they were issued, the last not included; `first` and
            `end` say nothing then, and `issued` is what was held.
    """

    first: int
    end: int
    issued: int
    redeemed: int
    expired: int
    reversed: int
    days: tuple[int, int] | None = None

    @property
    def outstanding(self) -> int:
        """Still held; what is pending is part of it."""
        return self.issued - self.redeemed - self.expired - self.reversed


def label_of_days(start: int, end: int) -> str:
    """The month of issue, `2027-01`, or the year where it is one; `end` is not included."""
    return f"{date_of(start):%Y-%m}" if month_index(start) == month_index(end - 1) else f"{date_of(start):%Y}"


def _opened_vintage(one: Opened, months: int) -> Vintage:
    redeemed, expired, taken_back = (sum(row[:months]) for row in (one.redeemed, one.expired, one.reversed))
    return Vintage(0, 0, one.units, redeemed, expired, taken_back, (one.start, one.end))
