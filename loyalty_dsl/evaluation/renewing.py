"""When a paid term ends, the next one begins (FEE-3).

Invariant: while a membership renews, its clock is due on the day after the last one of the status. The mark
of the clock is the day that terms are counted from, and how many of them have been charged.
"""

from collections.abc import Sequence

from loyalty_dsl.calendar import NEVER, add_months
from loyalty_dsl.evaluation.facts import holds
from loyalty_dsl.evaluation.members import Group, Member, Payment, Rank, enter, facts_on
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.striking import set_clock
from loyalty_dsl.evaluation.witness import TermRenewed
from loyalty_dsl.language.clocks import Clock, Pays
from loyalty_dsl.language.tiers import Ladder


def renew(group: Group, member: Member, ladder: Ladder, day: int) -> None:
    """Grants the plan of the status for one term more, if a term of it ends today and is renewed."""
    standing = member.ladders[ladder.index]
    for clock in group.program.clocks:
        match clock.at:
            case Pays(ladder=of) as pays if of == ladder.index and member.clocks[clock.index] == day:
                plan = pays.plan_of(standing.level)
                facts = facts_on(group, member, day, day - 1)
                if not holds(pays.when_of(plan), facts):  # FEE-8
                    member.clocks[clock.index] = NEVER
                    if group.witness is not None:
                        group.witness(TermRenewed(clock.index, standing.level, facts, None))
                    continue
                end = _term_end(member, clock, pays, plan)
                if group.witness is not None:
                    group.witness(TermRenewed(clock.index, 1 + pays.trials + plan, facts, end - 1))
                standing.grant(1 + pays.trials + plan, end - 1)
                enter(group, member, end, Rank.TERM, ladder.index)


def set_paid(group: Group, member: Member, clock: Clock, day: int, uses: Sequence[Use]) -> None:
    """Counts the payment that was made, and sets the clock of the next one.

    Args:
        uses: of benefits at the payment, its fee among them.
    """
    pays = clock.at
    if not isinstance(pays, Pays):
        return
    plan = pays.plan_of(member.ladders[pays.ladder].level)
    due = _term_end(member, clock, pays, plan)
    start, charged = member.marks[clock.index]
    member.marks[clock.index] = start, charged + 1
    set_clock(group, member, clock, due)
    fees = dict(pays.fees)
    paid = sum(use.times * fees.get(use.reward, 0) for use in uses)
    member.payments[clock.index] = Payment(day, paid, used_by(group, member, pays, day))  # FEE-7


def used_by(group: Group, member: Member, pays: Pays, day: int) -> int:
    """What the counter says that a refund asks; 0 where none does."""
    if pays.refund is None or pays.refund.used is None:
        return 0
    return facts_on(group, member, day, day).counters[pays.refund.used]


def _term_end(member: Member, clock: Clock, pays: Pays, plan: int) -> int:
    """The day after the term that is paid for next (TIME-3: months are counted from the first day)."""
    start, charged = member.marks[clock.index]
    return add_months(start, (charged + 1) * pays.months[plan])
