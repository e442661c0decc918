"""Runs scenarios, on the reference evaluator, the compiled one, or both (SCEN-1 to SCEN-12).

Invariant: a scenario is one member, and the friends whom that member brings, with a history of their own.
Nothing of one scenario is seen by another, and every expectation is checked whether or not one before it
failed. The compiled evaluator is only imported where it is asked for.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event, Item
from loyalty_dsl.evaluation.everyone import Closings, Together, until_settled
from loyalty_dsl.evaluation.friends import Friendships
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, RefusalKind, canonical_postings
from loyalty_dsl.evaluation.notices import notices_of
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.in_force import of_one_name
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import (
    Advance,
    Expect,
    ExpectAllowance,
    Expectation,
    ExpectCharged,
    ExpectCounter,
    ExpectLevel,
    ExpectOff,
    ExpectRefused,
    ExpectSettled,
    ExpectUses,
    Happening,
    Measure,
    Scenario,
)
from loyalty_dsl.testing.comparing import differences_between
from loyalty_dsl.testing.evaluators import Engine, Evaluator
from loyalty_dsl.testing.expectations import check_allowance, check_counter, check_level, check_settled
from loyalty_dsl.testing.giving import give_all
from loyalty_dsl.testing.on_reference import open_on_reference
from loyalty_dsl.testing.results import (
    Chapter,
    ChargedCheck,
    Check,
    Holding,
    OffCheck,
    RefusedCheck,
    ScenarioResult,
    UnitsCheck,
    UsesCheck,
)
from loyalty_dsl.testing.steps import day_of_step, first_day


def run_scenarios(book: Book, engine: Engine = "reference") -> tuple[ScenarioResult, ...]:
    """Runs every scenario of a book, in order."""
    programs = {program.name: program for program in (*book.programs, *book.earlier)}
    return tuple(run_scenario(programs[scenario.program], scenario, engine) for scenario in book.scenarios)


def run_scenario(program: Program, scenario: Scenario, engine: Engine = "reference") -> ScenarioResult:
    """Runs one scenario.

    Args:
        program: the one that the scenario names.
        engine: with `both`, the result is the reference's, with what the other answered differently.
    """
    if engine == "reference":
        return _settled(open_on_reference, program, scenario)
    from loyalty_dsl.testing.on_kernel import open_on_kernel

    compiled = _settled(open_on_kernel, program, scenario)
    if engine == "compiled":
        return compiled
    result = _settled(open_on_reference, program, scenario)
    return attrs.evolve(result, differences=differences_between(result, compiled))


def _settled(
    begin: Callable[[Program, Scenario, Closings], Evaluator], program: Program, scenario: Scenario
) -> ScenarioResult:
    """Runs a scenario until the limits for everyone are closed on the days that it closes them (SCEN-14)."""

    def run(closings: Closings) -> tuple[ScenarioResult, Together]:
        evaluator = begin(program, scenario, closings)
        return run_on(evaluator, scenario), evaluator.together()

    result, _ = until_settled(program, run, lambda ran: ran[1])
    return result


def run_on(evaluator: Evaluator, scenario: Scenario) -> ScenarioResult:
    """Runs one scenario on an evaluator that was opened for it."""
    program = evaluator.program
    telling = _Telling(evaluator, Friendships(program), scenario.names)
    give_all(evaluator, scenario, first_day(program, scenario))
    telling.tell(evaluator.today, None, None)
    for actor in range(evaluator.actors):
        opening = [each for each in evaluator.journal(actor) if each.kind is PostingKind.OPENING]
        telling.ended[actor] = len(opening)
    checks: list[Check] = []
    for number, step in enumerate(scenario.steps, 1):
        if isinstance(step, Happening):
            telling.happen(step, number)
        elif isinstance(step, Advance):
            telling.advance(step.day)
        else:
            day = day_of_step(step)
            if day is not None:  # SCEN-5
                telling.pass_time(day)
            checks.append(_checked(step, telling))
    return ScenarioResult(program, scenario, tuple(checks), tuple(telling.story))


@attrs.define(eq=False)
class _Telling:
    """A scenario as it goes along.

    Attributes:
        told: of each actor, how much of its journal and of its uses is in the story.
        last: the outcome of the last happening.
        names: of the actors from 1 on, as of a scenario.
        latest: of each actor the postings of the last happening, and of the way to it (SCEN-2).
        latest_uses: the member's uses of it.
        ended: how long each actor's journal was after the happening before; used_before: the member's uses.
        used: uses by the day, exact for each day that an event or expectation was on; of friends, those at
            their events.
        noted: how many of the member's own are among them.
    """

    evaluator: Evaluator
    friendships: Friendships
    names: tuple[str, ...] = ()
    story: list[Chapter] = attrs.field(factory=list)
    told: dict[int, tuple[int, int]] = attrs.field(factory=dict)
    last: Outcome | None = None
    latest: dict[int, list[Posting]] = attrs.field(factory=dict)
    latest_uses: list[Use] = attrs.field(factory=list)
    ended: dict[int, int] = attrs.field(factory=dict)
    used_before: int = 0
    used: list[tuple[int, Use]] = attrs.field(factory=list)
    noted: int = 0

    def happen(self, step: Happening, number: int) -> None:
        """An event as written, and what it and time bring to the member."""
        self._bring(self.friendships.due(step.day))
        known = self.evaluator.fields(step.actor)
        event = _event_of(step, number, known, referred=step.actor > 0 and not self.names)
        self.last = self._carry_out(event, step)
        joined = self.evaluator.joined(step.actor)
        refused = any(refusal.kind is not RefusalKind.REWARD for refusal in self.last.refusals)
        if event.referred and joined is not None and not refused:  # SCEN-12
            self._bring(self.friendships.heard(event, joined))
        self._set_latest()
        if step.actor:
            self.latest_uses += self.last.uses

    def advance(self, day: int) -> None:
        """Time passes, and what that brings is what undated expectations are about (SCEN-19)."""
        self.pass_time(day)
        self._set_latest()

    def _set_latest(self) -> None:
        """What has happened since this was asked before is what the last step did."""
        for actor in range(self.evaluator.actors):
            journal = self.evaluator.journal(actor)
            self.latest[actor] = list(journal[self.ended.get(actor, 0) :])
            self.ended[actor] = len(journal)
        all_uses = self.evaluator.uses(0)
        self.latest_uses = list(all_uses[self.used_before :])
        self.used_before = len(all_uses)

    def pass_time(self, day: int) -> None:
        """Moves the clock, with what friends kept for long enough on the way."""
        self._bring(self.friendships.due(day))
        self._come_to(day)
        self.tell(day, None, None)

    def _come_to(self, day: int) -> None:
        """Does the midnights up to that of `day`, and notes what the last of them used."""
        for until in (day - 1, day):
            if until > self.evaluator.today:
                self.evaluator.advance(until)
                self._note_uses(until)

    def _note_uses(self, day: int) -> None:
        uses = self.evaluator.uses(0)
        self.used += [(day, use) for use in uses[self.noted :]]
        self.noted = len(uses)

    def _bring(self, events: Iterable[Event]) -> None:
        for event in events:
            self._carry_out(event, None)

    def _carry_out(self, event: Event, step: Happening | None) -> Outcome:
        self._come_to(event.day)
        outcome = self.evaluator.apply(event)
        self._note_uses(event.day)
        self.used += [(event.day, use) for use in outcome.uses if event.slot]
        self.tell(event.day, step, outcome)
        return outcome

    def uses_of(self, day: int | None) -> list[Use]:
        """The uses of a day or, without one, of the last event and the way to it."""
        return self.latest_uses if day is None else [use for on, use in self.used if on == day]

    def tell(self, day: int, step: Happening | None, outcome: Outcome | None) -> None:
        """Writes down what has happened since, of each actor; those with an outcome last."""
        doer = None if outcome is None else outcome.event.slot
        for actor in sorted(range(self.evaluator.actors), key=lambda actor: actor == doer):
            journal, uses = self.evaluator.journal(actor), self.evaluator.uses(actor)
            told_of_journal, told_of_uses = self.told.get(actor, (0, 0))
            postings, used = tuple(journal[told_of_journal:]), tuple(uses[told_of_uses:])
            self.told[actor] = len(journal), len(uses)
            standing = self.evaluator.standing(actor)
            if actor == doer:
                of_event = () if outcome is None else outcome.uses
                midnight = used[: len(used) - len(of_event)]
                chapter = Chapter(day, step, postings, outcome, actor, standing, midnight, self.names)
                self.story.append(chapter)
            elif postings or used or self._moved(actor, standing.levels):
                self.story.append(Chapter(day, None, postings, None, actor, standing, used, self.names))

    def _moved(self, actor: int, levels: tuple[tuple[int, int], ...]) -> bool:
        """Whether somebody's status is another one than the story has told."""
        told = next((c.standing.levels for c in reversed(self.story) if c.actor == actor), None)
        before = [0] * len(levels) if told is None else [level for level, _ in told]
        return [level for level, _ in levels] != before


