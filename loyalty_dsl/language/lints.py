"""Warnings over checked programs: allowed, and probably not meant.

Invariant: a warning is sound. What it says of the program is so on every history; a rule of thumb that
may be wrong belongs in a report, not here.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from loyalty_dsl.calendar import format_day
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Amount, Choice, Flat, Nothing, PerItem, PerMoney, Share
from loyalty_dsl.language.balances_read import balances_read
from loyalty_dsl.language.basket_lints import lint_baskets
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.conditions import Compare
from loyalty_dsl.language.contradictions import contradictory, never_comes
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.currency_amounts import amount_of
from loyalty_dsl.language.expiry import Never
from loyalty_dsl.language.idle_lints import lint_idle
from loyalty_dsl.language.level_lints import floors_of, lint_groups, lint_levels
from loyalty_dsl.language.life_lints import FIRST_DAY, LAST_DAY, lint_life
from loyalty_dsl.language.limit_lints import idle_group_limits, idle_limits
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import (
    CostOfFace,
    CostPerUse,
    Currency,
    EarnRule,
    LimitOf,
    Program,
    Reward,
)
from loyalty_dsl.language.reach_lints import given_by_rewards, lint_prices, lint_reach
from loyalty_dsl.language.rewards import MoneyOff
from loyalty_dsl.quantities import MAX_AMOUNT, MINOR_DIGITS, format_money, prefix_of
from loyalty_dsl.source import Span

GENEROUS = Fraction(1, 2)
"""The share of what members spend that a program may give back without a warning."""


def lint_program(
    program: Program, *, follows: bool = False, ends: tuple[int, Span] | None = None
) -> Iterator[Diagnostic]:
    """What is probably not meant in a program.

    Args:
        follows: whether it replaces another version, whose balances and counters members bring along.
        ends: of a version that is replaced by the day of its events, from which day, and where that is said.
    """
    for rule in program.earns:
        yield from _never_fires(program, rule)
        yield from _idle_rows(rule)
        yield from idle_limits(rule, rule.amount.units if isinstance(rule.amount, Flat) else None)
        yield from _always_cut(program, rule)
        yield from _generous(program, rule)
    for group in program.groups:
        yield from idle_group_limits(program, group)
    yield from lint_groups(program)
    yield from lint_levels(program)
    yield from lint_idle(program)
    yield from lint_baskets(program)
    if not follows:
        yield from lint_prices(program)
        yield from lint_reach(program, floors_of(program))
    yield from lint_life(program, ends)
    for reward in program.rewards:
        yield from _never_fires(program, reward)
        yield from idle_limits(reward, reward.off if reward.in_full else None)
        yield from _never_used(program, reward)
        yield from _dear(program, reward)
        yield from _costs_more(program, reward)
    for currency in program.currencies:
        yield from _one_way(program, currency)
        yield from _two_costs(program, currency)


def _never_fires(program: Program, rule: EarnRule | Reward) -> Iterator[Diagnostic]:
    if never_comes(rule.dates, program.starts, LAST_DAY):
        over = not never_comes(rule.dates, FIRST_DAY, LAST_DAY)
        yield diagnostic(
            "L601",
            rule.span,
            f"the dates of `{rule.name}` are over before the program starts, so it never fires"
            if over
            else f"no day meets the dates of `{rule.name}`, so it never fires",
            secondary=[(program.span, f"the program starts on {format_day(program.starts)}")],
            help="write later dates"
            if over
            else "every `dates` line must hold; put alternatives on one line, behind commas",
        )
    when = [] if rule.when is None else [rule.when]
    if when and contradictory(when):
        yield diagnostic(
            "L602",
            rule.span,
            f"what `{rule.name}` asks for never holds, so it never fires"
            if isinstance(rule.when, Compare)
            else f"what `{rule.name}` asks for can never hold together, so it never fires",
            help="look at its number"
            if isinstance(rule.when, Compare)
            else "every `when` line must hold; join alternatives with `or`",
        )
        return
    if isinstance(rule, Reward):
        return
    for trigger in rule.triggers:
        if trigger.where is not None and contradictory([*when, trigger.where]):
            yield diagnostic(
                "L602",
                trigger.span,
                f"no event meets this condition{' and `when`' if when else ''}, so it never fires the rule",
                help="look for two tests of one thing that exclude each other",
            )
    if rule.items is not None and contradictory([rule.items]) and _counts_items_alone(rule.amount):
        yield diagnostic(
            "L602",
            rule.span,
            f"no item passes the filter of `{rule.name}`, so it never gives anything",
            help="look for two tests of one field that exclude each other",
        )


def _counts_items_alone(amount: Amount) -> bool:
    """Whether an amount is nothing where no item passes the filter of its rule."""
    match amount:
        case PerMoney() | Share() | PerItem() | Nothing():
            return True
        case Choice(cases, otherwise):
            return all(_counts_items_alone(each) for each in (*(case.amount for case in cases), otherwise))
        case _:
            return False


def _idle_rows(rule: EarnRule) -> Iterator[Diagnostic]:
    """Rows of a table that exclude what the rule asks for."""
    when = [] if rule.when is None else [rule.when]
    wheres = [[] if trigger.where is None else [trigger.where] for trigger in rule.triggers]
    if not isinstance(rule.amount, Choice) or any(contradictory([*when, *where]) for where in wheres):
        return
    idle = sum(
        all(contradictory([*when, *where, case.when]) for where in wheres) for case in rule.amount.cases
    )
    if idle:
        rows = "a row" if idle == 1 else f"{idle} rows"
        yield diagnostic(
            "L617", rule.span,
            f"what `{rule.name}` asks for excludes {rows} of its table",
            help="compare the rows with `when` and `where`",
        )  # fmt: skip


# ---- amounts


def _always_cut(program: Program, rule: EarnRule) -> Iterator[Diagnostic]:
    """A rule that can never give its whole amount, or any at all."""
    currency = program.currencies[rule.currency]
    match rule.amount:
        case Flat(units=units) if not rule.raises:
            cutting = [
                limit
                for limit in rule.limits
                if limit.of is LimitOf.UNITS
                and limit.most < units
                and not limit.everyone
                and limit.when is None  # LIMIT-9
            ]
            least = min(cutting, key=lambda limit: (not limit.refuses, limit.most), default=None)
            if least is not None:
                what = "so this limit always refuses it" if least.refuses else "which this limit always cuts"
                yield diagnostic(
                    "L612", least.span,
                    f"`{rule.name}` gives {amount_of(currency, units)}, {what}",
                    secondary=[(rule.span, "the rule")], help="raise the limit, or lower the amount",
                )  # fmt: skip
        case PerMoney(per=per, whole=True) if per > MAX_AMOUNT:
            yield diagnostic(
                "L612", rule.span,
                f"`{rule.name}` never gives anything: {_no_basket(program)}",
                help="lower the amount of money behind `per whole`",
            )  # fmt: skip


def _no_basket(program: Program) -> str:
    return f"no basket is above {format_money(MAX_AMOUNT, program.money)}"


def _never_used(program: Program, reward: Reward) -> Iterator[Diagnostic]:
    """A reward that no member can ever use."""
    if reward.minimum_basket > MAX_AMOUNT:
        yield diagnostic(
            "L613", reward.span,
            f"`{reward.name}` is never used: {_no_basket(program)}",
            help="lower the `minimum`",
        )  # fmt: skip
    for limit in reward.limits:
        if reward.in_full and limit.when is None and limit.of is LimitOf.UNITS and limit.most < reward.off:
            yield diagnostic(
                "L613", limit.span,
                f"`{reward.name}` is never used: it takes off {format_money(reward.off, program.money)}",
                label=f"this lets {format_money(limit.most, program.money)} through",
                secondary=[(reward.span, "the reward")], help="raise the limit, or lower the money off",
            )  # fmt: skip


# ---- value


def _generous(program: Program, rule: EarnRule) -> Iterator[Diagnostic]:
    """A rule whose earnings buy back more than `GENEROUS` of what was spent, whenever and whatever it was."""
    if _is_conditional(rule):
        return
    rate = _least_rate(rule.amount)
    rewards = [reward for reward in program.rewards if reward.currency == rule.currency and _is_plain(reward)]
    best = max(rewards, key=lambda reward: Fraction(reward.off, reward.price), default=None)
    if best is None:
        return
    back = rate * Fraction(best.off, best.price)
    if back <= GENEROUS:
        return
    from loyalty_dsl.language.checking.shares import format_percent  # checking imports this module

    share = format_percent(Fraction(round(back * 10**4), 10**4))
    yield diagnostic(
        "L607",
        rule.span,
        f"`{rule.name}` and `{best.name}` together can give back {share} of what members spend",
        label="earned here",
        secondary=[(best.span, f"{format_money(best.off, program.money)} off for "
                    f"{amount_of(program.currencies[rule.currency], best.price)}")],
        help="lower the rate, raise the price, or check that `$` and points are not swapped",
    )  # fmt: skip


def _least_rate(amount: Amount) -> Fraction:
    """The units for a minor unit of money that an amount gives at least, whenever and whatever it was."""
    match amount:
        case PerMoney(units=units, per=per, times=None):
            return Fraction(units, per)
        case Share(share=share):
            return share
        case Choice(cases, otherwise):
            return min(_least_rate(each) for each in (*(case.amount for case in cases), otherwise))
        case _:  # of fields and shares of rules nothing is so whenever and whatever it was
            return Fraction(0)


def _is_plain(reward: Reward) -> bool:
    """Whether a reward takes a sum of money off for a price, whenever and for whomever."""
    (case, *more) = reward.cases
    return (
        not more
        and case.when is None
        and case.price > 0
        and not case.whole_balance
        and isinstance(case.face, MoneyOff)
        and not _is_conditional(reward)
        and not reward.minimum_basket
    )


def _is_conditional(rule: EarnRule | Reward) -> bool:
    """Whether something bounds a rule besides its own amount."""
    if rule.limits or rule.when is not None or rule.dates:
        return True
    if isinstance(rule, Reward):
        return False
    if rule.group is not None or rule.raises or rule.chance < 1:
        return True
    return rule.items is not None or any(trigger.where is not None for trigger in rule.triggers)


def _dear(program: Program, reward: Reward) -> Iterator[Diagnostic]:
    """A reward that costs the member more than it takes off."""
    if reward.benefit or not all(isinstance(case.face, MoneyOff) for case in reward.cases):
        return
    currency = program.currencies[reward.currency]
    if currency.worth is None:
        return
    paid = currency.worth.value * reward.price
    if paid <= reward.off:
        return
    yield diagnostic(
        "L609",
        reward.span,
        f"{amount_of(currency, reward.price)} are worth {format_money(int(paid), program.money)}, and buy "
        f"{format_money(reward.off, program.money)} off",
        secondary=[(currency.worth.span, "what they are worth")],
        help="lower the price, raise the money off, or mend the `worth`",
    )


def _cost_of_use(reward: Reward) -> Fraction | None:
    """Minor units that one use costs; `None` where that is not known, or depends on the basket."""
    match reward.cost:
        case CostPerUse(number=number) if len(reward.cases) == 1:
            return number.value
        case CostOfFace(number=number) if reward.in_full and len(reward.cases) == 1:
            return number.value * reward.off
        case _:
            return None


def _costs_more(program: Program, reward: Reward) -> Iterator[Diagnostic]:
    """A reward whose use costs more than the money that it takes off."""
    if not all(isinstance(case.face, MoneyOff) for case in reward.cases):
        return
    cost = _cost_of_use(reward)
    if reward.cost is not None and cost is not None and cost > reward.off:
        yield diagnostic(
            "L614", reward.cost.number.span,
            f"a use of `{reward.name}` takes {format_money(reward.off, program.money)} off and costs more",
            help="a cost is of one use, in the program's money",
        )  # fmt: skip


def _two_costs(program: Program, currency: Currency) -> Iterator[Diagnostic]:
    """A currency whose declared cost is not that of any reward it pays for."""
    paid = [reward for reward in program.rewards if reward.currency == currency.index and reward.price > 0]
    if any(reward.cost is not None and _cost_of_use(reward) is None for reward in paid):
        return  # what that one costs a unit depends on baskets, and may be what the currency says
    costs = [(_cost_of_use(reward), reward) for reward in paid]
    priced = [((cost - reward.beside) / reward.price, reward) for cost, reward in costs if cost is not None]
    if currency.cost is None or not priced or any(each == currency.cost.value for each, _ in priced):
        return
    each, reward = min(priced, key=lambda pair: pair[0])
    one = singular_of(currency.name)
    yield diagnostic(
        "L611", currency.cost.span,
        f"a {one} is said to cost {_fine_money(program, currency.cost.value * currency.scale)}, but in "
        f"`{reward.name}` it costs {_fine_money(program, each * currency.scale)}",
        secondary=[(reward.span, f"{amount_of(currency, reward.price)} for one use")],
        help="delete the currency's `cost` to value it by the rewards, or mend one of the two",
    )  # fmt: skip


def _fine_money(program: Program, minor: Fraction) -> str:
    """An amount that may be finer than what can be paid, to eight decimals: `$0.0125`."""
    value = Decimal(round(minor * 10**8)) / 10**8 / 10 ** MINOR_DIGITS[program.money]
    return f"{'-' if value < 0 else ''}{prefix_of(program.money)}{abs(value).normalize():f}"


def _counted(program: Program) -> set[int]:
    """The currencies that counters count or rules ask about, which may be all that they are for."""
    counted = {each.measure.currency for each in program.counters if isinstance(each.measure, EarnedMeasure)}
    lines = (line for allowance in program.allowances for line in allowance.lines)
    return counted | balances_read(program) | {row.currency for line in lines for row in line.rows}


def _one_way(program: Program, currency: Currency) -> Iterator[Diagnostic]:
    """A currency that only comes in, or only goes out."""
    earned = any(rule.currency == currency.index for rule in program.earns)
    earned = earned or currency.index in given_by_rewards(program)
    spent = any(reward.currency == currency.index for reward in program.rewards)
    if not earned:
        yield diagnostic(
            "L605", currency.span, f"no rule earns `{currency.name}`",
            help=f"add an `earn` rule that gives {currency.name}, or delete the currency",
        )  # fmt: skip
    elif not spent and isinstance(currency.expiry, Never) and currency.index not in _counted(program):
        yield diagnostic(
            "L606", currency.span,
            f"`{currency.name}` never expire and no reward takes them, so what is owed only grows",
            help="add a `reward` with a price in it, or let it expire",
        )  # fmt: skip
    elif not spent and currency.index not in _counted(program):
        yield diagnostic(
            "L604", currency.span, f"members earn `{currency.name}` and no reward takes them",
            help="add a `reward` with a price in it",
        )  # fmt: skip
