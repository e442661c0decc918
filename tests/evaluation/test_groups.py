"""Groups of several members, on both evaluators: together they do what each would do alone."""

# ruff: noqa: PLR0917

import attrs
import numpy as np
import pytest
from drawing import ALL, OF_ONE_MEMBER, Feature
from drawn_histories import seeded_pair

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import advance as advance_group
from loyalty_dsl.evaluation.groups import give_opening, open_group
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.kernel import advance, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry
from loyalty_dsl.evaluation.ledger import Posting, canonical_postings
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan import Ints, Plan, Sink, State
from loyalty_dsl.evaluation.reference import run, run_group
from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.evaluation.replay_compiled import postings_of
from loyalty_dsl.language.program import Program


@entry
def begin(plan: Plan, state: State, slot: int) -> None:
    open_member(plan, state, slot, slot)


@entry
def happen(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
    reward: int,
    quantity: int,
) -> int:
    return step(
        plan, state, sink, slot, day, kind, basket, fields, prices, item_fields, reward, quantity
    )  # fmt: skip


@entry
def wait(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> int:
    return advance(plan, state, sink, slot, day)


def in_one_group(history: History) -> list[tuple[int, int]]:
    """The slot and row of every event, all members being one group: by day, then by member."""
    slots = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    order = np.lexsort((np.arange(len(slots)), slots, history.day))
    return [(int(slots[row]), int(row)) for row in order]


def run_kernel(program: Program, history: History) -> tuple[Plan, State, Sink, list[int]]:
    """All members of a history as one group on the kernel, and the code of each of its events."""
    slots = len(history.members)
    days = [program.starts, *history.day.tolist(), history.last_day]
    plan = lower_program(program, program.starts, max(days), [program.starts])
    state, sink = p.new_state(plan, slots, capacity=256, items=4), p.new_sink(plan, 1 << 14, slots)
    for slot in range(slots):
        begin(plan, state, slot)
    codes = [0] * len(history.day)
    for slot, row in in_one_group(history):
        sink.notes[p.AT_EVENT] = row
        items = slice(history.item_starts[row], history.item_starts[row + 1])
        codes[row] = happen(
            plan, state, sink, slot, int(history.day[row]), int(history.kind[row]), int(history.basket[row]),
            history.fields[row], history.item_price[items], history.item_fields[items],
            int(history.reward[row]), int(history.quantity[row]),
        )  # fmt: skip
        assert codes[row] != p.NO_ROOM
    for slot in range(slots):
        assert wait(plan, state, sink, slot, history.last_day) == p.DONE
    return plan, state, sink, codes


def events_in_one_group(program: Program, history: History) -> list[Event]:
    """The same for the reference."""
    counts = [len(kind.fields) for kind in program.events]
    by_member = [history.events_of(member, counts) for member in range(len(history.members))]
    return [
        attrs.evolve(by_member[slot][row - int(history.starts[slot])], slot=slot)
        for slot, row in in_one_group(history)
    ]


def alone(program: Program, history: History) -> Replay:
    return replay(program, history, "reference", with_postings=True)


DRIVEN = OF_ONE_MEMBER - {Feature.RETURNS, Feature.MEMBER_FIELDS}
"""What an event that is handed to the kernel by its plain parts can say."""

SEEDS = [seed for seed in range(300, 360) if len(seeded_pair(seed, DRIVEN)[1].members) > 1]


def test_a_group_in_the_reference_is_its_members_alone() -> None:
    """SAME-1, TIME-4: one agenda and one clock for two to four members."""
    for seed in SEEDS:
        program, history = seeded_pair(seed, DRIVEN)
        wanted = alone(program, history)
        events = events_in_one_group(program, history)
        runs = run_group(program, len(history.members), events, history.last_day)
        assert [canonical_postings(each.postings) for each in runs] == list(wanted.postings or ()), seed
        for member, each in enumerate(runs):
            assert each.totals == wanted.member_totals(member), seed
            assert list(each.usage) == wanted.usage[member].tolist(), seed
        refusals = [refusal for each in runs for refusal in each.refusals]
        assert refusals == [refused.refusal for refused in wanted.refusals], seed


def test_a_group_in_the_kernel_is_its_members_alone() -> None:
    """SAME-1: postings are told apart by member, and flows, wallets and limits by slot."""
    for seed in SEEDS:
        program, history = seeded_pair(seed, DRIVEN)
        wanted = alone(program, history)
        plan, state, sink, codes = run_kernel(program, history)
        assert postings_of(program, history, [sink]) == wanted.postings, seed
        assert sum(code != p.DONE for code in codes) == len(wanted.refusals), seed
        currencies = len(plan.currencies)
        for figure, column in (("issued", p.ISSUED), ("redeemed", p.REDEEMED), ("expired", p.EXPIRED)):
            flows = sink.flows[:, :, column].sum(axis=1).reshape(-1, currencies)
            assert np.array_equal(flows, getattr(wanted.balances, figure)), seed
        pending = state.wallets[:, p.PENDING].reshape(-1, currencies)
        assert np.array_equal(pending, wanted.balances.pending), seed


def test_work_of_one_midnight_is_each_members_own() -> None:
    """TIME-4: what one agenda does for two members is posted to the right one."""
    program, history = seeded_pair(301, ALL - {Feature.CHANCES})
    group = open_group(program, 2)
    give_opening(group, 0, 7, program.starts, slot=1)
    made: list[Posting] = list(advance_group(group, history.last_day + 10_000))
    assert group.members[0].journal == []
    assert group.members[1].journal[1:] == made


def test_one_member_is_a_group_of_one() -> None:
    program, history = seeded_pair(302, ALL - {Feature.CHANCES})
    events = history.events_of(0, [len(kind.fields) for kind in program.events])
    assert (run(program, events, history.last_day),) == run_group(program, 1, events, history.last_day)
    with pytest.raises(ValueError, match="unpack"):
        _ = open_group(program, 2).only
