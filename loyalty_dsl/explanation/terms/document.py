"""The terms of a program as data: sections of entries, each of sentences and tables.

Invariants: every sentence is whole and says by its spans where in the rule file it comes from; the order is
that of the file, and nothing in it depends on the day on which it is written.
"""

from collections.abc import Iterator

import attrs

from loyalty_dsl.source import Span


@attrs.frozen
class Sentence:
    """One sentence, from its capital to its full stop."""

    text: str
    spans: tuple[Span, ...] = ()


@attrs.frozen
class TermsTable:
    """A table: as many cells in each row as the header has."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...] = ()


Block = Sentence | TermsTable


@attrs.frozen
class Entry:
    """What is said of one part of a program; `title` is empty for what is said of several.

    Attributes:
        key: by which the same part is found in another version: the kind and the name.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]


@attrs.frozen
class Section:
    """Entries under one heading."""

    key: str
    title: str
    entries: tuple[Entry, ...]


@attrs.frozen
class Terms:
    """What a member reads of a program.

    Attributes:
        program: its name; label: as people read it.
        notes: what the file says of itself: how faithful it is to what it models.
    """

    program: str
    label: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


def sentences_of(terms: Terms) -> Iterator[Sentence]:
    """Every sentence, in order."""
    for section in terms.sections:
        for entry in section.entries:
            for block in entry.blocks:
                if isinstance(block, Sentence):
                    yield block


def section(key: str, title: str, entries: list[Entry]) -> Iterator[Section]:
    """A section, unless there is nothing to say in it."""
    told = tuple(entry for entry in entries if entry.blocks)
    if told:
        yield Section(key, title, told)
