"""Rewards and benefits in words: what they take, what they give, to whom, when and how often."""

from collections.abc import Iterator
from typing import assert_never

from loyalty_dsl.explanation.terms.cases import Row, grid, tests_of
from loyalty_dsl.explanation.terms.conditions import clause, items_noun
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, TermsTable
from loyalty_dsl.explanation.terms.occasions import (
    about,
    dates_words,
    event_words,
    limit_sentences,
    occasions,
)
from loyalty_dsl.explanation.terms.words import Words, human, per_window, percent, titled
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    Face,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.quantities import MINOR_DIGITS


def reward_entry(words: Words, reward: Reward) -> Entry:
    """One reward or benefit."""
    return Entry(f"reward {reward.name}", titled(reward.label), tuple(_blocks(words, reward)))


def _blocks(words: Words, reward: Reward) -> Iterator[Block]:
    spans = (reward.span,)
    of = about(words, reward.triggers[0].event if reward.triggers else reward.at)
    if reward.benefit:
        yield from _benefit(words, reward, of)
    elif len(reward.cases) == 1:
        for text in _priced(words, reward, reward.cases[0]):
            yield Sentence(text, spans)
        if reward.cases[0].when is not None:
            yield Sentence(f"It is offered only if {clause(words, reward.cases[0].when, of)}.", spans)
    else:
        yield from _table(words, reward, of)
    if not reward.benefit:
        yield from _how_taken(words, reward)
    yield from reward_conditions(words, reward, of)


def _benefit(words: Words, reward: Reward, of: str) -> Iterator[Block]:
    spans = (reward.span,)
    when = titled(occasions(words, reward.triggers))
    faces = {case.face for case in reward.cases}
    if len(faces) == 1:
        yield Sentence(f"{when}, you get {face_words(words, reward, reward.cases[0].face)}.", spans)
        if reward.cases[0].when is not None:
            yield Sentence(f"This applies only if {clause(words, reward.cases[0].when, of)}.", spans)
        return
    yield Sentence(f"{when}, you get what this table says.", spans)
    yield from _table(words, reward, of)


def _table(words: Words, reward: Reward, of: str) -> Iterator[Block]:
    spans = (reward.span,)
    rows = [Row(tests_of(case.when), case) for case in reward.cases]
    tests = grid(words, rows, of)
    faces = {case.face for case in reward.cases}
    if reward.benefit:
        header: tuple[str, ...] = ("You get",)
        told: list[tuple[str, ...]] = [
            (titled(face_words(words, reward, case.face)),) for case in reward.cases
        ]
    elif len(faces) == 1:
        yield Sentence(
            f"At the price in this table, you get {face_words(words, reward, reward.cases[0].face)}.", spans
        )
        header = ("Price",)
        told = [(price_words(words, reward, case),) for case in reward.cases]
    else:
        yield Sentence("What you get and its price are in this table.", spans)
        header = ("Price", "You get")
        told = [
            (price_words(words, reward, case), titled(face_words(words, reward, case.face)))
            for case in reward.cases
        ]
    yield TermsTable(
        (*tests.header, *header),
        tuple((*cells, *said) for cells, said in zip(tests.cells, told, strict=True)),
        spans,
    )
    if not tests.exclusive:
        yield Sentence("The first row that applies counts.", spans)
    if not reward.benefit and all(case.when is not None for case in reward.cases):
        yield Sentence("If no row applies, it is not offered.", spans)


def price_words(words: Words, reward: Reward, case: RewardCase) -> str:
    """What one use takes."""
    if case.whole_balance:
        return f"all your available {words.label(reward.currency)}"
    return words.units(reward.currency, case.price)


def _priced(words: Words, reward: Reward, case: RewardCase) -> Iterator[str]:
    scaled = _as_money(words, reward, case)
    if scaled is not None:
        price, face = scaled
        in_money = words.currency(reward.currency).in_money
        takes = "takes" if in_money or price == words.currency(reward.currency).scale else "take"
        yield f"{titled(words.units(reward.currency, price))} {takes} {words.money(face)} off."
        if in_money and (case.price, most(case)) == (1, 1):
            yield "You can use any amount."
        elif case.price != price:
            yield (
                f"You can use any amount, in steps of {words.units(reward.currency, case.price)} for "
                f"{words.money(most(case))}."
            )
        yield "It takes off at most what is left to pay."
        if case.price == price and not in_money:
            yield "You can use it several times at once."
        return
    face_told = face_words(words, reward, case.face)
    yield f"For {price_words(words, reward, case)}, you get {face_told}."


def most(case: RewardCase) -> int:
    assert isinstance(case.face, MoneyOff)
    return case.face.minor


def _as_money(words: Words, reward: Reward, case: RewardCase) -> tuple[int, int] | None:
    """Price and money off of points that are used as money, for a round sum; `None` of any other reward."""
    if not (reward.as_much and isinstance(case.face, MoneyOff)) or case.whole_balance:
        return None
    whole = 10 ** MINOR_DIGITS[words.program.money]
    if case.face.minor >= whole or whole % case.face.minor:
        return case.price, case.face.minor
    times = whole // case.face.minor
    return case.price * times, whole


