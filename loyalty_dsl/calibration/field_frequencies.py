"""How often each value of a declared field occurs in a history.

Invariant: a frequency is a share of the rows that have the field: purchases, items, or members by what was
last said of each; shares are counts, so they sum to one.
"""

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, PURCHASE, Field, Kind

Ints = NDArray[np.int64]

FEW_VALUES = 12
_HALF_HOUR = 30
"""A number field of at most so many values is drawn by its values, another as lognormal."""


@attrs.frozen
class Frequencies:
    """The values of a field.

    Attributes:
        values: in the field's terms: positions, 0 and 1, numbers or minor units; in order.
        counts: of each.
        logs: of a positive number or money field of many values, which then has no `values`: the mean and the
            standard deviation of the log.
        days_before: of a date field, the median of days before its event; -1 where it is a member's.
    """

    field: Field
    values: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    logs: tuple[float, float] | None = None
    days_before: int | None = None


@attrs.frozen
class Described:
    """What was found of all fields.

    Attributes:
        purchases: of the fields of purchases and items.
        members: of the members' fields.
    """

    purchases: tuple[Frequencies, ...] = ()
    members: tuple[Frequencies, ...] = ()


def count_fields(program: Program, history: History, until: int) -> Described:
    """Counts the fields of purchases up to a day.

    Args:
        program: declares the fields.
        history: read for it.
    """
    bought = (history.kind == PURCHASE) & (history.day <= until)
    if not bought.any():
        return Described()
    items = np.repeat(bought, np.diff(history.item_starts))
    purchases = [
        _frequencies(field, history.fields[bought, field.index], history.day[bought])
        for field in program.events[PURCHASE].fields
    ]
    purchases += [
        _frequencies(field, history.item_fields[items, field.index], None) for field in program.item_fields
    ]
    last = _last_rows(history, until)
    members = [
        _frequencies(field, history.member_fields[last, field.index], None) for field in program.member_fields
    ]
    return Described(_found(purchases), _found(members))


def _found(frequencies: Sequence[Frequencies | None]) -> tuple[Frequencies, ...]:
    return tuple(one for one in frequencies if one is not None)


def _last_rows(history: History, until: int) -> Ints:
    """The last event of each member up to a day."""
    member = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    rows = np.flatnonzero(history.day <= until)
    return rows[np.append(np.diff(member[rows]) != 0, True)] if len(rows) else rows


def _frequencies(field: Field, cells: Ints, days: Ints | None) -> Frequencies | None:
    if not len(cells):
        return None
    match field.kind:
        case Kind.YES_NO:
            return Frequencies(field, (0, 1), (int((cells == 0).sum()), int((cells != 0).sum())))
        case Kind.ONE_OF:
            counts = np.bincount(cells, minlength=len(field.values))
            return Frequencies(field, tuple(range(len(counts))), tuple(counts.tolist()))
        case Kind.DATE:
            if days is None:
                return Frequencies(field, days_before=-1) if (cells != NO_DATE).any() else None
            before = days[cells != NO_DATE] - cells[cells != NO_DATE]
            return Frequencies(field, days_before=max(1, int(np.median(before)))) if len(before) else None
        case Kind.TIME:
            values, found = np.unique(cells // _HALF_HOUR * _HALF_HOUR, return_counts=True)
            return Frequencies(field, tuple(values.tolist()), tuple(found.tolist()))
        case _:
            values, found = np.unique(cells, return_counts=True)
            if len(values) <= FEW_VALUES:
                return Frequencies(field, tuple(values.tolist()), tuple(found.tolist()))
            logs = np.log(cells[cells > 0])
            return Frequencies(field, logs=(float(logs.mean()), float(logs.std()))) if len(logs) else None
