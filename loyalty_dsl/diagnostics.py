"""What we tell a user about a file: values, made from one registry of codes.

Invariant: every diagnostic has a code of `loyalty_dsl.language.codes`, a primary span, a message in the
user's words (lower case, names in backticks, no Python names) and, where there is one, the fix.
Nothing here prints; rendering is the report's.
"""

from enum import Enum

import attrs

from loyalty_dsl.source import Span


class Severity(Enum):
    """An error stops a file from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen
class Label:
    """A span with a few words: why this place matters."""

    span: Span
    message: str = ""


@attrs.frozen
class Edit:
    """A replacement of the text of `span`. `safe` when it cannot change what the author meant."""

    span: Span
    replacement: str
    safe: bool = False


def deletion(span: Span, *, safe: bool = False) -> Edit | None:
    """The edit that deletes the lines of a span; `None` where something else stands on them."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    if text[start : span.start].strip() or text[span.end : end].strip():
        return None
    return Edit(Span(span.source, start, end), "", safe)


@attrs.frozen
class Allowed:
    """The comment of a file that allows a warning, and the reason that it gives."""

    comment: Span
    reason: str


@attrs.frozen
class Diagnostic:
    """One finding.

    Attributes:
        code: the stable id, `L203`; its page is in the registry.
        message: what is wrong, in one line.
        primary: where, with a label that is printed under the caret.
        secondary: the places that explain why.
        help: what to do about it.
        edit: the same as a change of the text, where one can be made.
        allowed: of a warning, by what; it is then told only to those who ask for all.
    """

    code: str
    severity: Severity
    message: str
    primary: Label
    secondary: tuple[Label, ...] = ()
    help: str | None = None
    edit: Edit | None = None
    allowed: Allowed | None = None

    @property
    def span(self) -> Span:
        return self.primary.span

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR
