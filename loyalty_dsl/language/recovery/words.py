"""One word or mark that is misspelt, of the wrong kind, missing, or too much: each with its fix."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from loyalty_dsl.diagnostics import Diagnostic, Edit
from loyalty_dsl.language import spelling
from loyalty_dsl.language.automaton import accepted, after
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.recovery.trouble import (
    LOOK_AHEAD,
    Answer,
    Repair,
    Trouble,
    is_word,
    reads_on,
    replaced,
)
from loyalty_dsl.language.recovery.wording import found_in_words, instead, shape_of, unexpected
from loyalty_dsl.language.tables import NEWLINE, Tables
from loyalty_dsl.language.tokens import BAD_WORD, Token
from loyalty_dsl.source import Span

_STEPS_BACK = 6
"""A misspelt word may be noticed this many tokens later, having been taken for a name."""


def misspelt_word(trouble: Trouble) -> Answer | None:
    """A word that does not fit, or one that was taken for a name shortly before."""
    for i in range(trouble.at, max(trouble.first, trouble.at - _STEPS_BACK), -1):
        meant = misspelt(trouble, i)
        if meant is not None:
            span = trouble.span(i)
            found = diagnostic(
                "L101",
                span,
                f"unexpected `{span.text}`",
                label="not a word that fits here",
                help=f"did you mean `{meant}`?",
                edit=Edit(span, meant, safe=is_same_word(span.text, meant)),
            )
            return found, replaced(trouble, i, meant)
    return None


def is_same_word(text: str, meant: str) -> bool:
    """Whether only the ending differs: `gives` and `give`, `date` and `dates`."""
    return f"{text}s" == meant or text == f"{meant}s"


def nearest_word(text: str, words: Sequence[str]) -> str | None:
    """The word that was probably meant. Stricter than for names: words of the language are short."""
    from difflib import get_close_matches

    for meant in spelling.SYNONYMS.get(text, ()):
        if meant in words:
            return meant
    swapped = [word for word in words if sorted(word) == sorted(text)]
    if swapped:
        return swapped[0]
    found = get_close_matches(text, words, n=1, cutoff=0.72)
    return found[0] if found else None


def misspelt(trouble: Trouble, i: int) -> str | None:
    """The keyword that token `i` was probably meant to be, if the clause reads on with it."""
    token = trouble.tokens[i]
    if not is_word(token):
        return None
    stack = after(trouble.tables, trouble.states, trouble.tokens[trouble.first : i])
    if stack is None:
        return None
    fits = [kind for kind in accepted(trouble.tables, stack) if kind in trouble.tables.keywords]
    words = [word for word in fits if word != token.text]
    for meant in (*spelling.SYNONYMS.get(token.text, ()), nearest_word(token.text, words)):
        if meant in words and reads_on(trouble, replaced(trouble, i, meant)):
            return meant
    return None


def unquoted_text(trouble: Trouble) -> Answer | None:
    """Words without quotes where only a text fits, or where one may follow a name."""
    token = trouble.token
    if not (is_word(token) or token.kind == BAD_WORD):
        return None
    fits = accepted(trouble.tables, trouble.stack())
    if "STRING" not in fits:
        return None
    last = trouble.at
    while last + 1 < trouble.end and trouble.tokens[last + 1].start == trouble.tokens[last].end:
        last += 1
    span = trouble.span(trouble.at, last)
    return _instead(trouble, last + 1, "STRING", f'"{span.text}"', safe=len(fits) == 1)


def other_kind(trouble: Trouble) -> Answer | None:
    """`55` where a percentage is wanted, `usd` where a code is."""
    token = trouble.token
    fits = accepted(trouble.tables, trouble.stack())
    for kind, text in (
        ("PERCENT", _as_percent(token.text) if token.kind == "NUMBER" else ""),
        ("MONEY", f"${token.text}" if token.kind == "NUMBER" else ""),
        ("NUMBER", token.text[1:].rstrip("KMBkmb") if token.kind == "MONEY" else ""),
        ("NUMBER", _as_number(token.text) if token.kind == "PERCENT" else ""),
        ("CODE", token.text.upper() if is_word(token) and len(token.text) == 3 else ""),
    ):
        if text and kind in fits:
            same = kind == "CODE"  # in capitals; of a number the unit is a guess
            answer = _instead(trouble, trouble.at + 1, kind, text, safe=same)
            if answer is not None:
                return answer
    return None


def _as_percent(number: str) -> str:
    """`55` is written `55%`, but `0.015` was meant as 1.5%."""
    value = Fraction(number.replace(",", ""))
    return f"{_decimals(100 * value)}%" if 0 < value < 1 else f"{number}%"


def _as_number(percent: str) -> str:
    """`50%` of a number that is none, a spread or a sigma, was meant as 0.5."""
    return _decimals(Fraction(percent[:-1].replace(",", "")) / 100)


def _decimals(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def _instead(trouble: Trouble, end: int, kind: str, text: str, *, safe: bool) -> Answer | None:
    """The tokens up to `end` read as one of another kind, if the clause goes on with it."""
    span = trouble.span(trouble.at, end - 1)
    repair = Repair(trouble.at, end, (Token(kind, text, span.start, span.end),))
    if not reads_on(trouble, repair, at_least=1):
        return None
    return instead(span, spelling.kind_in_words(kind), text, safe=safe), repair


_NAMED_TABLE = ["from", "table"]
"""Words that nobody leaves out: what stands there is another amount, not the name of a table."""


def missing_word(trouble: Trouble) -> Answer | None:
    """One word or mark (or words that must follow each other) left out here or one token before."""
    if trouble.at == trouble.first or trouble.token.text == trouble.tokens[trouble.at - 1].text:
        return None
    for at in (trouble.at, trouble.at - 1):
        last_word = at < trouble.at == trouble.end and trouble.tokens[at].kind != "NAME"
        if at == trouble.first or last_word:
            continue  # what is behind its last word is missing, not what is before it
        stack = after(trouble.tables, trouble.states, trouble.tokens[trouble.first : at])
        fits = accepted(trouble.tables, stack) if stack else []
        if trouble.tokens[at].kind == NEWLINE and len(fits) > 1:
            return None  # the rest of the clause is missing, not a word of it
        offset = trouble.tokens[at].start
        repairs = [
            repair
            for kind in fits
            if stack and (kind in trouble.tables.keywords or kind in (",", "="))
            if kind not in (trouble.tokens[at].text, trouble.tokens[at - 1].text, "expect", "all")
            for words in [_forced(trouble.tables, stack, kind, offset)]
            for repair in [Repair(at, at, words), Repair(at, at, words[:1])][: len(words)]
            if [word.text for word in repair.tokens] != _NAMED_TABLE and reads_on(trouble, repair)
        ]
        if len(repairs) == 1:
            if at == trouble.at and extra_token(trouble) is not None:
                return None  # too much or too little: who knows
            return _missing(trouble, at, repairs[0]), repairs[0]
    return None


def _forced(tables: Tables, stack: Sequence[int], kind: str, offset: int) -> tuple[Token, ...]:
    """The word, and those behind it that nothing else can stand for: `at checkout`."""
    words = [Token(kind, kind, offset, offset)]
    while kind in tables.keywords and len(words) < 4:
        behind = after(tables, stack, words)
        following = accepted(tables, behind) if behind else []
        if len(following) != 1 or following[0] not in tables.keywords:
            break
        words.append(Token(following[0], following[0], offset, offset))
    return tuple(words)


def _missing(trouble: Trouble, at: int, repair: Repair) -> Diagnostic:
    words = " ".join(token.text for token in repair.tokens)
    end = trouble.tokens[at - 1].end
    place = Span(trouble.source, end, end)
    return diagnostic(
        "L101",
        place if trouble.tokens[at].kind == NEWLINE else trouble.span(at),
        f"expected `{words}` before {found_in_words(trouble.tokens[at])}",
        label=f"`{words}` is missing before this",
        help=shape_of(trouble),
        edit=Edit(place, words if words == "," else f" {words}"),
    )


def extra_token(trouble: Trouble) -> Answer | None:
    """One token too many."""
    extra = Repair(trouble.at, trouble.at + 1, ())
    if trouble.at in (trouble.first, trouble.end) or not reads_on(trouble, extra, at_least=LOOK_AHEAD):
        return None
    found, _ = unexpected(trouble)
    span = Span(trouble.source, trouble.tokens[trouble.at - 1].end, trouble.token.end)
    if trouble.token.text != trouble.tokens[trouble.at - 1].text:
        return found, extra  # what is too much may be what is meant: nothing is deleted by itself
    return attrs.evolve(found, edit=Edit(span, "", safe=True)), extra
