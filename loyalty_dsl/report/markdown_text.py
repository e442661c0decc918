"""Words of a user inside Markdown that we write: they stay words, and never become marks, links or HTML.

Invariant: a Markdown reader shows `escaped(text)` as `visible(text)`, wherever on one line it stands.
"""

import re

from loyalty_dsl.report.visible import visible

_MARKS = re.compile(r"[\\`*<\[\]|]|~~|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
_FIRST = tuple("#>+=~-")
"""What opens a heading, a quote, a list, a rule or a fence where it stands first on a line."""
_NUMBER = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")


def escaped(text: str) -> str:
    """One line of text as Markdown."""
    marked = _MARKS.sub(lambda found: "".join(f"\\{mark}" for mark in found[0]), visible(text))
    if marked.startswith(_FIRST):
        return f"\\{marked}"
    number = _NUMBER.match(marked)
    return marked if number is None else f"{number[0]}\\{marked[number.end() :]}"
