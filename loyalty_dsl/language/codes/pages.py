"""The registry as a document: `docs/diagnostics.md`."""

from collections.abc import Iterable

from loyalty_dsl.language.codes.code import Code
from loyalty_dsl.language.suggestions import with_article

_AREAS = {
    "1": "Reading",
    "2": "Names and structure",
    "3": "Types, units and dates",
    "4": "Populations",
    "5": "Scenarios, studies and sources",
    "6": "Warnings",
}

_HEAD = """\
# Diagnostics

Generated from the registry of codes (`loyalty_dsl/language/codes/`); do not edit. `loyalty explain L203`
prints one page. Each wrong example raises its code and no other; each right one is free of any.
"""


_ALLOWED = """\
A file with warnings can be used; `loyalty check --strict` fails for them. Where one is meant, say so beside
it, with the reason: `# allow L603: legal wants both limits`; where such a comment stands is in
[Rule files in CI](ci.md#warnings-that-are-meant).
"""


def document(codes: Iterable[Code]) -> str:
    """All pages as one Markdown document, in the order of their codes."""
    lines = [_HEAD]
    area = ""
    for code in sorted(codes, key=lambda code: code.code):
        if code.code[1] != area:
            area = code.code[1]
            lines.append(f"## {_AREAS[area]}\n")
            if area == "6":
                lines.append(_ALLOWED)
        lines.append(_page(code))
    return "\n".join(lines)


def _page(code: Code) -> str:
    parts = [f"### {code.code} {code.title}\n", code.page + "\n"]
    if code.example is not None:
        where = "a file" if code.example.inside == "file" else f"{with_article(code.example.inside)} block"
        parts.append(f"Wrong, in {where}:\n")
        parts.append(_block(code.example.bad))
        parts.append("Right:\n")
        parts.append(_block(code.example.good) if code.example.good else "(nothing)\n")
    return "\n".join(parts)


def _block(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(["```", *(line[margin:] for line in lines), "```", ""])
