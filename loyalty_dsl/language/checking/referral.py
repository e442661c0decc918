"""Referral: what a member gets for what friends do, and what the friend gets for being referred (REFER).

Invariant: a referral is earn rules and nothing else: the member's fire on kinds of event that friends
cause, the friend's on the friend's own join and purchases.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.diagnostics import deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Amount, Choice, PerItem
from loyalty_dsl.language.checking.clauses import report_missing
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.dates import check_dates
from loyalty_dsl.language.checking.earned_amounts import Earning, Given
from loyalty_dsl.language.checking.expiry import check_lot_term
from loyalty_dsl.language.checking.friends import (
    all_of,
    days_of,
    declare_friend_kinds,
    flat,
    friend_trigger,
    is_number,
    ons_of,
    stages_of,
    verify_friend,
)
from loyalty_dsl.language.checking.giving import check_given
from loyalty_dsl.language.checking.limits_by_value import ByEvent
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.stages import Stages, check_stages
from loyalty_dsl.language.checking.triggers import Fired, check_triggers
from loyalty_dsl.language.checking.waits import check_waits
from loyalty_dsl.language.conditions import (
    Compare,
    Condition,
    DaysSinceJoin,
    IsReferred,
    Literal,
    Order,
)
from loyalty_dsl.language.program import Dates, EarnRule, Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax.gates import RefuseClause
from loyalty_dsl.language.types import Kind

__all__ = ["check_referral", "declare_friend_kinds"]

_ELSEWHERE: dict[type, tuple[str, str]] = {
    RefuseClause: ("refuse", "write `when not ...`"),
    syntax.RaiseClause: ("raise", "write what the referral gives"),
    syntax.InGroupClause: ("in", "delete this line"),
    syntax.ChanceClause: ("chance", "delete this line"),
    syntax.AccountClause: ("account", "what a referral gives is marketing, so delete this line"),
    syntax.ForItems: ("for items", "write `where amount >= ...` behind `on`"),
    syntax.OnStart: ("on start", "write `on first purchase by friend`"),
    syntax.rules.OnEnd: ("on end", "write `on first purchase by friend`"),
    syntax.rules.OnSilence: ("after last", "write `on first purchase by friend`"),
    syntax.rules.OnReaches: ("reaches", "write `on first purchase by friend`"),
    syntax.rules.OnFalls: ("falls below", "write `on first purchase by friend`"),
    syntax.rules.OnRises: ("reaches", "write `on first purchase by friend`"),
    syntax.rules.OnAfterJoin: ("after join", "write `on first purchase by friend`"),
    syntax.OnAnniversary: ("on anniversary", "write `on first purchase by friend`"),
    syntax.rules.GiveWhen: ("give ... when", "write `when` on a line of its own"),
    syntax.rules.LimitTable: ("limit by", "write one limit for all"),
    syntax.rules.MinimumTable: ("minimum", "write `where amount >= ...` behind `on`"),
    syntax.rules.PriceWhen: ("price", "delete this line"),
    syntax.PriceClause: ("price", "delete this line"),
    syntax.PricePerOff: ("price", "delete this line"),
    syntax.PriceAll: ("price", "delete this line"),
    syntax.PriceTable: ("price", "delete this line"),
    syntax.rules.StepsAmount: ("steps", "steps of an amount are of a `transfer`; delete this line"),
    syntax.rules.ExchangeClause: ("exchange", "write a block of its own: `transfer to_miles { ... }`"),
    syntax.StepsClause: ("steps", "delete this line"),
    syntax.MinimumClause: ("minimum", "write `where amount >= ...` behind `on`"),
    syntax.IssueClause: ("issue", "a referral gives by itself, so delete this line"),
    syntax.Cost: ("cost", "write it in the currency that it gives"),
    syntax.Worth: ("worth", "write it in the currency that it gives"),
    syntax.rules.HiddenClause: ("hidden", "a referral that nobody is told of brings nobody"),
}


@record
class _Side:
    """What the rules of one side share.

    Attributes:
        limits: its own `limit` clauses.
    """

    name: str
    label: str
    fired: Fired
    when: Condition | None
    gives: tuple[syntax.Amount, ...]
    limits: tuple[syntax.Limit, ...]


def check_referral(
    scope: ProgramScope, block: syntax.RuleBlock, index: int, numbers: LimitNumbers
) -> list[EarnRule]:
    """The earn rules of a `referral` block; none when something in it is wrong (reported).

    Args:
        index: that of the first rule; the others count on.
    """
    findings = scope.findings
    errors = findings.errors
    what = f"the referral `{block.name.text}`"
    for clause in block.clauses:
        if type(clause) in _ELSEWHERE:
            word, instead = _ELSEWHERE[type(clause)]
            findings.report(
                "L206", clause.span, f"`{word}` is not a clause of referrals",
                secondary=[(block.span, "this is a referral")], help=instead,
            )  # fmt: skip
    ons = ons_of(block)
    staged = stages_of(block)
    if staged and ons:
        findings.report(
            "L354", ons[0].span, "the last stage says what pays, so there is no `on`",
            secondary=[(staged[0].span, "the first stage")],
            help="write it as a `stage`, or delete the stages",
        )  # fmt: skip
    if not ons and not staged and not scope.losses.may_hold(block.span, "on"):
        report_missing(findings, block.span, what, "on", "on first purchase by friend")
    gives = [clause for clause in block.clauses if isinstance(clause, syntax.Give)]
    to_friend = [clause for clause in block.clauses if isinstance(clause, syntax.GiveTo)]
    for clause in to_friend:
        verify_friend(scope, clause.to)
    conditional = any(isinstance(clause, syntax.rules.GiveWhen) for clause in block.clauses)
    if not gives and not to_friend and not conditional and not scope.losses.may_hold(block.span, "give"):
        report_missing(findings, block.span, what, "give", "give 500 points")
    limits = [clause for clause in block.clauses if isinstance(clause, syntax.Limit)]
    for limit in limits:
        _verify_limited_side(scope, limit, gives, to_friend)
    mine_fire = [trigger for on in ons if (trigger := friend_trigger(scope, on)) is not None]
    stages = check_stages(scope, block) if staged else None
    mine_fire += [] if stages is None else [stages.mine]
    readable = Readable(
        event=None, no_event="a friend's purchase is read behind `on ... where`",
        no_amount="a friend's purchase is read behind `on ... where`",
    )  # fmt: skip
    when = check_whens(scope, block.clauses, readable)
    if findings.errors > errors or not mine_fire:  # an event that could not be read
        return []
    label = label_of(block.name, block.label)
    theirs = tuple(_unaddressed(limit) for limit in limits if limit.to is not None)
    mine = tuple(limit for limit in limits if limit.to is None)
    member = _Side(block.name.text, label, _fired(scope, mine_fire), when, tuple(gives), mine)
    rules = _rules(scope, block, member, index, numbers)
    if to_friend and findings.errors == errors:
        amounts = tuple(clause.amount for clause in to_friend)
        triggers = _friends_triggers(scope, block, ons, stages)
        friend = _Side(
            f"{block.name.text} to friend", f"{label}, to the friend", _fired(scope, triggers), None, amounts,
            theirs,
        )  # fmt: skip
        rules += _rules(scope, block, friend, index + len(gives), numbers)
    return [] if findings.errors > errors else rules


def _fired(scope: ProgramScope, triggers: Sequence[Trigger]) -> Fired:
    """What fires the rules of a side, as their amounts see it."""
    kinds = {kind.index: kind for kind in (*scope.events.things(), *scope.friend_events)}
    firings = tuple((trigger.span, kinds[trigger.event]) for trigger in triggers)
    alone = kinds[triggers[0].event] if len({trigger.event for trigger in triggers}) == 1 else None
    why = "this referral is on several kinds of event"
    no_amount = None if alone is not None and alone.has_amount else "there is no amount to read"
    return Fired(tuple(triggers), firings, Readable(alone, no_event=why, no_amount=no_amount))


def _unaddressed(limit: syntax.Limit) -> syntax.Limit:
    """The same limit without `to friend`."""
    return syntax.Limit(
        limit.quantity, limit.window, limit.everyone, limit.refuses, None, limit.span, limit.when
    )


def _verify_limited_side(
    scope: ProgramScope,
    limit: syntax.Limit,
    gives: Sequence[syntax.Amount],
    to_friend: Sequence[syntax.GiveTo],
) -> None:
    """Reports a limit of a side that is given nothing."""
    if limit.to is not None:
        verify_friend(scope, limit.to)
    if (limit.to is not None and not to_friend and gives) or (limit.to is None and not gives and to_friend):
        whom = "the friend" if limit.to is not None else "the member"
        scope.findings.report(
            "L355", limit.span, f"this limits what {whom} gets, and {whom} is given nothing",
            help="delete this line, or write `limit ... to friend` for what the friend gets"
            if limit.to is None else "delete this line, or write `give ... to friend`",
            edit=deletion(limit.span),
        )  # fmt: skip


# ---- the friend's side


def _friends_triggers(
    scope: ProgramScope, block: syntax.RuleBlock, ons: Sequence[syntax.OnClause], stages: Stages | None
) -> tuple[Trigger, ...]:
    """The triggers of the friend's rules: the friend's own events, if referred."""
    when = next((clause for clause in block.clauses if isinstance(clause, syntax.When)), None)
    waits = [on.kept for on in ons] if stages is None else [stages.kept]
    unclear = next((kept for kept in waits if kept is not None), None) or when
    if unclear is not None:
        what = "when" if unclear is when else "kept"
        scope.findings.report(
            "L190", unclear.span,
            f"a referral with `{what}` cannot give to the friend yet: the friend is paid at once, for what "
            "the friend does",
            help=f"give to the friend in a referral of its own, without `{what}`",
        )  # fmt: skip
        return ()
    triggers: list[Trigger] = [] if stages is None else [stages.friends]
    for on in ons:
        own = syntax.OnClause(on.event, on.first, None, None, None, None, on.where, on.span)
        fired = check_triggers(scope, (own,), block=block.span, what=f"the referral `{block.name.text}`")
        tests: list[Condition] = [Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO))]
        if on.within is not None:
            tests.append(is_number(DaysSinceJoin(), Order.AT_MOST, days_of(scope, on.within) or 0))
        triggers += [
            attrs.evolve(
                trigger, where=all_of([*tests, *([] if trigger.where is None else flat(trigger.where))])
            )
            for trigger in fired.triggers
        ]
    return tuple(triggers)


# ---- rules


def _rules(
    scope: ProgramScope,
    block: syntax.RuleBlock,
    side: _Side,
    index: int,
    numbers: LimitNumbers,
) -> list[EarnRule]:
    """A rule for each thing that a side is given; `index` is that of the first."""
    delay = check_waits(scope, block.clauses, None).otherwise
    expires = [
        clause
        for clause in block.clauses
        if isinstance(clause, syntax.ExpireClause | syntax.expiry.ExpireTable)
    ]
    expiry = check_lot_term(scope, expires)
    dates: tuple[tuple[Dates, ...], ...] = check_dates(scope, block.clauses)
    found = [_given(scope, side, give) for give in side.gives]
    currencies = [given.currency for given in found if given is not None and given.currency is not None]
    rules = []
    for number, given in enumerate(found, 1):
        if given is None or given.currency is None:
            continue
        currency = given.currency
        suffix = "" if number == 1 else f" {number}"
        limits = check_limits(
            scope, _limits_of(scope, side.limits, currency, currencies), numbers,
            currency=currency, reward=False,
            by=ByEvent(None, "a limit of a referral counts what friends bring, wherever that was"),
        )  # fmt: skip
        rules.append(
            EarnRule(
                name=side.name + suffix,
                label=side.label + suffix,
                index=index + number - 1,
                triggers=side.fired.triggers,
                when=side.when,
                dates=dates,
                items=None,
                amount=given.amount,
                currency=currency.index,
                limits=limits,
                span=block.span,
                pending=delay,
                expiry=expiry,
            )
        )
    return rules


def _given(scope: ProgramScope, side: _Side, give: syntax.Amount) -> Given | None:
    match give:
        case syntax.GiveOff() | syntax.GivePercentOff() | syntax.GiveFreeItem() | syntax.NotOffered():
            scope.findings.report(
                "L206", give.span, "a referral gives an amount of a currency, and money off is a benefit",
                help="write a `benefit` that is `on first purchase where referred`",
            )  # fmt: skip
        case syntax.amounts.UseStrategy():
            scope.findings.report(
                "L206", give.span, "`use strategy` is a clause of earn rules, and a referral gives an amount",
                help="give an amount, such as `give 500 points`",
            )  # fmt: skip
        case syntax.GiveNothing():
            scope.findings.report(
                "L310", give.span, "this gives nothing", help="write an amount, or delete the line"
            )
        case _:
            earning = Earning(side.fired)
            given = check_given(scope, earning, give)
            if given is None:
                return None
            if earning.references or _counts_items(given.amount):
                scope.findings.report(
                    "L190", give.span,
                    "a referral that gives a share of rules, or so much per item, is not supported yet",
                    help="give a share of the money, such as `give 5% back` or `give 1 point per $1`",
                )  # fmt: skip
                return None
            return given
    return None


def _counts_items(amount: Amount) -> bool:
    if isinstance(amount, Choice):
        return any(map(_counts_items, (*(case.amount for case in amount.cases), amount.otherwise)))
    return isinstance(amount, PerItem)


def _limits_of(
    scope: ProgramScope,
    limits: Sequence[syntax.Limit],
    currency: CurrencyUnit,
    currencies: Sequence[CurrencyUnit],
) -> list[syntax.Limit]:
    """The limits that bind the rule of one currency: not those in units of another one that is given."""
    bound = []
    for limit in limits:
        unit = limit.quantity.unit
        of = None if unit is None else scope.currencies.find(unit.text)
        others = [each.index for each in currencies if each.index != currency.index]
        if of is None or of.index not in others:
            bound.append(limit)
    return bound
