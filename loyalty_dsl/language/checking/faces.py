"""What one use of a reward or benefit gives, and what it costs the member: a case for each row of a table.

Invariant: the cases of a reward are asked in order and the first that holds counts; a row that is not
offered leaves its case out of all that follow.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import gcd
from typing import Generic, TypeVar, assert_never

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    more_than_nothing,
    positive_money,
    positive_quantity,
)
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.conditions import All, Condition, Not
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    Face,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.source import Span

T = TypeVar("T")

_NOTHING = syntax.NotOffered | syntax.GiveNothing


@attrs.frozen
class _Cell(Generic[T]):
    """What a row says; `None` where it offers nothing."""

    thing: T | None


@attrs.frozen
class Price:
    """What a use takes: `units` of a currency or, with `whole_balance`, all that there is, at least 1."""

    currency: CurrencyUnit
    units: int
    whole_balance: bool
    span: Span


Cases = tuple[tuple[Condition | None, T], ...]
"""What is so under a condition; the first that holds counts, and `None` always holds."""


def join_cases(prices: Cases[Price] | None, faces: Cases[Face]) -> tuple[RewardCase, ...]:
    """The cases of a reward: every price with every face; without prices those of a benefit."""
    if prices is None:
        return tuple(RewardCase(when, 0, False, face) for when, face in faces)
    return tuple(
        RewardCase(_both(first, second), price.units, price.whole_balance, face)
        for first, price in prices
        for second, face in faces
    )


def _both(first: Condition | None, second: Condition | None) -> Condition | None:
    held = tuple(condition for condition in (first, second) if condition is not None)
    return All(held) if len(held) == 2 else (held[0] if held else None)


def _cases(
    scope: ProgramScope,
    readable: Readable,
    table: syntax.Table,
    leaf: Callable[[syntax.Amount], _Cell[T] | None],
) -> Cases[T] | None:
    checked = check_table(scope, readable, table, leaf, optional=True)
    if checked is None:
        return None
    cases: list[tuple[Condition | None, T]] = []
    left_out: list[Condition] = []
    rows: list[tuple[Condition | None, _Cell[T]]] = [*checked.cases]
    if checked.otherwise is not None:
        rows.append((None, checked.otherwise))
    for when, row in rows:
        if row.thing is None:
            if when is not None:
                left_out.append(when)
            continue
        held = (*(Not(each) for each in left_out), *(() if when is None else (when,)))
        cases.append((held[0] if len(held) == 1 else All(held) if held else None, row.thing))
    if not cases:
        scope.findings.report(
            "L346", table.span, "nothing in this table is offered",
            help="give at least one row an amount, or delete the reward",
        )  # fmt: skip
        return None
    return tuple(cases)


# ---- prices

PriceClause = syntax.PriceClause | syntax.PricePerOff | syntax.PriceAll | syntax.PriceTable


def check_price(scope: ProgramScope, readable: Readable, clause: PriceClause) -> Cases[Price] | None:
    """The price of a use in every case; of points as money see `check_steps`."""
    match clause:
        case syntax.PriceClause(quantity=quantity):
            price = _price(scope, quantity)
            return None if price is None else ((None, price),)
        case syntax.PriceAll(currency=name):
            currency = scope.currencies.resolve(name)
            return None if currency is None else ((None, Price(currency, 1, True, clause.span)),)
        case syntax.PriceTable(table=table):
            return _price_table(scope, readable, table)
        case syntax.PricePerOff():
            raise AssertionError("points as money have steps")
        case _:
            assert_never(clause)


def _price(scope: ProgramScope, quantity: syntax.Quantity) -> Price | None:
    found = positive_quantity(scope, quantity)
    return None if found is None else Price(found[0], found[1], False, quantity.span)


def _price_table(scope: ProgramScope, readable: Readable, table: syntax.Table) -> Cases[Price] | None:
    def leaf(amount: syntax.Amount) -> _Cell[Price] | None:
        if isinstance(amount, syntax.NotOffered):
            return _Cell(None)
        if isinstance(amount, syntax.GiveFlat):
            price = _price(scope, amount.quantity)
            return None if price is None else _Cell(price)
        scope.findings.report(
            "L206", amount.span, f"`{amount.span.text}` is not a price",
            help="write an amount of a currency, such as `500 points`, or `not offered`",
        )  # fmt: skip
        return None

    cases = _cases(scope, readable, table, leaf)
    if cases is None:
        return None
    first = cases[0][1]
    for _, price in cases[1:]:
        if price.currency.index != first.currency.index:
            scope.findings.report(
                "L302", price.span,
                f"this price is in `{price.currency.name}`, that of the first row in `{first.currency.name}`",
                secondary=[(first.span, f"in `{first.currency.name}`")],
                help="write a reward of its own for each currency",
            )  # fmt: skip
            return None
    return cases


def check_steps(
    scope: ProgramScope, clause: syntax.PricePerOff, steps: syntax.StepsClause | None
) -> tuple[Price, MoneyOff] | None:
    """Points as money: the price of one step and what it takes off, the smallest or as `steps` says."""
    found = positive_quantity(scope, clause.quantity)
    per = positive_money(scope, clause.money)
    step = None if steps is None else positive_money(scope, steps.money)
    if found is None or per is None or (steps is not None and step is None):
        return None
    currency, units = found
    if step is None:
        step = per // gcd(units, per)
    price = Fraction(units * step, per)
    if price.denominator != 1 and steps is not None:
        least = per // gcd(units, per)
        scope.findings.report(
            "L349", steps.span,
            f"a step of {steps.money.span.text} would not cost a whole amount of `{currency.name}`",
            secondary=[(clause.span, "at this price")],
            help=f"write steps of {scope.write_money(least)} or a multiple of it",
        )  # fmt: skip
        return None
    return Price(currency, int(price), False, clause.span), MoneyOff(step, in_full=False)


# ---- faces


def check_face(
    scope: ProgramScope, readable: Readable, give: syntax.Amount, price: Price | None
) -> Cases[Face] | None:
    """What a use gives in every case.

    Args:
        price: what it takes, where that is known; `None` also for a benefit.
    """
    if isinstance(give, syntax.Table):
        cases = _cases(scope, readable, give, lambda amount: _cell(scope, amount, price))
    elif isinstance(give, _NOTHING):
        _report_nothing(scope, give.span)
        return None
    else:
        face = _face(scope, give, price)
        cases = None if face is None else ((None, face),)
    fixed = cases is not None and any(not isinstance(face, BalanceGiven) for _, face in cases)
    if price is not None and price.whole_balance and fixed:
        scope.findings.report(
            "L348", price.span, "a price of the whole balance buys a share of it in another currency",
            secondary=[(give.span, "this is the same however much is paid")],
            help="write a fixed price, or `give 100% as ...`",
        )  # fmt: skip
        return None
    return cases


def _report_nothing(scope: ProgramScope, span: Span) -> None:
    scope.findings.report(
        "L310", span, f"`{span.text}` is nothing", help="only a row of a table can give nothing"
    )


def _cell(scope: ProgramScope, give: syntax.Amount, price: Price | None) -> _Cell[Face] | None:
    if isinstance(give, _NOTHING):
        return _Cell(None)
    face = _face(scope, give, price)
    return None if face is None else _Cell(face)


def _face(scope: ProgramScope, give: syntax.Amount, price: Price | None) -> Face | None:
    match give:
        case syntax.GiveOff():
            return _money_off(scope, give)
        case syntax.GivePercentOff(percent=percent):
            if more_than_nothing(scope, percent.value.numerator, percent.span) is None:
                return None
            return PercentOff(percent.value) if verify_chance(scope.findings, percent) else None
        case syntax.GiveFreeItem(up_to=up_to):
            least = None if up_to is None else positive_money(scope, up_to)
            return None if up_to is not None and least is None else FreeItem(least)
        case syntax.GiveFlat():
            return _handed_out(scope, give, price)
        case syntax.GiveShare():
            return _balance_given(scope, give, price)
        case syntax.GivePerMoney() | syntax.GivePerField():
            scope.findings.report(
                "L206", give.span, "a rate is what earn rules give; a use of a reward gives one thing",
                help="write `give $5 off up to the basket`, `give 10% off` or an amount: `give $20 notes`",
            )  # fmt: skip
            return None
        case syntax.Table():  # bands of slices are a leaf of a table
            scope.findings.report(
                "L206", give.span, "slices are of what earn rules give; a use of a reward gives one thing",
                help="write `by band of ...`",
            )  # fmt: skip
            return None
        case syntax.NotOffered() | syntax.GiveNothing():
            raise AssertionError("what gives nothing is no face")
        case _:
            assert_never(give)


def _money_off(scope: ProgramScope, give: syntax.GiveOff) -> MoneyOff | None:
    off = positive_money(scope, give.money)
    if give.in_full is None:
        scope.findings.report(
            "L318",
            give.span,
            f"this does not say what happens when less than {give.money.span.text} is left to pay",
            help=f"write `{_with_give(give)} up to the basket` (at most what is left) or "
            f"`{_with_give(give)} in full` (always all of it)",
        )
        return None
    return None if off is None else MoneyOff(off, give.in_full)


def _handed_out(scope: ProgramScope, give: syntax.GiveFlat, price: Price | None) -> UnitsGiven | Thing | None:
    """Units of another currency, or something that is no currency."""
    number, unit = give.quantity.number, give.quantity.unit
    if isinstance(number, syntax.Money) and unit is None:
        scope.findings.report(
            "L303", give.span, "a reward takes money off a basket; this would hand something out",
            help=f"did you mean `{_with_give(give)} off up to the basket`?",
        )  # fmt: skip
        return None
    if unit is not None and scope.currencies.find(unit.text) is None:
        if scope.currencies.may_be_unseen(unit.text):
            return None
        if isinstance(number, syntax.Number) and not _misspelt(unit.text, scope.currencies):
            return _thing(scope, number, unit)
    found = positive_quantity(scope, give.quantity)
    if found is None:
        return None
    currency, units = found
    if price is not None and currency.index == price.currency.index:
        _report_same(scope, give.span, price)
        return None
    return UnitsGiven(currency.index, units)


def _misspelt(text: str, names: Iterable[str]) -> bool:
    """Whether a word that is no currency is a letter or two away from one."""
    forms = [form for name in names for form in (name, *other_numbers(name))]
    return any(_apart(text, form) <= (1 if min(len(text), len(form)) < 8 else 2) for form in forms)


def _apart(one: str, other: str) -> int:
    """How many letters must be added, dropped or replaced to make one word the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, target in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != target))
    return row[-1]


