"""What a redeemed unit costs, from a currency's declared cost or the rewards that a ledger used.

Invariant: the rule of the forecast (its `costs`): a declared cost is used as it is; without one, the cost is
that of the rewards that were used over the units paid for them, a reward without a declared cost counting at
the money that it took off, and one that gives another currency at what the units given cost and how many of
them are used.

Worked case: 500 points for a $5 certificate, used 10 times, certificates used at 80% and costing 90 cents a
dollar: $50 x 80% x 0.9 / 5,000 points = $0.0072 a point.
"""

from collections.abc import Mapping
from fractions import Fraction

from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.valuation.ledger_files import LedgerTables


def unit_cost_of(
    program: Program,
    currency: Currency,
    tables: LedgerTables,
    used: Mapping[int, Fraction],
    above: frozenset[int] = frozenset(),
) -> Fraction | None:
    """The cost of one smallest unit, in minor units.

    Args:
        used: by currency, the share of its units that is ever redeemed; all where it is not there.
        above: currencies that are being valued already.

    Returns:
        The cost; `None` where none is declared and nothing of a known cost was redeemed.
    """
    import polars as pl

    if currency.cost is not None:
        return currency.cost.value
    paid = tables.postings.filter((pl.col("currency") == currency.name) & (pl.col("kind") == "redeemed"))
    units = dict(paid.group_by("name").agg(pl.col("units").sum()).iter_rows())
    totals = {row["reward"]: row for row in tables.rewards.iter_rows(named=True)}
    spent, cost = 0, Fraction(0)
    for reward in program.rewards:
        row = totals.get(reward.name)
        if reward.currency != currency.index or not units.get(reward.name) or row is None:
            continue
        target = reward.currency_given
        if target is not None and target not in above:
            given = program.currencies[target]
            each = unit_cost_of(program, given, tables, used, above | {currency.index})
            if each is None and not given.in_money:
                continue
            worth = (Fraction(1) if each is None else each) * used.get(target, Fraction(1))
            cost += worth * row["given"]
        elif reward.cost is not None and row["cost"] is not None:
            cost += Fraction(row["cost"])
        elif row["off"]:
            cost += row["off"]
        else:
            continue
        spent += units[reward.name]
    return cost / spent if spent else None
