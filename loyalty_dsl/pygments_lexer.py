"""Colours for rule files wherever Pygments colours: pages, terminals, slides.

Invariant: every character of a text comes out once, in order, whatever the text. The rules are those of
`language.colouring`, with the words of the grammar.
"""

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import (
    Comment,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from loyalty_dsl.language.colouring import Colour, Rule, colour_rules
from loyalty_dsl.language.tables import load_tables

TOKENS: dict[Colour, _TokenType] = {
    Colour.COMMENT: Comment.Single,
    Colour.TEXT: String.Double,
    Colour.BLOCK: Keyword.Declaration,
    Colour.DECLARED: Name.Class,
    Colour.CLAUSE: Keyword,
    Colour.WORD: Keyword.Pseudo,
    Colour.LOGIC: Operator.Word,
    Colour.ANSWER: Keyword.Constant,
    Colour.NAME: Name,
    Colour.ROW: Name.Attribute,
    Colour.PATH: Name.Attribute,
    Colour.CODE: Name.Constant,
    Colour.DATE: Literal.Date,
    Colour.NUMBER: Number,
    Colour.UNIT: Keyword.Type,
    Colour.OPERATOR: Operator,
    Colour.MARK: Punctuation,
    Colour.BLANK: Whitespace,
}
"""The kind of Pygments that each kind of ours is shown as."""


def _entry(rule: Rule) -> tuple[str, object]:
    kinds = [TOKENS[kind] for kind in rule.kinds]
    return rule.whole, kinds[0] if len(kinds) == 1 else bygroups(*kinds)


class LoyaltyLexer(RegexLexer):  # type: ignore[misc]  # Pygments has no types
    """The lexer `loyalty`, for files `*.loyalty` and parts of them."""

    name = "Loyalty"
    aliases: ClassVar[list[str]] = ["loyalty"]
    filenames: ClassVar[list[str]] = ["*.loyalty"]
    mimetypes: ClassVar[list[str]] = ["text/x-loyalty"]
    tokens: ClassVar[dict[str, list[tuple[str, object]]]] = {
        "root": [_entry(rule) for rule in colour_rules(load_tables())]
    }
