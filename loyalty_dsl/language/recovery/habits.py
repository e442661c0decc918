"""What people write out of habit: comments, codes, names and braces as other texts have them.

Invariant: each answer names the one thing to change, and reads on as if it had been changed.
"""

import re

from loyalty_dsl.diagnostics import Edit, deletion
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.recovery.trouble import Answer, Repair, Trouble, headed, is_word, reads_on
from loyalty_dsl.language.tables import NEWLINE
from loyalty_dsl.language.tokens import BAD_WORD, Token, word_kind
from loyalty_dsl.source import Span

_CODES = {
    "£": "GBP", "pound": "GBP", "pounds": "GBP", "sterling": "GBP", "$": "USD", "dollar": "USD",
    "dollars": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR", "yen": "JPY",
}  # fmt: skip

_TITLED = (
    "program", "currency", "counter", "tiers", "group", "earn", "reward", "benefit", "referral", "challenge",
    "level", "menu",
)  # fmt: skip
_NAMED = (*_TITLED, "population", "segment", "event", "period")

_STRAY = "[`*\N{BULLET}\N{EN DASH}\N{EM DASH}\N{MIDDLE DOT}~-]"
"""Signs that begin an item of a list, or fence off code, elsewhere."""

_BEHIND_NAMES = ("{", "STRING", "PERCENT", "=", NEWLINE)


def other_comment(trouble: Trouble) -> Answer | None:
    """`// note`, `/* note */`: the rest of the line is none of the clause."""
    token, text = trouble.token, trouble.source.text
    if token.text != "/" or text[token.end : token.end + 1] not in ("/", "*"):
        return None
    span = Span(trouble.source, token.start, token.end + 1)
    found = diagnostic(
        "L101",
        span,
        f"`{span.text}` begins no comment here",
        label="not part of the language",
        help="a comment starts with `#` and ends with its line",
        edit=Edit(span, "#", safe=span.text == "//"),
    )
    repair = Repair(trouble.at, trouble.end, ())
    return found, repair if trouble.at > trouble.first and reads_on(trouble, repair) else None


def money_in_words(trouble: Trouble) -> Answer | None:
    """`money POUND`, `money £`."""
    token = trouble.token
    code = _CODES.get(token.text.lower())
    if trouble.lead.text != "money" or trouble.place != "program" or code is None:
        return None
    span = trouble.span(trouble.at)
    found = diagnostic(
        "L101",
        span,
        f"expected a code such as `USD`, found `{span.text}`",
        label=f"write `{code}`",
        edit=Edit(span, code),
    )
    return found, Repair(trouble.at, trouble.at + 1, (Token("CODE", code, token.start, token.start),))


def name_of_words(trouble: Trouble) -> Answer | None:
    """`program Bean Club {`: a name is one word, and a title stands in quotes behind it."""
    first = trouble.first + 1
    if trouble.lead.text not in _NAMED or trouble.at not in (first, first + 1):
        return None
    if trouble.at == first and trouble.token.kind != BAD_WORD:
        return None
    last = first
    while last < trouble.end and (is_word(trouble.tokens[last]) or trouble.tokens[last].kind == BAD_WORD):
        last += 1
    words = [token.text for token in trouble.tokens[first:last]]
    name = "_".join(words).lower()
    follows = trouble.tokens[last].kind
    if trouble.at > first and (follows == NEWLINE or not all(map(is_word, trouble.tokens[first:last]))):
        return None  # the words may be what the clause says, as of a counter, or a text without quotes
    if len(words) < 2 or follows not in _BEHIND_NAMES or word_kind(name) != "NAME":
        return None
    span = trouble.span(first, last - 1)
    titled = trouble.lead.text in _TITLED and follows != "STRING"
    instead = f'{name} "{span.text}"' if titled else name
    found = diagnostic(
        "L101",
        span,
        f"`{span.text}` is not a name, which is one word in lower case",
        label=f"write `{instead}`",
        help="what people call it stands behind the name, in quotes" if titled else None,
        edit=Edit(span, instead),
    )
    repair = Repair(first, last, (Token("NAME", name, span.start, span.end),))
    if trouble.at > first:
        return found, headed(trouble)  # another of the words may be the name that others say
    return found, repair if reads_on(trouble, repair) else None


