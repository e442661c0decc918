"""What friends do, as kinds of event that happen to whoever referred them (REFER).

Invariant: kinds are numbered behind the declared ones, one for each kind of event kept for a length of time
and one for each referral with stages; their fields are those of the event, then two numbers.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration, positive_number
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counting import event_named
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.numbering import numbered_by, of_whole_basket
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.clocks import FriendKind
from loyalty_dsl.language.conditions import All, Compare, Condition, EventField, Literal, Operand, Order
from loyalty_dsl.language.program import Trigger
from loyalty_dsl.language.types import JOIN, EventKind, Field, Kind
from loyalty_dsl.source import Span

_AT_ONCE = Duration(0, Unit.DAY)
_JOIN = "join by friend"


def declare_friend_kinds(scope: ProgramScope, blocks: Sequence[syntax.RuleBlock]) -> tuple[FriendKind, ...]:
    """Puts the kinds of event that friends cause in scope, behind the declared ones.

    Args:
        blocks: the `referral` blocks, which are checked later: nothing is reported here.
    """
    quiet = attrs.evolve(scope, findings=Findings())
    kinds: dict[str, FriendKind] = {}

    def declare(name: str | None, of: EventKind | None, kept: syntax.Duration | None, span: Span) -> None:
        if name is None or name in kinds or of is None:
            return
        index = len(scope.events) + len(kinds)
        length = _AT_ONCE if kept is None else duration(quiet, kept) or _AT_ONCE
        kinds[name] = FriendKind(index, of.index, length)
        fields = () if name == _JOIN else fields_of_friend(of, span)
        scope.friend_events.append(EventKind(name, index, fields, of.has_amount, span))

    for block in blocks:
        for on in ons_of(block):
            declare(_kind_name(quiet, on), event_named(scope, on.event.text), on.kept, on.span)
        for last in stages_of(block)[-1:]:
            of = event_named(scope, last.event.text)
            declare(None if of is None else name_of_stages(block, of), of, last.kept, last.span)
    return tuple(kinds.values())


def with_numbers(scope: ProgramScope, friends: Sequence[FriendKind]) -> tuple[FriendKind, ...]:
    """The kinds, with the counters that number them (REFER-2); ask when all referrals are checked."""
    names = {kind.index: kind.name for kind in scope.friend_events}
    return tuple(
        attrs.evolve(
            friend,
            numbered=scope.numbered_friends.get(names[friend.event]),
            stages=scope.stages_of_friends.get(names[friend.event], ()),
        )
        for friend in friends
    )


def ons_of(block: syntax.RuleBlock) -> list[syntax.OnClause]:
    """The `on` clauses of a referral."""
    return [clause for clause in block.clauses if isinstance(clause, syntax.OnClause)]


def stages_of(block: syntax.RuleBlock) -> list[syntax.rules.StageClause]:
    """The `stage` clauses of a referral, in order."""
    return [clause for clause in block.clauses if isinstance(clause, syntax.rules.StageClause)]


def name_of_stages(block: syntax.RuleBlock, last: EventKind) -> str:
    """The name of the kind of event by which a friend completes the stages of a referral."""
    return f"{last.name} by friend ({block.name.text})"


def _is_join(on: syntax.OnClause) -> bool:
    return on.event.text == "join"


def _kind_name(quiet: ProgramScope, on: syntax.OnClause) -> str | None:
    """The name of the kind of event; `None` for what is no event of a friend."""
    of = event_named(quiet, on.event.text)
    if on.by is None or on.by.text != "friend" or of is None:
        return None
    if _is_join(on):
        return _JOIN
    kept = None if on.kept is None else duration(quiet, on.kept)
    name = f"{of.name} by friend" + ("" if kept is None else f" kept {kept}")
    if on.first is None or on.where is None:
        return name
    return f"{name} ({' '.join(on.where.span.text.split())})"  # numbered by what it says (REFER-2)


def fields_of_friend(of: EventKind, span: Span) -> tuple[Field, ...]:
    """The fields of a friend's event: those of the event itself, then its number and its friend's days."""
    count = len(of.fields)
    return (
        *of.fields,
        Field("ordinal", Kind.NUMBER, (), count, span),
        Field("days_since_join", Kind.NUMBER, (), count + 1, span),
    )


def verify_friend(scope: ProgramScope, name: syntax.Name) -> None:
    """Reports an actor other than `friend`."""
    if name.text != "friend":
        help = "write `friend`"
        if name.text in ("both", "each", "all", "everyone"):
            help = "write two lines: one that ends in `to friend`, and one without `to`, for the member"
        elif name.text in ("member", "referrer", "me", "self", "inviter"):
            help = f"leave `{name.text}` out: without it the member is meant who brought the friend"
        scope.findings.report("L201", name.span, f"`{name.text}` is nobody that a referral knows", help=help)


def friend_trigger(scope: ProgramScope, on: syntax.OnClause) -> Trigger | None:
    """The trigger of the member's rules: the friend's join or purchase with all that is asked of it."""
    findings = scope.findings
    if on.by is None:
        findings.report(
            "L354", on.span, "a referral is about what a friend does",
            help=f"write `on {'' if on.first is None else 'first '}{on.event.text} by friend`"
            if event_named(scope, on.event.text) is not None
            else "write `on join by friend` or `on first purchase by friend`",
        )  # fmt: skip
        return None
    errors = findings.errors
    verify_friend(scope, on.by)
    joins, of = _is_join(on), event_named(scope, on.event.text)
    if of is None or (of.index == JOIN and not joins):
        if not scope.events.may_be_unseen(on.event.text):
            findings.report(
                "L354", on.event.span, f"a referral counts a friend's join, purchases or other events, "
                f"and `{on.event.text}` is none",
                help="write `on join by friend`, `on first purchase by friend`, or declare the event",
            )  # fmt: skip
        return None
    for clause, word in ((on.first, "first"), (on.within, "within"), (on.kept, "kept")):
        if joins and clause is not None:
            findings.report(
                "L354", clause.span, f"`{word}` is about purchases, and a friend joins once",
                help=f"write `on first purchase by friend`, or delete `{word} ...`",
            )  # fmt: skip
    if joins and on.where is not None:
        findings.report(
            "L309", on.where.span, "a friend's join has nothing to read",
            help="write `on first purchase by friend where ...`, or delete the test",
        )  # fmt: skip
    if findings.errors > errors:
        return None
    tests: list[Condition] = []
    name = _kind_name(scope, on)
    count = len(of.fields)
    fields = fields_of_friend(of, on.span)
    if on.first is not None:
        first = positive_number(scope, on.first, "purchases", 10**6)
        order = Order.EQUAL if first == 1 else Order.AT_MOST
        tests.append(is_number(EventField(fields[count]), order, first or 1))
        if order is Order.AT_MOST and on.where is not None:  # the others have the number 0
            tests.append(is_number(EventField(fields[count]), Order.AT_LEAST, 1))
    if on.within is not None:
        within = days_of(scope, on.within)
        if on.within_of is not None and on.within_of.text != "join":
            findings.report(
                "L354", on.within_of.span, "what a friend does is counted from the friend's join",
                help="write `within 30 days of join`",
            )  # fmt: skip
        tests.append(is_number(EventField(fields[count + 1]), Order.AT_MOST, within or 0))
    if on.kept is not None:
        duration(scope, on.kept)
    if on.where is not None:
        where = check_condition(scope, readable_of_friend(of), on.where)
        tests += [] if where is None else flat(where)
        if where is not None and on.first is not None and name is not None:
            whole = of_whole_basket(where)
            scope.numbered_friends[name] = numbered_by(scope, of, whole, on.span)
    if findings.errors > errors:
        return None
    kind = next((kind for kind in scope.friend_events if kind.name == name), None)
    return None if kind is None else Trigger(kind.index, all_of(tests), on.span)


def readable_of_friend(of: EventKind) -> Readable:
    """What a test of a friend's event may read."""
    why = f"this is about the friend's {of.name}; read the member's own state behind `when`"
    no_amount = None if of.has_amount else f"a {of.name} carries no amount; delete this test"
    return Readable(event=of, no_amount=no_amount, no_state=why, no_member=why, no_day=why)


def days_of(scope: ProgramScope, within: syntax.Duration) -> int | None:
    """A length of time that is a number of days."""
    length = duration(scope, within)
    if length is None:
        return None
    if length.unit in (Unit.DAY, Unit.WEEK):
        return length.count * (7 if length.unit is Unit.WEEK else 1)
    scope.findings.report(
        "L354",
        within.span,
        "what a friend does in time is counted in days",
        help="write a number of days or weeks",
    )
    return None


def is_number(operand: Operand, order: Order, number: int) -> Condition:
    """A comparison of a number."""
    return Compare(operand, order, Literal(number, Kind.NUMBER))


def flat(condition: Condition) -> list[Condition]:
    """The parts that must all hold."""
    return list(condition.conditions) if isinstance(condition, All) else [condition]


def all_of(tests: Sequence[Condition]) -> Condition | None:
    """The conditions joined; `None` for none."""
    return All(tuple(tests)) if len(tests) > 1 else (tests[0] if tests else None)
