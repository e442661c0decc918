"""The run-off of a ledger's points beside their going concern, measured on the ledger's own past.

A business that ends earning owes what members still redeem of what they hold: balances short of a reward
never reach it. A ledger shows members who went on earning, but it also shows when each of them redeemed and
how much. So at past month-ends every member lives its own later redemptions again with nothing but the lots
held on that day: a redemption takes as many whole uses of its reward as what is left of them covers, and a
lot is gone on its day. What that gives, over what was really redeemed of the same lots, is the share of the
going concern that a run-off is.

Invariants: nothing after the day of the valuation is known; both figures count the same lots over the same
months; a run-off is at most what lies in balances that cover a use today, which is exact.

Worked case: 700 points held, a reward of 500. Later the member earns 300 and redeems twice 500. Of the 700
all were redeemed; in the run-off 500 are, and the 200 left cover nothing: a share of 5/7.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

import attrs

from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import Currency, Program, Reward, SpendOrder
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle
from loyalty_dsl.valuation.lot_flows import GAINS, ordered_postings, take_from
from loyalty_dsl.valuation.triangles import MET_THEIR_END

LEAST_SEQUEL = 3
"""Months after a past valuation before what followed it tells anything."""
MOST_DAYS = 12
"""The latest so many of the past month-ends that serve; earlier ones say less of members today."""


@attrs.frozen
class MeasuredRunOff:
    """Attributes:
    days: past month-ends at which both were counted; none where the ledger is too young.
    whole: whether all that was held on them has met its end since.
    going, ended: by day, units of what was held then that were redeemed, and would have been had earning
        stopped.
    covered: units that members hold today in whole uses of a reward: the most that a run-off can redeem.
    """

    days: tuple[int, ...]
    whole: bool
    going: tuple[int, ...]
    ended: tuple[int, ...]
    covered: int

    @property
    def share(self) -> Fraction | None:
        """The run-off over the going concern; `None` where nothing could be measured."""
        return Fraction(sum(self.ended), sum(self.going)) if sum(self.going) else None

    @property
    def shares(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest of the single month-ends."""
        each = [Fraction(b, a) for a, b in zip(self.going, self.ended, strict=True) if a]
        return (min(each), max(each)) if each else None

    def future(self, going_concern: Fraction) -> Fraction | None:
        """Units that will be redeemed where earning stops; `None` where nothing could be measured."""
        if self.share is None:
            return None
        return min(self.share * going_concern, Fraction(self.covered))


@attrs.define
class _Held:
    day: int
    expiry: date | None
    units: int


def measure_run_off(
    program: Program, tables: LedgerTables, currency: Currency, triangle: LedgerTriangle
) -> MeasuredRunOff:
    """Measures the run-off of a currency at the day of its triangle."""
    last = len(triangle.periods) - 1
    ends = [end for end in range(last - LEAST_SEQUEL + 1) if sum(triangle.until(end).held)]
    closed = [end for end in ends if _still_held(triangle, end) <= MET_THEIR_END]
    chosen = (closed or ends)[-MOST_DAYS:]
    days = [triangle.periods.starts[end + 1] - 1 for end in chosen]
    between = (Taking.SENT, Taking.RECEIVED)  # what passes between members is no use
    mine = (each for each in program.rewards if each.currency == currency.index)
    rewards = {reward.name: reward for reward in mine if reward.taking not in between}
    going, ended = [0] * len(days), [0] * len(days)
    covered = 0
    least = min((reward.price for reward in rewards.values()), default=0)
    rows = ordered_postings(tables, currency).iter_rows()
    for _, its in groupby(rows, key=lambda row: row[0]):
        until = [row for row in its if day_of(row[1]) <= triangle.periods.at]
        lots, snapshots = _follow(until, days)
        for index, (held, after) in enumerate(snapshots):
            if held:
                going[index] += _redeemed_of(held, until[after:])
                ended[index] += _run_off(held, until[after:], currency, rewards)
        balance = sum(lot.units for lot in lots)
        covered += balance // least * least if least else balance
    return MeasuredRunOff(tuple(days), bool(closed), tuple(going), tuple(ended), covered)


def _still_held(triangle: LedgerTriangle, end: int) -> float:
    """Of what was held at the end of a period, the share that is held still."""
    return sum(triangle.held[: end + 1]) / sum(triangle.until(end).held)


Row = Sequence[Any]
"""member, day, kind, event, name, expiry, units, owed."""


