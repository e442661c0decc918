"""A replay that was never run and the ledger of another system beside it, equal but for what is planted.

Invariant: each fault stands with a member of its own, so that all that a reconciliation has to find is known:
`expected` is a sorted list of (member, cause, points).
"""

import random
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of
from loyalty_dsl.reconciliation.causes import Cause

REPOSITORY = Path(__file__).parent.parent.parent
FIRST = day_of(date(2024, 1, 1))
LAST = FIRST + 365
OURS = ("earned", "redeemed", "expired")


@attrs.frozen
class Planted:
    replay: Any
    lines: list[str]
    expected: list[tuple[str, str, int]]
    later: int


def iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def planted(rows: int, faults: int, *, seed: int = 7, events: bool = True, balances: bool = True) -> Planted:
    """A ledger of about `rows` rows, `faults` of each cause among them."""
    draw = random.Random(seed)
    program = pipeline.load(REPOSITORY / "programs" / "grocery_points.loyalty").programs[0]
    causes = [cause for cause in Cause for _ in range(faults)]
    per_member = 20
    count = max(rows // per_member, len(causes) + 5)
    known = [f"m{number:06d}" for number in range(count)]
    postings: list[tuple[tuple[Any, ...], ...]] = []
    outstanding = np.zeros((count, 1), np.int64)
    ledger: list[list[Any]] = []  # member, day, kind, points, event, balance
    expected: list[tuple[str, str, int]] = []
    later = 0
    for index, member in enumerate(known):
        cause = causes[index] if index < len(causes) else None
        ours: list[tuple[Any, ...]] = []
        rows_of: list[list[Any]] = []
        # Days are far apart, so that a posting of another day can only be the one that was moved.
        days = sorted(draw.sample(range(FIRST, LAST - 3, 5), per_member - 2))
        for number, day in enumerate(days):
            units = draw.randrange(20, 5_000) * 10 + number % 10
            event = f"{member}-{number}"
            ours.append((event, day, "earned", "base", 0, day, day + 180, units))
            rows_of.append([member, day, "earned", units, event])
        spent, gone = ours[2][7], ours[3][7]
        ours.append((f"{member}-9", days[9], "redeemed", "five_off", 0, 0, days[2] + 180, spent))
        rows_of.append([member, days[9], "redeemed", spent, f"{member}-9"])
        expiry = days[3] + 180 if days[3] + 180 < LAST - 40 else LAST - 50
        ours.append(("", expiry, "expired", "", 0, 0, expiry, gone))
        rows_of.append([member, expiry, "expired", gone, ""])
        outstanding[index, 0] = sum(each[3] * (1 if each[2] == "earned" else -1) for each in rows_of)
        postings.append(tuple(ours))
        opening, breaks = 0, {}
        at = draw.randrange(10, len(days))
        match cause:
            case None:
                pass
            case Cause.ONLY_OURS:
                expected.append((member, cause.value, -rows_of[at][3]))
                del rows_of[at]
            case Cause.ONLY_THEIRS:
                rows_of.append([member, days[at] + 2, "earned", 77, f"{member}-extra"])
                expected.append((member, cause.value, 77))
            case Cause.ROUNDING:
                rows_of[at][3] += 1
                expected.append((member, cause.value, 1))
            case Cause.OTHER_AMOUNT:
                rows_of[at][3] -= 12
                expected.append((member, cause.value, -12))
            case Cause.OTHER_DAY:
                rows_of[at][1] += 1
                expected.append((member, cause.value, 0))
            case Cause.TWICE:
                rows_of.insert(at, list(rows_of[at]))
                expected.append((member, cause.value, rows_of[at][3]))
            case Cause.EXPIRY_DAY:
                rows_of[-1][1] += 30
                expected.append((member, cause.value, 0))
            case Cause.OTHER_KIND:
                rows_of[at][2] = "adjusted"
                expected.append((member, cause.value, 0))
            case Cause.OPENING if balances:
                opening = 500
                expected.append((member, cause.value, 500))
            case Cause.OPENING:
                rows_of.insert(0, [member, FIRST - 1, "opening", 500, ""])
                expected.append((member, cause.value, 500))
            case Cause.UNKNOWN_MEMBER:
                for row in rows_of[:2]:
                    stranger = ["x" + member, *row[1:]]
                    stranger[4] = "x" + row[4]
                    rows_of.append(stranger)
                    expected.append(("x" + member, cause.value, row[3]))
            case Cause.BROKEN_BALANCE if balances:
                breaks[at] = -40
                expected.append((member, cause.value, -40))
            case Cause.BROKEN_BALANCE:
                pass
        if cause is None and index % 10 == 0:  # what came after the last day of ours is not compared
            rows_of.append([member, LAST + 5, "earned", 10, f"{member}-late"])
            later += 1
        held: dict[str, int] = {member: opening}
        broken = [(row, breaks.get(number, 0)) for number, row in enumerate(rows_of)]
        for row, gap in sorted(broken, key=lambda each: each[0][1]):
            coming = -1 if row[2] in ("redeemed", "expired") else 1
            held[row[0]] = held.get(row[0], 0) + coming * row[3] + gap
            ledger.append([*row, held[row[0]]])
    lines = [
        "member,date,currency,kind,points" + (",event" if events else "") + (",balance" if balances else "")
    ]
    for member, day, kind, points, event, balance in ledger:
        line = f"{member},{iso(day)},points,{kind},{points}"
        lines.append(line + (f",{event}" if events else "") + (f",{balance}" if balances else ""))
    nothing = np.zeros(0, np.int64)
    starts = np.zeros(count + 1, np.int64)
    history = SimpleNamespace(members=known, last_day=LAST, starts=starts, ids=[], basket=nothing)
    replay = SimpleNamespace(
        program=program,
        history=history,
        postings=tuple(postings),
        refusals=(),
        balances=SimpleNamespace(outstanding=outstanding),
    )
    return Planted(replay, lines, sorted(expected), later)
