"""NUM-5: no product of a program's rates and amounts can exceed 64 bits.

For baskets and fields of money of at most `MAX_AMOUNT` minor units, numbers of at most `MAX_NUMBER` and those
that multiply of at most `MAX_TIMES`, an exact amount is kept as a number of parts of a common denominator: of
all rates of its currency where the event's running sum is rounded, of all rules of a group where they are
compared, else of the rule alone. A share of other rules multiplies denominators; making up a total subtracts.
Rounding half up doubles. What comes out stays below 2 ** 62.
"""

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from math import lcm
from typing import assert_never

from loyalty_dsl.language.amounts import (
    Amount,
    Choice,
    Flat,
    Nothing,
    OfStrategy,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.checking.amounts import LARGEST
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.program import Combine, Currency, EarnRule, Group, Reward, RoundPer
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import BalanceGiven, MoneyOff, RewardCase
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER, MAX_TIMES, format_units

_MOST = 2**62


@record
class _Parts:
    """The largest exact amount of one event, and what it is kept in parts of."""

    most: Fraction
    denominator: int

    @property
    def fits(self) -> bool:
        return 2 * (self.most * self.denominator + self.denominator) < _MOST


def verify_products(
    findings: Findings,
    currencies: Sequence[Currency],
    earns: Sequence[EarnRule],
    rewards: Sequence[Reward],
    *,
    order: Sequence[int] | None = None,
    groups: Sequence[Group] = (),
) -> None:
    """Reports every rate whose products may not fit 64 bits.

    Args:
        order: indices of rules, each after those that it refers to; declared order when `None`.
    """
    by_index = {currency.index: currency for currency in currencies}
    rules = {rule.index: rule for rule in earns}
    parts: dict[int, _Parts] = {}
    wrong: set[int] = set()
    for index in [rule.index for rule in earns] if order is None else order:
        rule = rules.get(index)
        if rule is None or not _known(rule, set(parts) - wrong):
            continue
        kept, passed = _parts_of_rule(rule, parts)
        if rule.currency in by_index and not _verify_rule(findings, rule, kept, by_index[rule.currency]):
            wrong.add(index)
        parts[index] = passed
    for currency in currencies:
        summed = [rule for rule in earns if rule.currency == currency.index and rule.index in parts]
        if currency.round_per is RoundPer.EVENT and len(summed) > 1:
            _verify_running_sum(findings, summed, parts, currency)
    for group in groups:
        compared = [rules[index] for index in group.rules if index in parts and index in rules]
        if group.combine is Combine.BEST and len(compared) > 1:
            _verify_comparison(findings, compared, parts, group)
    for reward in rewards:
        for case in reward.cases:
            _verify_use(findings, reward, case)


def _referred(amount: Amount) -> set[int]:
    """The rules that an amount is a share of."""
    match amount:
        case ShareOfRules(_, rules):
            return set(rules)
        case Choice(cases, otherwise):
            return _referred(otherwise).union(*(_referred(each.amount) for each in cases))
        case _:
            return set()


def _known(rule: EarnRule, fine: Set[int]) -> bool:
    """Whether the rules that this one refers to are fine; one that is not has been reported."""
    return (_referred(rule.amount) | set(rule.raises)) <= fine


def _parts_of_rule(rule: EarnRule, parts: Mapping[int, _Parts]) -> tuple[_Parts, _Parts]:
    """What is kept on the way to a rule's amount, and the amount itself."""
    own = _parts(rule.amount, parts)
    if not rule.raises:
        return own, own
    raised = [parts[index] for index in rule.raises]
    common = lcm(own.denominator, *(each.denominator for each in raised))
    return _Parts(own.most + sum(each.most for each in raised), common), _Parts(own.most, common)


def _parts(amount: Amount, parts: Mapping[int, _Parts]) -> _Parts:
    match amount:
        case OfStrategy(most=units) | Flat(units):
            return _Parts(Fraction(units), 1)
        case PerMoney(units, per, times=times):
            return _Parts(Fraction(MAX_AMOUNT * units * _most_times(times), per), per)
        case Share(share):
            return _Parts(MAX_AMOUNT * share, share.denominator)
        case PerField(units, per, _, field, times):
            largest = MAX_AMOUNT if field.kind is Kind.MONEY else MAX_NUMBER
            return _Parts(Fraction(largest * units * _most_times(times), per), per)
        case PerItem(units):
            return _Parts(Fraction(MAX_NUMBER * units), 1)
        case ShareOfRules(share, rules):
            of = [parts[index] for index in rules]
            common = share.denominator * lcm(*(each.denominator for each in of))
            return _Parts(share * sum((each.most for each in of), Fraction(0)), common)
        case Nothing():
            return _Parts(Fraction(0), 1)
        case Slices(base, starts, units, per):
            rate = max(Fraction(some, each) for some, each in zip(units, per, strict=True))
            counted = LARGEST if units[-1] else starts[-1]  # nothing is given for what is beyond
            return _Parts((MAX_AMOUNT if isinstance(base, Base) else counted) * rate, lcm(*per))
        case Choice(cases, otherwise):
            all_of = [_parts(otherwise, parts), *(_parts(each.amount, parts) for each in cases)]
            return _Parts(max(each.most for each in all_of), lcm(*(each.denominator for each in all_of)))
        case _:
            assert_never(amount)


def _most_times(times: Field | None) -> int:
    """The most that a field multiplies by."""
    return 1 if times is None else MAX_TIMES


def _verify_rule(findings: Findings, rule: EarnRule, kept: _Parts, currency: Currency) -> bool:
    if kept.fits and kept.most <= LARGEST:
        return True
    most = int(kept.most)
    amount = f"{format_units(most, currency.scale)} {currency.name}"
    if most <= LARGEST:
        findings.report(
            "L311", rule.span,
            f"`{rule.name}` is counted in parts of {kept.denominator:,}, so {amount} for one event may not "
            "fit 64 bits",
            help="write its rates with fewer digits, or with a common divisor",
        )  # fmt: skip
    else:
        findings.report(
            "L311", rule.span,
            f"`{rule.name}` could give {amount} for one event, which is more than can be counted exactly",
            help="lower the rate, or write it with fewer digits",
        )  # fmt: skip
    return False


def _verify_running_sum(
    findings: Findings, rules: Sequence[EarnRule], parts: Mapping[int, _Parts], currency: Currency
) -> None:
    common = lcm(*(parts[rule.index].denominator for rule in rules))
    total = _Parts(sum((parts[rule.index].most for rule in rules), Fraction(0)), common)
    if total.fits:
        return
    worst = max(rules, key=lambda rule: parts[rule.index].denominator)
    findings.report(
        "L311", worst.span,
        f"the rates of `{currency.name}` have a common denominator of {common:,}, so their sum over an "
        "event may not fit 64 bits",
        label="the finest rate",
        secondary=[(currency.span, "its amounts are summed per event here")],
        help="write `round ... per rule`, or rates with fewer digits",
    )  # fmt: skip


def _verify_comparison(
    findings: Findings, rules: Sequence[EarnRule], parts: Mapping[int, _Parts], group: Group
) -> None:
    common = lcm(*(parts[rule.index].denominator for rule in rules))
    if _Parts(max(parts[rule.index].most for rule in rules), common).fits:
        return
    worst = max(rules, key=lambda rule: parts[rule.index].denominator)
    findings.report(
        "L311", worst.span,
        f"the rates of `{group.name}` have a common denominator of {common:,}, so they may not be compared "
        "in 64 bits",
        label="the finest rate", secondary=[(group.span, "the best of them is chosen here")],
        help="write rates with fewer digits",
    )  # fmt: skip


def _verify_use(findings: Findings, reward: Reward, case: RewardCase) -> None:
    match case.face:
        case MoneyOff(minor, _) if case.price:
            most = LARGEST // case.price * minor
        case BalanceGiven(_, share):
            most = 2 * (LARGEST * share.numerator + share.denominator)
        case _:
            return
    if most >= _MOST:
        findings.report(
            "L311", reward.span,
            f"`{reward.name}` takes so much off for its price that the sum may not fit 64 bits",
            help="raise the price or lower the money off",
        )  # fmt: skip
