"""What members read otherwise: the sentences of the terms that come and go with a change.

Invariant: only sentences and rows that differ are told, each under what it is said of; terms that say the
same in another order of parts, or of parts with other names in the file, differ in nothing.
"""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

import attrs

from loyalty_dsl.explanation.differences import paired
from loyalty_dsl.explanation.terms.document import Entry, Sentence, Terms
from loyalty_dsl.explanation.terms.versions import terms_in_force
from loyalty_dsl.language.book import Book


@attrs.frozen
class TermsChange:
    """What is said otherwise of one part.

    Attributes:
        program: its label.
        title: what is spoken of.
        gone, come: sentences and rows, in order.
    """

    program: str
    title: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


_ALL = "All terms of this program; `loyalty explain` writes them."


def changed_terms(old: Book, new: Book) -> tuple[TermsChange, ...]:
    """The changes of the terms of every program, in the order of the new book; one that comes or goes is told
    of in a line."""
    found: list[TermsChange] = []
    for before, after in paired(old.programs, new.programs):
        if before is not None and after is not None:
            found += _changes(terms_in_force(old, before), terms_in_force(new, after))
        elif before is not None:
            found.append(TermsChange(before.label, before.label, (_ALL,), ()))
        elif after is not None:
            found.append(TermsChange(after.label, after.label, (), (_ALL,)))
    return tuple(found)


def _changes(old: Terms, new: Terms) -> Iterator[TermsChange]:
    before, after = _entries(old), _entries(new)
    renamed = _renamed(before, after)
    gone_for_good = (key for key in before if key not in after and key not in renamed.values())
    for key in (*after, *gone_for_good):
        was, title_before = before.get(renamed.get(key, key), ((), ""))
        now, title = after.get(key, ((), ""))
        matcher = SequenceMatcher(None, was, now, autojunk=False)
        edits = [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]
        if edits:
            gone = tuple(line for _, first, end, _, _ in edits for line in was[first:end])
            come = tuple(line for _, _, _, first, end in edits for line in now[first:end])
            yield TermsChange(new.label, title or title_before, gone, come)


Told = tuple[tuple[str, ...], str]
"""What is said of a part, line by line, and what it is called."""


def _renamed(before: Mapping[str, Told], after: Mapping[str, Told]) -> dict[str, str]:
    """By its new key, the old key of what members call the same in the same section."""
    gone = {(key.partition("/")[0], told[1]): key for key, told in before.items() if key not in after}
    come = ((key, told[1]) for key, told in after.items() if key not in before)
    pairs = ((key, gone.get((key.partition("/")[0], title))) for key, title in come)
    return {key: old for key, old in pairs if old is not None}


def _entries(terms: Terms) -> dict[str, Told]:
    """What is said of each part, by its section and key."""
    return {
        f"{section.key}/{entry.key}": (tuple(_lines(entry)), entry.title or section.title)
        for section in terms.sections
        for entry in section.entries
    }


def _lines(entry: Entry) -> Iterator[str]:
    for block in entry.blocks:
        if isinstance(block, Sentence):
            yield block.text
        else:
            for row in block.rows:
                yield "; ".join(
                    f"{name}: {cell}" for name, cell in zip(block.header, row, strict=True) if cell
                )
