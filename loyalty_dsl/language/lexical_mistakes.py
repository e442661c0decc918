"""What is wrong with a token that no terminal of the grammar matches, and what was probably meant.

Invariant: the tokens offered instead are of kinds that the grammar knows, and cover the same text.
"""

import re
import unicodedata
from collections.abc import Sequence

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.spelling import COMPOUNDS
from loyalty_dsl.language.tokens import (
    BAD_DAY,
    BAD_KINDS,
    BAD_NUMBER,
    BAD_WORD,
    ODD_TEXT,
    OPEN_TEXT,
    Token,
    digits_of,
    number_kind,
    place_of,
    word_kind,
)
from loyalty_dsl.quantities import MAX_DIGITS
from loyalty_dsl.source import SourceText, Span

Explanation = tuple[Diagnostic, int, int, tuple[Token, ...]]
"""The diagnostic, and which tokens (from, to) of those given are to be read as which others."""

_SYMBOLS = "$£€"

_HINTS = {
    ";": "a clause ends with its line; leave the `;` out",
    ":": "leave the `:` out",
    "%": "a percentage has a number before it: `5%`",
    "$": "an amount has a number behind its sign: `$5`",
    "[": "brackets are round",
    "]": "brackets are round",
}

_MEANT = {
    "=": "is",
    "==": "is",
    "===": "is",
    "!": "not",
    "!=": "is not",
    "<>": "is not",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{NOT EQUAL TO}": "is not",
    "=>": ">=",
    "=<": "<=",
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
    "/": "per",
}

_CERTAIN = frozenset(_MEANT) - {"!", "/"}
"""Those that cannot be meant otherwise."""
"""Signs that other languages have for words of this one."""


def explain(source: SourceText, around: Sequence[Token], token: Token) -> Explanation:
    """Explains a broken token.

    Args:
        source: where it is from.
        around: the token with its neighbours in the clause.
        token: one of them, of a kind in `tokens.BAD_KINDS`.
    """
    at = around.index(token)
    span = place_of(source, token, token)
    match token.kind:
        case kind if kind == BAD_NUMBER:
            return _number(token, span, at)
        case kind if kind == BAD_DAY:
            return _day(token, span, at)
        case kind if kind == OPEN_TEXT:
            return _open_text(token, source, at)
        case kind if kind == ODD_TEXT:
            return _odd_text(token, span, at)
        case kind if kind == BAD_WORD:
            return _word(token, span, at)
        case _:
            return _character(around, at, span)


def _number(token: Token, span: Span, at: int) -> Explanation:
    text = token.text
    symbol = text[0] if not text[0].isdigit() and text[0] not in "+-." else ""
    meant, what = None, "number"
    if digits_of(text) > MAX_DIGITS:
        why = f"a number has at most {MAX_DIGITS} digits"
    elif re.fullmatch(r"[-+]?\d[\d.]*[eE][-+]?\d+", text):
        why = "write all digits: numbers have no exponent"
    elif symbol and symbol not in _SYMBOLS:
        why = f"amounts of money are written with {', '.join(f'`{sign}`' for sign in _SYMBOLS)}"
    elif text.startswith("."):
        why = "a decimal point has a digit before it"
        meant = f"0{text}"
    elif text[0] in "+-":
        why = "numbers have no sign"
    elif re.fullmatch(r"[^\d]?\d+,\d\d?%?", text):
        why = "decimals come behind a point"
        meant = text.replace(",", ".")
    elif re.fullmatch(r"[^\d]?\d+(,\d+)*(\.\d+)?%?", text):
        why = "digits come in threes behind a comma, and a list has a space behind its comma"
        meant = text.replace(",", "")
    elif re.fullmatch(r"[^\d]?\d{1,3}(_\d{3})+", text):
        why = "thousands stand behind a comma"
        meant = text.replace("_", ",")
    elif joined := re.fullmatch(r"([0-9]+)([a-z][a-z_]*)", text):
        return _joined(token, span, at, joined.end(1))
    elif re.match(r"\d{1,2}:\d\d", text):
        what = "time"
        why = "a time is written `09:30`"
        meant = f"0{text}"
    elif re.fullmatch(r"\d\d-\d\d", text):
        what = "date"
        why = f"a date has a year: `2026-{text}`"
    elif _looks_like_a_date(text):
        what = "date"
        meant = _as_date(text)
        why = "a date is written year-month-day"
        if meant is None:
            why += f": {_either_date(text)}"
    else:
        why = "write digits, with decimals behind a point: `1,250.50`"
    if meant is not None and number_kind(meant) == BAD_NUMBER:
        meant = None
    plain = meant or _plausible(text, symbol)
    found = diagnostic(
        "L104",
        span,
        f"`{_short(text)}` is not a {what} that can be read",
        label=f"not a {what}",
        help=f"{why}; did you mean `{meant}`?" if meant else why,
        edit=Edit(span, meant, safe=_is_certain(text, meant)) if meant else None,
    )
    return found, at, at + 1, (Token(number_kind(plain), plain, token.start, token.end),)


