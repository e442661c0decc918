"""Worked examples of lots, expiry, the clock and the ledger."""

import pytest
from programs_by_hand import (
    after,
    at,
    currency,
    earn,
    posted,
    program,
    purchase,
    redeem,
    reward,
    times,
    units,
)

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.groups import Group, advance, give_opening, open_group, totals_of
from loyalty_dsl.evaluation.ledger import PostingKind, verify_identity
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.expiry import Expiry
from loyalty_dsl.language.program import Program, SpendOrder

EXPIRED, REDEEMED = PostingKind.EXPIRED, PostingKind.REDEEMED


def holding(rules: Program, *lots: tuple[int, str]) -> Group:
    """A member with opening lots: units and the day that they were earned."""
    group = open_group(rules)
    for amount, earned in lots:
        give_opening(group, 0, amount, at(earned))
    return group


# ---- lots


def test_a_posting_is_a_lot() -> None:
    """LOT-1: with its days, its rule and its event."""
    rules = program(
        earn(Flat(7), name="visit"),
        currencies=[currency(pending=Duration(14, Unit.DAY), expiry=after(6, Unit.MONTH))],
    )
    group = open_group(rules)
    apply(group, purchase("2026-01-31"))
    (lot,) = group.only.accounts[0].lots
    assert (lot.units, lot.name, lot.event) == (7, "visit", purchase("2026-01-31").id)
    assert (lot.earned, lot.available, lot.expiry) == (at("2026-01-31"), at("2026-02-14"), at("2026-07-31"))


def test_pending_units_are_outstanding_and_cannot_be_spent() -> None:
    """LOT-2: 14 days from 1 March, available from the midnight that begins 15 March."""
    rules = program(earn(Flat(100)), reward(100), currencies=[currency(pending=Duration(14, Unit.DAY))])
    group = open_group(rules)
    apply(group, purchase("2026-03-01"))
    assert (
        group.only.accounts[0].pending,
        group.only.accounts[0].available,
        group.only.accounts[0].outstanding,
    ) == (
        100,
        0,
        100,
    )
    refused = apply(group, redeem("2026-03-14"))
    assert [r.reason for r in refused.refusals] == ["it takes 100 points, more than is available"]
    assert apply(group, redeem("2026-03-15")).uses[0].times == 1


def test_without_pending_units_are_usable_from_the_next_event() -> None:
    """LOT-2, EVENT-1: rewards come before earning, so never at the event that earned them."""
    rules = program(earn(Flat(100)), reward(100, automatic=True, in_full=True))
    group = open_group(rules)
    assert apply(group, purchase("2026-03-01")).uses == ()
    assert apply(group, purchase("2026-03-01", minute=1)).uses[0].times == 1


def test_the_soonest_to_expire_goes_first() -> None:
    """LOT-3: part of the last lot stays; lots that expire together go by the day earned."""
    month_end = currency(expiry=after(1, Unit.MONTH, Unit.MONTH))
    rules = program(reward(100), currencies=[month_end])
    group = holding(rules, (60, "2026-02-01"), (80, "2026-01-20"), (30, "2026-01-10"))
    taken = apply(group, redeem("2026-02-02")).postings
    assert [(p.expiry, p.units) for p in taken] == [(at("2026-03-01"), 30), (at("2026-03-01"), 70)]
    assert [lot.units for lot in group.only.accounts[0].lots] == [10, 60]


def test_the_order_of_posting_decides_between_lots_of_a_day() -> None:
    """LOT-3: two rules of one event."""
    rules = program(earn(Flat(5), name="one"), earn(Flat(5), name="two"), reward(5))
    group = open_group(rules)
    apply(group, purchase("2026-01-05"))
    apply(group, redeem("2026-01-06"))
    assert [lot.name for lot in group.only.accounts[0].lots] == ["two"]


