"""The names that the language knows by itself, each with a sentence: measures, events, actors, registries.

Invariant: a name that a program declares is never here; one with the same name takes its place.
"""

from collections.abc import Mapping

import attrs

from loyalty_dsl.calendar import MONTHS, WEEKDAYS
from loyalty_dsl.language.archetypes import ARCHETYPES as _ARCHETYPES
from loyalty_dsl.language.outcomes import OUTCOME_NAMES
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.responses import RESPONSES


@attrs.frozen
class Word:
    """A name of the language's own.

    Attributes:
        kind: what it is, in a word or two.
        says: what it means, in a sentence.
    """

    name: str
    kind: str
    says: str

    def goes_by(self, word: str) -> bool:
        """Whether a word of the text means it."""
        return self.name == word or (self.kind in _COUNTED and self.name in other_numbers(word))


_COUNTED = ("unit", "count", "event")
"""What may be written in the singular or the plural."""

_MEASURES = {
    "amount": "What the event costs, in money: of a purchase the whole basket.",
    "basket": "What is left of the basket at this point of the checkout, in money.",
    "balance": "What the member has of a currency and may use: write `balance of points`.",
    "days": "Days since a date: write `days since join`, or `days since` a date field.",
    "referred": "Whether another member brought this one.",
    "spend": "The money of purchases, summed over a window: `spend in calendar year`.",
    "items": "The items of purchases, counted over a window, or those that a filter is of.",
    "purchases": "How many purchases there were in a window.",
    "date": "The day of the event: a table `by date` has a row from each day on.",
    "sent": "What a member has sent to others, on a day: `expect sent 30 points`.",
    "received": "What a member has been sent by others, on a day.",
    "level": "The level that the member has reached, whichever it is.",
}
_EVENTS = {
    "purchase": "A purchase, which every program has.",
    "event": "The event itself, of whatever kind.",
    "join": "The day on which a member joined, which every program has.",
    "earning": "Any day on which the member earns.",
    "redemption": "Any day on which the member takes a reward.",
}
_PEOPLE = {
    "friend": "The member whom this one referred.",
    "recipient": "The member to whom something is sent.",
    "member": "The member whose event it is.",
}
_OTHERS = {
    "times": ("count", "How often something happens: `limit 4 times per calendar day`."),
    "active": ("state", "A membership for which the member pays, or which it is trying."),
    "inactive": ("state", "A membership that nobody pays for."),
    "refunded": ("word", "What of a fee was paid back: `expect $139 refunded`."),
    "fee": ("word", "What was paid for a membership."),
    "average": ("word", "The mean basket of an archetype: `average basket $32`."),
    "holdout": ("word", "Who of an audience is left out, to measure what an offer does."),
    "marketing": ("account", "What is given counts as marketing, and defers no revenue."),
    "sold": ("account", "What is given was sold to a partner at a price."),
    "reward": ("column", "The reward that a member takes."),
    "quantity": ("column", "How often it takes it."),
    "referrer": ("column", "Who brought the member."),
    "partner": ("word", "To whom points are sold: `account sold to partner at $0.012`."),
}

WORDS: Mapping[str, Word] = {
    **{name: Word(name, "measure", says) for name, says in _MEASURES.items()},
    **{name: Word(name, "event", says) for name, says in _EVENTS.items()},
    **{name: Word(name, "actor", says) for name, says in _PEOPLE.items()},
    **{name: Word(name, kind, says) for name, (kind, says) in _OTHERS.items()},
    **{name: Word(name, "month", f"{name.title()}, every year.") for name in MONTHS},
    **{name: Word(name, "day of the week", f"Every {name.title()}.") for name in WEEKDAYS},
    **{name: Word(name, "unit", f"In {name}.") for name in ("weeks", "months", "quarters", "years")},
}  # fmt: skip
"""By name."""

UNITS = tuple(
    Word(name, "unit", f"A length of time, in {name}.")
    for name in ("days", "weeks", "months", "quarters", "years")
)
"""What lengths of time are counted in."""

ARCHETYPES: Mapping[str, Word] = {
    each.name: Word(each.name, "archetype", f"{each.title}: {each.says}") for each in _ARCHETYPES
}
"""Kinds of business that a segment may be `like`."""

REACTIONS: Mapping[str, Word] = {
    each.name: Word(each.name, "response", f"{each.title}: {each.says}") for each in RESPONSES
}
"""How customers may react, by the word of its clause."""

OUTCOMES: Mapping[str, Word] = {
    each.name: Word(each.name, "outcome", f"An outcome of a forecast, {each.unit.value}, {each.when.value}.")
    for each in OUTCOME_NAMES
}
"""What a study may ask for."""
