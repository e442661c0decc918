"""When what is held is lost (EXP).

Invariants: the forms of a lot give each lot a day of its own when it is posted; the forms of a balance
(`AfterActivity`, `AfterFirst`) give the whole balance one day, and its lots none.
"""

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.language.windows import Period


@record
class Never:
    """Lots do not expire."""


@record
class AfterEarning:
    """A lot is gone `duration` after the day it was earned or, with `end_of`, from the first day after
    the calendar window in which that day falls. With `at_next` (month, day), from the day after the next
    such day of the year on or after it. `expire at end of calendar month` is a duration of zero days."""

    duration: Duration
    end_of: Unit | Period | None
    at_next: tuple[int, int] | None = None


@record
class LatestOf:
    """The latest of the days that several terms give."""

    terms: tuple[AfterEarning, ...]


@record
class Activity:
    """What restarts the clock of a balance.

    Attributes:
        events: kinds of event, by index.
        earning: any posting of the currency by a rule.
        redemption: any use of a reward that is paid for, whatever the currency.
        rewards: uses of these rewards or benefits, by index.
    """

    events: tuple[int, ...]
    earning: bool
    redemption: bool
    rewards: tuple[int, ...]


@record
class AfterActivity:
    """The whole balance is gone `duration` after the last activity, or on the first day after it on which
    `unless` does not hold."""

    duration: Duration
    activity: Activity
    unless: Condition | None = None


@record
class AfterFirst:
    """The whole balance is gone `duration` after the day on which its oldest lot was earned, or on the first
    day after it on which `unless` does not hold."""

    duration: Duration
    unless: Condition | None = None


@record
class ExpiryCase:
    """A term that applies when `when` holds on the member's state."""

    when: Condition
    term: "LotTerm"


@record
class FirstThatHolds:
    """The term of the first case that holds, or `otherwise`; asked when a lot is posted, and again on the
    day on which it would be gone."""

    cases: tuple[ExpiryCase, ...]
    otherwise: "LotTerm"


@record
class Postpone:
    """A lot that would be gone today stays for `duration` more if `when` holds on today's state."""

    duration: Duration
    when: Condition | None


@record
class Restart:
    """When status falls from `level` or above to below it, every lot expires as if earned on that day."""

    ladder: int
    level: int


LotTerm = Never | AfterEarning | LatestOf
Expiry = Never | AfterEarning | LatestOf | AfterActivity | AfterFirst | FirstThatHolds
