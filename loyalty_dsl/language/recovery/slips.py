"""What people slip on inside a clause: a word too many, a sign too few, a row without its `from`.

Invariant: each answer names the one thing to change, and reads on as if it had been changed.
"""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language.automaton import accepted, action_on, after
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.recovery.trouble import Answer, Repair, Trouble, is_word, reads_on
from loyalty_dsl.language.recovery.wording import instead, shape_of
from loyalty_dsl.language.spelling import kind_in_words
from loyalty_dsl.language.tokens import BAD_KINDS, Token, number_kind
from loyalty_dsl.source import Span

_FILLERS = ("the", "a", "an")
_FILLERS_OF_PLACES = {
    "currency": (*_FILLERS, "for", "each"),
    "tiers": (*_FILLERS, "for"),
    "program": (*_FILLERS, "on"),
    "earn": (*_FILLERS, "every", "each", "any", "bonus", "extra", "additional", "loyalty", "spent"),
    "benefit": (*_FILLERS, "every", "each", "any", "bonus", "extra"),
    "referral": (*_FILLERS, "every", "each", "any", "bonus", "extra"),
    "scenario": (*_FILLERS, "is", "=", "of", "to", ">="),
    "by": (*_FILLERS, "=", ":", "is"),
}

_EMPTY = frozenset({"the", "a", "an", "for", "on", "of", "is", "=", ":"})
"""Fillers whose absence cannot change what is meant; `bonus` or `>=` may be a thought."""

_SIGNS = {
    "above": ">",
    "below": "<",
    "exceeds": ">",
    "hits": ">=",
    "passes": ">",
    "reaches": ">=",
    "over": ">",
    "under": "<",
    "at least": ">=",
    "at most": "<=",
    "more than": ">",
    "less than": "<",
}
"""What people say for a comparison."""

_UNITS = {
    "percent": "%", "pct": "%", "dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€",
    "eur": "€", "pound": "£", "pounds": "£", "gbp": "£",
}  # fmt: skip
"""What people say behind a number for a sign."""

_STEPS = ("hits", "passes", "reaches")
"""Those of them that may be about the moment, not about the number."""


def gift_without_number(trouble: Trouble) -> Answer | None:
    """`give gift`: one of them is meant."""
    token = trouble.token
    if trouble.lead.text != "give" or trouble.at != trouble.first + 1 or not is_word(token):
        return None
    if trouble.at + 1 != trouble.end or trouble.is_header:
        return None
    span = trouble.span(trouble.at)
    number = Token("NUMBER", "1", token.start, token.start)
    repair = Repair(trouble.at, trouble.at + 1, (number, Token("NAME", token.text, token.start, token.end)))
    found = diagnostic(
        "L101",
        span,
        f"`give {token.text}` does not say how many",
        label=f"write `1 {token.text}`",
        edit=Edit(span, f"1 {token.text}"),
    )
    return found, repair if reads_on(trouble, repair) else None


def number_alone(trouble: Trouble) -> Answer | None:
    """`online 6`, `nights 1.3` in a segment: how often is what?"""
    if trouble.place not in ("segment", "segment event") or trouble.at != trouble.first + 2:
        return None
    field, number = trouble.lead, trouble.tokens[trouble.at - 1]
    if field.kind != "NAME" or number.kind != "NUMBER" or trouble.at != trouble.end:
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.at - 1),
        f"`{field.text} {number.text}` does not say how often",
        label="a number on its own",
        help=f"a yes/no field has a percentage: `{field.text} 6%`; "
        f"a number has one for each value: `{field.text} 1 60%, 2 40%`",
    )
    repair = Repair(trouble.at - 1, trouble.at, (Token("PERCENT", "1%", number.start, number.end),))
    return found, repair if reads_on(trouble, repair) else None


