"""Where in a program an offset is: the blocks around it, the line that it is in, and what may stand there.

A line is read by itself, behind the headers of its blocks, so that a mistake elsewhere does not matter, and
what is still missing of it is made up: the shortest words with which the grammar would take it.

Invariant: what is made up stands behind what is written and is never told to anybody.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import attrs

from loyalty_dsl.editor.documents import Document
from loyalty_dsl.language import spelling
from loyalty_dsl.language.automaton import accepted, after, shift
from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.parsing import read_tokens
from loyalty_dsl.language.tables import END, NEWLINE, Tables, load_tables
from loyalty_dsl.language.tokens import Token, tokenize
from loyalty_dsl.source import SourceText

Step = tuple[Any, str]
"""A node of the syntax tree, and the field of it that the next step is in."""

_MADE_UP = {
    **spelling.STAND_INS,
    "COMPARE": ">=",
    "TIME": "12:00",
    "NEGATIVE": "-1",
    "NEGATIVE_MONEY": "-$1",
    "NEGATIVE_PERCENT": "-1%",
    "PATH": "a.b",
    "YES_NO": "yes/no",
    NEWLINE: "\n",
}
_MARKS = frozenset("{}(),=")
_MOST_STACKS = 60
"""So many ways to go on are tried to bring a line to its end."""
_MOST_MADE_UP = 300
"""Tokens: as many blocks may be open, two for each."""
_EASY = ("NAME", "NUMBER", "MONEY", "PERCENT", "DATE", "STRING")
_LONGEST_LINE = 400
"""Tokens: of a longer one nothing is told."""


@attrs.frozen(slots=False, eq=False)
class Place:
    """Where an offset is.

    Attributes:
        headers: those of the blocks around it, the outermost first, each with its opening brace.
        before: of its own line, what is before the token at the offset.
        token: the one at the offset, or that ends there; `None` between tokens.
        behind: the rest of the line; of a header through its opening brace.
        source: the text.
        offset: in characters.
    """

    headers: tuple[tuple[Token, ...], ...]
    before: tuple[Token, ...]
    token: Token | None
    behind: tuple[Token, ...]
    source: SourceText
    offset: int

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """What each block around it is, as `spelling.CLAUSES` calls it."""
        found: list[str] = []
        for header in self.headers:
            found.append(_block_of(header, found[-1] if found else ""))
        return tuple(found)

    @property
    def block(self) -> str:
        """The block that its line is in; empty at the top of a file."""
        return self.blocks[-1] if self.blocks else ""

    @cached_property
    def around(self) -> tuple[Token, ...]:
        """The headers as they can be read, with an example in the place of one that cannot."""
        tables = load_tables()
        states = [0]
        used: list[Token] = []
        for number, header in enumerate(self.headers):
            read = after(tables, states, header)
            if read is None:
                outer = self.blocks[number - 1] if number else ""
                shown = spelling.CLAUSES.get(outer, {}).get(header[0].text, "")
                example = [
                    each._replace(start=self.offset, end=self.offset) for each in list(tokenize(shown))[:-1]
                ]
                read = after(tables, states, example) if shown.endswith("{") else None
                used += example
            else:
                used += header
            if read is None:
                return ()
            states = read
        return tuple(used)

    @cached_property
    def states(self) -> list[int] | None:
        """The parser's states before the token; `None` where what is before it cannot be read."""
        if len(self.before) > _LONGEST_LINE or bool(self.headers) != bool(self.around):
            return None
        return _read_on(load_tables(), [0], (*self.around, *self.before))

    def path_of(self, token: Token) -> list[Step]:
        """The nodes around a token in place of the one at the offset, the outermost first; empty where the
        line cannot be read with it."""
        tables = load_tables()
        if self.states is None:
            return []
        for behind in dict.fromkeys((self.behind, ())):
            line = (*self.around, *self.before, token, *behind)
            states = _read_on(tables, self.states, (token, *behind))
            depth = sum((each.kind == "{") - (each.kind == "}") for each in line)
            ending = None if states is None else _ending(tuple(states), depth)
            if ending is None:
                continue
            at = token.end
            made_up = [Token(kind, _MADE_UP.get(kind, kind), at, at) for kind in (*ending, END)]
            file = read_tokens(self.source, [*line, *made_up])
            found = _steps_to(file.blocks, token)
            if found:
                return found
        return []

    def is_name(self, token: Token) -> bool:
        """Whether a word here is a name, not a word of the language."""
        if self.states is None:
            return False
        tables = load_tables()
        if token.kind != "NAME" and token.kind not in tables.soft:
            return False
        as_word = list(self.states)
        return token.kind == "NAME" or not _shift_word(tables, as_word, token.kind)


def place_at(document: Document, offset: int, *, typing: bool = False) -> Place | None:
    """The place of an offset; `None` in a comment, in a text too long, and in an `each` table.

    Args:
        typing: whether the token that ends at the offset is meant rather than the one that begins there.
    """
    tokens = document.tokens
    offset = min(max(offset, 0), len(document.text))
    search = bisect_left if typing else bisect_right
    at = search(tokens, offset, key=lambda token: token.start) - 1
    while at >= 0 and tokens[at].start == tokens[at].end == offset:
        at -= 1  # put in by the repair of braces, or the end of the file
    if at >= 0 and not _is_word(tokens[at]) and at and tokens[at - 1].end == offset:
        at -= 1  # behind a word, where the line goes on without a blank
    if at >= 0 and _in_comment(document.text, tokens[at], offset):
        return None
    token = tokens[at] if at >= 0 and _is_word(tokens[at]) and offset <= tokens[at].end else None
    if token is None:
        at += 1
    starts = _line_starts(tokens, at)
    headers = tuple(tuple(tokens[start : brace + 1]) for start, brace in starts[:-1])
    behind = _behind(tokens, at + (token is not None))
    return Place(headers, tuple(tokens[starts[-1][0] : at]), token, behind, document.source, offset)


