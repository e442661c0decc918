"""Audiences that hold members out, as rows of words.

Invariant: a row for each audience, in the order of the program's.
"""

import numpy as np

from loyalty_dsl.evaluation.luck import threshold_of, word_of_audience
from loyalty_dsl.evaluation.plan_state import Words
from loyalty_dsl.language.program import Program


def lower_holdouts(program: Program) -> Words:
    """Rows of `StatePlan.holdouts`."""
    rows = [
        (word_of_audience(audience.name), min(threshold_of(audience.holdout), 2**64 - 1))
        for audience in program.audiences
    ]
    return np.array(rows, np.uint64).reshape(len(rows), 2)
