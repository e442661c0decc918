"""The kernel's own promises, beyond agreeing with the reference: room, lateness, what it may leave out."""

# ruff: noqa: PLR0917

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from drawing import OF_ONE_MEMBER, Feature
from drawn_histories import seeded_pair
from programs_by_hand import after, at, currency, earn, program, reward, times, units

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.kernel import advance, in_the_way, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan import Ints, Plan, Sink, State
from loyalty_dsl.language.amounts import Flat, PerMoney
from loyalty_dsl.language.conditions import Base, Compare, EventAmount, Literal, Order
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind

FIRST = at("2026-01-01")
LAST = at("2027-12-31")
NO_FIELDS = np.zeros(1, np.int64)
NO_ITEMS = np.zeros(0, np.int64), np.zeros((0, 1), np.int64)


@entry
def buy(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    items: Ints,
) -> int:
    """One purchase of the member in a slot, without a chosen reward."""
    return step(plan, state, sink, slot, day, PURCHASE, basket, fields, prices, items, -1, 0)


@entry
def take(
    plan: Plan, state: State, sink: Sink, day: int, basket: int, fields: Ints, prices: Ints, items: Ints
) -> int:
    """One purchase at which the first reward is chosen once."""
    return step(plan, state, sink, 0, day, PURCHASE, basket, fields, prices, items, 0, 1)


@entry
def may_take(
    plan: Plan, state: State, day: int, basket: int, fields: Ints, prices: Ints, items: Ints
) -> bool:
    return in_the_way(plan, state, 0, 0, day, PURCHASE, basket, fields, prices, items) == p.DONE


@entry
def begin(plan: Plan, state: State, slot: int) -> None:
    open_member(plan, state, slot, slot)


@entry
def wait(plan: Plan, state: State, sink: Sink, day: int) -> int:
    return advance(plan, state, sink, 0, day)


@entry
def may_take_at(
    plan: Plan,
    state: State,
    reward: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    items: Ints,
) -> bool:
    return in_the_way(plan, state, 0, reward, day, kind, basket, fields, prices, items) == p.DONE


@entry
def take_at(
    plan: Plan,
    state: State,
    sink: Sink,
    reward: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    items: Ints,
) -> int:
    return step(plan, state, sink, 0, day, kind, basket, fields, prices, items, reward, 1)


class Life:
    """One member under a program, stepped by hand."""

    def __init__(self, of: Program, capacity: int = 64, journal_rows: int = 0) -> None:
        self.plan = lower_program(of, FIRST, LAST)
        self.state = p.new_state(self.plan, capacity=capacity)
        self.sink = p.new_sink(self.plan, journal_rows)
        begin(self.plan, self.state, 0)

    def buy(self, day: int, basket: int = 1000) -> int:
        return buy(self.plan, self.state, self.sink, 0, day, basket, NO_FIELDS, *NO_ITEMS)

    def take(self, day: int, basket: int = 1000) -> int:
        return take(self.plan, self.state, self.sink, day, basket, NO_FIELDS, *NO_ITEMS)

    def may_take(self, day: int, basket: int = 1000) -> bool:
        return bool(may_take(self.plan, self.state, day, basket, NO_FIELDS, *NO_ITEMS))

    def wait(self, day: int) -> int:
        return wait(self.plan, self.state, self.sink, day)

    def flow(self, flow: int, currency: int = 0) -> int:
        return int(self.sink.flows[currency, :, flow].sum())

    def wallet(self, column: int) -> int:
        return int(self.state.wallets[0, column])


def copies(*tuples: tuple[object, ...]) -> list[Ints]:
    """Copies of all arrays of plans, states and sinks, those inside others too."""
    arrays: list[Ints] = []
    for each in tuples:
        for value in each:
            if isinstance(value, tuple):
                arrays += copies(value)
            elif isinstance(value, np.ndarray):
                arrays.append(value.copy())
    return arrays


def points(*rules: EarnRule | Reward, days: int = 180, pending: int = 0) -> Program:
    return program(*rules, currencies=[currency(expiry=after(days), pending=Duration(pending, Unit.DAY))])


def test_a_full_wallet_asks_for_room_and_loses_nothing() -> None:
    life = Life(points(earn()), capacity=4)
    refused = 0
    for day in range(FIRST, FIRST + 50):
        while life.buy(day) == p.NO_ROOM:
            refused += 1
            life.state = p.roomier_state(life.state)
    assert refused == 4  # 4, 8, 16 and 32 lots were too few
    assert life.wallet(p.AVAILABLE) == 500
    assert life.flow(p.ISSUED) == 500


def test_no_room_changes_nothing() -> None:
    life = Life(points(earn()), capacity=2)
    life.buy(FIRST)
    life.buy(FIRST + 1)
    before = copies(life.state, life.sink)
    assert life.buy(FIRST + 2) == p.NO_ROOM
    assert all(np.array_equal(a, b) for a, b in zip(before, copies(life.state, life.sink), strict=True))


