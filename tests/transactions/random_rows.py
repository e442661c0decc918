"""Rows of transactions of any program, drawn from a seed: purchases, redemptions, returns, friends.

Invariant: rows are in the order of their time, and most of them can be used.
"""

import random
from typing import Any

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.transactions.schema import CENTS, REDEEM_WORD, RETURN_WORD, schema_of

Row = dict[str, str]


def value_of(luck: random.Random, field: Field) -> str:
    match field.kind:
        case Kind.ONE_OF:
            return luck.choice(field.values)
        case Kind.YES_NO:
            return luck.choice(("yes", "no"))
        case Kind.NUMBER:
            return str(luck.randint(0, 5))
        case Kind.MONEY:
            return f"{luck.randint(0, 9000) / 100:.2f}"
        case _:
            return date_of(luck.randint(9000, 12000)).isoformat()


def random_events(program: Program, seed: int, *, members: int = 6, events: int = 60) -> list[dict[str, Any]]:
    """Events as JSON lines have them: items nested."""
    luck, schema = random.Random(seed), schema_of(program)
    kinds = [event for event in schema.events if event.name != "join"]
    chosen = [reward.name for reward in program.rewards if not reward.automatic]
    known: list[str] = []
    bought: dict[str, list[str]] = {}
    rows: list[dict[str, Any]] = []
    for number in range(events):
        day = program.starts + 400 + number // 2 * 8
        member = f"m{luck.randint(1, members)}"
        time = f"{date_of(day).isoformat()} {10 + number % 2:02d}:{number % 60:02d}"
        row: dict[str, Any] = {"member": member, "time": time, "purchase": f"p{number}"}
        if schema.refers and member not in known and known and luck.random() < 0.6:
            row["referrer"] = luck.choice(known)
        if member not in known:
            known.append(member)
        draw = luck.random()
        if draw < 0.15 and chosen:
            row |= {"kind": REDEEM_WORD, "reward": luck.choice(chosen)}
        elif draw < 0.25 and program.returns is not None and bought.get(member):
            row |= {"kind": RETURN_WORD, "returns": luck.choice(bought[member])}
        else:
            event = kinds[0] if luck.random() < 0.8 else luck.choice(kinds)
            row["kind"] = event.name
            row |= {field.name: value_of(luck, field) for field in event.fields}
            row |= {f.name: value_of(luck, f) for f in program.member_fields if luck.random() < 0.7}
            if event.name == "purchase" and program.item_fields:
                row["items"] = [
                    {"amount": f"{luck.randint(100, 30000) / 100:.2f}"}
                    | {field.name: value_of(luck, field) for field in program.item_fields}
                    for _ in range(luck.randint(1, 3))
                ]
            else:
                row["amount"] = f"{luck.randint(100, 60000) / 100:.2f}"
            if event.name == "purchase" and chosen and luck.random() < 0.2:
                row["redeem"] = {"reward": luck.choice(chosen)}
            bought.setdefault(member, []).append(f"p{number}")
        rows.append(row)
    rows.sort(key=lambda row: row["time"])
    return rows


def as_csv(program: Program, events: list[dict[str, Any]]) -> str:
    """The same as rows of CSV, a row an item."""
    flat = []
    for event in events:
        shared = {key: its for key, its in event.items() if key not in ("items", "redeem")}
        flat += [shared | item for item in event.get("items", [{}])]
        if "redeem" in event:
            same = {key: event[key] for key in ("member", "time", "purchase", "referrer") if key in event}
            flat.append(same | {"kind": REDEEM_WORD} | event["redeem"])
    columns = [name for name in schema_of(program).names if name != CENTS]
    lines = [",".join(columns), *(",".join(row.get(key, "") for key in columns) for row in flat)]
    return "\n".join(lines) + "\n"
