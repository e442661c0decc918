"""The terms of a program with versions: those in force, and what changed on which day for whom.

Invariant: the terms in force are those of the newest version by itself; what a version before it said
otherwise is told with the day through which it held.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import assert_never

from loyalty_dsl.explanation.terms.blocks import block_of, money_of
from loyalty_dsl.explanation.terms.document import Block, Entry, Section, Sentence, Terms, TermsTable, section
from loyalty_dsl.explanation.terms.of_program import terms_of
from loyalty_dsl.explanation.terms.words import Words, date_words, human, listed, number, quoted, titled
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax import leaves, versions
from loyalty_dsl.language.version_names import name_without_version

_ALWAYS_ALIKE = {"small print"}
"""Sections whose days and names differ with each version, while nothing in them changes."""


def terms_in_force(book: Book, program: Program, *, internal: bool = False) -> Terms:
    """The terms of a program of a book: of that version alone, and then what it changed, newest first."""
    versions_ = _versions_through(book, program)
    terms = terms_of(versions_[-1], internal=internal)
    changes = [list(_changed(old, new)) for old, new in pairwise(versions_)]
    told = tuple(section for sections in reversed(changes) for section in sections)
    return Terms(program.name, terms.label, (*terms.sections, *told), terms.notes)


def _versions_through(book: Book, program: Program) -> list[Program]:
    """The versions of a program through this one, each by itself, from the first."""
    name = name_without_version(program.name)
    family = [each for each in book.earlier if name_without_version(each.name) == name]
    family += [each for each in book.programs if each.name == name]
    alone = {each.span: each for each in book.alone}
    spans = [each.span for each in family]
    through = spans[: spans.index(program.span) + 1]
    return [alone.get(span, program) for span in through]


def _changed(old: Program, new: Program) -> Iterator[Section]:
    block = block_of(new)
    replaces = next(part for part in block.clauses if isinstance(part, versions.ReplacesClause))
    day = replaces.date.day
    words = Words(new)
    entries = [Entry("transition", "", tuple(_transition(words, block, day)))]
    entries += list(_differences(terms_of(old), terms_of(new), day))
    yield from section(f"changes {date_words(day)}", f"What changed on {date_words(day)}", entries)


def _transition(words: Words, block: syntax.ProgramBlock, day: int) -> Iterator[Block]:
    yield Sentence(
        f"From {date_words(day)} on, new terms apply to every member; what happened before that day "
        "counts by the "
        "terms before."
    )
    for part in block.clauses:
        if isinstance(part, versions.TransitionBlock):
            for clause in part.clauses:
                yield Sentence(_clause(words, clause, date_words(day)), (clause.span,))


def _clause(words: Words, clause: versions.TransitionClause, day: str) -> str:
    match clause:
        case versions.KeepClause(name):
            return f"{_named(words, name)}: what you have on {day} stays as it is."
        case versions.EndClause(name):
            return f"{_named(words, name)}: what you have ends on {day}."
        case versions.ConvertClause(taken, old, given, new):
            rate = f"{number(given.value)} for each {number(taken.value)}"
            return f"On {day}, your {_named(words, old)} turned into {_named(words, new)}: {rate}."
        case versions.StartStatusClause(name):
            return f"{_named(words, name)}: on {day} you have the level that you have earned by then."
        case versions.HonourClause(name, date):
            return (
                f"{_named(words, name)}: you keep the level that you have on {day} through "
                f"{date_words(date.day)}."
            )
        case versions.PhaseClause(level, old, new, duration):
            was, now = (
                money_of(words, each) if isinstance(each, leaves.Money) else number(each.value)
                for each in (old, new)
            )
            months = f"{number(duration.count.value)} {duration.unit.text}"
            return f"What {_level(words, level)} takes goes from {was} to {now} in steps over {months}."
        case _:
            assert_never(clause)


def _named(words: Words, name: leaves.Name) -> str:
    """What a name of a file is called: a currency, a count or a ladder."""
    program = words.program
    labels = {ladder.name: ladder.label for ladder in program.ladders}
    labels |= {total.name: total.label for total in program.totals}
    labels |= {counter.name: counter.label for counter in program.counters}
    labels |= {currency.name: currency.label for currency in program.currencies}
    return titled(labels.get(name.text, human(name.text)))


def _level(words: Words, name: leaves.Name) -> str:
    levels = (level for ladder in words.program.ladders for level in ladder.levels)
    return titled(next((human(level.label) for level in levels if level.name == name.text), human(name.text)))


# ---- what differs


def _differences(old: Terms, new: Terms, day: int) -> Iterator[Entry]:
    """What the old terms said otherwise, part by part; what is new, by its title."""
    before, after = _entries(old), _entries(new)
    last, first = date_words(day - 1), date_words(day)
    for key, (where, entry) in before.items():
        now = after.get(key)
        if now is not None and _texts(now[1]) == _texts(entry):
            continue
        title = entry.title or where
        was = tuple(_only_before(entry, None if now is None else now[1]))
        opening = f"Through {last} this was so:" if now is not None else f"This ended with {last}:"
        if not was:
            opening = f"From {first} on, more is said of this under “{where}”."
        yield Entry(key, title, (Sentence(opening), *was))
    news: dict[str, list[str]] = {}
    for key, (where, entry) in after.items():
        if key not in before and entry.title:
            news.setdefault(where, []).append(quoted(entry.title))
    told = [
        Sentence(f"New from {first} on, under “{where}”: {listed(names)}.") for where, names in news.items()
    ]
    yield Entry("news", "What is new", tuple(told))


def _entries(terms: Terms) -> dict[str, tuple[str, Entry]]:
    return {
        f"{part.key} {entry.key}": (part.title, entry)
        for part in terms.sections
        if part.key not in _ALWAYS_ALIKE
        for entry in part.entries
    }


def _texts(entry: Entry) -> tuple[object, ...]:
    return tuple(_text(block) for block in entry.blocks if not _is_example(block))


def _is_example(block: Block) -> bool:
    """Whether a block is an example, whose day is of the version that it is in."""
    return isinstance(block, Sentence) and "for example" in block.text.lower()


def _text(block: Block) -> object:
    return block.text if isinstance(block, Sentence) else (block.header, block.rows)


def _only_before(entry: Entry, now: Entry | None) -> Iterator[Block]:
    """The blocks that are no longer there; tables whole, and all of what is short."""
    if now is not None and len(entry.blocks) <= 4 and set(_texts(entry)) - set(_texts(now)):
        yield from entry.blocks
        return
    kept = set() if now is None else {_text(block) for block in now.blocks}
    for block in entry.blocks:
        if isinstance(block, TermsTable) or _text(block) not in kept:
            yield block
