"""Scenarios on the compiled evaluator.

Invariants: each actor is a slot of one state; the journal is read and emptied after every operation, so what
it holds is what that operation posted; all slots are brought to a day before an event of it is carried out,
as the reference does it, so what an event answers is the event's alone.
"""

from collections.abc import Sequence

import attrs
import numpy as np

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation import kernel_operations as operations
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation import plan_state as ps
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.everyone import Closings, Together
from loyalty_dsl.evaluation.groups import counters_of_all_earned
from loyalty_dsl.evaluation.kernel_wallets import ROWS_MISSED
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Refusal
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.obstacle_codes import is_of_event, obstacle_of
from loyalty_dsl.evaluation.plan import GROUP, Ints, Plan, Sink, State
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.replay_compiled import ROW_KINDS, close, kind_between_members, together_of
from loyalty_dsl.evaluation.sent_parts import at_recipient
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.scenario import GivenTimes, GivenUnits, Happening, Scenario
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.testing.giving import (
    chances_given,
    earned_on,
    eve_of,
    holdouts_given,
    with_holdouts,
    with_luck,
)
from loyalty_dsl.testing.kernel_holdings import holding_of
from loyalty_dsl.testing.results import Standing
from loyalty_dsl.testing.steps import actors_of, day_of_step, first_day

_ROWS = 1 << 16
"""Postings that one operation can make at the most; what is not used costs nothing."""

_DAYS_AT_ONCE = 366
"""How far time is passed by one operation, so that its postings have room."""


@attrs.frozen(eq=False)
class _Original:
    """An event as what is returned is held against it.

    Attributes:
        gone: flags of the items that were returned.
    """

    number: int
    prices: Ints
    item_fields: Ints
    gone: Ints


