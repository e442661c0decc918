"""By which transfers members exchange and which options of menus they choose, as rows that the loop draws
from.

Invariant: what nobody does has no row, so that a program's transfers and menus change no draw of a population
that does not use them. The options of a menu stand next to each other.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.plan import Ints
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program, Reward

EXCHANGE_REWARD, EXCHANGE_STEP, EXCHANGE_LEAST, EXCHANGE_PURPOSE = range(4)
"""Columns of `Behaviour.exchanges`: a transfer, what a step takes, the least that is exchanged at a time,
and the purpose of its draws. Of an option of a menu the step is `OPTION`."""
OPTION = 0


def exchanged(program: Program, population: Population) -> list[Reward]:
    """The transfers by which anybody exchanges, and the options that anybody chooses, in declared order."""
    named = {one.reward for segment in population.segments for one in segment.exchanges}
    return [reward for reward in program.rewards if reward.index in named]


def exchange_purpose(transfer: Reward) -> str:
    """The name of the draws of a transfer or an option."""
    return f"{'choose' if transfer.taking.of_menu else 'exchange'} {transfer.name}"


def lower_exchanges(
    program: Program, population: Population, purposes: Mapping[str, int]
) -> tuple[Ints, NDArray[np.float64]]:
    """Rows [X, 4] of the transfers and options, and at how many of their purchases members exchange by each,
    or how many of their choices go there, [S, X]."""
    transfers = exchanged(program, population)
    rows = [
        (
            one.index,
            OPTION if one.taking.of_menu else one.price,
            max(one.price, one.minimum_exchange),
            purposes[exchange_purpose(one)],
        )
        for one in transfers
    ]
    shares = [
        [
            sum(float(each.share) for each in segment.exchanges if each.reward == one.index)
            for one in transfers
        ]
        for segment in population.segments
    ]
    return (
        np.array(rows, np.int64).reshape(-1, 4),
        np.array(shares, np.float64).reshape(len(population.segments), -1),
    )
