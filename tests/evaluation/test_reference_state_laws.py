"""Laws of state over time, on programs of all mechanics and histories with returns, drawn at random."""

from collections import Counter

import attrs
from drawing import ALL, Feature
from drawn_histories import seeded_pair
from hypothesis import given, settings
from hypothesis import strategies as st
from programs_by_hand import (
    AT_ZERO,
    CATEGORY,
    NEGATIVE,
    after,
    at,
    at_least,
    counter,
    currency,
    earn,
    give_back,
    ladder,
    program,
    purchase,
    units,
)

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event, Item
from loyalty_dsl.evaluation.groups import Group, advance, open_group, totals_of
from loyalty_dsl.evaluation.ledger import PostingKind, verify_identity
from loyalty_dsl.evaluation.members import counters_now
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import PerMoney
from loyalty_dsl.language.conditions import Base, ItemField, OneAmong
from loyalty_dsl.language.counters import EarnedMeasure, EventsMeasure, ItemsMeasure
from loyalty_dsl.language.expiry import Expiry, Never
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.windows import Lifetime
from loyalty_dsl.quantities import Rounding

CERTAIN = ALL - {Feature.CHANCES}

Life = tuple[Program, list[Event], int]
"""A program, the events of one member, and the last day."""

few = settings(max_examples=80, deadline=None)


def lives() -> st.SearchStrategy[Life]:
    """Lives of which nothing is left to chance."""

    def live(seed: int) -> Life:
        rules, history = seeded_pair(seed, CERTAIN)
        counts = [len(kind.fields) for kind in rules.events]
        return rules, history.events_of(0, counts), history.last_day

    return st.integers(0, 2**40).map(live)


def sound(group: Group) -> None:
    """LEDGER-1, LOT-4, LOT-6, TIER-1: what has to hold of a member at any time."""
    member = group.only
    for totals, account in zip(totals_of(member), member.accounts, strict=True):
        assert verify_identity(totals) == ()
        assert account.available == sum(lot.units for lot in account.spendable) >= 0
        assert account.pending == sum(lot.units for lot in account.waiting) >= 0
        assert all(lot.units > 0 and lot.expiry > group.today for lot in account.lots)
        assert account.debt == 0 or account.lots == []
    for ladder_, standing in zip(group.program.ladders, member.ladders, strict=True):
        assert 0 <= standing.level < len(ladder_.levels)
        assert standing.level == standing.live_on(group.today)


@few
@given(lives())
def test_every_state_is_sound(life: Life) -> None:
    """LEDGER-1, LOT-6, TIER-1: after every event, and long after the last."""
    rules, events, last = life
    group = open_group(rules)
    for event in events:
        apply(group, event)
        sound(group)
    advance(group, last + 800)
    sound(group)


@few
@given(lives())
def test_lazy_is_eager_with_status_clocks_and_returns(life: Life) -> None:
    """TIME-4: day by day or at once, the journal, the grants, the counters and the debts are the same."""
    rules, events, last = life
    lazy, eager = open_group(rules), open_group(rules)
    today = min((event.day for event in events), default=last)
    for event in events:
        apply(lazy, event)
        for day in range(today, event.day + 1):
            advance(eager, day)
        today = event.day
        apply(eager, event)
    advance(lazy, last + 400)
    for day in range(today, last + 401):
        advance(eager, day)
    assert lazy.only.journal == eager.only.journal
    assert [each.through for each in lazy.only.ladders] == [each.through for each in eager.only.ladders]
    assert [each.level for each in lazy.only.ladders] == [each.level for each in eager.only.ladders]
    assert counters_now(lazy, lazy.only) == counters_now(eager, eager.only)
    assert [each.debt for each in lazy.only.accounts] == [each.debt for each in eager.only.accounts]


@few
@given(lives())
def test_without_returns_status_only_falls_at_midnight(life: Life) -> None:
    """TIER-4, TIER-8: an event other than a return lowers nothing."""
    rules, events, _ = life
    group = open_group(rules)
    for event in events:
        advance(group, event.day)
        before = [standing.level for standing in group.only.ladders]
        apply(group, event)
        after = [standing.level for standing in group.only.ladders]
        if event.kind != RETURN:
            assert all(old <= new for old, new in zip(before, after, strict=True))


def test_the_lives_of_the_laws_are_lived() -> None:
    """The laws above are worth something only if all of this happens."""
    seen: Counter[str] = Counter()
    for seed in range(600):
        rules, history = seeded_pair(seed, CERTAIN)
        group = open_group(rules)
        for event in history.events_of(0, [len(kind.fields) for kind in rules.events]):
            before = [standing.level for standing in group.only.ladders]
            outcome = apply(group, event)
            seen.update(posting.kind.value for posting in outcome.postings)
            seen.update("midnight" for posting in outcome.postings if posting.name and not posting.event)
            seen.update("return" for _ in [0] if event.kind == RETURN and not outcome.refusals)
            levels = [standing.level for standing in group.only.ladders]
            seen.update("rise" for old, new in zip(before, levels, strict=True) if old < new)
            seen.update("fall" for old, new in zip(before, levels, strict=True) if old > new)
            seen.update("debt" for account in group.only.accounts if account.debt)
            seen.update("redeem alone" for _ in [0] if event.kind == REDEEM and not outcome.refusals)
    wanted = ["earned", "expired", "redeemed", "reversed", "midnight", "return", "rise", "fall", "debt"]
    assert [what for what in wanted if seen[what] < 3] == [], seen


# ---- returns

A_DRINK = OneAmong(ItemField(CATEGORY), (0,))
LONG_AGO, LATER = at("2026-01-01"), at("2026-03-31")

items = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 1)), min_size=1, max_size=4)


@st.composite
def shops(draw: st.DrawFn, returns: Returns = NEGATIVE) -> Program:
    """A program with a filter, limits, pending time, expiry and counters, and no rewards."""
    rules = []
    for name, filter_ in (("a", A_DRINK), ("b", None)):
        rate = PerMoney(draw(st.integers(1, 30)), 100, draw(st.booleans()), Base.AMOUNT)
        limits = [units(draw(st.integers(1, 200)), Unit.YEAR)] if draw(st.booleans()) else []
        rules.append(earn(rate, *limits, name=name, items=filter_))
    expiry: Expiry = Never() if draw(st.booleans()) else after(300)
    held = currency(
        rounding=draw(st.sampled_from(Rounding)),
        pending=Duration(draw(st.sampled_from((0, 20, 200))), Unit.DAY),
        expiry=expiry,
    )
    counters = [
        counter(),
        counter(items=A_DRINK, window=Lifetime()),
        counter(ItemsMeasure(), items=A_DRINK),
        counter(EventsMeasure(PURCHASE)),
        counter(EarnedMeasure(0, (0, 1))),
    ]
    return program(
        *rules, currencies=[held], counters=counters, returns=returns, ladders=[ladder(at_least(0, 9))]
    )


@few
@given(shops(), items, items)
def test_a_full_return_restores_everything(
    rules: Program, bought: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    """RETURN-3 to RETURN-6, COUNT-6, LIMIT-8: balance, counters and room, as if it had not been bought."""
    first = purchase(LONG_AGO, items=kept)
    other = purchase(LONG_AGO + 5, items=bought, minute=7)
    group, never = open_group(rules), open_group(rules)
    for event in (first, other, give_back("2026-01-09", other, items=bought)):
        apply(group, event)
    apply(never, first)
    for each in (group, never):
        advance(each, LATER)
    assert counters_now(group, group.only) == counters_now(never, never.only)
    assert group.only.usage.used == never.only.usage.used
    held = [
        (
            each.only.accounts[0].pending,
            sum((Counter({lot.expiry: lot.units}) for lot in each.only.accounts[0].lots), Counter[int]()),
        )
        for each in (group, never)
    ]
    assert held[0] == held[1]


@few
@given(shops(), items, st.permutations(range(4)), st.integers(1, 4))
def test_parts_of_a_return_come_to_the_whole(
    rules: Program, bought: list[tuple[int, int]], order: list[int], parts: int
) -> None:
    """RETURN-4: items one by one in any order, up to some, or those at once: the same in the end."""
    original = purchase(LONG_AGO, items=bought)
    back = [bought[place] for place in order if place < len(bought)][:parts]
    split = [
        attrs.evolve(give_back("2026-01-09", original, items=[item]), id=f"part {number}")
        for number, item in enumerate(back)
    ]
    whole = [give_back("2026-01-09", original, items=back)]
    ends = []
    for returned in (split, whole):
        done = run(rules, [original, *returned], LATER)
        assert done.refusals == ()
        ends.append((done.totals, done.counters, done.usage))
    assert ends[0] == ends[1]


@few
@given(shops(), shops(AT_ZERO), st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=6))
def test_no_buying_and_returning_gains_a_unit(
    negative: Program, at_zero: Program, deals: list[tuple[int, int]]
) -> None:
    """RETURN-4, LIMIT-8: what is left is never more than if only the rest had been bought, rounded up for
    each rule, and what is returned whole leaves nothing."""
    for rules in (negative, at_zero):
        events: list[Event] = []
        for number, (basket, back) in enumerate(deals):
            bought = attrs.evolve(
                purchase(LONG_AGO + number, basket, minute=number), items=(Item(basket, (0,)),)
            )
            taken = give_back("2026-02-01", bought, min(back, basket))
            events += [bought, attrs.evolve(taken, day=bought.day, id=f"back {number}")]
        done = run(rules, events, LATER)
        rest = [basket - min(back, basket) for basket, back in deals]
        exact = sum(
            max(0, -(-left * rule.amount.units // rule.amount.per))
            for rule in rules.earns
            for left in rest
            if isinstance(rule.amount, PerMoney)
        )
        assert 0 <= done.totals[0].outstanding <= exact
        if not any(rest):
            assert done.totals[0].issued == done.totals[0].reversed
            assert done.counters == (0,) * len(rules.counters)


@few
@given(shops(), st.lists(st.integers(0, 900), min_size=1, max_size=6))
def test_more_spend_never_gives_a_lower_level(rules: Program, baskets: list[int]) -> None:
    """TIER-2, TIER-4: with conditions that only ask for more, one purchase more lowers nothing."""
    levels = []
    for count in (len(baskets) - 1, len(baskets)):
        group = open_group(rules)
        for number, basket in enumerate(baskets[:count]):
            apply(group, purchase(LONG_AGO + number, basket, minute=number))
        advance(group, LATER)
        levels.append((group.only.ladders[0].level, max(group.only.ladders[0].through)))
    assert levels[0] <= levels[1]


@few
@given(lives())
def test_what_is_reversed_was_earned(life: Life) -> None:
    """RETURN-4, RETURN-5: of each rule no more is taken back than it posted."""
    rules, events, last = life
    done = run(rules, events, last)
    sums: Counter[tuple[str, PostingKind]] = Counter()
    for posting in done.postings:
        sums[posting.name, posting.kind] += posting.units
        if posting.kind is PostingKind.REVERSED:
            assert posting.available == 0 and 0 <= posting.expiry <= NEVER
    for rule in rules.earns:
        assert sums[rule.name, PostingKind.REVERSED] <= sums[rule.name, PostingKind.EARNED]
