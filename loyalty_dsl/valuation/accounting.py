"""The accounting class of what issues points: whether it defers revenue or is an expense.

Invariant: every earn rule has exactly one class. Where it does not say it itself (`account`), its trigger
decides: what a purchase earns is part of the sale, and everything else (joining, birthdays, goodwill) is
marketing.
"""

from fractions import Fraction

from loyalty_dsl.language.accounts import AccountingClass
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.types import PURCHASE

__all__ = ["AccountingClass", "accounting_of", "classes_of", "paid_by_partners", "why_unpriced"]


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
    for rule in program.earns:
        if rule.currency != currency:
            continue
        match accounting_of(rule):
            case AccountingClass.SOLD_TO_PARTNER if rule.sold_at is None:
                return (
                    f"`{rule.name}` gives points that are sold to a partner, and nothing says for how much: "
                    "write `account sold to partner at $0.012`, the price of a point"
                )
            case AccountingClass.FEE:
                return (
                    f"`{rule.name}` gives points that a fee pays for, and a membership with a fee and a "
                    "period is not supported yet, so it is not known what was paid and for how long"
                )
            case _:
                continue
    return ""


def paid_by_partners(program: Program) -> dict[str, Fraction]:
    """By the name of a rule that gives points sold to a partner: its price of one smallest unit, in minor
    units."""
    return {
        rule.name: rule.sold_at.value
        for rule in program.earns
        if rule.sold_at is not None and accounting_of(rule) is AccountingClass.SOLD_TO_PARTNER
    }
