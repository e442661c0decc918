"""Who acts in a scenario: the member, the friends whom it brings, or members who have names.

Invariant: names are for programs in which members send to each other, and no scenario has both names and
friends, so a number is one or the other.
"""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_number
from loyalty_dsl.language.checking.friends import verify_friend
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.timeline import Timeline
from loyalty_dsl.language.suggestions import listed

MOST_FRIENDS = 100
"""The most friends that a scenario may have."""

_FRIEND = "friend"


def doer_of(scope: ProgramScope, timeline: Timeline, actor: syntax.Actor | None) -> int:
    """Who does something, by number: 0 is the member, as nobody is named."""
    if actor is None:
        return 0
    if scope.receiving and actor.word.text != _FRIEND and actor.number is None:
        return named(scope, timeline, actor.word)
    verify_friend(scope, actor.word)
    timeline.friend = timeline.friend or actor.span
    _verify_apart(scope, timeline, actor.word)
    if actor.number is None:
        return 1
    positive_number(scope, actor.number, "friends", MOST_FRIENDS)
    return int(actor.number.value)


def named(scope: ProgramScope, timeline: Timeline, name: syntax.Name | None) -> int:
    """The number of somebody with a name, which is known from then on; 0 without one is the member."""
    if name is None:
        return 0
    if not scope.receiving:
        scope.findings.report(
            "L515", name.span, f"in `{scope.name.text}` nobody sends anything to `{name.text}`",
            secondary=[(scope.name.span, "the program")],
            help="leave the name out: then it is the member; those whom it brings are `friend`",
        )  # fmt: skip
        return 0
    number = timeline.names.setdefault(name.text, len(timeline.names) + 1)
    _verify_apart(scope, timeline, name)
    return number


def expected_of(
    scope: ProgramScope, timeline: Timeline, actor: syntax.Actor | None, whose: syntax.Name | None
) -> int:
    """Of whom something is expected: of somebody with a name, one of whom the scenario has told something."""
    known = tuple(timeline.names)
    number = doer_of(scope, timeline, actor) or named(scope, timeline, whose)
    name = whose if actor is None else actor.word
    if name is not None and len(timeline.names) > len(known):
        scope.findings.report(
            "L515", name.span, f"nothing has happened to `{name.text}` in this scenario",
            help=f"name {listed(known, 'or')}" if known else
            f"write above what happened, such as `on 2026-03-01 join by {name.text}`",
        )  # fmt: skip
    return number


def _verify_apart(scope: ProgramScope, timeline: Timeline, name: syntax.Name) -> None:
    if timeline.names and timeline.friend is not None:
        scope.findings.report(
            "L515", name.span, "a scenario has friends or members with names, not both",
            secondary=[(timeline.friend, "a friend")], help="write two scenarios",
        )  # fmt: skip
