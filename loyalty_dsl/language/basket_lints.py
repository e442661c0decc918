"""Rules that pay more for a purchase that is split in two.

Invariant: a warning is sound: it names a basket for which the rule gives less than for its two parts, after
any rounding, and only where nothing else that is known of the rule could bring this about.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Amount, Choice, Flat, Nothing, PerMoney, Share, Slices
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.conditions import (
    All,
    BalanceOf,
    Base,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    EventAmount,
    Literal,
    Order,
    operands_of,
)
from loyalty_dsl.language.currency_amounts import amount_of
from loyalty_dsl.language.program import EarnRule, LimitOf, Program
from loyalty_dsl.quantities import MAX_AMOUNT, format_money


def lint_baskets(program: Program) -> Iterator[Diagnostic]:
    """Rules of which a member gets more by paying twice."""
    for rule in program.earns:
        if not _is_plain(rule):
            continue
        currency = program.currencies[rule.currency]
        if rule.limits:
            yield from _capped(program, rule)
            continue
        best = max(_splits(rule.amount), key=lambda split: split[1] - split[0], default=None)
        if best is None:
            continue
        whole, parts, first, second = best
        paid = [format_money(each, program.money) for each in (first + second, first, second)]
        yield diagnostic(
            "L624", rule.span,
            f"`{rule.name}` gives {amount_of(currency, whole)} for {paid[0]}, "
            f"and {amount_of(currency, parts)} where that is paid as {paid[1]} and {paid[2]}",
            help="let more never earn less: `by slices of` pays each part of an amount at its own rate",
        )  # fmt: skip


def _is_plain(rule: EarnRule) -> bool:
    """Whether a rule gives its amount at each of its events, whatever the member has."""
    if rule.group is not None or rule.raises or rule.chance < 1:
        return False
    conditions = [rule.when, *(trigger.where for trigger in rule.triggers)]
    read = [operand for condition in conditions for operand in operands_of(condition)]
    return not any(isinstance(each, CounterValue | CounterSum | BalanceOf | EventAmount) for each in read)


def _capped(program: Program, rule: EarnRule) -> Iterator[Diagnostic]:
    """A limit per event, and none that counts longer, on what grows with the money."""
    cuts = [limit for limit in rule.limits if limit.window is None and limit.of is LimitOf.UNITS]
    if len(cuts) < len(rule.limits) or not _grows(rule.amount):
        return
    least = min(cuts, key=lambda limit: limit.most)
    if least.everyone or least.when is not None or least.only is not None:
        return
    currency = program.currencies[rule.currency]
    yield diagnostic(
        "L624", least.span,
        f"`{rule.name}` gives {amount_of(currency, least.most)} at most for an event, and nothing "
        "counts longer, so a purchase that is split gives more",
        secondary=[(rule.span, "the rule")], help="add a limit such as `per calendar day`",
    )  # fmt: skip


def _grows(amount: Amount) -> bool:
    match amount:
        case PerMoney(times=None) | Share() | Slices(base=Base()):
            return True
        case Choice(cases, otherwise):
            return any(_grows(each) for each in (*(case.amount for case in cases), otherwise))
        case _:
            return False


def _splits(amount: Amount) -> Iterator[tuple[int, int, int, int]]:
    """What a basket gives at most, what its two parts give at least, and the parts, where that is more."""
    starts = sorted({start for start in _starts(amount) if 0 < start <= MAX_AMOUNT // 2})
    for start in starts:
        pairs = [(start // 2, start - start // 2)]
        pairs += [(other, start - other) for other in starts if other < start]
        last = _leaf(amount, 2 * start)
        if last is not None and not isinstance(last, Flat | Nothing):
            pairs.append((start, start))
        for first, second in pairs:
            one, two, whole = (_worth(amount, paid) for paid in (first, second, first + second))
            if one is None or two is None or whole is None:
                return
            least, most = floor(one) + floor(two), ceil(whole)
            if least > most:
                yield most, least, first, second


def _starts(amount: Amount) -> Iterator[int]:
    """The amounts of money at which another row of a table begins, or another slice."""
    match amount:
        case Slices(base=Base(), starts=starts):
            yield from starts
        case Choice(cases, otherwise):
            for case in cases:
                yield from _compared(case.when)
                yield from _starts(case.amount)
            yield from _starts(otherwise)
        case _:
            return


def _compared(condition: Condition) -> Iterator[int]:
    match condition:
        case Compare(EventAmount(), _, Literal(value)):
            yield value
        case All(parts):
            for part in parts:
                yield from _compared(part)
        case _:
            return


def _leaf(amount: Amount, paid: int) -> Amount | None:
    """The row that counts for so much money; `None` where that depends on other things."""
    if not isinstance(amount, Choice):
        return amount
    for case in amount.cases:
        holds = _holds(case.when, paid)
        if holds is None:
            return None
        if holds:
            return _leaf(case.amount, paid)
    return _leaf(amount.otherwise, paid)


def _holds(condition: Condition, paid: int) -> bool | None:
    match condition:
        case Compare(EventAmount(), order, Literal(value)):
            return {
                Order.EQUAL: paid == value,
                Order.LESS: paid < value,
                Order.AT_MOST: paid <= value,
                Order.MORE: paid > value,
                Order.AT_LEAST: paid >= value,
            }[order]
        case All(parts):
            held = [_holds(part, paid) for part in parts]
            return None if None in held else all(held)
        case _:
            return None


def _worth(amount: Amount, paid: int) -> Fraction | None:
    """What so much money gives, before rounding."""
    match _leaf(amount, paid):
        case Flat(units):
            return Fraction(units)
        case Nothing():
            return Fraction(0)
        case PerMoney(units=units, per=per, whole=whole, times=None):
            return Fraction(paid // per * units) if whole else Fraction(paid * units, per)
        case Share(share=share):
            return share * paid
        case Slices(base=Base(), starts=starts, units=units, per=per):
            ends = (*starts[1:], max(paid, starts[-1]))
            parts = (max(0, min(paid, end) - start) for start, end in zip(starts, ends, strict=True))
            earned = (Fraction(part * each, of) for part, each, of in zip(parts, units, per, strict=True))
            return sum(earned, Fraction(0))
        case _:
            return None