@attrs.define(eq=False)
class OnKernel:
    """One scenario's members.

    Attributes:
        ids: of the events so far, by the number that the journal has for them.
        originals: the latest event of each slot and id.
        journals, used: of each actor.
    """

    program: Program
    actors: int
    plan: Plan
    state: State
    sink: Sink
    today: int
    ids: list[str] = attrs.field(factory=list)
    originals: dict[tuple[int, str], _Original] = attrs.field(factory=dict)
    journals: tuple[list[Posting], ...] = ()
    used: tuple[list[Use], ...] = ()

    # ---- what an actor begins with

    def give_field(self, field: int, value: int, actor: int) -> None:
        self.state.of_member.fields[actor, field] = value

    def give_level(self, ladder: int, level: int, through: int, day: int, actor: int) -> None:
        table = self.plan.of_state.ladders[ladder]
        first, end = int(table[ps.LADDER_LEVELS]), int(table[ps.LADDER_LEVELS_END])
        grants = self.state.of_member.grants[actor, first:end]
        standing = self.state.of_member.ladders[actor * len(self.program.ladders) + ladder]
        if level:  # the lowest needs none
            grants[level] = max(int(grants[level]), through)
        status = max((at for at in range(1, end - first) if grants[at] >= day), default=0)
        standing[ps.STATUS] = status
        standing[ps.TERM_ENDS] = NEVER if not status or grants[status] == NEVER else grants[status] + 1
        member = self.state.members[actor]
        member[p.NEXT_DUE] = min(member[p.NEXT_DUE], standing[ps.TERM_ENDS])

    def give_opening(self, currency: int, units: int, earned: int, actor: int) -> None:
        self._do(operations.POST, actor, earned, (currency, units))
        for counter in counters_of_all_earned(self.program, currency):
            self._do(operations.COUNT, actor, earned, (counter, units, 0))

    def give_counter(self, counter: int, value: int, day: int, actor: int) -> None:
        self._do(operations.COUNT, actor, day, (counter, value, 1))

    def give_joined(self, day: int, actor: int) -> None:
        self._do(operations.JOIN_EARLIER, actor, self.today, (day,))

    def give_times(self, given: GivenTimes, day: int) -> None:
        for first, end in self._limits_of(given):
            self._do(operations.COUNT_TIMES, given.actor, day, (first, end, given.times))
            for limit in self.plan.limits[first:end]:
                if limit[p.LIMIT_CLOSED] >= 0 and limit[p.LIMIT_OF] == p.TIMES:  # SCEN-14
                    self.state.together[limit[p.LIMIT_CLOSED], day - self.plan.first_day] += given.times

    def decide_given(self, apart: frozenset[int], actor: int) -> None:
        for ladder in range(len(self.program.ladders)):
            if ladder not in apart:
                self._do(operations.DECIDE, actor, self.today, (ladder,))

    def _limits_of(self, given: GivenTimes) -> list[tuple[int, int]]:
        """Slices of the plan's limits."""
        if given.reward:
            row = self.plan.rewards[given.index]
            return [(int(row[p.REWARD_LIMITS]), int(row[p.REWARD_LIMITS_END]))]
        row = self.plan.rules[given.index]
        limits = [(int(row[p.RULE_LIMITS]), int(row[p.RULE_LIMITS_END]))]
        if row[p.RULE_GROUP] >= 0:
            group = self.plan.groups[row[p.RULE_GROUP]]
            limits.append((int(group[p.GROUP_LIMITS]), int(group[p.GROUP_LIMITS_END])))
        return limits

    # ---- what happens

    def advance(self, day: int) -> None:
        for slot in range(self.actors):
            for on in range(self.today + _DAYS_AT_ONCE, day, _DAYS_AT_ONCE):
                self._do(operations.ADVANCE, slot, on)
            self._do(operations.ADVANCE, slot, max(day, self.today))
        self.today = max(day, self.today)

    def apply(self, event: Event) -> Outcome:
        slot = event.slot
        journal, uses = self.journals[slot], self.used[slot]
        before = len(journal)
        self.advance(event.day)
        midnights = len(uses)
        self.ids.append(event.id)
        number = self.sink.notes[p.AT_EVENT] = len(self.ids) - 1
        code = self._may_send(event) if event.recipient >= 0 else p.DONE
        if code == p.DONE:
            self._say(event)
            code = self._return(event) if event.kind == RETURN else self._step(event, number)
            if code == p.DONE and event.recipient >= 0:
                self._step(at_recipient(self.program, event), number)
            self.advance(event.day)  # clocks that the event has set and that had no room to strike
        self.sink.notes[p.AT_EVENT] = -1
        used = tuple(uses[midnights:])
        refusals = self._refusals(event, code)
        return Outcome(
            event=event,
            postings=tuple(journal[before:]),
            amount=self._left(event, used, code),
            off=0 if event.kind == RETURN else int(self.sink.notes[p.MONEY_OFF]),
            uses=used,
            refusals=refusals,
            silent=(),
        )

    def _say(self, event: Event) -> None:
        """Passes on what an event says of its member (MEMBER-1, MEMBER-2)."""
        if event.member or event.referred:
            said = self.state.of_member.said
            said[ps.SAYS] = 1
            said[ps.SAYS_REFERRED] = event.referred
            said[ps.FIRST_SAID :] = event.member or self.fields(event.slot)

    def _may_send(self, event: Event) -> int:
        """Why the recipient of a transfer cannot be given it; `DONE` for nothing (SEND-2)."""
        if event.recipient == event.slot:
            return p.TO_ONESELF
        receives = at_recipient(self.program, event)
        assert receives.redeem is not None
        return self._do(
            operations.MAY_RECEIVE, event.recipient, event.day, receives.redeem, fields=self._fields(receives)
        )

    def _fields(self, event: Event) -> Ints:
        fields = np.zeros(max((len(kind.fields) for kind in self.program.events), default=0), np.int64)
        fields[: len(event.fields)] = event.fields
        return fields

    def _step(self, event: Event, number: int) -> int:
        prices, item_fields = self._items(event)
        reward, quantity = (-1, 0) if event.redeem is None else event.redeem
        fields = self._fields(event)
        numbers = (event.kind, event.basket, reward, quantity)
        self.originals[event.slot, event.id] = _Original(
            number, prices, item_fields, np.zeros(len(prices), np.int64)
        )
        return self._do(
            operations.STEP, event.slot, event.day, numbers, fields=fields, items=(prices, item_fields)
        )

    def _return(self, event: Event) -> int:
        original = self.originals.get((event.slot, event.original))
        numbers = (-1 if original is None else original.number, event.basket)
        return self._do(
            operations.RETURN_ITEMS,
            event.slot,
            event.day,
            numbers,
            items=self._items(event),
            original=original,
        )

    def _items(self, event: Event) -> tuple[Ints, Ints]:
        fields = np.zeros((len(event.items), self.plan.item_fields), np.int64)
        for at, item in enumerate(event.items):
            if item.fields is not None:
                fields[at] = item.fields
        return np.array([item.price for item in event.items], np.int64), fields

    def _refusals(self, event: Event, code: int) -> tuple[Refusal, ...]:
        if code == p.DONE:
            return ()
        obstacle = obstacle_of(self.program, code)
        of_reward = not is_of_event(self.program, code) and event.redeem is not None
        reward = self.program.rewards[event.redeem[0]] if of_reward and event.redeem else None
        return (refuse(self.program, event.id, event.day, obstacle, reward),)

    def _left(self, event: Event, used: Sequence[Use], code: int) -> int:
        """What is left of the amount (AMT-2); what is issued after earning takes nothing off it."""
        if event.kind == RETURN or is_of_event(self.program, code):
            return event.basket
        rewards = self.program.rewards
        off = sum(use.off for use in used if rewards[use.reward].taking is not Taking.AFTER_EARNING)
        return max(0, event.basket - off)

    def _do(
        self,
        operation: int,
        slot: int,
        day: int,
        numbers: tuple[int, ...] = (),
        *,
        fields: Ints | None = None,
        items: tuple[Ints, Ints] | None = None,
        original: _Original | None = None,
    ) -> int:
        """Does one operation, with as much room as it needs, and reads what it wrote."""
        nothing, no_items = np.zeros(0, np.int64), np.zeros((0, self.plan.item_fields), np.int64)
        padded = np.array([*numbers, *[0] * (operations.MOST_NUMBERS - len(numbers))], np.int64)
        prices, item_fields = (nothing, no_items) if items is None else items
        if original is None:
            original = _Original(-1, nothing, no_items, nothing)
        while True:
            code = operations.operate(
                self.plan,
                self.state,
                self.sink,
                operation,
                slot,
                day,
                padded,
                nothing if fields is None else fields,
                prices,
                item_fields,
                original.prices,
                original.item_fields,
                original.gone,
            )
            self._read(slot)
            if code != p.NO_ROOM:
                verify_strategies(self.plan, self.state)
                return int(code)
            self.state = p.roomier_state(self.state)

    def _read(self, slot: int) -> None:
        """Takes postings and uses out of the sink."""
        notes, rewards = self.sink.notes, self.sink.rewards
        if notes[p.JOURNALING] == ROWS_MISSED:
            raise RuntimeError(f"one operation made more than {_ROWS:,} postings")
        rows = self.sink.journal[: notes[p.JOURNAL_END]].tolist()
        notes[p.JOURNAL_END] = 0
        earners = [*self.program.earns, *self.program.rewards]
        for _, event, day, row_kind, name, currency, available, expiry, units in rows:
            kind = ROW_KINDS[row_kind]
            if kind is PostingKind.EARNED and name == len(earners):
                kind = PostingKind.OPENING
            kind = kind_between_members(self.program, kind, name)
            match kind:
                case PostingKind.EARNED | PostingKind.REVERSED | PostingKind.RECEIVED:
                    named = earners[name].name
                case PostingKind.REDEEMED | PostingKind.SENT:
                    named = self.program.rewards[name].name
                case PostingKind.EXPIRED | PostingKind.OPENING:
                    named = ""
            of_event = self.ids[event] if event >= 0 else ""
            self.journals[slot].append(
                Posting(kind, day, of_event, named, currency, available, expiry, units)
            )
        for reward, ((times, off, given, *_),) in zip(self.program.rewards, rewards.tolist(), strict=True):
            if times:
                cost = cost_of(reward, times, off, given)
                self.used[slot].append(Use(reward.index, times, off, cost, given))
        rewards[:] = 0

    # ---- how an actor stands

    def joined(self, actor: int) -> int | None:
        day = int(self.state.members[actor, p.JOINED])
        return None if day == p.NOT_JOINED else day

    def fields(self, actor: int) -> tuple[int, ...]:
        return tuple(self.state.of_member.fields[actor].tolist())

    def journal(self, actor: int) -> Sequence[Posting]:
        return self.journals[actor]

    def uses(self, actor: int) -> Sequence[Use]:
        return self.used[actor]

    def standing(self, actor: int) -> Standing:
        ladders, counters = len(self.program.ladders), len(self.program.counters)
        levels = self.state.of_member.ladders[actor * ladders : (actor + 1) * ladders, ps.STATUS].tolist()
        rows = self.state.of_member.counters[actor * counters : (actor + 1) * counters]
        return Standing(
            levels=tuple(
                (level, self.held_through(actor, ladder, level)) for ladder, level in enumerate(levels)
            ),
            counters=tuple(rows[:, ps.COUNT_VALUE].tolist()),
            holdings=tuple(
                holding_of(self.program, self.state, actor, each.index) for each in self.program.currencies
            ),
        )

    def together(self) -> Together:
        return together_of(self.plan, [self.state])

    def held_through(self, actor: int, ladder: int, level: int) -> int:
        if not level:
            return NEVER
        table = self.plan.of_state.ladders[ladder]
        first, end = table[ps.LADDER_LEVELS] + level, table[ps.LADDER_LEVELS_END]
        return int(self.state.of_member.grants[actor, first:end].max())


