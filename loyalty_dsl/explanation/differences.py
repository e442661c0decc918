"""What differs in meaning between two sets of rule files: the plan of a change, before it is made.

Invariant: layout, comments and the order of clauses are no difference, and a part that only changed its name
is one that was renamed; all else that two books say differently is in one change each.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from loyalty_dsl.explanation.consequences import consequence
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.changes import Detail, How, details_between, summary_of, written
from loyalty_dsl.language.changes import change_of as plain_change_of
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.parts import Key, Part, parts_beside, parts_of_program
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax import FieldDeclaration, Name
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.versions import replaced_version

Names = Mapping[str, str]
"""What is called otherwise: by its old name, its new one."""

_READ = ("audience", "counter", "period", "set of fields", "table")
"""Kinds of parts that do nothing by themselves: what reads them changes with them."""


@attrs.frozen
class Line:
    """One clause or row that differs.

    Attributes:
        old, new: as written; `None` where there is none.
        consequence: what that does, in a few words, where one number decides it.
        under: the cases that a row of a table stands under.
    """

    old: str | None
    new: str | None
    consequence: str | None = None
    under: tuple[str, ...] = ()


@attrs.frozen
class Difference:
    """One part that differs.

    Attributes:
        what: its kind, as one says it; name: as written; label: as people read it.
        within: the label of what it stands in; empty otherwise.
        was: what it was called, where its name is new.
        lines: what differs; of a part that was added or removed, all of it.
        read_by: what reads it and therefore does otherwise too, of a part that does nothing by itself.
    """

    how: How
    what: str
    name: str
    label: str
    within: str
    was: str | None
    lines: tuple[Line, ...]
    read_by: tuple[str, ...] = ()


@attrs.frozen
class Differences:
    """What differs in one program, or beside the programs.

    Attributes:
        subject: the name of the program; empty for what stands beside programs.
        how: whether there is such a program only on one side.
    """

    subject: str
    how: How | None
    parts: tuple[Difference, ...]

    @property
    def summary(self) -> str:
        """`2 rules changed, 1 level added`."""
        if self.how in (How.ADDED, How.REMOVED):
            return f"program {self.how.value}"
        return summary_of(
            plain_change_of(part.how, Part(part.what, part.name, part.label, ())) for part in self.parts
        )


def differences_between(old: Book, new: Book) -> tuple[Differences, ...]:
    """Everything that differs: program by program, in the order of the new book, then beside them.

    Programs belong together by name; where each book has one, those two do.
    """
    found: list[Differences] = []
    names: dict[str, str] = {}
    for before, after in (*paired(old.programs, new.programs), *_by_name(old.earlier, new.earlier)):
        one, renamed = _of_programs(before, after)
        found.append(one)
        names |= renamed
    beside, _ = _between(_beside(old), _beside(new), names)
    return tuple(each for each in (*found, Differences("", None, beside)) if each.how or each.parts)


def differences_of_versions(book: Book) -> tuple[Differences, ...]:
    """What each program changes of the version that it has replaced.

    Raises:
        InputRefused: no program of the book has replaced one.
    """
    pairs = [(replaced_version(book, program), program) for program in book.programs]
    found = [_of_programs(before, after)[0] for before, after in pairs if before is not None]
    if not found:
        raise InputRefused(
            "a difference is between two sets of rules, and no program here replaces a version of itself",
            "name NEW as well: `loyalty diff OLD NEW`",
        )
    return tuple(each for each in found if each.parts)


def _of_programs(old: Program | None, new: Program | None) -> tuple[Differences, Names]:
    """What differs in a program that may be on one side only, and what its names are now."""
    if new is None:
        assert old is not None
        return Differences(old.name, How.REMOVED, ()), {}
    if old is None:
        return Differences(new.name, How.ADDED, ()), {}
    parts, names = _between(parts_of_program(old), parts_of_program(new), {})
    return Differences(new.name, None, parts), {**names, old.name: new.name}


def paired(old: tuple[Program, ...], new: tuple[Program, ...]) -> list[tuple[Program | None, Program | None]]:
    """Which programs belong together: those of one name or, where each side has one, those two."""
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]  # whatever they are called
    return _by_name(old, new)


def _by_name(
    old: tuple[Program, ...], new: tuple[Program, ...]
) -> list[tuple[Program | None, Program | None]]:
    before, after = ({program.name: program for program in side} for side in (old, new))
    return [(before.get(name), after.get(name)) for name in dict.fromkeys((*after, *before))]


def _beside(book: Book) -> dict[Key, Part]:
    return parts_beside(block for source in book.sources for block in parse_file(source)[0].blocks)


# ---- parts


def _between(
    old: Mapping[Key, Part], new: Mapping[Key, Part], known: Names
) -> tuple[tuple[Difference, ...], Names]:
    """The parts that differ, in the order of the new version, and then what was removed.

    Args:
        known: names that are new elsewhere.

    Returns:
        Also what else has a new name, by its old one.
    """
    fields = _renamed_fields(old, new)
    renamed = _renamed(old, new, {**known, **fields})
    names = _names_now(old, new, renamed, {**known, **fields})
    found = []
    for key, part in new.items():
        before = renamed.get(key, key)
        if before not in old:
            found.append(_added(part))
            continue
        lines = [*_lines(part, details_between(old[before], part, names)), *_new_names(part, fields)]
        if old[before].label != part.label and before == key:
            lines.append(Line(f'"{old[before].label}"', f'"{part.label}"', "members read another name"))
        if lines or before != key:
            found.append(_changed(part, None if before == key else old[before].name, lines, new))
    gone = old.keys() - new.keys() - set(renamed.values())
    found += [_removed(part) for key, part in old.items() if key in gone]
    return tuple(found), names


def _lines(part: Part, details: Iterable[Detail]) -> Iterable[Line]:
    for detail in details:
        said = None if part.what == "scenario" else consequence(part.what, detail)
        yield Line(detail.old, detail.new, said, detail.under)


def _added(part: Part) -> Difference:
    lines = tuple(Line(None, line) for line in written(part))
    return Difference(How.ADDED, part.what, part.name, part.label, part.within, None, lines)


def _removed(part: Part) -> Difference:
    lines = tuple(Line(line, None) for line in written(part))
    return Difference(How.REMOVED, part.what, part.name, part.label, part.within, None, lines)


def _changed(part: Part, was: str | None, lines: Iterable[Line], new: Mapping[Key, Part]) -> Difference:
    shown = tuple(lines)
    read_by = _readers(part, new) if part.what in _READ and shown else ()
    return Difference(How.CHANGED, part.what, part.name, part.label, part.within, was, shown, read_by)


def _readers(part: Part, parts: Mapping[Key, Part]) -> tuple[str, ...]:
    """The other parts that name it, as one says them: `level Gold`."""
    names = {part.name}
    if part.what == "set of fields":
        names = {field.name.text for field in _fields(part)}
    readers = (each for each in parts.values() if each is not part and names & set(_names(each.clauses)))
    return tuple(f"{reader.what} {reader.label}".strip() for reader in readers)


def _names(thing: Any) -> Iterable[str]:
    """Every name in a tree."""
    if isinstance(thing, tuple):
        for each in thing:
            yield from _names(each)
    elif isinstance(thing, Name):
        yield thing.text
    elif attrs.has(type(thing)):
        for field in attrs.fields(type(thing)):
            yield from _names(getattr(thing, field.name))


# ---- new names


def _renamed(old: Mapping[Key, Part], new: Mapping[Key, Part], known: Names) -> dict[Key, Key]:
    """By its new key, the old key of each part that is what it was but for its name and those it reads.

    A name counts as new only where the old version has nothing of that name, and the new one nothing of the
    old; what fits several parts was not renamed but replaced.
    """
    found: dict[Key, Key] = {}
    taken_before, taken_now = ({part.name for part in side.values()} for side in (old, new))
    gone = {key: part for key, part in old.items() if key not in new and part.name not in taken_now}
    come = {key: part for key, part in new.items() if key not in old and part.name not in taken_before}
    grew = True
    while grew:
        grew = False
        names = _names_now(old, new, found, known)
        for key in [key for key in come if key not in found]:
            left = (each for each in gone if each not in found.values())
            fitting = [each for each in left if _same(gone[each], come[key], names)]
            if len(fitting) == 1:
                found[key] = fitting[0]
                grew = True
    return found


def _names_now(
    old: Mapping[Key, Part], new: Mapping[Key, Part], renamed: Mapping[Key, Key], known: Names
) -> Names:
    """Every new name by its old one; where a field and a part shared one, that of the field."""
    names: dict[str, str] = {}
    for now, before in renamed.items():
        names |= _forms(old[before].name, new[now].name)
    return {**names, **known}


def _renamed_fields(old: Mapping[Key, Part], new: Mapping[Key, Part]) -> Names:
    """The fields that are what they were under another name: alone of their type where one is gone."""
    names: dict[str, str] = {}
    for key in old.keys() & new.keys():
        gone, come = _fields_only_in(old[key], new[key]), _fields_only_in(new[key], old[key])
        for before in gone:
            fitting = [now for now in come if _type(now) == _type(before)]
            if len(fitting) == 1 and [_type(each) for each in gone].count(_type(before)) == 1:
                names[before.name.text] = fitting[0].name.text
    return names


def _fields_only_in(part: Part, other: Part) -> list[FieldDeclaration]:
    there = {field.name.text for field in _fields(other)}
    return [field for field in _fields(part) if field.name.text not in there]


def _fields(part: Part) -> list[FieldDeclaration]:
    return [clause for clause in part.clauses if isinstance(clause, FieldDeclaration)]


def _type(field: FieldDeclaration) -> tuple[str, ...]:
    return (field.type_.text, *(value.text for value in field.values))


def _new_names(part: Part, fields: Names) -> Iterable[Line]:
    for field in _fields(part):
        for before, now in fields.items():
            if field.name.text == now:
                yield Line(before, now, "only its name is new")


def _same(old: Part, new: Part, names: Names) -> bool:
    """Whether a part is another one under a new name."""
    if old.what != new.what or names.get(old.of, old.of) != new.of or not (old.clauses or new.clauses):
        return False
    return not details_between(old, new, {**_forms(old.name, new.name), **names})


def _forms(old: str, new: str) -> dict[str, str]:
    """A name and its regular other number, each by what it is now."""
    return {**dict(zip(other_numbers(old), other_numbers(new), strict=False)), old: new}
