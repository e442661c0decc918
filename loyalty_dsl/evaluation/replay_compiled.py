"""A replay by the compiled kernel: ranges of members on threads, each with its own state and sums.

Invariant: what a range gives does not depend on the others, and ranges are put together in the order of
their members. A range that runs out of room is given more and goes on at the event where it stopped.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.everyone import Closings, closed_days, limits_for_everyone
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.kept_states import StateKeeper
from loyalty_dsl.evaluation.kernel import advance, give_back, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.evaluation.kernel_calendar import years_since
from loyalty_dsl.evaluation.kernel_code import window_of
from loyalty_dsl.evaluation.kernel_counters import roll_counters
from loyalty_dsl.evaluation.kernel_references import by_reference
from loyalty_dsl.evaluation.kernel_wallets import ROWS_MISSED
from loyalty_dsl.evaluation.ledger import CanonicalPosting, PostingKind
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.luck import key_of
from loyalty_dsl.evaluation.obstacle_codes import is_of_event, obstacle_of
from loyalty_dsl.evaluation.plan import Ints, Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import COUNT_VALUE, FIRST_SAID, NO_GRANT, SAYS, SAYS_REFERRED
from loyalty_dsl.evaluation.replay import Balances, RefusedEvent, Replay, RewardTotal, RuleTotal
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.left_to_chance import left_to_chance
from loyalty_dsl.language.opening import StateRow
from loyalty_dsl.language.program import EarnRule, Program, Reward


class Columns(NamedTuple):
    """A history's columns as the kernel reads them, and the key of each member's luck."""

    starts: Ints
    day: Ints
    kind: Ints
    basket: Ints
    fields: Ints
    item_starts: Ints
    item_price: Ints
    item_fields: Ints
    reward: Ints
    quantity: Ints
    member_fields: Ints
    referrers: Ints
    original: Ints
    keys: p.Words


class Results(NamedTuple):
    """What is kept for each member, [members, currencies], [members, limits] and so on; for each event the
    code that its step answered; and flags of the items that were returned."""

    issued: Ints
    redeemed: Ints
    expired: Ints
    reversed: Ints
    pending: Ints
    outstanding: Ints
    usage: Ints
    counters: Ints
    grants: Ints
    codes: Ints
    gone: Ints


MEMBER, NEXT_EVENT = range(2)
"""Entries of the cursor of a range: the member at hand, and its next event (-1 before it is opened)."""


@entry
def run_members(
    plan: Plan,
    state: State,
    sink: Sink,
    columns: Columns,
    results: Results,
    cursor: Ints,
    end: int,
    as_of: int,
) -> int:
    """Runs the members from the cursor up to `end`, and their midnight work through the day `as_of`.

    Returns:
        `DONE`, or `NO_ROOM`: make room and call again with the same cursor.
    """
    plan, state, sink = by_reference(plan), by_reference(state), by_reference(sink)
    while cursor[MEMBER] < end:
        member = cursor[MEMBER]
        if cursor[NEXT_EVENT] < 0:
            open_member(plan, state, 0, member)
            state.keys[0] = columns.keys[member]
            cursor[NEXT_EVENT] = columns.starts[member]
        for event in range(cursor[NEXT_EVENT], columns.starts[member + 1]):
            sink.notes[p.AT_EVENT] = event
            _say(plan, state, columns, member, event)
            first_item, items_end = columns.item_starts[event], columns.item_starts[event + 1]
            prices = columns.item_price[first_item:items_end]
            fields = columns.item_fields[first_item:items_end]
            if columns.kind[event] == RETURN:
                original = columns.original[event]
                first_of, end_of = 0, 0
                if original >= 0:
                    first_of, end_of = columns.item_starts[original], columns.item_starts[original + 1]
                code = give_back(
                    plan,
                    state,
                    sink,
                    0,
                    columns.day[event],
                    original,
                    columns.basket[event],
                    prices,
                    fields,
                    columns.item_price[first_of:end_of],
                    columns.item_fields[first_of:end_of],
                    results.gone[first_of:end_of],
                )
            else:
                code = step(
                    plan,
                    state,
                    sink,
                    0,
                    columns.day[event],
                    columns.kind[event],
                    columns.basket[event],
                    columns.fields[event],
                    prices,
                    fields,
                    columns.reward[event],
                    columns.quantity[event],
                )
            cursor[NEXT_EVENT] = event
            if code == p.NO_ROOM:
                return p.NO_ROOM
            results.codes[event] = code
        cursor[NEXT_EVENT] = columns.starts[member + 1]
        if advance(plan, state, sink, 0, as_of) == p.NO_ROOM:
            return p.NO_ROOM
        _close_member(plan, state, sink, results, member, as_of)
        cursor[MEMBER] = member + 1
        cursor[NEXT_EVENT] = -1
    return p.DONE


@part
def _say(plan: Plan, state: State, columns: Columns, member: int, event: int) -> None:
    """Passes on what an event says of its member."""
    said = state.of_member.said
    fields = columns.member_fields.shape[1]
    if fields > 0 or columns.referrers[member] >= 0:
        said[SAYS] = 1
        said[SAYS_REFERRED] = 1 if columns.referrers[member] >= 0 else 0
        for field in range(plan.of_state.member_fields):
            told = columns.member_fields[event, field] if fields > 0 else state.of_member.fields[0, field]
            said[FIRST_SAID + field] = told


@part
def _close_member(plan: Plan, state: State, sink: Sink, results: Results, member: int, as_of: int) -> None:
    """Writes down a member's figures, and clears the flows for the next one."""
    for currency in range(len(plan.currencies)):
        flows = sink.flows[currency, 0]
        results.issued[member, currency] = flows[p.ISSUED]
        results.redeemed[member, currency] = flows[p.REDEEMED]
        results.expired[member, currency] = flows[p.EXPIRED]
        results.reversed[member, currency] = flows[p.REVERSED]
        pending = state.wallets[currency, p.PENDING]
        results.pending[member, currency] = pending
        results.outstanding[member, currency] = state.wallets[currency, p.AVAILABLE] + pending
        for flow in range(len(flows)):
            flows[flow] = 0
    roll_counters(plan, state, 0, as_of)
    for counter in range(len(plan.of_state.counters)):
        results.counters[member, counter] = state.of_member.counters[counter, COUNT_VALUE]
    for level in range(len(plan.of_state.levels)):
        through = state.of_member.grants[0, level]
        results.grants[member, level] = through if through >= as_of else NO_GRANT
    row = as_of - plan.first_day
    state.registers[p.MEMBERSHIP_YEAR] = 0
    if plan.of_state.membership != 0 and state.members[0, p.JOINED] != p.NOT_JOINED:
        state.registers[p.MEMBERSHIP_YEAR] = years_since(state.members[0, p.JOINED], as_of)
    for limit in range(len(plan.limits)):
        index = plan.limits[limit, p.LIMIT_INDEX]
        if (
            plan.limits[limit, p.LIMIT_WINDOW] != p.EVENT
            and row >= 0
            and state.usage[index, p.USAGE_WINDOW] == window_of(plan, state, 0, row, limit)
        ):
            results.usage[member, index] = state.usage[index, p.USAGE_USED]


