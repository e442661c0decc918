"""What is noted of each first member, with all whom it led to, where figures of members are asked for.

Invariant: noting reads and changes no sum, so the sums are the same whether or not anything is noted. Rewards
and levels are noted as the sums of all members so far: a member's own are the difference from the row before.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.plan import Sink

Ints = NDArray[np.int64]


class EachMember(NamedTuple):
    """Rows of first members in the order in which they are lived; without rows nothing is noted.

    Attributes:
        segments: [rows] of the first member itself.
        flows: [rows, C, M, 7] as of `Sink.flows`.
        rewards: [rows, R, M, 3], levels: [rows, M, V]: the sums of `Sink.rewards` and `StateSink.levels`
            after the member.
        written: [1] rows.
    """

    segments: Ints
    flows: Ints
    rewards: Ints
    levels: Ints
    written: Ints


def new_each_member(rows: int, months: int, currencies: int, rewards: int, levels: int) -> EachMember:
    """Room for so many first members and months."""
    return EachMember(
        segments=np.zeros(rows, np.int64),
        flows=np.zeros((rows, currencies, months, 7), np.int64),
        rewards=np.zeros((rows, rewards, months, 3), np.int64),
        levels=np.zeros((rows, months, levels), np.int64),
        written=np.zeros(1, np.int64),
    )


@part
def note_member(each: EachMember, segment: int, flows: Ints, sink: Sink) -> None:
    """Notes the first member whose life, and those of all whom it led to, are over.

    Args:
        flows: [at least C, at least M, 7] theirs.
        sink: the sums of all members so far.
    """
    row = each.written[0]
    each.written[0] = row + 1
    each.segments[row] = segment
    months = each.flows.shape[2]
    for currency in range(each.flows.shape[1]):
        for month in range(months):
            for column in range(each.flows.shape[3]):
                each.flows[row, currency, month, column] = flows[currency, month, column]
    _note_sums(each, row, sink)


@part
def note_absent(each: EachMember, segment: int, sink: Sink) -> None:
    """Notes a member who does not join, where anything is noted."""
    if len(each.segments) == 0:
        return
    row = each.written[0]
    each.written[0] = row + 1
    each.segments[row] = segment
    _note_sums(each, row, sink)


@part
def _note_sums(each: EachMember, row: int, sink: Sink) -> None:
    """The sums of all members so far."""
    months = each.flows.shape[2]
    for reward in range(each.rewards.shape[1]):
        for month in range(months):
            for column in range(each.rewards.shape[3]):
                each.rewards[row, reward, month, column] = sink.rewards[reward, month, column]
    for month in range(months):
        for level in range(each.levels.shape[2]):
            each.levels[row, month, level] = sink.of_state.levels[month, level]
