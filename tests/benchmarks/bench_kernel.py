"""How fast the kernel replays, against the same programs written by hand in C.

    python tests/benchmarks/bench_kernel.py [members]

Prints purchases per second for one and two threads, and the ratio to C on one thread, all measured in this
run: figures of different machines or days do not compare. The answers are compared first.
"""

import ctypes
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

from programs_by_hand import NOWHERE, after, at, currency, earn, program, reward, times, trigger, units

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation import days
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Flat, PerMoney
from loyalty_dsl.language.program import DaysOfMonth, Program
from loyalty_dsl.language.types import JOIN, PURCHASE, Field, Kind

FIRST, LAST = at("2026-01-01"), at("2028-12-31")
CATEGORY = Field("category", Kind.NUMBER, (), 0, NOWHERE)
SPECIAL = c.Compare(c.EventField(CATEGORY), c.Order.EQUAL, c.Literal(3, Kind.NUMBER))

SIMPLE = program(
    earn(PerMoney(1, 100, True, c.Base.BASKET)),
    reward(500, 500, in_full=True, automatic=True),
    currencies=[currency(expiry=after(180))],
)
"""A point for each whole dollar, 500 points for $5 off, 180 days."""

CARD = program(
    earn(Flat(250), name="welcome", on=[trigger(JOIN)]),
    earn(),
    earn(PerMoney(2, 100, True, c.Base.AMOUNT), name="special", when=SPECIAL),
    earn(
        PerMoney(1, 100, True, c.Base.AMOUNT),
        units(2000, Unit.MONTH),
        name="early",
        dates=((DaysOfMonth(1, 7),),),
    ),
    reward(1000, 1000, times(1, Unit.DAY), automatic=True),
    currencies=[currency(expiry=after(12, Unit.MONTH, Unit.MONTH), pending=Duration(14, Unit.DAY))],
)
"""Four rules, a condition, dates, a monthly limit, 14 days pending, and expiry at the end of a month."""


def made_history(members: int) -> History:
    """Members who join on any day of the first two years and buy 1.2 times a month at most three years."""
    draw = np.random.default_rng(1)
    joined = FIRST + draw.integers(0, 730, members)
    counts = draw.poisson((LAST - joined) / 25)
    owner = np.repeat(np.arange(members), counts + 1)
    day = joined[owner] + np.floor(draw.random(len(owner)) * (LAST - joined[owner])).astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(counts + 1)))
    day[starts[:-1]] = joined
    order = np.lexsort((day, owner))
    kind = np.full(len(day), PURCHASE)
    kind[starts[:-1]] = JOIN
    basket = np.exp(draw.normal(8.2, 0.8, len(day))).astype(np.int64)
    basket[starts[:-1]] = 0
    count = len(day)
    return History(
        members=[str(member) for member in range(members)],
        starts=starts,
        ids=[""] * count,
        rows=np.arange(1, count + 1),
        day=day[order],
        minute=np.zeros(count, np.int64),
        kind=kind,
        basket=basket,
        fields=draw.integers(0, 4, (count, 1)),
        item_starts=np.zeros(count + 1, np.int64),
        item_price=np.zeros(0, np.int64),
        item_fields=np.zeros((0, 1), np.int64),
        reward=np.full(count, -1),
        quantity=np.zeros(count, np.int64),
        last_day=LAST,
    )


class ByHand(ctypes.Structure):
    """`History` of bench_kernel.c."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("starts", "day", "kind", "basket", "category")),
        *((name, ctypes.c_void_p) for name in ("month", "early", "expiry")),
        *((name, ctypes.c_int64) for name in ("members", "first_day", "as_of")),
    ]


def compile_by_hand(folder: Path) -> ctypes.CDLL:
    library = folder / "by_hand.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source], check=True)
    return ctypes.CDLL(str(library))


def run_by_hand(function: Callable[..., None], history: History) -> Callable[[], np.ndarray]:
    run = np.arange(FIRST, LAST + 1)
    tables = (
        days.window_start(Unit.MONTH, run),
        (days.day_of_month(run) <= 7).astype(np.int64),
        days.window_end(Unit.MONTH, days.add_duration(run, Duration(12, Unit.MONTH))),
    )
    category = np.ascontiguousarray(history.fields[:, 0])
    arrays = (history.starts, history.day, history.kind, history.basket, category, *tables)
    of = ByHand(*(array.ctypes.data for array in arrays), len(history.members), FIRST, LAST)
    out = np.zeros((len(history.members), 4), np.int64)

    def call() -> np.ndarray:
        _ = arrays  # the structure holds bare addresses
        function(ctypes.byref(of), ctypes.c_void_p(out.ctypes.data))
        return out

    return call


def seconds(call: Callable[[], object], clock: Callable[[], float], least: float = 2.0) -> float:
    """The best time of calls for at least this long."""
    best, until = 1e9, time.perf_counter() + least
    while time.perf_counter() < until:
        start = clock()
        call()
        best = min(best, clock() - start)
    return best


def compare(name: str, of: Program, history: History, function: Callable[..., None]) -> None:
    by_hand = run_by_hand(function, history)
    figures = replay(of, history).balances
    ours = np.concatenate((figures.issued, figures.redeemed, figures.expired, figures.outstanding), axis=1)
    assert np.array_equal(ours, by_hand()), f"{name}: the kernel and C differ"
    count = len(history.day) / 1e6
    # One thread by its own time, which a busy machine does not change; two can only be timed by the clock.
    c_speed = count / seconds(by_hand, time.process_time)
    speed = count / seconds(lambda: replay(of, history, threads=1), time.process_time)
    one = count / seconds(lambda: replay(of, history, threads=1), time.perf_counter)
    two = count / seconds(lambda: replay(of, history, threads=2), time.perf_counter)
    print(
        f"{name:8} C {c_speed:6.1f} M/s   kernel {speed:6.1f} M/s ({speed / c_speed:.2f}x)"
        f"   two threads {two:6.1f} M/s ({two / one:.2f}x)"
    )


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    history = made_history(members)
    print(f"{members:,} members, {len(history.day):,} events")
    with tempfile.TemporaryDirectory() as folder:
        library = compile_by_hand(Path(folder))
        compare("simple", SIMPLE, history, library.simple)
        compare("card", CARD, history, library.card)


if __name__ == "__main__":
    main()