def _is_certain(text: str, meant: str) -> bool:
    """Whether a number can have been meant in one way only: not `1,50`, in which a digit may be missing."""
    kind = number_kind(meant)
    if kind == "DATE" and re.fullmatch(r"(\d|0\d|1[0-2])\.(\d|0\d|1[0-2])\.\d+", text):
        return False  # with points the day comes first, where they are usual
    return kind in ("DATE", "TIME") or (kind not in BAD_KINDS and (text.startswith(".") or "_" in text))


def _joined(token: Token, span: Span, at: int, cut: int) -> Explanation:
    """`2points`: a number and a word without a space between them."""
    number, word = token.text[:cut], token.text[cut:]
    if word in ("am", "pm") and 1 <= int(number) <= 12:
        hour = int(number) % 12 + (12 if word == "pm" else 0)
        found = diagnostic(
            "L104",
            span,
            f"`{token.text}` is not a time that can be read",
            label=f"write `{hour:02}:00`",
            edit=Edit(span, f"{hour:02}:00", safe=True),
        )
        return found, at, at + 1, (Token("TIME", f"{hour:02}:00", token.start, token.end),)
    zeros = {"k": 3, "m": 6}.get(word, 0)
    if zeros and digits_of(number) + zeros <= MAX_DIGITS:
        written = f"{int(number) * 10**zeros:,}"
        found = diagnostic(
            "L104",
            span,
            f"`{token.text}` is not a number that can be read",
            label=f"write `{written}`",
            edit=Edit(span, written, safe=True),
        )
        return found, at, at + 1, (Token("NUMBER", written, token.start, token.end),)
    found = diagnostic(
        "L104",
        span,
        f"`{_short(token.text)}` is not a number that can be read",
        label="not a number",
        help=f"put a space between the number and the word: `{number} {word}`",
        edit=Edit(span, f"{number} {word}", safe=True),
    )
    middle = token.start + cut
    first = Token(number_kind(number), number, token.start, middle)
    return found, at, at + 1, (first, Token(word_kind(word), word, middle, token.end))


def _plausible(text: str, symbol: str) -> str:
    """A number of the kind that this looks like."""
    if _looks_like_a_date(text):
        return "2026-01-01"
    if re.match(r"\d{1,2}:", text):
        return "12:00"
    return "$1" if symbol else "1%" if text.endswith("%") else "1"


def _looks_like_a_date(text: str) -> bool:
    return bool(
        re.fullmatch(r"\d\d-\d\d|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d\d|\d{4})", text)
    )


def _as_date(text: str) -> str | None:
    """`12/24/2026` as the language writes it, where only one of the numbers can be a month."""
    first, second, third = (int(part) for part in re.split(r"[-./]", text))
    if first > 31:
        return f"{first:04d}-{second:02d}-{third:02d}"
    if "." in text and third >= 1000 and 1 <= second <= 12:
        return f"{third:04d}-{second:02d}-{first:02d}"
    if third < 1000 or (first != second and (first > 12) == (second > 12)):
        return None
    month, day = (second, first) if first > 12 else (first, second)
    return f"{third:04d}-{month:02d}-{day:02d}"


def _either_date(text: str) -> str:
    """What `3/1/2027` may be, where either number can be the month."""
    first, second, third = (int(part) for part in (*re.split(r"[-./]", text), "0")[:3])
    if third < 1000 or not (1 <= first <= 12 and 1 <= second <= 12):
        return "`2026-01-31`"
    return f"`{third}-{first:02d}-{second:02d}`, or `{third}-{second:02d}-{first:02d}` if the day came first"


def _day(token: Token, span: Span, at: int) -> Explanation:
    if ":" in token.text:
        found = diagnostic(
            "L105", span, f"there is no time `{token.text}`", label="hours run from 00:00 to 23:59"
        )
        return found, at, at + 1, (Token("TIME", "12:00", token.start, token.end),)
    year, month, day = (int(part) for part in token.text.split("-"))
    has_month = 1 <= month <= 12
    month = min(max(month, 1), 12)
    nearest_day = next(
        text
        for last in range(min(max(day, 1), 31), 0, -1)
        for text in [f"{max(year, 1):04d}-{month:02d}-{last:02d}"]
        if number_kind(text) == "DATE"
    )
    found = diagnostic(
        "L105",
        span,
        f"there is no day `{token.text}`",
        label="the calendar has no such day" if has_month else "a month is from 01 to 12",
        help=f"the nearest day before it is `{nearest_day}`" if has_month else None,
    )
    return found, at, at + 1, (Token("DATE", nearest_day, token.start, token.end),)


def _open_text(token: Token, source: SourceText, at: int) -> Explanation:
    end = Span(source, token.end, token.end)
    found = diagnostic(
        "L103",
        Span(source, token.start, token.start + 1),
        "this text has no closing quote",
        label="opened here",
        secondary=[(end, 'expected `"` before the line ends')],
        help='a text ends with `"` on the line on which it starts',
        edit=Edit(end, '"', safe=" " not in token.text),
    )
    return found, at, at + 1, (Token("STRING", token.text + '"', token.start, token.end),)


