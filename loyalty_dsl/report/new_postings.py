"""The postings that a replay made, as lines of JSON; going on from a state, only the further ones.

Invariant: what one run after the other writes is, put together, what a run of all the files would write.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import CanonicalPosting, Posting, PostingKind
from loyalty_dsl.evaluation.posting_lines import posting_line
from loyalty_dsl.language.program import Program

if TYPE_CHECKING:
    from loyalty_dsl.report.replaying import Replayed


def posting_lines(replayed: "Replayed") -> Iterator[str]:
    """A line for each, by day and, within a day, by member.

    Args:
        replayed: with postings.
    """
    result = replayed.result
    program, history = result.program, result.history
    assert result.postings is not None
    further = _events_of_the_last_day(program, history, replayed.since)
    found: list[tuple[int, int, CanonicalPosting]] = []
    for member, its in enumerate(result.postings):
        for posting in its:
            event, day = posting[0], posting[1]
            if replayed.since is None or day > replayed.since or (member, event) in further:
                found.append((day, member, posting))
    for _, member, (event, day, kind, name, currency, available, expiry, units) in sorted(found):
        posting_ = Posting(PostingKind(kind), day, event, name, currency, available, expiry, units)
        line = posting_line(program, history.members[member], posting_)
        yield json.dumps(line, ensure_ascii=False)


def _events_of_the_last_day(program: Program, history: History, since: int | None) -> set[tuple[int, str]]:
    """The member and id of each further event of the day to which the state went, and of what it was to the
    member who had brought its own."""
    if since is None:
        return set()
    further = set()
    owner = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    for event in np.flatnonzero((history.rows > 0) & (history.day == since)).tolist():
        member, name = int(owner[event]), str(history.ids[event])
        further.add((member, name))
        referrer = int(history.referrers[member])
        for kind in program.friend_kinds if referrer >= 0 else ():
            heard = f"{history.members[member]}/{name}/{program.events[kind.event].name}"
            further.add((referrer, heard))
    return further
