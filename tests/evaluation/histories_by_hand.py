"""Histories of a few rows, and the engines that replay them."""

# ruff: noqa: PLR0917 - columns in the order in which they are read

from collections.abc import Sequence

import numpy as np

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import Engine
from loyalty_dsl.language.types import PURCHASE

ENGINES: tuple[Engine, ...] = ("compiled", "reference")


def history_of(
    members: Sequence[str],
    starts: Sequence[int],
    day: Sequence[int],
    basket: Sequence[int],
    kind: Sequence[int] | None = None,
    reward: Sequence[int] | None = None,
    quantity: Sequence[int] | None = None,
    last_day: int | None = None,
) -> History:
    """A history of events that have no items."""
    count = len(day)

    def column(values: Sequence[int] | None, otherwise: int) -> np.ndarray:
        return np.full(count, otherwise, np.int64) if values is None else np.asarray(values, np.int64)

    return History(
        members=members,
        starts=np.asarray(starts, np.int64),
        ids=[f"e{i}" for i in range(count)],
        rows=np.arange(1, count + 1, dtype=np.int64),
        day=column(day, 0),
        minute=column(None, 0),
        kind=column(kind, PURCHASE),
        basket=column(basket, 0),
        fields=np.zeros((count, 1), np.int64),
        item_starts=np.zeros(count + 1, np.int64),
        item_price=np.zeros(0, np.int64),
        item_fields=np.zeros((0, 1), np.int64),
        reward=column(reward, -1),
        quantity=column(quantity, 1),
        last_day=max(day) if last_day is None else last_day,
    )
