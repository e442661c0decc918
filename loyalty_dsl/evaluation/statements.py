"""What a member stands to have, lose and reach, as of the end of a day: what a statement says.

Invariant: it is read off the state and the program, and looking changes nothing. What would be needed to
reach a level is worked out for sums alone; a condition of another kind is told to fail, never guessed at.
"""

from typing import assert_never

import attrs

from loyalty_dsl.calendar import NEVER, Unit, add_duration, window_start
from loyalty_dsl.evaluation.accounts import Account
from loyalty_dsl.evaluation.counters import counted_before, value_on
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.limits import binding
from loyalty_dsl.evaluation.member_states import LiveMember
from loyalty_dsl.evaluation.members import Member, facts_on
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.language.allowances import value_of
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    Literal,
    Not,
    OneAmong,
    Order,
    reads_event,
)
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.in_force import conditions_in_force
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.tiers import HoldFor, Ladder, Lapse
from loyalty_dsl.language.windows import Rolling
from loyalty_dsl.shown import Shown

DayAndUnits = tuple[int, int]


@attrs.frozen
class Holding:
    """A balance.

    Attributes:
        pending: what will be available, by the day from which it is.
        gone: what is lost, by the day from whose start it is; lots that stay for ever are not in it.
        together: the day from whose start all of it is gone if nothing else happens; `None` where each lot
            has a day of its own.
    """

    currency: int
    available: int
    owed: int
    pending: tuple[DayAndUnits, ...]
    gone: tuple[DayAndUnits, ...]
    together: int | None


@attrs.frozen
class Missing:
    """What a sum of counters lacks.

    Attributes:
        terms: coefficients and counters; a sum of several is of one unit.
        units: how much, in the counters' units.
        by: the last day on which it counts; `None` where days go out of the window one by one, or never.
    """

    terms: tuple[tuple[int, int], ...]
    units: int
    by: int | None


@attrs.frozen
class Way:
    """One way to a level: all that is missing on it, and whether a condition of another kind fails, too."""

    missing: tuple[Missing, ...]
    more: bool


@attrs.frozen
class Rung:
    """Where a member stands on a ladder.

    Attributes:
        through: the last day on which the level is held if nothing else happens; `NEVER` for good.
        keeping: the ways to hold the level for longer than that; empty where it is earned again already, or
            is never lost.
        raising: the ways to the next level, which is `level + 1`; empty at the top.
    """

    ladder: int
    level: int
    through: int
    keeping: tuple[Way, ...]
    raising: tuple[Way, ...]


@attrs.frozen
class Offer:
    """A reward for points.

    Attributes:
        price: units of its currency; 0 where it takes the whole balance.
        short: units that are missing; 0 where there are enough.
        closed: why it cannot be had today whatever the balance; "" where nothing is in the way.
    """

    reward: int
    price: int
    short: int
    closed: str


@attrs.frozen
class Statement(Shown):
    """A member at the end of a day.

    Attributes:
        joined: `None` for somebody who has not joined by then.
        postings: of the calendar month that holds the day; `None` where only a state was at hand.
        allowances: what each lets the member use (ALLOW-1).
        program: that it is of.
    """

    member: str
    day: int
    joined: int | None
    holdings: tuple[Holding, ...]
    rungs: tuple[Rung, ...]
    offers: tuple[Offer, ...]
    postings: tuple[Posting, ...] | None
    allowances: tuple[int, ...] = ()
    program: Program | None = attrs.field(default=None, eq=False, repr=False)


def statement_of(live: LiveMember, *, with_postings: bool) -> Statement:
    """What a member's statement says, as of the day to which the member was brought."""
    group, member, program = live.group, live.member, live.program
    day = group.today
    month = window_start(Unit.MONTH, day)
    facts = facts_on(group, member, day, day)
    rewards = [reward for reward in program.rewards if _is_offered(member, reward)]
    return Statement(
        member=live.name,
        day=day,
        joined=member.joined,
        holdings=tuple(_holding(account, facts) for account in member.accounts),
        rungs=tuple(_rung(live, ladder, facts) for ladder in program.ladders),
        offers=tuple(_offer(member, reward, facts) for reward in rewards),
        postings=tuple(p for p in member.journal if month <= p.day <= day) if with_postings else None,
        allowances=tuple(
            value_of(allowance, facts.levels, facts.member, facts.available)
            for allowance in program.allowances
        ),
        program=program,
    )


def _is_offered(member: Member, reward: Reward) -> bool:
    """Whether a member is told of a reward: of an option of a menu while there is something to choose."""
    if reward.benefit or reward.hidden or reward.taking is Taking.DEFAULTED:
        return False
    return reward.taking is not Taking.PICKED or member.accounts[reward.currency].available > 0


def _holding(account: Account, facts: Facts) -> Holding:
    gone: dict[int, int] = {}
    pending: dict[int, int] = {}
    for lot in account.lots:
        if lot.expiry != NEVER:
            gone[lot.expiry] = gone.get(lot.expiry, 0) + lot.units
    for lot in account.waiting:
        pending[lot.available] = pending.get(lot.available, 0) + lot.units
    return Holding(
        account.currency.index,
        account.available,
        account.debt,
        tuple(sorted(pending.items())),
        tuple(sorted(gone.items())),
        _gone_together(account, facts),
    )


