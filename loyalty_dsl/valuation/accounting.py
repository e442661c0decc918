"""The accounting class of what issues points: whether it defers revenue or is an expense.

Invariant: every earn rule has exactly one class. Until a rule can say it, its trigger decides: what a
purchase earns is part of the sale, and everything else (joining, birthdays, goodwill) is marketing.
"""

from enum import Enum

from loyalty_dsl.language.program import EarnRule
from loyalty_dsl.language.types import PURCHASE


class AccountingClass(Enum):
    """The value is the word in every output.

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


def accounting_of(rule: EarnRule) -> AccountingClass:
    """The class of what a rule issues."""
    bought = any(trigger.event == PURCHASE for trigger in rule.triggers)
    return AccountingClass.SALE if bought else AccountingClass.MARKETING
