"""Text from a user on one line of a machine's log, with nothing hidden in it and nothing lost.

Invariant: a control, bidirectional or undecodable character becomes its escape (`\\n`, `\\u202e`), so
that one finding is one line, two names never look alike, and every character can be written in UTF-8.
"""

from loyalty_dsl.report.style import is_hidden

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, *, keep: str = "") -> str:
    """The text with every hidden character escaped, except those of `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(c) if is_hidden(c) and c not in keep else c for c in text)


def _escaped(character: str) -> str:
    return _SHORT.get(character) or f"\\u{ord(character):04x}"
