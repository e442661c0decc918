"""Real transactions through a program, held against another system's ledger.

Invariant: every stage is imported by the function that needs it; the replay is that of `replay`, with its
postings.
"""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.language.book import Book
from loyalty_dsl.reading import hash_of_file
from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.replay import Engine
    from loyalty_dsl.reconciliation.reconciling import Reconciliation
    from loyalty_dsl.reconciliation.shapes import ShapeName
    from loyalty_dsl.report.replaying import Replayed


@attrs.frozen(eq=False)
class Provenanced:
    """Attributes:
    inputs: each file's name and the SHA-256 of its bytes.
    version: of this package. engine: that ran our side.
    """

    inputs: dict[str, str]
    version: str
    engine: str


def reconcile(
    book: Book,
    transactions: str | os.PathLike[str],
    ledger: str | os.PathLike[str],
    *,
    program: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    shape: "ShapeName | None" = None,
    member_map: str | os.PathLike[str] | None = None,
    currency_map: str | os.PathLike[str] | None = None,
    within: int = 1,
    since: date | None = None,
    engine: "Engine" = "compiled",
    threads: int | None = None,
    seed: int = 1,
    source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
) -> "Reconciliation":
    """Runs real transactions through a program, and holds what it posts against another system's ledger.

    Args:
        book, transactions, program, mapping, engine, threads, seed, source, key_file: as of `replay`.
        ledger: a CSV file of one of the shapes that `docs/reconcile.md` describes.
        shape: of the ledger, where its header is not to say.
        member_map, currency_map: CSV files with the columns `theirs` and `ours`.
        within: how many days apart the same posting may be, where no event says that it is the same.
        since: what is before this day is compared as what members held at its start.

    Raises:
        InputRefused: a file cannot be read, or is not what it is to be.
    """
    from loyalty_dsl.report.replaying import replay

    replayed = replay(
        book,
        transactions,
        program=program,
        mapping=mapping,
        source=source,
        key_file=key_file,
        engine=engine,
        threads=threads,
        seed=seed,
        with_postings=True,
    )
    return reconcile_replayed(
        replayed,
        ledger,
        shape=shape,
        member_map=member_map,
        currency_map=currency_map,
        within=within,
        since=since,
        key=key_of(book, program, mapping=mapping, source=source, key_file=key_file),
    )


def key_of(
    book: Book,
    program: str | None,
    *,
    mapping: str | os.PathLike[str] | None,
    source: str | None,
    key_file: str | os.PathLike[str] | None,
) -> bytes | None:
    """By what the members of the transactions are hashed; `None` where they are not."""
    from loyalty_dsl.transactions.ways_to_read import way_to_read

    chosen = choose_program(book, program)
    return way_to_read(book, chosen, mapping=mapping, source=source, key_file=key_file).key


def reconcile_replayed(
    replayed: "Replayed",
    ledger: str | os.PathLike[str],
    *,
    shape: "ShapeName | None" = None,
    member_map: str | os.PathLike[str] | None = None,
    currency_map: str | os.PathLike[str] | None = None,
    within: int = 1,
    since: date | None = None,
    key: bytes | None = None,
) -> "Reconciliation":
    """The same for a replay with postings that there is already; `key` is that of `key_of`."""
    from loyalty_dsl.reconciliation.ledger_rows import read_ledger
    from loyalty_dsl.reconciliation.name_maps import read_names
    from loyalty_dsl.reconciliation.reconciling import reconcile as hold_against

    result = replayed.result
    last = result.history.last_day
    if since is not None and day_of(since) > last:
        raise InputRefused(f"{since} is after {format_day(last)}, the last day of the transactions")
    read = read_ledger(
        Path(ledger),
        result.program,
        result.history.members,
        shape=shape,
        member_names=read_names(None if member_map is None else Path(member_map)),
        currency_names=read_names(None if currency_map is None else Path(currency_map)),
        key=key,
    )
    return hold_against(result, read, within=within, since=None if since is None else day_of(since))


def provenance_of(replayed: "Replayed", *files: str | os.PathLike[str] | None) -> Provenanced:
    """Where a reconciliation comes from: what the replay read, and these files."""
    figures = replayed.figures
    read = {str(file): hash_of_file(Path(file)) for file in files if file is not None}
    return Provenanced({**figures.inputs, **read}, __version__, figures.engine)
