"""The forecast's tables as Parquet files, with a manifest that is written last.

Invariant: a folder with a manifest holds exactly the tables that the manifest names, whole, with these
hashes. So an older manifest goes before the first table changes, and tables are all on the disk, under
temporary names, before any gets its own.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast import frames, mechanics_frames
from loyalty_dsl.forecast.figures import BASIS, Forecast
from loyalty_dsl.forecast.member_frames import simulated_members
from loyalty_dsl.report.files import WriteFailure, discard, publish, reason_of, stage, write_whole
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance

if TYPE_CHECKING:
    import polars as pl

    from loyalty_dsl.simulation.member_rows import MemberRows

FORMAT = "loyalty.tables/1"
MANIFEST = "manifest.json"
TABLES = {
    "monthly": frames.monthly,
    "segments": frames.segments,
    "triangle": frames.triangle,
    "currencies": frames.currencies,
    "members": mechanics_frames.members,
    "levels": mechanics_frames.levels,
    "level_moves": mechanics_frames.level_moves,
    "near_misses": mechanics_frames.near_misses,
    "vintages": mechanics_frames.vintages,
    "rules": mechanics_frames.rules,
    "limits": mechanics_frames.limits,
    "rewards": mechanics_frames.rewards,
}
"""Each table's name, which is its file's, and what makes it; one of nothing at all, such as the currencies of
a program without any, is left out."""


VALUED = ("lots", "estimators", "bridge", "deferred", "layers")
"""The tables of an appraisal, where a forecast is written with one."""

PARTS = "simulated_members-"
"""What the names of the parts of the simulated members' table begin with."""


def write_tables(
    forecast: Forecast,
    provenance: Provenance,
    folder: Path,
    members: Iterable["MemberRows"] = (),
    *,
    more: Mapping[str, "pl.DataFrame"] | None = None,
    texts: Mapping[str, str] | None = None,
) -> tuple[Path, ...] | WriteFailure:
    """Writes every table and the manifest to `folder`, which is made if need be.

    Args:
        forecast: whose figures to write.
        provenance: what the manifest says of them.
        folder: where to; files of the same names are replaced.
        members: rows of simulated members, each part of which becomes a file and is then let go.
        more: other tables by name, for instance those of an appraisal.
        texts: other files by name.

    Returns:
        The files written, the manifest last, or why there are none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return WriteFailure(folder, reason_of(error))
    staged: list[tuple[Path, Path]] = []
    entries: dict[str, dict[str, str | int]] = {}
    parts = (
        (f"{PARTS}{number:05}", simulated_members(forecast, rows)) for number, rows in enumerate(members, 1)
    )
    tables = ((name, table(forecast)) for name, table in TABLES.items())
    for name, frame in chain(tables, (more or {}).items(), parts):
        if not frame.width:
            continue
        buffer = BytesIO()
        frame.write_parquet(buffer)  # to memory: a full disk is then ours to notice, and to report
        data = buffer.getvalue()
        path = folder / f"{name}.parquet"
        entries[name] = {"file": path.name, "rows": frame.height, "sha256": sha256(data).hexdigest()}
        temporary = stage(path, data)
        if isinstance(temporary, WriteFailure):
            return _without(staged, temporary)
        staged.append((temporary, path))
    for name, text in (texts or {}).items():
        data = text.encode()
        entries[name] = {"file": name, "rows": text.count("\n"), "sha256": sha256(data).hexdigest()}
        temporary = stage(folder / name, data)
        if isinstance(temporary, WriteFailure):
            return _without(staged, temporary)
        staged.append((temporary, folder / name))
    manifest = folder / MANIFEST
    try:
        manifest.unlink(missing_ok=True)
        for older in folder.glob(f"{PARTS}*.parquet"):
            older.unlink()
    except OSError as error:
        return _without(staged, WriteFailure(manifest, reason_of(error)))
    for i, (temporary, path) in enumerate(staged):
        failure = publish(temporary, path)
        if failure is not None:
            return _without(staged[i:], failure)
    failure = write_whole(manifest, json_text(_manifest(forecast, provenance, entries)).encode())
    return failure if failure is not None else (*(path for _, path in staged), manifest)


def _without(staged: list[tuple[Path, Path]], failure: WriteFailure) -> WriteFailure:
    for temporary, _ in staged:
        discard(temporary)
    return failure


def _manifest(
    forecast: Forecast, provenance: Provenance, tables: dict[str, dict[str, str | int]]
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "program": forecast.program.name,
        "population": forecast.population.name,
        "seed": forecast.seed,
        "sample": forecast.sample,
        "months": len(forecast.months),
        "as_of": format_day(forecast.as_of),
        "basis": BASIS,
        "inputs": dict(provenance.inputs),
        "version": provenance.version,
        "command": provenance.command,
        "tables": tables,
    }