def replay_compiled(
    program: Program,
    history: History,
    threads: int | None,
    with_postings: bool,
    closings: Closings,
    seed: int,
) -> Replay:
    """Runs a history through a program by the kernel."""
    columns = _columns(program, history, seed)
    days = columns.day
    first_day = max(program.starts, int(days.min(initial=history.last_day)))
    plan = lower_program(
        program, first_day, max(history.last_day, int(days.max(initial=first_day))), [first_day]
    )
    close(program, plan, closings)
    members = len(history.members)
    currencies = len(program.currencies)
    balances = Balances.empty(members, currencies)
    results = Results(
        balances.issued,
        balances.redeemed,
        balances.expired,
        balances.reversed,
        balances.pending,
        balances.outstanding,
        usage=np.zeros((members, program.limit_count), np.int64),
        counters=np.zeros((members, len(program.counters)), np.int64),
        grants=np.full((members, sum(len(ladder.levels) for ladder in program.ladders)), NO_GRANT),
        codes=np.zeros(len(days), np.int64),
        gone=np.zeros(len(columns.item_price), np.int64),
    )
    keeper = StateKeeper(program, plan) if with_postings else None
    ran = _run_ranges(plan, columns, results, history.last_day, threads, keeper)
    sinks = [sink for _, sink, _ in ran]
    rules = sum((sink.rules for sink in sinks), start=np.zeros((len(program.earns), 1, 3), np.int64))
    rewards = sum((sink.rewards for sink in sinks), start=np.zeros((len(program.rewards), 1, 4), np.int64))
    verify_sums_fit(
        program, rules[:, 0, 1].tolist(), rewards[:, 0, 0].tolist(), int(columns.basket.max(initial=0))
    )
    return Replay(
        program=program,
        history=history,
        balances=balances,
        usage=results.usage,
        rules=tuple(RuleTotal(int(units), int(times)) for ((units, times, _),) in rules),
        rewards=tuple(
            RewardTotal(uses, off, cost_of(reward, uses, off, given), given)
            for reward, ((uses, off, given, _),) in zip(program.rewards, rewards.tolist(), strict=True)
        ),
        refusals=_refusals(program, history, results.codes),
        counters=results.counters,
        grants=results.grants,
        postings=postings_of(program, history, sinks) if with_postings else None,
        together=together_of(plan, [state for state, _, _ in ran]),
        states=tuple(rows for _, _, kept in ran for rows in kept) if with_postings else None,
    )