def _gone_together(account: Account, facts: Facts) -> int | None:
    """The day from whose start the whole balance is gone (EXP-8, EXP-9); `None` while it is kept (EXP-10)."""
    match account.currency.expiry:
        case AfterActivity(unless=unless) | AfterFirst(unless=unless) if unless and holds(unless, facts):
            return None
        case AfterActivity(duration, _) if account.held and account.active is not None:
            return add_duration(account.active, duration)
        case AfterFirst(duration) if account.held:
            return add_duration(min(lot.earned for lot in account.lots), duration)
        case _:
            return None


# ---- levels


def _rung(live: LiveMember, ladder: Ladder, facts: Facts) -> Rung:
    standing = live.member.ladders[ladder.index]
    level, day = standing.level, facts.day
    through = standing.held_through(level) if level else NEVER
    keeping: tuple[Way, ...] = ()
    if level and through != NEVER and ladder.lapse is not Lapse.NEVER:
        # Held for a time, it is decided at the end of its term, on the windows of its last day (TIER-5).
        judged = through if isinstance(ladder.hold, HoldFor) else day
        keeping = _ways(live, ladder.levels[level].when, judged, facts)
    raising: tuple[Way, ...] = ()
    if level + 1 < len(ladder.levels):
        raising = _ways(live, ladder.levels[level + 1].when, day, facts)
    return Rung(ladder.index, level, through, keeping, raising)


def _ways(live: LiveMember, when: Condition | None, judged: int, facts: Facts) -> tuple[Way, ...]:
    """The ways in which a condition can come to hold; none if it would as things stand."""
    facts = attrs.evolve(facts, counters=_values(live, judged), counted=judged)
    if when is None or holds(when, facts):
        return ()
    asked = [each for first, until, each in conditions_in_force(when) if first <= judged < until]
    if not asked:  # not yet, or not any more
        return (Way((), True),)
    return tuple(way for each in asked for way in _ways_of(live, each, judged, facts))


def _ways_of(live: LiveMember, condition: Condition, judged: int, facts: Facts) -> tuple[Way, ...]:
    if holds(condition, facts):
        return (Way((), False),)
    match condition:
        case Any(conditions):
            return tuple(way for each in conditions for way in _ways_of(live, each, judged, facts))
        case All(conditions):
            ways = [Way((), False)]
            for each in conditions:
                ways = [
                    Way((*way.missing, *other.missing), way.more or other.more)
                    for way in ways
                    for other in _ways_of(live, each, judged, facts)
                ]
            return tuple(ways)
        case Compare(CounterValue() | CounterSum() as left, Order.AT_LEAST | Order.MORE, Literal()):
            missing = _missing(live, left, condition, (judged, facts))
            return (Way((), True) if missing is None else Way((missing,), False),)
        case Compare() | OneAmong() | Not():
            return (Way((), True),)
        case _:
            assert_never(condition)


def _missing(
    live: LiveMember, left: CounterValue | CounterSum, condition: Compare, as_judged: tuple[int, Facts]
) -> Missing | None:
    """What a sum lacks; `None` where more of it would not help."""
    judged, facts = as_judged
    terms = ((1, left),) if isinstance(left, CounterValue) else left.terms
    if any(times < 1 or value.previous for times, value in terms) or not isinstance(condition.right, Literal):
        return None
    has = sum(times * facts.counters[value.counter] for times, value in terms)
    wanted = condition.right.value + (1 if condition.order is Order.MORE else 0)
    ends = [_last_day(live, value.counter, judged) for _, value in terms]
    known = [end for end in ends if end is not None]
    named = tuple((times, value.counter) for times, value in terms)
    return Missing(named, wanted - has, min(known) if known else None)


def _last_day(live: LiveMember, counter: int, judged: int) -> int | None:
    """The last day on which what happens counts; `None` where the window has no end of its own."""
    window = live.program.counters[counter].window
    joined = live.member.joined
    if isinstance(window, Rolling):
        return judged if judged != live.group.today else None
    until = window_until(window, judged, judged if joined is None else joined)
    if until == NEVER:
        return judged if judged != live.group.today else None
    return until - 1 if judged == live.group.today else min(until - 1, judged)


def _values(live: LiveMember, day: int) -> tuple[int, ...]:
    """What each counter has on a day, of what has happened so far."""
    member = live.member
    joined = day if member.joined is None else member.joined
    counters = live.program.counters
    read = [counted_before(counters, counter) for counter in counters]
    return tuple(value_on(counter, member.tallies[counter.index], day, joined, ago) for counter, ago in read)


# ---- rewards


def _offer(member: Member, reward: Reward, facts: Facts) -> Offer:
    cases = [case for case in reward.cases if reads_event(case.when) or holds(case.when, facts)]
    available = facts.available[reward.currency]
    if not cases:
        return Offer(reward.index, reward.price, 0, "it is not offered to you now")
    whole = all(case.whole_balance for case in cases)
    price = 0 if whole else min(case.price for case in cases if not case.whole_balance)
    least = max(price, reward.minimum_balance, 1 if whole else 0)
    closed = ""
    limits = [limit for limit in reward.limits if limit.window is not None and not reads_event(limit.when)]
    if any(member.usage.room(limit, facts.day) < 1 for limit in binding(tuple(limits), facts)):
        closed = "you have used it as often as you may for now"
    elif not dates_hold(reward.dates, facts.day):
        closed = "not on this day"
    elif not reads_event(reward.when) and not holds(reward.when, facts):
        closed = "its conditions do not hold for you now"
    elif gate := next((each for each in reward.gates if _refuses(each, facts)), None):
        closed = f"it is refused to you now: {gate.reason}"
    return Offer(reward.index, price, max(0, least - available), closed)


def _refuses(gate: Gate, facts: Facts) -> bool:
    return not reads_event(gate.condition) and holds(gate.condition, facts)