def _with_give(give: syntax.Amount) -> str:
    return f"give {give.span.text.removeprefix('give').strip()}"


def _thing(scope: ProgramScope, number: syntax.Number, name: syntax.Name) -> Thing | None:
    if number.value == 1:
        return Thing(name.text)
    scope.findings.report(
        "L346", name.span, f"one use gives one thing, and `{name.text}` is no currency",
        secondary=[(number.span, "so this must be 1")],
        help=f"write `give 1 {name.text}`, or declare a `currency {name.text}`",
    )  # fmt: skip
    return None


def _report_same(scope: ProgramScope, span: Span, price: Price) -> None:
    scope.findings.report(
        "L347", span, f"this would give back `{price.currency.name}`, which it takes",
        secondary=[(price.span, "the price")], help="give an amount of another currency",
    )  # fmt: skip


def _balance_given(scope: ProgramScope, give: syntax.GiveShare, price: Price | None) -> BalanceGiven | None:
    """A share of the whole balance in another currency: `give 100% as certificates`."""
    if give.as_ is None or give.of is not None:
        scope.findings.report(
            "L348", give.span, "a share of what a reward takes is given as another currency",
            help=f"write `give {give.percent.span.text} as ...` with `price all ...`, "
            f"or `give {give.percent.span.text} off`",
        )  # fmt: skip
        return None
    currency = scope.currencies.resolve(give.as_)
    if currency is None or price is None:
        return None
    if currency.index == price.currency.index:
        _report_same(scope, give.span, price)
        return None
    if not price.whole_balance:
        scope.findings.report(
            "L348", give.span, "a share is of the whole balance, and the price is a fixed amount",
            secondary=[(price.span, "the price")],
            help=f"write `price all {price.currency.name}`, or give a fixed amount of `{currency.name}`",
        )  # fmt: skip
        return None
    if (currency.in_money, currency.scale) != (price.currency.in_money, price.currency.scale):
        sign = symbol_of(scope.money or "")
        scope.findings.report(
            "L348", give.span,
            f"a share of `{price.currency.name}` cannot be an amount of `{currency.name}`: "
            "one of them is held in money and the other is not",
            secondary=[(price.currency.span, "declared here"), (currency.span, "declared here")],
            help=f"write a fixed price and amount, such as `price 100 points` and `give {sign}1 notes`",
        )  # fmt: skip
        return None
    if more_than_nothing(scope, give.percent.value.numerator, give.percent.span) is None:
        return None
    if not verify_chance(scope.findings, give.percent):
        return None
    return BalanceGiven(currency.index, give.percent.value)


def faces_of(cases: Sequence[RewardCase]) -> tuple[Face, ...]:
    """What a reward gives, in all its cases."""
    return tuple(case.face for case in cases)
