"""What a member pays for: taking a membership, ending it, renewals and trials (FEE).

Invariant: while a membership renews, its clock is due on the day after the last one of the status. The mark
of the clock is the day that terms are counted from, and how many of them have been charged.
"""

from loyalty_dsl.calendar import NEVER, add_months
from loyalty_dsl.evaluation.deciding import grant_level
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.members import Group, Member
from loyalty_dsl.evaluation.striking import set_clock
from loyalty_dsl.evaluation.tiers import NOT_HELD
from loyalty_dsl.language.clocks import Clock, Pays


def follow_memberships(group: Group, member: Member, event: Event) -> None:
    """Takes or ends what an event takes or ends."""
    for clock in group.program.clocks:
        match clock.at:
            case Pays() as pays if event.kind == pays.subscribe:
                _subscribe(group, member, clock, pays, event)
            case Pays() as pays if event.kind == pays.cancel:
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


def _may_try(pays: Pays, through: list[int], day: int) -> bool:
    """Whether somebody who subscribes on a day has a trial first."""
    if not pays.trial:
        return False
    last = max(through[1 : 1 + pays.trials])
    return last == NOT_HELD or add_months(last + 1 - pays.trial, pays.trial_months) <= day
