"""What expectations about status, counters and partners find (SCEN-8, SCEN-9, SCEN-15)."""

from fractions import Fraction

from loyalty_dsl.evaluation.ledger import canonical_postings
from loyalty_dsl.evaluation.settlement import bills_of
from loyalty_dsl.language.allowances import value_of
from loyalty_dsl.language.scenario import ExpectAllowance, ExpectCounter, ExpectLevel, ExpectSettled
from loyalty_dsl.testing.evaluators import Evaluator
from loyalty_dsl.testing.results import AllowanceCheck, CounterCheck, LevelCheck, SettledCheck


def check_level(expect: ExpectLevel, evaluator: Evaluator, chapters: int) -> LevelCheck:
    """The level held and, if it was asked, through which day at least the expected one is."""
    level, _ = evaluator.standing(expect.actor).levels[expect.ladder]
    through = None
    if expect.through is not None and level >= expect.level:
        through = evaluator.held_through(expect.actor, expect.ladder, expect.level)
    return LevelCheck(expect, level, through, chapters)


def check_counter(expect: ExpectCounter, evaluator: Evaluator, chapters: int) -> CounterCheck:
    """The value of a counter, or of a total of several."""
    values = evaluator.standing(expect.actor).counters
    total = sum(factor * values[counter] for factor, counter in expect.terms)
    return CounterCheck(expect, Fraction(total, expect.scale), chapters)


def check_allowance(expect: ExpectAllowance, evaluator: Evaluator, chapters: int) -> AllowanceCheck:
    """What an allowance lets the member, or a friend, use by now."""
    standing = evaluator.standing(expect.actor)
    levels = [level for level, _ in standing.levels]
    available = [sum(units for _, units in holding.available) for holding in standing.holdings]
    allowance = evaluator.program.allowances[expect.allowance]
    value = value_of(allowance, levels, evaluator.fields(expect.actor), available)
    return AllowanceCheck(expect, value, chapters)


def check_settled(expect: ExpectSettled, evaluator: Evaluator, chapters: int) -> SettledCheck:
    """What all members of the scenario made a partner pay, or be paid, in all months so far."""
    journal = [posting for actor in range(evaluator.actors) for posting in evaluator.journal(actor)]
    bills = bills_of(evaluator.program, canonical_postings(journal))
    own = tuple(bill for bill in bills if bill.partner.index == expect.partner)
    amounts = [bill.repaid if expect.receives else bill.invoiced for bill in own]
    return SettledCheck(expect, sum(amounts), chapters, own)
