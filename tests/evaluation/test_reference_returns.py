"""Worked examples of returns: what is refused, what is reversed, from which lots, and what stays."""

import attrs
import pytest
from programs_by_hand import (
    AT_ZERO,
    CATEGORY,
    DRINK,
    FOOD,
    NEGATIVE,
    after,
    at,
    counter,
    currency,
    earn,
    give_back,
    join,
    posted,
    program,
    purchase,
    redeem,
    reward,
    times,
    units,
)

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import Group, advance, give_opening, open_group, totals_of
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind, RefusalKind, verify_identity
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat, PerItem, PerMoney
from loyalty_dsl.language.conditions import Base, ItemField, OneAmong
from loyalty_dsl.language.expiry import Activity, AfterActivity
from loyalty_dsl.language.program import Limit, Program, RoundPer, SpendOrder
from loyalty_dsl.language.rewards import RewardCase, Taking, UnitsGiven
from loyalty_dsl.quantities import Rounding

EARNED, REVERSED, EXPIRED = PostingKind.EARNED, PostingKind.REVERSED, PostingKind.EXPIRED
A_DRINK = OneAmong(ItemField(CATEGORY), (DRINK,))
TWO_PER_DOLLAR = PerMoney(2, 100, False, Base.AMOUNT)
THREE_PER_TWO_DOLLARS = PerMoney(3, 200, False, Base.AMOUNT)


def after_events(rules: Program, *events: Event) -> Group:
    group = open_group(rules)
    for event in events:
        outcome = apply(group, event)
        assert outcome.refusals == ()
        assert all(verify_identity(totals) == () for totals in totals_of(group.only))
    return group


def outstanding(group: Group) -> int:
    return group.only.accounts[0].outstanding


def test_a_balance_can_go_negative_and_what_was_issued_stays() -> None:
    """RETURN-2, RETURN-6, LOT-6: $80.00 back at 2 per $1 is -160: 40 becomes -120, the note stays (E2.5);
    the next 100 repay it."""
    note = attrs.evolve(
        reward(2000),
        cases=(RewardCase(None, 2000, False, UnitsGiven(1, 2000)),),
        taking=Taking.AFTER_EARNING,
    )
    rules = program(
        earn(TWO_PER_DOLLAR),
        note,
        currencies=[currency(), currency("notes", in_money=True)],
        returns=NEGATIVE,
    )
    shirt = purchase("2026-01-02", 8000)
    group = after_events(rules, purchase("2026-01-01", 94000), shirt)
    assert [account.outstanding for account in group.only.accounts] == [40, 2000]
    back = give_back("2026-01-05", shirt, 8000)
    taken, owed = apply(group, back).postings
    assert (taken.kind, taken.event, taken.name, taken.day) == (REVERSED, back.id, "base", at("2026-01-05"))
    assert [(p.units, p.expiry, p.available) for p in (taken, owed)] == [(40, NEVER, 0), (120, 0, 0)]
    assert [account.outstanding for account in group.only.accounts] == [-120, 2000]
    apply(group, purchase("2026-01-06", 5000))
    assert (outstanding(group), group.only.accounts[0].lots) == (-20, [])
    give_opening(group, 0, 25, at("2026-01-06"))
    assert [lot.units for lot in group.only.accounts[0].lots] == [5]
    assert totals_of(group.only)[0].issued == 1880 + 160 + 100


def test_what_is_missing_is_let_go_where_the_balance_stops_at_zero() -> None:
    """RETURN-6: 10 spent of 20; a second return does not try again."""
    bought = purchase("2026-01-01", 1000)
    rules = program(earn(TWO_PER_DOLLAR), reward(10, 100), returns=AT_ZERO)
    group = after_events(rules, bought, redeem("2026-01-02"))
    first, second = give_back("2026-01-03", bought, 750), give_back("2026-01-04", bought, 250)
    assert posted(apply(group, first).postings, REVERSED) == [10]
    apply(group, purchase("2026-01-03", 500, minute=9))
    assert posted(apply(group, second).postings, REVERSED) == [5]
    assert outstanding(group) == 5


