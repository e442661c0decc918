"""How each clause is written, as a document: `docs/clauses.md`.

Invariant: the page is made of `spelling.CLAUSES` alone, so it lists what the grammar has and shows it as a
message about a mistaken clause would.
"""

from collections.abc import Mapping

from loyalty_dsl.language.spelling import CLAUSES

_HEAD = """\
# Clauses on one page

Generated from how each clause is spelled; do not edit. One line for each, as a mistake in it would be
answered, block by block; what is in capitals is yours to name, and `... }` stands for the lines of a block.
[The language](language.md) says what they mean and what else may stand in them.
"""

_FIRST = ("", "program", "member", "item", "event", "currency", "earn", "tiers", "reward", "benefit")
"""What most programs have; the rest follows as it is registered."""


def document() -> str:
    """The page: for each block that a file may have, the lines that may stand in it."""
    blocks = dict.fromkeys((*_FIRST, *CLAUSES))
    return "\n".join([_HEAD, *(_section(block, CLAUSES[block]) for block in blocks if CLAUSES[block])])


def _section(block: str, lines: Mapping[str, str]) -> str:
    shown = (f"{line} ... }}" if line.endswith("{") else line for line in lines.values())
    return "\n".join([f"## {_title(block)}\n", "```text", *shown, "```", ""])


def _title(block: str) -> str:
    match block.split():
        case []:
            return "A file"
        case [word]:
            return f"`{word}`"
        case [outer, word]:
            return f"`{word}` in `{outer}`"
        case _:
            raise AssertionError(f"a block in blocks: {block}")
