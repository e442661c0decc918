"""Worked examples of expiry: other days for lots, lots that move, and balances that go as a whole."""

import attrs
import pytest
from programs_by_hand import (
    FIRST_CLOCK,
    after,
    at,
    at_least,
    counter,
    currency,
    earn,
    ladder,
    level_at_least,
    posted,
    program,
    purchase,
    redeem,
    reward,
    trigger,
)

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.expiring import gone_on
from loyalty_dsl.evaluation.groups import Group, advance, give_level, give_opening, open_group
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.conditions import BalanceOf, Compare, Literal, Order
from loyalty_dsl.language.counters import EventsMeasure
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    ExpiryCase,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
    Postpone,
    Restart,
)
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.language.rewards import RewardCase, Taking, UnitsGiven
from loyalty_dsl.language.tiers import HoldThrough
from loyalty_dsl.language.types import PURCHASE, Kind

EXPIRED = PostingKind.EXPIRED
MONTHS = Unit.MONTH
NOTHING = Activity((), earning=False, redemption=False, rewards=())


def lost(group: Group, through: str, index: int = 0) -> list[tuple[int, int]]:
    """Days and units of what expired."""
    advance(group, at(through))
    return [(p.day, p.units) for p in group.only.journal if p.kind is EXPIRED and p.currency == index]


def holding(rules: Program, *lots: tuple[int, str]) -> Group:
    group = open_group(rules)
    for units, earned in lots:
        give_opening(group, 0, units, at(earned))
    return group


@pytest.mark.parametrize(
    ("term", "earned", "gone"),
    [
        (AfterEarning(Duration(36, MONTHS), None, (9, 30)), "2023-10-01", "2027-10-01"),
        (AfterEarning(Duration(36, MONTHS), None, (9, 30)), "2023-09-30", "2026-10-01"),
        (AfterEarning(Duration(0, Unit.DAY), None, (2, 29)), "2026-02-28", "2026-03-01"),
        (AfterEarning(Duration(0, Unit.DAY), None, (2, 29)), "2027-03-01", "2028-03-01"),
        (AfterEarning(Duration(0, Unit.DAY), MONTHS), "2026-02-28", "2026-03-01"),
        (AfterEarning(Duration(0, Unit.DAY), Unit.YEAR), "2026-02-28", "2027-01-01"),
        (LatestOf((after(6, MONTHS), after(30, Unit.DAY, Unit.YEAR))), "2026-03-10", "2027-01-01"),
        (LatestOf((after(6, MONTHS), after(30, Unit.DAY, Unit.YEAR))), "2026-11-10", "2027-05-10"),
    ],
)
def test_days_of_a_lot(term: LotTerm, earned: str, gone: str) -> None:
    """EXP-3: also from the end of a window without a duration."""
    assert gone_on(term, at(earned)) == at(gone)


def stars(*, postpone: Postpone | None = None, restart: Restart | None = None) -> Currency:
    """Six months and the end of the month; never for gold."""
    green = AfterEarning(Duration(6, MONTHS), MONTHS)
    terms = FirstThatHolds((ExpiryCase(level_at_least(1), Never()),), green)
    return attrs.evolve(currency(expiry=terms), postpone=postpone, restart=restart)


PREVIOUS_MONTH = Postpone(Duration(1, MONTHS), at_least(0, 1, previous=True))
YEARLY = ladder(at_least(1, 1000), hold=HoldThrough(Unit.YEAR, Duration(0, Unit.DAY)))


def starbucks(restart: Restart | None = None) -> Program:
    """Lots of 40 stars; a purchase in the month that has just closed keeps them for a month."""
    return program(
        earn(Flat(1), on=[trigger(FIRST_CLOCK + 9)]),
        currencies=[stars(postpone=PREVIOUS_MONTH, restart=restart)],
        counters=[counter(EventsMeasure(PURCHASE), MONTHS), counter()],
        ladders=[YEARLY],
    )


def test_a_purchase_in_the_month_before_postpones() -> None:
    """EXP-5, TIME-4: due on 1 October, moved to 1 November by September, lost as October has none (E1.6)."""
    group = holding(starbucks(), (40, "2026-03-15"))
    (lot,) = group.only.accounts[0].lots
    assert lot.expiry == at("2026-10-01")
    apply(group, purchase("2026-09-20", 100))
    assert lost(group, "2026-10-31") == []
    assert (lot.expiry, lot.earned) == (at("2026-11-01"), at("2026-03-15"))
    assert lost(group, "2026-11-01") == [(at("2026-11-01"), 40)]


