"""Laws of the reference evaluator, on programs and histories drawn at random."""

from collections import Counter, defaultdict

import attrs
from drawn_programs import FIRST, LAST, Life, draw_life, lives
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.evaluation.checkout import spread_over_items
from loyalty_dsl.evaluation.expiring import gone_on
from loyalty_dsl.evaluation.groups import advance, open_group, totals_of
from loyalty_dsl.evaluation.ledger import PostingKind, RefusalKind, canonical_postings, verify_identity
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.evaluation.windows import window_from
from loyalty_dsl.language.expiry import AfterEarning, Never
from loyalty_dsl.language.program import LimitOf, SpendOrder

END = LAST + 40


few = settings(max_examples=150, deadline=None)


def test_drawn_lives_are_lived() -> None:
    """The laws below are worth something only if all of this happens, and often."""
    seen: Counter[str] = Counter()
    for seed in range(200):
        rules, events = draw_life(seed)
        group = open_group(rules)
        for event in events:
            outcome = apply(group, event)
            seen.update(posting.kind.value for posting in outcome.postings)
            seen.update(refusal.kind.value for refusal in outcome.refusals)
            seen.update(why.name for _, why in outcome.silent)
            seen.update("automatic" for use in outcome.uses if rules.rewards[use.reward].automatic)
            seen.update("several" for use in outcome.uses if use.times > 1)
    rare = {what: seen[what] for what in _HAPPENINGS if seen[what] < 50}
    assert rare == {}, seen


_ELSEWHERE = {PostingKind.OPENING, PostingKind.REVERSED, PostingKind.SENT, PostingKind.RECEIVED}
_HAPPENINGS = (  # of the lives that are drawn, without returns, groups, chances, firsts, and gates
    *(kind.value for kind in PostingKind if kind not in _ELSEWHERE),
    *(kind.value for kind in RefusalKind if kind not in {RefusalKind.RETURN, RefusalKind.EVENT}),
    *(why.name for why in Silence if why not in {Silence.GROUP, Silence.CHANCE, Silence.FIRST, Silence.PART}),
    "automatic",
    "several",
)


@few
@given(lives())
def test_the_ledger_holds_after_every_event(life: Life) -> None:
    """LEDGER-1, LOT-4, NUM-1: identity, lots that sum to balances, whole units, nothing negative."""
    rules, events = life
    group = open_group(rules)
    for event in [*events, None]:
        if event is None:
            advance(group, END)
        else:
            outcome = apply(group, event)
            assert 0 <= outcome.amount <= event.basket
        for totals, account in zip(totals_of(group.only), group.only.accounts, strict=True):
            assert verify_identity(totals) == ()
            assert account.available == sum(lot.units for lot in account.spendable) >= 0
            assert account.pending == sum(lot.units for lot in account.waiting) >= 0
            assert all(type(lot.units) is int and lot.units > 0 for lot in account.lots)
            assert all(group.today < lot.expiry for lot in account.lots)
            assert all(lot.available <= group.today for lot in account.spendable)
            assert all(lot.available > group.today for lot in account.waiting)
    assert all(type(posting.units) is int and posting.units > 0 for posting in group.only.journal)


@few
@given(lives())
def test_lazy_is_eager(life: Life) -> None:
    """TIME-4: a member whose clock moves day by day has the same journal as one who jumps."""
    rules, events = life
    lazy, eager = open_group(rules), open_group(rules)
    today = FIRST
    for event in events:
        apply(lazy, event)
        while today < event.day:
            today += 1
            advance(eager, today)
        apply(eager, event)
    advance(lazy, END)
    while today < END:
        today += 1
        advance(eager, today)
    assert lazy.only.journal == eager.only.journal
    assert totals_of(lazy.only) == totals_of(eager.only)


