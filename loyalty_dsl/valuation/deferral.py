"""Deferred revenue and accrued cost of pools of points, month by month.

Invariants: a pool's cumulative figures are rounded half up to the minor unit and a month's movement is the
difference of two of them, so that remainders are carried and every row ties; a closed pool has recognised
exactly what it deferred.

Proportional (IFRS 15.B46, ASC 606-10-55-48): cumulative revenue is what was deferred times redeemed over
expected to be redeemed, so breakage comes with the redemptions; a changed expectation is caught up at once on
what was redeemed before. Remote: revenue is what was deferred times redeemed over issued, and breakage is
recognised only as points expire. Accrued cost: no revenue is deferred; the cost of what is still expected to
be redeemed is an expense when it is issued.

Worked case: $86.76 deferred for 100 points of which 95 are expected, 45 redeemed: $41.10. Then 97 are
expected and 85 redeemed in all: caught up $86.76 x 45/97 - $41.10 = -$0.85, recognised $35.78, deferred still
$10.73.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import attrs

from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.pools import Pool, allocation
from loyalty_dsl.valuation.rollforward import RollForward, RollForwardRow

Method = Literal["proportional", "remote", "accrued cost"]


@attrs.frozen
class _State:
    """A pool's cumulative movements by the end of a month, in minor units."""

    deferred: int = 0
    recognised: int = 0
    catch_up: int = 0
    breakage: int = 0

    @property
    def closing(self) -> int:
        return self.deferred - self.recognised - self.catch_up - self.breakage


def deferred(pools: Iterable[Pool], months: Sequence[int], method: Method = "proportional") -> RollForward:
    """The roll-forward of all pools.

    Args:
        pools: issued in or before the last of `months`.
        months: consecutive; what was issued before the first is in its opening balance.
        method: of pools that somebody paid for. Marketing is accrued at cost in any case.

    Returns:
        A row for each month and class, in whole minor units.

    Raises:
        ValueError: months that do not follow each other, or a pool without a cost that is accrued at cost.
    """
    if not months or any(later != earlier + 1 for earlier, later in pairwise(months)):
        raise ValueError("the months of a roll-forward follow each other")
    by_class: dict[AccountingClass, list[Pool]] = {}
    for pool in pools:
        by_class.setdefault(pool.accounting, []).append(pool)
    rows, current = [], {}
    for accounting in AccountingClass:
        its = by_class.get(accounting, [])
        if not its:
            continue
        used: Method = method if accounting.defers else "accrued cost"
        histories = [(pool, _history(pool, months[-1], used)) for pool in its]
        for month in months:
            rows.append(_row(month, accounting, histories))
        if all(pool.current is not None for pool in its):
            current[accounting] = sum(
                rounded(max(0, history[-1].closing) * (pool.current or Fraction(0)), Rounding.HALF_UP)
                for pool, history in histories
                if history
            )
    rows.sort(key=lambda row: row.month)  # stable: classes stay in order
    return RollForward(tuple(rows), current)


def _row(
    month: int, accounting: AccountingClass, histories: Sequence[tuple[Pool, Sequence[_State]]]
) -> RollForwardRow:
    before = [_at(history, month - 1 - pool.month) for pool, history in histories]
    after = [_at(history, month - pool.month) for pool, history in histories]

    def moved(name: str) -> int:
        return sum(
            getattr(end, name) - getattr(start, name) for start, end in zip(before, after, strict=True)
        )

    issued = [pool for pool, _ in histories if pool.month == month]
    return RollForwardRow(
        month=month,
        accounting=accounting,
        opening=sum(state.closing for state in before),
        deferred=moved("deferred"),
        recognised=moved("recognised"),
        catch_up=moved("catch_up"),
        breakage=moved("breakage"),
        closing=sum(state.closing for state in after),
        sales=sum(pool.sales for pool in issued),
    )


def _at(history: Sequence[_State], age: int) -> _State:
    return history[age] if 0 <= age < len(history) else _State()


def _history(pool: Pool, last: int, method: Method) -> list[_State]:
    """A pool at the end of each month from its issue to `last`."""
    ages = range(max(0, last - pool.month + 1))
    match method:
        case "proportional":
            return _proportional(pool, ages)
        case "remote":
            return _remote(pool, ages)
        case "accrued cost":
            return _accrued(pool, ages)


def _proportional(pool: Pool, ages: range) -> list[_State]:
    whole = allocation(pool, pool.urr)
    states, state = [], _State(deferred=whole)
    for age in ages:
        redeemed, expected = pool.redeemed_by(age), pool.expected_at(age)
        done = state.deferred - state.closing
        if redeemed + pool.lost_by(age) == pool.points:  # nothing is held: what is left is breakage
            used = _part(whole, redeemed, expected) if expected else 0
            state = attrs.evolve(
                state,
                recognised=state.recognised + used - done,
                breakage=state.breakage + whole - used,
            )
            states.append(state)
            continue
        caught_up = _part(whole, pool.redeemed_by(age - 1), expected)
        used = _part(whole, redeemed, expected)
        state = attrs.evolve(
            state,
            catch_up=state.catch_up + caught_up - done,
            recognised=state.recognised + used - caught_up,
        )
        states.append(state)
    return states


def _remote(pool: Pool, ages: range) -> list[_State]:
    whole = allocation(pool, Fraction(1))
    states = []
    for age in ages:
        redeemed, points = pool.redeemed_by(age), Fraction(pool.points)
        used = _part(whole, redeemed, points)
        gone = _part(whole, redeemed + pool.lost_by(age), points)
        states.append(_State(deferred=whole, recognised=used, breakage=gone - used))
    return states


def _accrued(pool: Pool, ages: range) -> list[_State]:
    if pool.cost is None:
        raise ValueError("a pool that is accrued at cost needs the cost of a point")
    whole = rounded(pool.cost * pool.urr * pool.points, Rounding.HALF_UP)
    states = []
    for age in ages:
        redeemed = pool.redeemed_by(age)
        used = rounded(pool.cost * redeemed, Rounding.HALF_UP)
        owed = rounded(pool.cost * (pool.expected_at(age) - redeemed), Rounding.HALF_UP)
        states.append(_State(deferred=whole, recognised=used, catch_up=whole - used - owed))
    return states


def _part(whole: int, redeemed: int, expected: Fraction) -> int:
    """`whole` times redeemed over expected, at most all of it; nothing where nothing is expected."""
    if not expected:
        return 0
    return rounded(whole * min(Fraction(1), redeemed / expected), Rounding.HALF_UP)
