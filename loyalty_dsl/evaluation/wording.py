"""Amounts, limits and refusals in a designer's words: `1 point`, `$12.50 credit`, `4 times per calendar day`.

Invariant: each thing is worded here and once, whichever evaluator says it.
"""

from typing import assert_never

import attrs

from loyalty_dsl.calendar import Unit, format_day
from loyalty_dsl.evaluation.ledger import Obstacle, Refusal
from loyalty_dsl.language.conditions import Compare, EventField, Literal
from loyalty_dsl.language.currency_amounts import amount_of
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Currency, Limit, LimitOf, LimitWindow, Program, Reward
from loyalty_dsl.language.rewards import Taking, UnitsGiven
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership
from loyalty_dsl.quantities import format_money


def amount_in_words(program: Program, currency: Currency, units: int) -> str:
    """An amount of a currency with its name."""
    if currency.in_money:
        return f"{format_money(units, program.money)} {currency.name}"
    return amount_of(currency, units)


def limit_in_words(program: Program, limit: Limit, currency: Currency | None) -> str:
    """A limit as it is written in a rule.

    Args:
        currency: what the limit counts when it counts units; `None` for money off.
    """
    if limit.of is LimitOf.TIMES:
        most = f"{limit.most:,} time{'' if limit.most == 1 else 's'}"
    elif currency is None:
        most = f"{format_money(limit.most, program.money)} off"
    else:
        most = amount_in_words(program, currency, limit.most)
    for_everyone = " for everyone" if limit.everyone else ""
    return f"{most} per {_window_in_words(limit.window)}{value_of_limit(limit)}{for_everyone}"


def value_of_limit(limit: Limit) -> str:
    """Behind a limit, for which value of a field it counts: ` for store north` (LIMIT-11)."""
    match limit.only:
        case Compare(EventField(field), _, Literal(value)):
            name = field.values[value] if field.values else ("no", "yes")[value]
            return f" for {field.name} {name}"
        case _:
            return ""


def as_limited(reward: Reward, limit: Limit) -> Limit:
    """A limit as its rule says it: that of a transfer is in units, while steps are counted (EXCHANGE-3)."""
    if reward.exchange:
        return attrs.evolve(limit, of=LimitOf.UNITS, most=limit.most * reward.price)
    face = reward.cases[0].face
    if reward.taking is Taking.RECEIVED and isinstance(face, UnitsGiven):
        return attrs.evolve(limit, of=LimitOf.UNITS, most=limit.most * face.units)
    return limit


def _window_in_words(window: LimitWindow | None) -> str:
    match window:
        case None:
            return "event"
        case Unit():
            return f"calendar {window.value}"
        case Period(_, name):
            return name
        case YearOfMembership():
            return "year of membership"
        case Lifetime():
            return "lifetime"
        case _:
            assert_never(window)


def refuse(
    program: Program, event: str, day: int, obstacle: Obstacle | Gate, reward: Reward | None
) -> Refusal:
    """A refusal with its words.

    Args:
        event: the event's id.
        reward: the one refused; `None` when the event is.
    """
    name = "" if reward is None else reward.name
    if isinstance(obstacle, Gate):
        kind = Obstacle.GATE if obstacle.event is None else Obstacle.EVENT_GATE
        return Refusal(event, day, name, kind, obstacle.reason)
    return Refusal(event, day, name, obstacle, obstacle_in_words(program, obstacle, reward))


