"""`--without weekend`: a program as it is without some of its rules, rewards or benefits.

Invariants: what is left out is blanked in the text and nothing moves, so that every position stays that of
the file; the rest is checked like any file, so what cannot do without the part is refused, never mended
silently. Scenarios and studies go too: they are about the whole program, and no comparison reads them.
"""

from collections.abc import Iterable, Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.tokens import Token, tokens_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText, Span


def book_without(sources: Sequence[SourceText], names: Sequence[str], program: str) -> Book:
    """A program without some of its parts.

    Args:
        sources: files that check.
        names: of rules, rewards and benefits.
        program: whose they are.

    Raises:
        InputRefused: a name of no such part, or something else needs one of them.
    """
    files = [parse_file(source)[0] for source in sources]
    parts = {
        clause.name.text: clause.span
        for file in files
        for block in file.blocks
        if isinstance(block, syntax.ProgramBlock) and block.name.text == program
        for clause in block.clauses
        if isinstance(clause, syntax.RuleBlock)
    }
    spans = list(parts.values())
    for name in names:
        if name not in parts:
            near = nearest(name, set(parts))
            help = f"did you mean `{near}`?" if near else f"there are {listed(parts, 'and', most=12)}"
            raise InputRefused(f"`{program}` has no rule, reward or benefit `{name}`", help)
        if sum(span.start == parts[name].start and span.source is parts[name].source for span in spans) > 1:
            raise InputRefused(
                f"`{name}` is a row of a table that writes several rules, and cannot be left out alone",
                "write the other version as a file, and compare the two",
            )
    reduced = []
    for source, file in zip(sources, files, strict=True):
        gone = [
            block.span for block in file.blocks if isinstance(block, syntax.ScenarioBlock | syntax.StudyBlock)
        ]
        gone += [parts[name] for name in names if parts[name].source is source]
        reduced.append(_blanked(source, gone))
    found: list[Diagnostic] = []
    files = []
    for source in reduced:
        file, of_file = parse_file(source)
        files.append(file)
        found.extend(of_file)
    book, of_book = check_book(files, found)
    if book is None:
        error = next(each for each in (*found, *of_book) if each.is_error)
        left = listed(names, "and")
        raise InputRefused(
            f"the program cannot do without {left}: [{error.code}] {error.message}\n"
            f"  {error.span}: {error.span.source.line(error.span.line).strip()}",
            "leave out what needs it as well (--without may be repeated), or compare with a file of your own",
        )
    return book


def _blanked(source: SourceText, spans: Iterable[Span]) -> SourceText:
    text = source.text
    tokens = tokens_of(text)
    for span in spans:
        end = _end_of_block(tokens, span.start)
        blank = "".join(sign if sign in "\r\n" else " " for sign in text[span.start : end])
        text = text[: span.start] + blank + text[end:]
    return SourceText(source.name, text, source.settings, source.as_read or source)


def _end_of_block(tokens: Sequence[Token], start: int) -> int:
    """Behind the brace that closes the block whose first word is at an offset."""
    depth = 0
    for token in tokens:
        if token.start >= start and token.kind in "{}":
            depth += 1 if token.kind == "{" else -1
            if not depth:
                return token.end
    raise AssertionError("a block of a file that checks is closed")
