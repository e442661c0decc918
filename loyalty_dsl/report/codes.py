"""The page of a diagnostic code, for a terminal.

Invariant: a page shows the very example that the tests run.
"""

from collections.abc import Iterable
from textwrap import dedent, indent, wrap

from loyalty_dsl.language.allowing import MALFORMED, UNUSED
from loyalty_dsl.language.codes import Code, Example
from loyalty_dsl.report.style import Style

_WIDTH = 80


def render_code(code: Code, style: Style) -> str:
    """A code's page: what is wrong, why, and the mistake beside its mending."""
    role = code.severity.value
    parts = [f"{style.paint(f'{role}[{code.code}]', role)}: {style.paint(code.title, 'bold')}"]
    parts += ["\n".join(wrap(paragraph, _WIDTH)) for paragraph in code.page.strip().split("\n\n")]
    if code.example is not None:
        parts += [_shown("wrong", "error", code.example, code.example.bad, style)]
        parts += [_shown("right", "good", code.example, code.example.good, style)]
    if not code.is_error and code.code not in (MALFORMED, UNUSED):
        parts.append(f"Where it is meant, say so beside it: `# allow {code.code}: the reason`")
    return "\n\n".join(parts)


def _shown(word: str, role: str, example: Example, text: str, style: Style) -> str:
    place = "" if example.inside == "file" else f", inside `{example.inside} {{ ... }}`"
    return f"{style.paint(word, role)}{place}:\n\n{indent(dedent(text).rstrip(), '    ')}"


def render_codes(codes: Iterable[Code], style: Style) -> str:
    """Every code with its title, one a line."""
    return "\n".join(
        f"{style.paint(code.code, code.severity.value)}  {code.title}"
        for code in sorted(codes, key=lambda code: code.code)
    )
