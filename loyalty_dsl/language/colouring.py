"""What kind of thing each piece of a rule file is, for those that colour text: by regular expressions alone.

Invariant: the words and the shapes of numbers are those of the grammar's tables, so that a new word of the
language is coloured by itself. Colouring reads a line at a time and knows no parser. A word is a keyword by
where it stands, the first of its line or not, which is right for all but a few of the words that may be names
too; a test counts these over all programs.

`colour_rules` is the one list; `pygments_lexer` and `textmate` say it in their own ways.
"""

import re
from enum import Enum

import attrs

from loyalty_dsl.language.tables import Tables


class Colour(Enum):
    """The kinds that are told apart."""

    COMMENT = "comment"
    TEXT = "text"
    BLOCK = "block"
    """The word that begins a block, or declares something."""
    DECLARED = "declared"
    """The name that follows it."""
    CLAUSE = "clause"
    """The word that begins a clause."""
    WORD = "word"
    """A word of the language inside a clause."""
    LOGIC = "logic"
    ANSWER = "answer"
    """`yes` and `no`."""
    NAME = "name"
    ROW = "row"
    """A name that begins a line: a row of a table, a field."""
    PATH = "path"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    UNIT = "unit"
    """Days, months, times: what a number counts, where the language says it."""
    OPERATOR = "operator"
    MARK = "mark"
    BLANK = "blank"


@attrs.frozen
class Rule:
    """A regular expression for what comes next, and the kinds of its groups, or of all of it.

    Attributes:
        name: what the rule is about.
        pattern: without a group where there is one kind.
        words: for which `pattern` stands, with `{words}` in it; empty where it is whole.
        kinds: of the groups.
    """

    name: str
    pattern: str
    kinds: tuple[Colour, ...]
    words: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The pattern with its words."""
        return self.pattern.replace("{words}", "|".join(self.words))


_MAY_BE_NAMES = {
    "accept", "active", "allowance", "balance", "breakage", "business", "choices", "cost",
    "discount", "join", "lines", "member", "membership",
    "others", "p", "plan", "points", "purchase", "purchases", "q", "redemption", "referral", "refunded",
    "reward", "runs", "sample", "spend", "upgrade", "zone",
}  # fmt: skip
"""Words that are names more often than not where they do not begin a line."""

_DECLARING = ("level", "stage", "scenario", "program", "population", "study", "each")
_LOGIC = ("and", "or", "not")
_UNITS = ("day", "week", "month", "quarter", "year", "time", "member")
_END = r"(?![A-Za-z0-9_])"


def colour_rules(tables: Tables) -> tuple[Rule, ...]:
    """The rules, in the order in which they are tried; those that begin with `^` fit where a line begins."""
    patterns = tables.patterns
    starters = {word for state in tables.lists for word in tables.rows[state] if word in tables.keywords}
    blocks = sorted((tables.blocks & starters) | set(_DECLARING))
    clauses = sorted(starters - set(blocks))
    inside = sorted(tables.keywords - _MAY_BE_NAMES - set(_LOGIC) - {"yes", "no"})
    units = tuple(each for unit in _UNITS for each in (f"{unit}s", unit))
    number = re.sub(r"\((?!\?)", "(?:", patterns["NUMBER"])
    name = r"[a-z][a-z0-9_]*"
    begin = r"^([ \t]*)"
    return (
        Rule(
            "block", rf"{begin}({{words}}){_END}(?:([ \t]+)({name}){_END})?",
            (Colour.BLANK, Colour.BLOCK, Colour.BLANK, Colour.DECLARED), tuple(blocks),
        ),
        Rule("clause", rf"{begin}({{words}}){_END}", (Colour.BLANK, Colour.CLAUSE), tuple(clauses)),
        Rule("row", rf"{begin}({name}){_END}", (Colour.BLANK, Colour.ROW)),
        Rule("blank", r"[ \t\r\ufeff]+|\n", (Colour.BLANK,)),
        Rule("comment", r"#[^\n]*", (Colour.COMMENT,)),
        Rule("text", r'"[^"\n]*"?', (Colour.TEXT,)),
        Rule("date", rf"(?:{patterns['DATE']}|{patterns['TIME']}){_END}", (Colour.DATE,)),
        Rule("percent", rf"-?{number}%", (Colour.NUMBER,)),
        Rule("money", rf"-?[$£€]{number}[KMBkmb]?{_END}", (Colour.NUMBER,)),
        Rule(
            "quantity", rf"(-?{number})([ \t]+)((?:business[ \t]+)?(?:{{words}})){_END}",
            (Colour.NUMBER, Colour.BLANK, Colour.UNIT), units,
        ),
        Rule("number", rf"-?{number}{_END}", (Colour.NUMBER,)),
        Rule("path", rf"{name}(?:\.[a-z0-9_]+)+{_END}", (Colour.PATH,)),
        Rule("answer type", rf"yes/no{_END}", (Colour.UNIT,)),
        Rule("phrase", rf"a[ \t]+reward[ \t]+is[ \t]+affordable{_END}", (Colour.WORD,)),
        Rule("logic", rf"(?:{{words}}){_END}", (Colour.LOGIC,), _LOGIC),
        Rule("answer", rf"(?:yes|no){_END}", (Colour.ANSWER,)),
        Rule("word", rf"(?:{{words}}){_END}", (Colour.WORD,), tuple(inside)),
        Rule("name", rf"{name}{_END}", (Colour.NAME,)),
        Rule("code", rf"[A-Z]{{3}}{_END}", (Colour.CODE,)),
        Rule("operator", r"[<>]=?|=", (Colour.OPERATOR,)),
        Rule("mark", r"[{}(),]", (Colour.MARK,)),
    )  # fmt: skip