def obstacle_in_words(program: Program, obstacle: Obstacle, reward: Reward | None) -> str:
    """Why an event or a use of a reward was refused.

    Args:
        reward: the one refused; `None` for an event.
    """
    if reward is None:
        match obstacle:
            case Obstacle.BEFORE_START:
                return f"the program starts on {format_day(program.starts)}"
            case Obstacle.ALREADY_JOINED:
                return "the member has joined already"
            case Obstacle.NO_RETURNS:
                return "the program does not say what a return does"
            case Obstacle.UNKNOWN_ORIGINAL:
                return "it takes back an event that the member does not have"
            case Obstacle.WHICH_ITEMS:
                return "it does not say which items"
            case Obstacle.UNKNOWN_ITEM:
                return "an item of it is not among those that are left"
            case Obstacle.TOO_LATE:
                length = program.returns and program.returns.within
                within = "" if not length else f" than {length.count:,} {length.unit.value}s"
                return f"it comes back later{within} after its event"
            case Obstacle.TOO_MUCH:
                return "it takes back more than is left"
            case _:
                raise ValueError(f"{obstacle} is about a reward")
    receiver = program.rewards[reward.receiver] if reward.receiver >= 0 else None
    currency = program.currencies[reward.currency]
    match obstacle:
        case (
            Obstacle.BEFORE_START
            | Obstacle.ALREADY_JOINED
            | Obstacle.NO_RETURNS
            | Obstacle.UNKNOWN_ORIGINAL
            | Obstacle.TOO_MUCH
            | Obstacle.WHICH_ITEMS
            | Obstacle.UNKNOWN_ITEM
            | Obstacle.EVENT_GATE
            | Obstacle.TOO_LATE
        ):
            raise ValueError(f"{obstacle} is about an event")
        case Obstacle.ONESELF:
            return "nobody sends to oneself"
        case Obstacle.NO_MEMBER:
            return "the recipient is no member, or not yet"
        case Obstacle.NOT_TO_THEM:
            return "its `when` of the recipient does not hold"
        case Obstacle.THEIR_LIMIT if receiver is not None:
            given = program.currencies[receiver.currencies_given[0]]
            limits = " or ".join(
                limit_in_words(program, as_limited(receiver, limit), given) for limit in receiver.limits
            )
            return f"the recipient would pass the limit of {limits}"
        case Obstacle.THEIR_LIMIT:
            return "the recipient would pass a limit"
        case Obstacle.NOT_OFFERED:
            return "it is not offered to this member, or not at this event"
        case Obstacle.NOT_WHOLE_STEPS:
            step = amount_in_words(program, currency, reward.price)
            return f"what is asked for is no whole number of steps of {step}"
        case Obstacle.MINIMUM_EXCHANGE:
            least = amount_in_words(program, currency, reward.minimum_exchange)
            return f"it would exchange less than its minimum of {least}"
        case Obstacle.SHORT_BALANCE:
            if reward.exchange:
                return f"what is asked for is more {currency.name} than are available"
            if reward.as_much:
                return f"what is asked for takes more {currency.name} than are available"
            if any(case.price != reward.price for case in reward.cases):
                return "its price is more than is available"
            return f"it takes {amount_in_words(program, currency, reward.price)}, more than is available"
        case Obstacle.MINIMUM_BALANCE:
            least = amount_in_words(program, currency, reward.minimum_balance)
            return f"it needs a balance of {least}, more than is available"
        case Obstacle.NO_PURCHASE:
            kind = program.events[reward.at].name
            return f"it is about {'a purchase' if reward.at == PURCHASE else f'`{kind}`'}, and this is none"
        case Obstacle.MINIMUM_BASKET:
            return f"it needs a basket of {format_money(reward.minimum_basket, program.money)}"
        case Obstacle.GATE:
            raise ValueError("a gate says its reason itself")
        case Obstacle.DATES:
            return "its `dates` do not hold on this day"
        case Obstacle.WHEN:
            return "its `when` does not hold"
        case Obstacle.NOTHING_TO_PAY:
            return "nothing is left to pay"
        case Obstacle.LIMIT:
            known = (as_limited(reward, limit) for limit in reward.limits)
            of = currency if reward.exchange else None
            limits = " or ".join(limit_in_words(program, limit, of) for limit in known)
            return f"it would pass its limit of {limits}"
        case _:
            assert_never(obstacle)
