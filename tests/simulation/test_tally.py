"""Sums of squares in limbs are exact where 64 bits are not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loyalty_dsl.simulation.tally import add_product, join_limbs

figures = st.integers(0, 2**46)


@given(st.lists(st.tuples(figures, figures), max_size=20))
def test_products_add_up_exactly(pairs: list[tuple[int, int]]) -> None:
    limbs = np.zeros(3, np.int64)
    for x, y in pairs:
        add_product(limbs, x, y)
    assert join_limbs(limbs) == sum(x * y for x, y in pairs)