@pytest.mark.parametrize(
    ("why", "number", "basket", "items"),
    [
        (Obstacle.UNKNOWN_ORIGINAL, 0, 0, []),
        (Obstacle.UNKNOWN_ORIGINAL, 1, 1, []),
        (Obstacle.TOO_MUCH, 2, 1001, []),
        (Obstacle.WHICH_ITEMS, 3, 500, []),
        (Obstacle.UNKNOWN_ITEM, 3, 0, [(500, FOOD)]),
        (Obstacle.UNKNOWN_ITEM, 3, 0, [(300, DRINK), (300, DRINK)]),
        (Obstacle.TOO_MUCH, 3, 0, [(500, DRINK), (500, DRINK)]),
        (None, 2, 1000, []),
        (None, 3, 0, [(300, DRINK), (500, DRINK)]),
        (None, 4, 100, []),
    ],
)
def test_what_cannot_be_returned_is_refused(
    why: Obstacle | None, number: int, basket: int, items: list[tuple[int, int]]
) -> None:
    """RETURN-1, EVENT-2: an event that is unknown or has no amount, too much, items not said or not there."""
    events = [
        purchase("2026-01-01", 700),
        join("2026-01-02"),
        purchase("2026-01-03", 1000),
        purchase("2026-01-04", items=[(500, DRINK), (300, DRINK)]),
        purchase("2026-01-05", items=[(500, DRINK)]),
    ]
    rules = program(earn(items=A_DRINK), earn(name="all"), returns=NEGATIVE)
    group = after_events(rules, *events[1:])
    back = give_back("2026-01-06", events[number], basket, items=items)
    refusals = apply(group, back).refusals
    assert [refusal.obstacle for refusal in refusals] == ([] if why is None else [why])
    assert all(refusal.kind is RefusalKind.RETURN for refusal in refusals)
    no_returns = after_events(attrs.evolve(rules, returns=None), *events[1:])
    (refusal,) = apply(no_returns, back).refusals
    assert refusal.obstacle is Obstacle.NO_RETURNS


@pytest.mark.parametrize(
    ("rounding", "amounts", "reversed_by"),
    [
        (Rounding.DOWN, [334, 333, 333], [6, 5, 4]),
        (Rounding.UP, [333, 333, 334], [4, 5, 6]),
        (Rounding.HALF_UP, [333, 333, 334], [5, 5, 5]),
        (Rounding.DOWN, [1, 999], [1, 14]),
        (Rounding.UP, [1, 999], [0, 15]),
        (Rounding.DOWN, [1000], [15]),
    ],
)
def test_parts_come_to_the_whole(rounding: Rounding, amounts: list[int], reversed_by: list[int]) -> None:
    """RETURN-4: 15 points for $10.00; what is kept is rounded as the currency is."""
    bought = purchase("2026-01-01", 1000)
    rules = program(earn(THREE_PER_TWO_DOLLARS), currencies=[currency(rounding=rounding)], returns=NEGATIVE)
    group = after_events(rules, bought)
    for day, (amount, wanted) in enumerate(zip(amounts, reversed_by, strict=True), 2):
        postings = apply(group, give_back(f"2026-01-0{day}", bought, amount)).postings
        assert sum(posted(postings, REVERSED)) == wanted
    assert outstanding(group) == 0


def test_a_posting_that_was_cut_keeps_its_share_of_what_was_paid() -> None:
    """RETURN-4, LIMIT-8: 10 of 20 were paid; a half back keeps 5, and the room of 5 is there again."""
    bought = purchase("2026-01-01", 1000)
    rules = program(earn(TWO_PER_DOLLAR, units(10, Unit.MONTH)), returns=NEGATIVE)
    group = after_events(rules, bought, give_back("2026-01-02", bought, 500))
    assert outstanding(group) == 5
    assert posted(apply(group, purchase("2026-01-03", 1000)).postings, EARNED) == [5]


@pytest.mark.parametrize(
    ("limit", "first", "second"),
    [
        (times(1, Unit.MONTH), 500, 0),
        (times(1, Unit.MONTH), 1000, 20),
        (times(1, Unit.DAY), 1000, 20),
        (units(20, Unit.MONTH), 500, 10),
    ],
)
def test_limits_get_their_room_back(limit: Limit, first: int, second: int) -> None:
    """LIMIT-8, RETURN-6: a time only when all of a posting is reversed; in the window of the original."""
    bought = purchase("2026-01-30", 1000)
    rules = program(earn(TWO_PER_DOLLAR, limit), returns=NEGATIVE)
    group = after_events(rules, bought, give_back("2026-01-31", bought, first))
    postings = apply(group, purchase("2026-01-31", 1000, minute=5)).postings
    assert sum(posted(postings, EARNED)) == second
    other = after_events(rules, bought, give_back("2026-02-01", bought, 1000))
    assert sum(posted(apply(other, purchase("2026-02-01", 1000, minute=5)).postings, EARNED)) == 20