def _is_word(token: Token) -> bool:
    """Whether it is a word, a number or a text: what a person types through."""
    return token.kind not in (NEWLINE, END, "COMPARE") and token.text not in _MARKS


def _line_starts(tokens: Sequence[Token], at: int) -> list[tuple[int, int]]:
    """Of each block around a token where its header begins and its brace, and last where its line begins."""
    opened: list[tuple[int, int]] = []
    start = 0
    for number in range(at):
        kind = tokens[number].kind
        if kind == "{":
            opened.append((start, number))
            start = number + 1
        elif kind == "}":
            if opened:
                start = opened.pop()[0]
        elif kind == NEWLINE and not (number > start and tokens[number - 1].kind in CONTINUING):
            start = number + 1
    return [*opened, (start, at)]


def _behind(tokens: Sequence[Token], at: int) -> tuple[Token, ...]:
    """The rest of a line, through its opening brace if it has one."""
    for number in range(at, min(len(tokens), at + _LONGEST_LINE)):
        kind = tokens[number].kind
        if kind == "{":
            return tuple(tokens[at : number + 1])
        if kind in ("}", END) or (kind == NEWLINE and tokens[number - 1].kind not in CONTINUING):
            return tuple(tokens[at:number])
    return ()


def _in_comment(text: str, before: Token, offset: int) -> bool:
    """Whether a comment begins behind a token and goes on through an offset."""
    gap = text[min(before.end, offset) : offset]
    return "#" in gap.rpartition("\n")[2] and before.end <= offset


def _block_of(header: Sequence[Token], outer: str) -> str:
    word = header[0].text
    if word == "each":
        return word
    if word == "event" and outer == "segment":
        return "segment event"
    if spelling.CLAUSES.get(outer, {}).get(word, "").endswith("{") and word in spelling.CLAUSES:
        return word
    if word in ("on", "counter", "responses", "option", "plan") and word in spelling.CLAUSES:
        return word
    return "by"


def _shift_word(tables: Tables, states: list[int], word: str) -> bool:
    """Whether a word fits as itself, not as a name."""
    while True:
        action = tables.rows[states[-1]].get(word)
        if action is None:
            return False
        if action >= 0:
            return True
        production = tables.productions[~action]
        if production.length:
            del states[-production.length :]
        states.append(tables.gotos[states[-1]][production.symbol])


def _read_on(tables: Tables, states: Sequence[int], tokens: Sequence[Token]) -> list[int] | None:
    stack = list(states)
    return stack if all(shift(tables, stack, token.kind) for token in tokens) else None


@lru_cache(1024)
def _ending(states: tuple[int, ...], depth: int) -> tuple[str, ...] | None:
    """The shortest tokens with which a line ends and its blocks close; `None` where none were found.

    Args:
        depth: how many braces are open.
    """
    tables = load_tables()
    ending: list[str] = []
    stack = list(states)
    while len(ending) < _MOST_MADE_UP:
        if depth and shift(tables, trial := list(stack), "}"):
            ending.append("}")
            stack, depth = trial, depth - 1
        elif shift(tables, trial := list(stack), NEWLINE):
            ending.append(NEWLINE)
            stack = trial
            if not depth:
                return tuple(ending)
        elif not depth and ending and ending[-1] == "}":
            return tuple(ending)
        else:
            more = _shortest(tables, stack, depth)
            if not more:
                return None
            ending += more
            depth += more.count("{")
            for kind in more:
                shift(tables, stack, kind)
    return None


def _shortest(tables: Tables, states: list[int], depth: int) -> list[str]:
    """The fewest tokens behind which the line may end, or a block that it opens may close; `[]` for none."""
    reached: list[tuple[list[int], list[str]]] = [(states, [])]
    seen = {tuple(states)}
    for stack, words in reached:
        if len(reached) > _MOST_STACKS:
            break
        fits = accepted(tables, stack)
        for kind in sorted(fits, key=lambda each: each not in _EASY):
            trial = list(stack)
            shift(tables, trial, kind)
            path = [*words, kind]
            if kind != "{" and kind not in CONTINUING and shift(tables, list(trial), NEWLINE):
                return path
            if (depth or kind == "{") and shift(tables, list(trial), "}"):
                return path
            if kind != NEWLINE and tuple(trial) not in seen:
                seen.add(tuple(trial))
                reached.append((trial, path))
    return []


def _steps_to(nodes: Any, token: Token) -> list[Step]:
    """The way to the leaf that a token became, the leaf itself last with an empty field."""
    return next(iter(_ways(nodes, token)), [])


def _ways(node: Any, token: Token) -> Iterator[list[Step]]:
    if isinstance(node, tuple | list):
        for each in node:
            yield from _ways(each, token)
        return
    fields = getattr(type(node), "__attrs_attrs__", None)
    if fields is None or isinstance(node, SourceText):
        return
    span = getattr(node, "span", None)
    if span is not None and hasattr(node, "text") and span.start == token.start and span.end == token.end:
        yield [(node, "")]
        return
    for field in fields:
        if field.name != "span":
            for way in _ways(getattr(node, field.name), token):
                yield [(node, field.name), *way]
