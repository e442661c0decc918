"""The tables that `loyalty replay --out` writes, read back for valuing.

Invariant: what is read has a manifest of our format, is of the program that values it, and is as its manifest
says; anything else is refused by name.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language.opening import Opening, StateRow
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.purchase_series import bought_by

if TYPE_CHECKING:
    import polars as pl

FORMAT = "loyalty.ledger/2"
EARLIER = ("loyalty.ledger/1",)
"""Formats that have no states of members, and are otherwise the same."""
TABLES = ("manifest.json", "postings.parquet", "events.parquet", "rewards.parquet")
HOW = "write it with `loyalty replay PROGRAM TRANSACTIONS --out DIR`"


@attrs.frozen(eq=False)
class LedgerTables:
    """Attributes:
    as_of: the ledger holds everything to the end of this day.
    inputs: each table's file and its SHA-256.
    """

    program: str
    as_of: int
    postings: "pl.DataFrame"
    events: "pl.DataFrame"
    rewards: "pl.DataFrame"
    inputs: tuple[tuple[str, str], ...]


def read_ledger(folder: Path) -> LedgerTables:
    """Reads a ledger's folder.

    Raises:
        InputRefused: it is not there, is no ledger, or is not as its manifest says.
    """
    from datetime import date

    manifest = _manifest(folder)
    frames, inputs = {}, []
    for name in ("postings", "events", "rewards"):
        entry = manifest["tables"].get(name)
        if entry is None:
            raise InputRefused(f"the ledger in `{folder}` has no table `{name}`", HOW)
        path = folder / str(entry["file"])
        frames[name] = _table(path, str(entry["sha256"]))
        inputs.append((str(path), str(entry["sha256"])))
    return LedgerTables(
        program=str(manifest["program"]),
        as_of=day_of(date.fromisoformat(str(manifest["as_of"]))),
        inputs=tuple(inputs),
        **frames,
    )


def read_opening(folder: Path) -> Opening:
    """How the members of a ledger stand at its end.

    Raises:
        InputRefused: it is not there, is no ledger, or holds no states of members.
    """
    from datetime import date

    manifest = _manifest(folder)
    entry = manifest["tables"].get("states")
    if entry is None:
        raise InputRefused(
            f"the ledger in `{folder}` does not say how its members stand",
            "write it again with `loyalty replay PROGRAM TRANSACTIONS --out DIR`, on the compiled engine",
        )
    path = folder / str(entry["file"])
    frame = _table(path, str(entry["sha256"]))
    days = [frame[name].to_physical().to_list() for name in ("since", "until", "day")]
    names: dict[str, list[StateRow]] = {}
    columns = [*(frame[name].to_list() for name in ("member", "what", "name", "detail")), *days]
    for member, *row in zip(*columns, frame["units"].to_list(), strict=True):
        names.setdefault(member, []).append(StateRow(*row))
    if not names:
        raise InputRefused(f"the ledger in `{folder}` has no members")
    of_events = manifest["tables"].get("events")
    if of_events is None:
        raise InputRefused(f"the ledger in `{folder}` has no table `events`", HOW)
    events = folder / str(of_events["file"])
    bought = bought_by(_table(events, str(of_events["sha256"])))
    together = None
    hashes = [(str(path), str(entry["sha256"])), (str(events), str(of_events["sha256"]))]
    of_everyone = manifest["tables"].get("everyone")
    if of_everyone is not None:
        everyone = folder / str(of_everyone["file"])
        counted = _table(everyone, str(of_everyone["sha256"]))
        together = tuple(
            zip(*(counted[name].to_physical().to_list() for name in ("limit", "day", "units")), strict=True)
        )
        hashes += [(str(everyone), str(of_everyone["sha256"]))] if together else []
    return Opening(
        source=str(folder),
        program=str(manifest["program"]),
        as_of=day_of(date.fromisoformat(str(manifest["as_of"]))),
        names=tuple(names),
        rows=tuple(tuple(rows) for rows in names.values()),
        hashes=tuple(hashes),
        bought=tuple(bought.get(name) for name in names),
        together=together,
    )


def read_states(folder: Path) -> "pl.DataFrame | None":
    """The states of a ledger's members at its end; `None` where it does not hold them.

    Raises:
        InputRefused: it is not there, is no ledger, or is not as its manifest says.
    """
    entry = _manifest(folder)["tables"].get("states")
    return None if entry is None else _table(folder / str(entry["file"]), str(entry["sha256"]))


def verify_program(tables: LedgerTables, program: Program) -> None:
    """Refuses a ledger of another program, or of rules that have changed their names since.

    Raises:
        InputRefused: the ledger names what the program has not.
    """
    if tables.program != program.name:
        raise InputRefused(
            f"the ledger is of the program `{tables.program}`, not of `{program.name}`",
            "give the program that was replayed",
        )
    known = {currency.name for currency in program.currencies}
    names = {rule.name for rule in program.earns} | {reward.name for reward in program.rewards}
    for column, declared in (("currency", known), ("name", names | {""})):
        for name in tables.postings[column].unique().sort().to_list():
            if name not in declared:
                raise InputRefused(
                    f"the ledger has the {'rule or reward' if column == 'name' else column} `{name}`, which "
                    "the program has not",
                    "replay again: the rules have changed since",
                )


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputRefused(f"`{folder}` holds no ledger: there is no `{path}`", HOW) from None
    except ValueError:
        raise InputRefused(f"`{path}` is no manifest of a ledger", HOW) from None
    if not isinstance(document, dict) or document.get("format") not in (FORMAT, *EARLIER):
        raise InputRefused(f"`{path}` is no manifest of a ledger ({FORMAT})", HOW)
    return document


def _table(path: Path, digest: str) -> "pl.DataFrame":
    import polars as pl

    try:
        data = path.read_bytes()
    except OSError as problem:
        raise InputRefused(f"cannot read `{path}`: {(problem.strerror or str(problem)).lower()}") from None
    if sha256(data).hexdigest() != digest:
        raise InputRefused(f"`{path}` is not the file that its manifest names", "write the ledger again")
    return pl.read_parquet(data)
