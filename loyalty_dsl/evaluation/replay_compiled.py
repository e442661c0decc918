"""A replay by the compiled kernel: ranges of groups on threads, each with its own state and sums.

Invariant: what a range gives does not depend on the others, and ranges are put together in the order of
their groups. A range that runs out of room is given more and goes on at the event where it stopped.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.connected import Groups, groups_of
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.everyone import Closings, closed_days, limits_for_everyone
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.kept_states import StateKeeper
from loyalty_dsl.evaluation.kernel_replay import ByGroup, Columns, Results, run_groups, run_members
from loyalty_dsl.evaluation.kernel_wallets import ROWS_MISSED
from loyalty_dsl.evaluation.ledger import CanonicalPosting, PostingKind
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.luck import key_of
from loyalty_dsl.evaluation.obstacle_codes import is_of_event, obstacle_of
from loyalty_dsl.evaluation.plan import Ints, Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import NO_GRANT
from loyalty_dsl.evaluation.replay import Balances, RefusedEvent, Replay, RewardTotal, RuleTotal
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.left_to_chance import left_to_chance
from loyalty_dsl.language.opening import StateRow
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.language.rewards import Taking, UnitsGiven
from loyalty_dsl.refusals import InputRefused


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
    groups = groups_of(history)
    verify_slots(groups)
    by_group = _by_group(program, history, groups)
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
        balances.received,
        balances.sent,
        balances.pending,
        balances.outstanding,
        usage=np.zeros((members, program.limit_count), np.int64),
        counters=np.zeros((members, len(program.counters)), np.int64),
        grants=np.full((members, sum(len(ladder.levels) for ladder in program.ladders)), NO_GRANT),
        codes=np.zeros(len(days), np.int64),
        gone=np.zeros(len(columns.item_price), np.int64),
    )
    keeper = StateKeeper(program, plan) if with_postings else None
    ran = _run_ranges(plan, columns, by_group, results, history.last_day, threads, keeper)
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
        states=_in_order([kept for _, _, each in ran for kept in each]) if with_postings else None,
    )


def verify_slots(groups: Groups) -> None:
    """Refuses a group with more members than a state has slots for."""
    if groups.largest > p.MOST_SLOTS:
        raise InputRefused(
            f"transfers connect {groups.largest:,} members, and at most {p.MOST_SLOTS:,} are evaluated "
            "together",
            "replay with --engine reference",
        )


def _in_order(kept: list[tuple[int, tuple[StateRow, ...]]]) -> tuple[tuple[StateRow, ...], ...]:
    """Rows of members in the members' order."""
    return tuple(rows for _, rows in sorted(kept, key=lambda each: each[0]))


