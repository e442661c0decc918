"""What the kernel runs on: a program as flat integer tables, a member's state, and where figures go.

Invariants: every array holds int64, `Words` apart, row-major; the rows of a table are what its name says, its
columns the constants beside it. A `Plan` is never written to. A `State` holds one group at a time, one member
a slot. A `Sink` only grows by integer sums, so sinks of threads add up to the same totals in any order.

C currencies, E earn rules, R rewards, L limits, D days from `first_day` to `last_day`, M months."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.plan_state import (
    MemberState,
    StatePlan,
    StateSink,
    new_member_state,
    new_state_sink,
    roomier_member_state,
)

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

GROUP = 64
"""The most members of a group that is drawn, and of a scenario."""

MOST_SLOTS = 1 << 16
"""The most members of a group of a history, so the most slots of a state."""

# ---- the plan

(
    MONTH, WEEK_START, MONTH_START, QUARTER_START, YEAR_START, DAY, LIFETIME, MONTH_NUMBER, DAY_OF_MONTH,
    DAY_REACHED, FIRST_MORE,
) = range(11)  # fmt: skip
"""Columns of `Plan.days`. `LIFETIME` is the same for all. `MONTH_NUMBER` counts months from any;
`DAY_REACHED` is the day of the month, and 31 on the last day of each. From `FIRST_MORE`: what tells the years
apart that limits count in and that begin with another month; then, from the column `Plan.dates_column`, words
of 62 bits, one bit for each rule or reward that has dates."""

ROUNDING, ROUND_PER_EVENT = range(2)
DOWN, HALF_UP, UP = range(3)
"""Columns of `Plan.currencies`, and their roundings."""

(
    RULE_CURRENCY, RULE_AMOUNT, RULE_DENOMINATOR, RULE_SCALE, RULE_ITEMS, RULE_LIMITS, RULE_LIMITS_END,
    RULE_GROUP, RULE_RAISES, RULE_RAISES_END,
) = range(10)  # fmt: skip
"""Columns of `Plan.rules`. `RULE_AMOUNT` is the first line of the code that ends at a row of `Plan.leaves`,
or such an end at once. What is left over whole units is counted in parts of `RULE_DENOMINATOR`; times
`RULE_SCALE` that is the denominator which the rules of a group share, and those of a currency that is rounded
per event. `RULE_ITEMS` is a filter's first line of code or `NO_FILTER`; `RULE_GROUP` -1 for none. The rules
that it raises are rows of `Plan.parts`, as of `RULES_PART`."""
NO_FILTER = -3

(
    LEAF_KIND, LEAF_UNITS, LEAF_PER, LEAF_WHOLE, LEAF_BASE, LEAF_SCALE, LEAF_PARTS, LEAF_PARTS_END,
) = range(8)  # fmt: skip
"""Columns of `Plan.leaves`, at the ends of decisions. `FLAT`: `LEAF_UNITS`. `RATIO`: the register `LEAF_BASE`
times units / per, where the rule's denominator is per * `LEAF_SCALE`; times the register `LEAF_PARTS` where
`LEAF_PARTS_END` is not 0. `BY_ITEM`: units for each item. `OF_RULES`: units / per of what its rules pass on,
in parts of `LEAF_BASE`. `BY_SLICES`: a sum over slices of the register `LEAF_BASE`. `BY_STRATEGY`: what the
function at row `LEAF_WHOLE` says of its parts; at most `LEAF_UNITS`."""
FLAT, RATIO, BY_ITEM, OF_RULES, BY_SLICES, BY_STRATEGY = range(6)
FIRST_LEAF = -16
"""The code of row 0 of `leaves`, and of `cases`; row k is `FIRST_LEAF - k`."""

PART_RULE, PART_SCALE = range(2)
PART_RANK = PART_SCALE
"""Columns of `Plan.parts` for what rules pass on, in parts of the rule's denominator times the scale; for the
rules of a group, in the program's order, the place in the order of preference."""
SLICE_START, SLICE_UNITS, SLICE_PER, SLICE_SCALE = range(4)
"""Columns of `Plan.parts` for slices."""

GROUP_COMBINE, GROUP_RULES, GROUP_RULES_END, GROUP_LIMITS, GROUP_LIMITS_END = range(5)
"""Columns of `Plan.groups`; the rules are rows of `Plan.parts` in order of preference."""
ADD, BEST, FIRST = range(3)

