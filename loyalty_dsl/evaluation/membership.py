"""What a member pays for: taking a membership, ending it, renewals and trials (FEE).

Invariant: while a membership renews, its clock is due on the day after the last one of the status. The mark
of the clock is the day that terms are counted from, and how many of them have been charged.
"""

import attrs

from loyalty_dsl.calendar import NEVER, add_months, weekdays_through
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.deciding import grant_level
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.members import Group, Member, Payment, Rank, enter
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.renewing import used_by
from loyalty_dsl.evaluation.striking import set_clock
from loyalty_dsl.evaluation.tiers import NOT_HELD
from loyalty_dsl.evaluation.witness import MembershipEnds, RewardUsed
from loyalty_dsl.language.clocks import Clock, Pays, RefundLine


def follow_memberships(group: Group, member: Member, event: Event) -> None:
    """Takes or ends what an event takes or ends."""
    for clock in group.program.clocks:
        match clock.at:
            case Pays() as pays if event.kind == pays.subscribe:
                _subscribe(group, member, clock, pays, event)
            case Pays() as pays if event.kind == pays.cancel:
                if member.clocks[clock.index] != NEVER:
                    back = _give_back(group, member, clock, pays, event.day)
                    if group.witness is not None:
                        group.witness(MembershipEnds(clock.index, back))
                member.clocks[clock.index] = NEVER  # FEE-4


def _subscribe(group: Group, member: Member, clock: Clock, pays: Pays, event: Event) -> None:
    standing, day = member.ladders[pays.ladder], event.day
    if standing.level:
        if member.clocks[clock.index] == NEVER:  # FEE-4: a cancellation is taken back
            end = standing.through[standing.level] + 1
            member.marks[clock.index] = end, 0
            set_clock(group, member, clock, end)
        return
    plan, level = event.fields[0], 0
    if _may_try(pays, standing.through, day):  # FEE-2
        level, start = 1 + plan, day + pays.trial
        through = start - 1
    else:
        level, start = 1 + pays.trials + plan, day
        through = add_months(day, pays.months[plan]) - 1
    member.marks[clock.index] = start, 0
    ladder = group.program.ladders[pays.ladder]
    grant_level(group, member, ladder, level, through=through, day=day)
    set_clock(group, member, clock, start)


def _give_back(group: Group, member: Member, clock: Clock, pays: Pays, day: int) -> int:
    """Gives back what the first line that holds says, which ends the membership with this day (FEE-7).

    Returns:
        The minor units that are given back.
    """
    standing, payment = member.ladders[pays.ladder], member.payments.get(clock.index)
    if pays.refund is None or payment is None or not payment.minor or standing.level <= pays.trials:
        return 0
    used = max(0, used_by(group, member, pays, day) - payment.used)
    line = next((line for line in pays.refund.lines if _holds(line, payment, used, day)), None)
    back = 0 if line is None else max(0, payment.minor - (used if line.less else 0))
    if not back:
        return 0
    reward = group.program.rewards[pays.refund.reward]
    use = Use(reward.index, back, 0, cost_of(reward, back, 0))
    member.uses.append((day, use))
    if group.witness is not None:
        group.witness(RewardUsed(use))
    member.payments[clock.index] = attrs.evolve(payment, minor=0)
    standing.through[standing.level] = day
    enter(group, member, day + 1, Rank.TERM, pays.ladder)
    return back


def _holds(line: RefundLine, payment: Payment, used: int, day: int) -> bool:
    """Whether a line of a refund holds on a day."""
    since = weekdays_through(day) - weekdays_through(payment.day) if line.business else day - payment.day
    return (line.days is None or since <= line.days) and not (line.unless and used)


def _may_try(pays: Pays, through: list[int], day: int) -> bool:
    """Whether somebody who subscribes on a day has a trial first."""
    if not pays.trial:
        return False
    last = max(through[1 : 1 + pays.trials])
    return last == NOT_HELD or add_months(last + 1 - pays.trial, pays.trial_months) <= day
