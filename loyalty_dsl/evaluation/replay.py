"""Real events through a program: what every member earned, used, lost and still holds.

Invariants: both engines give a `Replay` that is equal figure for figure (SAME-1); groups are independent
once what friends did stands among their events and the days are known on which limits for everyone are
closed, so neither the number of threads nor the order in which they finish can change anything; and LEDGER-1
holds for each member and in total. State is as of the end of the history's last day (TIME-5).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, assert_never

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.delivery import happened_of, needs_delivery, run_in_waves
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.everyone import Closings, Together, limits_for_everyone, until_settled
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import CanonicalPosting, Refusal, RefusalKind, Totals
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.language.opening import StateRow
from loyalty_dsl.language.program import Program
from loyalty_dsl.shown import Shown

Ints = NDArray[np.int64]

Engine = Literal["compiled", "reference"]

NO_GRANT = -(2**31)
"""In `Replay.grants`, where there is none that is live."""


@attrs.frozen(eq=False)
class Balances:
    """Figures of each member in each currency, [members, currencies], in smallest units."""

    issued: Ints
    redeemed: Ints
    expired: Ints
    reversed: Ints
    received: Ints
    sent: Ints
    pending: Ints
    outstanding: Ints

    @classmethod
    def empty(cls, members: int, currencies: int) -> "Balances":
        return cls(*(np.zeros((members, currencies), np.int64) for _ in attrs.fields(cls)))


@attrs.frozen
class RefusedEvent:
    """An event that was refused, or whose reward was.

    Attributes:
        row: the row of the source file at which it began, from 1, the header not counted.
        member: the member's id.
    """

    row: int
    member: str
    refusal: Refusal


@attrs.frozen
class RuleTotal:
    """What an earn rule posted, in smallest units of its currency, and how often."""

    units: int
    times: int


@attrs.frozen
class RewardTotal:
    """How often a reward was used, the minor units that it took off, what it cost in minor units, and the
    units of another currency that it gave; `cost` is `None` where the program does not say."""

    uses: int
    off: int
    cost: Fraction | None
    given: int = 0


@attrs.frozen(eq=False)
class Replay(Shown):
    """A history under a program.

    Attributes:
        balances: of each member.
        usage: [members, limits] what each limit has used in the window that holds the last day; 0 for a
            limit per event.
        rules, rewards: by index.
        refusals: in the order of members, then of their events.
        postings: canonical, of each member; `None` when they were not asked for.
        counters: [members, counters] in the window that holds the last day.
        grants: [members, levels of all ladders] the day through which the level is held, where that is the
            last day or later; otherwise `NO_GRANT`.
        together: what all members counted against limits for everyone, by the limit's index and the day.
        states: of each member, as of the end of the last day, where postings were asked of the compiled
            engine; `None` otherwise.
    """

    program: Program
    history: History
    balances: Balances
    usage: Ints
    rules: tuple[RuleTotal, ...]
    rewards: tuple[RewardTotal, ...]
    refusals: tuple[RefusedEvent, ...]
    postings: tuple[tuple[CanonicalPosting, ...], ...] | None
    counters: Ints
    grants: Ints
    together: Together = attrs.field(factory=dict)
    states: tuple[tuple[StateRow, ...], ...] | None = None

    def totals(self) -> tuple[Totals, ...]:
        """The figures of all members together, for each currency."""
        return tuple(self._totals(self.balances, currency.index) for currency in self.program.currencies)

    def member_totals(self, member: int) -> tuple[Totals, ...]:
        """The figures of one member, for each currency."""
        rows = Balances(
            *(getattr(self.balances, field.name)[member : member + 1] for field in attrs.fields(Balances))
        )
        return tuple(self._totals(rows, currency.index) for currency in self.program.currencies)

    @staticmethod
    def _totals(balances: Balances, currency: int) -> Totals:
        return Totals(
            issued=int(balances.issued[:, currency].sum()),
            redeemed=int(balances.redeemed[:, currency].sum()),
            expired=int(balances.expired[:, currency].sum()),
            reversed=int(balances.reversed[:, currency].sum()),
            received=int(balances.received[:, currency].sum()),
            sent=int(balances.sent[:, currency].sum()),
            pending=int(balances.pending[:, currency].sum()),
            outstanding=int(balances.outstanding[:, currency].sum()),
        )


def replay(
    program: Program,
    history: History,
    engine: Engine = "compiled",
    threads: int | None = None,
    with_postings: bool = False,
    *,
    seed: int = 1,
) -> Replay:
    """Runs a history through a program.

    Args:
        program: the program.
        history: the events of its members.
        engine: the compiled kernel, or the reference that it has to agree with, a thousand times slower.
        threads: how many the compiled kernel may use; `None` takes one for each processor.
        with_postings: also keep every posting, which costs memory for each.
        seed: of what is left to chance (EARN-12).

    Returns:
        Figures of each member and in total, and the rows that were refused.

    Raises:
        InputRefused: a limit for everyone counts in years of membership.
    """
    run = _engine(program, engine, threads, with_postings, seed)
    if not limits_for_everyone(program):
        return _with_friends(program, history, lambda part: run(part, {}))
    return until_settled(
        program,
        lambda closings: _with_friends(program, history, lambda part: run(part, closings)),
        lambda replayed: replayed.together,
    )


def _with_friends(program: Program, history: History, run: Callable[[History], Replay]) -> Replay:
    """Runs members after those whom they brought (REFER)."""
    if not needs_delivery(program, history):
        return run(history)
    parts: list[tuple[Ints, Replay]] = []

    def run_wave(members: Ints, part: History) -> Ints:
        replayed = run(part)
        parts.append((members, replayed))
        refused = {
            (each.member, each.refusal.event)
            for each in replayed.refusals
            if each.refusal.kind is not RefusalKind.REWARD
        }
        redeemed = {(each.member, each.refusal.event) for each in replayed.refusals}
        of_reward = happened_of(part, redeemed - refused)  # nothing is left of a redemption alone
        return np.minimum(happened_of(part, refused), np.where(part.kind == REDEEM, of_reward, 1))

    run_in_waves(program, history, run_wave)
    return _put_together(program, history, parts)


def _engine(
    program: Program, engine: Engine, threads: int | None, with_postings: bool, seed: int
) -> Callable[[History, Closings], Replay]:
    """What replays a history with some limits for everyone closed, whose members do not affect each other."""
    match engine:
        case "compiled":
            from loyalty_dsl.evaluation.replay_compiled import replay_compiled

            return lambda history, closings: replay_compiled(
                program, history, threads, with_postings, closings, seed
            )
        case "reference":
            from loyalty_dsl.evaluation.replay_reference import replay_reference

            return lambda part, closings: replay_reference(program, part, with_postings, closings, seed)
        case _:
            assert_never(engine)


def _put_together(program: Program, history: History, parts: list[tuple[Ints, Replay]]) -> Replay:
    """One replay of parts, each with the members that it is of, by index."""
    count = len(history.members)
    first = parts[0][1]

    def of_members(figures: Callable[[Replay], Ints]) -> Ints:
        whole = np.zeros((count, figures(first).shape[1]), np.int64)
        for members, part in parts:
            whole[members] = figures(part)
        return whole

    rules = tuple(
        RuleTotal(sum(each.units for each in its), sum(each.times for each in its))
        for its in zip(*(part.rules for _, part in parts), strict=True)
    )
    rewards = []
    for reward, its in zip(
        program.rewards, zip(*(part.rewards for _, part in parts), strict=True), strict=True
    ):
        uses, off, given = (sum(getattr(each, name) for each in its) for name in ("uses", "off", "given"))
        rewards.append(RewardTotal(uses, off, cost_of(reward, uses, off, given), given))
    verify_sums_fit(
        program,
        [rule.times for rule in rules],
        [reward.uses for reward in rewards],
        int(history.basket.max(initial=0)),
    )
    numbers = {name: number for number, name in enumerate(history.members)}
    refusals = sorted(
        (each for _, part in parts for each in part.refusals), key=lambda each: numbers[each.member]
    )
    postings: list[tuple[CanonicalPosting, ...]] = [()] * count
    for members, part in parts:
        for member, its in zip(members.tolist(), part.postings or (), strict=part.postings is not None):
            postings[member] = its
    states: list[tuple[StateRow, ...]] = [()] * count
    for members, part in parts:
        for member, rows in zip(members.tolist(), part.states or (), strict=part.states is not None):
            states[member] = rows
    together: dict[tuple[int, int], int] = {}
    for key, counted in (each for _, part in parts for each in part.together.items()):
        together[key] = together.get(key, 0) + counted
    balances = Balances.empty(count, len(program.currencies))
    for field in attrs.fields(Balances):
        for members, part in parts:
            getattr(balances, field.name)[members] = getattr(part.balances, field.name)
    return Replay(
        program=program,
        history=history,
        balances=balances,
        usage=of_members(lambda part: part.usage),
        rules=rules,
        rewards=tuple(rewards),
        refusals=tuple(refusals),
        postings=None if first.postings is None else tuple(postings),
        counters=of_members(lambda part: part.counters),
        grants=of_members(lambda part: part.grants),
        together=together,
        states=None if first.states is None else tuple(states),
    )
