"""The accounting class of what an earn rule issues: whether it defers revenue or is an expense."""

from enum import Enum


class AccountingClass(Enum):
    """The value is the word in every output, and in rule files.

    `SALE` and `SOLD_TO_PARTNER` and `FEE` defer part of what a customer, a partner or a subscriber paid;
    `MARKETING` has no price to share out and is accrued at cost.
    """

    SALE = "sale"
    MARKETING = "marketing"
    SOLD_TO_PARTNER = "sold to partner"
    FEE = "fee"

    @property
    def defers(self) -> bool:
        """Whether money was received that is in part for the points."""
        return self is not AccountingClass.MARKETING