def title_for_a_name(trouble: Trouble) -> Answer | None:
    """`earn "Double before 9" {`: a name comes before what people call it."""
    token = trouble.token
    if trouble.lead.text not in _TITLED or trouble.at != trouble.first + 1 or token.kind != "STRING":
        return None
    name = "_".join(re.findall(r"[a-z0-9]+", token.text.lower()))
    if word_kind(name) != "NAME":
        name = f"the_{name}".rstrip("_")
    if word_kind(name) != "NAME":
        return None
    span = trouble.span(trouble.at)
    found = diagnostic(
        "L101",
        span,
        f"expected a name before {span.text}",
        label=f"write `{name} {span.text}`",
        help="a name is one word in lower case, by which other lines call it; what people read is in quotes",
        edit=Edit(span, f"{name} {span.text}"),
    )
    return found, headed(trouble)  # another name may be the one that others say


def stray_sign(trouble: Trouble) -> Answer | None:
    """`* earn base {`, a bullet of a list, or the fence of a page around what was copied."""
    if trouble.at != trouble.first or not re.fullmatch(_STRAY, trouble.token.text):
        return None
    last = trouble.at
    while last + 1 < trouble.end and re.fullmatch(_STRAY, trouble.tokens[last + 1].text):
        last += 1
    span, follows = trouble.span(trouble.at, last), last + 1 < trouble.end
    found = diagnostic(
        "L101",
        span,
        f"`{span.text}` means nothing here" if "`" not in span.text else "backquotes mean nothing here",
        label="leave it out",
        help="signs of a list or of a web page come along when text is copied",
        edit=Edit(Span(trouble.source, span.start, trouble.tokens[last + 1].start), "", safe=True)
        if follows
        else deletion(span, safe=True),
    )
    repair = Repair(trouble.at, last + 1, ())
    return found, repair if follows and reads_on(trouble, repair) else None


def brace_below(trouble: Trouble) -> Answer | None:
    """`{` on the line below the header."""
    tokens, at = trouble.tokens, trouble.at
    if trouble.token.kind != NEWLINE or at + 1 >= len(tokens) or tokens[at + 1].kind != "{":
        return None
    repair = Repair(at, at + 1, ())
    if not reads_on(trouble, repair):
        return None
    brace = trouble.span(at + 1)
    end = Span(trouble.source, tokens[at - 1].end, tokens[at - 1].end)
    gap = Span(trouble.source, end.start, brace.end)
    found = diagnostic(
        "L101",
        brace,
        f"`{{` stands on the line of what it opens, behind `{tokens[at - 1].text}`",
        label="move it up",
        secondary=[(end, "to here")],
        edit=Edit(gap, " {", safe=gap.text[:-1].isspace()),
    )
    return found, repair


def second_reward(trouble: Trouble) -> Answer | None:
    """`redeeming a, b`: a purchase has one chosen reward."""
    tokens, at = trouble.tokens, trouble.at
    before = [token.text for token in tokens[trouble.first : at]]
    if trouble.place != "scenario" or trouble.token.text not in (",", "and", "redeeming"):
        return None
    if "redeeming" not in before or at + 1 >= trouble.end:
        return None
    span = trouble.span(at, trouble.end - 1)
    found = diagnostic(
        "L101",
        span,
        "one reward is chosen at a purchase",
        label="one too many",
        help="redeem the other on a line of its own, or at another purchase",
    )
    repair = Repair(at, trouble.end, ())
    return found, repair if reads_on(trouble, repair) else None


