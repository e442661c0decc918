"""The part of a plan and of a state that is about members over time: lots' terms, counters, tiers, clocks.

Invariants: as of `plan`; what a program does not have is an array without rows, and costs nothing.

Shapes: C currencies, E earn rules, R rewards, P policies of lots, T terms, K counters, N ladders, V levels
of all ladders, Q clocks, F member fields, D days.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

NONE = -3
"""No line of code: a condition that was not written where its absence means no."""

# ---- the plan

POLICY_AVAILABLE, POLICY_EXPIRY, POLICY_CASES, POLICY_CASES_END, POLICY_OWN = range(5)
POLICY_WAITS, POLICY_WAITS_END = 5, 6
"""Columns of `StatePlan.policies`: columns of `term_days`, and rows of `policy_cases` that come first. Lots
of a rule's own term (`POLICY_OWN`) are never moved. Of rows of `policy_cases` from `POLICY_WAITS` the first
that holds says how long a rule's are pending (LOT-7)."""

CASE_LINE, CASE_EXPIRY = range(2)
"""Columns of `StatePlan.policy_cases`: a condition and the term that it brings, as a column of
`term_days`."""

(
    ACCOUNT_POLICY, ACCOUNT_LIGHT, ACCOUNT_BY_AGE, ACCOUNT_NEED, ACCOUNT_APART, ACCOUNT_FORM, ACCOUNT_COUNT,
    ACCOUNT_UNIT, ACCOUNT_POSTPONE_COUNT, ACCOUNT_POSTPONE_UNIT, ACCOUNT_POSTPONE_LINE,
    ACCOUNT_RESTART_LADDER, ACCOUNT_RESTART_LEVEL,
) = range(13)  # fmt: skip
"""Columns of `StatePlan.accounts`. `ACCOUNT_LIGHT`: lots mature and expire in the order of earning and
nothing else happens to them at midnight. `ACCOUNT_NEED`: the most lots that one event adds. `ACCOUNT_APART`:
lots earned on different days are not merged. `ACCOUNT_FORM` says when the whole balance is lost,
`ACCOUNT_COUNT` units after what it names. `ACCOUNT_RESTART_LADDER` is -1 for none; the line of `postpone` is
`NONE` for none, and that of what keeps a whole balance from day to day stands in its place."""
NO_FORM, AFTER_ACTIVITY, AFTER_FIRST = range(3)

ACTIVITY_EARNING, FIRST_ACTIVITY = range(2)
"""Columns of `StatePlan.activity`: whether it is activity of the currency that a rule posts, that a reward is
paid for; then that an event of each kind happens, and that each reward is used."""

COUNTER_WINDOW, COUNTER_ARGUMENT, COUNTER_UNIT, COUNTER_RING, COUNTER_RING_SIZE, COUNTER_BEFORE = range(6)
"""Columns of `StatePlan.counters`. Of a rolling window the argument and the unit are its length, and its days
are entries of a ring of the member's `rings`. `COUNTER_BEFORE` is an earlier counter, or -1: what that had in
the window before is the value of this one (COUNT-9)."""

(
    MOVE_COUNTER, MOVE_MEASURE, MOVE_REGISTER, MOVE_WHERE, MOVE_ITEMS, MOVE_RULES, MOVE_RULES_END, MOVE_ROOM,
) = range(8)  # fmt: skip
"""Columns of `StatePlan.moves`: what moves a counter at an event of a kind; at most by what the register
`MOVE_ROOM` has, where that is not `NONE`."""
BY_AMOUNT, BY_FIELD, BY_EVENT, BY_ITEMS, BY_EARNING, BY_NUMBER = range(6)
"""What it is moved by; `BY_NUMBER` is 1 for an event, like `BY_EVENT`, and no return takes it out."""

(
    LADDER_HOLD, LADDER_WINDOW, LADDER_ARGUMENT, LADDER_COUNT, LADDER_UNIT, LADDER_ONE_LEVEL, LADDER_BEFORE,
    LADDER_REVIEW, LADDER_LEVELS, LADDER_LEVELS_END, LADDER_EVER, LADDER_ANEW, LADDER_ANEW_END,
) = range(13)  # fmt: skip
"""Columns of `StatePlan.ladders`. `LADDER_COUNT` and `LADDER_UNIT` are the `plus` of `HOLD_THROUGH` and the
length of `HOLD_FOR`; `LADDER_REVIEW` is as of `next_review`; with `LADDER_EVER` grants are for ever;
`LADDER_ANEW` is a slice of `StatePlan.anew`."""

ANEW_DAY, ANEW_HONOURED = range(2)
"""Columns of `StatePlan.anew`: a day on which a ladder begins anew, and the last day through which the level
held so far is granted; `NO_GRANT` for not at all."""
HOLD_THROUGH, HOLD_FOR, HOLD_PAID = range(3)

