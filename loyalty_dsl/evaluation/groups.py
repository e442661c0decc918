"""A group as days go by: opened, given what a story begins with, and moved through its midnights.

Invariant: midnight work is done in the order of the day, the rank and the declaration (TIME-4), whichever way
the clock gets to that day. Nothing here lets the members of a group affect each other: only a transfer
from one to another does (`sending`), so a group without one does what each would do alone.
"""

from heapq import heappop
from typing import assert_never

from loyalty_dsl.evaluation.counters import value_on
from loyalty_dsl.evaluation.deciding import decide_at_review, decide_ladder, end_terms, grant_level
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.members import Due, Group, Member, Rank, enter, facts_on, new_member
from loyalty_dsl.evaluation.occurring import enter_clocks, issue_at_midnight, join, strike
from loyalty_dsl.evaluation.posting import expire_balance, expire_lot, post_lot, totals_of
from loyalty_dsl.evaluation.tiers import grant_from
from loyalty_dsl.evaluation.witness import Ended, LotMatured, MidnightBegan
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.program import Limit, LimitOf, Program
from loyalty_dsl.language.rewards import Taking

__all__ = [
    "Group",
    "Member",
    "advance",
    "counters_of_all_earned",
    "decide_given",
    "give_counter",
    "give_field",
    "give_joined",
    "give_level",
    "give_opening",
    "give_times",
    "held_through",
    "open_group",
    "totals_of",
]


def open_group(program: Program, size: int = 1) -> Group:
    """A group of people who have not joined yet and have nothing."""
    return Group(program=program, members=tuple(new_member(program, slot) for slot in range(size)))


def advance(group: Group, day: int) -> tuple[Posting, ...]:
    """Does the midnight work of every day up to and including `day` (TIME-4).

    Returns:
        The postings that it made, of all members.
    """
    made: list[Posting] = []
    while group.agenda and group.agenda[0][0] <= day:
        due = heappop(group.agenda)
        journal = group.members[due[3]].journal
        before = len(journal)
        group.today = max(group.today, due[0])
        if group.witness is None:
            _do(group, due)
        else:
            _do_watched(group, due)
        made += journal[before:]
    group.today = max(group.today, day)
    return tuple(made)


def _do_watched(group: Group, due: Due) -> None:
    """The same, told to the group's witness."""
    day, rank, declaration, slot, _, lot = due
    assert group.witness is not None
    group.witness(MidnightBegan(slot, day, rank, declaration, -1 if lot is None else lot.order))
    _do(group, due)
    group.witness(Ended(facts_on(group, group.members[slot], day, day)))


def _do(group: Group, due: Due) -> None:
    """Does one entry of the agenda."""
    day, rank, declaration, slot, _, lot = due
    program, member = group.program, group.members[slot]
    match rank:
        case Rank.MATURE:  # LOT-2: no posting, the balance is the same
            if lot is not None and lot.units:
                member.accounts[declaration].mature(lot)
                if group.witness is not None:
                    group.witness(LotMatured(declaration, lot.order, lot.units))
                _enter_issue(group, member, day)
        case Rank.ISSUE:
            issue_at_midnight(group, member, day)
        case Rank.EXPIRE:
            if lot is not None:
                expire_lot(group, member, lot, day)
        case Rank.INACTIVE:
            expire_balance(group, member, declaration, day)
        case Rank.TERM:
            end_terms(group, member, program.ladders[declaration], day)
        case Rank.REVIEW:
            decide_at_review(group, member, program.ladders[declaration], day)
        case Rank.CLOCK:
            strike(group, member, declaration, day)
        case _:
            assert_never(rank)


def _enter_issue(group: Group, member: Member, day: int) -> None:
    """Enters the issue of rewards at a midnight at which lots mature, once."""
    automatic = any(reward.taking is Taking.AFTER_EARNING for reward in group.program.rewards)
    if automatic and (day, Rank.ISSUE, 0, member.slot, -1, None) not in group.agenda:
        enter(group, member, day, Rank.ISSUE)


# ---- what a story begins with (SCEN-1)


def give_joined(group: Group, day: int, slot: int = 0) -> None:
    """Sets the joined day, which triggers nothing."""
    join(group, group.members[slot], day)


def give_opening(group: Group, currency: int, units: int, earned: int, slot: int = 0) -> None:
    """Writes an opening lot; its pending time and expiry count from the day earned. Counters of all that is
    earned of the currency count it."""
    program, member = group.program, group.members[slot]
    post_lot(group, member, PostingKind.OPENING, currency, units=units, earned=earned)
    for counter in counters_of_all_earned(program, currency):
        member.tallies[counter].add(earned, units)


def counters_of_all_earned(program: Program, currency: int) -> tuple[int, ...]:
    """The counters of all that is earned of a currency, but for what friends do; by index."""
    by_friends = {friend.event for friend in program.friend_kinds}
    everything = {
        rule.index
        for rule in program.earns
        if rule.currency == currency and not all(trigger.event in by_friends for trigger in rule.triggers)
    }
    return tuple(
        counter.index
        for counter in program.counters
        if isinstance(counter.measure, EarnedMeasure)
        and counter.measure.currency == currency
        and everything <= set(counter.measure.rules)
    )


def give_field(group: Group, field: int, value: int, slot: int = 0) -> None:
    """Sets a field of the member, by index."""
    member = group.members[slot]
    member.fields = (*member.fields[:field], value, *member.fields[field + 1 :])
    enter_clocks(group, member, group.today)


def give_level(
    group: Group, ladder: int, level: int, through: int | None, day: int, *, slot: int = 0
) -> None:
    """Grants a level through a day or, without one, as if it had been earned on `day`."""
    rules = group.program.ladders[ladder]
    last = grant_from(rules, day, day) if through is None else through
    grant_level(group, group.members[slot], rules, level, through=last, day=day, strikes=False)


def give_counter(group: Group, counter: int, value: int, day: int, slot: int = 0) -> None:
    """Gives a counter a value in the window that holds `day`, whatever it had there."""
    member = group.members[slot]
    joined = day if member.joined is None else member.joined
    tally = member.tallies[counter]
    tally.add(day, value - value_on(group.program.counters[counter], tally, day, joined))


def give_times(group: Group, limits: tuple[Limit, ...], times: int, day: int, slot: int = 0) -> None:
    """Counts so many times against the limits in times, in the windows that hold `day`."""
    in_times = tuple(limit for limit in limits if limit.of is LimitOf.TIMES)
    group.members[slot].usage.count(in_times, day, units=0, times=times)


def decide_given(group: Group, apart: frozenset[int], slot: int = 0) -> None:
    """Decides what the given counters and fields have earned, as of today.

    Args:
        apart: ladders to leave as they are, because a level of them is given.
    """
    member = group.members[slot]
    for ladder in group.program.ladders:
        if ladder.index not in apart:
            decide_ladder(group, member, ladder, group.today, strikes=False)


def held_through(member: Member, ladder: int, level: int) -> int:
    """The last day on which, with no further events, the member has at least this level for sure."""
    return member.ladders[ladder].held_through(level)
