"""What somebody has of a currency, read from the state of the compiled evaluator.

Invariant: looking changes nothing.
"""

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.plan import State
from loyalty_dsl.language.program import Program
from loyalty_dsl.testing.results import Holding
from loyalty_dsl.testing.whole_balances import gone_together


def holding_of(program: Program, state: State, slot: int, currency: int) -> Holding:
    """The lots of the member in a slot, in one currency."""
    account = slot * len(program.currencies) + currency
    wallet = state.wallets[account]
    head, matured, tail = (int(wallet[at]) for at in (p.HEAD, p.MATURED, p.TAIL))
    lots = state.lots[account]
    oldest = int(lots[head:tail, p.LOT_EARNED].min()) if head < tail else None
    gone = gone_together(program.currencies[currency], int(wallet[p.ACTIVE]), oldest)

    def parts(first: int, end: int) -> list[tuple[int, int]]:
        return [(int(lot[p.LOT_EXPIRY]), int(lot[p.LOT_UNITS])) for lot in lots[first:end]]

    outstanding = int(wallet[p.AVAILABLE] + wallet[p.PENDING])
    return Holding.of(outstanding, parts(head, matured), parts(matured, tail), gone)
