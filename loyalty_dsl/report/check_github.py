"""The outcome of a check as workflow commands, which GitHub shows as annotations beside the lines.

Invariant: a finding is one line whatever its text holds, and nothing in a text can begin another command
or another property.
"""

from collections.abc import Iterable
from pathlib import Path

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.report.paths import path_from
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import Span

_LINE_ENDS = "\r\n"


def check_github(diagnostics: Iterable[Diagnostic], root: Path, *, strict: bool = False) -> str:
    """One workflow command a finding, each line with its end.

    Args:
        root: the checkout, from which GitHub counts the paths.
        strict: whether warnings fail the job, and so are errors of it.
    """
    return "".join(_command(found, root, strict) for found in diagnostics)


def _command(found: Diagnostic, root: Path, strict: bool) -> str:
    told = f"{found.message}\nhelp: {found.help}" if found.help else found.message
    title = f"{found.code} {CODES[found.code].title}"
    severity = "error" if strict else found.severity.value
    return annotation(severity, found.span, title, told, root)


def annotation(severity: str, span: Span, title: str, message: str, root: Path) -> str:
    """One workflow command, with its line end.

    Args:
        severity: `error` or `warning`.
        span: where GitHub shows it.
        root: the checkout, from which GitHub counts the paths.
    """
    source = span.source
    path = path_from(root, source.name)
    line, column = source.position(span.start)
    last_line, end = source.position(span.end)
    properties: dict[str, object] = {"file": path, "line": line, "endLine": last_line}
    if line == last_line:  # GitHub takes no columns of a place that spans lines
        properties |= {"col": column, "endColumn": end}
    properties["title"] = title
    # The log of a run shows the message alone, so the place stands in it too.
    told = f"{visible(path)}:{line}:{column}: {message}"
    written = ",".join(f"{key}={_as_property(str(value))}" for key, value in properties.items())
    return f"::{severity} {written}::{_as_data(told)}\n"


def _as_data(text: str) -> str:
    kept = visible(text, keep=_LINE_ENDS)
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _as_property(text: str) -> str:
    return _as_data(text).replace(":", "%3A").replace(",", "%2C")
