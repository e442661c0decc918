"""NUM-5: no product of a program's rates and amounts can exceed 64 bits.

For a basket of at most `MAX_AMOUNT` minor units, an exact amount is kept as a number of parts of the
common denominator of the currency's rates (`round ... per event` keeps the event's running sum so), or
of the rule's own denominator. Rounding half up doubles it. What comes out stays below 2 ** 62.
"""

from collections.abc import Sequence
from math import lcm

from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.checking.amounts import LARGEST
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.program import Currency, EarnRule, Reward, RoundPer
from loyalty_dsl.quantities import MAX_AMOUNT, format_units

_MOST = 2**62


def verify_products(
    findings: Findings, currencies: Sequence[Currency], earns: Sequence[EarnRule], rewards: Sequence[Reward]
) -> None:
    """Reports every rate whose products may not fit 64 bits."""
    by_index = {currency.index: currency for currency in currencies}
    for rule in earns:
        if rule.currency in by_index:
            _verify_rule(findings, rule, by_index[rule.currency])
    for currency in currencies:
        rules = [rule for rule in earns if rule.currency == currency.index]
        if currency.round_per is RoundPer.EVENT and len(rules) > 1:
            _verify_running_sum(findings, rules, currency)
    for reward in rewards:
        if LARGEST // reward.price * reward.off >= _MOST:
            findings.report(
                "L311", reward.span,
                f"`{reward.name}` takes so much off for its price that the sum may not fit 64 bits",
                help="raise the price or lower the money off",
            )  # fmt: skip


def _parts(rule: EarnRule) -> tuple[int, int]:
    """The largest exact amount of one event, as a fraction: numerator and denominator."""
    match rule.amount:
        case Flat(units=units):
            return units, 1
        case PerMoney(units=units, per=per):
            return MAX_AMOUNT * units, per
        case Share(share=share):
            return MAX_AMOUNT * share.numerator, share.denominator


def _verify_rule(findings: Findings, rule: EarnRule, currency: Currency) -> None:
    numerator, denominator = _parts(rule)
    if 2 * (numerator + denominator) >= _MOST or numerator // denominator > LARGEST:
        findings.report(
            "L311", rule.span,
            f"`{rule.name}` could give {format_units(numerator // denominator, currency.scale)} "
            f"{currency.name} for one event, which is more than can be counted exactly",
            help="lower the rate, or write it with fewer digits",
        )  # fmt: skip


def _verify_running_sum(findings: Findings, rules: Sequence[EarnRule], currency: Currency) -> None:
    parts = [_parts(rule) for rule in rules]
    common = lcm(*(denominator for _, denominator in parts))
    total = sum(numerator * (common // denominator) for numerator, denominator in parts)
    if 2 * (total + common) < _MOST:
        return
    worst = max(zip(parts, rules, strict=True), key=lambda pair: pair[0][1])[1]
    findings.report(
        "L311", worst.span,
        f"the rates of `{currency.name}` have a common denominator of {common:,}, so their sum over an "
        "event may not fit 64 bits",
        label="the finest rate",
        secondary=[(currency.span, "its amounts are summed per event here")],
        help="write `round ... per rule`, or rates with fewer digits",
    )  # fmt: skip
