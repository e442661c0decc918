"""How fast workload W runs: written in the language, against the same W written by hand in C.

    python tests/benchmarks/bench_workload.py [members] [file.loyalty ...]

Prints purchases per second on one thread of both and their ratio, of two threads against one, and of each
program file named (all of `programs/` when none is). All are measured in this run: figures of different
machines or days do not compare. Goal: 0.35 of C with the interpreting kernel, 1.8 for two threads.

Before it is timed, the work is compared: purchases, points and friends per member of the two agree within
five standard errors or the benchmark fails.
"""

import ctypes
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import numpy as np

import loyalty_dsl as loyalty
from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation import days
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

HERE = Path(__file__).parent
MONTHS, BINS = 36, 4096
FIGURES = ("issued", "redeemed", "expired", "active", "spend", "cost", "pending")


class Work(ctypes.Structure):
    """`Work` of workload_w.c."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("month", "year", "early", "expiry", "hold", "basket")),
        *((name, ctypes.c_int64) for name in ("members", "first", "days", "seed")),
    ]


class Sums(ctypes.Structure):
    """`Sums` of workload_w.c."""

    _fields_ = [
        *((name, ctypes.c_int64 * MONTHS) for name in FIGURES),
        ("tiers", ctypes.c_int64 * (3 * (MONTHS + 1))),
        ("triangle", ctypes.c_int64 * (MONTHS * MONTHS)),
        ("cohort", ctypes.c_int64 * (MONTHS * MONTHS)),
        ("purchases", ctypes.c_int64),
        ("lives", ctypes.c_int64),
    ]


def calendar_tables(first: int, count: int) -> tuple[np.ndarray, ...]:
    """What the C looks up by day since the first: month, year, days 1 to 7, expiry, end of status."""
    run = np.arange(first, first + count)
    year_end = days.window_end(Unit.YEAR, run)
    return (
        days.month_index(run) - days.month_index(run[:1])[0],
        days.window_start(Unit.YEAR, run),
        (days.day_of_month(run) <= 7).astype(np.int64),
        days.window_end(Unit.MONTH, days.add_duration(run, Duration(12, Unit.MONTH))) - first,
        days.add_duration(year_end, Duration(12, Unit.MONTH)) - first,
    )


def basket_table() -> np.ndarray:
    """Quantiles of the lognormal basket in cents; the ends are those of half a bin."""
    at = (np.arange(BINS + 1)).clip(0.25, BINS - 0.25) / BINS
    return 3000 * np.exp(0.8 * np.array([NormalDist().inv_cdf(p) for p in at]))


def by_hand(folder: Path, first: int, members: int) -> Callable[[], Sums]:
    library = folder / "workload.so"
    source = HERE / "workload_w.c"
    subprocess.run(
        ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True
    )
    workload = ctypes.CDLL(str(library)).workload
    count = int(days.add_duration(np.array([first]), Duration(MONTHS, Unit.MONTH))[0]) - first
    tables = (*calendar_tables(first, count), basket_table())
    work = Work(*(table.ctypes.data for table in tables), members, 0, count, 7)

    def call() -> Sums:
        _ = tables  # the structure holds bare addresses
        sums = Sums()
        workload(ctypes.byref(work), ctypes.byref(sums))
        return sums

    return call


def seconds(call: Callable[[], object], clock: Callable[[], float], least: float = 4.0) -> float:
    """The best time of calls for at least this long."""
    best, until = 1e9, time.perf_counter() + least
    while time.perf_counter() < until:
        start = clock()
        call()
        best = min(best, clock() - start)
    return best


def verify_same_work(ours: Trajectories, theirs: Sums, members: int) -> None:
    """Compares what a member does on average; the spread of a member is a few times the mean."""
    pairs = {
        "purchases": (int(ours.purchases.sum()), theirs.purchases),
        "points issued": (int(ours.issued.sum()), sum(theirs.issued)),
        "points redeemed": (int(ours.redeemed[:, :, :MONTHS].sum()), sum(theirs.redeemed)),
        "points expired": (int(ours.expired[:, :, :MONTHS].sum()), sum(theirs.expired)),
    }
    for name, (a, b) in pairs.items():
        apart = abs(a - b) / max(a, b)
        print(f"  {name:16} {a / members:10.2f} here {b / members:10.2f} in C, a member")
        allowed = 5 * 3 * (2 / members) ** 0.5
        assert apart < allowed, f"{name}: {apart:.3f} apart, more than chance ({allowed:.3f})"


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    book = loyalty.load(HERE / "workload_w.loyalty")
    program, population = book.programs[0], book.populations[0]

    def run(threads: int) -> Trajectories:
        return simulate_population(
            program, population, sample=members, months=MONTHS, seed=7, threads=threads, tail=0
        )

    ours = run(1)
    with tempfile.TemporaryDirectory() as folder:
        call = by_hand(Path(folder), program.starts, members)
        theirs = call()
        verify_same_work(ours, theirs, members)
        # One thread by its own time, which a busy machine does not change; two only by the clock.
        c_speed = theirs.purchases / seconds(call, time.process_time) / 1e6
    count = int(ours.purchases.sum()) / 1e6
    speed = count / seconds(lambda: run(1), time.process_time)
    one, two = (count / seconds(lambda n=n: run(n), time.perf_counter) for n in (1, 2))
    print(
        f"W: C {c_speed:.1f} M/s, here {speed:.1f} M/s ({speed / c_speed:.2f}x; goal 0.35),"
        f" two threads {two:.1f} M/s ({two / one:.2f}x; goal 1.8)"
    )
    for path in [Path(p) for p in sys.argv[2:]] or sorted((HERE.parents[1] / "programs").glob("*.loyalty")):
        each = loyalty.load(path)
        whom = each.populations[0]
        under = next(p for p in each.programs if p.name == whom.program)

        def lives(program: object = under, population: object = whom) -> Trajectories:
            return simulate_population(program, population, sample=members // 10, months=MONTHS, threads=1)

        bought = int(lives().purchases.sum()) / 1e6
        print(f"{path.stem:24} {bought / seconds(lives, time.process_time, 2.0):6.2f} M purchases/s")


if __name__ == "__main__":
    main()