CLOCK_FORM, CLOCK_ARGUMENT, CLOCK_KIND, CLOCK_COUNT, CLOCK_UNIT = range(5)
"""Columns of `StatePlan.clocks`. `CLOCK_ARGUMENT` and `CLOCK_COUNT`: the unit or month and the days later,
the member's field, the day, the row of `reaches` (of a membership too), the ladder and the level,
the kinds of event as bits and the length of the time after them, or after joining."""
(
    AT_WINDOW, AT_MONTH, AT_DATE, AT_JOINING, AT_REACHED, AT_FALL, AT_SILENCE, AT_DAY, AT_PAYMENT, AT_RISE,
    AT_LATER,
) = range(11)  # fmt: skip

REACH_REGISTER, REACH_COUNTER, REACH_FIRST, REACH_END, REACH_EVERY = range(5)
"""Columns of `StatePlan.reaches`: what is compared, a counter of the same window, a slice of `thresholds`."""


(
    PAY_LADDER, PAY_SUBSCRIBE, PAY_CANCEL, PAY_TRIAL, PAY_TRIAL_MONTHS, PAY_PLANS, PAY_MONTHS,
) = range(7)  # fmt: skip
"""Entries of the slice of `StatePlan.thresholds` of a membership's clock, which end with the months of each
plan; `PAY_PLANS` is how many there are. Behind them: what renewals ask, by
plan; how many fees there are, each
with its reward and its sum; the reward that a refund is, or -1; how many lines it has, each as `REFUND_LESS`
to `REFUND_DAYS`, which is -1 for any."""
REFUND_LESS, REFUND_UNLESS, REFUND_BUSINESS, REFUND_DAYS, REFUND_WIDTH = range(5)


HOLDOUT_WORD, HOLDOUT_BELOW = range(2)
"""Columns of `StatePlan.holdouts`: the word of the audience's name, and below how many of the 2^64 words a
member is held out; 2^64 - 1 for everybody, as a scenario may have it."""
DEADLINE_REGISTER, DEADLINE_OF, DEADLINE_WINDOW, DEADLINE_ARGUMENT, DEADLINE_COUNT, DEADLINE_UNIT = range(6)
"""Columns of `StatePlan.deadlines`: the register of the last day within a time of a date, the register of the
date, the window whose end is meant (`NO_WINDOW` for the date itself), and the time; its unit may be
`WEEKDAYS`."""
NO_WINDOW, WEEKDAYS = -1, -1


class StatePlan(NamedTuple):
    """What a program does with members over time.

    Attributes:
        upgrade_before: 1 if a ladder is decided before an event as well.
        watches_activity: 1 if a balance is lost by inactivity.
        ring_days: entries of all rings of one member; pasts: counters of windows some time ago.
        returns: 1 if events can be returned; negative: 1 if the balance may then go below 0; rechecks: 1 if
            levels that are no longer earned then end; own_period: 1 if counters fall on the day of
            the return; return_count, return_unit: the time in which it is accepted, of 0 for any time;
            filters_items: 1 if anything asks which items there are.
        policies: [P, 7]; policy_cases: [..., 2]; rule_policies: [E]; accounts: [C, 13];
            activity: [C, 1 + kinds + R].
        term_days: [D, T] the day that each term gives what is earned on a day.
        counters: [K, 6]; moves: [..., 8]; kind_moves: [kinds, 2] slices of `moves`; earned: rules of moves;
            options: [..., 2] rewards whose units counters count, and the counters.
        hold_days: [D, N] the last day through which a level is held that an event of a day earns.
        ladders: [N, 13]; anew: [..., 2]; levels: [V] the first line of each level's condition;
            clocks: [Q, 5]; unsaid: [F] the value of each member field before anybody has said it.
        deadlines: [..., 6]; reaches: [..., 5]; thresholds: ascending for each of their rows.
        member_fields: F; membership: 1 if anything counts in years of membership.
        friend_kinds, friend_kinds_end: kinds of event that friends do, which make nobody a member.
        first_audience: the register that is 1 for a member who is held out of the first of A audiences;
            audiences: [A] the first line of what each asks; holdouts: [A, 2].
    """

    upgrade_before: int
    watches_activity: int
    ring_days: int
    pasts: int
    returns: int
    negative: int
    rechecks: int
    own_period: int
    return_count: int
    return_unit: int
    filters_items: int
    member_fields: int
    membership: int
    friend_kinds: int
    friend_kinds_end: int
    policies: Ints
    policy_cases: Ints
    rule_policies: Ints
    accounts: Ints
    activity: Ints
    term_days: Ints
    hold_days: Ints
    counters: Ints
    moves: Ints
    kind_moves: Ints
    earned: Ints
    options: Ints
    ladders: Ints
    anew: Ints
    levels: Ints
    clocks: Ints
    reaches: Ints
    thresholds: Ints
    unsaid: Ints
    first_audience: int
    audiences: Ints
    holdouts: Words
    deadlines: Ints


# ---- the state of a group

COUNT_FROM, COUNT_UNTIL, COUNT_VALUE, COUNT_PREVIOUS, COUNT_HEAD, COUNT_ENTRIES = range(6)
"""Columns of `MemberState.counters`: the window that the value is of, that of the window before, and the
entries of the ring."""

