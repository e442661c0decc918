"""The one registry of diagnostic codes, and the only maker of diagnostics about a file.

Invariant: a diagnostic's code is registered, so it has a page; its severity is the code's.
"""

from collections.abc import Iterable

from loyalty_dsl.diagnostics import Diagnostic, Edit, Label
from loyalty_dsl.language.codes import (
    allows,
    audiences,
    counters,
    gates,
    lints,
    memberships,
    menus,
    names,
    parsing,
    partners,
    populations,
    program_lints,
    rewards,
    scenarios,
    sources,
    studies,
    types,
    versions,
)
from loyalty_dsl.language.codes.code import Code, Example
from loyalty_dsl.source import Span

CODES: dict[str, Code] = {
    code.code: code
    for code in (
        *parsing.CODES,
        *names.CODES,
        *types.CODES,
        *versions.CODES,
        *counters.CODES,
        *rewards.CODES,
        *partners.CODES,
        *memberships.CODES,
        *audiences.CODES,
        *menus.CODES,
        *gates.CODES,
        *populations.CODES,
        *scenarios.CODES,
        *studies.CODES,
        *sources.CODES,
        *lints.CODES,
        *allows.CODES,
        *program_lints.CODES,
    )
}


def diagnostic(
    code: str,
    span: Span,
    message: str,
    *,
    label: str = "",
    secondary: Iterable[tuple[Span, str]] = (),
    help: str | None = None,
    edit: Edit | None = None,
) -> Diagnostic:
    """Makes a diagnostic of a registered code.

    Args:
        code: a key of `CODES`.
        span: where the mistake is.
        message: what is wrong, in one line: lower case, names in backticks.
        label: a few words printed under the caret.
        secondary: the places that explain why, each with a few words.
        help: the fix.
        edit: the fix as a change of the text.

    Raises:
        KeyError: the code is not registered, a mistake of ours.
    """
    return Diagnostic(
        code=code,
        severity=CODES[code].severity,
        message=message,
        primary=Label(span, label),
        secondary=tuple(Label(place, words) for place, words in secondary),
        help=help,
        edit=edit,
    )


__all__ = ["CODES", "Code", "Example", "diagnostic"]
