"""A statement in sentences: what a member has, what comes next, and what happened this month.

Invariant: names are the program's own, each figure is written in its own unit, and what a program does not
have is said once and plainly.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.calendar import NEVER, date_of, last_usable
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.statements import Holding, Missing, Offer, Rung, Statement, Way
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import format_money, format_units
from loyalty_dsl.report.wording import long_date, one_line


def amount(program: Program, currency: Currency, units: int) -> str:
    """`1,250 points`, `$10.00 credit`."""
    return one_line(amount_in_words(program, currency, units)).replace("_", " ")


def shown(program: Program, currency: Currency, units: int, *, up: bool = False) -> str:
    """An amount as members see it: of a currency that is shown whole, the whole part.

    Args:
        up: for what is missing or owed, of which a part is one more.
    """
    if currency.shown_whole:
        units = -(-units // currency.scale) if up else units // currency.scale
        currency = attrs.evolve(currency, scale=1)
    return amount(program, currency, units)


def holding_lines(program: Program, holding: Holding) -> list[str]:
    """What there is of a currency, and what will be lost when."""
    currency = program.currencies[holding.currency]
    lines = [f"{shown(program, currency, holding.available)} available"]
    if holding.owed:
        owed = shown(program, currency, holding.owed, up=True)
        lines = [f"{owed} owed after returns; what you earn repays it first"]
    for day, units in holding.pending:
        lines.append(f"{shown(program, currency, units)} pending, available from {long_date(date_of(day))}")
    if holding.together is not None:
        day_ = long_date(date_of(last_usable(holding.together)))
        lines.append(f"all of it can be used through {day_} unless something happens before")
    for day, units in holding.gone:
        lines.append(f"{shown(program, currency, units)} to use by {long_date(date_of(last_usable(day)))}")
    if holding.together is None and not holding.gone and (holding.available or holding.pending):
        lines.append("none of it expires")
    return lines


def rung_lines(program: Program, rung: Rung) -> list[str]:
    """The level, how long it is held, what keeps it and what raises it."""
    ladder = program.ladders[rung.ladder]
    level = one_line(ladder.levels[rung.level].label)
    held = "" if rung.through == NEVER else f", through {long_date(date_of(rung.through))}"
    lines = [f"{level}{held}"]
    lines += _ways_in_words(program, rung.keeping, f"keeps {level} for longer")
    if rung.raising:
        higher = one_line(ladder.levels[rung.level + 1].label)
        lines += _ways_in_words(program, rung.raising, f"for {higher}")
    elif rung.level + 1 == len(ladder.levels):
        lines.append("the highest level there is")
    return lines


def _ways_in_words(program: Program, ways: tuple[Way, ...], what: str) -> list[str]:
    return [
        f"{'or ' if number else ''}{way_in_words(program, way)} {what}" for number, way in enumerate(ways)
    ]


def way_in_words(program: Program, way: Way) -> str:
    """`$140.00 more of yearly spend by 31 December 2026`."""
    parts = [_missing_in_words(program, missing) for missing in way.missing]
    if way.more:
        parts.append("a condition of another kind" if not parts else "one more condition")
    return " and ".join(parts)


def _missing_in_words(program: Program, missing: Missing) -> str:
    counters = [program.counters[index] for _, index in missing.terms]
    named = " plus ".join(
        (f"{times} x " if times > 1 else "") + one_line(counter.label.replace("_", " "))
        for (times, _), counter in zip(missing.terms, counters, strict=True)
    )
    first = counters[0]
    match first.kind:
        case Kind.MONEY:
            units = format_money(missing.units, program.money)
        case Kind.UNITS:
            units = format_units(missing.units, program.currencies[first.currency].scale)
        case _:
            units = f"{missing.units:,}"
    by = "" if missing.by is None else f" by {long_date(date_of(missing.by))}"
    return f"{units} more of {named}{by}"


def offer_line(program: Program, offer: Offer) -> str:
    """A reward, its price, and how far it is."""
    reward = program.rewards[offer.reward]
    currency = program.currencies[reward.currency]
    label = one_line(reward.label.replace("_", " "))
    if reward.as_much:
        least = shown(program, currency, offer.price)
        usable = "as much as you have, when you ask for it" if not offer.short else "once you have any"
        return f"{label}, {least} or more at a time: {offer.closed or usable}"
    price = shown(program, currency, offer.price) if offer.price else f"all your {currency.name}"
    price += f" and {format_money(reward.beside, program.money)}" if reward.beside else ""
    if offer.closed:
        state = offer.closed
    elif offer.short:
        state = f"{shown(program, currency, offer.short, up=True)} to go"
    else:
        match reward.taking:
            case Taking.CHOSEN | Taking.EXCHANGED | Taking.PICKED | Taking.SENT:
                state = "yours when you ask for it"
            case Taking.AT_CHECKOUT:
                state = "taken by itself at your next purchase that it fits"
            case Taking.AFTER_EARNING | Taking.BENEFIT | Taking.DEFAULTED | Taking.RECEIVED:
                state = "issued by itself"
            case _:
                assert_never(reward.taking)
    return f"{label} for {price.replace('_', ' ')}: {state}"


def together(postings: Iterable[Posting]) -> list[Posting]:
    """Postings that agree in all that is written of them, as one: what was spent came from several lots."""
    found: dict[tuple[object, ...], Posting] = {}
    for each in postings:
        key = (each.day, each.kind, each.event, each.name, each.currency)
        before = found.get(key)
        units = each.units + (0 if before is None else before.units)
        found[key] = attrs.evolve(each, units=units)
    return list(found.values())


def posting_line(program: Program, posting: Posting) -> str:
    """One change of a balance."""
    currency = program.currencies[posting.currency]
    sign = (
        "+"
        if posting.kind in (PostingKind.EARNED, PostingKind.OPENING, PostingKind.RECEIVED)
        else "\N{MINUS SIGN}"
    )
    what = {
        PostingKind.EARNED: "earned",
        PostingKind.OPENING: "brought along",
        PostingKind.REDEEMED: "spent",
        PostingKind.EXPIRED: "expired",
        PostingKind.REVERSED: "taken back",
        PostingKind.SENT: "sent",
        PostingKind.RECEIVED: "received",
    }[posting.kind]
    name = label_of(program, posting.name)
    by = f": {name}" if name else ""
    at = f" ({one_line(posting.event)})" if posting.event else ""
    return f"{sign}{amount(program, currency, posting.units)} {what}{by}{at}"


def label_of(program: Program, name: str) -> str:
    """What the program calls a rule or a reward to members."""
    labels = {rule.name: rule.label for rule in program.earns}
    labels |= {reward.name: reward.label for reward in program.rewards}
    return one_line(labels.get(name, name).replace("_", " "))


def absences(program: Program, statement: Statement) -> list[str]:
    """What the program has no such thing of."""
    found = []
    if not program.ladders:
        found.append("This program has no levels.")
    if not statement.offers:
        found.append("This program has no rewards for points.")
    if statement.postings is None:
        found.append("A state keeps no postings; a statement from transactions lists those of the month.")
    return found


def next_reward(program: Program, offers: Iterable[Offer]) -> Offer | None:
    """The reward that is nearest, by the part of its price that is missing."""
    short = [offer for offer in offers if offer.short and not offer.closed]
    short = [offer for offer in short if not program.rewards[offer.reward].as_much]
    return min(short, key=lambda offer: Fraction(offer.short, max(offer.price, 1)), default=None)
