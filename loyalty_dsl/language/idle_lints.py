"""Clauses that change nothing: amounts that are always 0, expiry and returns of what there is not.

Invariant: what is warned of changes nothing on any history.
"""

from collections.abc import Iterator, Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Flat, PerMoney, ShareOfRules
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.expiry import Activity, AfterActivity
from loyalty_dsl.language.program import Combine, EarnRule, Group, Program
from loyalty_dsl.source import Span


def lint_idle(program: Program) -> Iterator[Diagnostic]:
    """What is written and changes nothing."""
    for rule in program.earns:
        yield from _idle_share(program, rule)
        yield from _idle_raise(program, rule)
    for group in program.groups:
        yield from _never_paid(program, group)
    for currency in program.currencies:
        if isinstance(currency.expiry, AfterActivity) and _never_happens(program, currency.expiry.activity):
            yield _idle(
                currency.span, f"`{currency.name}` expire after a last redemption, and no reward has a price",
                "add a `reward`, or write `after last purchase`",
            )  # fmt: skip
    if (
        program.returns is not None
        and program.returns.rechecks
        and not program.ladders
        and program.returns.span
    ):
        yield _idle(
            program.returns.span, "`tier rechecks` is about levels, and this program has none",
            "delete the line, or add `tiers`",
        )  # fmt: skip
    for ladder in program.ladders:
        if len(ladder.levels) == 1:
            yield _idle(
                ladder.span, f"`{ladder.name}` has one level, which everybody holds",
                "add a level with a `when`, or delete the ladder",
            )  # fmt: skip


def _idle(
    span: Span | None, message: str, help: str, secondary: Sequence[tuple[Span, str]] = ()
) -> Diagnostic:
    assert span is not None  # only programs that are made without a text have none
    return diagnostic("L619", span, message, secondary=secondary, help=help)


def _idle_share(program: Program, rule: EarnRule) -> Iterator[Diagnostic]:
    """A share of rules none of which ever fires at the same event."""
    if not isinstance(rule.amount, ShareOfRules):
        return
    shared = [program.earns[index] for index in rule.amount.rules]
    events = {trigger.event for each in shared for trigger in each.triggers}
    if shared and not events & {trigger.event for trigger in rule.triggers}:
        yield _idle(
            rule.span, f"`{rule.name}` gives a share of what never comes at its events, so it gives nothing",
            "fire it on the events of the rule that it is a share of",
            [(each.span, "a share of this") for each in shared],
        )  # fmt: skip


def _idle_raise(program: Program, rule: EarnRule) -> Iterator[Diagnostic]:
    """A raise to no more than what is raised gives already."""
    raised = [program.earns[index] for index in rule.raises]
    match rule.amount:
        case ShareOfRules(share=share, rules=rules):
            idle = bool(raised) and share <= 1 and set(rules) == set(rule.raises)
        case Flat(units=units):
            idle = bool(raised) and all(
                isinstance(each.amount, Flat) and each.amount.units >= units and _always_fires(each, rule)
                for each in raised
            )
        case _:
            idle = False
    if idle:
        yield _idle(
            rule.span, f"`{rule.name}` raises to no more than is given without it, so it changes nothing",
            "raise to more, such as 200% of the rule; for so much on top write `give`",
            [(each.span, "what is raised") for each in raised],
        )  # fmt: skip


def _never_paid(program: Program, group: Group) -> Iterator[Diagnostic]:
    """Rules of a group before which another one of it is always paid."""
    rules = [program.earns[index] for index in group.rules]
    for place, rule in enumerate(rules):
        others = rules[:place] if group.combine is Combine.FIRST else rules
        if group.combine not in (Combine.FIRST, Combine.BEST) or rule.raises:
            continue
        better = (
            other
            for other in others
            if other is not rule and _always_fires(other, rule, grouped=True) and not other.raises
            and (
                isinstance(other.amount, Flat)
                if group.combine is Combine.FIRST
                else _gives_more(other, rule)
            )
        )  # fmt: skip
        first = next(better, None)
        if first is not None:
            yield _idle(
                rule.span, f"`{rule.name}` is never paid: `{first.name}` of the same group always is",
                "let it give more, or ask for less before it" if group.combine is Combine.BEST
                else f"write it above `{first.name}`, or let that one ask for something",
                [(first.span, "this one"), (group.span, "their group")],
            )  # fmt: skip


def _gives_more(rule: EarnRule, other: EarnRule) -> bool:
    """Whether a rule gives more than another one at each event that fires both."""
    match rule.amount, other.amount:
        case Flat(more), Flat(less):
            return more > less
        case PerMoney(more, per, False, base, None), PerMoney(less, of, _, other_base, None):
            return rule.items is None and base is other_base and more * of > less * per
        case _:
            return False


def _always_fires(rule: EarnRule, other: EarnRule, *, grouped: bool = False) -> bool:
    """Whether a rule fires, uncut, at every event that may fire another one."""
    plain = {trigger.event for trigger in rule.triggers if trigger.where is None}
    free = rule.when is None and not rule.dates and not rule.limits and rule.chance == 1
    alone = grouped or rule.group is None
    return free and alone and {trigger.event for trigger in other.triggers} <= plain


def _never_happens(program: Program, activity: Activity) -> bool:
    """Whether only a redemption is waited for, and no reward has a price."""
    other = activity.events or activity.earning or activity.rewards
    return activity.redemption and not other and not any(each.taking.redeems for each in program.rewards)
