"""Currencies: how amounts are rounded, when they become available, when they are lost."""

from fractions import Fraction

from loyalty_dsl.calendar import Duration, Unit, add_duration, format_day, longest, shortest, window_end
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import calendar_unit, duration, fine_money, fine_share
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.expiry import AfterEarning, Expiry, Never
from loyalty_dsl.language.program import AssumedNumber, Currency, RoundPer, SpendOrder
from loyalty_dsl.quantities import Rounding


def check_currency(scope: ProgramScope, block: syntax.CurrencyBlock, unit: CurrencyUnit) -> Currency | None:
    """The currency that a block declares, or `None` when something in it is wrong."""
    findings, clauses = scope.findings, block.clauses
    what = f"the currency `{unit.name}`"
    rounding = exactly_one(
        findings, clauses, syntax.RoundClause, "round",
        block=block.span, what=what, example="round down per rule", losses=scope.losses,
    )  # fmt: skip
    expire = exactly_one(
        findings, clauses, syntax.ExpireClause, "expire",
        block=block.span, what=what, example="expire 12 months after earning", losses=scope.losses,
    )  # fmt: skip
    pending = at_most_one(findings, clauses, syntax.PendingClause, "pending")
    spend = at_most_one(findings, clauses, syntax.SpendClause, "spend")
    worth = at_most_one(findings, clauses, syntax.Worth, "worth")
    cost = at_most_one(findings, clauses, syntax.Cost, "cost")

    errors = findings.errors
    expiry = None if expire is None else _expiry(scope, expire)
    delay = Duration(0, Unit.DAY) if pending is None else duration(scope, pending.duration, least=0)
    if pending is not None and expire is not None and delay is not None and isinstance(expiry, AfterEarning):
        _verify_usable(scope, pending, expire, delay, expiry)
    worth_number = None if worth is None else _worth(scope, unit, worth)
    cost_number = None if cost is None else _cost(scope, unit, cost)
    if rounding is None or expiry is None or delay is None or findings.errors > errors:
        return None
    return Currency(
        name=unit.name,
        label=label_of(block.name, block.label),
        index=unit.index,
        in_money=unit.in_money,
        scale=unit.scale,
        rounding=Rounding(rounding.how.text),
        round_per=RoundPer(rounding.per.text),
        pending=delay,
        expiry=expiry,
        spend=SpendOrder.SOONEST_TO_EXPIRE if spend is None else SpendOrder(spend.order.text),
        worth=worth_number,
        cost=cost_number,
        span=block.span,
    )


def label_of(name: syntax.Name, label: syntax.Text | None) -> str:
    """What people call a thing: its label or, without one, its name in words."""
    if label is not None:
        return label.text
    words = name.text.replace("_", " ")
    return words[:1].upper() + words[1:]


def _expiry(scope: ProgramScope, clause: syntax.ExpireClause) -> Expiry | None:
    term = clause.term
    if isinstance(term, syntax.NeverTerm):
        return Never()
    if not isinstance(term, syntax.EarningTerm) or term.duration is None:
        return None
    length = duration(scope, term.duration)
    window = term.end_of
    end_of = calendar_unit(scope, window.unit) if isinstance(window, syntax.Window) else None
    if length is None or (window is not None and end_of is None):
        return None
    return AfterEarning(length, end_of)


def _verify_usable(
    scope: ProgramScope,
    pending: syntax.PendingClause,
    expire: syntax.ExpireClause,
    delay: Duration,
    expiry: AfterEarning,
) -> None:
    """Reports a lot that would be lost before it could be spent, with a day on which it happens."""
    if longest(delay) < shortest(expiry.duration):
        return
    for earned in range(365 * 56, 365 * 60 + 1):  # 2025 to 2029: every day of the year, one of them leap
        available = add_duration(earned, delay)
        gone = add_duration(earned, expiry.duration)
        if expiry.end_of is not None:
            gone = window_end(expiry.end_of, gone)
        if available >= gone:
            scope.findings.report(
                "L312",
                pending.span,
                f"what is earned on {format_day(earned)} is available from {format_day(available)}, "
                f"and expires on {format_day(gone)}",
                label="not before it expires",
                secondary=[(expire.span, "it is lost here")],
                help="make `pending` shorter than `expire`",
            )
            return


def _worth(scope: ProgramScope, unit: CurrencyUnit, clause: syntax.Worth) -> AssumedNumber | None:
    if clause.money is None:
        return AssumedNumber(Fraction(0), source_of(clause.note), clause.span)
    minor = fine_money(scope, clause.money)
    return None if minor is None else AssumedNumber(minor / unit.scale, source_of(clause.note), clause.span)


def _cost(scope: ProgramScope, unit: CurrencyUnit, clause: syntax.Cost) -> AssumedNumber | None:
    if isinstance(clause.number, syntax.Money):
        minor = fine_money(scope, clause.number)
        return (
            None if minor is None else AssumedNumber(minor / unit.scale, source_of(clause.note), clause.span)
        )
    if not unit.in_money:
        scope.findings.report(
            "L303",
            clause.span,
            f"`{unit.name}` has no face value: it is not held in money",
            help=f"write what one of `{unit.name}` costs, such as `cost $0.01`",
        )
        return None
    share = fine_share(scope, clause.number)
    return None if share is None else AssumedNumber(share, source_of(clause.note), clause.span)


def source_of(note: syntax.NumberNote | None) -> str | None:
    """Where a number comes from; `None` when it is assumed."""
    return None if note is None or note.source is None else note.source.text
