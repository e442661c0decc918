"""The parse tables, as they are read: what `grammar` made of `grammar/loyalty.lark`, kept as JSON.

Invariant: nothing here knows Lark; whoever reads a program pays for a JSON file and no more.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

from loyalty_dsl.language.records import record
from loyalty_dsl.resource_files import resource_path

TABLES = "grammar/loyalty.tables.json"

END = "END"
"""The kind of the token after the last one."""

NEWLINE = "NEWLINE"
"""The kind of a token that ends a clause."""


@record
class Production:
    """A rule of the grammar, as the parser needs it when it reduces.

    Attributes:
        symbol: the nonterminal that it makes.
        length: how many symbols it takes off the stack.
        action: the row of `trees.ACTIONS` that makes the node; `""` gathers the children in a list that
            the enclosing rule takes over, `"="` passes the only child on.
        children: one letter for each child: `v` is a value, `*` a list to take over, `.` is dropped, and
            `-` (which takes nothing off the stack) stands for an optional part that is missing.
    """

    symbol: str
    length: int
    action: str
    children: str


@attrs.frozen(eq=False)
class Tables:
    """LALR(1) tables.

    Attributes:
        keywords: every word of the language.
        blocks: those of them that a block or a declaration begins with.
        soft: those of them that are names where only a name fits.
        patterns: the regular expression of each terminal that is not a word or a mark.
        productions: numbered as the actions number them.
        rows: [states] kind of the next token -> action: `n >= 0` shifts to state `n`, and `-1 - p` reduces
            production `p`.
        gotos: [states] nonterminal -> the state after one was made.
        lists: the states in which a clause or block may begin.
        accepting: the state in which the whole file has been read.
    """

    keywords: frozenset[str]
    blocks: frozenset[str]
    soft: frozenset[str]
    patterns: Mapping[str, str]
    productions: tuple[Production, ...]
    rows: tuple[Mapping[str, int], ...]
    gotos: tuple[Mapping[str, int], ...]
    lists: frozenset[int]
    accepting: int


@cache
def load_tables() -> Tables:
    """The committed tables, read once a process."""
    return read_tables(resource_path(TABLES).read_text(encoding="utf-8"))


def read_tables(text: str) -> Tables:
    """Reads tables as `grammar.build_tables` writes them."""
    data: dict[str, Any] = json.loads(text)
    return Tables(
        keywords=frozenset(data["keywords"]),
        blocks=frozenset(data["blocks"]),
        soft=frozenset(data["soft"]),
        patterns=data["patterns"],
        productions=tuple(Production(*row) for row in data["productions"]),
        rows=tuple(data["rows"]),
        gotos=tuple(data["gotos"]),
        lists=frozenset(data["lists"]),
        accepting=data["accepting"],
    )
