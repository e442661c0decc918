"""Paid memberships: each comes to a ladder of plans, two kinds of event, a clock that strikes when it is paid
for, and a benefit for each fee (FEE).

Invariant: on any day on which a plan is paid for exactly one of its fees is charged.
"""

from fractions import Fraction
from itertools import pairwise

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import (
    day,
    duration,
    fine_money,
    positive_money,
    whole_number,
)
from loyalty_dsl.language.checking.clauses import at_most_one, report_missing
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.midnight_benefits import midnight_benefit
from loyalty_dsl.language.checking.occasions import take_clock
from loyalty_dsl.language.checking.refunds import check_refunds
from loyalty_dsl.language.checking.rule_clauses import check_whens
from loyalty_dsl.language.checking.scope import LadderName, ProgramScope, Read, declare_readable
from loyalty_dsl.language.clocks import Pays, Refund, WindowStart
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CounterValue,
    DaysSinceJoin,
    EventDay,
    EventField,
    Literal,
    Not,
    Order,
    StatusOf,
)
from loyalty_dsl.language.counters import Counter, NumberMeasure
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax import memberships as written
from loyalty_dsl.language.tiers import HoldFor, Ladder, Lapse, Level
from loyalty_dsl.language.types import EventKind, Field, Kind
from loyalty_dsl.language.windows import Lifetime
from loyalty_dsl.source import Span

SUBSCRIBE, CANCEL = "subscribe", "cancel"
"""How the names of the events begin that start and end a membership: `subscribe_prime`."""
LOWEST = "inactive"
"""The level of who has no membership."""
MOST_PLANS = 20
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NEVER = Compare(DaysSinceJoin(), Order.LESS, Literal(-1, Kind.NUMBER))
_OF_PLANS = Readable(
    event=None,
    no_event="a plan is renewed at midnights, which have no fields; test fields of the member",
    no_amount="a plan is renewed at midnights, which have no amount",
    no_balance="a balance falls when it is spent; count `points earned in calendar year`, for one",
)


@record
class _Price:
    """A fee from a day on; `start` is `None` for the first."""

    start: int | None
    minor: int
    span: Span


@record
class _Plan:
    name: syntax.Name
    label: str
    months: int
    prices: tuple[_Price, ...]
    when: Condition | None


def memberships_of(block: syntax.ProgramBlock) -> list[written.MembershipBlock]:
    """The membership blocks of a program."""
    return [clause for clause in block.clauses if isinstance(clause, written.MembershipBlock)]


def declare_memberships(scope: ProgramScope, block: syntax.ProgramBlock) -> None:
    """Puts the kinds of event in scope that begin and end each membership."""
    declared: set[str] = set()
    for membership in memberships_of(block):
        if membership.name.text in declared:  # which its ladder reports
            continue
        declared.add(membership.name.text)
        plans = tuple(dict.fromkeys(plan.name.text for plan in _plans(membership)))
        field = Field("plan", Kind.ONE_OF, plans, 0, membership.name.span)
        for word, fields in ((SUBSCRIBE, (field,) if plans else ()), (CANCEL, ())):
            name = syntax.Name(f"{word}_{membership.name.text}", membership.name.span)
            kind = EventKind(name.text, len(scope.events), fields, False, name.span)
            scope.events.declare(name, kind)


def declare_plans(scope: ProgramScope, block: written.MembershipBlock) -> LadderName | None:
    """Puts the plans in scope as levels, so that conditions can read them."""
    plans: dict[str, syntax.Name] = {}
    for plan in _plans(block):
        if plan.name.text in plans or plan.name.text in (LOWEST, "active"):
            first = plans.get(plan.name.text)
            scope.findings.report(
                "L202", plan.name.span,
                f"`{plan.name.text}` says whether somebody is a member at all" if first is None
                else f"the plan `{plan.name.text}` is declared twice",
                secondary=[] if first is None else [(first.span, "first declared here")],
                help="give the plan another name",
            )  # fmt: skip
        plans.setdefault(plan.name.text, plan.name)
    trial = any(isinstance(clause, written.TrialClause) for clause in block.clauses)
    trials = [f"trial_{name}" for name in plans] if trial else []
    name = LadderName(
        block.name.text, len(scope.ladders), (LOWEST, *trials, *plans), block.name.span, bought=True
    )
    return name if declare_readable(scope, scope.ladders, block.name, name) else None