MARK_WINDOW, MARK_REACHED, MARK_PAID_ON, MARK_PAID, MARK_USED = range(5)
"""Columns of `MemberState.marks`: the first day of a window, and how many thresholds were reached in it; of a
membership the day and the sum of the last payment, and what had been used by then."""

RING_DAY, RING_LEAVES, RING_VALUE = range(3)
"""Columns of `MemberState.rings`: what a day brought, and the first day on which it is not counted."""

STATUS, TERM_ENDS, NEXT_REVIEW = range(3)
"""Columns of `MemberState.ladders`; the term of the status ends at the start of `TERM_ENDS`."""

NO_GRANT = -(2**31)
"""In `MemberState.grants`: nobody ever held the level; otherwise the last day through which it is held."""

SAYS, SAYS_REFERRED, FIRST_SAID = range(3)
"""Entries of `MemberState.said`: the caller sets `SAYS` to 1 where the next step brings the values of the
member's fields, which follow; `SAYS_REFERRED` where it says that somebody brought the member."""

(
    LOG_WHAT, LOG_EVENT, LOG_DAY, LOG_INDEX, LOG_BASE, LOG_RETURNED, LOG_UNITS, LOG_PARTS, LOG_CUT,
    LOG_POSTED, LOG_REVERSED, LOG_AVAILABLE, LOG_EXPIRY, LOG_ITEMS,
) = range(14)  # fmt: skip
LOG_COUNTED = LOG_AVAILABLE
"""Columns of `MemberState.log`: an event, what a rule posted at it, or what moved a counter at it.
`LOG_COUNTED` is the day on which an event counts.
`LOG_INDEX` is the kind, the rule or the row of `moves`; `LOG_BASE` the prices that it is about and
`LOG_RETURNED` how many of them came back; `LOG_UNITS` and `LOG_PARTS` the rule's exact amount, or what the
counter moved by, or of an event the digits of its fields; `LOG_ITEMS` a bit for each of the first 62 items
that passed its filter, and rows of `LOGGED_ITEMS` that follow have those of the next."""
LOGGED_EVENT, LOGGED_POSTING, LOGGED_MOVE, LOGGED_ITEMS = range(4)


class MemberState(NamedTuple):
    """One group: of member `slot`, counter k is row `slot * K + k`, and so on.

    Attributes:
        fields: [slots, F]; referred: [slots]; said: [2 + F].
        counters: [slots * K, 6]; rings: [slots * ring_days, 3]; deltas: [K] of the event at hand; by: the
            same of each row of `moves`; eve: [K, 2] values and previous ones of the day before a midnight.
        ladders: [slots * N, 3]; grants: [slots, V]; clocks: [slots, Q] the next day of each;
        marks: [slots * Q, 5].
        used: [R] whether each reward was used at the event at hand; earned: [C] whether a rule posted.
        log: [slots, capacity, 14]; log_end: [slots].
    """

    fields: Ints
    referred: Ints
    said: Ints
    counters: Ints
    rings: Ints
    deltas: Ints
    ladders: Ints
    grants: Ints
    clocks: Ints
    marks: Ints
    eve: Ints
    by: Ints
    used: Ints
    earned: Ints
    log: Ints
    log_end: Ints


class StateSink(NamedTuple):
    """Totals about members over time.

    Attributes:
        levels: [M, V] in each month, how many more members hold each level at its end than at its start.
        moves: [M, V, V] how many went from a level to another of the same ladder.
    """

    levels: Ints
    moves: Ints


def new_member_state(plan: StatePlan, slots: int, rewards: int) -> MemberState:
    """The empty state of groups of up to `slots` members."""
    counters, ladders, levels = len(plan.counters), len(plan.ladders), len(plan.levels)

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    return MemberState(
        fields=zeros(slots, plan.member_fields),
        referred=zeros(slots),
        said=zeros(2 + plan.member_fields),
        counters=zeros(slots * counters, 6),
        rings=zeros(slots * plan.ring_days, 3),
        deltas=zeros(counters),
        ladders=zeros(slots * ladders, 3),
        grants=zeros(slots, levels),
        clocks=zeros(slots, len(plan.clocks)),
        marks=zeros(slots * len(plan.clocks), 5),
        eve=zeros(counters, 2),
        by=zeros(len(plan.moves)),
        used=zeros(rewards),
        earned=zeros(len(plan.accounts)),
        log=zeros(slots, 64 if plan.returns else 0, 14),
        log_end=zeros(slots),
    )


def new_state_sink(plan: StatePlan, months: int) -> StateSink:
    """Totals of nothing yet."""
    levels = len(plan.levels)
    return StateSink(
        levels=np.zeros((months, levels), np.int64), moves=np.zeros((months, levels, levels), np.int64)
    )


def roomier_member_state(state: MemberState) -> MemberState:
    """The same state with twice the room for what can be returned."""
    return state._replace(log=np.concatenate((state.log, np.zeros_like(state.log)), axis=1))
