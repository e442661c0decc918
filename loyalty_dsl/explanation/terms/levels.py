"""Levels in words: what each takes, how long it is held, what it gives, and what is left when it ends."""

from collections.abc import Iterator
from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.explanation.terms.amounts import leaves, rate
from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence, TermsTable
from loyalty_dsl.explanation.terms.occasions import about
from loyalty_dsl.explanation.terms.rewards import face_words
from loyalty_dsl.explanation.terms.words import (
    Words,
    day_of_year_words,
    length_words,
    titled,
    window_name,
)
from loyalty_dsl.language.amounts import Amount, Choice, Nothing
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    Condition,
    Literal,
    Not,
    OneAmong,
    Order,
    StatusOf,
)
from loyalty_dsl.language.program import EarnRule, Reward
from loyalty_dsl.language.rewards import Face
from loyalty_dsl.language.tiers import HoldFor, HoldThrough, Ladder, Lapse


def ladder_entry(
    words: Words, ladder: Ladder, told: tuple[EarnRule, ...], rewards: tuple[Reward, ...]
) -> Entry:
    """One ladder; `told` and `rewards` are those that members are told of."""
    spans = (ladder.span, *(level.span for level in ladder.levels))
    blocks: list[Block] = [_table(words, ladder, told, rewards)]
    blocks += [Sentence(text, spans) for text in _rules(words, ladder)]
    return Entry(f"ladder {ladder.name}", titled(ladder.label), tuple(blocks))


def _table(
    words: Words, ladder: Ladder, told: tuple[EarnRule, ...], rewards: tuple[Reward, ...]
) -> TermsTable:
    rows, gives = [], []
    for level in ladder.levels:
        takes = "you are a member" if level.when is None else clause(words, level.when)
        given = "; ".join(_gives(words, ladder, level.index, told, rewards))
        gives.append(given)
        rows.append((titled(words.level(ladder.index, level.index)), takes, given))
    spans = tuple(level.span for level in ladder.levels)
    if not any(gives):
        return TermsTable(("Level", "You reach it if"), tuple(row[:2] for row in rows), spans)
    return TermsTable(("Level", "You reach it if", "It gives"), tuple(rows), spans)


def _rules(words: Words, ladder: Ladder) -> Iterator[str]:
    name = words.ladder(ladder.index)
    if len(ladder.levels) > 2:
        yield "Each level stands by itself, and you have the highest that you reach."
    if ladder.upgrade_before:
        yield "A level that an event lets you reach already counts for what you earn at that event."
    else:
        yield "A level that an event lets you reach counts from right after that event."
    match ladder.hold:
        case _ if ladder.lapse is Lapse.NEVER:
            yield "A level that you have reached is yours for good."
            return
        case HoldThrough(window, plus):
            end = f"through the end of the {window_name(window)} in which you reach it"
            more = f" and for {length_words(plus)} after that" if plus.count else ""
            yield f"You hold a level {end}{more}."
        case HoldFor(duration):
            yield f"You hold a level for {length_words(duration)} from the day on which you reach it."
        case _:
            assert_never(ladder.hold)
    match ladder.lapse:
        case Lapse.TO_EARNED:
            yield (
                f"When the time of a level ends, your {name} is the level that you have earned by then, "
                "as of the day before."
            )
        case Lapse.ONE_LEVEL:
            yield (
                "When the time of a level ends, you have the level that you have earned by then, as of "
                "the day "
                "before; but you fall by one level at most, and hold that one for as long again."
            )
    match ladder.review:
        case None:
            pass
        case Unit():
            yield (
                f"At the start of each {window_name(ladder.review)} we look again at what you have "
                "reached as of "
                "the day before; this never lowers your level."
            )
        case _:
            yield (
                f"On {day_of_year_words(ladder.review)} of each year we look again at what you have "
                "reached as of "
                "the day before; this never lowers your level."
            )


def _gives(
    words: Words, ladder: Ladder, level: int, told: tuple[EarnRule, ...], rewards: tuple[Reward, ...]
) -> Iterator[str]:
    """What depends on a level: rates that a table gives by it, and rules and rewards that ask for it."""
    for rule in told:
        title = titled(rule.label)
        if (
            isinstance(rule.amount, Choice)
            and (row := _of_level(rule.amount, ladder.index, level)) is not None
        ):
            if not isinstance(row, Nothing):
                of = about(words, rule.triggers[0].event)
                yield f"{title}: {rate(words, row, rule.currency, of)}"
        elif level and _asks(rule.when, ladder.index, level):
            yield title
    for reward in rewards:
        face = _face_of_level(reward, ladder.index, level)
        if face is not None:
            yield f"{titled(reward.label)}: {face_words(words, reward, face)}"
        elif level and _asks(reward.when, ladder.index, level):
            yield titled(reward.label)


def _of_level(amount: Choice, ladder: int, level: int) -> Amount | None:
    """The amount of a level by a table of this ladder alone; `None` of any other table."""
    for row in leaves(amount):
        holds = [_holds(test, ladder, level) for test in row.tests]
        if None in holds:
            return None
        if all(holds):
            return row.value
    return None


def _face_of_level(reward: Reward, ladder: int, level: int) -> Face | None:
    """What a reward gives at a level, where its cases ask for levels of this ladder alone."""
    if len(reward.cases) < 2:
        return None
    for case in reward.cases:
        held = True if case.when is None else _holds(case.when, ladder, level)
        if held is None:
            return None
        if held:
            return case.face
    return None


def _holds(test: Condition, ladder: int, level: int) -> bool | None:
    match test:
        case Compare(StatusOf(of), order, Literal(value)) if of == ladder:
            return {
                Order.EQUAL: level == value, Order.LESS: level < value, Order.AT_MOST: level <= value,
                Order.MORE: level > value, Order.AT_LEAST: level >= value,
            }[order]  # fmt: skip
        case OneAmong(StatusOf(of), values) if of == ladder:
            return level in values
        case Not(inner):
            held = _holds(inner, ladder, level)
            return None if held is None else not held
        case _:
            return None


def _asks(condition: Condition | None, ladder: int, level: int) -> bool:
    """Whether a condition asks for a level, and this one will do."""
    if condition is None:
        return False
    parts = condition.conditions if isinstance(condition, All) else (condition,)
    return any(_holds(part, ladder, level) for part in parts)
