"""Programs with one word changed: what a scenario has to notice."""

import re
from collections.abc import Iterator

import attrs

_TOKEN = re.compile(r'#[^\n]*|"[^"\n]*"|\d{4}-\d{2}-\d{2}|[$£]?\d[\d,]*(?:\.\d+)?%?|[A-Za-z_]\w*|>=|<=|\S')
_PROGRAM = re.compile(r"^program .*?^}\n", re.MULTILINE | re.DOTALL)
_UNTESTED = frozenset({"worth", "cost", "starts", "breakage", "show"})
"""Clauses that value points, and the day before which every program refuses events."""


@attrs.frozen
class Mutant:
    """A changed text.

    Attributes:
        what: the line of the program, as it is then.
    """

    text: str
    what: str


def programs_of(text: str) -> str:
    """The program blocks of a text, without its populations and scenarios."""
    return "".join(block.group() for block in _PROGRAM.finditer(text))


def mutants_of(text: str) -> Iterator[Mutant]:
    """Every word and day of the program blocks left out, every number one more, every day another, every
    comparison without its equality."""
    tokens = [
        token
        for block in _PROGRAM.finditer(text)
        for token in _TOKEN.finditer(text, block.start(), block.end())
    ]
    assert tokens
    for token in tokens:
        word = token.group()
        if word.startswith(("#", '"')) or _clause_of(text, token.start()) in _UNTESTED:
            continue
        for new in _changed(word):
            whole = text[: token.start()] + new + text[token.end() :]
            start = text.rfind("\n", 0, token.start()) + 1
            end = whole.find("\n", token.start())
            line = text.count("\n", 0, token.start()) + 1
            yield Mutant(whole, f"{line}: {' '.join(whole[start:end].split())}")


def _clause_of(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    return text[start : text.find("\n", at)].split(maxsplit=1)[0]


def _changed(word: str) -> Iterator[str]:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        day = int(word[-2:])
        yield f"{word[:-2]}{day - 1 if day > 1 else 2:02}"
        yield ""
    elif re.match(r"[$£]?\d", word):
        digits = re.search(r"\d[\d,]*(?:\.\d+)?", word)
        assert digits is not None
        number = digits.group().replace(",", "")
        whole, dot, part = number.partition(".")
        more = f"{int(whole) + 1}" if not dot else f"{whole}.{int(part) + 1:0{len(part)}}"
        yield word.replace(digits.group(), more)
    elif word in (">=", "<="):
        yield word[0]
    elif word[0].isalpha():
        yield ""
