"""Every lot of whatever ledger is followed: what is held comes to what the evaluator says is outstanding."""

from drawn_histories import seeded_pair
from drawn_transfers import pair_with_transfers

from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.ledger_tables import events_frame, postings_frame, rewards_frame
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_triangles import triangle_at
from loyalty_dsl.valuation.ledger_valuation import value_ledger
from loyalty_dsl.valuation.lot_flows import flows_of_currency
from loyalty_dsl.valuation.periods import periods_until

SEEDS = range(160, 320)
SENDING = range(40)


def test_lots_of_drawn_programs_add_up_and_can_be_valued() -> None:
    issued = redeemed = owing = sent = refused = 0
    drawn = [*(seeded_pair(seed) for seed in SEEDS), *(pair_with_transfers(seed) for seed in SENDING)]
    for program, history in drawn:
        replayed = replay(program, history, "reference", with_postings=True)
        tables = LedgerTables(
            program.name,
            history.last_day,
            postings_frame(replayed),
            events_frame(replayed),
            rewards_frame(replayed),
            (),
        )
        any_issued = False
        for currency, totals in zip(program.currencies, replayed.totals(), strict=True):
            flows = flows_of_currency(program, tables, currency)
            if flows is None:
                assert totals.issued == totals.received == 0
                continue
            any_issued = True
            triangle = triangle_at(flows, periods_until(tables.as_of, flows.first_day))
            debt = sum(flows.debt.values())
            assert sum(triangle.issued) == totals.issued + totals.received
            lost = totals.expired + totals.reversed + totals.sent
            assert sum(map(sum, triangle.lost)) + debt == lost
            assert sum(flows.sent.values()) == totals.sent
            assert sum(map(sum, triangle.redeemed)) == totals.redeemed
            assert min(triangle.held) >= 0
            assert sum(triangle.held) - debt == totals.outstanding
            issued, redeemed, owing = issued + totals.issued, redeemed + totals.redeemed, owing + debt
            sent += totals.sent
        if any_issued:
            try:
                valued = value_ledger(program, tables, both_bases=True).currencies
            except InputRefused as refusal:
                assert "another currency of its recipient" in refusal.message
                refused += 1
                continue
            for one in valued:
                assert 0 <= one.total_future <= one.held
                if one.roll is not None:
                    assert one.roll.closing >= 0 and not one.sent and not one.received
    assert issued and redeemed and owing and sent and refused, "the drawn ledgers have something of each"
