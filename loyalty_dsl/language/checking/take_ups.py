"""How often members take what a population names one by one: benefits, and transfers.

Invariant: each thing is described once; what an earlier version of the program called so is taken as often.
"""

from collections.abc import Callable, Iterable

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.population import TakeUp
from loyalty_dsl.source import Span


def check_shares_taken(
    scope: ProgramScope,
    shares: Iterable[tuple[syntax.Name, syntax.Percent]],
    verify_named: Callable[[ProgramScope, syntax.Name], bool],
) -> tuple[TakeUp, ...]:
    """What the shares say, of those that name something that can be taken so.

    Args:
        verify_named: whether a name stands for such a thing; reports it if not.
    """
    first: dict[str, Span] = {}
    taken: list[TakeUp] = []
    for name, percent in shares:
        if not verify_named(scope, name):
            continue
        reward = scope.rewards.find(name.text)
        assert reward is not None
        if name.text in first:
            scope.findings.report(
                "L205", name.span, f"`{name.text}` is described twice", label="again here",
                secondary=[(first[name.text], "first described here")], help="delete one",
            )  # fmt: skip
            continue
        first[name.text] = name.span
        if verify_chance(scope.findings, percent):
            written = Span(name.span.source, name.span.start, percent.span.end)
            taken.append(TakeUp(reward.index, percent.value, written))
    if scope.program is not None:
        for new, old, _ in scope.program.renamed:
            taken += [attrs.evolve(each, reward=old) for each in taken if each.reward == new]
    return tuple(taken)