def face_words(words: Words, reward: Reward, face: Face) -> str:
    """What one use gives."""
    match face:
        case MoneyOff(minor, in_full):
            left = ", even beyond what is left to pay" if in_full else ", at most what is left to pay"
            return f"{words.money(minor)} off{left}"
        case PercentOff(share, up_to):
            of = " all items" if reward.items is None else f" {items_noun(words, reward.items)}"
            most_ = "" if up_to is None else f", at most {words.money(up_to)}"
            return f"{percent(share)} off{of}{most_}"
        case FreeItem(up_to):
            of = "" if reward.items is None else f" among {items_noun(words, reward.items)}"
            most_ = "" if up_to is None else f", up to {words.money(up_to)} of its price"
            return f"your dearest item{of} free{most_}"
        case UnitsGiven(currency, units, per, more):
            told = words.units(currency, units)
            if per:
                told += (
                    f", and {words.units(currency, more)} more for each whole "
                    f"{words.units(reward.currency, per)} "
                    "that you exchange at a time"
                )
            return told
        case BalanceGiven(currency, share):
            return f"{percent(share)} of it in {words.label(currency)}"
        case Thing(name):
            free = reward.benefit and not reward.fee
            return f"{thing_words(name)} at no charge" if free else thing_words(name)
        case _:
            assert_never(face)


def thing_words(name: str) -> str:
    """`a seat`, `an upgrade`; a name that is not of one thing as it is."""
    told = human(name)
    if singular_of(told) != told or told in ("shipping", "breakfast"):
        return told
    return f"{'an' if told[0].lower() in 'aeiou' else 'a'} {told}"


def _how_taken(words: Words, reward: Reward) -> Iterator[Block]:
    spans = (reward.span,)
    match reward.taking:
        case Taking.AT_CHECKOUT:
            yield Sentence("It is used automatically when you pay, as often as it can be.", spans)
        case Taking.AFTER_EARNING:
            yield Sentence(
                "You get it automatically, as soon as you have enough and as often as that is so.", spans
            )
        case _:
            pass
    if reward.at != PURCHASE and reward.taking is Taking.CHOSEN:
        name = event_words(words, reward.at).removeprefix("for each ")
        yield Sentence(f"You use it at {'an' if name[0] in 'aeiou' else 'a'} {name}.", spans)


def reward_conditions(words: Words, reward: Reward, of: str) -> Iterator[Block]:
    """All that has to hold besides, and the limits."""
    spans = (reward.span,)
    if reward.items is not None and not any(
        isinstance(case.face, PercentOff | FreeItem) for case in reward.cases
    ):
        yield Sentence(f"It is for {items_noun(words, reward.items)}.", spans)
    if reward.when is not None:
        yield Sentence(f"This applies only if {clause(words, reward.when, of)}.", spans)
    for gate in reward.gates:
        yield Sentence(f"It is refused if {clause(words, gate.condition, of)} ({gate.reason}).", (gate.span,))
    days = dates_words(reward.dates)
    if days is not None:
        yield Sentence(f"This applies {days}.", spans)
    if reward.minimum_basket:
        yield Sentence(f"The basket has to be at least {words.money(reward.minimum_basket)}.", spans)
    if reward.minimum_balance:
        least = words.units(reward.currency, reward.minimum_balance)
        yield Sentence(f"You need at least {least} to use it.", spans)
    if reward.beside:
        yield Sentence(f"You also pay {words.money(reward.beside)} each time.", spans)
    if reward.fee > 0:
        yield Sentence(f"A fee of {words.money(reward.fee)} is charged each time.", spans)
    for text in _limits(words, reward):
        yield Sentence(text, tuple(limit.span for limit in reward.limits))


def _limits(words: Words, reward: Reward) -> Iterator[str]:
    if reward.exchange or reward.taking is Taking.RECEIVED:
        yield from _exchange_limits(words, reward)
        return
    yield from limit_sentences(words, reward.limits, -1, "by this reward", "use it")


def _exchange_limits(words: Words, reward: Reward) -> Iterator[str]:
    """Limits of what is exchanged or sent, or received: they count whole steps of so many units."""
    for limit in reward.limits:
        window = "at a time" if limit.window is None else per_window(limit.window)
        match reward.cases[0].face, reward.taking:
            case UnitsGiven(currency, units), Taking.RECEIVED:
                told = f"One recipient can get at most {words.units(currency, limit.most * units)}"
            case _:
                verb = "send" if reward.taking is Taking.SENT else "exchange"
                most_ = words.units(reward.currency, limit.most * reward.cases[0].price)
                told = f"You can {verb} at most {most_}"
        yield f"{told} {window}; what does not fit as a whole is refused."