def filler(trouble: Trouble) -> Answer | None:
    """`in the calendar year`, `given status is gold`: a word that the language does not say."""
    fillers = _FILLERS_OF_PLACES.get(trouble.place, _FILLERS)
    for at in (trouble.at, trouble.at - 1):
        word, repair = trouble.tokens[at].text, Repair(at, at + 1, ())
        known = word in fillers or (word in ("=", ":") and at == trouble.first + 1)
        if at <= trouble.first or not known or not reads_on(trouble, repair):
            continue
        if at < trouble.at and trouble.token.kind in BAD_KINDS:
            continue  # the word is right, and what follows it is broken
        empty = word in _EMPTY or (trouble.lead.text == "on" and word in ("every", "each", "any"))
        found = diagnostic(
            "L101",
            trouble.span(at),
            f"`{word}` is not said here",
            label=f"leave `{word}` out",
            edit=Edit(
                Span(trouble.source, trouble.tokens[at - 1].end, trouble.tokens[at].end),
                "",
                safe=empty,
            ),
        )
        return found, repair
    return None


def sign_in_words(trouble: Trouble) -> Answer | None:
    """`when spend is over $500`, `when status at least gold`."""
    tokens = trouble.tokens
    for at in range(trouble.at, max(trouble.first, trouble.at - 3), -1):
        for length in (2, 1):
            sign = _SIGNS.get(" ".join(token.text for token in tokens[at : at + length]))
            if sign is None:
                continue
            start = at - (tokens[at - 1].text == "is")
            offset = tokens[start].start
            repair = Repair(start, at + length, (Token("COMPARE", sign, offset, tokens[at].end),))
            if not reads_on(trouble, repair):
                continue
            span = trouble.span(start, at + length - 1)
            found = diagnostic(
                "L101",
                span,
                f"a comparison is a sign, found `{span.text}`",
                label=f"write `{sign}`",
                edit=Edit(span, sign, safe=tokens[at].text not in _STEPS),
            )
            return found, repair
    return None


def limit_without_unit(trouble: Trouble) -> Answer | None:
    """`limit 1 per calendar year`: one time, or one point?"""
    number = trouble.tokens[trouble.at - 1]
    if trouble.lead.text != "limit" or trouble.token.text != "per" or number.kind != "NUMBER":
        return None
    repair = Repair(trouble.at, trouble.at, (Token("NAME", "times", number.end, number.end),))
    if not reads_on(trouble, repair):
        return None
    unit = "time" if number.text == "1" else "times"
    found = diagnostic(
        "L101",
        trouble.span(trouble.at - 1),
        f"`{number.text}` of what?",
        label="a number without its unit",
        help=f"write `{number.text} {unit}` for how often, or an amount of the currency",
    )
    return found, repair


def equals_sign(trouble: Trouble) -> Answer | None:
    """`counter a == b`, `counter a: b`, `counter a is b`."""
    token = trouble.token
    if token.text not in ("==", ":", "is", "as") or "=" not in accepted(trouble.tables, trouble.stack()):
        return None
    repair = Repair(trouble.at, trouble.at + 1, (Token("=", "=", token.start, token.end),))
    return _instead(trouble, trouble.at, "`=`", "=", repair, safe=True)


def percent_sign(trouble: Trouble) -> Answer | None:
    """`60 of base`, `20 off`: a share has its sign."""
    at = trouble.at - 1
    number = trouble.tokens[at]
    if at <= trouble.first or number.kind != "NUMBER" or trouble.token.text not in ("of", "off", "back"):
        return None
    meant = f"{number.text}%"
    repair = Repair(at, trouble.at, (Token("PERCENT", meant, number.start, number.end),))
    return _instead(trouble, at, "a percentage such as `5%`", meant, repair)


