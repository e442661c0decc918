"""What differs between two versions of a program, part by part, in the words of its files.

Invariant: parts are compared by what they say, never by where they stand: spans, indices, comments, layout,
the order of clauses and the labels that people read are no change. Parts belong together by kind and name, so
a part that was renamed is one removed and one added.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import Any

import attrs

from loyalty_dsl.language.parts import Asked, Part, Written, parts_of_program
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax import Name
from loyalty_dsl.source import Span


class How(Enum):
    """What became of a part; the value is the word for it."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


_PLURALS = {
    "currency": "currencies",
    "order of rewards": "orders of rewards",
    "rule for returns": "rules for returns",
    "set of fields": "sets of fields",
    "study": "studies",
}

MARKS = {How.CHANGED: "~", How.ADDED: "+", How.REMOVED: "-"}


@record
class Detail:
    """A clause or a row before and after, as written; `None` where there is none.

    Attributes:
        clause: the word that the clause begins with, where it has one.
        under: the cases of the rows that a row of a table stands under, such as `store_card`.
    """

    old: str | None
    new: str | None
    clause: str = attrs.field(default="", eq=False)
    under: tuple[str, ...] = attrs.field(default=(), eq=False)


@record
class Change:
    """One part that differs.

    Attributes:
        what: its kind, as one says it: `rule`, `level`.
        name: as written; label: as people read it.
        within: the label of the ladder of a level; empty otherwise.
        details: what differs in a part that changed.
    """

    how: How
    what: str
    name: str
    label: str
    within: str
    details: tuple[Detail, ...]


def changes_between(old: Program, new: Program) -> tuple[Change, ...]:
    """Every part that differs, in the order of the new program, and then what was removed."""
    before, after = parts_of_program(old), parts_of_program(new)
    found: list[Change] = []
    for key, part in after.items():
        if key not in before:
            found.append(change_of(How.ADDED, part))
        elif details := details_between(before[key], part):
            found.append(change_of(How.CHANGED, part, details))
    found += [change_of(How.REMOVED, part) for key, part in before.items() if key not in after]
    return tuple(found)


def change_of(how: How, part: Part, details: tuple[Detail, ...] = ()) -> Change:
    """What became of a part."""
    return Change(how, part.what, part.name, part.label, part.within, details)


def summary_of(changes: Iterable[Change]) -> str:
    """How many parts of each kind differ: `2 rules changed, 1 level added`."""
    counts: dict[tuple[str, How], int] = {}
    for change in changes:
        key = (change.what, change.how)
        counts[key] = counts.get(key, 0) + 1
    told = []
    for (what, how), count in counts.items():
        noun = what if count == 1 else _PLURALS.get(what, what + "s")
        told.append(f"{count} {noun} {how.value}")
    return ", ".join(told) or "nothing changed"


# ---- what differs


Renames = Mapping[str, str]
"""Names of the old version by what the new one calls the same."""


def details_between(old: Part, new: Part, renames: Renames | None = None) -> tuple[Detail, ...]:
    """The clauses that differ between a part and what became of it; none where both mean the same.

    Args:
        renames: names that are no difference by themselves.
    """
    return tuple(_details(old, new, renames or {}))


def written(part: Part) -> tuple[str, ...]:
    """A part as it is written, line by line, without comments and layout."""
    return tuple(row.text for clause in part.clauses for row in _rows(clause))


def _details(old: Part, new: Part, renames: Renames) -> Iterator[Detail]:
    was, now = _meanings(old.clauses, renames), _meanings(new.clauses, {})
    gone, come = _left_over(old.clauses, was, now), _left_over(new.clauses, now, was)
    kinds = dict.fromkeys(type(clause) for clause in (*come, *gone))
    for kind in kinds:
        pairs = zip_longest(
            (clause for clause in gone if type(clause) is kind),
            (clause for clause in come if type(clause) is kind),
        )
        for before, after in pairs:
            yield from _rows_that_differ(_rows(before), _rows(after))
    order = [renames.get(name, name) for name in old.order]
    both = set(order) & set(new.order)
    first, then = ([name for name in names if name in both] for names in (order, new.order))
    if first != then:
        yield Detail(", ".join(first), ", ".join(then))


def _meanings(clauses: Iterable[Any], renames: Renames) -> list[Any]:
    return [_meaning(clause, renames) for clause in clauses]


def _left_over(clauses: Iterable[Any], meanings: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """The clauses that say something that no other clause says, each of which counts once."""
    said = list(others)
    left = []
    for clause, meaning in zip(clauses, meanings, strict=True):
        if meaning in said:
            said.remove(meaning)
        else:
            left.append(clause)
    return left


def _meaning(thing: Any, renames: Renames) -> Any:
    """A tree without its places, and with the names that it has now."""
    if isinstance(thing, tuple):
        return tuple(_meaning(each, renames) for each in thing)
    if isinstance(thing, Name):
        return ("Name", renames.get(thing.text, thing.text))
    if attrs.has(type(thing)):
        values = (getattr(thing, field.name) for field in attrs.fields(type(thing)))
        return (
            type(thing).__name__,
            *(_meaning(value, renames) for value in values if not isinstance(value, Span)),
        )
    return thing


_BEFORE_COMMENT = re.compile(r'(?:[^"#]|"[^"]*"?)*')


@record
class _Row:
    """A line of a clause; `under` has the lines that open the blocks in it that it stands in."""

    text: str
    under: tuple[str, ...] = attrs.field(default=(), eq=False)


def _rows(clause: Any) -> list[_Row]:
    """A clause as it is written, line by line; nothing of one that is not there."""
    if clause is None:
        return []
    if isinstance(clause, Written):
        return [_Row(clause.text)]
    spans = list(_spans(clause))
    source, first, last = spans[0].source, min(span.start for span in spans), max(span.end for span in spans)
    before = source.text[source.text.rfind("\n", 0, first) + 1 : first].strip()
    lines = [
        " ".join(_BEFORE_COMMENT.match(line)[0].split())  # type: ignore[index]
        for line in source.text[first:last].splitlines()
    ]
    if isinstance(clause, Asked):
        lines[0] = f"when {lines[0]}"
    elif before.isidentifier():
        lines[0] = f"{before} {lines[0]}"
    rows: list[_Row] = []
    open_: list[str] = []
    for line in lines:
        if line not in ("", "}"):
            rows.append(_Row(line, tuple(open_)))
        if line.endswith("{"):
            open_.append(line)
        elif line == "}" and open_:
            open_.pop()
    return rows


def _spans(thing: Any) -> Iterator[Span]:
    if isinstance(thing, Span):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _spans(each)
    elif attrs.has(type(thing)):
        for field in attrs.fields(type(thing)):
            yield from _spans(getattr(thing, field.name))


def _rows_that_differ(old: Sequence[_Row], new: Sequence[_Row]) -> Iterator[Detail]:
    """The rows of a clause that differ; the first, where they are written alike and mean something else."""
    word = next((rows[0].text.split(" ", 1)[0] for rows in (new, old) if rows), "")
    alike = True
    was, now = ([row.text for row in rows] for rows in (old, new))
    for tag, first, end, first_new, end_new in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            alike = False
            for before, after in zip_longest(old[first:end], new[first_new:end_new]):
                yield _detail(before, after, word)
    if alike:
        yield _detail(old[0] if old else None, new[0] if new else None, word)


def _detail(old: _Row | None, new: _Row | None, word: str) -> Detail:
    row = new or old
    assert row is not None
    under = tuple(line.partition(" by ")[0] for line in row.under[1:])
    return Detail(None if old is None else old.text, None if new is None else new.text, word, under)
