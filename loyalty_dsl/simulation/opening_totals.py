"""Takes the months before the first out of the sums of members who began with what they hold.

Invariant: what was held at the start is in those months alone, as if all that was issued in them, and nothing
else is; what became of it afterwards is kept apart from what became of the issues of the months reported.
"""

import attrs
import numpy as np

from loyalty_dsl.simulation.opening_vintages import vintages_of
from loyalty_dsl.simulation.planning import Simulation
from loyalty_dsl.simulation.trajectories import Trajectories


def without_opening_month(whole: Trajectories, simulation: Simulation) -> Trajectories:
    """The sums of the months reported, and the opening.

    Args:
        whole: whose first months are those before all that are reported, but for `month_starts`.
    """
    before = simulation.before
    months = whole.months - before
    opening = whole.population.opening
    assert opening is not None
    of_months = {
        name: getattr(whole, name)[..., before:]
        for name in (
            "joined", "left", "active", "purchases", "basket", "off", "returns", "returned_basket",
            "friends_joined", "events", "events_basket", "issued", "redeemed", "expired", "reversed",
            "pending", "outstanding", "rule_units", "rule_times", "rule_reversed", "reward_uses",
            "reward_off", "reward_given", "reward_spent", "reward_cost", "limit_times", "limit_cuts",
        )
    }  # fmt: skip
    by_age = (whole.redeemed_by_age, whole.expired_by_age, whole.reversed_by_age)
    redeemed, expired, taken_back = (table[:, before:, :-before] for table in by_age)
    after = by_age[0].shape[2] - before
    fates = [
        np.stack([table[:, vintage, before - vintage :][:, :after] for vintage in range(before)], axis=1)
        for table in by_age
    ]
    return attrs.evolve(
        whole,
        months=months,
        **of_months,
        redeemed_by_age=redeemed,
        expired_by_age=expired,
        reversed_by_age=taken_back,
        levels=tuple(levels[:, before:] for levels in whole.levels),
        level_moves=tuple(moves[:, :, before:] for moves in whole.level_moves),
        squares=tuple(tuple(each[before:] for each in of_currency) for of_currency in whole.squares),
        phi_squares=tuple(of_currency[before:] for of_currency in whole.phi_squares),
        first_members=len(simulation.schedule.opening.chosen),
        gone_before=int(whole.left[:, :before].sum()),
        opening=whole.outstanding[..., before - 1].copy(),
        opening_vintages=vintages_of(opening),
        opening_units=whole.issued[..., :before].sum(axis=1),
        opening_fate=np.stack(fates),
    )