def unit_behind(trouble: Trouble) -> Answer | None:
    """`40 %`, `2€`, `2 USD`, `100 percent of base`: the sign stands at its number, a money's before it."""
    tokens = trouble.tokens
    for at in range(trouble.at, max(trouble.first, trouble.at - 3), -1):
        if tokens[at].kind != "NUMBER" or at + 1 >= trouble.end:
            continue
        said = tokens[at + 1].text.lower()
        sign = said if said in ("%", "$", "£", "€") else _UNITS.get(said, "")
        meant = f"{tokens[at].text}%" if sign == "%" else f"{sign}{tokens[at].text}"
        kind = "PERCENT" if sign == "%" else "MONEY"
        repair = Repair(at, at + 2, (Token(kind, meant, tokens[at].start, tokens[at + 1].end),))
        if not sign or number_kind(meant) != kind or not reads_on(trouble, repair):
            continue
        span = trouble.span(at, at + 1)
        certain = sign in ("%", said) and "\n" not in span.text
        return instead(span, kind_in_words(kind), meant, safe=certain), repair
    return None


def once(trouble: Trouble) -> Answer | None:
    """`limit once per lifetime`."""
    token = trouble.token
    words = {"once": ("1", "time"), "twice": ("2", "times")}.get(token.text)
    if words is None or trouble.lead.text != "limit":
        return None
    number = Token("NUMBER", words[0], token.start, token.end)
    repair = Repair(trouble.at, trouble.at + 1, (number, Token("NAME", words[1], token.end, token.end)))
    return _instead(trouble, trouble.at, "a number", " ".join(words), repair, safe=True)


def _instead(
    trouble: Trouble, at: int, expected: str, meant: str, repair: Repair, *, safe: bool = False
) -> Answer | None:
    if not reads_on(trouble, repair):
        return None
    return instead(trouble.span(at), expected, meant, safe=safe), repair


def row_without_from(trouble: Trouble) -> Answer | None:
    """`$100  2 points per $1` in a table by amounts or dates."""
    token = trouble.token
    if trouble.place != "by" or trouble.at != trouble.first:
        return None
    repair = Repair(trouble.at, trouble.at, (Token("from", "from", token.start, token.start),))
    if token.kind not in ("MONEY", "NUMBER", "PERCENT", "DATE") or not reads_on(trouble, repair):
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.at),
        f"expected `from` before `{token.text}`",
        label="`from` is missing before this",
        help="a row counts from here up to where the next one begins: `from $100 2 points per $1`",
        edit=Edit(Span(trouble.source, token.start, token.start), "from "),
    )
    return found, repair


def late_columns(trouble: Trouble) -> Answer | None:
    """`columns a, b` below the first row."""
    tables, state = trouble.tables, trouble.states[-1]
    if trouble.place != "by" or trouble.lead.text != "columns":
        return None
    if action_on(tables, state, "columns") != action_on(tables, state, "NAME"):
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.first),
        "the columns of a table stand above its rows",
        label="too late",
        help="move this line up, right below the line that ends in `{`",
    )
    return found, None


def where_last(trouble: Trouble) -> Answer | None:
    """`on purchase where amount >= $5 kept 14 days`: the condition comes last."""
    word = trouble.token.text
    if word not in ("kept", "within", "in", "by"):
        return None
    where = next((i for i in range(trouble.first, trouble.at) if trouble.tokens[i].kind == "where"), None)
    if where is None:
        return None
    before = after(trouble.tables, trouble.states, trouble.tokens[trouble.first : where])
    if before is None or word not in accepted(trouble.tables, before):
        return None
    found = diagnostic(
        "L101",
        trouble.span(trouble.at),
        f"`{word}` stands before `where`, which comes last",
        label="too late",
        secondary=[(trouble.span(where), f"`{word}` belongs before this")],
        help=shape_of(trouble),
    )
    return found, None


QUESTIONS = (
    late_columns,
    row_without_from,
    once,
    limit_without_unit,
    sign_in_words,
    equals_sign,
    unit_behind,
    percent_sign,
    where_last,
    filler,
    gift_without_number,
    number_alone,
)
