"""Amounts of what a counter has: a share of it, and slices of it (EARN-16).

Invariant: a counter that is given a share of is of money or of a currency, and the last slice begins
where counting is no longer exact.
"""

from fractions import Fraction

from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Slices
from loyalty_dsl.language.checking.amounts import LARGEST, fine_enough, more_than_nothing, whole_money
from loyalty_dsl.language.checking.earned_amounts import Earning, Given
from loyalty_dsl.language.checking.measures import value_of_counter
from loyalty_dsl.language.checking.scope import Counted, CurrencyUnit, ProgramScope
from loyalty_dsl.language.conditions import CounterSum, CounterValue
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import Span


def counter_of(scope: ProgramScope, earning: Earning, give: syntax.GiveShare) -> Counted | None:
    """The counter that a share is of; `None` where it is of anything else."""
    event = earning.fired.readable.event
    if give.of is None or (event is not None and event.field(give.of.text) is not None):
        return None
    return scope.counted.find(give.of.text)


def share_of_counter(
    scope: ProgramScope, earning: Earning, give: syntax.GiveShare, counted: Counted
) -> Given | None:
    """`50% of rebate_earned`: a share of what a counter has."""
    return _given(scope, earning, give.span, counted, [(0, give)])


def slices_of_counter(
    scope: ProgramScope, earning: Earning, table: syntax.Table, counted: Counted
) -> Given | None:
    """`by slices of sellout { from $0 nothing; from $250,000 0.5% back }`."""
    rows: list[tuple[int, syntax.Amount]] = []
    errors = scope.findings.errors
    for row in table.rows:
        case = row.case
        start = None
        if isinstance(case, syntax.FromCase) and isinstance(case.start, syntax.Money):
            start = whole_money(scope, case.start)
        else:
            scope.findings.report(
                "L329", case.span, "a slice begins at an amount of money", help="write `from $0 ...`, for one"
            )
        if len(row.amounts) != 1:
            scope.findings.report("L329", row.span, "a slice has one amount", help="write one amount")
        if start is None:
            continue
        if not rows and start != 0:
            scope.findings.report(
                "L324", case.span, f"this table says nothing for `{counted.name}` below its first row",
                help="add a row `from $0 nothing` before it",
            )  # fmt: skip
        if rows and start <= rows[-1][0]:
            scope.findings.report(
                "L326", case.span, f"`{case.span.text}` is not above the row before it",
                help="write the rows from the lowest to the highest",
            )  # fmt: skip
        if start >= LARGEST // counted.scale:
            scope.findings.report(
                "L311", case.span, "more than that is not counted exactly", help="write a lower start"
            )
        rows.append((start * counted.scale, row.amounts[0]))
    if scope.findings.errors > errors or not rows:
        return None
    return _given(scope, earning, table.span, counted, rows)


def _given(
    scope: ProgramScope,
    earning: Earning,
    span: Span,
    counted: Counted,
    rows: list[tuple[int, syntax.Amount]],
) -> Given | None:
    """What slices of a counter give; a share is one slice of all of it."""
    findings = scope.findings
    if earning.fired.readable.no_state is not None:
        findings.report(
            "L309", span, f"`{counted.name}` cannot be read here", help=earning.fired.readable.no_state
        )
        return None
    if counted.divisor is not None or counted.kind not in (Kind.MONEY, Kind.UNITS):
        findings.report(
            "L329", span, f"{value_of_counter(counted).words}, and a share is of money or of a currency",
            secondary=[(counted.span, "declared here")],
            help=f"write `by band of {counted.name}`" if counted.divisor is None
            else "write lines of `give ... when`, one for each band",
        )  # fmt: skip
        return None
    starts: list[int] = []
    rates: list[Fraction] = []
    currency: CurrencyUnit | None = None
    for start, amount in rows:
        if isinstance(amount, syntax.GiveNothing):
            starts.append(start)
            rates.append(Fraction(0))
            continue
        if not isinstance(amount, syntax.GiveShare) or (
            amount.of is not None and amount.of.text != counted.name
        ):
            findings.report(
                "L329", amount.span, "a slice of a counter has a share, or nothing",
                help="write `0.5% back`, or `0.5% as` a currency",
            )  # fmt: skip
            return None
        unit = _currency(scope, amount, counted)
        share = amount.percent
        if (
            unit is None
            or more_than_nothing(scope, share.value.numerator, share.span) is None
            or not fine_enough(scope, share.value, share.span)
        ):
            return None
        if currency is not None and unit.index != currency.index:
            findings.report(
                "L302", amount.span, f"this gives {unit.name}, and another row {currency.name}",
                help="write a rule for each currency",
            )  # fmt: skip
            return None
        currency = unit
        scale = Fraction(1) if counted.currency is None else Fraction(unit.scale, counted.currency.scale)
        starts.append(start)
        rates.append(share.value * scale / counted.scale)
    if currency is None:
        findings.report("L310", span, "every row of this table gives nothing", help="delete the rule")
        return None
    base = value_of_counter(counted).operand
    if not isinstance(base, CounterValue | CounterSum):
        raise AssertionError("a counter is read as a counter")
    starts.append(LARGEST)
    rates.append(Fraction(0))
    slices = Slices(
        base,
        tuple(starts),
        tuple(rate.numerator for rate in rates),
        tuple(rate.denominator for rate in rates),
    )
    return Given(slices, currency, span)


def _currency(scope: ProgramScope, give: syntax.GiveShare, counted: Counted) -> CurrencyUnit | None:
    """The currency that a share is given in: as it says, else the only one that it could be."""
    if give.as_ is not None:
        currency = scope.currencies.resolve(give.as_)
    elif counted.currency is not None:
        return counted.currency
    else:
        candidates = [each for each in scope.currencies.things() if each.in_money]
        if len(candidates) != 1:
            names = [each.name for each in candidates]
            scope.findings.report(
                "L208" if names else "L321", give.span,
                f"this could be an amount of {listed(names, 'or')}" if names
                else "a share of money is money, and no currency of this program is held in money",
                help=f"write `{give.percent.span.text} as {names[0]}`" if names
                else "declare a currency `in money`",
            )  # fmt: skip
            return None
        return candidates[0]
    if currency is not None and counted.currency is None and not currency.in_money and give.as_ is not None:
        scope.findings.report(
            "L321", give.as_.span, f"a share of money is money, and `{currency.name}` is not held in money",
            secondary=[(currency.span, "declared here without `in money`")],
            help="name a currency `in money`",
        )  # fmt: skip
        return None
    return currency