def check_membership(
    scope: ProgramScope, block: written.MembershipBlock, name: LadderName, first_reward: int
) -> tuple[Ladder, list[Reward]] | None:
    """What a block comes to, or `None` when something in it is wrong.

    Args:
        first_reward: the index of the next reward.
    """
    findings, errors = scope.findings, scope.findings.errors
    if scope.replaces is not None:
        findings.report(
            "L190", block.span, "a membership in a version that replaces another one is not supported yet",
            help="write the fees of all versions in one program, `by date`",
        )  # fmt: skip
    plans = [plan for each in _plans(block) if (plan := _plan(scope, each)) is not None]
    if not _plans(block) and not scope.losses.may_hold(block.span, "plan"):
        example = "plan annual { fee $139 per year }"
        report_missing(findings, block.span, f"the membership `{name.name}`", "plan", example)
    if len(plans) > MOST_PLANS:
        findings.report(
            "L370", block.span, f"a membership has at most {MOST_PLANS} plans", help="write fewer plans"
        )
    trial, apart = _trial(scope, block)
    protect = at_most_one(findings, block.clauses, written.ProtectClause, "protect")
    until = None if protect is None else day(scope, protect.date)
    if protect is not None and until is not None:
        _verify_protects(scope, protect, plans, until)
    upkeep = at_most_one(findings, block.clauses, written.UpkeepClause, "cost")
    cost = None if upkeep is None else fine_money(scope, upkeep.money)
    subscribe = scope.events.find(f"{SUBSCRIBE}_{name.name}")
    cancel = scope.events.find(f"{CANCEL}_{name.name}")
    if findings.errors > errors or not plans or len(plans) < len(_plans(block)):
        return None
    if subscribe is None or cancel is None:
        return None
    refunds = check_refunds(scope, block)
    if findings.errors > errors:
        return None
    fees = tuple(enumerate((price.minor for plan in plans for price in plan.prices), first_reward))
    refund = None if refunds is None else Refund(first_reward + len(fees), refunds.used, refunds.lines)
    months = tuple(plan.months for plan in plans)
    whens = tuple(plan.when for plan in plans)
    if any(when is not None for when in whens):
        scope.plan_gates += [_gate(subscribe, number, plan) for number, plan in enumerate(plans) if plan.when]
    pays = Pays(name.index, subscribe.index, cancel.index, months, trial, apart, fees, refund, whens)
    scope.reads.append(Read(subscribe.index, subscribe.fields[0], block.name.span))
    kind = take_clock(scope, pays, f"{name.name} is paid for")
    rewards: list[Reward] = []
    for number, plan in enumerate(plans):
        level = 1 + pays.trials + number
        for place, price in enumerate(plan.prices):
            when = _charged(scope, subscribe, plan.prices, place, until)
            title = f"{name.name}_{plan.name.text}_fee" + (f"_{place + 1}" if place else "")
            rewards.append(
                midnight_benefit(
                    scope, title, f"{label_of(block.name, block.label)}, {plan.label} fee",
                    first_reward + len(rewards), kind,
                    All((_at_level(name.index, Order.EQUAL, level), *when)),
                    AssumedNumber(Fraction(-price.minor), "what members are charged", price.span),
                    fee=price.minor,
                )
            )  # fmt: skip
    if refund is not None:
        label = f"{label_of(block.name, block.label)}, refunds"
        back = AssumedNumber(Fraction(1), "what members are given back", block.span)
        made = midnight_benefit(
            scope, f"{name.name}_refund", label, refund.reward, kind, _NEVER, back, fee=-1
        )
        rewards.append(attrs.evolve(made, when=None, triggers=()))
    if cost is not None and upkeep is not None:
        source = upkeep.note.source.text if upkeep.note and upkeep.note.source else None
        midnight = take_clock(scope, WindowStart(Unit.MONTH), "calendar month")
        rewards.append(
            midnight_benefit(
                scope, f"{name.name}_upkeep", f"{label_of(block.name, block.label)}, cost per month",
                first_reward + len(rewards), midnight, _at_level(name.index, Order.AT_LEAST, 1),
                AssumedNumber(cost, source, upkeep.span),
            )
        )  # fmt: skip
    levels = [
        Level(text, text.replace("_", " "), number, _NEVER if number else None, block.name.span)
        for number, text in enumerate(name.levels)
    ]
    ladder = Ladder(
        name=name.name,
        label=label_of(block.name, block.label),
        index=name.index,
        hold=HoldFor(Duration(1, Unit.MONTH)),
        lapse=Lapse.TO_EARNED,
        upgrade_before=False,
        review=None,
        levels=tuple(levels),
        span=block.span,
        bought=True,
    )
    return ladder, rewards


