"""Comments that allow a warning: `# allow L603: the reason`.

At the end of a line it allows the warnings that point at this line; on a line of its own, those in the clause
or block below; with `in file`, those of the whole file. A warning that is allowed keeps its place among the
findings and bears the reason, so every format can tell of it.

Invariants: an error is never allowed; of two comments that allow one warning the one that covers less does,
and the other counts as unused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from loyalty_dsl.diagnostics import Allowed, Diagnostic, Edit
from loyalty_dsl.language.codes import CODES, diagnostic
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.tables import END, NEWLINE
from loyalty_dsl.language.tokens import Token, tokenize
from loyalty_dsl.source import SourceText, Span

MALFORMED, UNUSED = "L621", "L622"

ABOUT_ALLOWING = frozenset({MALFORMED, UNUSED})
"""The codes of what such a comment does wrong, which no comment allows."""

_CODE = r"[A-Za-z]{1,2}\d{1,5}\b"
_ALLOW = re.compile(
    rf"\#+[ \t]*[Aa]llow:?[ \t]+(?P<codes>{_CODE}(?:[ \t]*,?[ \t]*(?:and[ \t]+)?{_CODE})*)"
    r"(?P<file>[ \t]+in[ \t]+(?:this[ \t]+)?file\b)?[ \t]*(?P<reason>[^\r\n]*)"
)
_DASHES = " -;\u2013\u2014"
_CONTINUES = frozenset({",", "and", "or"})
"""Tokens behind which a clause goes on in the next line."""


@attrs.frozen(eq=False)
class _Allow:
    """A comment that is well formed.

    Attributes:
        comment: from its sign to the end of its line.
        listed: where its codes are written.
        codes: those that can be allowed.
        start: of what it covers; `end` is not part of it.
        below: whether it stands on a line of its own.
    """

    comment: Span
    listed: Span
    codes: tuple[str, ...]
    reason: str
    start: int
    end: int
    whole_file: bool
    below: bool

    def covers(self, found: Diagnostic) -> bool:
        span = found.span
        same = span.source is self.comment.source and found.code in self.codes
        return same and self.start <= span.start < self.end


def allow_warnings(
    sources: Iterable[SourceText], found: Iterable[Diagnostic], *, complete: bool
) -> list[Diagnostic]:
    """Marks what comments allow, and adds what is wrong with the comments themselves.

    Args:
        sources: the texts that may hold such comments.
        found: findings, errors among them.
        complete: whether everything was checked, so that a comment which allows nothing never will.
    """
    told: list[Diagnostic] = []
    allows: list[_Allow] = []
    for source in sources:
        if "llow" in source.text:
            allows += _parse_allows(source, told)
    if not allows:
        return [*found, *told]
    allows.sort(key=lambda each: (each.whole_file, each.end - each.start))
    used: set[tuple[int, str]] = set()
    marked = []
    for each in found:
        by = None if each.is_error else next((allow for allow in allows if allow.covers(each)), None)
        if by is not None:
            used.add((id(by), each.code))
        marked.append(each if by is None else attrs.evolve(each, allowed=Allowed(by.comment, by.reason)))
    if complete:
        for allow in allows:
            idle = [code for code in allow.codes if (id(allow), code) not in used]
            if idle:
                elsewhere = (each for each in marked if each.code in idle and each.allowed is None)
                told.append(_unused(allow, idle, [each.span for each in elsewhere if not each.is_error]))
    return marked + told


def _parse_allows(source: SourceText, told: list[Diagnostic]) -> Iterator[_Allow]:
    for match in _ALLOW.finditer(source.text):
        line_start = source.text.rfind("\n", 0, match.start()) + 1
        if _in_text(source.text[line_start : match.start()]):
            continue
        allow = _parse_allow(source, match, line_start, told)
        if allow is not None:
            yield allow


def _in_text(before: str) -> bool:
    """Whether what stands before a sign on its line makes it a part of a text, or of another comment."""
    return '"' in re.sub(r'"[^"]*"', "", before) or "#" in re.sub(r'"[^"]*"', "", before)


def _parse_allow(
    source: SourceText, match: re.Match[str], line_start: int, told: list[Diagnostic]
) -> _Allow | None:
    comment = Span(source, match.start(), match.start() + len(match.group().rstrip()))
    where = Span(source, *match.span("codes"))
    codes = []
    for one in re.finditer(_CODE, where.text):
        code, span = one.group().upper(), Span(source, where.start + one.start(), where.start + one.end())
        problem = _refused_code(code, span)
        if problem is None:
            codes.append(code)
        else:
            told.append(problem)
    reason = match.group("reason").strip()
    if not reason.startswith(":"):
        told.append(_without_colon(comment, match, reason))
        return None
    if not reason.lstrip(": "):
        told.append(_without_reason(comment, match))
        return None
    below = not source.text[line_start : match.start()].strip("\ufeff \t")
    whole = match.group("file") is not None
    if whole:
        start, end = 0, len(source.text) + 1
    elif below:
        start, end = _below(source.text, comment.end)
    else:
        above = source.text[:line_start].rstrip()
        opens = above.endswith("{")  # the header and its first clause may be laid out on one line or on two
        start, end = above.rfind("\n") + 1 if opens else line_start, comment.end
    return _Allow(comment, where, tuple(dict.fromkeys(codes)), reason.lstrip(": "), start, end, whole, below)


def _written(codes: Sequence[str]) -> str:
    return ", ".join(codes) or "L603"


def _without_reason(comment: Span, match: re.Match[str]) -> Diagnostic:
    head = comment.source.text[comment.start : max(match.end("file"), match.end("codes"))]
    return diagnostic(
        MALFORMED, comment, "this `allow` gives no reason, so it allows nothing",
        help=f"say why behind a colon: `{head}: agreed with finance until June`",
    )  # fmt: skip


def _without_colon(comment: Span, match: re.Match[str], reason: str) -> Diagnostic:
    """The reason is missing, or the colon before it."""
    text, source = comment.source.text, comment.source
    behind = max(match.end("file"), match.end("codes"))
    if not reason:
        return _without_reason(comment, match)
    instead = f": {reason.lstrip(_DASHES)}"
    return diagnostic(
        MALFORMED, comment, "this `allow` has no colon before its reason, so it allows nothing",
        help=f"write `{text[comment.start : behind]}{instead}`",
        edit=Edit(Span(source, behind, comment.end), instead, safe=True),
    )  # fmt: skip


def _refused_code(code: str, span: Span) -> Diagnostic | None:
    """Why a code cannot be allowed, if it cannot."""
    known = CODES.get(code)
    if known is None:
        near = nearest(code, (each for each, page in CODES.items() if not page.is_error))
        return diagnostic(
            MALFORMED, span, f"there is no code `{code}` to allow",
            help=f"did you mean `{near}` ({CODES[near].title})?" if near
            else "`loyalty explain` lists the codes",
            edit=Edit(span, near) if near else None,
        )  # fmt: skip
    if known.is_error:
        return diagnostic(
            MALFORMED, span, f"`{code}` ({known.title}) is an error, and errors cannot be allowed",
            help="mend what it points at; only warnings, from L601 on, can be allowed",
        )  # fmt: skip
    if code in (MALFORMED, UNUSED):
        return diagnostic(
            MALFORMED, span, "what is wrong with an `allow` cannot be allowed", help="mend the comment"
        )  # fmt: skip
    return None


def _below(text: str, start: int) -> tuple[int, int]:
    """The clause or block that begins below a comment; nothing where its block ends before."""
    tokens = (
        Token(each.kind, each.text, each.start + start, each.end + start) for each in tokenize(text[start:])
    )
    first = next(each for each in tokens if each.kind != NEWLINE)
    if first.kind in ("}", END):
        return first.start, first.start
    depth, last = int(first.kind == "{"), first
    for token in tokens:
        if token.kind == END or (token.kind == "}" and depth == 0):
            break
        if token.kind == NEWLINE and depth == 0 and last.text not in _CONTINUES:
            break
        depth += (token.kind == "{") - (token.kind == "}")
        last = token if token.kind != NEWLINE else last
    return first.start, last.end


def _unused(allow: _Allow, idle: Sequence[str], elsewhere: Sequence[Span]) -> Diagnostic:
    kept = [code for code in allow.codes if code not in idle]
    if allow.whole_file:
        place = "in this file"
    elif not allow.below:
        place = "at this line"
    else:
        place = "below" if allow.start < allow.end else "below, where its block ends"
    here = [span for span in elsewhere if span.source is allow.comment.source]
    if here:
        what = "write it at the end of that line"
    else:
        what = f"keep `{_written(kept)}` alone" if kept else "delete the comment"
    return diagnostic(
        UNUSED, allow.comment, f"there is no {listed(idle, 'or')} {place} to allow",
        secondary=[(span, "it stands here") for span in here][:3],
        help=what,
        # Where there is such a warning elsewhere, the comment may be meant for that one.
        edit=Edit(allow.listed, _written(kept), safe=not here) if kept
        else Edit(_with_its_line(allow), "", safe=not here),
    )  # fmt: skip


def _with_its_line(allow: _Allow) -> Span:
    """A comment, and what its absence would leave: an empty line, or blanks at the end of one."""
    comment = allow.comment
    text, start, end = comment.source.text, comment.start, comment.end
    while start and text[start - 1] in " \t":
        start -= 1
    end += len(text[end:].split("\n", 1)[0].rstrip("\r"))
    if allow.below:
        end += len(text[end:]) - len(text[end:].removeprefix("\r").removeprefix("\n"))
    return Span(comment.source, start, end)
