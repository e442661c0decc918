"""The one way that this package writes JSON.

Invariant: the same document gives the same bytes: keys in document order, two spaces and a last newline, or
one line; and ASCII alone, so that no encoding of a terminal and no character in a name can matter.
"""

import json
from collections.abc import Mapping


def json_text(document: Mapping[str, object]) -> str:
    """A document of plain dicts, lists and numbers as text; it refuses what is no number."""
    return json.dumps(document, ensure_ascii=True, indent=2, allow_nan=False) + "\n"


def json_line(document: Mapping[str, object]) -> str:
    """The same on one line, without its end."""
    return json.dumps(document, ensure_ascii=True, allow_nan=False)