def _odd_text(token: Token, span: Span, at: int) -> Explanation:
    meant = f'"{token.text[1:-1]}"'
    found = diagnostic(
        "L101",
        span,
        "a text stands in straight double quotes",
        label=f"write `{meant}`",
        edit=Edit(span, meant, safe=True),
    )
    return found, at, at + 1, (Token("STRING", meant, token.start, token.end),)


def _word(token: Token, span: Span, at: int) -> Explanation:
    lower = token.text.lower()
    readable = word_kind(lower) != BAD_WORD
    found = diagnostic(
        "L101",
        span,
        f"`{_short(token.text)}` is not a word of the language",
        label="not a word or a name",
        help=f"words and names are in lower case: `{lower}`"
        if readable
        else "names are made of the letters a to z, digits and `_`, and start with a letter",
        edit=Edit(span, lower, safe=_is_written(span.source, lower)) if readable else None,
    )
    text = lower if readable else "unnamed"
    return found, at, at + 1, (Token(word_kind(text), text, token.start, token.end),)


def _is_written(source: SourceText, word: str) -> bool:
    """Whether a word is one of the language, or stands in the text, be it in the plural."""
    return word_kind(word) != "NAME" or re.search(rf"\b{word}s?\b", source.text) is not None


def _character(around: Sequence[Token], at: int, span: Span) -> Explanation:
    character = span.text
    if character == "-" and 0 < at < len(around) - 1 and _is_hyphenated(around[at - 1 : at + 2]):
        left, right = around[at - 1], around[at + 1]
        joined = f"{left.text}_{right.text}"
        whole = Span(span.source, left.start, right.end)
        if COMPOUNDS.get(left.text) == f"{left.text} {right.text}":
            found = diagnostic(
                "L101",
                whole,
                f"`{whole.text}` is two words",
                label="`-` joins nothing here",
                help=f"write `{left.text} {right.text}`",
                edit=Edit(whole, f"{left.text} {right.text}", safe=True),
            )
            return found, at, at + 1, ()
        found = diagnostic(
            "L101",
            whole,
            f"`{whole.text}` is not a name",
            label="`-` cannot be part of a name",
            help=f"names use `_`: `{joined}`",
            edit=Edit(whole, joined),
        )
        return found, at - 1, at + 2, (Token("NAME", joined, left.start, right.end),)
    apart = _sign_apart(around, at, span)
    if apart is not None:
        return apart
    if character.isprintable() and not character.isspace():
        message = f"`{character}` means nothing here"
    else:
        name = unicodedata.name(character, "a control character").lower()
        message = f"the character U+{ord(character):04X} ({name}) means nothing here"
    meant = _MEANT.get(character)
    instead = " " if character.isspace() else ""
    help_ = f"did you mean `{meant}`?" if meant else _HINTS.get(character)
    found = diagnostic(
        "L101",
        span,
        message,
        label="not part of the language",
        help=help_,
        edit=Edit(span, meant or instead, safe=_is_plain(span)),
    )
    words = tuple(
        Token("COMPARE" if word[0] in "<>" else word, word, span.start, span.end)
        for word in (meant or "").split()
    )
    return found, at, at + 1, words


def _sign_apart(around: Sequence[Token], at: int, span: Span) -> Explanation | None:
    """`$ 5`, `20$`, `5 %`: a sign that stands apart from its number, or behind it."""
    sign, before, after = span.text, *(around[i] if 0 <= i < len(around) else None for i in (at - 1, at + 1))
    if sign in _SYMBOLS and after is not None and after.kind == "NUMBER":
        start, end, number, meant = at, at + 2, after, f"{sign}{after.text}"
    elif sign in _SYMBOLS and before is not None and before.kind == "NUMBER":
        start, end, number, meant = at - 1, at + 1, before, f"{sign}{before.text}"
    elif sign == "%" and before is not None and before.kind == "NUMBER":
        start, end, number, meant = at - 1, at + 1, before, f"{before.text}%"
    else:
        return None
    kind = number_kind(meant)
    whole = Span(span.source, min(span.start, number.start), max(span.end, number.end))
    if kind in BAD_KINDS or "\n" in whole.text or "#" in whole.text:
        return None
    found = diagnostic(
        "L104", whole, f"`{whole.text}` is not a number that can be read", label=f"write `{meant}`",
        edit=Edit(whole, meant, safe=True),
    )  # fmt: skip
    return found, start, end, (Token(kind, meant, whole.start, whole.end),)


def _is_plain(span: Span) -> bool:
    """Whether it is clear what a sign stands for: a word, a blank, or, at the end of a line, nothing."""
    behind = span.source.text[span.end :].split("\n", 1)[0].strip()
    return span.text in _CERTAIN or span.text.isspace() or (span.text == ";" and behind[:1] in ("", "#"))


def _is_hyphenated(tokens: Sequence[Token]) -> bool:
    left, hyphen, right = tokens
    return (
        left.end == hyphen.start
        and hyphen.end == right.start
        and left.text[0].isalpha()
        and right.text[0].isalnum()
        and word_kind(f"{left.text}_{right.text}") == "NAME"
    )


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:27] + "..."
