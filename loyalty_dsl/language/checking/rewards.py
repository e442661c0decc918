"""Rewards and benefits: what they cost the member, what they give, what bounds them.

Invariant: a reward after earning gives units of another currency, and what a reward gives can be given
where it is used: money off at purchases, a share of a balance for a price of all of it.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import fine_money, fine_share
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.currencies import label_of, source_of
from loyalty_dsl.language.checking.dates import check_dates
from loyalty_dsl.language.checking.faces import check_faces, faces_of, join_cases
from loyalty_dsl.language.checking.gates import check_gates
from loyalty_dsl.language.checking.limits_by_value import by_of_reward
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.menus import DEFAULT, OPTION, default_triggers, verify_option
from loyalty_dsl.language.checking.minimum_tables import check_minimum_tables, check_minimums
from loyalty_dsl.language.checking.offers import Cases
from loyalty_dsl.language.checking.places import check_place, comes_by_itself
from loyalty_dsl.language.checking.prices import Price, PriceClause, check_beside, check_prices, check_steps
from loyalty_dsl.language.checking.reward_clauses import verify_clauses
from loyalty_dsl.language.checking.rule_clauses import OF_THE_MEMBER, LimitNumbers, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.triggers import check_triggers
from loyalty_dsl.language.checking.turning import both
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.program import CostOfFace, CostPerUse, LimitOf, Reward, RewardCost, Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    Face,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.source import Span


@record
class _Taken:
    """How a reward comes to be used, and what may be read there."""

    taking: Taking
    triggers: tuple[Trigger, ...]
    readable: Readable
    issue: syntax.IssueClause | None
    at: int = PURCHASE
    where: Condition | None = None
    on: Span | None = None


@record
class _Offered:
    """What a use takes and gives; `points_as_money` for a price per money off."""

    currency: CurrencyUnit | None
    cases: tuple[RewardCase, ...]
    points_as_money: bool
    give: syntax.Amount | None
    beside: int = 0


def check_reward(
    scope: ProgramScope, block: syntax.RuleBlock, index: int, numbers: LimitNumbers
) -> Reward | None:
    """The reward or benefit that a block declares, or `None` when something in it is wrong."""
    findings, errors = scope.findings, scope.findings.errors
    word = block.word.text
    verify_clauses(scope, block)
    what = f"the {word} `{block.name.text}`"
    taken = _taken(scope, block, what)
    offered = _offered(scope, block, what, taken)
    items = at_most_one(findings, block.clauses, syntax.ForItems, "for items")
    passing = None
    if items is not None:
        passing = check_condition(scope, Readable(event=None, of_items=True), items.where)
    currency = None if offered is None else offered.currency
    minimum_basket, minimum_balance = check_minimums(scope, block, currency, taken.taking)
    cost_clause = at_most_one(findings, block.clauses, syntax.Cost, "cost")
    worth_clause = at_most_one(findings, block.clauses, syntax.Worth, "worth")
    cost = None if cost_clause is None else _cost(scope, cost_clause)
    worth = None if worth_clause is None else _worth(scope, worth_clause)
    when = both(taken.where, check_whens(scope, block.clauses, taken.readable))
    when = check_minimum_tables(scope, block, taken.readable, currency, taking=taken.taking, when=when)
    dates = check_dates(scope, block.clauses)
    by = by_of_reward(taken.readable, benefit=taken.taking is Taking.BENEFIT)
    limits = check_limits(scope, block.clauses, numbers, None, reward=True, readable=OF_THE_MEMBER, by=by)
    if offered is None or findings.errors > errors:
        return None
    reward = Reward(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        currency=-1 if offered.currency is None else offered.currency.index,
        cases=offered.cases,
        taking=taken.taking,
        when=when,
        dates=dates,
        minimum_basket=minimum_basket,
        minimum_balance=minimum_balance,
        limits=limits,
        cost=cost,
        span=block.span,
        triggers=taken.triggers,
        items=passing,
        as_much=offered.points_as_money,
        beside=offered.beside,
        worth=worth,
        hidden=at_most_one(findings, block.clauses, syntax.rules.HiddenClause, "hidden") is not None,
        at=taken.at,
        gates=check_gates(scope, block.clauses, taken.readable),
    )
    if word in (OPTION, DEFAULT):
        verify_option(scope, reward, block)
    else:
        _verify_fits(scope, reward, taken, offered, items)
    _verify_times(scope, reward, block)
    if cost_clause is not None:
        _verify_face_value(scope, reward, cost_clause)
    return None if findings.errors > errors else reward


def _verify_times(scope: ProgramScope, reward: Reward, block: syntax.RuleBlock) -> None:
    """Refuses limits in times on points as money without steps: a time would be a cent."""
    if not reward.as_much or any(isinstance(clause, syntax.StepsClause) for clause in block.clauses):
        return
    for limit in reward.limits:
        if limit.of is LimitOf.TIMES:
            step = scope.write_money(reward.off)
            scope.findings.report(
                "L357", limit.span, f"a time of `{reward.name}` is a step of {step}",
                help="limit the money, such as `limit $20 per calendar day`, or pay in `steps $5`",
            )  # fmt: skip


# ---- how it is taken


def _taken(scope: ProgramScope, block: syntax.RuleBlock, what: str) -> _Taken:
    purchase = scope.events.find("purchase")
    if block.word.text in (OPTION, DEFAULT):
        why = "members choose at no event; read the member's fields, status, counters or balances"
        readable = Readable(event=None, no_event=why, no_amount=why)
        if block.word.text == OPTION:
            return _Taken(Taking.PICKED, (), readable, None)
        return _Taken(Taking.DEFAULTED, default_triggers(scope, block), readable, None)
    if block.word.text == "benefit":
        fired = check_triggers(scope, block.clauses, block=block.span, what=what, before_rewards=True)
        if fired.closed is not None:
            scope.findings.report(
                "L190", block.span, "benefits at the end of a window are not supported yet",
                help="write an earn rule, or `on start of` the window that follows",
            )  # fmt: skip
        return _Taken(Taking.BENEFIT, fired.triggers, fired.readable, None)
    issue = at_most_one(scope.findings, block.clauses, syntax.IssueClause, "issue automatically")
    place = check_place(scope, block, issue)
    if place is not None:
        return _Taken(Taking.CHOSEN, (), place.readable, None, place.at, place.where, place.span)
    if issue is None or issue.at_checkout:
        taking = Taking.CHOSEN if issue is None else Taking.AT_CHECKOUT
        return _Taken(taking, (), Readable(event=purchase), issue)
    why = "it is issued whenever there is enough, at midnight too"
    readable = Readable(
        event=None, no_event=f"{why}; read the member's fields, status, counters or balances",
        no_amount=f"{why}, when there is no purchase",
    )  # fmt: skip
    return _Taken(Taking.AFTER_EARNING, (), readable, issue)


def _offered(scope: ProgramScope, block: syntax.RuleBlock, what: str, taken: _Taken) -> _Offered | None:
    findings, clauses = scope.findings, block.clauses
    benefit = taken.taking is Taking.BENEFIT
    gives = [clause for clause in clauses if isinstance(clause, syntax.Give | syntax.rules.GiveWhen)]
    if not any(isinstance(clause, syntax.rules.GiveWhen) for clause in gives):
        only(findings, gives, "give")
    give = gives[0] if gives else None
    price = None
    if not benefit:
        written = [clause for clause in clauses if isinstance(clause, PriceClause | syntax.rules.PriceWhen)]
        if not any(isinstance(clause, syntax.rules.PriceWhen) for clause in written):
            only(findings, written, "price")
        price = written[0] if written else None
        placed = [clause for clause in clauses if isinstance(clause, syntax.OnClause)]
        free = any(comes_by_itself(scope, clause) for clause in placed)
        if price is None and not free and not scope.losses.may_hold(block.span, "price"):
            example = next((currency.name for currency in scope.currencies.things()), "points")
            report_missing(findings, block.span, what, "price", f"price 500 {example}")
    steps = None if benefit else at_most_one(findings, clauses, syntax.StepsClause, "steps")
    if isinstance(price, syntax.PricePerOff):
        return _points_as_money(scope, price, steps, give)
    if steps is not None:
        findings.report(
            "L349", steps.span, "steps are of points as money, and this reward has a price of its own",
            secondary=[] if price is None else [(price.span, "the price")],
            help="write `price 100 points per $1 off` without `give`, or delete this line",
        )  # fmt: skip
    lost = any(scope.losses.may_hold(block.span, word) for word in ("give", "price"))
    if give is None and not lost and not any(isinstance(clause, syntax.GiveTo) for clause in clauses):
        example = "give 1 gift" if block.word.text in (OPTION, DEFAULT) else "give $5 off up to the basket"
        report_missing(findings, block.span, what, "give", example)
    prices: Cases[Price] | None = None
    beside = 0
    if price is not None:
        prices = check_prices(scope, taken.readable, written)
        beside = check_beside(scope, written, automatic=taken.issue is not None)
    faces = None
    if give is not None:
        first = None if not prices else prices[0][1]
        faces = check_faces(scope, taken.readable, gives, first, free=benefit)
    if faces is None or (prices is None and not benefit):
        return None
    amount = give.amount if isinstance(give, syntax.rules.GiveWhen) else give
    return _Offered(
        None if prices is None else prices[0][1].currency, join_cases(prices, faces), False, amount, beside
    )


def _points_as_money(
    scope: ProgramScope,
    price: syntax.PricePerOff,
    steps: syntax.StepsClause | None,
    give: syntax.Amount | syntax.rules.GiveWhen | None,
) -> _Offered | None:
    if give is not None:
        scope.findings.report(
            "L349", give.span, "points as money take off what they pay for, so there is nothing else to give",
            secondary=[(price.span, "the price says what they take off")],
            help="delete this line, or write a fixed price",
        )  # fmt: skip
        return None
    found = check_steps(scope, price, steps)
    if found is None:
        return None
    step, face = found
    return _Offered(step.currency, join_cases(((None, step),), ((None, face),)), True, None)


# ---- what fits together


def _word(reward: Reward) -> str:
    """The word that a reward or benefit begins with."""
    return "benefit" if reward.benefit else "reward"


def _verify_fits(
    scope: ProgramScope, reward: Reward, taken: _Taken, offered: _Offered, items: syntax.ForItems | None
) -> None:
    """Reports what a reward gives where it cannot be given so, and a filter that filters nothing."""
    faces = faces_of(reward.cases)
    place = reward.span if offered.give is None else offered.give.span
    units = [isinstance(face, UnitsGiven | BalanceGiven) for face in faces]
    off = [isinstance(face, MoneyOff | PercentOff | FreeItem) for face in faces]
    if taken.issue is not None and taken.taking is Taking.AFTER_EARNING and not all(units):
        scope.findings.report(
            "L344", place, "what is issued by itself after earning is an amount of another currency",
            secondary=[(taken.issue.span, "`at checkout` is not written here")],
            help="write `issue automatically at checkout` for money off, or give an amount such as "
            "`give $20 notes`",
        )  # fmt: skip
    if taken.issue is not None and taken.taking is Taking.AT_CHECKOUT and not all(off):
        scope.findings.report(
            "L345", place, "what is taken by itself at checkout takes money off",
            secondary=[(taken.issue.span, "at checkout")],
            help="delete this line of `issue`, so that members choose it, or write `issue automatically` "
            "where it gives an amount of another currency",
        )  # fmt: skip
    if items is not None and not any(isinstance(face, PercentOff | FreeItem) for face in faces):
        scope.findings.report(
            "L320", items.span, "this filter is for a percentage off or a free item, which are of some items",
            secondary=[(place, "the same whatever the items are")],
            help="write `give 10% off` or `give free item`, or delete the filter",
        )  # fmt: skip
    elsewhere = [trigger.span for trigger in reward.triggers if trigger.event != PURCHASE]
    elsewhere += [taken.on] if taken.at != PURCHASE and taken.on is not None else []
    if elsewhere and any(off):
        scope.findings.report(
            "L352", place, f"money is taken off purchases, and this {_word(reward)} comes at another event",
            secondary=[(elsewhere[0], "it comes here")],
            help="write `on purchase`, or give a thing or an amount of a currency",
        )  # fmt: skip
    if not any(off):
        for limit in reward.limits:
            if limit.of is LimitOf.UNITS:
                scope.findings.report(
                    "L351", limit.span, "this takes no money off, so a limit of money does nothing",
                    secondary=[(place, "what it gives")],
                    help="write a limit of times, such as `limit 1 time per calendar month`",
                )  # fmt: skip


# ---- numbers about the business


def _cost(scope: ProgramScope, clause: syntax.Cost) -> RewardCost | None:
    number = clause.number
    if isinstance(number, syntax.Money):
        minor = fine_money(scope, number)
        if minor is None:
            return None
        return CostPerUse(AssumedNumber(minor, source_of(clause.note), clause.span))
    share = fine_share(scope, number)
    return None if share is None else CostOfFace(AssumedNumber(share, source_of(clause.note), clause.span))


def _worth(scope: ProgramScope, clause: syntax.Worth) -> AssumedNumber | None:
    """What one use is worth to a member, in minor units."""
    minor = Fraction(0) if clause.money is None else fine_money(scope, clause.money)
    return None if minor is None else AssumedNumber(minor, source_of(clause.note), clause.span)


def _verify_face_value(scope: ProgramScope, reward: Reward, clause: syntax.Cost) -> None:
    """Reports a cost as a share of a face value that there is not."""
    if not isinstance(reward.cost, CostOfFace):
        return
    for face in faces_of(reward.cases):
        why = _no_face_value(scope, face)
        if why is not None:
            scope.findings.report(
                "L350", clause.span, f"{why}, so it has no face value",
                help="write what one use costs, such as `cost $0.75`",
            )  # fmt: skip
            return


def _no_face_value(scope: ProgramScope, face: Face) -> str | None:
    match face:
        case MoneyOff() | PercentOff() | FreeItem():
            return None
        case UnitsGiven(currency=index) | BalanceGiven(currency=index):
            currency = next(each for each in scope.currencies.things() if each.index == index)
            return None if currency.in_money else f"`{currency.name}` is not held in money"
        case Thing(name):
            return f"`{name}` is a thing"
        case _:
            assert_never(face)
