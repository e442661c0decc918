"""The rules of `colouring` as a TextMate grammar, which editors and code hosts colour by.

Invariant: `grammar/loyalty.tmLanguage.json` is this for the committed tables; a test holds it. Words stand a
letter a line, so that two changes of the grammar seldom meet in one line of the file.
"""

import json
from itertools import groupby
from typing import Any

from loyalty_dsl.language.colouring import Colour, Rule, colour_rules
from loyalty_dsl.language.tables import Tables

TEXTMATE = "grammar/loyalty.tmLanguage.json"

_SCOPES = {
    Colour.COMMENT: "comment.line.number-sign",
    Colour.TEXT: "string.quoted.double",
    Colour.BLOCK: "storage.type",
    Colour.DECLARED: "entity.name.type",
    Colour.CLAUSE: "keyword.control",
    Colour.WORD: "keyword.other",
    Colour.LOGIC: "keyword.operator.logical",
    Colour.ANSWER: "constant.language",
    Colour.NAME: "variable.other",
    Colour.ROW: "variable.other.member",
    Colour.PATH: "variable.other.member",
    Colour.CODE: "constant.other",
    Colour.DATE: "constant.numeric.date",
    Colour.NUMBER: "constant.numeric",
    Colour.UNIT: "keyword.other.unit",
    Colour.OPERATOR: "keyword.operator",
    Colour.MARK: "punctuation",
}
"""The scope of each kind, to which the language is added; blanks have none."""


def textmate_text(tables: Tables) -> str:
    """The grammar as JSON, which ends in a newline; the same for the same tables."""
    rules = colour_rules(tables)
    grammar = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Loyalty",
        "scopeName": "source.loyalty",
        "fileTypes": ["loyalty"],
        "patterns": [{"include": f"#{_key(rule)}"} for rule in rules if rule.kinds != (Colour.BLANK,)],
        "repository": {_key(rule): _entry(rule) for rule in rules if rule.kinds != (Colour.BLANK,)},
    }
    return json.dumps(grammar, indent=2, ensure_ascii=False) + "\n"


def _key(rule: Rule) -> str:
    return rule.name.replace(" ", "-")


def _entry(rule: Rule) -> dict[str, Any]:
    """A rule of the repository: with many words, one pattern for each letter that they begin with."""
    if len(rule.words) < 20:
        return _pattern(rule, rule.words)
    letters = groupby(sorted(rule.words), key=lambda word: word[0])
    return {"patterns": [_pattern(rule, tuple(words)) for _, words in letters]}


def _pattern(rule: Rule, words: tuple[str, ...]) -> dict[str, Any]:
    match = rule.pattern.replace("{words}", "|".join(words)).replace(r"[^\n]*", ".*")
    if len(rule.kinds) == 1:
        return {"match": match, "name": _scope(rule.kinds[0])}
    captures = {
        str(group): {"name": _scope(kind)}
        for group, kind in enumerate(rule.kinds, 1)
        if kind is not Colour.BLANK
    }
    return {"match": match, "captures": captures}


def _scope(kind: Colour) -> str:
    return f"{_SCOPES[kind]}.loyalty"