def _event_of(step: Happening, number: int, known: tuple[int, ...], *, referred: bool) -> Event:
    """The event of a step; the fields of its member that it does not name stay as they are.

    Args:
        known: the values of its member's fields, by index.
        referred: whether its member was brought by another.
    """
    fields = list(known)
    for field, value in step.member:
        fields[field] = value
    kind = REDEEM if step.event is None else step.event
    return Event(
        id=str(number),
        day=step.day,
        minute=step.minute,
        kind=kind if step.returns is None else RETURN,
        basket=step.basket,
        items=tuple(Item(item.price, item.fields) for item in step.items),
        fields=step.fields,
        redeem=step.redeem,
        slot=step.actor,
        original="" if step.returns is None else str(step.returns + 1),
        member=tuple(fields) if step.member else (),
        referred=referred,
        recipient=step.recipient,
    )


# ---- expectations


def _checked(step: Expectation, telling: _Telling) -> Check:
    told, last = len(telling.story), telling.last
    match step:
        case Expect():
            latest = telling.latest.get(step.actor, [])
            return UnitsCheck(step, _measured(step, telling.evaluator, latest), told)
        case ExpectOff():
            return OffCheck(step, last.off if last else 0, told)
        case ExpectSettled():  # SCEN-15
            return check_settled(step, telling.evaluator, told)
        case ExpectRefused():
            reasons = tuple(refusal.reason for refusal in last.refusals) if last else ()
            return RefusedCheck(step, bool(reasons), told, reasons)
        case ExpectLevel():  # SCEN-8
            return check_level(step, telling.evaluator, told)
        case ExpectCounter():  # SCEN-9
            return check_counter(step, telling.evaluator, told)
        case ExpectAllowance():  # ALLOW-1
            return check_allowance(step, telling.evaluator, told)
        case ExpectUses():  # SCEN-10
            named = of_one_name(telling.evaluator.program, step.reward)
            times = sum(use.times for use in telling.uses_of(step.day) if use.reward in named)
            return UsesCheck(step, times, told)
        case ExpectCharged():  # SCEN-16
            rewards = telling.evaluator.program.rewards
            charged = ((use.times, rewards[use.reward]) for use in telling.uses_of(step.day))
            fees = [times * (reward.fee + reward.beside) for times, reward in charged]
            moved = (-min(0, fee) if step.refunded else max(0, fee) for fee in fees)
            return ChargedCheck(step, sum(moved), told)
        case _:
            assert_never(step)


