"""Currencies: how amounts are rounded, when they become available, when they are lost."""

from fractions import Fraction

from loyalty_dsl.calendar import Duration, Unit, add_duration, format_day, longest, shortest
from loyalty_dsl.language import syntax
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import fine_money, fine_share
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one, report_missing
from loyalty_dsl.language.checking.expiry import check_expiry, check_moves, gone_on, lot_terms
from loyalty_dsl.language.checking.notices import check_notice
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.waits import check_waits
from loyalty_dsl.language.expiry import Expiry
from loyalty_dsl.language.program import Currency, RoundPer, SpendOrder
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import Span

_EXACT = "exact"

_SCALES = (10, 100, 1000)
"""Smallest units in one, for currencies whose fractions are kept."""


def check_currency(scope: ProgramScope, block: syntax.CurrencyBlock, unit: CurrencyUnit) -> Currency | None:
    """The currency that a block declares, or `None` when something in it is wrong."""
    findings, clauses = scope.findings, block.clauses
    what = f"the currency `{unit.name}`"
    rounding = exactly_one(
        findings, clauses, syntax.RoundClause, "round",
        block=block.span, what=what, example="round down per rule", losses=scope.losses,
    )  # fmt: skip
    exact = rounding is not None and rounding.how.text == _EXACT
    expires = [
        clause for clause in clauses if isinstance(clause, syntax.ExpireClause | syntax.expiry.ExpireTable)
    ]
    if not expires and not scope.losses.may_hold(block.span, "expire"):
        report_missing(findings, block.span, what, "expire", "expire 12 months after earning")
    pending = next((each for each in clauses if isinstance(each, syntax.PendingClause)), None)
    spend = at_most_one(findings, clauses, syntax.SpendClause, "spend")
    worth = at_most_one(findings, clauses, syntax.Worth, "worth")
    cost = at_most_one(findings, clauses, syntax.Cost, "cost")

    errors = findings.errors
    shown = at_most_one(findings, clauses, syntax.programs.ShowClause, "show")
    if shown is not None:
        _verify_shown(scope, unit, shown)
    breakage = at_most_one(findings, clauses, syntax.programs.BreakageClause, "breakage")
    if rounding is not None:
        _verify_exact(scope, unit, rounding)
    expiry = check_expiry(scope, expires) if expires else None
    postpone, restart = check_moves(scope, block, expiry)
    notify = at_most_one(findings, clauses, syntax.programs.NotifyClause, "notify")
    notice = None if notify is None else check_notice(scope, notify, expiry, moved=bool(postpone or restart))
    delay = check_waits(scope, clauses, None).otherwise or Duration(0, Unit.DAY)
    if pending is not None and delay is not None and expiry is not None:
        verify_usable(scope, pending.span, expires[-1].span, delay, expiry)
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
        rounding=Rounding.HALF_UP if exact else Rounding(rounding.how.text),
        round_per=RoundPer.RULE if exact or rounding.per is None else RoundPer(rounding.per.text),
        pending=delay,
        expiry=expiry,
        spend=SpendOrder.SOONEST_TO_EXPIRE if spend is None else SpendOrder(spend.order.text),
        worth=worth_number,
        cost=cost_number,
        span=block.span,
        postpone=postpone,
        restart=restart,
        breakage=None if breakage is None else _breakage(scope, breakage),
        shown_whole=shown is not None,
        notice=notice,
    )


def scale_of(scope: ProgramScope, block: syntax.CurrencyBlock) -> int:
    """Smallest units in one display unit: the money's, those that `round exact to` says, or 1."""
    if block.in_money:
        return int(10 ** (scope.digits or 0))
    for clause in block.clauses:
        if isinstance(clause, syntax.RoundClause) and clause.to is not None:
            return next((scale for scale in _SCALES if clause.to.value * scale == 1), 1)
    return 1


def _verify_exact(scope: ProgramScope, unit: CurrencyUnit, clause: syntax.RoundClause) -> None:
    """Reports a smallest amount that is none of those that there are."""
    if clause.to is None:
        return
    if unit.in_money:
        scope.findings.report(
            "L356", clause.span, f"`{unit.name}` is held in money, whose smallest amount is not chosen",
            secondary=[(unit.span, "declared `in money` here")], help="write `round half up per rule`",
        )  # fmt: skip
    elif all(clause.to.value * scale != 1 for scale in _SCALES):
        scope.findings.report(
            "L356", clause.to.span, f"amounts cannot be kept exact to `{clause.to.span.text}`",
            help="write `round exact to 0.1`, `0.01` or `0.001`",
        )  # fmt: skip


def _verify_shown(scope: ProgramScope, unit: CurrencyUnit, clause: syntax.programs.ShowClause) -> None:
    """Reports what is shown whole and is no part of the currency, or has no parts."""
    of = scope.currencies.resolve(clause.unit)
    if of is not None and of.index != unit.index:
        scope.findings.report(
            "L302", clause.unit.span, f"this is `{unit.name}`, and `{of.name}` is another currency",
            secondary=[(of.span, f"`{of.name}` is declared here")], help=f"write `show whole {unit.name}`",
        )  # fmt: skip
    elif of is not None and (unit.in_money or unit.scale == 1):
        scope.findings.report(
            "L356", clause.span,
            f"`{unit.name}` is held in money, and shown to the last of it" if unit.in_money
            else f"`{unit.name}` has no parts, so it is whole as it is",
            help="delete the line, or keep parts: `round exact to 0.01`" if not unit.in_money
            else "delete the line",
        )  # fmt: skip


def _breakage(scope: ProgramScope, clause: syntax.programs.BreakageClause) -> AssumedNumber | None:
    share = clause.share.value
    if share > 1:
        scope.findings.report(
            "L310", clause.share.span, "more than everything cannot be left unused",
            help="write a share of what is issued, such as `breakage 15%`",
        )  # fmt: skip
        return None
    return AssumedNumber(share, source_of(clause.note), clause.span)


def label_of(name: syntax.Name, label: syntax.Text | None) -> str:
    """What people call a thing: its label or, without one, its name in words."""
    if label is not None:
        return label.text
    words = name.text.replace("_", " ")
    return words[:1].upper() + words[1:]


def verify_usable(scope: ProgramScope, place: Span, lost: Span, delay: Duration, expiry: Expiry) -> None:
    """Reports a lot that would be lost before it could be spent, with a day on which it happens.

    Args:
        place: where it is said how long it is pending.
        lost: where it is said when it expires.
    """
    for terms in lot_terms(expiry):
        if any(longest(delay) < shortest(term.duration) for term in terms):
            continue
        first = 365 * 56 if scope.starts is None else scope.starts
        for earned in range(first, first + 365 * 4 + 1):  # every day of the year, mostly one of them leap
            available = add_duration(earned, delay)
            gone = max(gone_on(term, earned) for term in terms)
            if available >= gone:
                scope.findings.report(
                    "L312", place,
                    f"what is earned on {format_day(earned)} is available from {format_day(available)}, "
                    f"and expires on {format_day(gone)}",
                    label="not before it expires",
                    secondary=[(lost, "it is lost here")],
                    help="make `pending` shorter than `expire`",
                )  # fmt: skip
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