def _plans(block: written.MembershipBlock) -> list[written.PlanBlock]:
    return [clause for clause in block.clauses if isinstance(clause, written.PlanBlock)]


def _plan(scope: ProgramScope, block: written.PlanBlock) -> _Plan | None:
    findings = scope.findings
    what = f"the plan `{block.name.text}`"
    clause = at_most_one(findings, block.clauses, written.FeeClause, "fee")
    if clause is None or not clause.fees:
        report_missing(findings, block.span, what, "fee", "fee $139 per year")
        return None
    prices: list[_Price] = []
    for fee in clause.fees:
        minor = positive_money(scope, fee.money)
        if fee.per.text not in _MONTHS:
            findings.report(
                "L370", fee.per.span,
                f"a membership is paid for by the month, quarter or year, not the {fee.per.text}",
                help=f"write `{fee.money.span.text} per month`, or what a whole month costs",
            )  # fmt: skip
            return None
        start = None if fee.start is None else day(scope, fee.start)
        if minor is None:
            return None
        prices.append(_Price(start, minor, fee.span))
    if len({fee.per.text for fee in clause.fees}) > 1:
        findings.report(
            "L370", clause.span, f"{what} is paid for by the {clause.fees[0].per.text} and then not",
            help="keep the length of a plan, and write another `plan` for another length",
        )  # fmt: skip
        return None
    if any(a.start is not None and b.start is not None and a.start >= b.start for a, b in pairwise(prices)):
        findings.report(
            "L326", clause.span, "the days of fees rise", help="write the earliest first, each once"
        )
        return None
    first = prices[0].start
    if first is not None and scope.starts is not None and first > scope.starts:
        findings.report(
            "L370", prices[0].span, f"what {what} costs before that day is not said",
            help="let the first fee begin on the day on which the program starts",
        )  # fmt: skip
        return None
    prices[0] = attrs.evolve(prices[0], start=None)
    label = label_of(block.name, block.label)
    when = check_whens(scope, block.clauses, _OF_PLANS)
    return _Plan(block.name, label, _MONTHS[clause.fees[0].per.text], tuple(prices), when)


def _gate(subscribe: EventKind, number: int, plan: _Plan) -> Gate:
    """Refuses who subscribes to a plan that is not open to them (FEE-8)."""
    assert plan.when is not None
    chosen = Compare(EventField(subscribe.fields[0]), Order.EQUAL, Literal(number, Kind.ONE_OF))
    reason = f"the plan {plan.name.text} is not open to this member"
    return Gate(All((chosen, Not(plan.when))), reason, plan.name.span, subscribe.index)


