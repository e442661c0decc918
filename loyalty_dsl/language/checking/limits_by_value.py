"""Limits for each value of a field: `limit 1 time per calendar day per store` (LIMIT-11).

Invariant: such a limit becomes one for each value that the field can have, of which one counts at any event.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Compare, EventField, Literal, Order
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import EventKind, Field, Kind

MOST_VALUES = 200
"""More limits than that would make every event slow."""


@record
class ByEvent:
    """The kind of event whose fields a limit may count by; `None` for none, because of `why`."""

    event: EventKind | None
    why: str


def by_of_reward(readable: Readable, *, benefit: bool) -> ByEvent:
    """What limits of a reward or a benefit count by: a benefit by the event that triggers it."""
    if benefit:
        return ByEvent(readable.event, readable.no_event)
    return ByEvent(None, "a reward may be redeemed without a purchase, so it has no field to count by")


def check_values(scope: ProgramScope, clause: syntax.Limit, by: ByEvent) -> tuple[Compare | None, ...] | None:
    """For which events the limits of a clause count, one for each value; `(None,)` for every event.

    Returns:
        `None` when there is no such field, which is reported.
    """
    if clause.by is None:
        return (None,)
    if _verify_other(scope, clause, clause.by):
        return None
    field = _field(scope, clause.by, by)
    if field is None:
        return None
    choices = field.values or ("no", "yes")
    if field.kind not in (Kind.ONE_OF, Kind.YES_NO):
        scope.findings.report(
            "L330", clause.by.span, f"`{field.name}` is {type_in_words(field)}: its values cannot be listed",
            secondary=[(field.span, "declared here")],
            help=f"declare it with its values, as in `{field.name} one of north, south`",
        )  # fmt: skip
        return None
    if len(choices) > MOST_VALUES:
        scope.findings.report(
            "L330", clause.by.span, f"a limit for each of {len(choices):,} values is too many",
            secondary=[(field.span, "declared here")],
            help=f"at most {MOST_VALUES} values: group them, as in `region one of east, west`",
        )  # fmt: skip
        return None
    return tuple(
        Compare(EventField(field), Order.EQUAL, Literal(value, field.kind)) for value in range(len(choices))
    )


def _verify_other(scope: ProgramScope, clause: syntax.Limit, by: syntax.Name) -> bool:
    """Whether `per NAME` says something that a limit does not have, which is reported."""
    if by.text in ("member", "customer", "person"):
        message = "every limit is of one member"
        help = f"delete `per {by.text}`; `for everyone` counts all members together"
    elif by.text in scope.events or by.text in EVENT_WORDS:
        message = f"`{by.text}` is no field of the event"
        help = "write `per event` in a limit of its own"
    elif clause.window is None:
        message = "one event has one value, so `per event` counts the same without it"
        help = f"delete `per {by.text}`, or write a window, such as `per calendar day per {by.text}`"
    elif clause.everyone:
        message = "what everyone gets together is not counted for each value"
        help = f"delete `per {by.text}`, or write a rule for each value"
    else:
        return False
    scope.findings.report("L330", by.span, message, help=help)
    return True


def _field(scope: ProgramScope, name: syntax.Name, by: ByEvent) -> Field | None:
    if by.event is None:
        scope.findings.report("L309", name.span, f"`{name.text}` cannot be read here", help=by.why)
        return None
    field = by.event.field(name.text)
    if field is not None:
        return field
    of_member = scope.member_fields.find(name.text)
    if of_member is not None:
        scope.findings.report(
            "L330", name.span, f"`{name.text}` is a field of the member, who has one value at a time",
            secondary=[(of_member.span, "declared here")],
            help=f"delete `per {name.text}`: every limit is of one member",
        )  # fmt: skip
        return None
    known = [each.name for each in by.event.fields if each.kind in (Kind.ONE_OF, Kind.YES_NO)]
    scope.findings.report(
        "L201",
        name.span,
        f"`{by.event.name}` has no field `{name.text}`",
        help=_instead(name.text, known, by),
    )
    return None


def _instead(name: str, known: Sequence[str], by: ByEvent) -> str:
    guess = nearest(name, known)
    if guess:
        return f"did you mean `{guess}`?"
    if known:
        return f"write {listed([f'per {each}' for each in known], 'or')}"
    event = "purchase" if by.event is None else by.event.name
    return f"declare it, as in `event {event} {{ {name} one of north, south }}`"
