"""A member's lots in one currency: made pending, mature, spent in order, taken back, gone when they expire.

Invariants: a lot's units are never negative; `available` and `pending` are the sums of the units of the
lots in each state (LOT-4); a lot is in one state at a time, and leaves when it is used up or gone. Nothing
is held while something is owed (LOT-6).

Worked case (LOT-3): lots of 100 through July and 60 through August; spending 25 takes it from July's,
whose other 75 expire; 60 are left.
"""

from bisect import insort

import attrs

from loyalty_dsl.language.program import Currency, SpendOrder


@attrs.define(eq=False)
class Lot:
    """What one posting made (LOT-1).

    Attributes:
        order: the number of lots that the member had before this one.
        units: what is left of it.
        expiry: the day from whose start it is gone; terms of the currency may move it.
        own_term: whether its rule has an expiry of its own, which nothing moves (EXP-6).
    """

    currency: int
    units: int
    earned: int
    available: int
    expiry: int
    order: int
    name: str
    event: str
    own_term: bool = False


@attrs.frozen
class Taken:
    """Units taken from a lot that expires on `expiry`; `lot` is its number among the member's lots."""

    expiry: int
    units: int
    lot: int


def _by_expiry(lot: Lot) -> tuple[int, int, int]:
    return lot.expiry, lot.earned, lot.order


def _by_age(lot: Lot) -> tuple[int, int, int]:
    return lot.earned, lot.order, 0


_SPEND_KEYS = {SpendOrder.SOONEST_TO_EXPIRE: _by_expiry, SpendOrder.OLDEST: _by_age}


@attrs.define(eq=False)
class Account:
    """The lots of one currency, available ones in the order in which they are spent.

    Attributes:
        debt: what is owed after a return of more than there was.
        active: the latest activity of a currency that expires without (EXP-8), or the day that its first lot
            was earned; `None` before either.
    """

    currency: Currency
    available: int = 0
    pending: int = 0
    debt: int = 0
    active: int | None = None
    spendable: list[Lot] = attrs.field(factory=list)
    waiting: list[Lot] = attrs.field(factory=list)

    @property
    def held(self) -> int:
        """The sum of the lots."""
        return self.available + self.pending

    @property
    def outstanding(self) -> int:
        """What is still owed to the member; less than 0 while the member owes (LOT-6)."""
        return self.held - self.debt

    @property
    def lots(self) -> list[Lot]:
        """Every lot with units in it."""
        return self.spendable + self.waiting

    def hold(self, lot: Lot) -> None:
        """Takes a new lot in, pending if it has to wait; it repays what is owed first (LOT-6)."""
        repaid = min(self.debt, lot.units)
        self.debt -= repaid
        lot.units -= repaid
        if not lot.units:
            return
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
            taken.append(Taken(lot.expiry, part, lot.order))
            if not lot.units:
                del self.spendable[0]
        return taken

    def move(self, lot: Lot, expiry: int) -> None:
        """Gives a lot another day to be gone (EXP-4 to EXP-6)."""
        lot.expiry = expiry
        if lot in self.spendable:
            self.spendable.remove(lot)
            insort(self.spendable, lot, key=_SPEND_KEYS[self.currency.spend])

    def take_back(self, units: int, available: int, expiry: int) -> list[Taken]:
        """Takes back what a posting made, or other units in its place (RETURN-5).

        Args:
            units: as many as are wanted; when there are fewer, all there are.
            available, expiry: the days of the posting.
        """
        alike = [lot for lot in self.waiting if (lot.available, lot.expiry) == (available, expiry)]
        order = sorted(alike, key=lambda lot: -lot.order)
        order += sorted((lot for lot in self.spendable if lot.expiry == expiry), key=_by_age)
        order += [lot for lot in self.spendable if lot.expiry != expiry]
        others = [lot for lot in self.waiting if lot not in alike]
        order += sorted(others, key=lambda lot: (lot.available, lot.order))
        taken: list[Taken] = []
        for lot in order:
            part = min(units, lot.units)
            if not part:
                break
            units -= part
            taken.append(Taken(lot.expiry, part, lot.order))
            self._shrink(lot, part)
        return taken

    def _shrink(self, lot: Lot, units: int) -> None:
        lot.units -= units
        if lot in self.waiting:
            self.pending -= units
            if not lot.units:
                self.waiting.remove(lot)
        else:
            self.available -= units
            if not lot.units:
                self.spendable.remove(lot)

    def _release(self, lot: Lot) -> None:
        self.available += lot.units
        insort(self.spendable, lot, key=_SPEND_KEYS[self.currency.spend])
