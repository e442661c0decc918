"""Rewards and benefits: what members get for their points, or for being who they are (REDEEM, BENEFIT).

Invariant: a use takes the price from one currency and gives one face; which case applies is settled once,
before the first use at an event, by conditions that no use can change.
"""

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record


@record
class MoneyOff:
    """Money off the basket: `minor` each use, even beyond what is left to pay when `in_full`."""

    minor: int
    in_full: bool


@record
class PercentOff:
    """A share of the prices of the items that pass, half up to the minor unit; at most what is left, and
    `up_to` minor units."""

    share: Fraction
    up_to: int | None = None


@record
class FreeItem:
    """The dearest item that passes and is not free yet, up to `up_to` minor units; `None` is all of it."""

    up_to: int | None


@record
class UnitsGiven:
    """Units of another currency, posted as a lot of it: a certificate, a free drink. With `per`, `more` units
    for each whole `per` that a request takes, which is a multiple of the price (EXCHANGE-5)."""

    currency: int
    units: int
    per: int = 0
    more: int = 0


@record
class BalanceGiven:
    """With a price of the whole balance: that share of it in another currency, rounded as that says."""

    currency: int
    share: Fraction


@record
class Thing:
    """Something that no ledger holds: a sample, free shipping."""

    name: str


Face = MoneyOff | PercentOff | FreeItem | UnitsGiven | BalanceGiven | Thing


@record
class RewardCase:
    """A price and what it buys, when `when` holds. `price` is 0 for a benefit; with `whole_balance` the
    price is all that is available, and at least 1."""

    when: Condition | None
    price: int
    whole_balance: bool
    face: Face


def given_in(cases: Iterable[RewardCase]) -> tuple[int, ...]:
    """The currencies that these cases give, each once, in order."""
    faces = (case.face for case in cases)
    return tuple(
        dict.fromkeys(face.currency for face in faces if isinstance(face, UnitsGiven | BalanceGiven))
    )


def most_off(face: Face) -> int:
    """The most that a face takes off as a sum of money; 0 where it takes a share, or nothing."""
    match face:
        case MoneyOff(minor, _):
            return minor
        case FreeItem(up_to):
            return up_to or 0
        case _:
            return 0


class Taking(Enum):
    """Who decides that a reward is used, and when."""

    CHOSEN = "chosen by the member"
    AT_CHECKOUT = "automatically at checkout"
    AFTER_EARNING = "automatically after earning"
    BENEFIT = "at its events"
    EXCHANGED = "exchanged by the member, an amount at a time"
    SENT = "sent to another member, an amount at a time"
    RECEIVED = "received from another member"
    PICKED = "chosen from a menu by the member"
    DEFAULTED = "given by itself for each choice that was not made"

    @property
    def of_menu(self) -> bool:
        """Whether choices pay for it: by the member's choice, or without one."""
        return self in (Taking.PICKED, Taking.DEFAULTED)

    @property
    def redeems(self) -> bool:
        """Whether a use is a redemption: of what was earned, not of choices or of what is sent."""
        return not (self.of_menu or self in (Taking.BENEFIT, Taking.SENT, Taking.RECEIVED))
