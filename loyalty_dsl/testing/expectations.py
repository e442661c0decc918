"""What expectations about status and counters find (SCEN-8, SCEN-9).

Invariant: looking changes nothing.
"""

from fractions import Fraction

from loyalty_dsl.calendar import NEVER, add_duration
from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.members import Group, Member, counters_now
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.scenario import ExpectCounter, ExpectLevel
from loyalty_dsl.testing.results import CounterCheck, LevelCheck, Standing


def check_level(expect: ExpectLevel, member: Member, chapters: int) -> LevelCheck:
    """The level held and, if it was asked, through which day at least the expected one is."""
    level = member.ladders[expect.ladder].level
    through = None
    if expect.through is not None and level >= expect.level:
        through = held_through(member, expect.ladder, expect.level)
    return LevelCheck(expect, level, through, chapters)


def check_counter(expect: ExpectCounter, group: Group, member: Member, chapters: int) -> CounterCheck:
    """The value of a counter, or of a total of several."""
    values = counters_now(group, member)
    total = sum(factor * values[counter] for factor, counter in expect.terms)
    return CounterCheck(expect, Fraction(total, expect.scale), chapters)


def standing_of(group: Group, member: Member) -> Standing:
    """Where somebody stands now."""
    return Standing(
        levels=tuple(
            (standing.level, held_through(member, ladder, standing.level))
            for ladder, standing in enumerate(member.ladders)
        ),
        counters=counters_now(group, member),
        balances=tuple(balance_gone_on(account) for account in member.accounts),
    )


def lot_gone_on(account: Account, lot: Lot) -> int:
    """The day from whose start a lot is gone, its own or that of the whole balance (SCEN-4)."""
    day = balance_gone_on(account)
    return lot.expiry if day is None else min(day, lot.expiry)


def balance_gone_on(account: Account) -> int | None:
    """The day from whose start the whole balance is gone if nothing else happens; `None` where lots have days
    of their own, or nothing is held."""
    if not account.held:
        return None
    match account.currency.expiry:
        case AfterActivity(duration, _):
            return None if account.active is None else add_duration(account.active, duration)
        case AfterFirst(duration):
            return add_duration(min(lot.earned for lot in account.lots), duration)
        case _:
            return None


def held_through(member: Member, ladder: int, level: int) -> int:
    """The last day on which a member has at least a level if nothing else happens; the lowest is for good."""
    return member.ladders[ladder].held_through(level) if level else NEVER
