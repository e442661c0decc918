"""What earn rules give: amounts, and tables of them.

Invariant: all amounts of a rule are of one currency, and each has something to count at every event that
fires the rule.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Case, Choice, Flat, Nothing, PerMoney, Share, Slices
from loyalty_dsl.language.checking.amounts import positive_quantity, whole_money
from loyalty_dsl.language.checking.counted_amounts import counter_of, share_of_counter, slices_of_counter
from loyalty_dsl.language.checking.earned_amounts import (
    Earning,
    Given,
    per_field,
    per_money,
    times_field,
    verify_amount,
)
from loyalty_dsl.language.checking.offers import first_lines
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shared_amounts import share_given
from loyalty_dsl.language.checking.strategies import by_strategy
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.syntax.rules import GiveWhen


def check_given(scope: ProgramScope, earning: Earning, amount: syntax.Amount) -> Given | None:
    """What a `give` or a `raise ... to` means, or `None` when it is wrong (reported)."""
    if isinstance(amount, syntax.GiveNothing):
        scope.findings.report(
            "L310", amount.span, "a rule that gives nothing does nothing",
            help="`nothing` stands in rows of a table; delete the rule",
        )  # fmt: skip
        return None
    return _given(scope, earning, amount)


def check_first_given(
    scope: ProgramScope, earning: Earning, gives: Sequence[syntax.Amount | GiveWhen]
) -> Given | None:
    """What several `give` lines of one rule mean: the first whose condition holds (EARN-14)."""
    found = first_lines(
        scope, earning.fired.readable, gives,
        lambda give: give.when if isinstance(give, GiveWhen) else None,
        lambda give: check_given(scope, earning, give.amount if isinstance(give, GiveWhen) else give),
    )  # fmt: skip
    if not found or not _verify_one_currency(scope, [given for _, given in found]):
        return None
    cases = tuple(Case(when, given.amount, given.span) for when, given in found if when is not None)
    rest = next(((given.amount, given.span) for when, given in found if when is None), (Nothing(), None))
    return Given(Choice(cases, *rest), found[0][1].currency, gives[0].span)


def _given(scope: ProgramScope, earning: Earning, give: syntax.Amount) -> Given | None:
    match give:
        case syntax.GiveFlat(quantity=quantity):
            found = positive_quantity(scope, quantity)
            return None if found is None else Given(Flat(found[1]), found[0], give.span)
        case syntax.GivePerMoney():
            return per_money(scope, earning, give)
        case syntax.GivePerField():
            return per_field(scope, earning, give)
        case syntax.amounts.GiveTimes():
            return times_field(scope, earning, give)
        case syntax.GiveShare():
            counted = counter_of(scope, earning, give)
            if counted is not None:
                return share_of_counter(scope, earning, give, counted)
            return share_given(scope, earning, give)
        case syntax.amounts.UseStrategy():
            return by_strategy(scope, earning, give)
        case syntax.GiveNothing():
            return Given(Nothing(), None, give.span)
        case syntax.Table(how="slices"):
            return _slices(scope, earning, give)
        case syntax.Table():
            return _choice(scope, earning, give)
        case syntax.GiveOff() | syntax.GivePercentOff() | syntax.GiveFreeItem() | syntax.NotOffered():
            _report_off(scope, give)
            return None


def _report_off(
    scope: ProgramScope,
    give: syntax.GiveOff | syntax.GivePercentOff | syntax.GiveFreeItem | syntax.NotOffered,
) -> None:
    in_money = next((currency for currency in scope.currencies.things() if currency.in_money), None)
    help = "move it into a `reward` block with a `price`, or into a `benefit`"
    match give:
        case syntax.NotOffered():
            scope.findings.report(
                "L206", give.span, "`not offered` is of rewards", help="an earn rule gives `nothing`"
            )
            return
        case syntax.GiveOff(money=money) if in_money is not None:
            help = f"write `give {money.span.text} {in_money.name}`"
        case syntax.GiveOff():
            help = "move it into a `reward` block with a `price`"
    scope.findings.report(
        "L206", give.span, "an earn rule gives an amount of a currency, and money off is a reward", help=help
    )


# ---- tables


def _choice(scope: ProgramScope, earning: Earning, table: syntax.Table) -> Given | None:
    found = check_table(scope, earning.fired.readable, table, lambda amount: _given(scope, earning, amount))
    if found is None or found.otherwise is None:
        return None
    every = [*(given for _, given in found.cases), found.otherwise]
    if not _verify_one_currency(scope, every):
        return None
    currency = next((given.currency for given in every if given.currency is not None), None)
    if currency is None:
        scope.findings.report(
            "L310", table.span, "every row of this table gives nothing", help="delete the rule"
        )
        return None
    cases = tuple(Case(when, given.amount, given.span) for when, given in found.cases)
    rest = found.otherwise
    amount = Choice(cases, rest.amount, rest.span) if cases else rest.amount
    return Given(amount, currency, table.span)


def _verify_one_currency(scope: ProgramScope, every: Sequence[Given]) -> bool:
    first = next((given for given in every if given.currency is not None), None)
    for given in every:
        if first is None or given.currency is None or first.currency is None:
            continue
        if given.currency.index != first.currency.index:
            scope.findings.report(
                "L302", given.span,
                f"this gives {given.currency.name}, and another row {first.currency.name}",
                secondary=[(first.span, "the other row")], help="write a rule for each currency",
            )  # fmt: skip
            return False
    return True


def _slices(scope: ProgramScope, earning: Earning, table: syntax.Table) -> Given | None:
    findings, errors = scope.findings, scope.findings.errors
    of = table.keys[0]
    counted = scope.counted.find(of.text)
    if counted is not None and len(table.keys) == 1:
        return slices_of_counter(scope, earning, table, counted)
    if of.text not in ("basket", "amount") or len(table.keys) > 1:
        findings.report(
            "L329", of.span, "slices are of an event's `basket` or `amount`, or of a counter",
            help=f"write `by band of {of.text}` for one rate for the whole of it",
        )  # fmt: skip
        return None
    if not verify_amount(scope, earning, table.span):
        return None
    rows: list[tuple[syntax.FromCase, int, Given, int, int]] = []
    for row in table.rows:
        case = row.case
        if not isinstance(case, syntax.FromCase) or not isinstance(case.start, syntax.Money):
            findings.report(
                "L329", case.span, "a slice begins at an amount of money", help="write `from $0 ...`, for one"
            )
            continue
        if len(row.amounts) != 1:
            findings.report("L329", row.span, "a slice has one amount", help="write one amount")
            continue
        start = whole_money(scope, case.start)
        given = _given(scope, earning, row.amounts[0])
        rate = None if given is None else _rate(scope, given, Base(of.text))
        if start is not None and given is not None and rate is not None:
            if not rows and start != 0:
                findings.report(
                    "L324", case.span,
                    f"this table says nothing for `{of.text}` below {case.start.span.text}",
                    help="add a row `from $0 nothing` before it",
                )  # fmt: skip
            if rows and start <= rows[-1][1]:
                findings.report(
                    "L326", case.span, f"`{case.span.text}` is not above the row before it",
                    secondary=[(rows[-1][0].span, "the row before")],
                    help="write the rows from the lowest to the highest",
                )  # fmt: skip
            rows.append((case, start, given, *rate))
    if findings.errors > errors or not rows or not _verify_one_currency(scope, [row[2] for row in rows]):
        return None
    currency = next((given.currency for _, _, given, _, _ in rows if given.currency is not None), None)
    if currency is None:
        findings.report("L310", table.span, "every row of this table gives nothing", help="delete the rule")
        return None
    slices = Slices(
        Base(of.text),
        tuple(row[1] for row in rows),
        tuple(row[3] for row in rows),
        tuple(row[4] for row in rows),
    )
    return Given(slices, currency, table.span)


def _rate(scope: ProgramScope, given: Given, base: Base) -> tuple[int, int] | None:
    """Units and the money that they are for, of one slice."""
    match given.amount:
        case Nothing():
            return 0, 1
        case PerMoney(units, per, False, of) if of in (base, Base.AMOUNT):
            return units, per
        case Share(share, of) if of in (base, Base.AMOUNT):
            return share.numerator, share.denominator
        case _:
            scope.findings.report(
                "L329", given.span, "a slice has an amount per money, or nothing",
                help="write `2 points per $1`, without `whole` and without `of`",
            )  # fmt: skip
            return None
