"""The words of terms: amounts, money, dates, lengths of time, lists and names, as members read them.

Invariant: everything here is a noun phrase of correct number, which any sentence can hold.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import MONTH_NAMES, WEEKDAY_NAMES, Duration, Unit, date_of
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.language.types import EventKind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of

DEEDS = {"accept", "cancel", "download", "install", "invite", "port", "register", "subscribe", "verify"}
"""Names of events that are verbs, of what a member does; any other name is that of a thing."""


def human(name: str) -> str:
    """A name of a rule file as words: `card_in_wallet` is `card in wallet`, and `monday` is `Monday`."""
    words = name.split("_")
    return " ".join(word.capitalize() if word.capitalize() in WEEKDAY_NAMES else word for word in words)


def titled(name: str) -> str:
    """A label with a capital first letter."""
    return name[:1].upper() + name[1:]


def quoted(text: str) -> str:
    return f"“{text}”"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def number(value: int | Fraction) -> str:
    """A number with thousands separated and its decimals; one whose decimals have no end as a fraction."""
    value = Fraction(value)
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 1)
    if rest == 0:
        return f"{sign}{whole:,}"
    rest_of = rest.denominator
    for prime in (2, 5):
        while rest_of % prime == 0:
            rest_of //= prime
    if rest_of != 1:
        return f"{sign}{abs(value).numerator:,}/{value.denominator:,}"
    digits = 1
    while (rest * 10**digits).denominator != 1:
        digits += 1
    return f"{sign}{whole:,}.{int(rest * 10**digits):0{digits}d}"


def ordinal(value: int) -> str:
    """`first`, `4th`, `21st`."""
    ends = {} if value // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}
    said = f"{value:,}{ends.get(value % 10, 'th')}"
    return {1: "first", 2: "second", 3: "third"}.get(value, said)


def percent(share: Fraction) -> str:
    return f"{number(share * 100)}%"


def date_words(day: int) -> str:
    """`March 1, 2026`."""
    value = date_of(day)
    return f"{MONTH_NAMES[value.month - 1]} {value.day}, {value.year}"


def day_of_year_words(month_day: tuple[int, int]) -> str:
    """`September 30`; the last day of February is named as such, as it is not the same each year."""
    month, day = month_day
    return "the last day of February" if (month, day) == (2, 29) else f"{MONTH_NAMES[month - 1]} {day}"


def counted(count: int | Fraction, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number(count)} {noun if count == 1 else noun + 's'}"


def length_words(duration: Duration) -> str:
    return counted(duration.count, duration.unit.value)


def times_words(count: int) -> str:
    return counted(count, "time")


def event_noun(event: EventKind) -> str:
    """What one event is called: `purchase`, `card purchase`."""
    return human(event.name)


def event_nouns(event: EventKind) -> str:
    """Several such events: `purchases`, `deliveries`."""
    name = human(event.name)
    if singular_of(name) != name:
        return name
    if name[-1] == "y" and name[-2:-1] not in set("aeiou"):
        return f"{name[:-1]}ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def how_many(event: EventKind) -> str:
    """`the number of your purchases`, `the number of times that you verify`."""
    if event.name in DEEDS:
        return f"the number of times that you {human(event.name)}"
    return f"the number of your {event_nouns(event)}"


def one_of_name(label: str) -> str | None:
    """One of what a label counts: `Star`, `Year at a level`; `None` where no regular singular is found."""
    if "," in label or " that " in label or label[:1].isdigit():
        return None
    if label.endswith(_ALIKE):
        return label
    if singular_of(label) != label:
        return singular_of(label)
    words = label.split(" ")
    for place, word in enumerate(words):
        if singular_of(word) != word and len(word) > 3:
            return " ".join((*words[:place], singular_of(word), *words[place + 1 :]))
    return label


_ALIKE = ("Kudos", "kudos", "Series", "series")
"""Names that are the same in both numbers, whatever they end in."""

_AFTER_HEAD = {"to", "of", "at", "by", "with", "from", "for", "in", "done", "chosen", "that"}


def is_plural(label: str) -> bool:
    """Whether a label takes a plural verb: `Stars`, `Points to give`, `MQD`, but not `Store credit`."""
    head: list[str] = []
    for word in label.split(" "):
        if word in _AFTER_HEAD:
            break
        head.append(word)
    last = head[-1] if head else label
    return "," not in label and (singular_of(last) != last or last.isupper() or last.endswith("ios"))


@attrs.frozen
class Words:
    """The words of one program.

    Amounts of a currency are told in its own name, sums of money in the money of the program.

    Attributes:
        internal: whether they are for the company, which reads of hidden rules as well.
    """

    program: Program
    internal: bool = False

    # ---- money and amounts

    def money(self, minor: int | Fraction) -> str:
        """`$12.50`, and `$5` where there are no cents; parts of a cent are kept."""
        scale = 10 ** MINOR_DIGITS[self.program.money]
        value = Fraction(minor) / scale
        sign = "-" if value < 0 else ""
        text = number(abs(value))
        whole, point, decimals = text.partition(".")
        digits = len(str(scale)) - 1
        if point and len(decimals) < digits:
            text = f"{whole}.{decimals.ljust(digits, '0')}"
        return f"{sign}{prefix_of(self.program.money)}{text}"

    def currency(self, index: int) -> Currency:
        return self.program.currencies[index]

    def label(self, index: int) -> str:
        """A currency as a sentence names it; quoted where its name is a phrase."""
        label = self.currency(index).label
        return quoted(label) if "," in label or " that " in label or label[:1].isdigit() else label

    def units(self, index: int, units: int | Fraction) -> str:
        """`1 Star`, `1.2 Stars`, `$5 in Gift cards`."""
        currency = self.currency(index)
        if currency.in_money:
            return f"{self.money(units)} in {self.label(index)}"
        shown = Fraction(units) / currency.scale
        one = one_of_name(currency.label)
        if one is None:
            return f"{counted(shown, 'unit')} of {quoted(currency.label)}"
        return f"{number(shown)} {one if shown == 1 else currency.label}"

    def bare(self, index: int, units: int | Fraction) -> str:
        """The number alone: `1.2`, or `$5`."""
        currency = self.currency(index)
        return self.money(units) if currency.in_money else number(Fraction(units) / currency.scale)

    def rule(self, index: int) -> str:
        """How other sentences name an earn rule; one that members are not told of has no name there."""
        rule = self.program.earns[index]
        return "rules of our own" if rule.hidden and not self.internal else quoted(titled(rule.label))

    def held(self, index: int) -> tuple[str, bool]:
        """A currency as the subject of a sentence, and whether that is in the plural."""
        currency = self.currency(index)
        if is_plural(currency.label) and not currency.in_money:
            return titled(self.label(index)), True
        return f"What you hold in {self.label(index)}", False

    def ladder(self, index: int) -> str:
        """`Elite status`, `Medallion level`."""
        label = self.program.ladders[index].label
        return label if label.lower().endswith(("status", "level")) else f"{label} level"

    def level(self, ladder: int, level: int) -> str:
        return titled(human(self.program.ladders[ladder].levels[level].label))


# ---- windows


def window_name(window: Unit | Period | YearOfMembership) -> str:
    """`calendar month`, `fiscal quarter`, `year of your membership`."""
    match window:
        case Unit.DAY:
            return "day"
        case Unit():
            return f"calendar {window.value}"
        case Period(_, name):
            return human(name)
        case YearOfMembership():
            return "year of your membership"


def during(window: Window, previous: bool = False) -> str:
    """When a counter counts: `in the current calendar year`, `in the last 12 months`, `since you joined`."""
    match window:
        case Lifetime():
            return "since you joined"
        case Rolling(duration):
            return f"in the last {length_words(duration)}"
        case Unit.DAY:
            return "on the day before" if previous else "on the same day"
        case _:
            return f"in the {'previous' if previous else 'current'} {window_name(window)}"


def per_window(window: Unit | Period | YearOfMembership | Lifetime) -> str:
    """In which windows a limit counts: `in each calendar month`."""
    match window:
        case Lifetime():
            return "in all"
        case Unit.DAY:
            return "on any one day"
        case _:
            return f"in each {window_name(window)}"
