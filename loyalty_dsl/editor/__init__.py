"""What an editor asks of rule files while somebody types: findings, hover, completion, definitions, symbols.

    from loyalty_dsl import editor

    document = editor.open_document({"shop.loyalty": text})
    editor.check_document(document)
    editor.complete(document, offset)

Invariants: none of these functions raises on any text; what they say of a text is what `loyalty check` would
say of a file that holds it; importing this imports none of numpy, numba, polars and rich.
"""

from loyalty_dsl.editor.completion import Item, complete
from loyalty_dsl.editor.definitions import Place, Symbol, definition, symbols
from loyalty_dsl.editor.documents import Document, open_document
from loyalty_dsl.editor.findings import Finding, Related, TextEdit, check_document, check_text
from loyalty_dsl.editor.hovering import Hover, hover
from loyalty_dsl.editor.positions import Position, Range, offset_at, position_at

__all__ = [
    "Document",
    "Finding",
    "Hover",
    "Item",
    "Place",
    "Position",
    "Range",
    "Related",
    "Symbol",
    "TextEdit",
    "check_document",
    "check_text",
    "complete",
    "definition",
    "hover",
    "offset_at",
    "open_document",
    "position_at",
    "symbols",
]