(
    REWARD_CURRENCY, REWARD_CASES, REWARD_TAKING, REWARD_WHEN, REWARD_DATES, REWARD_MINIMUM_BASKET,
    REWARD_MINIMUM_BALANCE, REWARD_LIMITS, REWARD_LIMITS_END, REWARD_AT_PURCHASE, REWARD_WHEN_LINES,
    REWARD_ITEMS, REWARD_CASES_AT_PURCHASE, REWARD_MINIMUM_EXCHANGE, REWARD_AT,
    REWARD_GATES, REWARD_COUNTED, REWARD_MOST_COUNTED,
) = range(18)  # fmt: skip
"""Columns of `Plan.rewards`. `REWARD_CURRENCY` is -1 for a benefit. `REWARD_CASES`: the first line of the
code that ends at a row of `Plan.cases`, or at `NOT_MET` where it is not offered. `REWARD_DATES`: a bit of the
day's words, -1 for none. `REWARD_AT`: the kind of event that it is chosen at; `REWARD_AT_PURCHASE`: no use at
others (REDEEM-4), `REWARD_CASES_AT_PURCHASE`: its cases are; `REWARD_GATES`: as of `KIND_GATES`. `when`:
`REWARD_WHEN_LINES` to `REWARD_WHEN`. `REWARD_COUNTED`: as often as there are units of it, or -1."""
CHOSEN, AT_CHECKOUT, AFTER_EARNING, BENEFIT, EXCHANGED, DEFAULTED, SENT, RECEIVED = range(8)

CASE_PRICE, CASE_WHOLE_BALANCE, CASE_FACE, CASE_UNITS, CASE_PER = range(5)
CASE_CURRENCY, CASE_IN_FULL, CASE_MOST = range(5, 8)
"""Columns of `Plan.cases`: price, and what `CASE_FACE` gives: `CASE_UNITS` off or given (`CASE_IN_FULL` more
per `CASE_MOST` of the price), or a share of `CASE_UNITS` / `CASE_PER`; off items at most `CASE_MOST`."""
MONEY_FACE, PERCENT_FACE, FREE_FACE, UNITS_FACE, BALANCE_FACE, THING_FACE = range(6)

LIMIT_INDEX, LIMIT_OF, LIMIT_MOST, LIMIT_WINDOW, LIMIT_REFUSES, LIMIT_CLOSED, LIMIT_LINES, LIMIT_IF = range(8)
LIMIT_FIELD, LIMIT_VALUE, LIMIT_STRIDE, LIMIT_CHOICES, LIMIT_LEADS = range(8, 13)
"""Columns of `Plan.limits`. `LIMIT_WINDOW` is a column of `days`, `EVENT` for one per event, `MEMBERSHIP` for
years of membership; `LIMIT_CLOSED` the row of `closed` of one for everyone, else -1; `LIMIT_IF` when it cuts,
from `LIMIT_LINES` on. It counts while `LIMIT_FIELD` (-1: always) is `LIMIT_VALUE`, a digit of the log."""
UNITS, TIMES = range(2)
EVENT, MEMBERSHIP = -1, -2

(
    KIND_HAS_AMOUNT, KIND_FIRINGS, KIND_FIRINGS_END, KIND_BENEFITS, KIND_BENEFITS_END, KIND_GATES,
    KIND_COUNTS,
) = range(7)  # fmt: skip
"""Columns of `Plan.kinds`, the events' and then the clocks': the slices of `firings` that an event of the
kind may fire, as earn rules and as benefits; the first line of the code that ends at the gate which refuses
it, as of `FIRST_LEAF`, or at `NOT_MET`; the register of the day on which it counts, -1 for the event's."""

FIRING_RULE, FIRING_DATES, FIRING_CONDITION, FIRING_LUCK = range(4)
"""Columns of `Plan.firings`, in the program's order of the rules. A rule of `-1 - g` is where group g pays.
For a benefit the rule is its index among the rewards, its dates asked elsewhere. `FIRING_LUCK` is the row of
`luck` of a rule with a chance, -1 for any other."""
LUCK_RULE, LUCK_THRESHOLD = range(2)
"""Columns of `Plan.luck`: the word of the rule's name, and below how many of the 2^64 words it comes up."""

