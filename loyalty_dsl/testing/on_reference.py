"""Scenarios on the reference evaluator.

Invariant: looking changes nothing.
"""

from collections.abc import Iterable, Sequence

import attrs

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation import groups
from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.everyone import Closings, Together
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.members import Group, counters_now
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome, apply
from loyalty_dsl.language.program import Limit, Program
from loyalty_dsl.language.scenario import GivenTimes, Scenario
from loyalty_dsl.testing.giving import chances_given, holdouts_given
from loyalty_dsl.testing.results import Holding, Standing
from loyalty_dsl.testing.steps import actors_of
from loyalty_dsl.testing.whole_balances import gone_together


@attrs.frozen(eq=False)
class OnReference:
    """One scenario's members."""

    group: Group

    @property
    def program(self) -> Program:
        return self.group.program

    @property
    def today(self) -> int:
        return self.group.today

    @property
    def actors(self) -> int:
        return len(self.group.members)

    def give_field(self, field: int, value: int, actor: int) -> None:
        groups.give_field(self.group, field, value, actor)

    def give_level(self, ladder: int, level: int, through: int, day: int, actor: int) -> None:
        groups.give_level(self.group, ladder, level, through, day, slot=actor)

    def give_opening(self, currency: int, units: int, earned: int, actor: int) -> None:
        groups.give_opening(self.group, currency, units, earned, actor)

    def give_counter(self, counter: int, value: int, day: int, actor: int) -> None:
        groups.give_counter(self.group, counter, value, day, actor)

    def give_joined(self, day: int, actor: int) -> None:
        groups.give_joined(self.group, day, actor)

    def give_times(self, given: GivenTimes, day: int) -> None:
        groups.give_times(self.group, _times_limits(self.program, given), given.times, day, given.actor)

    def decide_given(self, apart: frozenset[int], actor: int) -> None:
        groups.decide_given(self.group, apart, actor)

    def advance(self, day: int) -> None:
        groups.advance(self.group, day)

    def apply(self, event: Event) -> Outcome:
        return apply(self.group, event)

    def joined(self, actor: int) -> int | None:
        return self.group.members[actor].joined

    def fields(self, actor: int) -> tuple[int, ...]:
        return self.group.members[actor].fields

    def journal(self, actor: int) -> Sequence[Posting]:
        return self.group.members[actor].journal

    def uses(self, actor: int) -> Sequence[Use]:
        return [use for _, use in self.group.members[actor].uses]

    def standing(self, actor: int) -> Standing:
        member = self.group.members[actor]
        return Standing(
            levels=tuple(
                (standing.level, self.held_through(actor, ladder, standing.level))
                for ladder, standing in enumerate(member.ladders)
            ),
            counters=counters_now(self.group, member),
            holdings=tuple(_holding(account) for account in member.accounts),
        )

    def together(self) -> Together:
        counted: dict[tuple[int, int], int] = {}
        for member in self.group.members:
            for key, units in member.usage.together.items():
                counted[key] = counted.get(key, 0) + units
        return counted

    def held_through(self, actor: int, ladder: int, level: int) -> int:
        return groups.held_through(self.group.members[actor], ladder, level) if level else NEVER


def open_on_reference(program: Program, scenario: Scenario, closings: Closings | None = None) -> OnReference:
    """Begins a scenario: nobody has joined or has anything.

    Args:
        closings: of limits for everyone (LIMIT-9).
    """
    group = groups.open_group(program, actors_of(scenario))
    for member in group.members:
        member.usage.closed = closings or {}
    lucky = chances_given(scenario)
    group.luck = lambda slot, rule, day, number: rule.index in lucky  # SCEN-13
    held = holdouts_given(scenario)
    group.held_out = lambda slot, audience: audience.name in held  # AUDIENCE-3
    return OnReference(group)


def _holding(account: Account) -> Holding:
    oldest = min((lot.earned for lot in account.lots), default=None)
    gone = gone_together(account.currency, account.active, oldest)

    def parts(lots: Iterable[Lot]) -> list[tuple[int, int]]:
        return [(lot.expiry, lot.units) for lot in lots]

    return Holding.of(account.outstanding, parts(account.spendable), parts(account.waiting), gone)


def _times_limits(program: Program, given: GivenTimes) -> tuple[Limit, ...]:
    """The limits of a rule, with those of its group, or of a reward."""
    if given.reward:
        return program.rewards[given.index].limits
    rule = program.earns[given.index]
    return rule.limits if rule.group is None else rule.limits + program.groups[rule.group].limits
