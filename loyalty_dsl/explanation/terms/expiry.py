"""How long what members hold lasts, in words, each with a worked example.

Invariant: an example is what the evaluators do: its days are computed by the same functions.
"""

from collections.abc import Iterator
from typing import assert_never

from loyalty_dsl.calendar import NEVER, Unit, add_duration, date_of, day_of
from loyalty_dsl.evaluation.expiring import gone_on
from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.document import Entry, Sentence
from loyalty_dsl.explanation.terms.words import (
    Words,
    date_words,
    day_of_year_words,
    event_noun,
    length_words,
    listed,
    quoted,
    titled,
    window_name,
)
from loyalty_dsl.language.expiry import (
    Activity,
    AfterActivity,
    AfterEarning,
    AfterFirst,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
)
from loyalty_dsl.language.program import Currency, Program, SpendOrder
from loyalty_dsl.language.windows import Period


def currency_entry(words: Words, currency: Currency) -> Entry:
    """When one currency is usable and when it is gone."""
    spans = (currency.span,)
    spent = _is_spent(words.program, currency)
    texts = [*_pending(words, currency), *_expiry(words, currency), *_moved(words, currency)]
    if currency.notice:
        texts.append(f"We tell you {currency.notice} days before any of it is gone.")
    if currency.expiry != Never() and spent:
        first = "would be gone soonest" if currency.spend is SpendOrder.SOONEST_TO_EXPIRE else "is oldest"
        texts.append(f"When you use {words.label(currency.index)}, what {first} is used first.")
    return Entry(f"currency {currency.name}", currency.label, tuple(Sentence(text, spans) for text in texts))


def _is_spent(program: Program, currency: Currency) -> bool:
    """Whether members can use it; of a program in which nothing can be used yet, nobody knows."""
    spent = {reward.currency for reward in program.rewards} - {-1}
    return not spent or currency.index in spent


def _pending(words: Words, currency: Currency) -> Iterator[str]:
    if currency.pending.count:
        later = length_words(currency.pending)
        yield f"What you earn in {words.label(currency.index)} becomes available {later} after you earn it."


def _moved(words: Words, currency: Currency) -> Iterator[str]:
    """What puts off the day on which it is gone, or starts its time again."""
    if currency.postpone is not None:
        when = currency.postpone.when
        only = "" if when is None else f" if, on that day, {clause(words, when)}"
        longer = length_words(currency.postpone.duration)
        yield f"What would be gone on a day lasts {longer} longer{only}."
    if currency.restart is not None:
        ladder, level = currency.restart.ladder, currency.restart.level
        yield (
            f"When your {words.ladder(ladder)} falls below {words.level(ladder, level)}, the time of all "
            f"{words.label(currency.index)} that you hold starts again on that day, as if earned then."
        )


def _expiry(words: Words, currency: Currency) -> Iterator[str]:
    expiry, earned = currency.expiry, _example_day(words)
    subject, many = words.held(currency.index)
    label = words.label(currency.index)
    stays = "It stays as long as"
    match expiry:
        case Never():
            yield f"{subject} {'do' if many else 'does'} not expire."
        case AfterEarning() | LatestOf():
            yield lot_sentence(subject, expiry, many)
            yield _example(expiry, earned, spent=_is_spent(words.program, currency))
        case AfterActivity(duration, activity, unless):
            what = activity_words(words, activity)
            yield f"All that you hold in {label} is gone {length_words(duration)} after {what}."
            if unless is not None:
                yield f"{stays} {clause(words, unless)}."
            last = date_words(add_duration(earned, duration) - 1)
            yield f"For example, if {what} was on {date_words(earned)}, you can use it through {last}."
        case AfterFirst(duration, unless):
            yield (
                f"All that you hold in {label} is gone {length_words(duration)} after the day on which "
                "you earned "
                "the oldest of it."
            )
            if unless is not None:
                yield f"{stays} {clause(words, unless)}."
            last = date_words(add_duration(earned, duration) - 1)
            yield (
                f"For example, if you earned the oldest on {date_words(earned)}, you can use all of it "
                "through "
                f"{last}."
            )
        case FirstThatHolds(cases, otherwise):
            yield (
                f"How long {label} can be used depends on how you stand; the first of these that "
                "applies counts."
            )
            for case in cases:
                yield lot_sentence(f"If {clause(words, case.when)}, what you hold", case.term, False)
            yield lot_sentence("In any other case, what you hold", otherwise, False)
            if isinstance(otherwise, AfterEarning | LatestOf):
                yield _example(otherwise, earned, "In that case, for example,")
            yield "This is asked when you earn it, and again on the day on which it would be gone."
        case _:
            assert_never(expiry)


def _example_day(words: Words) -> int:
    """A day of the middle of March, the first that is a year or more into the program."""
    year = date_of(words.program.starts).year + 1
    return day_of(date_of(words.program.starts).replace(year=year, month=3, day=15))


def _example(term: LotTerm, earned: int, opening: str = "For example,", *, spent: bool = True) -> str:
    gone = gone_on(term, earned)
    if gone == NEVER:
        return f"{opening} what you earn on {date_words(earned)} is never gone."
    lasts = "can be used" if spent else "counts"
    return f"{opening} what you earn on {date_words(earned)} {lasts} through {date_words(gone - 1)}."


def lot_sentence(what: str, term: LotTerm, many: bool) -> str:
    """How long something that was earned lasts.

    Args:
        what: the subject; many: whether it is in the plural.
    """
    last, them = ("last", "them") if many else ("lasts", "it")
    match term:
        case Never():
            return f"{what} {'do' if many else 'does'} not expire."
        case AfterEarning():
            return f"{what} {last} {_until(term, them)}."
        case LatestOf(terms):
            untils = listed([_until(each, them) for each in terms], "or")
            return f"{what} {last} {untils}, whichever is later."
        case _:
            assert_never(term)


def _until(term: AfterEarning, them: str) -> str:
    later = f"the day that is {length_words(term.duration)} after you earn {them}"
    if term.at_next is not None:
        day = day_of_year_words(term.at_next)
        if not term.duration.count:
            return f"through the next {day.removeprefix('the ')} on or after the day on which you earn {them}"
        return f"through the first {day.removeprefix('the ')} on or after {later}"
    if term.end_of is not None:
        window = f"the {_window(term.end_of)}"
        if not term.duration.count:
            return f"through the end of {window} in which you earn {them}"
        return f"through the end of {window} that holds {later}"
    return f"for {length_words(term.duration)} from the day on which you earn {them}"


def _window(window: Unit | Period) -> str:
    return window_name(window)


def activity_words(words: Words, activity: Activity) -> str:
    """`your last purchase or redemption`."""
    names = [event_noun(words.program.events[event]) for event in activity.events]
    if activity.earning:
        names.append("earning")
    if activity.redemption:
        names.append("redemption")
    names += [f"use of {quoted(titled(words.program.rewards[each].label))}" for each in activity.rewards]
    return f"your last {listed(names, 'or')}"