def minimum_of_what(trouble: Trouble) -> Answer | None:
    """`minimum 15`: of the basket, or of the balance?"""
    number = trouble.tokens[trouble.at - 1]
    if trouble.lead.text != "minimum" or trouble.at != trouble.end or number.kind != "NUMBER":
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.at - 1),
        f"`{number.text}` of what?",
        label="a number without its unit",
        help="write an amount of money for the basket, or an amount of the currency for the balance",
    )
    repair = Repair(
        trouble.at - 1, trouble.at, (Token("MONEY", f"${number.text}", number.start, number.end),)
    )
    return found, repair if reads_on(trouble, repair) else None


def all_or_nothing(trouble: Trouble) -> Answer | None:
    """`limit 100 points per event all or nothing`: what does not fit whole is not paid."""
    tokens, at = trouble.tokens, trouble.at
    if trouble.lead.text != "limit" or [token.text for token in tokens[at : at + 3]] != [
        "all",
        "or",
        "nothing",
    ]:
        return None
    span = trouble.span(at, at + 2)
    found = diagnostic(
        "L101",
        span,
        "what does not fit under a limit is dropped, or refused whole",
        label="write `else refuse`",
        help="`else refuse` pays nothing where otherwise the part that fits would be paid",
        edit=Edit(span, "else refuse"),
    )
    words = [Token(word_kind(word), word, span.start, span.end) for word in ("else", "refuse")]
    repair = Repair(at, at + 3, tuple(words))
    return found, repair if reads_on(trouble, repair) else None


_SUMS = {"*": "x", "\N{MULTIPLICATION SIGN}": "x", "+": "plus", "-": "less", "\N{MINUS SIGN}": "less"}


def sum_in_signs(trouble: Trouble) -> Answer | None:
    """`item "Price" * "Quantity" - "Discount"`: sums of columns are in words."""
    token = trouble.token
    word = _SUMS.get(token.text)
    if trouble.place != "source" or word is None:
        return None
    span = trouble.span(trouble.at)
    found = diagnostic(
        "L101",
        span,
        f"`{token.text}` means nothing here",
        label="sums of columns are in words",
        help=f"write `{word}`",
        edit=Edit(span, word),
    )
    repair = Repair(trouble.at, trouble.at + 1, (Token(word, word, token.start, token.end),))
    return found, repair if reads_on(trouble, repair) else None


def texts_with_or(trouble: Trouble) -> Answer | None:
    """`skip when "Status" is "a" or "b"`: several texts are a list."""
    tokens, first, at = trouble.tokens, trouble.first, trouble.at
    if (trouble.place, trouble.lead.text, trouble.token.text) != ("source", "skip", "or"):
        return None
    start = next((i for i in range(first + 2, at) if tokens[i].kind == "STRING" and i > first + 3), None)
    rest = tokens[start : trouble.end] if start is not None else []
    if start is None or any(token.kind != ("STRING", "or")[i % 2] for i, token in enumerate(rest)):
        return None
    texts = ", ".join(token.text for token in rest if token.kind == "STRING")
    span = trouble.span(start, trouble.end - 1)
    found = diagnostic(
        "L101",
        span,
        "several texts are a list",
        label="texts joined by `or`",
        help=f"write `is one of {texts}`",
        edit=Edit(span, f"one of {texts}"),
    )
    words = [Token(word, word, span.start, span.start) for word in ("one", "of")]
    listed = [token if token.kind == "STRING" else token._replace(kind=",", text=",") for token in rest]
    repair = Repair(start, trouble.end, (*words, *listed))
    return found, repair if reads_on(trouble, repair) else None


QUESTIONS = (
    sum_in_signs,
    texts_with_or,
    all_or_nothing,
    minimum_of_what,
    other_comment,
    money_in_words,
    name_of_words,
    title_for_a_name,
    stray_sign,
    brace_below,
    second_reward,
)