def test_a_long_life_fits_in_a_small_wallet_when_lots_come_and_go() -> None:
    life = Life(points(earn(), days=3), capacity=8)
    assert all(life.buy(day) == p.DONE for day in range(FIRST, FIRST + 400))
    assert life.wallet(p.AVAILABLE) == 30


def test_a_full_journal_asks_for_room_and_loses_nothing() -> None:
    life = Life(points(earn(), days=3), journal_rows=4)
    for day in range(FIRST, FIRST + 50):
        while life.buy(day) == p.NO_ROOM:
            life.sink = p.roomier_sink(life.sink)
    rows = life.sink.journal[: life.sink.notes[p.JOURNAL_END]]
    assert rows[rows[:, p.ROW_KIND] == p.EARNED_ROW, p.ROW_UNITS].sum() == 500
    assert rows[rows[:, p.ROW_KIND] == p.EXPIRED_ROW, p.ROW_UNITS].sum() == 470


def test_lots_that_nothing_tells_apart_are_one() -> None:
    months = program(earn(), currencies=[currency(expiry=after(6, Unit.MONTH, Unit.MONTH))])
    life = Life(months)
    for day in range(FIRST, FIRST + 40):
        life.buy(day)
    assert life.wallet(p.TAIL) == 2  # January's and February's
    assert life.state.lots[0, :2, p.LOT_UNITS].tolist() == [310, 90]


def test_pending_lots_of_different_days_stay_apart() -> None:
    months = program(
        earn(), currencies=[currency(expiry=after(6, Unit.MONTH, Unit.MONTH), pending=Duration(2, Unit.DAY))]
    )
    life = Life(months)
    life.buy(FIRST)
    life.buy(FIRST + 1)
    life.wait(FIRST + 2)
    assert (life.wallet(p.AVAILABLE), life.wallet(p.PENDING)) == (10, 10)


def test_waiting_each_midnight_is_waiting_once() -> None:
    """TIME-4: lazily is as eagerly."""
    lives = [Life(points(earn(), days=20, pending=5), journal_rows=1024) for _ in range(2)]
    for life, gap in zip(lives, (1, 60), strict=True):
        for day in (FIRST, FIRST + 3, FIRST + 11):
            life.buy(day)
        for day in range(FIRST + 11, FIRST + 72, gap):
            life.wait(day)
    eager, lazy = lives
    assert np.array_equal(eager.sink.flows, lazy.sink.flows)
    assert np.array_equal(eager.sink.journal, lazy.sink.journal)
    assert eager.flow(p.EXPIRED) == 30


def test_affordable_is_what_a_step_then_grants() -> None:
    large = Compare(EventAmount(Base.BASKET), Order.AT_LEAST, Literal(800, Kind.MONEY))
    life = Life(points(earn(Flat(60)), reward(100, 500, times(1, Unit.MONTH), when=large)))
    granted = []
    for day, basket in ((0, 1000), (1, 1000), (2, 700), (3, 1000), (4, 1000), (40, 1000)):
        life.wait(FIRST + day)
        may = life.may_take(FIRST + day, basket)
        granted.append(may)
        assert (life.take(FIRST + day, basket) == p.DONE) is may
    assert granted == [False, False, False, True, False, True]


def test_a_limit_per_event_is_asked_about_the_event_at_hand() -> None:
    """LIMIT-3: what was used at the last purchase takes nothing from the next one."""
    for limit in (times(1, None), units(500, None)):
        life = Life(points(earn(Flat(300)), reward(100, 500, limit)))
        life.buy(FIRST)
        for day in (1, 2, 3):
            life.wait(FIRST + day)
            assert life.may_take(FIRST + day)
            assert life.take(FIRST + day) == p.DONE


def test_a_reward_is_affordable_exactly_if_a_step_grants_it() -> None:
    """REDEEM-1, SAME-1: for each reward of each event of drawn programs."""
    answers: Counter[bool] = Counter()
    for seed in range(700, 840):
        of, history = seeded_pair(
            seed, OF_ONE_MEMBER - {Feature.BENEFITS, Feature.RETURNS, Feature.MEMBER_FIELDS}
        )
        plan = lower_program(of, of.starts, int(max(history.last_day, of.starts)), [of.starts])
        for turn in range(len(of.rewards)):
            state, sink = p.new_state(plan, capacity=256, items=4), p.new_sink(plan)
            begin(plan, state, 0)
            for row in range(int(history.starts[1])):
                day, kind = int(history.day[row]), int(history.kind[row])
                if day < of.starts or kind == JOIN:
                    continue
                asked = (turn + row) % len(of.rewards)
                if of.rewards[asked].taking is Taking.EXCHANGED:
                    continue  # one unit of it is seldom a whole step
                basket, fields = int(history.basket[row]), history.fields[row]
                items = slice(history.item_starts[row], history.item_starts[row + 1])
                assert wait(plan, state, sink, day) == p.DONE
                event = (day, kind, basket, fields, history.item_price[items], history.item_fields[items])
                may = may_take_at(plan, state, asked, *event)
                code = take_at(plan, state, sink, asked, *event)
                assert (code == p.DONE) == may, (seed, row)
                answers[may] += 1
    assert min(answers[True], answers[False]) > 100


