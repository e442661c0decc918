"""What people say for a clause of the language, and the clause that says it.

`sayings.txt` has them in groups, the more particular ones first. A line without indent is a pattern of a
whole clause, without its brace, on one line with single spaces. Below it stand, each behind its mark: `>`
the clause to write, or several behind ` ; `; `!` the same where nothing else can be meant, so that the edit
is safe; `?` the same where something else may be meant, so that nothing is changed by itself; `=` what else
to say; `&` words one of which the clause must hold; `:` the message, `^` the label and `#` the code, where
they differ from the usual ones.

Invariant: a saying is asked about only where reading failed. What it writes is a template of the named
groups of its pattern (digits at the end of their names do not count) and of the words that `rephrasing`
adds; where one of them is not known the saying does not count.
"""

from functools import cache
from pathlib import Path

import attrs

from loyalty_dsl.calendar import MONTHS

_UNIT = "day|week|month|quarter|year"
_OF_LIMITS = (
    f"{_UNIT}|order|purchase|transaction|basket|visit|checkout|event|customer|member|person|account|household"
    "|user|lifetime"
)

ALIASES = {
    "N": r"\d[\d,]*(?:\.\d+)?",
    "MONEY": r"[$£€]\d[\d,]*(?:\.\d+)?[KMBkmb]?",
    "LENGTH": rf"\d[\d,]* (?:{_UNIT})s?",
    "DATE": r"\d{4}-\d\d-\d\d",
    "CLOCK": r"\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?[ap]m",
    "MONTH": "|".join(MONTHS),
    "UNIT": _UNIT,
    "WEEKDAY": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekday|weekend",
    "PER": (
        rf"(?:(?:per|a|an|each|every|in a|in one|/) ?(?:calendar )?(?:{_OF_LIMITS})"
        r"|daily|weekly|monthly|quarterly|yearly|annually)"
    ),
    "HALF": r"double|triple|quadruple|twice|\d+(?:\.\d+)? ?x|x ?\d+|\d+(?:\.\d+)? times",
    "FRIEND": (
        r"(?:a |the )?(?:friend(?:'s)?|referred friend|referee|invitee|invited friend|new member|new customer"
        r"|referred member|referred)"
    ),
}
"""Pieces of patterns, written `<NAME>`; its own `LEVEL`, `EVENT`, `VALUE` and `REWARD` come to them."""

_GROUPS = {
    "program": ("programs", "titles"),
    "event": ("fields",),
    "item": ("fields",),
    "member": ("fields",),
    "currency": ("currencies", "titles"),
    "tiers": ("tiers",),
    "earn": ("limits", "times", "whom", "triggers", "gives", "expiry", "which", "titles"),
    "by": ("rows",),
    "reward": ("limits", "times", "whom", "prices", "rewards", "which", "titles"),
    "study": ("studies",),
    "population": ("populations",),
    "benefit": ("limits", "times", "whom", "triggers", "rewards", "which", "titles"),
    "referral": ("limits", "times", "referrals", "whom", "which", "titles"),
    "returns": ("returns",),
    "segment": ("segments",),
    "scenario": ("scenarios",),
}
"""By the word of a block the groups of its sayings; the first saying that fits counts."""


@attrs.frozen
class Saying:
    """One way of saying a clause; the attributes are the marks of the file."""

    pattern: str
    write: str = ""
    guess: bool = False
    safe: bool = False
    help: str = ""
    hint: tuple[str, ...] = ()
    message: str = ""
    label: str = "said in other words"
    code: str = ""


def sayings_of(place: str) -> tuple[Saying, ...]:
    """The sayings that a block may hold, by its word; none for blocks that have none."""
    groups = _read()
    return tuple(saying for group in _GROUPS.get(place, ()) for saying in groups[group])


@cache
def _read() -> dict[str, list[Saying]]:
    groups: dict[str, list[Saying]] = {}
    rows: list[Saying] = []
    for line in Path(__file__).with_name("sayings.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rows = groups.setdefault(line[1:-1], [])
        elif line.startswith("    "):
            rows[-1] = _with(rows[-1], line[4], line[6:])
        elif line and not line.startswith("#"):
            rows.append(Saying(line))
    return groups


def _with(saying: Saying, mark: str, text: str) -> Saying:
    match mark:
        case ">":
            return attrs.evolve(saying, write=text)
        case "!":
            return attrs.evolve(saying, write=text, safe=True)
        case "?":
            return attrs.evolve(saying, write=text, guess=True)
        case "=":
            return attrs.evolve(saying, help=text)
        case "&":
            return attrs.evolve(saying, hint=tuple(text.split("|")))
        case ":":
            return attrs.evolve(saying, message=text)
        case "^":
            return attrs.evolve(saying, label=text)
        case _:
            return attrs.evolve(saying, code=text)
