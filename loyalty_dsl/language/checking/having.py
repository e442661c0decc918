"""`has lounge_pass`: a condition that something of a currency is there to be used.

Invariant: it says what `balance of lounge_pass` says of at least the smallest unit, where that may be read.
"""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.measures import Readable, check_measure
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Compare, Condition, Literal, Order


def check_has(scope: ProgramScope, readable: Readable, test: syntax.conditions.Has) -> Condition | None:
    """`has lounge_pass`: the smallest unit of it is available."""
    name = test.currency
    ladder = next((each for each in scope.ladders.things() if name.text in (each.name, *each.levels)), None)
    if scope.currencies.find(name.text) is None and ladder is not None:
        level = ladder.levels[-1] if name.text == ladder.name else name.text
        scope.findings.report(
            "L307", test.span, f"`{name.text}` is not held in a balance, but is a level or a ladder of them",
            secondary=[(ladder.span, "declared here")], help=f"write `{ladder.name} >= {level}`",
        )  # fmt: skip
        return None
    balance = syntax.Name("balance", name.span)
    measured = check_measure(scope, readable, syntax.Measure(balance, name, None, None, None, test.span))
    if measured is None:
        return None
    return Compare(measured.operand, Order.AT_LEAST, Literal(1, measured.kind))
