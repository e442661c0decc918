"""A file of transactions under a program, from reading to figures, and on from where the last file ended.

Invariant: every stage is imported by the function that needs it, so that checking a file never pays for
reading transactions. Nothing is written before all rows have been run.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.language.book import Book
from loyalty_dsl.reading import hash_of_file, hash_of_text
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.shown import Shown
from loyalty_dsl.targets import verify_file_target

if TYPE_CHECKING:
    import polars

    from loyalty_dsl.evaluation.replay import Engine, Replay
    from loyalty_dsl.report.replay_figures import ReplayFigures
    from loyalty_dsl.transactions.live_program import LiveProgram
    from loyalty_dsl.transactions.refused import RefusedRows

STANDARD_INPUT = "-"


@attrs.frozen(eq=False)
class Replayed(Shown):
    """A file of transactions under a program.

    Attributes:
        result: what happened to each member, in arrays by member and currency.
        figures: the totals, and what they were made from.
        refused: the rows that were set aside.
        since: the day to which the state went that this went on from; `None` without one.
        keep: writes the state, where a folder for it was named and it has not been written.
    """

    result: "Replay"
    figures: "ReplayFigures"
    refused: "RefusedRows"
    since: int | None = None
    keep: Callable[[], None] = lambda: None

    @property
    def ledger(self) -> "polars.DataFrame":
        """A row for each member and currency: member, currency, and the ledger in display units."""
        from loyalty_dsl.report.replay_frame import ledger_frame

        return ledger_frame(self.result)

    @property
    def members(self) -> "polars.DataFrame":
        """A row for each member: the level of each ladder, its last day, and each counter."""
        from loyalty_dsl.report.replay_frame import members_frame

        return members_frame(self.result)


def replay(
    book: Book,
    transactions: str | os.PathLike[str],
    *,
    program: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    quarantine: str | os.PathLike[str] | None = None,
    engine: "Engine" = "compiled",
    threads: int | None = None,
    seed: int = 1,
    with_postings: bool = False,
    state: str | os.PathLike[str] | None = None,
    keep: bool = True,
    source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
) -> Replayed:
    """Runs real transactions through a program.

    Args:
        book: from `load`; where it holds several programs, name the one that is meant.
        transactions: a CSV, Parquet or JSON lines file; `docs/transactions.md` has its columns. `-` is the
            standard input.
        mapping: a TOML file that says what the file calls its columns and values.
        quarantine: where to write rows that cannot be used; without it, one such row refuses the file.
        engine: `compiled`, or the `reference` that it has to agree with.
        threads: for the compiled engine; all cores, by default.
        seed: of what is left to chance.
        with_postings: keep every posting, for `report.ledger_tables`.
        state: a folder to go on from, and to keep the state in; figures are of all files so far.
        keep: whether to write the state at once; otherwise `Replayed.keep` does.
        source: the source by which the file is read; the program's only one, by default. `none` for a file
            that has our own columns.
        key_file: a file with the key for hashes of members, in place of the environment's.

    Raises:
        InputRefused: a file cannot be read or written, or has bad rows and there is no quarantine; or the
            state is of other rules.
    """
    from loyalty_dsl.evaluation.replay import replay as replay_history
    from loyalty_dsl.evaluation.settlement import bills_of_replay
    from loyalty_dsl.report.files import WriteFailure, write_whole
    from loyalty_dsl.report.replay_figures import ReplayFigures
    from loyalty_dsl.report.replay_frame import allowances_held, members_by_level
    from loyalty_dsl.report.state_folder import read_state, verify_not_replayed, write_state
    from loyalty_dsl.transactions import refused as aside
    from loyalty_dsl.transactions.opening import PARQUET_SUFFIXES
    from loyalty_dsl.transactions.ways_to_read import way_to_read

    chosen = choose_program(book, program)
    data, path, digest = _read(transactions)
    way = way_to_read(book, chosen, mapping=mapping, source=source, key_file=key_file)
    read_files = [*way.files, *([] if key_file is None else [Path(key_file)])]
    rule_files = [Path(source.name) for source in book.sources]
    target = None if quarantine is None else Path(quarantine)
    if target is not None:
        verify_file_target(target, [path, *read_files, *rule_files])
    texts = [chosen.span.source, *([] if way.source is None else [way.source.span.source])]
    inputs = {text.name: hash_of_text(text) for text in texts} | {str(path): digest}
    inputs |= {str(file): hash_of_file(file) for file in way.files}
    kept = None if state is None else read_state(Path(state), chosen, seed)
    if kept is not None:
        verify_not_replayed(kept, str(path), digest)
    earlier = None if kept is None else kept.earlier
    read = way.read(chosen, path, data=data, earlier=earlier)
    if target is None:
        aside.verify_none_refused(path, read.refused)
    # Bills follow from postings, month by month (SETTLE-1).
    postings = with_postings or bool(chosen.partners)
    result = replay_history(chosen, read.history, engine, threads, postings, seed=seed)
    found = aside.refused_in_evaluation(result.refusals, read.history, read.redeem_rows)
    late = tuple(row for row in found if row.row > 0)
    told_before = tuple(row for row in found if row.row < 0)  # of an earlier file, and told then
    in_file = late if read.export is None else read.export.in_file(late)
    refused = read.refused.with_rows(in_file)
    if target is None:
        aside.verify_none_refused(path, refused)
    else:
        as_parquet = target.suffix.lower() in PARQUET_SUFFIXES
        written = write_whole(target, aside.quarantine_bytes(read.opened, refused, as_parquet))
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
    events, members = aside.count_used(read.history, found)
    earlier_rows = 0 if earlier is None else earlier.frame.height - len(told_before)
    figures = ReplayFigures(
        program=chosen,
        engine=engine,
        rows=(refused.total if read.export is None else read.export.carried) - len(refused) + earlier_rows,
        events=events,
        members=members,
        bad_rows=read.refused.told().rows,
        refused=attrs.evolve(read.refused, rows=in_file).told().rows,
        as_of=read.history.last_day,
        totals=result.totals(),
        returns=aside.count_returns(read.history, found),
        levels=members_by_level(result),
        inputs=inputs,
        version=__version__,
        seed=seed,
        noun=refused.noun,
        since=None if earlier is None else earlier.through,
        bills=bills_of_replay(result),
        allowances=tuple(allowances_held(result).sum(axis=0).tolist()),
        account=None if read.export is None else read.export.account(refused.rows),
    )

    def write_kept() -> None:
        if kept is not None:
            write_state(
                kept,
                chosen,
                seed=seed,
                through=read.history.last_day,
                rows=refused.total,
                used=read.used,
                name=str(path),
                digest=digest,
            )

    replayed = Replayed(result, figures, refused, None if earlier is None else earlier.through, write_kept)
    if keep:
        replayed.keep()
    return replayed


def live(book: Book, program: str | None = None, *, seed: int = 1) -> "LiveProgram":
    """A program that carries out events one by one, each from the state that the one before it left.

    Args:
        book: from `load`; where it holds several programs, name the one that is meant.
        seed: of what is left to chance.

    Raises:
        InputRefused: there is no such program, or it has a limit for everyone.
    """
    from loyalty_dsl.transactions.live_program import LiveProgram

    return LiveProgram.of(choose_program(book, program), seed)


def _read(transactions: str | os.PathLike[str]) -> tuple[bytes | None, Path, str]:
    """What comes by the standard input, the file's name, and the SHA-256 of either."""
    from hashlib import sha256

    if str(transactions) != STANDARD_INPUT:
        return None, Path(transactions), hash_of_file(Path(transactions))
    data = sys.stdin.buffer.read()
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise InputRefused(
            "the standard input is a list in JSON",
            "write an object a line, or CSV whose first line is a header",
        )
    return data, Path("standard input"), sha256(data).hexdigest()
