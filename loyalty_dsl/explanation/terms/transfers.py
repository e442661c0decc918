"""Transfers and menus in words: what is exchanged or sent to others, and what there is to choose from."""

import re
from collections.abc import Iterator

import attrs

from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, TermsTable
from loyalty_dsl.explanation.terms.earning import conditions
from loyalty_dsl.explanation.terms.occasions import dates_words, limit_sentences, occasions
from loyalty_dsl.explanation.terms.rewards import face_words, reward_conditions
from loyalty_dsl.explanation.terms.words import Words, counted, number, titled
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.program import EarnRule, Reward
from loyalty_dsl.language.rewards import Taking


def transfer_entry(words: Words, reward: Reward) -> Entry:
    """One transfer."""
    return Entry(f"reward {reward.name}", titled(reward.label), tuple(_transfer(words, reward)))


def _transfer(words: Words, reward: Reward) -> Iterator[Block]:
    spans = (reward.span,)
    case = reward.cases[0]
    price = words.units(reward.currency, case.price)
    if reward.taking is Taking.SENT:
        given = words.program.rewards[reward.receiver]
        face = given.cases[0].face
        got = face_words(words, given, face)
        yield Sentence(
            f"You can send {words.label(reward.currency)} to another member: for each {_one(price)} that you "
            f"send, the recipient gets {got}.",
            spans,
        )
        yield Sentence("You cannot send any to yourself.", spans)
        if given.when is not None:
            yield Sentence(
                "The recipient can be only somebody of whom this is true: "
                f"{_theirs(clause(words, given.when))}.",
                spans,
            )
        for block in reward_conditions(words, attrs.evolve(given, when=None), "the sending"):
            assert isinstance(block, Sentence)
            yield Sentence(_theirs(block.text), block.spans)
    else:
        yield Sentence(f"You can exchange {price} for {face_words(words, reward, case.face)}.", spans)
    if reward.minimum_exchange:
        least = words.units(reward.currency, reward.minimum_exchange)
        yield Sentence(f"You exchange at least {least} at a time.".replace("exchange", _verb(reward)), spans)
    if case.price > words.currency(reward.currency).scale or case.price > 1:
        yield Sentence(f"You can {_verb(reward)} only whole multiples of {price}.", spans)
    yield from reward_conditions(words, reward, "the transfer")


def _verb(reward: Reward) -> str:
    return "send" if reward.taking is Taking.SENT else "exchange"


def _one(price: str) -> str:
    return price.removeprefix("1 ")


def _theirs(text: str) -> str:
    """A clause about the member, of the recipient."""
    text = re.sub(r"\byour\b", "the recipient's", text)
    return re.sub(r"\byou have\b", "the recipient has", re.sub(r"\byou\b", "the recipient", text))


# ---- menus


def menu_entry(words: Words, rule: EarnRule, options: tuple[Reward, ...]) -> Entry:
    """One menu: the rule that gives the choices, and what they buy."""
    spans = (rule.span,)
    choices = rule.amount.units if isinstance(rule.amount, Flat) else 1
    blocks: list[Block] = [
        Sentence(
            f"{titled(occasions(words, rule.triggers))}, you can make {counted(choices, 'choice')} "
            "from this list.",
            spans,
        )
    ]
    blocks += conditions(words, rule, "the day")
    picked = [option for option in options if option.taking is Taking.PICKED]
    priced = any(option.cases[0].price != 1 for option in picked)
    rows: list[tuple[str, ...]] = []
    for option in picked:
        case = option.cases[0]
        name = titled(option.label.removeprefix(f"{rule.label}: "))
        only = _option_conditions(words, option)
        row = (name, titled(face_words(words, option, case.face)))
        rows.append((*row, number(case.price), only) if priced else (*row, only))
    header: tuple[str, ...] = ("Choice", "You get", *(("Choices it takes",) if priced else ()), "Only if")
    if not any(row[-1] for row in rows):
        header, rows = header[:-1], [row[:-1] for row in rows]
    blocks.append(TermsTable(header, tuple(rows), tuple(option.span for option in picked)))
    for option in options:
        if option.taking is Taking.DEFAULTED:
            got = face_words(words, option, option.cases[0].face)
            when = titled(occasions(words, option.triggers))
            text = f"{when}, you get {got} for each choice that you have not made."
            if last := re.fullmatch(r"Each year on the day after (\w+ \d+)", when):
                blocks.append(Sentence(f"You can choose through the next {last[1]}.", (option.span,)))
                text = f"For each choice that you have not made by then, you get {got}."
            blocks.append(Sentence(text, (option.span,)))
    return Entry(f"menu {rule.name}", titled(rule.label), tuple(blocks))


def _option_conditions(words: Words, option: Reward) -> str:
    told = [clause(words, option.when)] if option.when is not None else []
    days = dates_words(option.dates)
    told += [] if days is None else [f"the day is {days}"]
    told += [
        text.rstrip(".") for text in limit_sentences(words, option.limits, -1, "by this choice", "take it")
    ]
    return "; ".join(told)
