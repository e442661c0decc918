"""What a changed number means to members, in a few words: `harder to reach, +20%`.

Invariant: something is said only where two lines differ in exactly one number and its place decides which way
that works; everything else is left to the lines themselves.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from loyalty_dsl.language.changes import Detail
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.rows import SUFFIXES
from loyalty_dsl.language.tables import END
from loyalty_dsl.language.tokens import Token, tokenize

Words = tuple[str, str]
"""What to say where a number is larger than it was, and where it is smaller."""

_ASKS: Words = ("asks for more", "asks for less")
_OF_CLAUSE: Mapping[str, Words] = {
    "balance": ("is worth more", "is worth less"),
    "breakage": ("counts on more breakage", "counts on less breakage"),
    "chance": ("comes more often", "comes less often"),
    "cost": ("costs you more", "costs you less"),
    "expire": ("lasts longer", "lasts shorter"),
    "fee": ("costs members more", "costs members less"),
    "forgive": ("forgives more", "forgives less"),
    "give": ("gives more", "gives less"),
    "goal": ("harder to reach", "easier to reach"),
    "hold": ("is kept longer", "is kept shorter"),
    "holdout": ("leaves more members out", "leaves fewer members out"),
    "limit": ("allows more", "allows less"),
    "minimum": ("needs a larger basket", "is there for smaller baskets too"),
    "notify": ("tells members earlier", "tells members later"),
    "pays": ("pays more", "pays less"),
    "pending": ("comes later", "comes sooner"),
    "plan": ("costs members more", "costs members less"),
    "postpone": ("puts off more", "puts off less"),
    "price": ("costs members more", "costs members less"),
    "raise": ("gives more", "gives less"),
    "receives": ("receives more", "receives less"),
    "runs": ("costs you more", "costs you less"),
    "trial": ("is free longer", "is free shorter"),
    "worth": ("is worth more", "is worth less"),
}
"""By the word that a clause begins with."""

_OF_PART: Mapping[str, Words] = {"level": ("harder to reach", "easier to reach"), "counter": ("", "")}
"""By the kind of part, where that decides before the clause does."""

_CONDITIONS = ("accept", "for", "on", "refuse", "when")
_UNITS = ("day", "week", "month", "year", "hour", "minute")
_PER = ("per", "whole")
_NUMBERS = ("NUMBER", "MONEY", "PERCENT")


def consequence(what: str, detail: Detail) -> str | None:
    """What the change of a line does, and by how much.

    Args:
        what: the kind of the part that the line is of.

    Returns:
        Words such as `gives more, +50%`; None where the lines differ in more or other than one number.
    """
    if detail.old is None or detail.new is None:
        return None
    old, new = _tokens(detail.old), _tokens(detail.new)
    at = _only_difference(old, new)
    if at is None:
        return None
    before, after = _value(old[at]), _value(new[at])
    if before == after:
        return None
    words = _words(what, detail.clause, new, at)
    said = words[0 if after > before else 1] if words else ""
    return ", ".join(part for part in (said, _by_how_much(new, at, before, after)) if part) or None


def _tokens(line: str) -> list[Token]:
    return [token for token in tokenize(line) if token.kind != END]


def _only_difference(old: Sequence[Token], new: Sequence[Token]) -> int | None:
    """Where the lines differ, if that is in one number; `1 point` and `2 points` do."""
    if len(old) != len(new):
        return None
    places = [
        at
        for at, (one, other) in enumerate(zip(old, new, strict=True))
        if one.text != other.text and other.text not in other_numbers(one.text)
    ]
    if len(places) != 1 or old[places[0]].kind != new[places[0]].kind:
        return None
    return places[0] if new[places[0]].kind in _NUMBERS else None


def _value(token: Token) -> Fraction:
    digits = "".join(character for character in token.text if character.isdigit() or character == ".")
    return Fraction(digits) * SUFFIXES.get(token.text[-1], 1)


def _words(what: str, clause: str, line: Sequence[Token], at: int) -> Words | None:
    """What more and less of the number at its place mean."""
    before = line[at - 1].text if at else ""
    if before in _PER:
        words = _OF_CLAUSE.get(clause)
        return words and words[::-1]
    compares = before if line[at - 1].kind == "COMPARE" and at else None
    if compares is None and clause in _CONDITIONS and what != "level":
        return None
    words = _OF_PART.get(what) or (_ASKS if clause in _CONDITIONS or compares else _OF_CLAUSE.get(clause))
    if clause == "refuse":
        words = ("refuses less", "refuses more")
    return words[::-1] if words and compares and compares[0] == "<" else words


def _by_how_much(line: Sequence[Token], at: int, before: Fraction, after: Fraction) -> str:
    """`+50%`; `by 6 months` for a length of time, and in points for a percentage."""
    behind = line[at + 1].text if at + 1 < len(line) else ""
    singular = next((unit for unit in _UNITS if behind in (unit, unit + "s")), None)
    if singular:
        many = abs(after - before)
        return f"by {_plain(many)} {singular if many == 1 else singular + 's'}"
    if at and line[at - 1].text in _PER:  # half as much per dollar is twice the dollars
        before, after = after, before
    sign = "+" if after > before else "-"
    if line[at].kind == "PERCENT":
        many = abs(after - before)
        return f"{sign}{_plain(many)} percentage point{'' if many == 1 else 's'}"
    return "" if not before else f"{sign}{_percent(abs(after - before) / before)}"


def _percent(share: Fraction) -> str:
    """Whole from ten up, else with one decimal; never rounded to nothing."""
    hundredths = share * 100
    if hundredths >= 10:
        return f"{round(hundredths):,}%"
    if hundredths < Fraction(1, 20):
        return "under 0.1%"
    return f"{float(hundredths):.1f}".removesuffix(".0") + "%"


def _plain(number: Fraction) -> str:
    return f"{number.numerator:,}" if number.denominator == 1 else f"{float(number):g}"