TEST, LEFT, RIGHT, IF_TRUE, IF_FALSE = range(5)
"""Columns of `Plan.code`. A line compares two registers and goes on at one of two lines; `ALWAYS` and
`NOT_MET` end a condition, and codes from `FIRST_LEAF` down a decision. `AMONG` tests bit `LEFT` of the set in
`RIGHT`."""
EQUAL, LESS, AT_MOST, MORE, AT_LEAST, AMONG = range(6)
ALWAYS, NOT_MET = -1, -2
LARGEST_MEMBER = 62  # the largest value of a set that one 64-bit constant can hold

SUM_REGISTER, SUM_TERMS, SUM_TERMS_END = range(3)
TERM_REGISTER, TERM_FACTOR = range(2)
"""Columns of `Plan.sums`: a register of a sum over `sum_terms`: a counter's register and its factor."""

BASKET, AMOUNT, DAYS_SINCE_JOIN, EVENT_DAY, WEEKDAY, REFERRED, MEMBERSHIP_YEAR, FIRST_BALANCE = range(8)
"""Registers: the event's two amounts, the days since joining, the day and its number in the week (0 is
Monday), whether another member brought this one, whole years of membership; then balances of the currencies,
the member's fields, the status of each ladder, counters and their previous windows, the event's fields, an
item's fields; then constants and sums as they come."""


class Plan(NamedTuple):
    """A program over the days of a history or a simulation.

    Attributes:
        starts: the program's first day; events before it are refused.
        first_day, last_day: the days of `days`; every event accepted lies in them.
        months: months of `days`.
        first_member_field, first_status, first_counter, first_previous, first_field, first_item_field: the
            first registers of each sort.
        dates_column: the column of `days` at which the words of dates begin.
        item_fields: how many fields an item has.
        issues: 1 if a reward is issued after earning.
        remembers: 1 if what each rule of an event passed on is kept until the next (`State.passed`).
        days: [D, ...]; currencies: [C, 2]; kinds: [kinds, 7]; firings: [..., 4]; rules: [E, 10];
            leaves: [..., 8]; parts: [..., 4]; groups: [G, 5]; rewards: [R, 16]; cases: [..., 8];
            limits: [L, 13]; code: [lines, 5]; sums: [..., 3]; sum_terms: [..., 2].
        registers: the registers of a new state: the constants, and zeros.
        closed: [limits for everyone, D] 1 on days that the caller knows it to be closed for all (LIMIT-9).
        luck: [rules with a chance, 2] words; strategies: [S] addresses of code.
    """

    starts: int
    first_day: int
    last_day: int
    months: int
    first_member_field: int
    first_status: int
    first_counter: int
    first_previous: int
    first_field: int
    first_item_field: int
    dates_column: int
    remembers: int
    item_fields: int
    issues: int
    days: Ints
    currencies: Ints
    kinds: Ints
    firings: Ints
    rules: Ints
    leaves: Ints
    parts: Ints
    groups: Ints
    rewards: Ints
    cases: Ints
    limits: Ints
    code: Ints
    sums: Ints
    sum_terms: Ints
    registers: Ints
    of_state: StatePlan
    closed: Ints
    luck: Words
    strategies: Ints


# ---- the state of a group

JOINED, SERIAL, MEMBER, NEXT_DUE, LATEST_DAY, OF_DAY, LIGHT_DUE = range(7)
"""Columns of `State.members`: the joined day (`NOT_JOINED` before the first event), the ordinal of the event
at hand or, between events, of the next one, the number by which journal rows name the member, a day before
which no midnight has work but of light wallets (`LIGHT_DUE`), the latest event's day and number on it."""
NOT_JOINED = -(2**31)

HEAD, MATURED, TAIL, AVAILABLE, PENDING, DUE, ACTIVE, POSTED = range(8)
"""Columns of `State.wallets`. Lots `HEAD` to `TAIL` are live, those before `MATURED` available; `AVAILABLE`
is below 0 by what is owed; no midnight before `DUE` has work; `ACTIVE` is the day of the latest activity;
`POSTED` numbers the lots."""

LOT_UNITS, LOT_MONTH, LOT_AVAILABLE, LOT_EXPIRY, LOT_EARNED, LOT_POLICY, LOT_NUMBER = range(7)
"""Columns of `State.lots`. `LOT_MONTH` is the month of issue. How lots stand: `kernel_lots`."""

PASSED_UNITS, PASSED_PARTS, PASSED_CUT, PASSED_POSTED, PASSED_FIRED = range(5)
"""Columns of `State.passed`: a rule's exact amount at the event as whole units and parts of its denominator,
whether a limit cut it, what it posted, and whether it fires (0 again where its group did not choose it):
from 1 in the order of paying."""

