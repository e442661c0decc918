"""What a forecast settles with partners: the units of the simulated members at the size of the business,
billed as those of a replay are (SETTLE).

Invariant: prices are exact and units whole, so each bill is what those units cost to the minor unit; how many
units there are is a simulation's.
"""

from collections.abc import Sequence

from loyalty_dsl.calendar import month_index
from loyalty_dsl.evaluation.settlement import Bill, bills
from loyalty_dsl.forecast.scaling import free_flows
from loyalty_dsl.simulation.trajectories import Ints, Trajectories


def settled(t: Trajectories) -> tuple[Bill, ...]:
    """The bills of the reported months, by partner, month and currency."""
    units: dict[tuple[int, int, int], tuple[int, int]] = {}
    for partner in t.program.partners:
        rules = [t.program.earns[rule] for rule in partner.issues]
        rewards = [t.program.rewards[reward] for reward in partner.redeems]
        currencies = {rule.currency for rule in rules} | {reward.currency for reward in rewards}
        for currency in sorted(currencies):
            own = [rule.index for rule in rules if rule.currency == currency]
            taken = [reward.index for reward in rewards if reward.currency == currency]
            issued = _scaled(t, t.rule_units, own)
            returned = _scaled(t, t.rule_reversed, own)
            redeemed = _scaled(t, t.reward_spent, taken)
            for month in range(t.months):
                key = (partner.index, month_index(int(t.month_starts[month])), currency)
                units[key] = issued[month] - returned[month], redeemed[month]
    return bills(t.program, units)


def _scaled(t: Trajectories, table: Ints, rows: Sequence[int]) -> tuple[int, ...]:
    """Some rows of a table [things, M] together, at the size of the business."""
    return free_flows([int(each) for each in table[list(rows)].sum(axis=0)], t.weight)
