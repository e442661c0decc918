"""Whether and when a purchase is returned.

Invariant: it is drawn at the purchase, looks at nothing else, and is a whole day later at least.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import RETURN_COUNT, RETURN_SHARE, RETURN_UNIT, Behaviour
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import uniform


@part
def draw_return(behaviour: Behaviour, segment: int, key: np.uint64, i: int, day: int, last: int) -> int:
    """After how many days purchase `i` of a day is returned; 0 if it is not, or after the day `last`."""
    if uniform(draw_bits(key, randomness.RETURNS, i)) >= behaviour.segments[segment, RETURN_SHARE]:
        return 0
    within = behaviour.slices[segment]
    days = add_duration(day, within[RETURN_COUNT], within[RETURN_UNIT]) - day
    later = 1 + int(uniform(draw_bits(key, randomness.RETURN_DAY, i)) * days)
    return later if day + later <= last else 0