@pytest.mark.parametrize("spend", SpendOrder)
def test_lots_that_expire_together_go_by_the_day_earned(spend: SpendOrder) -> None:
    """LOT-3, TIME-3: three months from 29 and from 30 November both end on 28 February."""
    rules = program(reward(10), currencies=[currency(expiry=after(3, Unit.MONTH), spend=spend)])
    group = holding(rules, (10, "2025-11-30"), (10, "2025-11-29"))
    apply(group, redeem("2026-02-01"))
    assert [lot.earned for lot in group.only.accounts[0].lots] == [at("2025-11-30")]


def test_oldest_first_does_not_ask_when_a_lot_matured() -> None:
    """LOT-3: the order in which lots are spent is not the order in which they became available."""
    rules = program(reward(10), currencies=[currency(pending=Duration(2, Unit.DAY), spend=SpendOrder.OLDEST)])
    group = holding(rules, (10, "2026-01-03"), (10, "2026-01-02"), (10, "2026-01-01"))
    apply(group, redeem("2026-01-10", quantity=2))
    assert [lot.earned for lot in group.only.accounts[0].lots] == [at("2026-01-03")]


def test_the_reference_kit_example_of_two_batches() -> None:
    """LOT-3, LOT-4: E1.3: 100 through July and 60 through August; 25 are spent, 75 expire, 60 are left."""
    rules = program(
        reward(25), currencies=[currency(expiry=after(6, Unit.MONTH, Unit.MONTH))], starts="2024-01-01"
    )
    group = holding(rules, (100, "2024-01-31"), (60, "2024-02-01"))
    assert [p.expiry for p in apply(group, redeem("2024-07-31")).postings] == [at("2024-08-01")]
    assert posted(advance(group, at("2024-08-01")), EXPIRED) == [75]
    assert group.only.accounts[0].outstanding == 60
    assert posted(advance(group, at("2024-09-01")), EXPIRED) == [60]


def test_more_than_is_available_cannot_be_spent() -> None:
    """LOT-4: not even by a mistake of ours."""
    group = holding(program(), (10, "2026-01-01"))
    with pytest.raises(ValueError, match="cannot spend 11 of 10"):
        group.only.accounts[0].spend(11)


# ---- expiry


@pytest.mark.parametrize(
    ("expiry", "earned", "gone"),
    [
        (after(180), "2026-01-05", "2026-07-04"),
        (after(6, Unit.MONTH), "2026-08-31", "2027-02-28"),
        (after(12, Unit.MONTH, Unit.MONTH), "2020-07-06", "2021-08-01"),
        (after(12, Unit.MONTH, Unit.MONTH), "2020-07-31", "2021-08-01"),
        (after(12, Unit.MONTH, Unit.MONTH), "2020-08-01", "2021-09-01"),
        (after(1, Unit.YEAR, Unit.QUARTER), "2026-02-10", "2027-04-01"),
        (after(1, Unit.YEAR, Unit.YEAR), "2026-02-10", "2028-01-01"),
        (after(2, Unit.WEEK), "2026-01-05", "2026-01-19"),
    ],
)
def test_a_lot_is_gone_from_midnight_of_its_day(expiry: Expiry, earned: str, gone: str) -> None:
    """EXP-1, TIME-3: usable on the day before; E9.3 among the cases."""
    rules = program(earn(Flat(10)), currencies=[currency(expiry=expiry)], starts="2020-01-01")
    group = open_group(rules)
    apply(group, purchase(earned))
    assert advance(group, at(gone) - 1) == ()
    (posting,) = advance(group, at(gone))
    assert (posting.kind, posting.day, posting.expiry, posting.units) == (EXPIRED, at(gone), at(gone), 10)
    assert (posting.event, posting.name) == ("", "")


def test_a_clock_runs_from_earning_even_while_pending() -> None:
    """EXP-1, TIME-4: a lot may expire before it is ever available; maturing comes first on a shared day."""
    for pending, expired_from in ((30, "pending"), (10, "available")):
        rules = program(
            earn(Flat(10)), currencies=[currency(pending=Duration(pending, Unit.DAY), expiry=after(10))]
        )
        group = open_group(rules)
        apply(group, purchase("2026-01-01"))
        advance(group, at("2026-01-10"))
        assert group.only.accounts[0].pending == 10, expired_from
        assert posted(advance(group, at("2026-01-11")), EXPIRED) == [10]
        advance(group, at("2026-03-01"))
        assert group.only.accounts[0].outstanding == 0
        assert verify_identity(totals_of(group.only)[0]) == ()


