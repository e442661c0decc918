"""A folder that a replay goes on from: every row that was used so far, and how far members were brought.

Invariants: `state.json` names all that counts, so a run that is killed leaves the state before it or the one
after it; a part that is written is never changed. What follows from the rows is not kept, but worked out from
them again: going on from a folder is, on either engine, the replay of all rows in one file.
"""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.language.fingerprint import fingerprint_of
from loyalty_dsl.language.left_to_chance import left_to_chance
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.json_text import json_text

if TYPE_CHECKING:
    import polars

    from loyalty_dsl.transactions.earlier_rows import EarlierRows

FORMAT = "loyalty.state/1"
MANIFEST = "state.json"


@attrs.frozen(eq=False)
class KeptState:
    """A state folder as it was read.

    Attributes:
        manifest: the text of `state.json`; "" where there is none yet.
        document: the same as data.
        earlier: the rows; `None` where there are none yet.
    """

    folder: Path
    manifest: str
    document: dict[str, Any]
    earlier: "EarlierRows | None"


def is_state_folder(path: Path) -> bool:
    """Whether a path is a folder that a replay has kept a state in."""
    return (path / MANIFEST).is_file()


def read_state(folder: Path, program: Program, seed: int) -> KeptState:
    """Reads a state folder, or begins one.

    Raises:
        InputRefused: it is of other rules or another seed, or it is damaged.
    """
    from loyalty_dsl.transactions.earlier_rows import EarlierRows

    if folder.exists() and not folder.is_dir():
        raise InputRefused(f"`{folder}` is a file", "name a folder for --state")
    if not is_state_folder(folder):
        if folder.is_dir() and any(folder.glob("[!.]*")) and not _holds_parts_only(folder):
            raise InputRefused(
                f"`{folder}` holds other files and no state", "name an empty folder for --state, or a new one"
            )
        return KeptState(folder, "", {"files": []}, None)
    manifest = (folder / MANIFEST).read_text(encoding="utf-8")
    try:
        document = json.loads(manifest)
        if document["format"] != FORMAT:
            raise InputRefused(
                f"the state in `{folder}` is of the format `{document['format']}`, not `{FORMAT}`"
            )
        _verify_rules(folder, document, program, seed)
        through = day_of(_date(document["through"]))
        frame = _frame(folder, document["files"])
        return KeptState(folder, manifest, document, EarlierRows(frame, document["rows"], through))
    except (ValueError, KeyError, TypeError) as problem:
        raise InputRefused(f"the state in `{folder}` is damaged: {problem}") from None


def _holds_parts_only(folder: Path) -> bool:
    """Whether all that is there is left over from a first run that was killed."""
    return all(path.name.startswith("rows-") for path in folder.glob("[!.]*"))


def _date(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def _verify_rules(folder: Path, document: dict[str, Any], program: Program, seed: int) -> None:
    name = document["program"]
    if name != program.name:
        raise InputRefused(
            f"the state in `{folder}` is of the program `{name}`, and this is `{program.name}`"
        )
    if document["rules"] != fingerprint_of(program):
        raise InputRefused(
            f"the state in `{folder}` was kept under other rules of `{name}` than those of this file",
            "go on with the rules that it was kept under, or start a new folder from all transactions",
        )
    if document["seed"] != seed and left_to_chance(program):
        raise InputRefused(
            f"the state in `{folder}` has the luck of seed {document['seed']}, and this is seed {seed}",
            f"--seed {document['seed']} goes on from it",
        )


def _frame(folder: Path, files: list[dict[str, Any]]) -> "polars.DataFrame":
    """The rows of all parts, each of which has to be as it was written."""
    import polars as pl

    frames = []
    for part in (each["part"] for each in files):
        path = folder / part["name"]
        if not path.is_file():
            raise InputRefused(f"the state in `{folder}` is damaged: `{part['name']}` is missing")
        data = path.read_bytes()
        if sha256(data).hexdigest() != part["sha256"]:
            raise InputRefused(f"the state in `{folder}` is damaged: `{part['name']}` was changed")
        frames.append(pl.read_parquet(BytesIO(data)))
    return pl.concat(frames, how="diagonal_relaxed")


def verify_not_replayed(kept: KeptState, name: str, digest: str) -> None:
    """Refuses a file whose rows are in the state already.

    Raises:
        InputRefused: they are.
    """
    for each in kept.document["files"]:
        if each["sha256"] == digest:
            raise InputRefused(
                f"`{name}` was replayed into `{kept.folder}` before", "give the rows that came after it"
            )


def write_state(
    kept: KeptState,
    program: Program,
    *,
    seed: int,
    through: int,
    rows: int,
    used: "polars.DataFrame",
    name: str,
    digest: str,
) -> None:
    """Adds the rows of a file to a state folder.

    Args:
        through: the day to which members were brought.
        rows: of the file, whether or not they were used.
        used: those that were.
        name, digest: of the file.

    Raises:
        InputRefused: it cannot be written, or somebody else has gone on from the same state meanwhile.
    """
    import polars as pl

    before = 0 if kept.earlier is None else kept.earlier.total
    buffer = BytesIO()
    frame = used.with_columns(
        pl.col("row").cast(pl.Int64) + before,
        pl.col("member").cast(pl.String),
        pl.col("purchase").cast(pl.String),
    )
    frame.write_parquet(buffer)
    files = kept.document["files"]
    part = f"rows-{len(files) + 1:05d}.parquet"
    document = {
        "format": FORMAT,
        "version": __version__,
        "program": program.name,
        "rules": fingerprint_of(program),
        "seed": seed,
        "through": format_day(through),
        "rows": before + rows,
        "files": [
            *files,
            {
                "name": name,
                "sha256": digest,
                "rows": rows,
                "used": used.height,
                "part": {"name": part, "sha256": sha256(buffer.getvalue()).hexdigest()},
            },
        ],
    }
    try:
        kept.folder.mkdir(parents=True, exist_ok=True)
        path = kept.folder / MANIFEST
        now = path.read_text(encoding="utf-8") if path.exists() else ""
    except OSError as problem:
        raise InputRefused(f"cannot write `{kept.folder}`: {problem.strerror}") from None
    if now != kept.manifest:
        raise InputRefused(f"another replay has gone on from `{kept.folder}` meanwhile", "run this one again")
    for target, data in ((kept.folder / part, buffer.getvalue()), (path, json_text(document).encode())):
        written = write_whole(target, data)
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
