"""What the language has and this version does not read yet, recognised by its words.

A clause that starts with a word of `CLAUSES`, or holds a phrase of `PHRASES` where it stops making sense,
is refused at that place as not supported yet and skipped whole. Nothing here has a class in the tree.

Invariant: no row stands for something that the grammar reads; a row only counts where reading failed.
"""

from collections.abc import Sequence

from loyalty_dsl.language.records import record
from loyalty_dsl.language.tokens import Token

_RULES = ("earn", "reward", "benefit", "referral", "challenge", "transfer")

_BLOCK_WORDS: dict[str, tuple[str, ...]] = {
    "program": ("pool",),
}  # fmt: skip

_CLAUSE_WORDS: dict[str, tuple[str, ...]] = {
    "program": ("calls",),
    "membership": ("renewal", "share"),
} | dict.fromkeys(
    _RULES,
    (
        "fee", "notify",
    ),
)  # fmt: skip


_CLAUSE_INSTEAD = {
    "calls": "write `use strategy NAME of basket for up to 500 points` in a rule: docs/strategies.md",
    "fee": "what members pay for a reward stands behind its price: `price 5,000 miles and $5.60`; fees of a "
    "`membership` stand in its plans",
    "renewal": "a plan is renewed at its `fee`, which may be `by date`",
    "notify": "write `notify 14 days before expiry` in the currency",
}
"""What to write in place of such a clause, where something comes near it."""

LEAVE_OUT = "leave it out for now: docs/language.md lists what this version has"


@record
class Phrase:
    """Words in the middle of a clause.

    Attributes:
        words: each the text of a token, or a kind in capitals.
        what: what they say, in the plural.
        clauses: the words that the clause may start with; empty for any.
        instead: what to write in this version.
        unless_behind: a word behind which these mean something that this version has: `up to the basket`.
    """

    words: tuple[str, ...]
    what: str
    clauses: tuple[str, ...] = ()
    instead: str = LEAVE_OUT
    unless_behind: str = ""


PHRASES = (
    Phrase(("next", "calendar"), "`next calendar` windows"),
    Phrase(("by",), "`by` tables", ("cost", "worth"), "write a rule or a reward for each case"),
    Phrase(
        ("by",),
        "margins by a field",
        ("margin",),
        "write one `margin 32%`: the mean of the margins, each weighted by its share of the spend",
    ),
    Phrase(
        ("off", "up", "to", "MONEY"),
        "sums of money off up to an amount",
        ("give",),
        "write `$5 off up to the basket`, or `20% off up to $8`",
    ),
    Phrase(("per", "item"), "roundings `per item`", ("round",)),
    Phrase(
        ("text",),
        "`text` fields",
        instead="no rule reads a text: leave the column out, or write the values that rules ask for, as in "
        "`coupon one of summer, winter, none`",
    ),
    Phrase(("on",), "expiry terms on a day of the year", ("expire",), "write `at next december 31`"),
    Phrase(("business", "days"), "business days"),
    Phrase(("until",), "pending terms that end when something happens", ("pending",)),
    Phrase(("rewards",), "orders of spending by reward", ("spend",)),
    Phrase(("nothing",), "costs of `nothing`", ("cost",)),
    Phrase(("per",), "numbers per something else", ("cost", "worth", "price", "minimum")),
    Phrase(("since",), "amounts per length of time", ("give",)),
)

NAMED_PHRASES = (
    Phrase(("NUMBER", "NAME"), "durations in a period of the program's own", ("pending", "hold")),
    Phrase(
        ("when",),
        "conditions (`when`) behind this clause",
        ("give", "limit", "price"),
        "write `when` on a line of its own, in a rule or reward of its own",
    ),
    Phrase(("after", "issue"), "expiry terms that count from something else", ("expire",)),
    Phrase(("after", "join"), "expiry terms that count from something else", ("expire",)),
    Phrase(
        ("after", "NAME"),
        "expiry terms that count from something else",
        ("expire",),
        "write it beside another: `latest of 24 months after last earning and 4 months after card_closed`",
    ),
)
"""Phrases that any name makes: they count only when no word of them is a misspelt keyword."""


def is_later_block(place: str, word: str) -> bool:
    """Whether a block of a later version starts with this word: one that stands beside all others."""
    return word in _BLOCK_WORDS.get(place, ())


def clause_not_yet(place: str, word: str) -> str | None:
    """What a clause of the block `place` is that starts with `word`, in the plural, if it is not read yet."""
    if is_later_block(place, word):
        return f"`{word}` blocks"
    return f"`{word}` clauses" if word in _CLAUSE_WORDS.get(place, ()) else None


def instead_of(word: str) -> str:
    """What to write in place of a clause that is not read yet."""
    return _CLAUSE_INSTEAD.get(word, LEAVE_OUT)


def phrase_not_yet(
    phrases: Sequence[Phrase], tokens: Sequence[Token], first: int, at: int, *, place: str, behind: bool
) -> tuple[Phrase, int] | None:
    """The phrase that reading failed in.

    Args:
        phrases: which to look for.
        tokens: those of the file.
        first: where the clause starts.
        at: the token that did not fit.
        place: the block that it is in.
        behind: whether the phrase may also end right before that token; then it is not the clause's start.

    Returns:
        The phrase and the index of its first token.
    """
    lead = _leading(tokens, first, place)
    for phrase in phrases:
        if phrase.clauses and lead not in phrase.clauses:
            continue
        length = len(phrase.words)
        for start in range(max(first + behind, at - length + (not behind)), at + 1):
            if start > first and tokens[start - 1].text == phrase.unless_behind:
                continue
            if _matches(phrase.words, tokens[start : start + length]):
                return phrase, start
    return None


def _leading(tokens: Sequence[Token], first: int, place: str) -> str:
    """The word that says what a clause is; a dated line of a scenario is an event or an expectation."""
    lead = tokens[first].text
    if place != "scenario":
        return lead
    later = [token.text for token in tokens[first + 1 : first + 4]]
    return "expect" if "expect" in later else "event" if lead == "on" else lead


def _matches(words: Sequence[str], tokens: Sequence[Token]) -> bool:
    return len(words) == len(tokens) and all(
        word in (token.text, token.kind) for word, token in zip(words, tokens, strict=True)
    )