def close(program: Program, plan: Plan, closings: Closings) -> None:
    """Marks the days of a plan on which windows of limits for everyone are closed (LIMIT-9)."""
    limits, rows = limits_for_everyone(program), rows_of_closed(plan)
    plan.closed[:] = 0
    for (index, window), day in closings.items():
        closed = closed_days(limits[index], window, day)
        first = max(closed.start - plan.first_day, 0)  # a window may have closed before the plan's days
        plan.closed[rows[index], first : max(closed.stop - plan.first_day, 0)] = 1


def rows_of_closed(plan: Plan) -> dict[int, int]:
    """The row of `Plan.closed` of each limit for everyone, by its index."""
    rows = plan.limits[:, [p.LIMIT_INDEX, p.LIMIT_CLOSED]].tolist()
    return {index: row for index, row in rows if row >= 0}


def together_of(plan: Plan, states: Sequence[State]) -> dict[tuple[int, int], int]:
    """What all members of these states counted against limits for everyone, by index and day."""
    counted = sum((state.together for state in states), start=np.zeros_like(plan.closed))
    return {
        (index, plan.first_day + int(day)): int(counted[row, day])
        for index, row in rows_of_closed(plan).items()
        for day in np.flatnonzero(counted[row])
    }


def _columns(program: Program, history: History, seed: int) -> Columns:
    """The history's columns as writable row-major int64, copied only where they are not; members' keys."""
    keys = np.zeros(len(history.members), np.uint64)
    if left_to_chance(program):
        keys[:] = np.array([key_of(seed, member) for member in history.members], np.uint64)
    whole = [np.require(getattr(history, name), np.int64, ["C", "W"]) for name in Columns._fields[:-1]]
    return Columns._make([*whole, keys])


Ran = tuple[State, Sink, list[tuple[StateRow, ...]]]


