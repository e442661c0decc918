"""What the kernel runs on: a program as flat integer tables, a member's state, and where figures go.

Invariants: every array holds int64, row-major; the rows of a table are what its name says and its columns
are the constants beside it. A `Plan` is never written to. A `State` holds one group at a time, one member
a slot. A `Sink` only grows by integer sums, so sinks of different threads add up to the same totals in any
order.

Shapes: C currencies, E earn rules, R rewards, L limits, D days from `first_day` to `last_day`, M months.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.ledger import Obstacle

Ints = NDArray[np.int64]

GROUP = 64
"""The most members of a group, so the most slots of a state."""

# ---- the plan

MONTH, WEEK_START, MONTH_START, QUARTER_START, YEAR_START, DAY, FIRST_CURRENCY_DAY = range(7)
"""Columns of `Plan.days`. From `FIRST_CURRENCY_DAY`: available and expiry day of what is earned on the day,
for each currency in turn; then words of 62 bits, one bit for each rule or reward that has dates."""

ROUNDING, ROUND_PER_EVENT = range(2)
"""Columns of `Plan.currencies`. Roundings are `DOWN`, `HALF_UP` and `UP`."""
DOWN, HALF_UP, UP = range(3)

(
    RULE_CURRENCY, RULE_UNITS, RULE_PER, RULE_DENOMINATOR, RULE_WHOLE, RULE_BASE, RULE_ITEMS, RULE_LIMITS,
    RULE_LIMITS_END,
) = range(9)  # fmt: skip
"""Columns of `Plan.rules`: the exact amount is base * units / per; a flat amount has `per` 0. What is left
over whole units is counted in parts of `RULE_DENOMINATOR`, a multiple of `per` that the rules of a currency
share where it is rounded per event. `RULE_BASE` is a register, `RULE_ITEMS` a filter's first line of code or
`NO_FILTER`."""
NO_FILTER = -3

(
    REWARD_CURRENCY, REWARD_PRICE, REWARD_OFF, REWARD_IN_FULL, REWARD_AUTOMATIC, REWARD_WHEN, REWARD_DATES,
    REWARD_MINIMUM_BASKET, REWARD_MINIMUM_BALANCE, REWARD_LIMITS, REWARD_LIMITS_END, REWARD_AT_PURCHASE,
    REWARD_WHEN_LINES,
) = range(13)  # fmt: skip
"""Columns of `Plan.rewards`. `REWARD_DATES` is a bit of the day's words, -1 for none. `REWARD_AT_PURCHASE`:
it asks about the purchase, so it is refused outside one (REDEEM-4). The code of its `when` is the lines from
`REWARD_WHEN_LINES` to `REWARD_WHEN`, where it starts; none where it always holds."""

LIMIT_INDEX, LIMIT_OF, LIMIT_MOST, LIMIT_WINDOW = range(4)
"""Columns of `Plan.limits`. `LIMIT_WINDOW` is the column of `days` that identifies the window, `EVENT` for
a limit per event."""
UNITS, TIMES = range(2)
EVENT = -1

KIND_HAS_AMOUNT, KIND_FIRINGS, KIND_FIRINGS_END = range(3)
"""Columns of `Plan.kinds`: the slice of `firings` that an event of the kind may fire."""

FIRING_RULE, FIRING_DATES, FIRING_CONDITION = range(3)
"""Columns of `Plan.firings`, in declared order of the rules."""

TEST, LEFT, RIGHT, IF_TRUE, IF_FALSE = range(5)
"""Columns of `Plan.code`. A line compares two registers and goes on at one of two lines; `ALWAYS` and
`NOT_MET` end a condition. `AMONG` tests bit `LEFT` of the set in `RIGHT`."""
EQUAL, LESS, AT_MOST, MORE, AT_LEAST, AMONG = range(6)
ALWAYS, NOT_MET = -1, -2
LARGEST_MEMBER = 62
"""The largest value of a set that one 64-bit constant can hold."""

BASKET, AMOUNT, DAYS_SINCE_JOIN, FIRST_BALANCE = range(4)
"""Registers: the event's two amounts and the days since joining; then balances of the currencies, the
event's fields, an item's fields, and the constants."""


class Plan(NamedTuple):
    """A program over the days of a history or a simulation.

    Attributes:
        starts: the program's first day; events before it are refused.
        first_day, last_day: the days of `days`; every event accepted lies in them.
        months: months of `days`.
        first_field, first_item_field: the registers of the fields.
        days: [D, ...]; currencies: [C, 2]; kinds: [event kinds, 3]; firings: [..., 3]; rules: [E, 9];
            rewards: [R, 13]; limits: [L, 4]; code: [lines, 5].
        registers: the registers of a new state: the constants, and zeros.
    """

    starts: int
    first_day: int
    last_day: int
    months: int
    first_field: int
    first_item_field: int
    days: Ints
    currencies: Ints
    kinds: Ints
    firings: Ints
    rules: Ints
    rewards: Ints
    limits: Ints
    code: Ints
    registers: Ints


# ---- the state of a group

JOINED, SERIAL, MEMBER = range(3)
"""Columns of `State.members`: the joined day (`NOT_JOINED` before the first event), the ordinal of the event
at hand or, between events, of the next one, and the number by which journal rows name the member."""
NOT_JOINED = -(2**31)

HEAD, MATURED, TAIL, AVAILABLE, PENDING, DUE = range(6)
"""Columns of `State.wallets`. Lots `HEAD` to `TAIL` are live, those before `MATURED` available; `DUE` is the
first day whose midnight has work."""

LOT_UNITS, LOT_MONTH, LOT_AVAILABLE, LOT_EXPIRY = range(4)
"""Columns of `State.lots`. Invariant: lots stand in the order in which they are spent, which is the order in
which they were earned, because neither day falls as the day of earning rises (lowering verifies it).
`LOT_MONTH` is the month of issue; a lot that expires before it is available is `available` on that day."""

USAGE_WINDOW, USAGE_USED = range(2)
"""Columns of `State.usage`: the window that the count is of, and the count."""


class State(NamedTuple):
    """One group: member `slot`'s wallet of currency c is row `slot * C + c`, its limit l `slot * L + l`.

    Attributes:
        members: [slots, 3]; wallets: [slots * C, 6]; lots: [slots * C, capacity, 4];
        usage: [slots * L, 2].
        registers: the operands of conditions, for the event at hand.
        running: [C, 2] the event's exact running sum: whole units, and parts of the denominator.
    """

    members: Ints
    wallets: Ints
    lots: Ints
    usage: Ints
    registers: Ints
    running: Ints


# ---- where figures go

ISSUED, REDEEMED, EXPIRED, PENDED, REDEEMED_OF, REDEEMED_AFTER = range(6)
"""Columns of `Sink.flows`: units issued, redeemed and expired in the month; the change of what is pending;
units issued in the month that were redeemed in any; and steps of the units redeemed after the month of
what was issued up to it (the running sum over months gives the figure)."""

BY_REDEMPTION, BY_EXPIRY = range(2)
"""First index of `Sink.ages`."""

RULE_POSTED, RULE_TIMES = range(2)
"""Columns of `Sink.rules`."""

REWARD_USES, REWARD_MONEY_OFF = range(2)
"""Columns of `Sink.rewards`, from which alone costs follow."""

AT_EVENT, MONEY_OFF, JOURNALING, JOURNAL_END = range(4)
"""Entries of `Sink.notes`. The caller writes the event that journal rows will name; a step writes the money
that rewards took off."""

(
    ROW_MEMBER, ROW_EVENT, ROW_DAY, ROW_KIND, ROW_NAME, ROW_CURRENCY, ROW_AVAILABLE, ROW_EXPIRY, ROW_UNITS,
) = range(9)  # fmt: skip
"""Columns of `Sink.journal`. `ROW_EVENT` is -1 at midnight; `ROW_NAME` is the index of the rule (earned) or
reward (redeemed), -1 for expired; `ROW_AVAILABLE` is 0 but for earned."""
EARNED_ROW, REDEEMED_ROW, EXPIRED_ROW = range(3)


class Sink(NamedTuple):
    """Totals, by sums; and the postings one by one, if `notes[JOURNALING]`.

    Attributes:
        flows: [slots * C, M, 6] of the members in the slots, rows as of `State.wallets`, since the caller
            last cleared them: clear a slot's for each member to have figures per member.
        ages: [2, C, M, M] units redeemed (or expired), by month of issue and months since.
        rules: [E, M, 2]; rewards: [R, M, 2].
        notes: [4]; journal: [rows, 9].
    """

    flows: Ints
    ages: Ints
    rules: Ints
    rewards: Ints
    notes: Ints
    journal: Ints


# ---- what a step answers

DONE = 0
NO_ROOM = -1
"""The ledger was not changed: make room (`roomier_state`, `roomier_sink`) and call again, or start over."""

BEFORE_START, ALREADY_JOINED = range(1, 3)
"""The whole event was refused."""

(
    SHORT_BALANCE, BELOW_MINIMUM_BALANCE, NOT_A_PURCHASE, BELOW_MINIMUM_BASKET, NOT_ON_THIS_DAY,
    CONDITION_NOT_MET, NOTHING_LEFT_TO_PAY, LIMIT_REACHED,
) = range(10, 18)  # fmt: skip
"""Only the reward that the member chose was refused; the event went on, unless the reward was all of it."""

OBSTACLES = {
    BEFORE_START: Obstacle.BEFORE_START,
    ALREADY_JOINED: Obstacle.ALREADY_JOINED,
    SHORT_BALANCE: Obstacle.SHORT_BALANCE,
    BELOW_MINIMUM_BALANCE: Obstacle.MINIMUM_BALANCE,
    NOT_A_PURCHASE: Obstacle.NO_PURCHASE,
    BELOW_MINIMUM_BASKET: Obstacle.MINIMUM_BASKET,
    NOT_ON_THIS_DAY: Obstacle.DATES,
    CONDITION_NOT_MET: Obstacle.WHEN,
    NOTHING_LEFT_TO_PAY: Obstacle.NOTHING_TO_PAY,
    LIMIT_REACHED: Obstacle.LIMIT,
}
"""What the codes are called outside the kernel."""


def new_state(plan: Plan, slots: int = 1, capacity: int = 64) -> State:
    """An empty state for groups of up to `slots` members, with room for `capacity` lots in each wallet."""
    if not 1 <= slots <= GROUP:
        raise ValueError(f"a group has 1 to {GROUP} members, not {slots}")
    currencies, limits = len(plan.currencies), len(plan.limits)
    return State(
        members=np.zeros((slots, 3), np.int64),
        wallets=np.zeros((slots * currencies, 6), np.int64),
        lots=np.zeros((slots * currencies, capacity, 4), np.int64),
        usage=np.zeros((slots * limits, 2), np.int64),
        registers=plan.registers.copy(),
        running=np.zeros((currencies, 2), np.int64),
    )


def new_sink(plan: Plan, journal_rows: int = 0, slots: int = 1) -> Sink:
    """An empty sink for a state of as many slots; with `journal_rows`, one that also keeps postings."""
    currencies, months = len(plan.currencies), plan.months
    notes = np.zeros(4, np.int64)
    notes[JOURNALING] = journal_rows > 0
    return Sink(
        flows=np.zeros((slots * currencies, months, 6), np.int64),
        ages=np.zeros((2, currencies, months, months), np.int64),
        rules=np.zeros((len(plan.rules), months, 2), np.int64),
        rewards=np.zeros((len(plan.rewards), months, 2), np.int64),
        notes=notes,
        journal=np.zeros((journal_rows, 9), np.int64),
    )


def roomier_state(state: State) -> State:
    """The same state with twice the room for lots."""
    return state._replace(lots=np.concatenate((state.lots, np.zeros_like(state.lots)), axis=1))


def roomier_sink(sink: Sink) -> Sink:
    """The same sink with twice the room for postings."""
    return sink._replace(journal=np.concatenate((sink.journal, np.zeros_like(sink.journal))))
