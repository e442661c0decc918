"""The outcome of a check with one line a finding, for `grep`, editors and scripts.

Invariant: a line is `file:line:column: CODE message`; nothing else is printed, and nothing at all where
there is nothing to say.
"""

from collections.abc import Iterable

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.report.visible import visible


def check_plain(diagnostics: Iterable[Diagnostic]) -> str:
    """All findings in their order, each line with its end."""
    return "".join(f"{plain_line(found)}\n" for found in diagnostics)


def plain_line(found: Diagnostic) -> str:
    """One finding: `rules/a.loyalty:14:16: L201 ...`; the column counts characters from 1."""
    return visible(f"{found.span}: {found.code} {found.message}")
