"""Transfers: what a member may exchange of one currency for another, in which steps, and how much.

Invariant: every step takes a whole amount and gives a whole amount, so that nothing is ever rounded; minimum
and limits are whole numbers of steps (EXCHANGE-1, EXCHANGE-3).
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_quantity
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.dates import check_dates
from loyalty_dsl.language.checking.gates import check_gates
from loyalty_dsl.language.checking.limits_by_value import ByEvent
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.recipients import (
    of_recipient,
    of_sender,
    receiving,
    verify_nobody_receives,
    verify_recipient,
)
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.program import Limit, LimitOf, Reward
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import RewardCase, Taking, Thing, UnitsGiven
from loyalty_dsl.language.syntax.gates import RefuseClause
from loyalty_dsl.language.syntax.rules import ExchangeClause, StepsAmount
from loyalty_dsl.source import Span

_CLAUSES = (
    ExchangeClause,
    StepsAmount,
    syntax.MinimumClause,
    syntax.Limit,
    syntax.When,
    syntax.Dates,
    RefuseClause,
    syntax.GivePerField,
)
_ASK = "members ask for an exchange, at no event: delete this line, or say who may with `when`"
_RATE = "the `exchange` says what is taken and what is given: delete this line"
_INSTEAD: dict[type, str] = {
    syntax.OnClause: _ASK,
    syntax.IssueClause: "members ask for it; what comes by itself is a `reward` with `issue automatically`",
    syntax.PriceClause: _RATE,
    syntax.PricePerOff: _RATE,
    syntax.PriceAll: _RATE,
    syntax.PriceTable: _RATE,
    syntax.PendingClause: "what is given is pending as its currency says: move it there",
    syntax.ExpireClause: "what is given expires as its currency says: move it there",
    syntax.Cost: "what is given costs what its own use costs: write the cost there",
    syntax.StepsClause: "steps are amounts of the currency that is taken, such as `steps 400 points`",
    syntax.Worth: "what is given is worth what its currency says: write the worth there",
}
OF_TRANSFERS: dict[type, tuple[str, str]] = {
    StepsAmount: ("steps", "delete this line; points as money go in `steps $5`"),
    ExchangeClause: (
        "exchange",
        "write a block of its own: `transfer to_miles { exchange 400 points for 250 miles }`",
    ),
}
"""Clauses that no other block has: their word, and what to do instead."""

_EXAMPLE = "exchange 400 points for 250 miles"


@record
class _Rate:
    """What a step takes and gives."""

    taken: CurrencyUnit
    units: int
    given: CurrencyUnit
    gives: int


def check_transfer(
    scope: ProgramScope, block: syntax.RuleBlock, index: int, numbers: LimitNumbers
) -> Reward | None:
    """The transfer that a block declares, a reward of which each use is a step; `None` when something in it
    is wrong (reported)."""
    findings = scope.findings
    errors = findings.errors
    for clause in block.clauses:
        if not isinstance(clause, _CLAUSES):
            written = clause.span.text.split()
            findings.report(
                "L206", clause.span, f"`{written[0] if written else ''}` is not a clause of transfers",
                secondary=[(block.span, "this is a transfer")],
                help=_RATE
                if isinstance(clause, syntax.Give)
                else _INSTEAD.get(type(clause), "delete this line"),
            )  # fmt: skip
    exchange = exactly_one(
        findings, block.clauses, ExchangeClause, "exchange",
        block=block.span, what=f"the transfer `{block.name.text}`", example=_EXAMPLE, losses=scope.losses,
    )  # fmt: skip
    steps = at_most_one(findings, block.clauses, StepsAmount, "steps")
    minimum = at_most_one(findings, block.clauses, syntax.MinimumClause, "minimum")
    to_member = exchange is not None and exchange.to is not None
    if exchange is not None and exchange.to is not None:
        verify_recipient(scope, exchange.to)
    clauses = of_sender(block.clauses)
    if not to_member and not scope.losses.may_hold(block.span, "exchange"):
        verify_nobody_receives(scope, block.clauses)
    rate = None if exchange is None else _rate(scope, exchange)
    step = None if rate is None or exchange is None else _step(scope, rate, exchange, steps)
    why = "members ask for an exchange, at no event; read the member's fields, status, counters or balances"
    readable = Readable(event=None, no_event=why, no_amount=why)
    when = check_whens(scope, clauses, readable)
    dates = check_dates(scope, block.clauses)
    per, more = (0, 0) if step is None else _bonus(scope, block.clauses, step, to_member)
    least = 0
    if minimum is not None and step is not None:
        least = _in_steps(scope, step, minimum.quantity, "a minimum") or 0
    limits = () if step is None else _limits(scope, clauses, step, numbers)
    if to_member and step is not None:
        theirs = of_recipient(scope, block.clauses)
        their_when = check_whens(scope, theirs, readable)
        turned = _Rate(step.given, step.gives, step.taken, step.units)
        their_limits = _limits(scope, theirs, turned, numbers)
        given = step.given.index, step.gives
        label = label_of(block.name, block.label)
        scope.receiving[index] = receiving(block, label, given, their_when, their_limits)
    if step is None or findings.errors > errors:
        return None
    face = Thing(block.name.text) if to_member else UnitsGiven(step.given.index, step.gives, per, more)
    return Reward(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        currency=step.taken.index,
        cases=(RewardCase(None, step.units, False, face),),
        taking=Taking.SENT if to_member else Taking.EXCHANGED,
        when=when,
        dates=dates,
        minimum_basket=0,
        minimum_balance=0,
        limits=limits,
        cost=None,
        span=block.span,
        minimum_exchange=least,
        gates=check_gates(scope, block.clauses, readable),
    )


def _bonus(
    scope: ProgramScope, clauses: Sequence[syntax.RuleClause], step: _Rate, to_member: bool
) -> tuple[int, int]:
    """`give 5,000 miles per whole 60,000 points`: for each so many that are taken at a time, so many more."""
    clause = at_most_one(scope.findings, clauses, syntax.GivePerField, "give")
    if clause is None:
        return 0, 0
    if to_member:
        scope.findings.report(
            "L190", clause.span, "more for large amounts that are sent to somebody is not supported yet",
            help="let the recipient get what `exchange` says, or leave `to recipient` out",
        )  # fmt: skip
        return 0, 0
    if not clause.whole or clause.per is None:
        least = _written(scope, step.taken, step.units)
        scope.findings.report(
            "L359", clause.span, "what a transfer gives more is for each whole amount that is taken",
            help=f"write `give {clause.quantity.span.text} per whole {least}`, or a multiple of that",
        )  # fmt: skip
        return 0, 0
    more = positive_quantity(scope, clause.quantity, step.given)
    taken = syntax.Quantity(clause.per, clause.of, clause.span)
    per = _in_steps(scope, step, taken, "what more is given for")
    return (0, 0) if more is None or per is None else (per, more[1])


def _rate(scope: ProgramScope, clause: ExchangeClause) -> _Rate | None:
    """What the exchange is between, as it is written."""
    findings = scope.findings
    for quantity, other in ((clause.taken, "taken"), (clause.given, "given")):
        if isinstance(quantity.number, syntax.Money) and quantity.unit is None:
            findings.report(
                "L190", quantity.span, f"money that is {other} for points is not supported yet",
                help="write an event of your own, such as `event bought_points`, and a rule that earns on it"
                if other == "taken"
                else "write a `reward` with a price and `give $5 off in full`",
            )  # fmt: skip
            return None
    taken = positive_quantity(scope, clause.taken)
    given = positive_quantity(scope, clause.given)
    if taken is None or given is None:
        return None
    if taken[0].index == given[0].index and clause.to is None:
        findings.report(
            "L347", clause.span, f"this would give back `{taken[0].name}`, which it takes",
            help="exchange into another currency, or end the line in `to recipient`: then it is another "
            "member who gets it",
        )  # fmt: skip
        return None
    return _Rate(taken[0], taken[1], given[0], given[1])


def _step(
    scope: ProgramScope, rate: _Rate, exchange: ExchangeClause, steps: StepsAmount | None
) -> _Rate | None:
    """What one step takes and gives: the amounts of the exchange, or as `steps` says (EXCHANGE-1)."""
    if steps is None:
        return rate
    found = positive_quantity(scope, steps.quantity, rate.taken)
    if found is None:
        return None
    gives = Fraction(rate.gives * found[1], rate.units)
    if gives.denominator != 1:
        least = Fraction(rate.units, rate.gives).numerator
        scope.findings.report(
            "L359", steps.span,
            f"a step of {steps.quantity.span.text.removeprefix('steps').strip()} would not give a whole "
            f"amount of `{rate.given.name}`",
            secondary=[(exchange.span, "at this rate")],
            help=f"write steps of {_written(scope, rate.taken, least)} or a multiple of it",
        )  # fmt: skip
        return None
    return _Rate(rate.taken, found[1], rate.given, int(gives))


def _written(scope: ProgramScope, currency: CurrencyUnit, units: int) -> str:
    if currency.in_money:
        return f"{scope.write_money(units)} {currency.name}"
    whole = Fraction(units, currency.scale)
    number = f"{int(whole):,}" if whole.denominator == 1 else f"{float(whole):g}"
    return f"{number} {currency.name}"


def _in_steps(scope: ProgramScope, step: _Rate, quantity: syntax.Quantity, what: str) -> int | None:
    """An amount of the currency that is taken, in units: a whole number of steps."""
    found = positive_quantity(scope, quantity, step.taken)
    if found is None:
        return None
    if found[1] % step.units:
        below, above = (found[1] // step.units + more for more in (0, 1))
        wanted = [_written(scope, step.taken, count * step.units) for count in (below, above) if count]
        scope.findings.report(
            "L359", quantity.span,
            f"{what} is a whole number of steps of {_written(scope, step.taken, step.units)}",
            help=f"write {' or '.join(f'`{each}`' for each in wanted)}",
        )  # fmt: skip
        return None
    return found[1]


def _limits(
    scope: ProgramScope, clauses: Sequence[syntax.RuleClause], step: _Rate, numbers: LimitNumbers
) -> tuple[Limit, ...]:
    """Limits in units, as limits of the steps that are uses; `else refuse` is what they do (EXCHANGE-3)."""
    written = [clause for clause in clauses if isinstance(clause, syntax.Limit)]
    kept = []
    for clause in written:
        unit = clause.quantity.unit
        if clause.when is not None:
            scope.findings.report(
                "L190", clause.when.span, "a limit of a transfer with a condition is not supported yet",
                help="write a transfer for each case, each with a `when` of its own",
            )  # fmt: skip
            continue
        if unit is not None and unit.text in ("time", "times"):
            _report_times(scope, clause.span, step)
        elif clause.window is None:
            scope.findings.report(
                "L190", clause.span, "limits of a single exchange are not supported yet",
                help="write a window, such as `per calendar day`",
            )  # fmt: skip
        elif _in_steps(scope, step, clause.quantity, "a limit") is not None:
            kept.append(clause)
    limits = check_limits(
        scope, kept, numbers, currency=step.taken, reward=False,
        by=ByEvent(None, "members exchange without an event that has fields"),
    )  # fmt: skip
    return tuple(
        attrs.evolve(limit, of=LimitOf.TIMES, most=limit.most // step.units, refuses=False)
        for limit in limits
    )


def _report_times(scope: ProgramScope, span: Span, step: _Rate) -> None:
    scope.findings.report(
        "L190", span, "limits of how often members exchange are not supported yet",
        help=f"limit the amount: `limit {_written(scope, step.taken, step.units)} per calendar month`",
    )  # fmt: skip