ITEM_DIRECT, ITEM_FREE, ITEM_LEFT, ITEM_WAS_DIRECT, ITEM_WAS_FREE = range(5)
"""Columns of `State.items`: what percentages and free items took off it, whether it is free, its amount after
all rewards of the event (AMT-5), and the first two before the request at hand."""

USAGE_WINDOW, USAGE_USED = range(2)
"""Columns of `State.usage`: the window that the count is of, and the count."""

BOUND_FIRST, BOUND_AT = range(2)
"""Columns of `State.bound`: one more than the month in which a limit first held the member back, and than the
`SERIAL` of the latest event at which it did; 0 for never."""


class State(NamedTuple):
    """One group: member `slot`'s wallet of currency c is row `slot * C + c`, its limit l `slot * L + l`.

    Attributes:
        members: [slots, 7]; wallets: [slots * C, 8]; lots: [slots * C, capacity, 7]; usage: [slots * L, 2].
        registers: the operands of conditions, for the event at hand.
        running: [C, 2] the event's exact running sum: whole units, and parts of the denominator.
        passed: [E, 5] what each rule of the event was worth, if the plan remembers it.
        items: [most items of an event, at least 1, 5].
        declined: [slots * R] rewards and benefits that the member does not take when they offer themselves.
        together: [limits for everyone, D] what was counted on each day, of all members of this state so far.
        touched: [slots, E + R + V + A] one more than the month in which each rule first paid the member, each
            reward was first used, level first held, audience first asked of; 0 before. No rows: not watched.
        bound: [slots * L, 2] when each limit held the member back; likewise.
        keys: [slots] words of their luck, which the caller writes (EARN-12); mishaps: [S] 1 if it failed.
    """

    members: Ints
    wallets: Ints
    lots: Ints
    usage: Ints
    registers: Ints
    running: Ints
    passed: Ints
    items: Ints
    declined: Ints
    of_member: MemberState
    together: Ints
    touched: Ints
    bound: Ints
    keys: Words
    mishaps: Ints


# ---- where figures go

ISSUED, REDEEMED, EXPIRED, PENDED, REDEEMED_OF, REDEEMED_AFTER, REVERSED = range(7)
"""Columns of `Sink.flows`: units issued, redeemed and expired in the month; the change of what is pending;
units issued in the month that were redeemed in any; and steps of the units redeemed after the month of
what was issued up to it (the running sum over months gives the figure); and units reversed."""

BY_REDEMPTION, BY_EXPIRY, BY_REVERSAL = range(3)
"""First index of `Sink.ages`."""

RULE_POSTED, RULE_TIMES, RULE_REVERSED = range(3)
REWARD_USES, REWARD_MONEY_OFF, REWARD_GIVEN, REWARD_SPENT = range(4)
"""Columns of `Sink.rules`, and of `Sink.rewards`, from which alone costs follow."""

AT_EVENT, MONEY_OFF, JOURNALING, JOURNAL_END, FINAL = range(5)
"""Entries of `Sink.notes`. The caller writes the event that journal rows will name; a step writes the money
that rewards took off. `FINAL`: the caller knows that the event will not be returned, so the log leaves it
out."""

(
    ROW_MEMBER, ROW_EVENT, ROW_DAY, ROW_KIND, ROW_NAME, ROW_CURRENCY, ROW_AVAILABLE, ROW_EXPIRY, ROW_UNITS,
) = range(9)  # fmt: skip
"""Columns of `Sink.journal`. `ROW_EVENT` is -1 at midnight; `ROW_NAME` is the index of the rule (earned) or
reward (redeemed), -1 for expired; `ROW_AVAILABLE` is 0 but for earned."""
EARNED_ROW, REDEEMED_ROW, EXPIRED_ROW, REVERSED_ROW = range(4)


class Sink(NamedTuple):
    """Totals, by sums; and the postings one by one, if `notes[JOURNALING]`.

    Attributes:
        flows: [slots * C, M, 7] of the members in the slots, rows as of `State.wallets`, since the caller
            last cleared them: clear a slot's for each member to have figures per member.
        ages: [3, C, M, M] units redeemed (or expired, or reversed), by month of issue and months since.
        rules: [E, M, 3]; rewards: [R, M, 4].
        notes: [5]; journal: [rows, 9].
        limits: [L, M] events at which each limit held a member back; 0 where the state is not watched.
    """

    flows: Ints
    ages: Ints
    rules: Ints
    rewards: Ints
    notes: Ints
    journal: Ints
    of_state: StateSink
    limits: Ints


