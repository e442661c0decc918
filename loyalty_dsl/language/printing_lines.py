"""Clauses -> lines.

A clause that is too wide goes on below (`printing_breaks`); what was broken elsewhere is joined. Rows are
read down their columns: they stay on the lines that they are written on. A comment stays behind the token
that it was behind, or above the one that it was above; a line with a comment behind it is not broken.
"""

from collections.abc import Iterator, Sequence

import attrs

from loyalty_dsl.language.printing_breaks import WIDTH, broken, joined
from loyalty_dsl.language.printing_clauses import CHOICES, FILE, Between, Body, Clause, Gap
from loyalty_dsl.language.printing_columns import (
    Blanks,
    columns_of,
    is_padded,
    is_row,
    key_length,
    width_of,
)
from loyalty_dsl.language.printing_outline import Outline
from loyalty_dsl.language.tokens import Token

STEP = 4
_NO_GAP = Gap((), blank=False)


@attrs.define
class Line:
    """A line: its code, or a comment that has the line to itself, or "" where it is blank."""

    indent: int
    code: str
    comment: str | None = None


@attrs.frozen(eq=False)
class Printer:
    """Lays out the clauses of one file."""

    outline: Outline
    between: Between

    def body_lines(self, body: Body, indent: int) -> Iterator[Line]:
        """The lines between two braces, or of a file."""
        blanks = columns_of(body, self.outline, self.between)
        begun = False
        for clause in body.clauses:
            gap = self._gap(clause.first)
            apart = begun and body.kind == FILE
            yield from _comments(gap, indent, begun=begun, apart=apart)
            if (gap.blank and (begun or gap.above)) or (apart and not gap.above):
                yield Line(0, "")
            begun = True
            yield from self._clause_lines(clause, body.kind, indent, blanks)
        yield from _comments(self._gap(body.closing), indent, begun=begun, apart=begun and body.kind == FILE)

    def _gap(self, token: Token) -> Gap:
        return self.between.gaps.get(token.start, _NO_GAP)

    def _clause_lines(self, clause: Clause, kind: str, indent: int, blanks: Blanks) -> Iterator[Line]:
        if clause.has_body and self._stays_on_a_line(clause):
            tokens = clause.tokens
            yield Line(indent, joined(tokens, blanks), self.between.behind[tokens[-1].start])
            return
        hang = indent + _hang(clause, kind, blanks)
        keeps = kind == CHOICES or is_row(kind, clause)
        wraps = not is_row(kind, clause)
        tokens = []
        for part in clause.parts:
            if not isinstance(part, Body):
                tokens.append(part)
                continue
            inline = self._inline(part)
            if inline is not None and (
                part.kind != CHOICES or indent + len(joined([*tokens, *inline], blanks)) <= WIDTH
            ):
                tokens += inline
                continue
            tokens.append(part.opening)
            yield from self._token_lines(tokens, indent, hang, blanks, keeps=keeps, wraps=wraps)
            yield from self.body_lines(part, indent + STEP)
            tokens = [part.closing]
        yield from self._token_lines(tokens, indent, hang, blanks, keeps=keeps, wraps=wraps)

    def _stays_on_a_line(self, clause: Clause) -> bool:
        """Whether a block is on one line that has a comment behind it."""
        return clause.last.start in self.between.behind and not self.between.is_broken(clause.tokens)

    def _inline(self, body: Body) -> list[Token] | None:
        """The tokens of a body that may stand on the line of its brace: it is empty, or choices are on one
        line already."""
        tokens = body.tokens
        if body.clauses:
            is_one = body.kind == CHOICES and not self.between.is_broken(tokens)
        else:
            is_one = body.opening.start not in self.between.behind and not self._gap(body.closing).above
        return tokens if is_one else None

    def _token_lines(
        self,
        tokens: Sequence[Token],
        indent: int,
        hang: int,
        blanks: Blanks,
        *,
        keeps: bool,
        wraps: bool,
    ) -> Iterator[Line]:
        """Tokens on as many lines as they need.

        Args:
            tokens: with no body between them.
            indent: of the first line.
            hang: of the others.
            keeps: whether they stay on the lines that they are written on.
            wraps: whether a line may be broken that is too wide.
        """
        behind, breaks = self.between.behind, self.outline.breaks
        column = indent
        for written in self._written(tokens, keeps=keeps):
            if written[0] is not tokens[0]:
                yield from _comments(self._gap(written[0]), hang, begun=False, apart=False)
            comment = behind.get(written[-1].start)
            # What is beside a comment stays beside it.
            lines = broken(written, breaks, blanks, column, hang) if wraps and comment is None else [written]
            for line in lines:
                yield Line(column, joined(line, blanks), behind.get(line[-1].start))
                column = hang

    def _written(self, tokens: Sequence[Token], *, keeps: bool) -> Iterator[Sequence[Token]]:
        """The tokens, parted where a line has to end: at comments, and with `keeps` wherever one does."""
        behind, gaps, breaks = self.between.behind, self.between.gaps, self.outline.breaks
        first = 0
        for at in range(1, len(tokens)):
            before = tokens[at - 1].start
            gap = gaps.get(tokens[at].start)
            if before in breaks and gap and (keeps or gap.above or before in behind):
                yield tokens[first:at]
                first = at
        yield tokens[first:]


def _comments(gap: Gap, indent: int, *, begun: bool, apart: bool) -> Iterator[Line]:
    """The comments above a token; `begun` says that there is something above them, `apart` that a blank
    line is to part them from it."""
    for i, comment in enumerate(gap.above):
        if (comment.blank and (begun or i)) or (apart and i == 0):
            yield Line(0, "")
        yield Line(indent, comment.text)


def _hang(clause: Clause, kind: str, blanks: Blanks) -> int:
    """How far the lines are indented in which a clause goes on."""
    head = clause.head
    if is_padded(kind, clause):
        at = key_length(kind, head)
        return width_of(head[:at]) + blanks[head[at].start] if len(head) > at else 0
    if kind == CHOICES:
        return 0
    return STEP if is_row(kind, clause) else 2 * STEP