def _run_ranges(
    plan: Plan,
    columns: Columns,
    results: Results,
    as_of: int,
    threads: int | None,
    keeper: StateKeeper | None,
) -> list[Ran]:
    """Runs all members in ranges of about the same number of events, one a thread.

    Args:
        keeper: keeps the state of each member, beside postings; `None` for neither.
    """
    members = len(columns.starts) - 1
    count = max(1, min(threads or os.cpu_count() or 1, members))
    targets = np.arange(1, count) * len(columns.day) // count
    bounds = [0, *np.searchsorted(columns.starts, targets).tolist(), members]

    items = int(np.diff(columns.item_starts).max(initial=0))

    def run_range(first: int, end: int, journal_rows: int = 1024) -> Ran:
        state = p.new_state(plan, items=items)
        sink = p.new_sink(plan, journal_rows=journal_rows if keeper is not None else 0)
        cursor = np.array([first, -1], np.int64)
        kept = []
        # A state has one member at a time, so it is read after each.
        for stop in range(first + 1, end + 1) if keeper and first < end else (end,):
            while run_members(plan, state, sink, columns, results, cursor, stop, as_of) == p.NO_ROOM:
                state = p.roomier_state(state)  # either can be full; twice the room of both is still little
                sink = p.roomier_sink(sink)
            if keeper is not None and first < end:
                kept.append(keeper.rows_of(state, as_of, results.usage[stop - 1].tolist()))
        if sink.notes[p.JOURNALING] == ROWS_MISSED:  # once more, from the start
            items_of = columns.item_starts[columns.starts[[first, end]]]
            results.gone[items_of[0] : items_of[1]] = 0
            return run_range(first, end, 2 * int(sink.notes[p.JOURNAL_END]))
        verify_strategies(plan, state)
        return state, sink, kept

    if count == 1:
        return [run_range(0, members)]
    run_range(0, 0)  # compiles the kernel, or loads it, once and not in each thread
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run_range, bounds[:-1], bounds[1:]))


def _refusals(program: Program, history: History, codes: Ints) -> tuple[RefusedEvent, ...]:
    """The refused rows, in the order of members and their events."""
    events = np.flatnonzero(codes)
    members = np.searchsorted(history.starts, events, side="right") - 1
    refused = []
    for event, member, code in zip(events.tolist(), members.tolist(), codes[events].tolist(), strict=True):
        reward = None if is_of_event(program, code) else program.rewards[int(history.reward[event])]
        id_, day = str(history.ids[event]), int(history.day[event])
        refusal = refuse(program, id_, day, obstacle_of(program, code), reward)
        refused.append(RefusedEvent(int(history.rows[event]), history.members[member], refusal))
    return tuple(refused)


_KINDS = {
    p.EARNED_ROW: PostingKind.EARNED,
    p.REDEEMED_ROW: PostingKind.REDEEMED,
    p.EXPIRED_ROW: PostingKind.EXPIRED,
    p.REVERSED_ROW: PostingKind.REVERSED,
}


def postings_of(
    program: Program, history: History, sinks: list[Sink]
) -> tuple[tuple[CanonicalPosting, ...], ...]:
    """The journals of all ranges as canonical postings of each member (SAME-1)."""
    sums: list[dict[tuple[str, int, str, str, int, int, int], int]] = [{} for _ in history.members]
    earners: tuple[EarnRule | Reward, ...] = (*program.earns, *program.rewards)
    names = {
        PostingKind.EARNED: [each.name for each in earners],
        PostingKind.REVERSED: [rule.name for rule in program.earns],
        PostingKind.REDEEMED: [reward.name for reward in program.rewards],
    }
    for sink in sinks:
        rows = sink.journal[: sink.notes[p.JOURNAL_END]].tolist()
        for member, event, day, kind, name, currency, available, expiry, units in rows:
            word = _KINDS[kind]
            key = (
                str(history.ids[event]) if event >= 0 else "",
                day,
                word.value,
                names[word][name] if name >= 0 else "",
                currency,
                available,
                expiry,
            )
            sums[member][key] = sums[member].get(key, 0) + units
    return tuple(tuple(sorted((*key, units) for key, units in each.items())) for each in sums)
