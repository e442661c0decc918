"""What checking has found so far.

Invariant: a finding is reported where it is found and never raised; a check that fails returns `None`,
and whoever gets `None` stays silent about what follows from it, so that one mistake is one message.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.source import Span


@attrs.define
class Findings:
    """The diagnostics of one book, in the order in which they were found.

    Attributes:
        errors: how many of them are errors; a check that leaves it as it was has succeeded.
        places: where each was found, and what was said there: nothing is said twice.
    """

    diagnostics: list[Diagnostic] = attrs.field(factory=list)
    errors: int = 0
    places: set[tuple[str, str, int, int, str]] = attrs.field(factory=set)

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        secondary: Iterable[tuple[Span | None, str]] = (),
        help: str | None = None,
        edit: Edit | None = None,
    ) -> None:
        """Adds a finding; the arguments are those of `codes.diagnostic`. A secondary place that has no
        span, because the language itself declares it, is left out."""
        places = [(place, words) for place, words in secondary if place is not None]
        finding = diagnostic(
            code,
            span,
            _on_one_line(message),
            label=label,
            secondary=places,
            help=None if help is None else _on_one_line(help),
            edit=edit,
        )
        place = code, span.source.name, span.start, span.end, finding.message
        if place not in self.places:  # the same line may be checked for several rows of examples
            self.places.add(place)
            self.diagnostics.append(finding)
        self.errors += finding.is_error


def _on_one_line(words: str) -> str:
    """Words that quote the author's text, whose columns may be aligned and whose lines may be broken."""
    return " ".join(words.split())
