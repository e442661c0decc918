"""What one use of a reward or benefit gives: a case for each row of a table.

Invariant: units that are given are of another currency than the price, and a share is of a whole balance.
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import more_than_nothing, positive_money, positive_quantity
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.offers import Cases, Cell, cases_of, first_cases
from loyalty_dsl.language.checking.prices import Price
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.conditions import All, Condition
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
from loyalty_dsl.language.syntax.rules import GiveWhen
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.source import Span

_NOTHING = syntax.NotOffered | syntax.GiveNothing


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


def check_faces(
    scope: ProgramScope,
    readable: Readable,
    gives: Sequence[syntax.Amount | GiveWhen],
    price: Price | None,
    *,
    free: bool,
) -> Cases[Face] | None:
    """What a use gives by several lines, the first that holds (REDEEM-8)."""
    if not any(isinstance(give, GiveWhen) for give in gives):
        return (
            None
            if isinstance(gives[0], GiveWhen)
            else check_face(scope, readable, gives[0], price, free=free)
        )
    return first_cases(
        scope, readable, gives,
        lambda each: each.when if isinstance(each, GiveWhen) else None,
        lambda each: check_face(
            scope, readable, each.amount if isinstance(each, GiveWhen) else each, price, free=free
        ),
    )  # fmt: skip


def check_face(
    scope: ProgramScope, readable: Readable, give: syntax.Amount, price: Price | None, *, free: bool
) -> Cases[Face] | None:
    """What a use gives in every case.

    Args:
        price: what it takes, where that is known.
        free: whether it takes nothing, as a benefit.
    """
    shares = [each for each in _leaves(give) if isinstance(each, syntax.GiveShare)]
    if free and shares:
        scope.findings.report(
            "L348", shares[0].span, "a share is of the balance that a price takes, and this has no price",
            help="give a fixed amount, or make it a `reward` with `price all ...`",
        )  # fmt: skip
        return None
    if isinstance(give, syntax.Table):
        cases = cases_of(scope, readable, give, lambda amount: _cell(scope, amount, price))
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


def _leaves(give: syntax.Amount) -> list[syntax.Amount]:
    """The amounts of a table, or the amount itself."""
    if not isinstance(give, syntax.Table):
        return [give]
    return [leaf for row in give.rows for amount in row.amounts for leaf in _leaves(amount)]


def _report_nothing(scope: ProgramScope, span: Span) -> None:
    scope.findings.report(
        "L310", span, f"`{span.text}` is nothing", help="only a row of a table can give nothing"
    )


def _cell(scope: ProgramScope, give: syntax.Amount, price: Price | None) -> Cell[Face] | None:
    if isinstance(give, _NOTHING):
        return Cell(None)
    face = _face(scope, give, price)
    return None if face is None else Cell(face)


def _face(scope: ProgramScope, give: syntax.Amount, price: Price | None) -> Face | None:
    match give:
        case syntax.GiveOff():
            return _money_off(scope, give)
        case syntax.GivePercentOff(percent=percent, up_to=up_to):
            most = None if up_to is None else positive_money(scope, up_to)
            if up_to is not None and most is None:
                return None
            if more_than_nothing(scope, percent.value.numerator, percent.span) is None:
                return None
            return PercentOff(percent.value, most) if verify_chance(scope.findings, percent) else None
        case syntax.GiveFreeItem(up_to=up_to):
            least = None if up_to is None else positive_money(scope, up_to)
            return None if up_to is not None and least is None else FreeItem(least)
        case syntax.GiveFlat():
            return _handed_out(scope, give, price)
        case syntax.GiveShare():
            return _balance_given(scope, give, price)
        case syntax.GivePerMoney() | syntax.GivePerField() | syntax.amounts.GiveTimes():
            scope.findings.report(
                "L206", give.span, "a rate is what earn rules give; a use of a reward gives one thing",
                help="write `give $5 off up to the basket`, `give 10% off` or an amount: `give $20 notes`",
            )  # fmt: skip
            return None
        case syntax.amounts.UseStrategy():
            scope.findings.report(
                "L206", give.span, "`use strategy` is a clause of earn rules; a reward gives one thing",
                help="give an amount of a currency by it in an `earn` rule, and let that pay for a reward",
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
