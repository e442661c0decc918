"""What one member sees, from a file of transactions, a state folder or a member's state.

Invariant: every stage is imported by the function that needs it.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.history import History
    from loyalty_dsl.evaluation.replay import Engine
    from loyalty_dsl.evaluation.statements import Statement
    from loyalty_dsl.language.program import Program
    from loyalty_dsl.transactions.ways_to_read import WayToRead

_STATE = b'{"format":"loyalty.member/'


def statement(
    book: Book,
    source: str | os.PathLike[str],
    member: str,
    *,
    on: date | None = None,
    program: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    seed: int = 1,
    engine: "Engine" = "compiled",
    by_source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
) -> "Statement":
    """What a member has, loses and can reach at the end of a day.

    Args:
        book: from `load`; where it holds several programs, name the one that is meant.
        source: a file of transactions, a folder of `replay(..., state=...)`, or a file that holds the state
            of a member (`MemberState.to_json`).
        member: the member's id.
        on: the day; that of the last event by default.
        mapping: what a file of transactions calls its columns and values.
        by_source, key_file: as `source` and `key_file` of `replaying.replay`.
        seed: of what is left to chance.
        engine: what runs all members where the program has a limit for everyone; the member is always run by
            the reference.

    Raises:
        InputRefused: the source cannot be used, or the member is not in it.
    """
    from loyalty_dsl.evaluation.one_member import bring_to, closings_before
    from loyalty_dsl.evaluation.statements import statement_of
    from loyalty_dsl.transactions.member_keys import hash_of
    from loyalty_dsl.transactions.ways_to_read import way_to_read

    chosen, path = choose_program(book, program), Path(source)
    if holds_a_state(path):
        return _from_state(chosen, path, member, None if on is None else day_of(on), seed)
    way = way_to_read(book, chosen, mapping=mapping, source=by_source, key_file=key_file)
    history = read_events(chosen, path, way, seed, member)
    names = list(history.members)
    if member not in names and way.key is not None:
        member = hash_of(member, way.key)
    if member not in names:
        near = nearest(member, names)
        raise InputRefused(
            f"`{path}` has no member `{member}`", None if near is None else f"did you mean `{near}`?"
        )
    day = history.last_day if on is None else day_of(on)
    closings = closings_before(chosen, history, seed=seed, engine=engine)
    live = bring_to(chosen, history, names.index(member), day, seed=seed, closings=closings)
    return statement_of(live, with_postings=True)


def statements(
    book: Book,
    source: str | os.PathLike[str],
    *,
    on: date | None = None,
    program: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    seed: int = 1,
    engine: "Engine" = "compiled",
    by_source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
) -> "Iterator[Statement]":
    """What each member has, loses and can reach at the end of a day, in the order in which they first appear.

    Args:
        source: a file of transactions, or a folder of `replay(..., state=...)`.
        book, on, program, mapping, seed, engine, by_source, key_file: as of `statement`.

    Raises:
        InputRefused: the source cannot be used, or is the state of one member.
    """
    from loyalty_dsl.evaluation.one_member import bring_to, closings_before
    from loyalty_dsl.evaluation.statements import statement_of
    from loyalty_dsl.transactions.ways_to_read import way_to_read

    chosen, path = choose_program(book, program), Path(source)
    if holds_a_state(path):
        raise InputRefused(f"`{path}` is the state of one member", "name that member instead of `--all`")
    way = way_to_read(book, chosen, mapping=mapping, source=by_source, key_file=key_file)
    history = read_events(chosen, path, way, seed)
    day = history.last_day if on is None else day_of(on)
    closings = closings_before(chosen, history, seed=seed, engine=engine)
    for number in range(len(history.members)):
        live = bring_to(chosen, history, number, day, seed=seed, closings=closings)
        yield statement_of(live, with_postings=True)


def read_events(
    program: "Program", path: Path, way: "WayToRead", seed: int, member: str | None = None
) -> "History":
    """The events of all members: of a file of transactions, or of a folder of `replay(..., state=...)`.

    Args:
        member: of whom alone something is told. Of a file that a source reads, rows of others that cannot be
            used then do not matter, unless members depend on each other.

    Raises:
        InputRefused: the file has rows that cannot be used, or the folder holds no state of these rules.
    """
    from loyalty_dsl.report.state_folder import is_state_folder, read_state
    from loyalty_dsl.transactions.exports import stands_alone
    from loyalty_dsl.transactions.histories import read_history
    from loyalty_dsl.transactions.member_keys import hash_of
    from loyalty_dsl.transactions.refused import verify_none_refused

    if path.is_dir():
        if not is_state_folder(path):
            raise InputRefused(
                f"the folder `{path}` holds no state", "`loyalty replay FILES DATA --state DIR` keeps one"
            )
        kept = read_state(path, program, seed)
        return read_history(program, path / "state", data=b"", earlier=kept.earlier).history
    read = way.read(program, path)
    if read.export is None or member is None or not stands_alone(program):
        verify_none_refused(path, read.refused)
    else:
        hashed = member if way.key is None else hash_of(member, way.key)
        read.export.verify_whole(path, read.refused, member, hashed)
    return read.history


def holds_a_state(path: Path) -> bool:
    """Whether a file is the state of one member."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_STATE)) == _STATE


def _from_state(program: "Program", path: Path, member: str, day: int | None, seed: int) -> "Statement":
    """A statement of a state that somebody keeps; days can only be added to it."""
    from loyalty_dsl.evaluation.everyone_live import nobody_yet
    from loyalty_dsl.evaluation.live import advance_to
    from loyalty_dsl.evaluation.member_states import MemberState, live_of
    from loyalty_dsl.evaluation.statements import statement_of

    state = MemberState.from_json(path.read_text(encoding="utf-8"))
    live = live_of(program, state, seed)
    if live.name != member:
        raise InputRefused(f"`{path}` is the state of `{live.name}`, not of `{member}`")
    if day is not None:
        if day < live.group.today:
            reached = format_day(live.group.today)
            raise InputRefused(
                f"the state in `{path}` is of {reached} and cannot go back to {format_day(day)}"
            )
        live = live_of(program, advance_to(live, day, nobody_yet(program)).state, seed)
    return statement_of(live, with_postings=False)
