"""Where a reward is chosen that is not for purchases: `on award_trip where off_peak`.

Invariant: a reward has one kind of event at which it can be chosen; what it reads of an event is of that one.
"""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind
from loyalty_dsl.source import Span


@record
class Place:
    """The kind of event at which members choose a reward.

    Attributes:
        at: its index.
        where: what must hold of the event.
    """

    at: int
    where: Condition | None
    readable: Readable
    span: Span


def comes_by_itself(scope: ProgramScope, on: syntax.OnClause) -> bool:
    """Whether a clause names a date of the member, such as a birthday."""
    field = scope.member_fields.find(on.event.text)
    return field is not None and field.kind is Kind.DATE and scope.events.find(on.event.text) is None


def check_place(
    scope: ProgramScope, block: syntax.RuleBlock, issue: syntax.IssueClause | None
) -> Place | None:
    """What the `on` of a reward says; `None` where there is none, or it is wrong (reported)."""
    written = [clause for clause in block.clauses if isinstance(clause, syntax.OnClause)]
    if not written:
        return None
    on = written[0]
    if len(written) > 1:
        scope.findings.report(
            "L330", written[1].span, "a reward is chosen at one kind of event",
            secondary=[(on.span, "the first one")], help="write a reward of its own for each kind of event",
        )  # fmt: skip
        return None
    if issue is not None:
        scope.findings.report(
            "L206", on.span, "what is issued automatically is not chosen at an event",
            secondary=[(issue.span, "it is issued here")], help="delete this line, or the one of `issue`",
        )  # fmt: skip
        return None
    if on.first is not None or on.by is not None or on.within is not None or on.kept is not None:
        scope.findings.report(
            "L206", on.span, "a reward is chosen at an event of the member, whichever that is",
            help=f"write `on {on.event.text}`, and who may choose it behind `when`",
        )  # fmt: skip
        return None
    if comes_by_itself(scope, on):
        scope.findings.report(
            "L206", on.span, f"`{on.event.text}` comes by itself, and a reward is what members choose",
            help="what they get on that day of every year is a `benefit`, which has no price",
        )  # fmt: skip
        return None
    kind = scope.events.resolve(on.event)
    if kind is None:
        return None
    if kind.index == PURCHASE:
        scope.findings.report(
            "L206", on.span, "`on` is a clause of earn rules, not of rewards",
            secondary=[(block.span, "this is a reward")],
            help="a reward is taken at a purchase; say for which ones with `when`",
        )  # fmt: skip
        return None
    if kind.index == JOIN:
        scope.findings.report(
            "L506", on.event.span, "nothing is paid for on join, so no reward can be taken",
            help="write a `benefit` on join, or another kind of event",
        )  # fmt: skip
        return None
    readable = Readable(event=kind)
    where = None if on.where is None else check_condition(scope, readable, on.where)
    return Place(kind.index, where, readable, on.span)
