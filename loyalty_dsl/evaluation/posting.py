"""Lots as days go by: posted, mature, moved, gone (LOT, EXP).

Invariant: every lot that can be lost has an entry in the agenda for the day that it carries; an entry of a
day that the lot no longer carries is void.
"""

import attrs

from loyalty_dsl.calendar import add_duration
from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.expiring import gone_on, term_of
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Totals, flows_of
from loyalty_dsl.evaluation.members import Group, Member, Rank, enter, facts_on
from loyalty_dsl.evaluation.witness import BalanceActive, BalanceKept, LotMoved, Posted
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst, FirstThatHolds
from loyalty_dsl.language.program import EarnRule


def post_lot(
    group: Group,
    member: Member,
    kind: PostingKind,
    currency: int,
    *,
    units: int,
    earned: int,
    name: str = "",
    event: str = "",
    rule: EarnRule | None = None,
    wait: int = -1,
) -> Lot:
    """Posts units as a lot (LOT-1) and enters what will happen to it in the agenda.

    Args:
        rule: the earn rule, whose pending time and expiry go before those of the currency (LOT-5).
        wait: the case of the rule's pending time that holds (LOT-7); -1 for none.
    """
    account = member.accounts[currency]
    its = account.currency
    pending = its.pending if rule is None or rule.pending is None else rule.pending
    if rule is not None and wait >= 0:
        pending = rule.waits[wait][1]
    own = None if rule is None else rule.expiry
    term = own if own is not None else term_of(its.expiry, facts_on(group, member, earned, earned))
    lot = Lot(
        currency=currency,
        units=units,
        earned=earned,
        available=add_duration(earned, pending),  # LOT-2
        expiry=gone_on(term, earned),
        order=member.lots_made,
        name=name,
        event=event,
        own_term=own is not None,
    )
    member.lots_made += 1
    member.journal.append(Posting(kind, earned, event, name, currency, lot.available, lot.expiry, units))
    if account.held == 0:
        note_activity(group, member, account, earned)  # EXP-8: the clock of an empty balance starts
    owed = account.debt
    account.hold(lot)
    if group.witness is not None:
        group.witness(Posted(member.slot, member.journal[-1], lot.order, owed - account.debt))
    if lot.available > earned:
        enter(group, member, lot.available, Rank.MATURE, currency, order=lot.order, lot=lot)
    enter(group, member, lot.expiry, Rank.EXPIRE, currency, order=lot.order, lot=lot)
    if isinstance(its.expiry, AfterFirst):  # EXP-9
        enter(group, member, add_duration(earned, its.expiry.duration), Rank.INACTIVE, currency)
    return lot


def note_activity(group: Group, member: Member, account: Account, day: int) -> None:
    """Starts the clock of a balance again, if it has one (EXP-8)."""
    expiry = account.currency.expiry
    if isinstance(expiry, AfterActivity):
        account.active = day if account.active is None else max(account.active, day)
        if group.witness is not None:
            group.witness(BalanceActive(account.currency.index, account.active))
        due = add_duration(account.active, expiry.duration)
        enter(group, member, due, Rank.INACTIVE, account.currency.index)


def expire_lot(group: Group, member: Member, lot: Lot, day: int) -> Posting | None:
    """Does what is due when a lot's day has come: moves it, or loses it (EXP-4, EXP-5).

    Returns:
        The posting; `None` if nothing was lost.
    """
    account = member.accounts[lot.currency]
    if lot.expiry != day or not lot.units:
        return None
    _facts_of_day(group, member, day)
    later = day if lot.own_term else _moved_to(group, member, account, lot, day)
    if later > day:
        move_lot(group, member, lot, later)
        return None
    lost = account.expire(lot)
    return _expired(group, member, lot.currency, day, lost, lot=lot.order)


def _moved_to(group: Group, member: Member, account: Account, lot: Lot, day: int) -> int:
    """The day to which a lot moves that would be gone today; today if it stays as it is."""
    expiry, postpone = account.currency.expiry, account.currency.postpone
    if not isinstance(expiry, FirstThatHolds) and postpone is None:
        return day
    facts = _facts_of_day(group, member, day)
    if isinstance(expiry, FirstThatHolds):  # EXP-4
        later = gone_on(term_of(expiry, facts), lot.earned)
        if later > day:
            return later
    if postpone is not None and holds(postpone.when, facts):  # EXP-5
        return add_duration(day, postpone.duration)
    return day


def _facts_of_day(group: Group, member: Member, day: int) -> Facts:
    """What expiry asks on a day: the member as it was before anything of that day had expired (EXP-4)."""
    if member.at_expiry is None or member.at_expiry[0] != day:
        member.at_expiry = (day, facts_on(group, member, day, day))
    return member.at_expiry[1]


def move_lot(group: Group, member: Member, lot: Lot, expiry: int) -> None:
    """Gives a lot another day to be gone."""
    if group.witness is not None and lot.expiry != expiry:
        group.witness(LotMoved(lot.currency, lot.order, lot.units, lot.expiry, expiry))
    member.accounts[lot.currency].move(lot, expiry)
    enter(group, member, expiry, Rank.EXPIRE, lot.currency, order=lot.order, lot=lot)


def expire_balance(group: Group, member: Member, currency: int, day: int) -> Posting | None:
    """Loses a whole balance if its day has come: without activity, or counted from its oldest lot (EXP-8,
    EXP-9). While something exempts the member it is asked again every day (EXP-10).

    Returns:
        One posting for all lots; `None` if nothing was lost.
    """
    account = member.accounts[currency]
    if not account.held:
        return None
    match account.currency.expiry:
        case AfterActivity(duration, _, unless) if account.active is not None:
            due = add_duration(account.active, duration)
        case AfterFirst(duration, unless):
            due = add_duration(min(lot.earned for lot in account.lots), duration)
        case _:
            return None
    facts = _facts_of_day(group, member, day)
    if due > day:
        return None
    if unless is not None and holds(unless, facts):
        if (day + 1, Rank.INACTIVE, currency, member.slot, -1, None) not in group.agenda:
            enter(group, member, day + 1, Rank.INACTIVE, currency)
        if group.witness is not None:
            group.witness(BalanceKept(currency, facts))
        return None
    lost = sum(account.expire(lot) for lot in list(account.lots))
    return _expired(group, member, currency, day, lost)


def _expired(group: Group, member: Member, currency: int, day: int, units: int, *, lot: int = -1) -> Posting:
    """Writes down what was lost: of a lot, by its number, or of a whole balance."""
    posting = Posting(PostingKind.EXPIRED, day, "", "", currency, 0, day, units)
    member.journal.append(posting)
    if group.witness is not None:
        group.witness(Posted(member.slot, posting, lot))
    return posting


def restart_lots(group: Group, member: Member, ladder: int, before: int, facts: Facts) -> None:
    """Counts the time of lots again when status falls (EXP-6).

    Args:
        before: the level until now.
        facts: with the new one.
    """
    for account in member.accounts:
        restart = account.currency.restart
        if restart is None or restart.ladder != ladder:
            continue
        if facts.levels[ladder] < restart.level <= before:
            expiry = gone_on(term_of(account.currency.expiry, facts), facts.day)
            for lot in account.lots:
                if not lot.own_term:
                    move_lot(group, member, lot, expiry)


def totals_of(member: Member) -> tuple[Totals, ...]:
    """The member's figures in each currency, as of now; the outstanding is that of the lots and the debt."""
    return tuple(
        attrs.evolve(
            flows_of(member.journal, account.currency.index),
            pending=account.pending,
            outstanding=account.outstanding,
        )
        for account in member.accounts
    )