def test_a_purchase_on_the_day_itself_is_too_late() -> None:
    """EXP-5: midnight comes first."""
    group = holding(starbucks(), (40, "2026-03-15"))
    apply(group, purchase("2026-10-01", 100))
    assert lost(group, "2026-10-01") == [(at("2026-10-01"), 40)]


def test_terms_are_asked_when_a_lot_is_posted_and_on_its_day() -> None:
    """EXP-4: gold on the day on which it would be gone, so it stays; what is earned as gold never goes."""
    group = holding(starbucks(), (40, "2026-03-15"))
    apply(group, purchase("2026-08-20", 1000))
    give_opening(group, 0, 7, at("2026-08-20"))
    assert [lot.expiry for lot in group.only.accounts[0].lots] == [at("2026-10-01"), NEVER]
    assert lost(group, "2030-01-01") == []


def test_a_fall_counts_lots_again() -> None:
    """EXP-6: gold through 31 December; from 1 January six months and the end of the month. The one that is
    pending too, and the day earned stays; without `restart` it stays for ever."""
    for restart, wanted in ((Restart(0, 1), [(at("2027-08-01"), 47)]), (None, [])):
        group = holding(starbucks(restart))
        give_level(group, 0, 1, at("2026-12-31"), at("2026-05-01"))
        for units, day in ((40, "2026-05-01"), (7, "2026-06-01")):
            give_opening(group, 0, units, at(day))
        assert sum(units for _, units in lost(group, "2026-12-31")) == 0
        days = lost(group, "2028-12-31")
        assert [(day, sum(u for d, u in days if d == day)) for day in sorted({d for d, _ in days})] == wanted


def test_spending_follows_the_new_day_of_a_moved_lot() -> None:
    """EXP-6, LOT-3: a lot that has moved behind another is spent after it."""
    soon = stars(postpone=Postpone(Duration(12, MONTHS), None))
    group = holding(
        program(reward(5), currencies=[soon], ladders=[ladder(level_at_least(9))]),
        (5, "2026-01-10"),
        (5, "2026-02-10"),
    )
    advance(group, at("2026-08-01"))
    (spent,) = apply(group, redeem("2026-08-02")).postings
    assert spent.expiry == at("2026-09-01")


def test_a_rules_own_expiry_is_left_alone() -> None:
    """LOT-5: its pending time and its day are its own, and neither status nor `postpone` moves it."""
    kept = attrs.evolve(stars(postpone=Postpone(Duration(1, MONTHS), None)), pending=Duration(5, Unit.DAY))
    own = earn(Flat(3), name="bonus", pending=Duration(2, Unit.DAY), expiry=after(30))
    group = open_group(program(earn(Flat(2)), own, currencies=[kept], ladders=[ladder(level_at_least(9))]))
    apply(group, purchase("2026-01-10"))
    days = [(lot.available - lot.earned, lot.expiry) for lot in group.only.accounts[0].lots]
    assert days == [(5, at("2026-08-01")), (2, at("2026-02-09"))]
    assert lost(group, "2026-12-31") == [(at("2026-02-09"), 3)]


def test_one_midnight_asks_before_anything_is_lost() -> None:
    """EXP-4: two lots due on one day, kept if at least 10 are there: both stay."""
    enough = Compare(BalanceOf(0), Order.AT_LEAST, Literal(10, Kind.UNITS))
    for units, kept in ((5, 10), (4, 0)):
        held = attrs.evolve(currency(expiry=after(10)), postpone=Postpone(Duration(1, Unit.YEAR), enough))
        group = holding(program(currencies=[held]), (5, "2026-01-01"), (units, "2026-01-01"))
        advance(group, at("2026-01-11"))
        assert group.only.accounts[0].available == kept


# ---- whole balances


def idle(activity: Activity = NOTHING, months: int = 18) -> Expiry:
    return AfterActivity(Duration(months, MONTHS), activity)


def test_a_balance_goes_without_activity() -> None:
    """EXP-7, EXP-8: last active on 15 January 2023, gone on 15 July 2024; a redemption on the 14th moves it
    to 14 January 2026 (E7.4)."""
    activity = Activity((PURCHASE,), earning=False, redemption=True, rewards=())
    rules = program(
        earn(Flat(60)), reward(100), currencies=[currency(expiry=idle(activity))], starts="2023-01-01"
    )
    group = open_group(rules)
    apply(group, purchase("2023-01-10"))
    apply(group, purchase("2023-01-15"))
    assert all(lot.expiry == NEVER for lot in group.only.accounts[0].lots)
    assert lost(group, "2024-07-14") == []
    other = open_group(rules)
    for event in (purchase("2023-01-10"), purchase("2023-01-15"), redeem("2024-07-14")):
        apply(other, event)
    assert lost(group, "2024-07-15") == [(at("2024-07-15"), 120)]
    assert group.only.journal[-1].expiry == at("2024-07-15")
    assert lost(other, "2026-01-13") == []
    assert lost(other, "2026-01-14") == [(at("2026-01-14"), 20)]


