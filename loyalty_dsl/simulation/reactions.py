"""What reactions are made of, as the loop reads them: numbers, goals and levels to look at.

Invariants: a population without responses has no looks, and every number here is then the neutral one; a
response with neutral parameters multiplies by exactly 1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_widths import fix_widths

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

(
    GOAL, HEAD_START, RESET, RESET_DAYS, MOMENTUM, MOMENTUM_DAYS, PULL, PULL_DAYS, RISE, RISE_DAYS, FALL,
    FALL_DAYS, RUSH, RUSH_DAYS, RUSH_AWARE, RUSH_ODDS, LIGHT, MODERATE, HEAVY, LIFT_DAYS, LIGHT_ABOVE,
    HEAVY_BELOW, HOARD_ODDS, REFERRED_STAY, SELECTION, LEAVING, LEAVING_DAYS,
) = range(27)  # fmt: skip
"""Columns of `Reactions.numbers`. `_DAYS` are lengths of time; `RISE_DAYS` and `FALL_DAYS` those in which an
effect falls to 37%. `_ODDS` are added to the logit of redeeming. Light buyers have a mean gap of more than
`LIGHT_ABOVE` days, heavy ones of less than `HEAVY_BELOW`. `REFERRED_STAY` multiplies the hazard of friends;
`SELECTION` is added to the shape of the rates of those who join. `LEAVING` multiplies the hazard of first
members in the first `LEAVING_DAYS`."""

NO_LOOKS, AT_EVENTS, EACH_WEEK = range(3)
"""Values of `Reactions.looks`; `EACH_WEEK` is after events as well."""

GOAL_CURRENCY, GOAL_UNITS = range(2)
"""Columns of `Reactions.goals`."""

PULL_LADDER, PULL_LEVEL, PULL_NEEDED, PULL_TERMS, PULL_TERMS_END, PULL_ALL, PULL_FROM, PULL_UNTIL = range(8)
"""Columns of `Reactions.pulls`; the terms are rows of `Reactions.terms`. With `PULL_ALL` a level asks for all
of its numbers, otherwise for any; the days are those on which it does."""
PULL_COUNTER, PULL_FACTOR = range(2)


class Reactions(NamedTuple):
    """How members of a population react.

    Attributes:
        looks: when members look at where they stand.
        numbers: [S, 27] float64, a row a segment.
        goals: [G, 2] balances that a reward takes, in rising order for each currency.
        pulls: [N, 8] numbers that levels ask for in windows that end; those of a level stand together.
        terms: [..., 2].
        notices: [C] days before units expire on which every member is told; 0 for currencies without notice.
    """

    looks: int
    numbers: Floats
    goals: Ints
    pulls: Ints
    terms: Ints
    notices: Ints


fix_widths(Reactions, numbers=27, goals=2, pulls=8, terms=2)


def no_reactions(segments: int) -> Reactions:
    """Those of a population that does not react."""
    numbers = np.zeros((segments, 27), np.float64)
    numbers[:, [REFERRED_STAY, LEAVING]] = 1.0
    for days in (RESET_DAYS, MOMENTUM_DAYS, PULL_DAYS, RISE_DAYS, FALL_DAYS, RUSH_DAYS, LIFT_DAYS):
        numbers[:, days] = 1.0
    return Reactions(
        NO_LOOKS,
        numbers,
        np.zeros((0, 2), np.int64),
        np.zeros((0, 8), np.int64),
        np.zeros((0, 2), np.int64),
        np.zeros(0, np.int64),
    )
