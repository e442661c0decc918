"""What else happened in an episode: levels, counters, lots that expired or moved, terms, clocks, returns.

Invariant: every record that is no rule, no reward and no gate has words here; `match` holds that none is
missing. What changed nothing is quiet: it is only told where all is asked for.
"""

from collections.abc import Iterator
from typing import assert_never

import attrs

from loyalty_dsl.calendar import NEVER, add_duration, format_day, last_usable
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.witness import (
    BalanceActive,
    BalanceKept,
    ClockBegan,
    ClockSet,
    CounterMoved,
    Decision,
    Ended,
    EventBegan,
    GateAsked,
    GroupAsked,
    Joined,
    LevelDecided,
    LotMatured,
    LotMoved,
    MembershipEnds,
    MidnightBegan,
    Posted,
    RecipientAsked,
    RewardAsked,
    RewardPassed,
    RewardUsed,
    RuleAsked,
    RulePaid,
    RuleReturned,
    RuleSilent,
    RuleWorth,
    TermRenewed,
    Told,
)
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.explanation.considered import own, returned_told
from loyalty_dsl.explanation.episodes import Episode
from loyalty_dsl.explanation.verdicts import judge
from loyalty_dsl.language.clocks import Pays
from loyalty_dsl.language.expiry import AfterActivity
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.amount_wording import share_in_words
from loyalty_dsl.report.condition_wording import counter_name, held_in_words, why_not
from loyalty_dsl.report.trace_lots import Lots
from loyalty_dsl.report.values import measured_in_words


@attrs.frozen
class Effect:
    """A line, and whether it is only told where all is asked for."""

    words: str
    quiet: bool = False


def effects_of(program: Program, lots: Lots, slot: int, episode: Episode) -> list[Effect]:
    """What else happened in an episode itself, in order, the counters last.

    Args:
        slot: whose it is.
    """
    effects = [each for step in own(episode) for each in _effect(program, lots, slot, step)]
    return [*dict.fromkeys(effects), *_returned(program, lots, episode), *_counters(program, episode)]


def _effect(program: Program, lots: Lots, slot: int, step: Told) -> Iterator[Effect]:
    match step:
        case Joined():
            yield Effect("joins")
        case Posted(posting=posting, lot=lot) if posting.kind is PostingKind.EXPIRED:
            units = amount_in_words(program, program.currencies[posting.currency], posting.units)
            of = lots.name(slot, lot) if lot >= 0 else "the whole balance"
            yield Effect(f"{units} expired, {of or 'of an earlier lot'}")
        case LotMatured(currency, lot, units):
            amount = amount_in_words(program, program.currencies[currency], units)
            yield Effect(f"{amount} became available, of {lots.name(slot, lot) or 'an earlier lot'}")
        case LotMoved(currency, lot, units, _, after):
            amount = amount_in_words(program, program.currencies[currency], units)
            last = (
                "never expires now" if after == NEVER else f"last usable {format_day(last_usable(after))} now"
            )
            yield Effect(f"{amount} of {lots.name(slot, lot) or 'an earlier lot'}: {last}")
        case BalanceKept(currency):
            name = program.currencies[currency].name
            yield Effect(f"all {name} would expire, and are kept while their exemption holds")
        case BalanceActive(currency, day):
            expiry = program.currencies[currency].expiry
            if isinstance(expiry, AfterActivity):
                until = format_day(last_usable(add_duration(day, expiry.duration)))
                yield Effect(f"all {program.currencies[currency].name} through {until}", quiet=True)
        case LevelDecided():
            yield from _level(program, step)
        case TermRenewed(clock, level, facts, through):
            ladder, plan = _plan(program, clock, level)
            if through is None:
                pays = program.clocks[clock].at
                when = pays.when_of(pays.plan_of(level)) if isinstance(pays, Pays) else None
                why = "" if when is None else f": {why_not(program, when, facts)}"
                yield Effect(f"{ladder} {plan} is not renewed{why}")
            else:
                yield Effect(f"{ladder} {plan} is renewed through {format_day(through)}")
        case ClockSet(clock, day):
            yield Effect(f"`{program.clocks[clock].name}` is set for {format_day(day)}", quiet=True)
        case MembershipEnds(clock, back):
            ladder, _ = _plan(program, clock, 0)
            paid = f"; {format_money(back, program.money)} is given back" if back else ""
            yield Effect(f"{ladder} will not be renewed{paid}")
        case (
            Posted()
            | CounterMoved()
            | GateAsked()
            | RuleAsked()
            | RuleWorth()
            | GroupAsked()
            | RulePaid()
            | RuleSilent()
            | RewardPassed()
            | RewardAsked()
            | RecipientAsked()
            | RewardUsed()
            | RuleReturned()
            | EventBegan()
            | MidnightBegan()
            | ClockBegan()
            | Ended()
        ):
            return  # told with its rule, reward or counter
        case _:
            assert_never(step)


