"""The level that a member holds on a ladder: grants, and what deciding adds to them (TIER).

Invariants: a grant of a level lasts through a day, and status is the highest level with a grant that lasts
(TIER-1). Of the grants of one level only the one that lasts longest can matter, so only its day is kept.

Worked case (TIER-3): held through the end of the calendar year plus 12 months, gold that is earned on
30 November 2024 lasts through 31 December 2025.
"""

from typing import assert_never

import attrs

from loyalty_dsl.calendar import NEVER, Duration, Unit, add_duration
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Ladder, Lapse, NewBeginning

NOT_HELD = -(2**31)
"""The last day of a level that was never granted."""


@attrs.define(eq=False)
class Standing:
    """A member's grants on one ladder.

    Attributes:
        through: the last day of each level's grants, by level; nothing grants level 0.
        level: the status, as it was last settled: at a midnight or by an event.
    """

    through: list[int]
    level: int = 0

    @classmethod
    def of(cls, ladder: Ladder) -> "Standing":
        return cls(through=[NOT_HELD] * len(ladder.levels))

    def live_on(self, day: int) -> int:
        """The highest level with a grant that lasts through `day` or longer (TIER-1)."""
        return max((level for level, through in enumerate(self.through) if through >= day), default=0)

    def held_through(self, level: int) -> int:
        """The last day on which a grant gives this level or a higher one."""
        return max(self.through[level:])

    def grant(self, level: int, through: int) -> None:
        """Adds a grant; the lowest level needs none."""
        if level:
            self.through[level] = max(self.through[level], through)


def earned_level(ladder: Ladder, facts: Facts) -> int:
    """The highest level whose conditions hold, each by itself (TIER-2)."""
    return max(level.index for level in ladder.levels if level.index == 0 or holds(level.when, facts))


def grant_from(ladder: Ladder, window_day: int, day: int) -> int:
    """The last day of a grant (TIER-3).

    Args:
        window_day: a day of the window through whose end it is held.
        day: the day from which a hold of some length counts.
    """
    if ladder.lapse is Lapse.NEVER:
        return NEVER
    match ladder.hold:
        case HoldThrough(window, plus):
            return add_duration(window_until(window, window_day, window_day), plus) - 1
        case HoldFor(duration):
            return add_duration(day, duration) - 1
        case _:
            assert_never(ladder.hold)


def decide(ladder: Ladder, standing: Standing, facts: Facts, day: int) -> None:
    """Decides after an event of `day` (TIER-4): a status can only rise."""
    earned = earned_level(ladder, facts)
    if isinstance(ladder.hold, HoldThrough) or earned > standing.live_on(day):
        standing.grant(earned, grant_from(ladder, day, day))
    standing.level = standing.live_on(day)


def end_term(ladder: Ladder, standing: Standing, facts: Facts, day: int) -> None:
    """Decides at the first midnight after the grant of the status, on `day` (TIER-5, TIER-6).

    Args:
        facts: with the windows of the day before.
    """
    before, earned = standing.level, earned_level(ladder, facts)
    if isinstance(ladder.hold, HoldThrough) or earned > standing.live_on(day):
        standing.grant(earned, grant_from(ladder, day - 1, day))
    if ladder.lapse is Lapse.ONE_LEVEL and standing.live_on(day) < before - 1:
        standing.grant(before - 1, add_duration(day, one_more(ladder)) - 1)
    standing.level = standing.live_on(day)


def one_more(ladder: Ladder) -> Duration:
    """How long the level below is held when no more than one is lost at a time (TIER-6)."""
    match ladder.hold:
        case HoldThrough(window, _):
            return Duration(1, window if isinstance(window, Unit) else window.unit)
        case HoldFor(duration):
            return duration
        case _:
            assert_never(ladder.hold)


def review(ladder: Ladder, standing: Standing, facts: Facts, day: int) -> None:
    """Decides at the start of a window of `review` (TIER-7); it can lower nothing.

    Args:
        facts: with the windows of the day before.
    """
    earned = earned_level(ladder, facts)
    if isinstance(ladder.hold, HoldThrough) or earned >= standing.live_on(day):
        standing.grant(earned, grant_from(ladder, day, day))
    standing.level = standing.live_on(day)


def recheck(ladder: Ladder, standing: Standing, facts: Facts, day: int) -> None:
    """Ends the grants above the level that is still earned after a return, and decides (TIER-8)."""
    earned = earned_level(ladder, facts)
    if earned < standing.level and not ladder.bought:
        for level in range(earned + 1, len(standing.through)):
            standing.through[level] = min(standing.through[level], day - 1)
    decide(ladder, standing, facts, day)


def begin_anew(ladder: Ladder, standing: Standing, facts: Facts, day: int, beginning: NewBeginning) -> None:
    """Ends every grant, honours the level held as far as that is promised, and decides (VERSION-6)."""
    held = standing.level
    standing.through = [min(through, day - 1) for through in standing.through]
    if beginning.honoured is not None:
        standing.grant(held, beginning.honoured)
    standing.grant(earned_level(ladder, facts), grant_from(ladder, day, day))
    standing.level = standing.live_on(day)