def open_on_kernel(program: Program, scenario: Scenario, closings: Closings | None = None) -> OnKernel:
    """Begins a scenario: nobody has joined or has anything.

    Args:
        closings: of limits for everyone (LIMIT-9).

    Raises:
        InputRefused: more friends than a state has slots for.
    """
    first, last = _days(program, scenario)
    settled = with_holdouts(with_luck(program, chances_given(scenario)), holdouts_given(scenario))
    plan = lower_program(settled, first, last, [first])
    close(program, plan, closings or {})
    actors = actors_of(scenario)
    if actors > GROUP:
        raise InputRefused(
            f"the scenario `{scenario.title}` has more than {GROUP - 1} friends or names",
            "run it with --engine reference",
        )
    items = max((len(step.items) for step in scenario.steps if isinstance(step, Happening)), default=0)
    state = p.new_state(plan, slots=actors, items=items)
    sink = p.new_sink(plan, journal_rows=_ROWS, slots=actors)
    sink.notes[p.AT_EVENT] = -1
    journals: tuple[list[Posting], ...] = tuple([] for _ in range(actors))
    used: tuple[list[Use], ...] = tuple([] for _ in range(actors))
    opened = OnKernel(program, actors, plan, state, sink, first, journals=journals, used=used)
    for slot in range(actors):
        opened._do(operations.OPEN, slot, first)
    return opened


def _days(program: Program, scenario: Scenario) -> tuple[int, int]:
    """The first and the last day on which anything can happen or lots can have been earned."""
    first = first_day(program, scenario)
    given = [earned_on(scenario, each, first) for each in scenario.given if isinstance(each, GivenUnits)]
    eves = [eve_of(scenario, first, actor) for actor in range(actors_of(scenario))]
    days = [day for step in scenario.steps if (day := day_of_step(step)) is not None]
    return min([program.starts, first - 1, *given]), max([first, *eves, *days])
