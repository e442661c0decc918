"""What a customer-base model needs to know of each member: how often, until when, how regularly.

Invariant: purchases of one member on one day are one purchase; the first day of a member is not counted, but
starts its clock; and nothing after the last day of calibration is looked at.
"""

from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.types import PURCHASE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS_OF = {"day": 1, "week": 7}
"""Units of time that a model may be fitted in, and their days."""


@attrs.frozen(eq=False)
class PurchaseDays:
    """The days on which members bought, grouped by member and in order within.

    Attributes:
        member: [rows] index of the member.
        day: [rows] the day; increasing within a member.
        spend: [rows] minor units, all baskets of the day together.
        baskets: [rows] how many baskets that was.
        members: how many members there are.
        last_day: of the data, also where nobody bought on it.
    """

    member: Ints
    day: Ints
    spend: Ints
    baskets: Ints
    members: int
    last_day: int

    @property
    def first_day(self) -> int:
        """The first day on which anybody bought."""
        return int(self.day.min())

    def until(self, last: int) -> "PurchaseDays":
        """Those up to the end of a day, of the members who had bought by then, numbered anew."""
        kept = self.day <= last
        known, member = np.unique(self.member[kept], return_inverse=True)
        return PurchaseDays(
            member.astype(np.int64), self.day[kept], self.spend[kept], self.baskets[kept], len(known), last
        )

    def of(self, members: NDArray[np.bool_]) -> "PurchaseDays":
        """Those of some members, numbered anew. Args: members: [members] whether to keep each."""
        kept = members[self.member]
        number = np.cumsum(members) - 1
        return PurchaseDays(
            number[self.member[kept]],
            self.day[kept],
            self.spend[kept],
            self.baskets[kept],
            int(members.sum()),
            self.last_day,
        )

    def first_days(self) -> Ints:
        """[members] the first day of each."""
        starts = np.flatnonzero(np.diff(self.member, prepend=-1))
        return np.asarray(self.day[starts])


def purchase_days(history: History) -> PurchaseDays:
    """The purchase days of a history; members without a purchase are left out."""
    member = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    bought = history.kind == PURCHASE
    return merge_days(member[bought], history.day[bought], history.basket[bought], history.last_day)


def merge_days(member: Ints, day: Ints, spend: Ints, last_day: int | None = None) -> PurchaseDays:
    """Baskets to purchase days.

    Args:
        member, day, spend: [baskets] in any order; spend in minor units.
        last_day: of the data; the day of the last basket where left out.
    """
    order = np.lexsort((day, member))
    member, day, spend = member[order], day[order], spend[order]
    fresh = (np.diff(member, prepend=-1) != 0) | (np.diff(day, prepend=-(10**9)) != 0)
    starts = np.flatnonzero(fresh)
    known, number = np.unique(member[starts], return_inverse=True)
    return PurchaseDays(
        number.astype(np.int64),
        day[starts].astype(np.int64),
        np.add.reduceat(spend, starts).astype(np.int64) if len(starts) else spend[:0].astype(np.int64),
        np.diff(np.append(starts, len(member))).astype(np.int64),
        len(known),
        int(day.max()) if last_day is None and len(day) else int(last_day or 0),
    )


@attrs.frozen(eq=False)
class Customers:
    """The sufficient statistics of members, in units of time. Members who are alike may share a row.

    Attributes:
        repeats: [rows] purchase days after the first (x).
        last: [rows] from the first to the last of them (t_x).
        age: [rows] from the first to the end of calibration (T).
        log_gaps: [rows] the sum of the logs of the gaps between them.
        weight: [rows] members that the row stands for.
    """

    repeats: Floats
    last: Floats
    age: Floats
    log_gaps: Floats
    weight: Floats

    @cached_property
    def counts(self) -> tuple[Floats, Ints]:
        """The different numbers of repeat purchases, and which of them each row has."""
        different, place = np.unique(self.repeats, return_inverse=True)
        return different, np.asarray(place.ravel(), np.int64)

    @property
    def count(self) -> int:
        """Members."""
        return round(float(self.weight.sum()))

    def condensed(self) -> "Customers":
        """The same with one row for members who are alike, which makes a likelihood cheaper. The logs of gaps
        only add to it, whatever the parameters, so alike members share their mean."""
        table = np.stack([self.repeats, self.last, self.age], axis=1)
        rows, place = np.unique(np.round(table, 9), axis=0, return_inverse=True)
        place = place.ravel()
        weight = np.bincount(place, self.weight, len(rows)).astype(np.float64)
        gaps = np.bincount(place, self.weight * self.log_gaps, len(rows)) / weight
        return Customers(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy(), gaps, weight)

    def thinned(self, most: int) -> "Customers":
        """About `most` rows, evenly taken."""
        step = max(1, len(self.repeats) // most)
        return Customers(*(getattr(self, field.name)[::step] for field in attrs.fields(Customers)))


def summarise(days: PurchaseDays, until: int, unit_days: int) -> Customers:
    """The statistics of every member who had bought by the end of a day, in the order of the members.

    Args:
        days: of all members.
        until: the last day of calibration.
        unit_days: days in a unit of time.
    """
    seen = days.until(until)
    starts = np.flatnonzero(np.diff(seen.member, prepend=-1))
    ends = np.append(starts[1:], len(seen.member)) - 1
    first = seen.day[starts]
    gaps = np.diff(seen.day, prepend=0).astype(np.float64)
    gaps[starts] = unit_days  # the log of one unit: nothing
    gaps = np.maximum(gaps, 0.5)  # only draws have two purchases on a day
    return Customers(
        repeats=(ends - starts).astype(np.float64),
        last=(seen.day[ends] - first) / unit_days,
        age=(until - first) / unit_days,
        log_gaps=np.add.reduceat(np.log(gaps / unit_days), starts) if len(starts) else np.zeros(0),
        weight=np.ones(len(starts)),
    )