def _plan(program: Program, clock: int, level: int) -> tuple[str, str]:
    """The names of a membership and of a level of it."""
    pays = program.clocks[clock].at
    assert isinstance(pays, Pays)
    ladder = program.ladders[pays.ladder]
    return ladder.name, ladder.levels[level].name


def _level(program: Program, decided: LevelDecided) -> Iterator[Effect]:
    ladder = program.ladders[decided.ladder]
    names = [level.name for level in ladder.levels]
    through = dict(decided.granted).get(decided.after)
    until = "" if through is None or through == NEVER else f" through {format_day(through)}"
    when = None if ladder.bought else ladder.levels[decided.after].when
    if decided.after > decided.before:
        why = ""
        if when is not None and decided.decision is not Decision.GRANTED:
            why = f": {held_in_words(program, judge(when, decided.facts))}"
        yield Effect(f"{ladder.name} {names[decided.before]} -> {names[decided.after]}{until}{why}")
    elif decided.after < decided.before:
        lost = None if ladder.bought else ladder.levels[decided.before].when
        why = ""
        if lost is not None and not judge(lost, decided.facts).holds:
            why = f": {names[decided.before]} {why_not(program, lost, decided.facts)}"
        yield Effect(
            f"{ladder.name} {names[decided.before]} -> {names[decided.after]}{until} "
            f"{decided.decision.value}{why}"
        )
    elif decided.granted and until:
        yield Effect(f"{ladder.name} {names[decided.after]}{until}")
    elif decided.granted:
        level, last = max(decided.granted)
        lasting = "" if last == NEVER else f" through {format_day(last)}"
        yield Effect(f"{ladder.name} is granted {names[level]}{lasting}", quiet=True)


def _returned(program: Program, lots: Lots, episode: Episode) -> Iterator[Effect]:
    for returned, taken in returned_told(episode):
        rule = program.earns[returned.rule]
        currency = program.currencies[rule.currency]
        posted, kept, units, missing = (
            amount_in_words(program, currency, amount)
            for amount in (returned.posted, returned.kept, returned.units, returned.missing)
        )
        left = share_in_words(returned.part)
        words = f"takes back {units} of {rule.name}: it had posted {posted}"
        words += f", {left} of what it saw is left, which keeps {kept}" if returned.kept else ""
        names = dict.fromkeys(lots.name(each.slot, each.lot) for each in taken if each.lot >= 0)
        words += f"; of {', '.join(filter(None, names))}" if any(names) else ""
        if returned.missing:
            negative = program.returns is not None and program.returns.negative
            words += f"; {missing} of it {'are owed' if negative else 'were not there any more'}"
        yield Effect(words, quiet=not returned.units)


def _counters(program: Program, episode: Episode) -> Iterator[Effect]:
    """How counters moved, each once."""
    moved: dict[tuple[int, int], int] = {}
    for step in own(episode):
        if isinstance(step, CounterMoved):
            key = step.counter, step.day
            moved[key] = moved.get(key, 0) + step.units
    for (index, day), units in moved.items():
        counter = program.counters[index]
        if not units:
            continue

        def value(amount: int, index: int = index) -> str:
            its = program.counters[index]
            return measured_in_words(program, its.kind, its.currency, amount)

        sign = "+" if units > 0 else "-"
        words = f"{counter_name(counter)} {sign}{value(abs(units))}"
        if episode.facts is not None:
            on = "" if day == episode.facts.day else f" on {format_day(day)}"
            words += f"{on}, now {value(episode.facts.counters[index])}"
        yield Effect(words, quiet=counter.hidden)
