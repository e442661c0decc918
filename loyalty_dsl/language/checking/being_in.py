"""Conditions that name an audience: `member of NAME` (AUDIENCE-1)."""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.audiences import being_in
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Condition


def names_audience(test: syntax.Holds) -> bool:
    """Whether a test is `member of NAME`."""
    measure = test.measure
    plain = measure.earned is None and measure.window is None
    return measure.name.text == "member" and measure.of is not None and plain


def check_being_in(scope: ProgramScope, readable: Readable, test: syntax.Holds) -> Condition | None:
    """What the test asks, or `None` where it cannot be asked (reported)."""
    why = "an item filter reads the fields of items; put this behind `when`" if readable.of_items else None
    why = why or readable.no_audience or readable.no_state
    if readable.ladder is not None:
        why = "a level is for all who earn it; name the audience in what the level brings"
    if why is not None:
        scope.findings.report("L309", test.span, f"`{test.span.text}` cannot be asked here", help=why)
        return None
    assert test.measure.of is not None
    (audience,) = scope.audiences.resolve(test.measure.of) or (None,)
    scope.named.add(test.measure.of.text)
    return None if audience is None else being_in(audience)
