"""Clocks that what happens to a member sets: thresholds reached, levels lost, time without an event (CLOCK-4
to CLOCK-6).

Invariant: a threshold strikes once in a window of its counter, however often that falls and rises again.
"""

from loyalty_dsl.calendar import NEVER, add_duration
from loyalty_dsl.evaluation.members import Group, Member, Rank, enter, facts_on
from loyalty_dsl.evaluation.windows import window_from
from loyalty_dsl.evaluation.witness import ClockSet
from loyalty_dsl.language.clocks import After, Clock, Falls, Reaches, Rises
from loyalty_dsl.language.windows import Rolling


def set_clock(group: Group, member: Member, clock: Clock, day: int) -> None:
    """Lets a clock strike on a day and on no other."""
    member.clocks[clock.index] = day
    if group.witness is not None:
        group.witness(ClockSet(clock.index, day))
    enter(group, member, day, Rank.CLOCK, clock.index)


def mark_reached(group: Group, member: Member, day: int) -> None:
    """Notes which thresholds are reached before anything moves a counter, and so are not reached by it."""
    for clock, reached in _thresholds(group, member, day):
        if member.clocks[clock.index] == NEVER:
            window, marked = _mark(group, member, clock, day)
            member.marks[clock.index] = window, max(marked, reached)


def set_reached(group: Group, member: Member, day: int) -> None:
    """Sets the clocks of thresholds that have just been reached (CLOCK-4)."""
    if member.joined is None:
        return
    for clock, reached in _thresholds(group, member, day):
        if member.clocks[clock.index] == NEVER and reached > _mark(group, member, clock, day)[1]:
            set_clock(group, member, clock, day)


def mark_struck(group: Group, member: Member, clock: Clock, day: int) -> None:
    """Notes that one more threshold has been reached."""
    if isinstance(clock.at, Reaches):
        window, marked = _mark(group, member, clock, day)
        member.marks[clock.index] = window, marked + 1


def set_risen(group: Group, member: Member, ladder: int, before: int, day: int) -> None:
    """Sets the clocks of a status that has just risen (CLOCK-8)."""
    status = member.ladders[ladder].level
    for clock in group.program.clocks:
        match clock.at:
            case Rises(index, level) if index == ladder and before < level <= status:
                set_clock(group, member, clock, day)


def set_fallen(group: Group, member: Member, ladder: int, before: int, day: int) -> None:
    """Sets the clocks of a status that has just fallen (CLOCK-5)."""
    status = member.ladders[ladder].level
    for clock in group.program.clocks:
        match clock.at:
            case Falls(index, level) if index == ladder and status < level <= before:
                set_clock(group, member, clock, day)


def set_silences(group: Group, member: Member, kind: int, day: int) -> None:
    """Sets anew the clocks that count from the last event of a kind (CLOCK-6)."""
    for clock in group.program.clocks:
        match clock.at:
            case After(length, events) if kind in events:
                set_clock(group, member, clock, add_duration(day, length))


def _thresholds(group: Group, member: Member, day: int) -> list[tuple[Clock, int]]:
    """The clocks of thresholds, and how many of each are reached as counters stand on a day."""
    clocks = [(clock, clock.at) for clock in group.program.clocks if isinstance(clock.at, Reaches)]
    if not clocks:
        return []
    counters = facts_on(group, member, day, day).counters
    return [
        (clock, at.passed(sum(factor * counters[counter] for factor, counter in at.terms)))
        for clock, at in clocks
    ]


def _mark(group: Group, member: Member, clock: Clock, day: int) -> tuple[int, int]:
    """The window that holds a day, and how many thresholds have been reached in it so far."""
    if not isinstance(clock.at, Reaches):
        raise AssertionError("only thresholds are marked")
    counted = group.program.counters[clock.at.terms[0][1]].window
    if isinstance(counted, Rolling):
        raise AssertionError("no threshold is of a rolling counter")
    window = window_from(counted, day, day if member.joined is None else member.joined)
    known, marked = member.marks.get(clock.index, (window, 0))
    return window, marked if known == window else 0