_FLOWS = {
    Measure.EARNED: PostingKind.EARNED,
    Measure.REDEEMED: PostingKind.REDEEMED,
    Measure.EXPIRED: PostingKind.EXPIRED,
    Measure.REVERSED: PostingKind.REVERSED,
    Measure.SENT: PostingKind.SENT,
    Measure.RECEIVED: PostingKind.RECEIVED,
}


def _measured(expect: Expect, evaluator: Evaluator, latest: Sequence[Posting]) -> int:
    """What an expectation is about, in smallest units, as the member stands now.

    Args:
        latest: the postings of the last event and of the midnight work on the way to it.
    """
    expiry = None if expect.through is None else expect.through + 1  # SCEN-4
    if expect.measure in _FLOWS:  # SCEN-2
        return sum(
            posting.units
            for posting in _scope(expect, evaluator, latest)
            if posting.kind is _FLOWS[expect.measure]
            and posting.currency == expect.currency
            and expiry in (None, posting.expiry)
        )
    if expect.measure is Measure.NOTIFIED:  # NOTICE-2
        journal = canonical_postings(evaluator.journal(expect.actor))
        return sum(
            each.units
            for each in notices_of(evaluator.program, journal, evaluator.today)
            if (each.day, each.currency) == (expect.day, expect.currency) and expiry in (None, each.expiry)
        )
    holding = evaluator.standing(expect.actor).holdings[expect.currency]
    if expect.measure is Measure.BALANCE and expiry is None:
        return holding.outstanding  # SCEN-3: less than 0 while the member owes
    return sum(units for gone, units in _parts(expect.measure, holding) if expiry in (None, gone))


def _scope(expect: Expect, evaluator: Evaluator, latest: Sequence[Posting]) -> Iterable[Posting]:
    if expect.day is None:
        return latest
    return (posting for posting in evaluator.journal(expect.actor) if posting.day == expect.day)


def _parts(measure: Measure, holding: Holding) -> Iterable[tuple[int, int]]:
    match measure:
        case Measure.AVAILABLE:
            return holding.available
        case Measure.PENDING:
            return holding.pending
        case _:
            return holding.available + holding.pending
