"""Errors of rule files as a comment for a pull request, where nothing could be run.

Invariant: no text of a file ends the block that holds it; there is always a comment, so that an older one
under the pull request is written over.
"""

from collections.abc import Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.report.check_plain import plain_line
from loyalty_dsl.report.style import counted

MOST = 10
"""Errors that are shown; a comment is read, not searched."""


def check_markdown(diagnostics: Sequence[Diagnostic]) -> str:
    """The errors among the findings, a line each.

    Args:
        diagnostics: in the order in which they are shown.
    """
    errors = [found for found in diagnostics if found.is_error]
    shown = [plain_line(found).replace("```", "'''") for found in errors[:MOST]]
    if len(errors) > MOST:
        shown.append(f"and {len(errors) - MOST:,} more")
    return "\n".join(
        [f"**{counted(len(errors), 'error')}; nothing was run**\n", "```text", *shown, "```", ""]
    )
