"""The one canonical layout of a rule file.

It is made from the tokens and from what the grammar makes of them together, never from the tree alone: what
is not laid out anew is written as it was.

Invariants: the same tokens and comments in the same order, but for blanks at the ends of comments and commas
between the thousands of numbers, so the same tree; what is laid out already stays as it is.
"""

from collections.abc import Iterator
from itertools import groupby

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.braces import balance_braces
from loyalty_dsl.language.each_rows import write_out_each
from loyalty_dsl.language.parsing import parse_file, tokens_within_limits
from loyalty_dsl.language.printing_clauses import read_between, read_body
from loyalty_dsl.language.printing_lines import Line, Printer
from loyalty_dsl.language.printing_outline import read_outline
from loyalty_dsl.language.tables import NEWLINE
from loyalty_dsl.language.tokens import NUMBERS, tokenize
from loyalty_dsl.source import SourceText

_BEFORE_COMMENT = 4


@attrs.frozen
class Printed:
    """A file laid out.

    Attributes:
        text: the canonical layout; where there are mistakes, the text as it is.
        mistakes: why it was left alone.
    """

    text: str
    mistakes: tuple[Diagnostic, ...] = ()


def print_source(source: SourceText) -> Printed:
    """Lays out one file.

    Args:
        source: any text at all. Its lines end as its first one does.
    """
    tokens = tokens_within_limits(source)
    if isinstance(tokens, Diagnostic):
        return Printed(source.text, (tokens,))
    balanced, found = balance_braces(source, tokens)
    written, of_tables = ([], []) if found else write_out_each(source, balanced)
    outline = None if found or of_tables or balanced is not tokens else read_outline(written)
    if outline is None:
        return Printed(source.text, parse_file(source)[1])
    between = read_between(source.text, tokens)
    lines = list(Printer(outline, between).body_lines(read_body(tokens, outline), 0))
    end = "\r\n" if "\r\n" in source.text[: source.text.find("\n") + 1] else "\n"
    text = "".join(line + end for line in _texts(lines))
    if text != source.text:
        _verify_nothing_lost(source.text, text)
    return Printed(text)


def _verify_nothing_lost(before: str, after: str) -> None:
    """A layout that loses a word or a comment, or moves one, is a bug of ours that reaches no file."""
    said = [(list(_words_and_comments(text)), _between_words(text)) for text in (before, after)]
    if said[0] != said[1]:
        raise AssertionError("a word or a comment would be lost")


def _between_words(text: str) -> str:
    """All that is no word, without the blanks: the comments, whatever else reads them."""
    end = 0
    between = []
    for token in tokenize(text):
        between.append(text[end : token.start])
        end = token.end
    return "".join("".join(between).replace("\ufeff", "").split())


def _words_and_comments(text: str) -> Iterator[tuple[str, str]]:
    """What a text says, in order: `(kind, text)` of each word, number and mark, `("above", comment)` and
    `("behind", comment)`; numbers are without commas between their thousands."""
    tokens = [token for token in tokenize(text) if token.kind != NEWLINE]
    between = read_between(text, tokens)
    for kind, word, start, _ in tokens:
        gap = between.gaps.get(start)
        if gap is not None:
            for comment in gap.above:
                yield "above", comment.text
        yield kind, word.replace(",", "") if kind in NUMBERS else word
        if start in between.behind:
            yield "behind", between.behind[start]


def _texts(lines: list[Line]) -> list[str]:
    """Lines as text, with the comments at their ends in a column where they stand together."""
    texts = []
    for _, run in groupby(lines, key=lambda line: (line.comment is not None, line.indent)):
        together = list(run)
        width = max(len(line.code) for line in together)
        for line in together:
            if line.comment is None:
                texts.append(" " * line.indent + line.code)
            else:
                code = line.code.ljust(width + _BEFORE_COMMENT)
                texts.append(" " * line.indent + code + line.comment)
    return [text.rstrip() for text in texts]
