"""When a member's levels are decided, and what follows from a change of status (TIER).

Invariant: a grant that is added has an entry in the agenda for the day after it, on which a term may end.
"""

from collections.abc import Callable
from functools import partial

import attrs

from loyalty_dsl.calendar import NEVER, Unit, window_end
from loyalty_dsl.evaluation.expiring import next_such_day
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.members import Group, Member, Rank, enter, facts_on
from loyalty_dsl.evaluation.posting import restart_lots
from loyalty_dsl.evaluation.renewing import renew
from loyalty_dsl.evaluation.striking import set_fallen, set_risen
from loyalty_dsl.evaluation.tiers import Standing, begin_anew, decide, end_term, recheck, review
from loyalty_dsl.evaluation.witness import Decision, LevelDecided
from loyalty_dsl.language.tiers import Ladder

Deciding = Callable[[Ladder, Standing, Facts, int], None]


def decide_after_event(group: Group, member: Member, day: int) -> None:
    """Decides all ladders, in declared order (TIER-4)."""
    if member.joined is not None:
        for ladder in group.program.ladders:
            decide_ladder(group, member, ladder, day)


def decide_ladder(group: Group, member: Member, ladder: Ladder, day: int, *, strikes: bool = True) -> None:
    """Decides one ladder as of now; what is given in a scenario strikes no clock."""
    facts = facts_on(group, member, day, day)
    _settle(group, member, ladder, decide, facts, decision=Decision.AFTER_EVENT, strikes=strikes)


def decide_before_earning(group: Group, member: Member, day: int, counters: tuple[int, ...]) -> None:
    """Decides the ladders with `upgrade before the event` (TIER-9).

    Args:
        counters: what they will be when this event has moved them.
    """
    for ladder in group.program.ladders:
        if ladder.upgrade_before and member.joined is not None:
            facts = attrs.evolve(facts_on(group, member, day, day), counters=counters)
            _settle(group, member, ladder, decide, facts, decision=Decision.BEFORE_EARNING)


def end_terms(group: Group, member: Member, ladder: Ladder, day: int) -> None:
    """Decides at midnight if the grant of the status has ended (TIER-5)."""
    standing = member.ladders[ladder.index]
    if standing.live_on(day) < standing.level:
        renew(group, member, ladder, day)
        _settle(
            group, member, ladder, end_term, facts_on(group, member, day, day - 1), decision=Decision.TERM
        )


def decide_at_review(group: Group, member: Member, ladder: Ladder, day: int) -> None:
    """Decides at the start of a window, and enters the next one (TIER-7)."""
    _settle(group, member, ladder, review, facts_on(group, member, day, day - 1), decision=Decision.REVIEW)
    enter_review(group, member, ladder, day)


def enter_review(group: Group, member: Member, ladder: Ladder, after: int) -> None:
    """Enters the first review after a day."""
    if ladder.review is not None:
        due = (
            window_end(ladder.review, after)
            if isinstance(ladder.review, Unit)
            else next_such_day(ladder.review, after + 1)
        )
        enter(group, member, due, Rank.REVIEW, ladder.index)


def recheck_after_return(group: Group, member: Member, day: int) -> None:
    """Decides all ladders after a return, which can lower status (TIER-8)."""
    if member.joined is not None:
        for ladder in group.program.ladders:
            _settle(
                group, member, ladder, recheck, facts_on(group, member, day, day), decision=Decision.RETURN
            )


def begin_ladders_anew(group: Group, member: Member, day: int) -> None:
    """Decides the ladders that begin anew on a day (VERSION-6)."""
    for ladder in group.program.ladders:
        for beginning in ladder.begins_anew:
            if beginning.day == day:
                deciding = partial(begin_anew, beginning=beginning)
                facts = facts_on(group, member, day, day)
                _settle(group, member, ladder, deciding, facts, decision=Decision.NEW_VERSION)


def grant_level(
    group: Group,
    member: Member,
    ladder: Ladder,
    level: int,
    *,
    through: int,
    day: int,
    strikes: bool = True,
) -> None:
    """Adds a grant as of a day, whatever was earned (SCEN-1); what is given strikes no clock."""

    def granting(_: Ladder, standing: Standing, __: Facts, on: int) -> None:
        standing.grant(level, through)
        standing.level = standing.live_on(on)

    facts = facts_on(group, member, day, day)
    _settle(group, member, ladder, granting, facts, decision=Decision.GRANTED, strikes=strikes)


def _settle(
    group: Group,
    member: Member,
    ladder: Ladder,
    deciding: Deciding,
    facts: Facts,
    *,
    decision: Decision,
    strikes: bool = True,
) -> None:
    """Decides one ladder, and does what follows: terms that will end, lots that count again, clocks."""
    standing = member.ladders[ladder.index]
    before, granted = standing.level, list(standing.through)
    deciding(ladder, standing, facts, facts.day)
    if group.witness is not None:
        longer = tuple(
            (level, last)
            for level, (old, last) in enumerate(zip(granted, standing.through, strict=True))
            if last > old
        )
        group.witness(LevelDecided(ladder.index, decision, facts, before, standing.level, longer))
    for old, through in zip(granted, standing.through, strict=True):
        if through != NEVER and (through > old or facts.day <= through < old):
            enter(group, member, through + 1, Rank.TERM, ladder.index)
    if strikes:
        set_risen(group, member, ladder.index, before, facts.day)
    if standing.level < before:  # EXP-6
        levels = list(facts.levels)
        levels[ladder.index] = standing.level
        set_fallen(group, member, ladder.index, before, facts.day)
        restart_lots(group, member, ladder.index, before, attrs.evolve(facts, levels=tuple(levels)))
