"""The outcome of a check as SARIF 2.1.0, which code scanning and editors read.

Invariant: the log is valid by the schema of the standard; a column counts UTF-16 code units from 1, as
`columnKind` says, and an end is the first position that is not part of the region; every file below the
root is named relative to it.
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

from loyalty_dsl import __version__
from loyalty_dsl.diagnostics import Allowed, Diagnostic, Edit, Label, Severity
from loyalty_dsl.language.codes import CODES, Code
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.paths import path_from
from loyalty_dsl.source import SourceText, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "SRCROOT"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}

Data = dict[str, object]


def check_sarif(
    sources: Sequence[SourceText],
    diagnostics: Sequence[Diagnostic],
    root: Path,
    allowed: Sequence[Diagnostic] = (),
) -> str:
    """The outcome of a check as the text of a SARIF log.

    Args:
        sources: all files that were checked; they are the log's artifacts.
        diagnostics: in the order in which they are listed.
        root: an absolute folder, the base of the relative URIs.
        allowed: warnings that comments allow; they are results with a suppression.
    """
    diagnostics = (*diagnostics, *allowed)
    codes = sorted({found.code for found in diagnostics})
    run: Data = {
        "tool": {
            "driver": {
                "name": "loyalty",
                "fullName": f"loyalty check {__version__}",
                "semanticVersion": __version__,
                "rules": [_rule(CODES[code]) for code in codes],
            }
        },
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_BASE: {"uri": f"{_absolute_uri(root.as_posix()).rstrip('/')}/"}},
        "artifacts": [{"location": _file(source, root)} for source in sources],
        "results": [_result(found, codes.index(found.code), root) for found in diagnostics],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: Code) -> Data:
    return {
        "id": code.code,
        "shortDescription": {"text": f"{code.title[:1].upper()}{code.title[1:]}."},
        "fullDescription": {"text": _unwrapped(code.page)},
        "help": {"text": _help(code, fenced=False), "markdown": _help(code, fenced=True)},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _unwrapped(page: str) -> str:
    """A page whose paragraphs are one line each, so that a viewer can wrap them."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in page.strip().split("\n\n"))


def _help(code: Code, *, fenced: bool) -> str:
    parts = [_unwrapped(code.page)]
    if code.example is not None:
        inside = code.example.inside
        place = "" if inside == "file" else f", inside `{inside} {{ ... }}`"
        for word, text in (("Wrong", code.example.bad), ("Right", code.example.good)):
            shown = dedent(text).rstrip() or "(nothing)"
            parts += [f"{word}{place}:", f"```\n{shown}\n```" if fenced else shown]
    return "\n\n".join(parts)


def _result(found: Diagnostic, index: int, root: Path) -> Data:
    result: Data = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": _message(found)},
        "locations": [_location(found.primary, root)],
    }
    if found.secondary:
        result["relatedLocations"] = [
            {"id": number, **_location(label, root)} for number, label in enumerate(found.secondary, 1)
        ]
    # The standard wants suppressions of all results of a run or of none.
    result["suppressions"] = [] if found.allowed is None else [_suppression(found.allowed, root)]
    if found.edit is not None:
        result["fixes"] = [_fix(found.edit, found.help, root)]
    return result


def _suppression(allowed: Allowed, root: Path) -> Data:
    return {
        "kind": "inSource",
        "justification": allowed.reason,
        "location": _location(Label(allowed.comment), root),
    }


def _message(found: Diagnostic) -> str:
    return _literal(found.message if not found.help else f"{found.message}\nhelp: {found.help}")


def _literal(text: str) -> str:
    """A message whose brackets cannot be taken for a link of SARIF's."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _location(label: Label, root: Path) -> Data:
    location: Data = {
        "physicalLocation": {
            "artifactLocation": _file(label.span.source, root),
            "region": _region(label.span),
        }
    }
    if label.message:
        location["message"] = {"text": _literal(label.message)}
    return location


def _region(span: Span) -> Data:
    start_line, start_column = _position(span.source, span.start)
    end_line, end_column = _position(span.source, span.end)
    return {
        "startLine": start_line,
        "startColumn": start_column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _position(source: SourceText, offset: int) -> tuple[int, int]:
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    return line, 1 + len(before.encode("utf-16-le", "surrogatepass")) // 2


def _file(source: SourceText, root: Path) -> Data:
    path = path_from(root, source.name)
    if Path(path).is_absolute():
        return {"uri": _absolute_uri(path)}
    return {"uri": _quoted(path, "/"), "uriBaseId": _BASE}  # a colon could be read as the end of a scheme


def _absolute_uri(path: str) -> str:
    return f"file://{'' if path.startswith('/') else '/'}{_quoted(path, '/:')}"


def _quoted(path: str, safe: str) -> str:
    return quote(path, safe=safe, errors="surrogateescape")


def _fix(edit: Edit, help: str | None, root: Path) -> Data:
    replacement: Data = {
        "deletedRegion": _region(edit.span),
        "insertedContent": {"text": edit.replacement},
    }
    return {
        "description": {"text": _literal(help or f"write `{edit.replacement}`")},
        "artifactChanges": [
            {"artifactLocation": _file(edit.span.source, root), "replacements": [replacement]}
        ],
        "properties": {"applicability": "safe" if edit.safe else "unsafe"},
    }
