"""What members are not told: costs and worth, what partners pay, whom an offer leaves out, and hidden rules.

Invariant: each number about the business that the program declares is in one sentence here, with its source.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence
from loyalty_dsl.explanation.terms.earning import rule_blocks
from loyalty_dsl.explanation.terms.rewards import reward_entry
from loyalty_dsl.explanation.terms.words import Words, date_words, human, percent, quoted, titled
from loyalty_dsl.language.amounts import OfStrategy
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.partners import BillingRate
from loyalty_dsl.language.program import CostOfFace, CostPerUse


def internal_entries(words: Words) -> Iterator[Entry]:
    """For the company only."""
    yield Entry("internal currencies", "What it is worth and costs", tuple(_currencies(words)))
    yield Entry("internal rewards", "What rewards cost", tuple(_rewards(words)))
    yield Entry("internal partners", "What partners pay and receive", tuple(_partners(words)))
    yield Entry(
        "internal rest", "Who is left out, what is hidden, and what it costs to run", tuple(_rest(words))
    )


def _note(assumed: AssumedNumber) -> str:
    return " (assumed)" if assumed.source is None else f" ({assumed.source})"


def _currencies(words: Words) -> Iterator[Block]:
    for currency in words.program.currencies:
        spans = (currency.span,)
        one = words.units(currency.index, currency.scale)
        if currency.worth is not None:
            worth = words.money(currency.worth.value * currency.scale)
            yield Sentence(f"To a member, {one} is taken to be worth {worth}.", spans)
        if currency.cost is not None:
            cost = words.money(currency.cost.value * currency.scale)
            yield Sentence(
                f"Each {one.removeprefix('1 ')} outstanding costs {cost}{_note(currency.cost)}.", spans
            )
        if currency.breakage is not None:
            share = percent(currency.breakage.value)
            yield Sentence(
                f"Of {words.label(currency.index)}, {share} are taken never to be "
                f"used{_note(currency.breakage)}.",
                spans,
            )


def _rewards(words: Words) -> Iterator[Block]:
    for reward in words.program.rewards:
        name, spans = quoted(titled(reward.label)), (reward.span,)
        if reward.worth is not None:
            yield Sentence(
                f"A use of {name} is taken to be worth {words.money(reward.worth.value)} to a member.", spans
            )
        match reward.cost:
            case None:
                pass
            case CostPerUse(number_) if number_.value >= 0:
                yield Sentence(f"A use of {name} costs {words.money(number_.value)}{_note(number_)}.", spans)
            case CostPerUse(number_):
                yield Sentence(f"A use of {name} brings in {words.money(-number_.value)}.", spans)
            case CostOfFace(number_):
                yield Sentence(
                    f"A use of {name} costs {percent(number_.value)} of the money taken off{_note(number_)}.",
                    spans,
                )
            case _:
                assert_never(reward.cost)


def _partners(words: Words) -> Iterator[Block]:
    for partner in words.program.partners:
        for rates, verb in ((partner.pays, "pays"), (partner.receives, "receives")):
            for rate in rates:
                yield Sentence(f"{partner.label} {verb} {_price(words, rate)}.", (rate.span,))
    for rule in words.program.earns:
        if rule.sold_at is not None:
            price = words.money(rule.sold_at.value * words.currency(rule.currency).scale)
            yield Sentence(f"What {quoted(rule.label)} issues is sold at {price} for each one.", (rule.span,))


def _price(words: Words, rate: BillingRate) -> str:
    """The price of as many units as the file says it of."""
    written = re.search(r"\bper ([\d,]+)", rate.span.text)
    scale = words.currency(rate.currency).scale
    units = int(written[1].replace(",", "")) * scale if written else scale
    since = "" if rate.since is None else f" from {date_words(rate.since)} on"
    return f"{words.money(rate.price * units)} for {words.units(rate.currency, units)}{since}"


def _rest(words: Words) -> Iterator[Block]:
    program = words.program
    for audience in program.audiences:
        spans = (audience.span,)
        yield Sentence(
            f"The audience {quoted(audience.label)} is each member of whom this is true: "
            f"{clause(words, audience.when)}.",
            spans,
        )
        if audience.holdout:
            yield Sentence(
                f"Of it, {percent(audience.holdout)} are drawn by chance and held out for good.", spans
            )
    for rule in program.earns:
        if rule.hidden:
            yield Sentence(f"Members are not told of the rule {quoted(titled(rule.label))}.", (rule.span,))
            yield from rule_blocks(words, rule)
        if isinstance(rule.amount, OfStrategy):
            name = human(rule.amount.name)
            yield Sentence(
                f"{quoted(titled(rule.label))} is worked out by the strategy {quoted(name)}.", (rule.span,)
            )
        if rule.account is not None:
            yield Sentence(
                f"What {quoted(titled(rule.label))} issues is booked as {rule.account.value}.", (rule.span,)
            )
    for reward in program.rewards:
        if reward.hidden:
            yield Sentence(f"Members are not told of {quoted(titled(reward.label))}.", (reward.span,))
            yield from reward_entry(words, reward).blocks
    for cost in program.running:
        each = " for each active member" if cost.per_active else ""
        since = "" if cost.first is None else f" from {date_words(cost.first)} on"
        until = "" if cost.end is None else f" until {date_words(cost.end - 1)}"
        yield Sentence(
            f"Running the program costs {words.money(cost.cost.value)} per "
            f"{cost.unit.value}{each}{since}{until}"
            f"{_note(cost.cost)}.",
            (cost.cost.span,),
        )
