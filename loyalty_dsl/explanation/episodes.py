"""What a witness was told, as a tree: what happened at each event and at each midnight on the way to it.

Invariant: nothing is left out and nothing is reordered; the records of an episode, read from left to right
with those of the episodes in it, are those that the witness was told.
"""

from collections.abc import Iterable, Iterator

import attrs

from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.witness import ClockBegan, Ended, EventBegan, MidnightBegan, Posted, Told

Began = EventBegan | MidnightBegan | ClockBegan


@attrs.frozen
class Episode:
    """An event, the work of a midnight, the strike of a clock, or what was given before anything happened.

    Attributes:
        began: what it is; `None` for what was told outside of all of these.
        steps: what was told within it, in order, with the episodes in it: before an event the midnights on
            the way to it, and after it the clocks that it struck.
        facts: of its member when it was over; `None` with `began`.
        outcome: of an event.
    """

    began: Began | None
    steps: "tuple[Told | Episode, ...]"
    facts: Facts | None = None
    outcome: Outcome | None = None

    @property
    def told(self) -> Iterator[Told]:
        """Everything that was told within it, at whatever depth, in order."""
        for step in self.steps:
            if isinstance(step, Episode):
                yield from step.told
            else:
                yield step

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Every posting within it, in the order in which they were made."""
        return tuple(each.posting for each in self.told if isinstance(each, Posted))


def episodes_of(told: Iterable[Told]) -> tuple[Episode, ...]:
    """The episodes of what was told, in order.

    Args:
        told: all that a witness was told by one group, from the beginning.
    """
    open_: list[tuple[Began | None, list[Told | Episode]]] = [(None, [])]
    for each in told:
        match each:
            case EventBegan() | MidnightBegan() | ClockBegan():
                open_.append((each, []))
            case Ended(facts, outcome):
                began, steps = open_.pop()
                open_[-1][1].append(Episode(began, tuple(steps), facts, outcome))
            case _:
                open_[-1][1].append(each)
    (_, all_steps) = open_[0]
    episodes: list[Episode] = []
    loose: list[Told] = []
    for step in all_steps:
        if isinstance(step, Episode):
            if loose:
                episodes.append(Episode(None, tuple(loose)))
                loose = []
            episodes.append(step)
        else:
            loose.append(step)
    return (*episodes, Episode(None, tuple(loose))) if loose else tuple(episodes)
