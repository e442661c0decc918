"""Rule files drawn from the grammar itself, and the same words laid out oddly.

A drawn file means nothing, but it is of the language, and every production of the grammar comes up: what
holds for all of them holds for the forms that no program uses yet.
"""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from lark import Lark

from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.each_rows import write_out_each
from loyalty_dsl.language.grammar import GRAMMAR
from loyalty_dsl.language.printing_outline import read_outline
from loyalty_dsl.language.tables import END, NEWLINE
from loyalty_dsl.language.tokens import tokenize
from loyalty_dsl.resource_files import resource_path
from loyalty_dsl.source import SourceText

WORDS = {
    "NAME": ("points", "gold", "year_spend", "a1", "card", "status", "purchase", "beverage_of_the_month"),
    "NUMBER": ("1", "12", "999", "1000", "1,000", "1234567.50", "0.5", "10000"),
    "MONEY": ("$5", "$1000", "£2,500.50", "$1.2M", "€12345678"),
    "PERCENT": ("5%", "12.5%", "1000%"),
    "NEGATIVE": ("-5", "-1000"),
    "NEGATIVE_MONEY": ("-$5", "-$1000.25"),
    "NEGATIVE_PERCENT": ("-5%", "-1,500%"),
    "DATE": ("2026-01-31", "2024-02-29"),
    "TIME": ("09:30",),
    "STRING": ('"Gold"', '"a, b # c {"', '""', '"a label that goes on and on, and takes half of a line"'),
    "CODE": ("USD",),
    "YES_NO": ("yes/no",),
    "PATH": ("base.give", "status.gold.when"),
    "COMPARE": (">=", "<"),
}
"""Words for each terminal that is no word itself."""

COMMENTS = ("# why", "#", "#2  ", '# "quoted" {', "# a, b and", "# 1,000 } ", "#\tlike this", "#é\u2028x")
MOST_DEEP = 14
MORE = 0.6
"""How likely a list is to go on, beside half of what is left."""


class Grammar:
    """The expansions of the grammar, and how deep each has to go at the least."""

    def __init__(self) -> None:
        lark = Lark(resource_path(GRAMMAR).read_text(encoding="utf-8"), parser="lalr", strict=True)
        self.words = {term.name: term.pattern.value for term in lark.terminals if term.pattern.type == "str"}
        self.expansions: dict[str, list[Sequence[Any]]] = {}
        for rule in lark.rules:
            self.expansions.setdefault(rule.origin.name, []).append(rule.expansion)
        self.depths: dict[str, int] = {}
        while len(self.depths) < len(self.expansions):
            for name, expansions in self.expansions.items():
                known = [depth for each in expansions if (depth := self.depth_of(each)) is not None]
                if known and name not in self.depths:
                    self.depths[name] = min(known) + 1

    def depth_of(self, expansion: Sequence[Any]) -> int | None:
        depths = [0 if symbol.is_term else self.depths.get(symbol.name) for symbol in expansion]
        return None if None in depths else max((depth for depth in depths if depth is not None), default=0)

    def draw(self, luck: random.Random) -> Iterator[tuple[str, str]]:
        """The terminals of a file: (name, text)."""
        yield from self._draw("start", 0, luck)

    def _draw(self, name: str, depth: int, luck: random.Random) -> Iterator[tuple[str, str]]:
        expansions = self.expansions[name]
        if depth > MOST_DEEP:
            least = min(self.depth_of(each) or 0 for each in expansions)
            expansions = [each for each in expansions if (self.depth_of(each) or 0) == least]
        chosen = expansions[luck.randrange(len(expansions))]
        if (
            name.startswith("__") and depth <= MOST_DEEP and luck.random() < MORE
        ):  # a list: mostly a longer one
            chosen = max(expansions, key=lambda each: sum(symbol.name == name for symbol in each))
        for symbol in chosen:
            if not symbol.is_term:
                deeper = 0 if symbol.name == name else 1  # a list is no deeper than its first member
                yield from self._draw(symbol.name, depth + deeper, luck)
            elif symbol.name in self.words:
                yield symbol.name, self.words[symbol.name]
            elif symbol.name == "_NL":
                yield NEWLINE, "\n"
            else:
                texts = WORDS[symbol.name]
                yield symbol.name, texts[luck.randrange(len(texts))]


@cache
def grammar() -> Grammar:
    return Grammar()


def drawn_text(luck: random.Random) -> str:
    """A file of the language, or nearly so: a name may have been read as a keyword."""
    words = [text for _, text in grammar().draw(luck)]
    return laid_out_oddly(words, luck)


def words_of(text: str) -> list[str]:
    """The words of a file without mistakes, with a line feed wherever a line may end."""
    tokens = list(tokenize(text))
    outline = read_outline(write_out_each(SourceText("", text), tokens)[0])
    words = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if token.kind == END:
            continue
        if token.kind == NEWLINE:
            if before is None or before.kind not in CONTINUING:
                words.append("\n")
            continue
        words.append(token.text)
        if outline is not None and token.start in outline.breaks:
            words.append("\n?")
    return words


def laid_out_oddly(words: Sequence[str], luck: random.Random) -> str:
    """Words with any blanks between them, and any comments and blank lines where a line may end."""
    text = _end_of_line(luck) if luck.random() < 0.2 else ""
    before = "\n"
    for written in words:
        word = written if written != "\n?" else "\n" if luck.random() < 0.3 else ""
        if word == "\n":
            text += _end_of_line(luck)
        elif word:
            near = word in ",(){}" or before in "({})"
            least = 0 if near and before not in {",", "\n"} else int(before != "\n")
            text += _blanks(luck, least) + word
        before = word or before
    return text + luck.choice(["", "", "\n", " # the end", "\n\n\n# the end\n", "\n  \n"])


def _blanks(luck: random.Random, least: int) -> str:
    return luck.choice(["", " ", "  ", "\t", "      "] if least == 0 else [" ", " ", "  ", "\t", "     "])


def _end_of_line(luck: random.Random) -> str:
    text = luck.choice(["", "", "", " "])
    if luck.random() < 0.2:
        text += luck.choice(["", " "]) + luck.choice(COMMENTS)
    text += "\n"
    while luck.random() < 0.3:
        text += luck.choice(["", "  ", "\t"]) + luck.choice(["", *COMMENTS]) + "\n"
    return text
