"""A member's lots in one currency: made pending, mature, spent in order, gone when they expire.

Invariants: a lot's units are never negative; `available` and `pending` are the sums of the units of the
lots in each state (LOT-4); a lot is in one state at a time, and leaves when it is used up or gone.

Worked case (LOT-3): lots of 100 through July and 60 through August; spending 25 takes it from July's,
whose other 75 expire; 60 are left.
"""

from bisect import insort

import attrs

from loyalty_dsl.calendar import NEVER, add_duration, window_end
from loyalty_dsl.language.expiry import AfterEarning, Never
from loyalty_dsl.language.program import Currency, SpendOrder


@attrs.define(eq=False)
class Lot:
    """What one posting made (LOT-1).

    Attributes:
        order: the number of lots that the member had before this one.
        units: what is left of it.
    """

    currency: int
    units: int
    earned: int
    available: int
    expiry: int
    order: int
    name: str
    event: str


@attrs.frozen
class Taken:
    """Units spent from a lot that expires on `expiry`."""

    expiry: int
    units: int


def expiry_day(currency: Currency, earned: int) -> int:
    """The day from whose start a lot earned on `earned` is gone (EXP-1), or `NEVER` (EXP-2)."""
    match currency.expiry:
        case Never():
            return NEVER
        case AfterEarning(duration, end_of):
            day = add_duration(earned, duration)
            return day if end_of is None else window_end(end_of, day)


def available_day(currency: Currency, earned: int) -> int:
    """The first day on which a lot earned on `earned` can be spent (LOT-2)."""
    return add_duration(earned, currency.pending)


def _by_expiry(lot: Lot) -> tuple[int, int, int]:
    return lot.expiry, lot.earned, lot.order


def _by_age(lot: Lot) -> tuple[int, int, int]:
    return lot.earned, lot.order, 0


_SPEND_KEYS = {SpendOrder.SOONEST_TO_EXPIRE: _by_expiry, SpendOrder.OLDEST: _by_age}


@attrs.define(eq=False)
class Account:
    """The lots of one currency, available ones in the order in which they are spent."""

    currency: Currency
    available: int = 0
    pending: int = 0
    spendable: list[Lot] = attrs.field(factory=list)
    waiting: list[Lot] = attrs.field(factory=list)

    @property
    def outstanding(self) -> int:
        return self.available + self.pending

    @property
    def lots(self) -> list[Lot]:
        """Every lot with units in it."""
        return self.spendable + self.waiting

    def hold(self, lot: Lot) -> None:
        """Takes a new lot in, pending if it has to wait."""
        if lot.available > lot.earned:
            self.pending += lot.units
            self.waiting.append(lot)
        else:
            self._release(lot)

    def mature(self, lot: Lot) -> None:
        """Makes a pending lot available, unless it is gone already."""
        if lot in self.waiting:
            self.waiting.remove(lot)
            self.pending -= lot.units
            self._release(lot)

    def expire(self, lot: Lot) -> int:
        """Drops what is left of a lot, pending or not, and says how much that was."""
        lost = lot.units
        if lot in self.waiting:
            self.waiting.remove(lot)
            self.pending -= lost
        elif lost:
            self.spendable.remove(lot)
            self.available -= lost
        lot.units = 0
        return lost

    def spend(self, units: int) -> list[Taken]:
        """Takes units from available lots, in the currency's order (LOT-3).

        Args:
            units: at most `available`.
        """
        if units > self.available:
            raise ValueError(f"cannot spend {units} of {self.available} available units")
        self.available -= units
        taken: list[Taken] = []
        while units:
            lot = self.spendable[0]
            part = min(units, lot.units)
            lot.units -= part
            units -= part
            taken.append(Taken(lot.expiry, part))
            if not lot.units:
                del self.spendable[0]
        return taken

    def _release(self, lot: Lot) -> None:
        self.available += lot.units
        insort(self.spendable, lot, key=_SPEND_KEYS[self.currency.spend])
