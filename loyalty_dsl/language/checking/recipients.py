"""Transfers to another member: what of their clauses asks about the recipient, and what that one is given.

Invariant: each test of a condition is either about who sends or about who receives, so that each half of a
transfer can be asked of one member alone (SEND-2).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.expiry import AfterActivity
from loyalty_dsl.language.program import Currency, Limit, Reward
from loyalty_dsl.language.rewards import RewardCase, Taking, UnitsGiven

RECIPIENT = "recipient"
"""The word for the other member of a transfer."""


def verify_recipient(scope: ProgramScope, name: syntax.Name) -> None:
    """Reports anybody else that something is sent to."""
    if name.text != RECIPIENT:
        scope.findings.report(
            "L201", name.span, f"`{name.text}` is nobody that a transfer knows",
            help="write `to recipient`: the member who is named where it is asked for",
        )  # fmt: skip


def of_sender(clauses: Sequence[syntax.RuleClause]) -> list[syntax.RuleClause]:
    """The clauses that ask about who sends; a `when` of both is only that part of it."""
    return [each for clause in clauses if (each := _part(clause, theirs=False)) is not None]


def verify_nobody_receives(scope: ProgramScope, clauses: Sequence[syntax.RuleClause]) -> bool:
    """Whether an exchange of the member's own asks of no recipient; if it does, that is reported."""
    asking = [clause for clause in clauses if _part(clause, theirs=True) is not None]
    for clause in asking:
        scope.findings.report(
            "L201", clause.span, "this exchange is the member's own, so there is no recipient",
            help="end the `exchange` in `to recipient`, or delete this",
        )  # fmt: skip
    return not asking


def of_recipient(scope: ProgramScope, clauses: Sequence[syntax.RuleClause]) -> list[syntax.RuleClause]:
    """The conditions and limits that are about the recipient, as they ask that member."""
    their = []
    for clause in clauses:
        if isinstance(clause, syntax.When):
            _verify_apart(scope, clause)
        if isinstance(clause, syntax.Limit) and clause.to is not None:
            verify_recipient(scope, clause.to)
            if clause.to.text != RECIPIENT:
                continue
        if (part := _part(clause, theirs=True)) is not None:
            their.append(part)
    return their


def _part(clause: Any, *, theirs: bool) -> Any:
    """The part of a clause that is about one of the two; `None` when there is none."""
    if isinstance(clause, syntax.Limit):
        if (clause.to is not None) is not theirs:
            return None
        own: Any = clause
        return attrs.evolve(own, to=None)
    if not isinstance(clause, syntax.When):
        return None if theirs else clause
    tests = [test for test in _tests(clause.condition) if (True in _whose(test)) is theirs]
    if not tests:
        return None
    whole = tests[0] if len(tests) == 1 else syntax.AllOf(tuple(tests), clause.condition.span)
    return syntax.When(_asked_of_them(whole) if theirs else whole, clause.span)


def _tests(condition: syntax.Condition) -> tuple[syntax.Condition, ...]:
    return condition.tests if isinstance(condition, syntax.AllOf) else (condition,)


def _whose(condition: syntax.Condition) -> frozenset[bool]:
    """Whether a condition reads the recipient (`True`), the sender (`False`), or both."""
    return frozenset(_is_theirs(measure) for measure in _measures(condition))


def _measures(part: Any) -> Iterator[syntax.Measure]:
    if isinstance(part, syntax.Measure):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _measures(each)
    elif attrs.has(type(part)) and type(part).__module__.startswith(syntax.__name__):
        for field in attrs.fields(type(part)):
            yield from _measures(getattr(part, field.name))


def _is_theirs(measure: syntax.Measure) -> bool:
    return measure.of is not None and measure.of.text == RECIPIENT


def _asked_of_them(part: Any) -> Any:
    """A condition without `of recipient`, for the recipient to be asked."""
    if isinstance(part, syntax.Measure) and not _is_theirs(part):
        return part
    if isinstance(part, syntax.Measure):
        return syntax.Measure(part.name, None, part.since, part.earned, part.window, part.span)
    if isinstance(part, tuple):
        return tuple(_asked_of_them(each) for each in part)
    if attrs.has(type(part)) and type(part).__module__.startswith(syntax.__name__):
        names = [field.name for field in attrs.fields(type(part))]
        return attrs.evolve(part, **{name: _asked_of_them(getattr(part, name)) for name in names})
    return part


def _verify_apart(scope: ProgramScope, clause: syntax.When) -> None:
    for test in _tests(clause.condition):
        if len(_whose(test)) > 1:
            scope.findings.report(
                "L190", test.span,
                "a test of both who sends and who receives is not supported yet",
                help="write a `when` about the sender and one about the recipient; both have to hold",
            )  # fmt: skip


def receiving(
    block: syntax.RuleBlock,
    label: str,
    given: tuple[int, int],
    when: Condition | None,
    limits: tuple[Limit, ...],
) -> Reward:
    """What the recipient is given for each step, as a reward that costs nothing and that nobody chooses.

    Args:
        given: a currency, and units of it.
    """
    return Reward(
        name=f"{block.name.text} received",
        label=f"{label} received",
        index=-1,
        currency=-1,
        cases=(RewardCase(None, 0, False, UnitsGiven(*given)),),
        taking=Taking.RECEIVED,
        when=when,
        dates=(),
        minimum_basket=0,
        minimum_balance=0,
        limits=limits,
        cost=None,
        span=block.span,
    )


def with_receivers(
    scope: ProgramScope, rewards: Sequence[Reward], currencies: Sequence[Currency]
) -> tuple[list[Reward], list[Currency]]:
    """The rewards with those by which recipients are given, behind all others; and the currencies, for which
    a transfer that is an activity is one of both members (SEND-5)."""
    whole = list(rewards)
    of_sender: dict[int, int] = {}
    for at, reward in enumerate(rewards):
        if reward.taking is not Taking.SENT:
            continue
        if scope.friend_events:
            scope.findings.report(
                "L190", reward.span, "transfers to other members beside a referral are not supported yet",
                help="write the two as programs of their own",
            )  # fmt: skip
        of_sender[reward.index] = len(whole)
        whole[at] = attrs.evolve(reward, receiver=len(whole))
        whole.append(attrs.evolve(scope.receiving[reward.index], index=len(whole)))
    return whole, [_both_active(currency, of_sender) for currency in currencies]


def _both_active(currency: Currency, of_sender: dict[int, int]) -> Currency:
    """The currency, whose clock a transfer restarts for who receives too, where it does for who sends."""
    if not isinstance(currency.expiry, AfterActivity):
        return currency
    activity = currency.expiry.activity
    more = tuple(of_sender[each] for each in activity.rewards if each in of_sender)
    listed = attrs.evolve(activity, rewards=(*activity.rewards, *more))
    return attrs.evolve(currency, expiry=attrs.evolve(currency.expiry, activity=listed))