def test_a_lot_that_never_expires_is_spent_last() -> None:
    """EXP-2: and is there decades later."""
    rules = program(earn(Flat(10)))
    group = open_group(rules)
    apply(group, purchase("2026-01-01"))
    assert advance(group, at("2099-01-01")) == ()
    (lot,) = group.only.accounts[0].lots
    assert (lot.expiry, lot.units) == (NEVER, 10)


# ---- the clock


def test_midnight_work_comes_before_the_events_of_the_day() -> None:
    """TIME-4, EVENT-1: what expires on the day of an event cannot be spent at it."""
    rules = program(reward(10), currencies=[currency(expiry=after(10))])
    group = holding(rules, (10, "2026-01-01"))
    outcome = apply(group, redeem("2026-01-11"))
    assert (posted(outcome.postings, EXPIRED), len(outcome.refusals)) == ([10], 1)


def test_work_of_several_days_runs_in_order_of_the_days() -> None:
    """TIME-4: in order of the day, then of the declared currencies."""
    rules = program(
        earn(Flat(1), name="slow", currency=0),
        earn(Flat(2), name="fast", currency=1),
        earn(Flat(3), name="too", currency=2),
        currencies=[
            currency("slow", expiry=after(20)),
            currency("fast", expiry=after(10)),
            currency("too", expiry=after(20)),
        ],
    )
    group = open_group(rules)
    apply(group, purchase("2026-01-01"))
    assert [(p.currency, p.day) for p in advance(group, at("2026-03-01"))] == [
        (1, at("2026-01-11")),
        (0, at("2026-01-21")),
        (2, at("2026-01-21")),
    ]


def test_the_next_midnight_is_not_part_of_the_last_day() -> None:
    """TIME-5: a lot that is gone on the day after the last is still outstanding."""
    rules = program(earn(Flat(10)), currencies=[currency(expiry=after(10))])
    event = purchase("2026-01-01")
    assert run(rules, [event], at("2026-01-10")).totals[0].outstanding == 10
    assert run(rules, [event], at("2026-01-11")).totals[0].outstanding == 0


# ---- the ledger


def test_totals_tell_the_whole_story() -> None:
    """LEDGER-1: 40 given, 10 earned, 15 spent, 25 expired, 10 outstanding and pending."""
    rules = program(
        earn(Flat(10)), reward(15), currencies=[currency(pending=Duration(5, Unit.DAY), expiry=after(30))]
    )
    group = holding(rules, (40, "2026-01-01"))
    apply(group, redeem("2026-01-10"))
    apply(group, purchase("2026-01-28"))
    advance(group, at("2026-01-31"))
    (totals,) = totals_of(group.only)
    assert (totals.opening, totals.issued, totals.redeemed, totals.expired) == (40, 10, 15, 25)
    assert (totals.pending, totals.outstanding) == (10, 10)
    assert verify_identity(totals) == ()


def test_currencies_have_ledgers_of_their_own() -> None:
    """LEDGER-1: one rule for each of two currencies."""
    rules = program(
        earn(Flat(3), currency=0), earn(Flat(5), currency=1), currencies=[currency("a"), currency("b")]
    )
    totals = run(rules, [purchase("2026-01-01")], at("2026-01-01")).totals
    assert [t.issued for t in totals] == [3, 5]


def test_limit_usage_is_that_of_the_window_of_the_last_day() -> None:
    """SAME-1, LIMIT-3: used in January, it is 0 in February; a limit per event is always 0."""
    rules = program(earn(Flat(10), times(5, Unit.MONTH), units(50, Unit.YEAR), units(10, None)))
    event = purchase("2026-01-20")
    assert run(rules, [event], at("2026-01-31")).usage == (1, 10, 0)
    assert run(rules, [event], at("2026-02-01")).usage == (0, 10, 0)
