"""Runs scenarios on the reference evaluator (SCEN-1 to SCEN-5).

Invariant: a scenario is one member with a history of its own. Nothing of one scenario is seen by another,
and every expectation is checked whether or not one before it failed.
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.events import REDEEM, Event, Item
from loyalty_dsl.evaluation.groups import Group, Member, advance, give_opening, open_group
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.reference import Outcome, apply
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import (
    Expect,
    ExpectOff,
    ExpectRefused,
    GivenJoined,
    GivenUnits,
    Happening,
    Measure,
    Scenario,
)
from loyalty_dsl.testing.results import (
    Chapter,
    Check,
    OffCheck,
    RefusedCheck,
    ScenarioResult,
    UnitsCheck,
)


def run_scenarios(book: Book) -> tuple[ScenarioResult, ...]:
    """Runs every scenario of a book, in order."""
    programs = {program.name: program for program in book.programs}
    return tuple(run_scenario(programs[scenario.program], scenario) for scenario in book.scenarios)


def run_scenario(program: Program, scenario: Scenario) -> ScenarioResult:
    """Runs one scenario.

    Args:
        program: the one that the scenario names.
    """
    group = open_group(program)
    member = group.only
    story = _give(scenario, group)
    checks: list[Check] = []
    last: Outcome | None = None
    start = end = len(member.journal)  # SCEN-2: what the last event and the way to it posted
    for number, step in enumerate(scenario.steps, 1):
        match step:
            case Happening():
                start = end
                last = apply(group, _event_of(step, number))
                end = len(member.journal)
                story.append(Chapter(step.day, step, last.postings, last))
            case Expect():
                if step.day is not None:  # SCEN-5
                    postings = advance(group, step.day)
                    if postings:
                        story.append(Chapter(step.day, None, postings, None))
                checks.append(
                    UnitsCheck(step, _measured(step, member, member.journal[start:end]), len(story))
                )
            case ExpectOff():
                checks.append(OffCheck(step, last.off if last else 0, len(story)))
            case ExpectRefused():
                checks.append(RefusedCheck(step, bool(last and last.refusals), len(story)))
            case _:
                assert_never(step)
    return ScenarioResult(program, scenario, tuple(checks), tuple(story))


def _give(scenario: Scenario, group: Group) -> list[Chapter]:
    """Writes what is given, and moves the clock to the latest day in it (SCEN-1)."""
    first, member = _first_day(group.program, scenario), group.only
    for given in scenario.given:
        if isinstance(given, GivenJoined):
            member.joined = given.day
    start = first - 1 if member.joined is None else member.joined
    days = [] if member.joined is None else [member.joined]
    for given in scenario.given:
        if isinstance(given, GivenUnits):
            earned = start if given.earned is None else given.earned
            give_opening(group, given.currency, given.units, earned)
            days.append(earned)
    advance(group, min(max(days, default=first), first - 1))
    return [Chapter(group.today, None, tuple(member.journal), None)] if member.journal else []


def _first_day(program: Program, scenario: Scenario) -> int:
    """The day of the first event or dated expectation, whichever is written first."""
    days = (step.day for step in scenario.steps if isinstance(step, Happening | Expect))
    return next((day for day in days if day is not None), program.starts)


def _event_of(happening: Happening, number: int) -> Event:
    return Event(
        id=str(number),
        day=happening.day,
        minute=happening.minute,
        kind=REDEEM if happening.event is None else happening.event,
        basket=happening.basket,
        items=tuple(Item(item.price, item.fields) for item in happening.items),
        fields=happening.fields,
        redeem=happening.redeem,
    )


_FLOWS = {
    Measure.EARNED: PostingKind.EARNED,
    Measure.REDEEMED: PostingKind.REDEEMED,
    Measure.EXPIRED: PostingKind.EXPIRED,
}


def _measured(expect: Expect, member: Member, latest: Sequence[Posting]) -> int:
    """What an expectation is about, in smallest units, as the member stands now.

    Args:
        latest: the postings of the last event and of the midnight work on the way to it.
    """
    expiry = None if expect.through is None else expect.through + 1  # SCEN-4
    if expect.measure in _FLOWS:  # SCEN-2
        return sum(
            posting.units
            for posting in _scope(expect, member, latest)
            if posting.kind is _FLOWS[expect.measure]
            and posting.currency == expect.currency
            and expiry in (None, posting.expiry)
        )
    lots = _lots(expect.measure, member.accounts[expect.currency])  # SCEN-3
    return sum(lot.units for lot in lots if expiry in (None, lot.expiry))


def _scope(expect: Expect, member: Member, latest: Sequence[Posting]) -> Iterable[Posting]:
    if expect.day is None:
        return latest
    return (posting for posting in member.journal if posting.day == expect.day)


def _lots(measure: Measure, account: Account) -> list[Lot]:
    match measure:
        case Measure.AVAILABLE:
            return account.spendable
        case Measure.PENDING:
            return account.waiting
        case _:
            return account.lots
