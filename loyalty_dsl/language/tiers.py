"""Tiers: ladders of levels that members hold through a day (TIER).

Invariants: status is the highest level of a live grant, and level 0, which everybody holds, without one.
Deciding only ever adds grants; nothing edits or removes one.
"""

from enum import Enum

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.language.windows import Period
from loyalty_dsl.source import Span


@record
class HoldThrough:
    """Held through the end of the window in which the level was earned, and for `plus` after it."""

    window: Unit | Period
    plus: Duration


@record
class HoldFor:
    """Held for a length of time from the day on which the level was earned, and decided again at its end."""

    duration: Duration


Hold = HoldThrough | HoldFor


class Lapse(Enum):
    """What a member is left with when a term ends. The value is the language's own words."""

    TO_EARNED = "to the level earned"
    ONE_LEVEL = "at most one level"
    NEVER = "never"


@record
class Level:
    """One level; `when` is `None` only for the first, which everybody holds."""

    name: str
    label: str
    index: int
    when: Condition | None
    span: Span


@record
class NewBeginning:
    """The midnight at which all grants end and the level is decided anew (VERSION-6).

    Attributes:
        day: its day.
        honoured: the last day through which the level held so far is granted; `None` for not at all.
    """

    day: int
    honoured: int | None


@record
class Ladder:
    """The levels of one status, from the lowest.

    Attributes:
        upgrade_before: an event counts towards the level at which it earns itself.
        review: the calendar window at whose start the level is decided as well, or the day of each year, as
            month and day; `None` for none.
        bought: its levels are the plans of a membership, and no deciding grants one (FEE-1).
        begins_anew: where a version of the program replaced another one; one for each time.
    """

    name: str
    label: str
    index: int
    hold: Hold
    lapse: Lapse
    upgrade_before: bool
    review: Unit | tuple[int, int] | None
    levels: tuple[Level, ...]
    span: Span
    begins_anew: tuple[NewBeginning, ...] = ()
    bought: bool = False
