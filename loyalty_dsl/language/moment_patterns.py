"""How a file writes dates and times, as a source says it: `month/day/year hour:minute`.

Invariant: a pattern names the year, the month and the day once each, and whatever else it names at most once;
so a text that fits it is one moment, or no day of the calendar.
"""

import re

PARTS = {
    "year": r"(?<year>[0-9]{4}|[0-9]{2})",
    "month": r"(?<month>[0-9]{1,2})",
    "day": r"(?<day>[0-9]{1,2})",
    "hour": r"(?<hour>[0-9]{1,2})",
    "minute": r"(?<minute>[0-9]{2})",
    "second": r"(?<second>[0-9]{2}(?:\.[0-9]+)?)",
    "am": r"(?<am>[AaPp]\.?[Mm]\.?)",
    "offset": r"(?<offset>Z|UTC|[+-][0-9]{2}:?[0-9]{2})",
}
"""The words of a pattern, and what each stands for."""

_WORD = re.compile(r"[A-Za-z]+")


def pattern_trouble(text: str) -> str | None:
    """What is wrong with a pattern, as a sentence about it; `None` if nothing."""
    words = _WORD.findall(text)
    unknown = next((word for word in words if word not in PARTS), None)
    if unknown is not None:
        return f"has the word `{unknown}`, and there are {', '.join(PARTS)}"
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice is not None:
        return f"has `{twice}` twice"
    missing = [word for word in ("year", "month", "day") if word not in words]
    if missing:
        return f"has no `{missing[0]}`"
    for word, needs in (("minute", "hour"), ("second", "minute"), ("am", "hour"), ("offset", "hour")):
        if word in words and needs not in words:
            return f"has `{word}` without `{needs}`"
    return None


def pattern_of(text: str) -> str:
    """The pattern as a regular expression with a named group for each of its words; signs are as they are."""
    pieces, at = [], 0
    for match in _WORD.finditer(text):
        pieces += [_signs(text[at : match.start()]), PARTS[match[0]]]
        at = match.end()
    return "^" + "".join(pieces) + _signs(text[at:]) + "$"


def _signs(text: str) -> str:
    return re.sub(r"\s+", r"\\s*", re.escape(text).replace(r"\ ", " "))