def _by_group(program: Program, history: History, groups: Groups) -> ByGroup:
    """Groups and transfers as the kernel reads them."""
    lengths = np.diff(history.starts)
    events = np.r_[0, np.cumsum(lengths[groups.members])][groups.starts].astype(np.int64)
    count = len(history.members)
    nothing = np.zeros(0, np.int64)
    if not len(groups.order):
        return ByGroup._make(
            np.require(each, np.int64, ["C", "W"])
            for each in (groups.members, groups.starts, groups.slots, nothing, events, *[nothing] * 6)
        )
    doers = np.repeat(np.arange(count), lengths)
    receivers, steps, given, given_of = (np.zeros(len(doers), np.int64) for _ in range(4))
    for event in np.flatnonzero(history.recipients >= 0).tolist():
        sent = program.rewards[int(history.reward[event])]
        receivers[event] = sent.receiver
        steps[event] = int(history.quantity[event]) // sent.price
        face = program.rewards[sent.receiver].cases[0].face
        assert isinstance(face, UnitsGiven)
        given[event], given_of[event] = steps[event] * face.units, face.currency
    its = (groups.members, groups.starts, groups.slots, groups.order, events, doers, history.recipients)
    return ByGroup._make(
        np.require(each, np.int64, ["C", "W"]) for each in (*its, receivers, steps, given, given_of)
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


Ran = tuple[State, Sink, list[tuple[int, tuple[StateRow, ...]]]]
"""A state, its sums, and the rows of members by their index."""


def _run_ranges(
    plan: Plan,
    columns: Columns,
    by_group: ByGroup,
    results: Results,
    as_of: int,
    threads: int | None,
    keeper: StateKeeper | None,
) -> list[Ran]:
    """Runs all groups in ranges of about the same number of events, one a thread.

    Args:
        keeper: keeps the state of each member, beside postings; `None` for neither.
    """
    groups = len(by_group.starts) - 1
    count = max(1, min(threads or os.cpu_count() or 1, groups))
    targets = np.arange(1, count) * len(columns.day) // count
    bounds = [0, *np.searchsorted(by_group.events, targets).tolist(), groups]
    alone = not len(by_group.order)
    slots = int(np.diff(by_group.starts).max(initial=1))

    items = int(np.diff(columns.item_starts).max(initial=0))

    def run(state: State, sink: Sink, cursor: p.Ints, stop: int) -> int:
        if alone:
            return int(run_members(plan, state, sink, columns, results, cursor, stop, as_of))
        return int(run_groups(plan, state, sink, columns, by_group, results, cursor, stop, as_of))

    def run_range(first: int, end: int, journal_rows: int = 1024) -> Ran:
        state = p.new_state(plan, slots=slots, items=items)
        sink = p.new_sink(plan, journal_rows=journal_rows if keeper is not None else 0, slots=slots)
        cursor = np.array([first, -1, 0], np.int64)
        kept = []
        # A state has one group at a time, so it is read after each.
        for stop in range(first + 1, end + 1) if keeper and first < end else (end,):
            while run(state, sink, cursor, stop) == p.NO_ROOM:
                state = p.roomier_state(state)  # either can be full; twice the room of both is still little
                sink = p.roomier_sink(sink)
            if keeper is not None and first < end:
                its = by_group.members[by_group.starts[stop - 1] : by_group.starts[stop]].tolist()
                for slot, member in enumerate(its):
                    kept.append((member, keeper.rows_of(state, as_of, results.usage[member].tolist(), slot)))
        if sink.notes[p.JOURNALING] == ROWS_MISSED:  # once more, from the start
            for member in by_group.members[by_group.starts[first] : by_group.starts[end]].tolist():
                items_of = columns.item_starts[columns.starts[[member, member + 1]]]
                results.gone[items_of[0] : items_of[1]] = 0
            return run_range(first, end, 2 * int(sink.notes[p.JOURNAL_END]))
        verify_strategies(plan, state)
        return state, sink, kept

    if count == 1:
        return [run_range(0, groups)]
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


ROW_KINDS = {
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
            word = ROW_KINDS[kind]
            named = names[word][name] if name >= 0 else ""
            key = (
                str(history.ids[event]) if event >= 0 else "",
                day,
                kind_between_members(program, word, name).value,
                named,
                currency,
                available,
                expiry,
            )
            sums[member][key] = sums[member].get(key, 0) + units
    return tuple(tuple(sorted((*key, units) for key, units in each.items())) for each in sums)


def kind_between_members(program: Program, kind: PostingKind, name: int) -> PostingKind:
    """The kind of a posting: what a transfer takes from one member and gives to another has its own (SEND-3).

    Args:
        name: the index of the reward or, of what is earned, of the rule or reward, rules first.
    """
    rewards, rules = program.rewards, len(program.earns)
    if kind is PostingKind.REDEEMED and rewards[name].taking is Taking.SENT:
        return PostingKind.SENT
    if kind is PostingKind.EARNED and rules <= name < rules + len(rewards):
        return PostingKind.RECEIVED if rewards[name - rules].taking is Taking.RECEIVED else kind
    return kind