def _follow(rows: Sequence[Row], days: Sequence[int]) -> tuple[list[_Held], list[tuple[list[_Held], int]]]:
    """A member's lots at the end, and at the end of each day with the number of postings up to it."""
    lots: list[_Held] = []
    debt = 0
    snapshots = []
    waiting = list(days)
    for number, row in enumerate(rows):
        while waiting and day_of(row[1]) > waiting[0]:
            snapshots.append(([attrs.evolve(lot) for lot in lots], number))
            waiting.pop(0)
        _, when, kind, _, _, expiry, units, owed = row
        if kind in GAINS:
            paid = min(debt, units)
            debt -= paid
            if units > paid:
                lots.append(_Held(day_of(when), expiry, units - paid))
        elif owed:
            debt += units
        else:
            take_from(lots, expiry, units)
            lots = [lot for lot in lots if lot.units]
    snapshots += [([attrs.evolve(lot) for lot in lots], len(rows)) for _ in waiting]
    return lots, snapshots


def _redeemed_of(held: Sequence[_Held], rows: Iterable[Row]) -> int:
    """Units of the held lots that were redeemed: as in the ledger, a posting takes the lots of its expiry."""
    old, new = [attrs.evolve(lot) for lot in held], list[_Held]()
    redeemed = 0
    for _, when, kind, _, _, expiry, units, owed in rows:
        if kind in GAINS:
            new.append(_Held(day_of(when), expiry, units))
        elif not owed:
            before = sum(lot.units for lot in old)
            take_from([*old, *new], expiry, units)
            redeemed += before - sum(lot.units for lot in old) if kind == "redeemed" else 0
            old, new = ([lot for lot in lots if lot.units] for lots in (old, new))
            if not old:
                break
    return redeemed


def _run_off(
    held: Sequence[_Held], rows: Sequence[Row], currency: Currency, rewards: dict[str, Reward]
) -> int:
    """Units of the held lots that its own later redemptions take where nothing is earned any more."""
    soonest = currency.spend is SpendOrder.SOONEST_TO_EXPIRE
    lots = sorted(
        (attrs.evolve(lot) for lot in held),
        key=lambda lot: (lot.expiry or date.max, lot.day) if soonest else (date.min, lot.day),
    )
    moves = currency.postpone is not None or currency.restart is not None
    whole = isinstance(currency.expiry, AfterActivity | AfterFirst)
    redeemed = 0
    taken = (row for row in rows if row[2] not in GAINS and not row[7])
    for (when, kind, _, name), its in groupby(taken, key=lambda row: (row[1], row[2], row[3], row[4])):
        postings = list(its)
        if not moves:
            lots = [lot for lot in lots if lot.expiry is None or lot.expiry > when]
        match kind:
            case "redeemed":
                units = sum(row[6] for row in postings)
                left = sum(lot.units for lot in lots)
                taken_now = take_from(lots, None, _uses(rewards.get(name), units, left))
                redeemed += sum(part for _, part in taken_now)
            case "expired":
                gone = {row[5] for row in postings}
                lots = [] if whole else [lot for lot in lots if lot.expiry not in gone or lot.expiry is None]
            case _:
                for row in postings:
                    take_from([lot for lot in lots if lot.expiry == row[5]], row[5], row[6])
        lots = [lot for lot in lots if lot.units]
        if not lots:
            break
    return redeemed


def _uses(reward: Reward | None, units: int, left: int) -> int:
    """Of a redemption of so many units, those of the whole uses that what is left covers."""
    if reward is None or left < reward.minimum_balance:
        return 0
    if any(case.whole_balance for case in reward.cases):
        return min(units, left)
    prices = sorted({case.price for case in reward.cases if case.price}, reverse=True)
    if not prices:
        return 0
    price = next((each for each in prices if units % each == 0), prices[-1])
    return min(units, left) // price * price


def says(run_off: MeasuredRunOff) -> str:
    """How it was measured, in words."""
    if not run_off.days or run_off.share is None:
        return (
            "Run-off, if earning stopped: not measured, as no month-end of this ledger has three months "
            "after it in which points were redeemed."
        )
    first, last = format_day(run_off.days[0]), format_day(run_off.days[-1])
    when = f"on {first}" if first == last else f"at the {len(run_off.days)} month-ends from {first} to {last}"
    low, high = run_off.shares or (Fraction(0), Fraction(0))
    sequel = "" if run_off.whole else " so far"
    spread = f"{float(low):.1%} to {float(high):.1%}" if low != high else f"{float(low):.1%}"
    return (
        f"Run-off, if earning stopped: of what members held {when} and redeemed later{sequel}, {spread} "
        "could have been redeemed with those points alone, at the same redemptions; the rest needed points "
        "earned since. It is at most what lies in balances that cover a reward now."
    )
