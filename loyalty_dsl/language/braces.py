"""Braces and brackets made whole before parsing, with a diagnostic for each repair.

Where the braces of a file do not pair up, its indentation says which one is missing: a brace that is still
open when a line is indented no deeper than the line that opened it was to be closed before that line. Files
that are not indented like that are repaired at the end of the file instead.

Invariants of what is given back: braces pair up; brackets are nested at most `MAX_NESTING` deep.
"""

from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language.spelling import CLAUSES
from loyalty_dsl.language.tables import END, NEWLINE
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import SourceText, Span

MAX_NESTING = 64

MAX_MISTAKES = 200
"""So many are reported of a file: what follows is not worth the wait."""

CONTINUING = frozenset({",", "and", "or"})
"""Behind these a newline does not end the clause."""

_BLOCK_WORDS = frozenset(
    word for clauses in CLAUSES.values() for word, example in clauses.items() if example.endswith("{")
)


@attrs.define
class _Line:
    tokens: list[Token]
    indent: int


@attrs.define
class _Open:
    """A brace that is not closed yet."""

    token: Token
    indent: int


def balance_braces(source: SourceText, tokens: list[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """Inserts and drops braces and brackets until they pair up.

    Args:
        source: where the tokens are from.
        tokens: all tokens of a file.

    Returns:
        The tokens, the same list when there was nothing to do, and what was found.
    """
    if _pair_up(tokens):
        return _limit_nesting(source, tokens)
    by_indent = _Repair(source, trusts_indent=True).run(_lines(source, tokens))
    plain = _Repair(source, trusts_indent=False).run(_lines(source, tokens))
    best = by_indent if by_indent.count <= plain.count else plain
    repaired, nested = _limit_nesting(source, best.tokens)
    return repaired, best.found + nested


def _pair_up(tokens: Sequence[Token]) -> bool:
    depth = 0
    for kind in [token[0] for token in tokens]:
        if kind == "{":
            depth += 1
        elif kind == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


def _lines(source: SourceText, tokens: Sequence[Token]) -> list[_Line]:
    lines: list[_Line] = []
    line: list[Token] = []
    for token in tokens:
        line.append(token)
        if token.kind in (NEWLINE, END):
            lines.append(_Line(line, source.position(line[0].start)[1] - 1))
            line = []
    return lines


def _begins_table(tokens: Sequence[Token]) -> bool:
    """Whether a line ends in `by KEY`, so that rows are to follow."""
    words = [token.text for token in tokens[:-1]]
    by = next((i for i, word in enumerate(words) if word == "by"), len(words))
    begins = (words[:1] in (["give"], ["price"]) and by == 1) or (words[:1] == ["raise"] and by == 3)
    return begins and 2 <= len(words) - by <= 4


class _Repair:
    """One way to make the braces pair up: with or without trusting the indentation."""

    def __init__(self, source: SourceText, *, trusts_indent: bool) -> None:
        self.source = source
        self.trusts_indent = trusts_indent
        self.tokens: list[Token] = []
        self.found: list[Diagnostic] = []
        self.count = 0
        self.told: set[int] = set()
        self.open: list[_Open] = []

    def run(self, lines: Sequence[_Line]) -> "_Repair":
        """Goes through the lines once."""
        for i, line in enumerate(lines):
            first = line.tokens[0]
            if first.kind == NEWLINE:
                self.tokens.append(first)
                continue
            if self.trusts_indent:
                self._close_above(first, line.indent)
            for token in line.tokens[:-1]:
                self._take(token, line.indent, starts_line=token is first)
            if self.trusts_indent and self._lacks_opening(lines, i):
                self._open_after(line)
            if line.tokens[-1].kind == END:
                self._close_all(line.tokens[-1])
            if line.tokens[-1].kind == END or not (self.tokens and self.tokens[-1].kind == NEWLINE):
                self.tokens.append(line.tokens[-1])
        return self

    def _take(self, token: Token, indent: int, *, starts_line: bool) -> None:
        if token.kind == "{":
            self.open.append(_Open(token, indent))
        elif token.kind == "}":
            misplaced = self.trusts_indent and starts_line and self.open and indent > self.open[-1].indent
            if not self.open or misplaced:
                self._report_extra(token)
                return
            self.open.pop()
        self.tokens.append(token)

    def _close_above(self, first: Token, indent: int) -> None:
        """Closes what a line at this indent shows to be closed."""
        while self.open:
            top = self.open[-1]
            closes_top = first.kind == "}" and indent >= top.indent
            if first.kind == END or closes_top or indent > top.indent:
                return
            self._report_open(self.open.pop(), first)
            self._insert("}", first.start)

    def _close_all(self, end: Token) -> None:
        while self.open:
            self._report_open(self.open.pop(), end)
            self._insert("}", end.start)

    def _lacks_opening(self, lines: Sequence[_Line], i: int) -> bool:
        tokens = lines[i].tokens
        opens = tokens[0].text in _BLOCK_WORDS or _begins_table(tokens)
        if not opens or any(token.kind == "{" for token in tokens) or len(tokens) < 2:
            return False
        following = next((line for line in lines[i + 1 :] if line.tokens[0].kind != NEWLINE), None)
        return following is not None and following.indent > lines[i].indent and tokens[-2].kind != ","

    def _open_after(self, line: _Line) -> None:
        end = line.tokens[-2].end
        here = Span(self.source, end, end)
        table = _begins_table(line.tokens)
        self._report(
            here,
            f"the {'table' if table else f'`{line.tokens[0].text}` block'} has no opening `{{`",
            label="expected `{` here",
            help="the rows of a table stand between `{` at the end of its first line and `}`"
            if table
            else "a block's clauses stand between `{` at the end of its first line and `}`",
            edit=Edit(here, " {", safe=True),
        )
        token = Token("{", "{", end, end)
        self.open.append(_Open(token, line.indent))
        self.tokens.append(token)

    def _insert(self, mark: str, offset: int) -> None:
        self.tokens.append(Token(mark, mark, offset, offset))
        self.tokens.append(Token(NEWLINE, "", offset, offset))

    def _report_open(self, opening: _Open, before: Token) -> None:
        place = Span(self.source, before.start, before.end)
        where = "the end of the file" if before.kind == END else "this line"
        self._report(
            Span(self.source, opening.token.start, opening.token.end),
            "this `{` is not closed",
            label="opened here",
            secondary=[(place, f"expected `}}` before {where}")],
            help="close the block with `}` on a line of its own",
        )

    def _report_extra(self, token: Token) -> None:
        span = Span(self.source, token.start, token.end)
        self._report(span, "this `}` closes nothing", label="no block is open here", edit=Edit(span, ""))

    def _report(
        self,
        span: Span,
        message: str,
        *,
        label: str,
        secondary: Iterable[tuple[Span, str]] = (),
        help: str | None = None,
        edit: Edit | None = None,
    ) -> None:
        from loyalty_dsl.language.codes import diagnostic  # only a mistake pays for the import

        self.count += 1
        if span.line in self.told:  # the first of a line is enough to mend it
            return
        self.told.add(span.line)
        if len(self.found) < MAX_MISTAKES:
            self.found.append(
                diagnostic("L102", span, message, label=label, secondary=secondary, help=help, edit=edit)
            )


def _nested_too_deep(tokens: Sequence[Token]) -> bool:
    braces = brackets = 0
    for kind in [token[0] for token in tokens]:
        if kind == NEWLINE:
            brackets = 0
        elif kind == "{":
            braces += 1
            if braces > MAX_NESTING:
                return True
        elif kind == "}":
            braces -= 1
        elif kind == "(":
            brackets += 1
            if brackets > MAX_NESTING:
                return True
        elif kind == ")":
            brackets -= 1
    return False


def _limit_nesting(source: SourceText, tokens: list[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """Drops the brackets and braces that are nested too deep, and reports the first of each clause."""
    if not _nested_too_deep(tokens):
        return tokens, []
    from loyalty_dsl.language.codes import diagnostic

    kept: list[Token] = []
    found: list[Diagnostic] = []
    depth, braces, reported = 0, 0, False
    for token in tokens:
        if token.kind == NEWLINE and not (kept and kept[-1].kind in CONTINUING):
            depth, reported = 0, False
        if token.kind == "(":
            depth += 1
        braces += token.kind == "{"
        too_deep = (depth > MAX_NESTING and token.kind in ("(", ")")) or (
            braces > MAX_NESTING and token.kind in ("{", "}")
        )
        closes = token.kind in (")", "}")  # what was opened is told already
        if too_deep and not reported and not closes and len(found) < MAX_MISTAKES:
            marks = "braces" if token.kind == "{" else "brackets"
            span = Span(source, token.start, token.end)
            found.append(
                diagnostic(
                    "L107",
                    span,
                    f"{marks} are nested more than {MAX_NESTING} deep",
                    label="one too many",
                    help="split the table into several rules"
                    if marks == "braces"
                    else "split the condition: all `when` clauses of a rule must hold",
                )
            )
            reported = True
        depth -= token.kind == ")"
        braces -= token.kind == "}"
        if not too_deep:
            kept.append(token)
    return kept, found
