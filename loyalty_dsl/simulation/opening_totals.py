"""Takes the month before the first out of the sums of members who began with what they hold.

Invariant: what was held at the start is in that month alone, as if it had been issued in it, and nothing else
is; what became of it afterwards is kept apart from what became of the issues of the months reported.
"""

import attrs
import numpy as np

from loyalty_dsl.simulation.planning import Simulation
from loyalty_dsl.simulation.trajectories import Trajectories


def without_opening_month(whole: Trajectories, simulation: Simulation) -> Trajectories:
    """The sums of the months reported, and the opening.

    Args:
        whole: whose month 0 is the one before all that are reported, but for `month_starts`.
    """
    months = whole.months - 1
    of_months = {
        name: getattr(whole, name)[..., 1:]
        for name in (
            "joined", "left", "active", "purchases", "basket", "off", "returns", "returned_basket",
            "friends_joined", "events", "events_basket", "issued", "redeemed", "expired", "reversed",
            "pending", "outstanding", "rule_units", "rule_times", "reward_uses", "reward_off", "reward_given",
            "reward_cost", "limit_times", "limit_cuts",
        )
    }  # fmt: skip
    by_age = (whole.redeemed_by_age, whole.expired_by_age, whole.reversed_by_age)
    redeemed, expired, taken_back = (table[:, 1:, :-1] for table in by_age)
    return attrs.evolve(
        whole,
        months=months,
        **of_months,
        redeemed_by_age=redeemed,
        expired_by_age=expired,
        reversed_by_age=taken_back,
        levels=tuple(levels[:, 1:] for levels in whole.levels),
        level_moves=tuple(moves[:, :, 1:] for moves in whole.level_moves),
        squares=tuple(tuple(each[1:] for each in of_currency) for of_currency in whole.squares),
        phi_squares=tuple(of_currency[1:] for of_currency in whole.phi_squares),
        first_members=len(simulation.schedule.opening.chosen),
        gone_before=int(whole.left[:, 0].sum()),
        opening=whole.outstanding[..., 0].copy(),
        opening_fate=np.stack([table[:, 0, 1:] for table in by_age]),
    )
