"""What a return takes back: postings, room in limits, counters, and levels where a program says so (RETURN).

Invariants: what is kept of a posting depends only on how much of its event is returned altogether, and never
grows as more is; so parts returned one after the other come to the same as the whole at once (RETURN-4), and
nobody gains a unit by splitting a return.

Worked case: a posting of 15 for $10.00 (10.5 rounded up, say, and 4.5) keeps what it would round to for the
part that is left, and at most 15; when all is returned it keeps 0.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import add_duration
from loyalty_dsl.evaluation.deciding import recheck_after_return
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.ledger import Obstacle, Posting, PostingKind
from loyalty_dsl.evaluation.limits import counting
from loyalty_dsl.evaluation.members import Group, Member, Original, Paid
from loyalty_dsl.evaluation.occurring import count_earning, counted_on, move_counter
from loyalty_dsl.evaluation.witness import Posted, RuleReturned
from loyalty_dsl.language.counters import (
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.quantities import rounded


def returned_basket(event: Event) -> int:
    """The prices of what a return gives back, in minor units."""
    return sum(item.price for item in event.items) if event.items else event.basket


def obstacle_to_return(program: Program, member: Member, event: Event) -> Obstacle | None:
    """The first thing in the way of a return, or `None` (RETURN-1)."""
    if program.returns is None:
        return Obstacle.NO_RETURNS
    original = member.originals.get(event.original)
    if original is None:
        return Obstacle.UNKNOWN_ORIGINAL
    within = program.returns.within
    if within is not None and event.day > add_duration(original.event.day, within):
        return Obstacle.TOO_LATE
    if original.returned + returned_basket(event) > original.event.basket:
        return Obstacle.TOO_MUCH
    if not event.items and len(original.event.items) > 1 and _filters_items(program):
        return Obstacle.WHICH_ITEMS
    if _places(original, event) is None:
        return Obstacle.UNKNOWN_ITEM
    return None


def _filters_items(program: Program) -> bool:
    """Whether anything that is earned or counted depends on which items there are."""
    filtering: tuple[EarnRule | Counter, ...] = (*program.earns, *program.counters)
    return any(each.items is not None for each in filtering)


def _places(original: Original, event: Event) -> set[int] | None:
    """The places of the items that a return gives back, the first that fit; `None` if one is not there."""
    left = [place for place in range(len(original.event.items)) if place not in original.places]
    places: set[int] = set()
    for item in event.items:
        found = next(
            (p for p in left if original.event.items[p] == item),
            None,
        )
        if found is None:
            return None
        left.remove(found)
        places.add(found)
    return places


def take_back(group: Group, member: Member, event: Event) -> None:
    """Carries out a return that nothing is in the way of (RETURN-2 to RETURN-6)."""
    program = group.program
    original = member.originals[event.original]
    original.places |= _places(original, event) or set()
    original.returned += returned_basket(event)
    reversed_now: dict[int, int] = {}
    for paid in original.paid:
        reversed_now[paid.passed.rule] = _reverse(group, member, event, original, paid)
    day = event.day if _in_its_own_period(program) else counted_on(program, original.event)  # COUNT-6
    count_earning(group, member, day, list(original.paid), lambda paid: -reversed_now[paid.passed.rule])
    for move in original.moves:
        counter = program.counters[move.counter]
        part = _part(original, counter, move.base, move.positions)
        lost = move.units - _counted(counter, original, move.units, part, move.positions)
        move_counter(group, member, move.counter, day, move.given_back - lost)
        move.given_back = lost
    if program.returns is not None and program.returns.rechecks:  # TIER-8
        recheck_after_return(group, member, event.day)


def _in_its_own_period(program: Program) -> bool:
    """Whether a return counts on its own day (COUNT-11)."""
    return program.returns is not None and program.returns.in_own_period


def _part(
    original: Original, filtering: EarnRule | Counter, base: int, positions: tuple[int, ...]
) -> Fraction:
    """Which part of what a rule or counter saw is still the member's (RETURN-3).

    Args:
        base: the prices of what it saw.
        positions: the items that it saw.
    """
    event = original.event
    if original.returned == event.basket:
        return Fraction(0)
    if filtering.items is None:
        gone = original.returned
    elif len(event.items) == 1:
        gone = original.returned if positions else 0
    else:
        gone = sum(event.items[place].price for place in positions if place in original.places)
    return Fraction(base - gone, base) if base else Fraction(1)


def _reverse(group: Group, member: Member, event: Event, original: Original, paid: Paid) -> int:
    """Takes back what a posting no longer keeps (RETURN-4 to RETURN-6).

    Returns:
        The units reversed now, whether or not there were as many to take.
    """
    program, passed = group.program, paid.passed
    rule = program.earns[passed.rule]
    account = member.accounts[rule.currency]
    part = _part(original, rule, passed.base, passed.positions)
    worth = passed.exact if passed.uncut else Fraction(passed.units)
    kept = passed.units if part == 1 else min(passed.units, rounded(worth * part, account.currency.rounding))
    units = passed.units - kept - paid.reversed
    taken = [
        (each.expiry, each.units, each.lot) for each in account.take_back(units, paid.available, paid.expiry)
    ]  # RETURN-5
    missing = units - sum(amount for _, amount, _ in taken)
    if group.witness is not None:
        told = RuleReturned(
            rule.index, original.event.id, part, passed.units, kept, units=units, missing=missing
        )
        group.witness(told)
    if not units:
        return 0
    paid.reversed += units
    if missing and program.returns is not None and program.returns.negative:  # LOT-6
        account.debt += missing
        taken.append((0, missing, -1))
    for expiry, amount, lot in taken:
        posting = Posting(
            PostingKind.REVERSED, event.day, event.id, rule.name, rule.currency, 0, expiry, amount
        )
        member.journal.append(posting)
        if group.witness is not None:
            group.witness(Posted(member.slot, posting, lot))
    limits = rule.limits if rule.group is None else rule.limits + program.groups[rule.group].limits
    limits = counting(limits, original.event.fields)  # LIMIT-11
    member.usage.give_back(limits, original.event.day, event.day, units=units, times=0 if kept else 1)
    return units


def _counted(
    counter: Counter, original: Original, units: int, part: Fraction, positions: tuple[int, ...]
) -> int:
    """What a counter keeps of what an event added to it (COUNT-6)."""
    match counter.measure:
        case SpendMeasure():
            return int(units * part)
        case ItemsMeasure():
            left = sum(place not in original.places for place in positions)
            return 0 if part == 0 else min(units, left)
        case FieldMeasure() | EventsMeasure():
            return units if original.returned < original.event.basket else 0
        case NumberMeasure():  # EARN-13
            return units
        case EarnedMeasure() | PastMeasure():  # by what is reversed; by no event
            return units
        case _:
            assert_never(counter.measure)