def _trial(scope: ProgramScope, block: written.MembershipBlock) -> tuple[int, int]:
    """Days of a trial, and how many months apart trials begin."""
    findings = scope.findings
    trial = at_most_one(findings, block.clauses, written.TrialClause, "trial")
    limit = at_most_one(findings, block.clauses, written.TrialLimitClause, "limit")
    days = months = 0
    if trial is not None:
        length = duration(scope, trial.duration)
        if length is not None and length.unit not in (Unit.DAY, Unit.WEEK):
            findings.report(
                "L370", trial.duration.span, "the length of a trial is said in days or weeks",
                help="write `trial 30 days`",
            )  # fmt: skip
        elif length is not None:
            days = length.count * (7 if length.unit is Unit.WEEK else 1)
    if limit is not None:
        times, length = whole_number(scope, limit.times, "trials"), duration(scope, limit.duration)
        units = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
        if times is not None and times != 1:
            findings.report(
                "L190", limit.times.span, "limits of more than one trial are not supported yet",
                help="write `limit 1 trial per rolling 12 months`",
            )  # fmt: skip
        if length is not None and length.unit not in units:
            findings.report(
                "L370", limit.duration.span, "how far trials are apart is said in months or years",
                help="write `limit 1 trial per rolling 12 months`",
            )  # fmt: skip
        elif length is not None:
            months = length.count * units[length.unit]
        if trial is None:
            findings.report(
                "L370", limit.span, "there is no trial that this could limit",
                help="write `trial 30 days`, or delete this line",
            )  # fmt: skip
    return days, months


def _verify_protects(
    scope: ProgramScope, protect: written.ProtectClause, plans: list[_Plan], until: int
) -> None:
    """Reports a protection from no new price."""
    starts = [price.start for plan in plans for price in plan.prices if price.start is not None]
    if plans and not any(start <= until for start in starts):
        scope.findings.report(
            "L370", protect.span, "no fee changes by that day, so nobody is protected from a new one",
            help="write the new price: `fee by date { from ... }`, or delete this line",
        )  # fmt: skip


# ---- which fee is charged (FEE-5)


def _charged(
    scope: ProgramScope, subscribe: EventKind, prices: tuple[_Price, ...], place: int, until: int | None
) -> list[Condition]:
    """When the price at a place is that of the day of payment.

    Of those that begin by the last protected day the last one is not for whoever subscribed before it, up to
    that day.
    """
    new = [at for at, price in enumerate(prices) if price.start is not None]
    spared = max((at for at in new if until is not None and (prices[at].start or 0) <= until), default=None)
    own = _within(prices, place)
    if spared is None or until is None or place not in (spared - 1, spared):
        return own
    start = prices[spared].start
    since = _subscribed_since(scope, subscribe, start or 0, prices[spared].span)
    old_hand = Compare(since, Order.EQUAL, Literal(0, Kind.NUMBER))
    through = Compare(EventDay(), Order.AT_MOST, Literal(until, Kind.DATE))
    later = Compare(EventDay(), Order.MORE, Literal(until, Kind.DATE))
    if place == spared:
        newer = Compare(since, Order.AT_LEAST, Literal(1, Kind.NUMBER))
        return [*own, Any((later, newer))]
    after_start = Compare(EventDay(), Order.AT_LEAST, Literal(start or 0, Kind.DATE))
    # Up to the last protected day there is no later price than the one that is spared.
    return [Any((All(tuple(own)) if own else _NEVER, All((after_start, through, old_hand))))]


def _within(prices: tuple[_Price, ...], place: int) -> list[Condition]:
    found: list[Condition] = []
    start = prices[place].start
    if start is not None:
        found.append(Compare(EventDay(), Order.AT_LEAST, Literal(start, Kind.DATE)))
    end = prices[place + 1].start if place + 1 < len(prices) else None
    if end is not None:
        found.append(Compare(EventDay(), Order.LESS, Literal(end, Kind.DATE)))
    return found


def _subscribed_since(scope: ProgramScope, subscribe: EventKind, start: int, span: Span) -> CounterValue:
    """How often somebody subscribed from a day on."""
    where = Compare(EventDay(), Order.AT_LEAST, Literal(start, Kind.DATE))
    measure = NumberMeasure(subscribe.index)
    for counter in scope.counters:
        if counter.measure == measure and counter.where == where:
            return CounterValue(counter.index)
    words = f"{subscribe.name} since"
    counter = Counter(
        words, words, len(scope.counters), measure, Lifetime(), where, None, Kind.NUMBER, -1, span
    )
    scope.counters.append(counter)
    return CounterValue(counter.index)


def _at_level(ladder: int, order: Order, level: int) -> Compare:
    return Compare(StatusOf(ladder), order, Literal(level, Kind.LEVEL))