def test_a_rule_with_a_filter_loses_by_its_own_items() -> None:
    """RETURN-3: a rule that saw nothing returned keeps all, and 0 when all that it saw is back."""
    bought = purchase("2026-01-01", items=[(500, DRINK), (300, FOOD), (200, DRINK)])
    rules = program(
        earn(TWO_PER_DOLLAR, name="drinks", items=A_DRINK),
        earn(TWO_PER_DOLLAR, name="all"),
        earn(Flat(9), name="visit"),
        earn(PerItem(1), name="stamps", items=A_DRINK),
        currencies=[currency(rounding=Rounding.HALF_UP)],
        returns=NEGATIVE,
    )
    group = after_events(rules, bought)
    backs = [[(300, FOOD)], [(200, DRINK)], [(500, DRINK)]]
    rows = []
    for day, items in enumerate(backs, 2):
        taken = apply(group, give_back(f"2026-01-0{day}", bought, items=items)).postings
        rows.append([sum(p.units for p in taken if p.name == rule.name) for rule in rules.earns])
    assert rows == [[0, 6, 3, 0], [4, 4, 1, 1], [10, 10, 5, 1]]


def test_one_item_can_be_returned_by_amount() -> None:
    """RETURN-1, RETURN-3: no item has to be named where there is one; the filter sees it."""
    bought = purchase("2026-01-01", items=[(500, DRINK)])
    other = purchase("2026-01-02", items=[(500, FOOD)])
    rules = program(earn(TWO_PER_DOLLAR, items=A_DRINK), counters=[counter(items=A_DRINK)], returns=NEGATIVE)
    group = after_events(
        rules, bought, other, give_back("2026-01-03", bought, 250), give_back("2026-01-04", other, 250)
    )
    assert outstanding(group) == 5
    assert run(rules, [bought, give_back("2026-01-03", bought, 250)], at("2026-01-03")).counters == (250,)


def test_lots_are_taken_in_their_order() -> None:
    """RETURN-5: the pending lot of the posting; then lots of its expiry; then others as spent; then pending
    ones, soonest available first."""
    waiting = currency(pending=Duration(10, Unit.DAY), expiry=after(90), spend=SpendOrder.OLDEST)
    bought = purchase("2026-03-01", 1000)  # 20 pending until the 11th, gone on 30 May
    group = after_events(program(earn(TWO_PER_DOLLAR), currencies=[waiting], returns=NEGATIVE), bought)
    for amount, day in ((7, "2026-01-15"), (3, "2026-02-01"), (5, "2026-03-02")):
        give_opening(group, 0, amount, at(day))
    advance(group, at("2026-03-02"))
    half = apply(group, give_back("2026-03-02", bought, 500)).postings
    assert [(p.units, p.expiry) for p in half] == [(10, at("2026-05-30"))]
    assert (group.only.accounts[0].available, group.only.accounts[0].pending) == (10, 15)
    group.only.accounts[0].move(next(lot for lot in group.only.accounts[0].waiting if lot.event), 99999)
    rest = apply(group, give_back("2026-03-03", bought, 500)).postings
    assert [p.units for p in rest] == [7, 3]
    assert [p.expiry for p in rest] == [at("2026-04-15"), at("2026-05-02")]
    third = purchase("2026-03-04", 1000)
    apply(group, third)
    group.only.accounts[0].move(group.only.accounts[0].waiting[-1], 99999)
    taken = apply(group, give_back("2026-03-05", third, 600)).postings
    assert [(p.units, p.expiry) for p in taken] == [(10, 99999), (2, at("2026-05-31"))]


def test_rounding_per_event_is_kept_by_each_rule() -> None:
    """RETURN-4, NUM-4: 0.6 and 0.6 posted 0 and 1; a half back keeps floor(0.3) of each."""
    rate = PerMoney(6, 1000, False, Base.AMOUNT)
    per_event = currency(round_per=RoundPer.EVENT)
    bought = purchase("2026-01-01", 100)
    rules = program(earn(rate, name="a"), earn(rate, name="b"), currencies=[per_event], returns=NEGATIVE)
    group = after_events(rules, bought)
    assert posted(group.only.journal, EARNED) == [1]
    assert posted(apply(group, give_back("2026-01-02", bought, 50)).postings, REVERSED) == [1]


def test_a_return_is_no_activity_and_joins_nobody() -> None:
    """RETURN-2, JOIN-1"""
    active = Activity((0,), earning=True, redemption=True, rewards=())
    idle = currency(expiry=AfterActivity(Duration(10, Unit.DAY), active))
    bought = purchase("2026-01-01", 1000)
    group = after_events(program(earn(), currencies=[idle], returns=NEGATIVE), bought)
    apply(group, give_back("2026-01-05", bought, 100))
    (lost,) = advance(group, at("2026-01-31"))
    assert (lost.kind, lost.day, lost.units) == (EXPIRED, at("2026-01-11"), 9)
    nobody = open_group(program(earn(), returns=NEGATIVE))
    apply(nobody, give_back("2026-01-05", bought, 100))
    assert nobody.only.joined is None