@few
@given(lives())
def test_no_limit_is_ever_passed(life: Life) -> None:
    """LIMIT-1 to LIMIT-4, REDEEM-5: counted again from the postings and the uses, window by window."""
    rules, events = life
    group = open_group(rules)
    used: dict[tuple[int, object], int] = defaultdict(int)
    for number, event in enumerate(events):
        outcome = apply(group, event)
        paid = [
            (rules.earns[[rule.name for rule in rules.earns].index(p.name)], p.units, 1)
            for p in outcome.postings
            if p.kind is PostingKind.EARNED
        ]
        taken = [(rules.rewards[use.reward], use.off, use.times) for use in outcome.uses]
        counted = [(rule.limits, units, times) for rule, units, times in paid]
        counted += [(reward.limits, off, times) for reward, off, times in taken]
        for limits, units, times in counted:
            for limit in limits:
                window = number if limit.window is None else window_from(limit.window, event.day, event.day)
                used[limit.index, window] += units if limit.of is LimitOf.UNITS else times
                assert used[limit.index, window] <= limit.most


@few
@given(lives())
def test_a_refusal_changes_nothing_but_itself(life: Life) -> None:
    """EVENT-2, REDEEM-3: without the refused events, and the refused choices, the ledger is the same."""
    rules, events = life
    group = open_group(rules)
    accepted = []
    for event in events:
        outcome = apply(group, event)
        if outcome.refusals and outcome.refusals[0].reward:
            accepted.append(attrs.evolve(event, redeem=None) if event.kind >= 0 else event)
        elif not outcome.refusals:
            accepted.append(event)
    again = run(rules, accepted, END)
    advance(group, END)
    assert canonical_postings(again.postings) == canonical_postings(group.only.journal)


@few
@given(lives())
def test_both_orders_of_spending_agree_while_expiry_counts_from_earning(life: Life) -> None:
    """LOT-3: a lot earned later never expires sooner, so the orders can only differ in name."""
    rules, events = life
    answers = [
        canonical_postings(
            run(
                attrs.evolve(rules, currencies=tuple(attrs.evolve(c, spend=spend) for c in rules.currencies)),
                events,
                END,
            ).postings
        )
        for spend in SpendOrder
    ]
    assert answers[0] == answers[1]


@few
@given(lives())
def test_what_never_expires_is_never_lost(life: Life) -> None:
    """EXP-2: no expiry is posted, and every unit is either spent or outstanding."""
    rules, events = life
    rules = attrs.evolve(rules, currencies=tuple(attrs.evolve(c, expiry=Never()) for c in rules.currencies))
    for totals in run(rules, events, END).totals:
        assert totals.expired == 0
        assert totals.issued == totals.redeemed + totals.outstanding


@few
@given(lives())
def test_every_posting_names_its_days(life: Life) -> None:
    """LOT-1, EXP-1: what is lost is lost on its own expiry day, and nothing is spent from then on."""
    rules, events = life
    for posting in run(rules, events, END).postings:
        match posting.kind:
            case PostingKind.EARNED:
                assert posting.day <= posting.available
                expiry = rules.currencies[posting.currency].expiry
                assert isinstance(expiry, Never | AfterEarning)
                assert posting.expiry == gone_on(expiry, posting.day)
            case PostingKind.REDEEMED:
                assert (posting.available, posting.day < posting.expiry) == (0, True)
            case PostingKind.EXPIRED:
                assert (posting.event, posting.name, posting.day) == ("", "", posting.expiry)
            case PostingKind.OPENING:
                raise AssertionError("nothing was given")
            case PostingKind.REVERSED:
                raise AssertionError("nothing was returned")


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), max_size=6))
def test_parts_of_money_off_add_up(off: int, prices: list[int]) -> None:
    """AMT-3: no item bears more than its price, and the parts sum to what is taken off."""
    parts = spread_over_items(off, prices)
    assert sum(parts) == min(off, sum(prices))
    assert all(0 <= part <= price for part, price in zip(parts, prices, strict=True))
