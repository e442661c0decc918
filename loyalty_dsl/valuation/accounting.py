"""The accounting class of what issues points: whether it defers revenue or is an expense.

Invariant: every earn rule has exactly one class. Where it does not say it itself (`account`), its trigger
decides: what a purchase earns is part of the sale, and everything else (joining, birthdays, goodwill) is
marketing.
"""

from loyalty_dsl.language.accounts import AccountingClass
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.types import PURCHASE

__all__ = ["AccountingClass", "accounting_of", "classes_of", "why_unpriced"]

UNPRICED = (AccountingClass.SOLD_TO_PARTNER, AccountingClass.FEE)
"""Classes of which neither a ledger nor a forecast knows what was paid for the points."""


def accounting_of(rule: EarnRule) -> AccountingClass:
    """The class of what a rule issues."""
    if rule.account is not None:
        return rule.account
    bought = any(trigger.event == PURCHASE for trigger in rule.triggers)
    return AccountingClass.SALE if bought else AccountingClass.MARKETING


def classes_of(program: Program) -> dict[str, AccountingClass]:
    """By the name of an earn rule or a benefit, the class of what it issues; nobody pays for a benefit."""
    benefits = (reward.name for reward in program.rewards if reward.benefit)
    rules = {rule.name: accounting_of(rule) for rule in program.earns}
    return {**dict.fromkeys(benefits, AccountingClass.MARKETING), **rules}


def why_unpriced(program: Program, currency: int) -> str:
    """Why revenue from a currency's points cannot be deferred, as it is not known what some cost;
    empty where it can."""
    classes = {accounting_of(rule) for rule in program.earns if rule.currency == currency}
    names = " and ".join(each.value for each in UNPRICED if each in classes)
    return f"what is paid for points of the class {names} is not known here" if names else ""