# ---- what a step answers

DONE = 0
NO_ROOM = -1
"""The ledger was not changed: make room (`roomier_state`, `roomier_sink`) and call again, or start over."""

(
    BEFORE_START, ALREADY_JOINED, NO_RETURNS, UNKNOWN_ORIGINAL, TOO_MUCH, WHICH_ITEMS, UNKNOWN_ITEM, TOO_LATE,
) = range(1, 9)  # fmt: skip
"""The whole event was refused."""

(
    SHORT_BALANCE, BELOW_MINIMUM_BALANCE, NOT_A_PURCHASE, BELOW_MINIMUM_BASKET, NOT_ON_THIS_DAY,
    CONDITION_NOT_MET, NOTHING_LEFT_TO_PAY, LIMIT_REACHED, NOT_OFFERED, NOT_WHOLE_STEPS,
    BELOW_MINIMUM_EXCHANGE, TO_ONESELF, TO_NO_MEMBER, NOT_TO_THEM, THEIR_LIMIT_REACHED,
) = range(10, 25)  # fmt: skip
"""Only the reward that the member chose was refused; the event went on, unless the reward was all of it."""

FIRST_GATE = 1000
"""The code of the first gate of a program, as of `gates_of`; those of the others follow."""


def new_state(
    plan: Plan, slots: int = 1, capacity: int = 64, items: int = 0, *, watches: bool = False
) -> State:
    """An empty state for groups of up to `slots` members, with room for `capacity` lots a wallet, for events
    of up to `items` items; one that is watched notes what reaches members (`kernel_reach`)."""
    if not 1 <= slots <= MOST_SLOTS:
        raise ValueError(f"a group has 1 to {MOST_SLOTS} members, not {slots}")
    currencies, limits = len(plan.currencies), len(plan.limits)
    things = len(plan.rules) + len(plan.rewards) + len(plan.of_state.levels) + len(plan.of_state.audiences)
    return State(
        members=np.zeros((slots, 7), np.int64),
        wallets=np.zeros((slots * currencies, 8), np.int64),
        lots=np.zeros((slots * currencies, capacity, 7), np.int64),
        usage=np.zeros((slots * limits, 2), np.int64),
        registers=plan.registers.copy(),
        running=np.zeros((currencies, 2), np.int64),
        passed=np.zeros((len(plan.rules), 5), np.int64),
        items=np.zeros((max(1, items), 5), np.int64),
        declined=np.zeros(slots * len(plan.rewards), np.int64),
        of_member=new_member_state(plan.of_state, slots, len(plan.rewards)),
        together=np.zeros(plan.closed.shape, np.int64),
        touched=np.zeros((slots if watches else 0, things), np.int64),
        bound=np.zeros((slots * limits if watches else 0, 2), np.int64),
        keys=np.zeros(slots, np.uint64),
        mishaps=np.zeros(len(plan.strategies), np.int64),
    )


def new_sink(plan: Plan, journal_rows: int = 0, slots: int = 1) -> Sink:
    """An empty sink for a state of as many slots; with `journal_rows`, one that also keeps postings."""
    currencies, months = len(plan.currencies), plan.months
    notes = np.zeros(5, np.int64)
    notes[JOURNALING] = journal_rows > 0
    return Sink(
        flows=np.zeros((slots * currencies, months, 7), np.int64),
        ages=np.zeros((3, currencies, months, months), np.int64),
        rules=np.zeros((len(plan.rules), months, 3), np.int64),
        rewards=np.zeros((len(plan.rewards), months, 4), np.int64),
        notes=notes,
        journal=np.zeros((journal_rows, 9), np.int64),
        of_state=new_state_sink(plan.of_state, months),
        limits=np.zeros((len(plan.limits), months), np.int64),
    )


def roomier_state(state: State) -> State:
    """The same state with twice the room for lots, and for what can be returned."""
    return state._replace(
        lots=np.concatenate((state.lots, np.zeros_like(state.lots)), axis=1),
        of_member=roomier_member_state(state.of_member),
    )


def roomier_sink(sink: Sink) -> Sink:
    """The same sink with twice the room for postings."""
    return sink._replace(journal=np.concatenate((sink.journal, np.zeros_like(sink.journal))))