@pytest.mark.parametrize(
    ("activity", "event", "counts"),
    [
        (Activity((PURCHASE,), earning=False, redemption=False, rewards=()), purchase("2026-02-01"), True),
        (NOTHING, purchase("2026-02-01"), False),
        (attrs.evolve(NOTHING, earning=True), purchase("2026-02-01", 100), True),
        (attrs.evolve(NOTHING, earning=True), purchase("2026-02-01", 99), False),
        (attrs.evolve(NOTHING, redemption=True), redeem("2026-02-01"), True),
        (attrs.evolve(NOTHING, redemption=True), redeem("2026-02-01", 1), True),
        (attrs.evolve(NOTHING, rewards=(0,)), redeem("2026-02-01", 1), False),
        (attrs.evolve(NOTHING, rewards=(1,)), redeem("2026-02-01", 1), True),
    ],
)
def test_only_what_is_named_is_activity(activity: Activity, event: Event, counts: bool) -> None:
    """EXP-8: 2 months after 1 January, or after 1 February."""
    rules = program(earn(), reward(1, 100), reward(1, 200), currencies=[currency(expiry=idle(activity, 2))])
    group = holding(rules, (50, "2026-01-01"))
    apply(group, event)
    advance(group, at("2026-03-01"))
    assert (group.only.accounts[0].available > 0) == counts


def test_an_activity_on_an_empty_balance_is_remembered() -> None:
    """EXP-8: the clock counts from the later of it and the first lot."""
    activity = attrs.evolve(NOTHING, events=(PURCHASE,))
    rules = program(earn(), currencies=[currency(expiry=idle(activity, 2))])
    group = open_group(rules)
    apply(group, purchase("2026-02-01", 0))
    give_opening(group, 0, 5, at("2026-01-15"))
    assert lost(group, "2026-04-30") == [(at("2026-04-01"), 5)]


def card(stamps: int = 9) -> Program:
    """A punch card of 12 months from its first stamp; nine stamps are a free drink."""
    drink = attrs.evolve(
        reward(stamps),
        cases=(RewardCase(None, stamps, False, UnitsGiven(1, 1)),),
        taking=Taking.AFTER_EARNING,
    )
    return program(
        earn(Flat(1)),
        drink,
        currencies=[currency(expiry=AfterFirst(Duration(12, MONTHS))), currency(expiry=after(60))],
        starts="2024-01-01",
    )


def test_a_card_lives_from_its_first_stamp() -> None:
    """EXP-9, EVENT-1: the ninth on 14 January is a drink; on the 15th it starts a new card (E14.6)."""
    for day, stamps, drinks in (("2025-01-14", 0, 1), ("2025-01-15", 1, 0)):
        group = open_group(card())
        for number in range(8):
            apply(group, purchase(at("2024-01-15") + 40 * number))
        outcome = apply(group, purchase(day))
        held = [account.available for account in group.only.accounts]
        assert held == [stamps, drinks]
        assert posted(outcome.postings, EXPIRED) == ([] if drinks else [8])


def test_the_oldest_lot_that_is_left_decides() -> None:
    """EXP-9: the first stamp is spent, so the card lives from the second."""
    group = holding(card(1), (1, "2024-01-15"), (4, "2024-03-15"))
    group.only.accounts[0].spend(1)
    assert lost(group, "2025-12-31") == [(at("2025-03-15"), 4)]


def test_what_matures_at_midnight_is_issued_then() -> None:
    """TIME-4, EVENT-1: nine stamps that wait two days; the drink is posted at the midnight, from that day."""
    waiting = card()
    stamps = attrs.evolve(waiting.currencies[0], pending=Duration(2, Unit.DAY))
    rules = attrs.evolve(waiting, currencies=(stamps, waiting.currencies[1]))
    done = run(rules, [purchase("2024-01-15", 100 + n) for n in range(9)], at("2024-01-17"))
    drink = done.postings[-1]
    assert (drink.currency, drink.day, drink.event, drink.expiry) == (
        1,
        at("2024-01-17"),
        "",
        at("2024-03-17"),
    )
    assert done.totals[0].outstanding == 0
    assert done.uses[0].times == 1
