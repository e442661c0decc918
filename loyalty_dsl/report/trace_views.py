"""A trace as what is shown of it: events with their rules, rewards, effects and balances, all in words.

Invariant: both the terminal and the JSON read this and nothing else, so they cannot disagree; amounts are in
the units of the program's designer.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.language.program import Program

Number = int | float | None


@attrs.frozen
class PostingView:
    """A posting, with the lot that it made or took from.

    Attributes:
        lot: how the lot that it took from is known; "" for one that it made.
        available, last_usable: of the lot; `None` for at once, and for never.
    """

    day: str
    kind: str
    by: str
    currency: str
    units: Fraction
    words: str
    lot: str
    available: str | None
    last_usable: str | None


@attrs.frozen
class LimitView:
    """A limit that was asked.

    Attributes:
        index: its number in the program.
        bound: whether it cut.
    """

    index: int
    at: str
    words: str
    bound: bool


@attrs.frozen
class RowView:
    """A row of a table that was used: its place among the rows, its condition, its line."""

    path: tuple[int, ...]
    words: str
    at: str | None


@attrs.frozen
class RuleView:
    """An earn rule that was asked.

    Attributes:
        why: the reason for which it posted nothing, as a word; `None` where it posted.
        steps: of one that fires, how its amount came about; of one that does not, each part of what it asks.
        words: in one line what it posted, or why nothing.
        other_version: whether it is of a version of the program that is not in force.
    """

    name: str
    label: str
    at: str
    why: str | None
    words: str
    steps: tuple[str, ...]
    condition: tuple[str, ...]
    posting: PostingView | None
    exact: Fraction | None
    rows: tuple[RowView, ...]
    limits: tuple[LimitView, ...]
    other_version: bool


@attrs.frozen
class RewardView:
    """A reward or benefit that was considered."""

    name: str
    label: str
    at: str
    kind: str
    times: int
    off: Fraction
    why: str | None
    words: str
    steps: tuple[str, ...]
    postings: tuple[PostingView, ...]
    other_version: bool


@attrs.frozen
class EpisodeView:
    """An event, a midnight, the strike of a clock, or what was given.

    Attributes:
        kind: `event`, `midnight`, `clock` or `given`.
        id: of an event.
        member: whose it is, where there are several.
        refused: why the event, or the reward chosen at it, was refused.
        before, after: the midnights on the way to it, and what it struck.
        about_others: the rules that are about other events.
        not_chosen: the rewards that members choose and this one did not.
        effects: what else happened: levels, counters, lots, clocks.
        quiet: effects that are only told when all is asked for.
        postings: of all of it, in order, with those of the episodes in it.
        balances: afterwards, of each currency, in words.
    """

    kind: str
    day: str
    title: str
    id: str
    member: str
    refused: tuple[str, ...]
    gates: tuple[str, ...]
    before: "tuple[EpisodeView, ...]"
    rules: tuple[RuleView, ...]
    rewards: tuple[RewardView, ...]
    effects: tuple[str, ...]
    quiet: tuple[str, ...]
    after: "tuple[EpisodeView, ...]"
    about_others: tuple[str, ...]
    not_chosen: tuple[str, ...]
    postings: tuple[PostingView, ...]
    balances: tuple[tuple[str, Fraction, str], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing came of it."""
        return not (
            self.refused
            or self.effects
            or self.postings
            or any(reward.times for reward in self.rewards)
            or any(not each.empty for each in (*self.before, *self.after))
        )


@attrs.frozen
class TraceView:
    """All of a trace.

    Attributes:
        of: what was traced, in words.
        inputs: each file that was read, and its SHA-256.
        seed: where something was left to chance.
    """

    program: Program
    of: str
    member: str | None
    version: str
    inputs: tuple[tuple[str, str], ...]
    seed: int | None
    episodes: tuple[EpisodeView, ...]
