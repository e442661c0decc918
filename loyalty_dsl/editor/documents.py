"""A text that is open in an editor, with the other files of its book.

Invariant: a document never changes, and everything that is worked out about it is worked out once, when it is
asked for: an edit makes a new document, which keeps what was read of the files that are as they were.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.editor.declarations import Declarations, declarations_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.braces import balance_braces
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.tokens import Token, tokens_of
from loyalty_dsl.source import SourceText

if TYPE_CHECKING:
    from loyalty_dsl.decisions.paths import NumberPath

MAX_CHARACTERS = 1_000_000
"""Of a longer text only the findings are told: a rule file of that length is no rule file."""


@attrs.frozen(slots=False, eq=False)
class _Read:
    """A file as it was read; `source` is its name and text."""

    source: SourceText

    @cached_property
    def parsed(self) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
        return parse_file(self.source)


@attrs.frozen(slots=False, eq=False)
class Document:
    """One text of a book, as it stands in an editor.

    Attributes:
        path: of the text that offsets are meant in.
    """

    path: str
    _files: tuple[_Read, ...]

    @cached_property
    def source(self) -> SourceText:
        """The text that offsets are meant in."""
        return next(each.source for each in self._files if each.source.name == self.path)

    @property
    def text(self) -> str:
        return self.source.text

    @cached_property
    def sources(self) -> tuple[SourceText, ...]:
        """All texts of the book, in the order in which they were given."""
        return tuple(each.source for each in self._files)

    def edited(self, text: str) -> "Document":
        """The document after an edit: the whole new text of its file."""
        changed = _Read(SourceText(self.path, text))
        files = tuple(changed if each.source.name == self.path else each for each in self._files)
        return Document(self.path, files)

    def at(self, path: str) -> "Document":
        """The same book, with offsets meant in another of its files; the same document if it has no such."""
        known = any(each.source.name == path for each in self._files)
        return Document(path, self._files) if known else self

    @cached_property
    def checked(self) -> tuple[Book | None, tuple[Diagnostic, ...]]:
        """The book, unless there are errors, and all findings in the order of `loyalty check`."""
        from loyalty_dsl.language.checking import check_book

        found = [each for file in self._files for each in file.parsed[1]]
        book, more = check_book([file.parsed[0] for file in self._files], found)
        told = sorted([*found, *more], key=lambda each: (each.span.source.name, each.span.start))
        return book, tuple(told)

    @cached_property
    def declared(self) -> Declarations:
        """Every name that the texts declare, as far as they can be read."""
        return declarations_of([file.parsed[0] for file in self._files])

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Those of its own text, with braces put in where some are missing."""
        if len(self.text) > MAX_CHARACTERS:
            return tuple(tokens_of(""))
        return tuple(balance_braces(self.source, tokens_of(self.text))[0])

    @cached_property
    def numbers(self) -> "dict[int, NumberPath]":
        """The numbers of its own text that have a path, by the offset at which they begin."""
        from loyalty_dsl.decisions.paths import paths_in

        own = (each for each in paths_in(self.files) if each.span.source is self.source)
        return {each.span.start: each for each in own}

    @cached_property
    def files(self) -> tuple[syntax.File, ...]:
        """The syntax trees, in the order of the texts."""
        return tuple(file.parsed[0] for file in self._files)


def open_document(
    texts: Mapping[str, str], path: str | None = None, before: Document | None = None
) -> Document:
    """Opens a text with the other files of its book.

    Args:
        texts: the whole text of each file, by its name; together they are one book.
        path: the file that offsets are meant in; the first, by default.
        before: a document of the same files as they were: what did not change is not read again.

    Raises:
        KeyError: there is no text of `path`, or none at all.
    """
    if not texts or (path is not None and path not in texts):
        raise KeyError(path or "no text")
    known = {} if before is None else {each.source.name: each for each in before._files}
    files = []
    for name, text in texts.items():
        old = known.get(name)
        files.append(old if old is not None and old.source.text == text else _Read(SourceText(name, text)))
    return Document(path if path is not None else next(iter(texts)), tuple(files))