def test_asking_whether_a_reward_is_affordable_changes_no_figure() -> None:
    life = Life(points(earn(Flat(60)), reward(100, 500, times(1))))
    life.buy(FIRST)
    life.buy(FIRST)
    figures = (life.state.wallets, life.state.lots, life.state.usage, *life.sink)
    before = copies(figures)
    assert life.may_take(FIRST)
    assert all(np.array_equal(a, b) for a, b in zip(before, copies(figures), strict=True))


def test_a_refused_choice_leaves_limits_as_they_were() -> None:
    """REDEEM-3: the second of two uses fails, so the first is taken back."""
    life = Life(points(earn(Flat(100)), reward(100, 500, times(1, Unit.YEAR))))
    life.buy(FIRST)
    assert life.buy(FIRST) == p.DONE
    two = life.state.registers.copy()
    assert two[p.FIRST_BALANCE] == 100
    assert life.take(FIRST + 1) == p.DONE
    assert life.take(FIRST + 1) == p.LIMIT_REACHED
    assert life.state.usage[0, p.USAGE_USED] == 1


def test_figures_by_month_of_issue_and_age() -> None:
    life = Life(points(earn(Flat(60)), reward(100, 500), days=70))
    january, february, march = FIRST, FIRST + 31, FIRST + 59
    life.buy(january)
    life.buy(february)
    assert life.take(march) == p.DONE  # 60 of January's and 40 of February's
    life.wait(LAST)
    flows, ages = life.sink.flows[0], life.sink.ages[:, 0]
    assert flows[:3, p.ISSUED].tolist() == [60, 60, 60]
    assert flows[2, p.REDEEMED] == 100
    assert flows[:3, p.REDEEMED_OF].tolist() == [60, 40, 0]
    # After January 60 of January's are redeemed, after February 100 of both months', after March nothing.
    assert np.cumsum(flows[:, p.REDEEMED_AFTER])[:4].tolist() == [60, 100, 0, 0]
    assert ages[p.BY_REDEMPTION, :2, :3].tolist() == [[0, 0, 60], [0, 40, 0]]
    assert ages[p.BY_EXPIRY].sum() == flows[:, p.EXPIRED].sum() == 80
    assert life.sink.rewards[0, 2].tolist() == [1, 500, 0, 100]


def test_members_of_a_group_do_not_touch_each_other() -> None:
    of = program(
        earn(Flat(60), times(2, Unit.MONTH)),
        earn(Flat(7), name="second", currency=1),
        reward(100, 500, automatic=True),
        currencies=[currency(expiry=after(20)), currency("stars")],
    )
    plan = lower_program(of, FIRST, LAST)
    together, sink = p.new_state(plan, slots=3), p.new_sink(plan, slots=3)
    lives = [Life(of) for _ in range(3)]
    for slot in range(3):
        begin(plan, together, slot)
    for day in range(60):
        slot = day % 3 if day % 5 else 2
        buy(plan, together, sink, slot, FIRST + day, 1000, NO_FIELDS, *NO_ITEMS)
        lives[slot].buy(FIRST + day)
    for slot, life in enumerate(lives):
        for rows, alone in (
            (together.wallets, life.state.wallets),
            (together.usage, life.state.usage),
            (sink.flows, life.sink.flows),
        ):
            assert np.array_equal(rows[slot * len(alone) : (slot + 1) * len(alone)], alone)
    assert sink.rewards[0, :, p.REWARD_USES].sum() > 3


def test_rates_rounded_by_rule_need_no_common_denominator() -> None:
    primes = (999_999_937, 999_999_929, 999_999_893)
    rules = [earn(PerMoney(1, prime, False, Base.BASKET), name=f"rate_{prime}") for prime in primes]
    life = Life(program(*rules))
    life.buy(FIRST, 10**9)
    assert life.wallet(p.AVAILABLE) == 3


def test_the_kernel_gives_the_same_answers_when_it_is_not_compiled() -> None:
    """The same sources as plain Python: what a compiler might do to them is not what makes them right."""
    here = Path(__file__).parent
    code = (
        "from test_agreement import assert_same_answer; from drawn_histories import seeded_pair\n"
        "for seed in range(40): assert_same_answer(*seeded_pair(seed))"
    )
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
