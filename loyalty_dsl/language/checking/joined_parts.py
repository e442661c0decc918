"""Which parts two versions of a program share, and in which order the parts of both stand (VERSION-2).

Invariant: each version's parts keep their order. A part is shared when both say the same of it, under the
numbers that it has in both together; of others, both stand there, and the old one has another name.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import Any

from loyalty_dsl.language.program import Currency, Limit
from loyalty_dsl.language.records import record
from loyalty_dsl.language.tiers import Level

Key = Hashable


@record
class Joined:
    """One kind of part of both versions.

    Attributes:
        rows: (index in the old version, index in the new one) of each part; -1 where it is not in one.
    """

    rows: tuple[tuple[int, int], ...]

    @property
    def of_old(self) -> dict[int, int]:
        """The number in both together of each part of the old version."""
        return {old: row for row, (old, _) in enumerate(self.rows) if old >= 0}

    @property
    def of_new(self) -> dict[int, int]:
        return {new: row for row, (_, new) in enumerate(self.rows) if new >= 0}


def keys_of(parts: Sequence[Any]) -> list[Key]:
    """A key for each part: its name, and which one of that name it is."""
    taken: dict[str, int] = {}
    keys: list[Key] = []
    for part in parts:
        taken[part.name] = taken.get(part.name, 0) + 1
        keys.append((part.name, taken[part.name]))
    return keys


def join(old: Sequence[Key], new: Sequence[Key], shared: frozenset[Key]) -> Joined:
    """The parts of both: those that are shared once, the old ones before the new ones around them."""
    of_new = {key: index for index, key in enumerate(new)}
    rows: list[tuple[int, int]] = []
    done = 0
    for index, key in enumerate(old):
        if key in shared:
            rows += [(-1, number) for number in range(done, of_new[key])]
            done = of_new[key] + 1
            rows.append((index, of_new[key]))
        else:
            rows.append((index, -1))
    rows += [(-1, number) for number in range(done, len(new))]
    return Joined(tuple(rows))


def shareable(old: Sequence[Key], new: Sequence[Key]) -> frozenset[Key]:
    """The keys that are in both; none where they stand in another order, which may mean something."""
    common = set(old) & set(new)
    if [key for key in old if key in common] != [key for key in new if key in common]:
        return frozenset()
    return frozenset(common)


def merged_order(old: Sequence[int], new: Sequence[int], joined: Joined) -> tuple[int, ...]:
    """The rows in an order that keeps the order of both versions; `old` and `new` are orders of their own
    parts.

    Raises:
        ValueError: shared parts stand in another order in both.
    """
    of_old, of_new = joined.of_old, joined.of_new
    first, second = [of_old[each] for each in old], [of_new[each] for each in new]
    common = set(first) & set(second)
    if [each for each in first if each in common] != [each for each in second if each in common]:
        raise ValueError("the orders do not go together")
    merged: list[int] = []
    rest = iter(second)
    for each in first:
        if each in common:
            merged += _through(rest, each)
        else:
            merged.append(each)
    return (*merged, *rest)


def _through(rest: Iterator[int], last: int) -> list[int]:
    """What comes next, up to one of them and with it."""
    taken = []
    for each in rest:
        taken.append(each)
        if each == last:
            break
    return taken


def renamed(name: str, taken: Collection[str], version: str) -> str:
    """The name of an old part whose name the new version gives to something else."""
    mine = f"{name}_{version}"
    while mine in taken:
        mine += "_old"
    return mine


def by_name(old: Sequence[Any], new: Sequence[Any], apart: Collection[str] = ()) -> Joined:
    """Currencies or ladders of both versions: those of the old one, then what is new."""
    theirs = {part.name: index for index, part in enumerate(new) if part.name not in apart}
    rows = [(index, theirs.pop(part.name, -1)) for index, part in enumerate(old)]
    met = {second for _, second in rows}
    return Joined((*rows, *((-1, index) for index in range(len(new)) if index not in met)))


def levels_of_both(old: Sequence[Level], new: Sequence[Level]) -> Joined:
    """The levels of a ladder of both versions."""
    first, second = keys_of(old), keys_of(new)
    return join(first, second, shareable(first, second))


def index_of(parts: Sequence[Currency], name: str) -> int:
    """The number of the currency of a name."""
    return next(part.index for part in parts if part.name == name)


def count_alike(one: Limit, other: Limit) -> bool:
    """Whether two limits count the same in the same windows."""
    return (one.of, one.window, one.everyone) == (other.of, other.window, other.everyone)
