"""Answers for an editor as JSON: `loyalty.editor/1`; the schema ships beside.

Invariant: fields never change meaning within a version. Lines and columns count from 0, columns in UTF-16
code units, as language servers have them.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.editor import Document, Finding, Hover, Item, Place, Symbol
from loyalty_dsl.report.json_text import json_text

FORMAT = "loyalty.editor/1"

Answer = Sequence[Finding] | Sequence[Item] | Sequence[Symbol] | Hover | Place | None
"""What `check_document`, `complete`, `symbols`, `hover` and `definition` give."""


def editor_json(document: Document, answer: Answer) -> str:
    """An answer about a document as JSON text.

    Args:
        answer: as one of the functions of `loyalty_dsl.editor` gave it for this document.
    """
    told: object
    if isinstance(answer, Sequence):
        told = [attrs.asdict(each) for each in answer]
    else:
        told = None if answer is None else attrs.asdict(answer)
    return json_text({"format": FORMAT, "version": __version__, "path": document.path, "answer": told})
