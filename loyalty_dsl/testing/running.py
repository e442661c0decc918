"""Runs scenarios on the reference evaluator (SCEN-1 to SCEN-5).

Invariant: a scenario is one member with a history of its own. Nothing of one scenario is seen by another,
and every expectation is checked whether or not one before it failed.
"""

from collections.abc import Iterable
from typing import assert_never

from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.events import REDEEM, Event, Item
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.reference import Member, Outcome, advance, apply, give_opening, open_member
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
    member = open_member(program)
    story = _give(program, scenario, member)
    checks: list[Check] = []
    last: Outcome | None = None
    for number, step in enumerate(scenario.steps, 1):
        match step:
            case Happening():
                last = apply(program, member, _event_of(step, number))
                story.append(Chapter(step.day, step, last.postings, last))
            case Expect():
                if step.day is not None:  # SCEN-5
                    postings = advance(member, step.day)
                    if postings:
                        story.append(Chapter(step.day, None, postings, None))
                checks.append(UnitsCheck(step, _measured(step, member, last), len(story)))
            case ExpectOff():
                checks.append(OffCheck(step, last.off if last else 0, len(story)))
            case ExpectRefused():
                checks.append(RefusedCheck(step, bool(last and last.refusals), len(story)))
            case _:
                assert_never(step)
    return ScenarioResult(program, scenario, tuple(checks), tuple(story))


def _give(program: Program, scenario: Scenario, member: Member) -> list[Chapter]:
    """Writes what is given, and moves the clock to the latest day in it (SCEN-1)."""
    first = _first_day(program, scenario)
    for given in scenario.given:
        if isinstance(given, GivenJoined):
            member.joined = given.day
    start = first - 1 if member.joined is None else member.joined
    today = start
    for given in scenario.given:
        if isinstance(given, GivenUnits):
            earned = start if given.earned is None else given.earned
            give_opening(member, given.currency, given.units, earned)
            today = max(today, earned)
    advance(member, min(today, first - 1))
    return [Chapter(member.today, None, tuple(member.journal), None)] if member.journal else []


def _first_day(program: Program, scenario: Scenario) -> int:
    """The day of the first event or, in a scenario without one, of the first dated expectation."""
    events = [step.day for step in scenario.steps if isinstance(step, Happening)]
    dated = [step.day for step in scenario.steps if isinstance(step, Expect) and step.day is not None]
    return next(iter(events or dated), program.starts)


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


def _measured(expect: Expect, member: Member, last: Outcome | None) -> int:
    """What an expectation is about, in smallest units, as the member stands now."""
    expiry = None if expect.through is None else expect.through + 1  # SCEN-4
    if expect.measure in _FLOWS:  # SCEN-2
        return sum(
            posting.units
            for posting in _scope(expect, member, last)
            if posting.kind is _FLOWS[expect.measure]
            and posting.currency == expect.currency
            and expiry in (None, posting.expiry)
        )
    lots = _lots(expect.measure, member.accounts[expect.currency])  # SCEN-3
    return sum(lot.units for lot in lots if expiry in (None, lot.expiry))


def _scope(expect: Expect, member: Member, last: Outcome | None) -> Iterable[Posting]:
    if expect.day is None:
        return last.postings if last else ()
    return (posting for posting in member.journal if posting.day == expect.day)


def _lots(measure: Measure, account: Account) -> list[Lot]:
    match measure:
        case Measure.AVAILABLE:
            return account.spendable
        case Measure.PENDING:
            return account.waiting
        case _:
            return account.lots
