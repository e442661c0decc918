"""What of a ledger's states a version of the program has no name for, said or refused before anybody lives.

Invariant: nothing is dropped in silence, and nothing is read as something that it is not: a counter under the
same name that counts over another window, or in other units, is refused.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.language import opening as o
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.state_names import counted_by, counter_names, limit_names
from loyalty_dsl.language.types import Kind
from loyalty_dsl.refusals import InputRefused


def verify_opening(program: Program, opening: Opening) -> None:
    """Refuses states that a program would read as something else.

    Raises:
        InputRefused: a counter counts otherwise, a currency of whole units holds parts or of money is none,
            or the program has a limit for everyone of which the ledger does not know.
    """
    if any(ladder.bought for ladder in program.ladders):
        raise InputRefused(
            f"`{program.name}` has a membership, and a forecast that begins with a ledger is not supported "
            "yet where members pay for one",
            "leave out `--from`: let the population begin the members",
        )
    held = next((audience.name for audience in program.audiences if audience.holdout > 0), None)
    if held is not None:
        raise InputRefused(
            f"the audience `{held}` has a holdout, and a forecast that begins with a ledger is not supported "
            "yet where members are held out: it would hold out others than the ledger did",
            "leave out `--from`: let the population begin the members",
        )
    if limits_for_everyone(program) and opening.together is None:
        raise InputRefused(
            f"`{program.name}` has a limit `for everyone`, and the ledger does not say how much of it has "
            "been used: it was written before ledgers did",
            "replay the transactions again, or leave out the limit",
        )
    if opening.as_of + 1 < program.starts:
        raise InputRefused(
            f"the ledger ends on {format_day(opening.as_of)}, more than a day before `{program.name}` starts "
            f"on {format_day(program.starts)}",
            "let the version start by the day after the ledger's last day",
        )
    counters = dict(zip(counter_names(program), program.counters, strict=True))
    for name, detail in dict.fromkeys(_named(opening, o.COUNTER, o.PREVIOUS, o.COUNTED)):
        if name in counters and counted_by(counters[name]) != detail:
            raise InputRefused(
                f"`{name}` counts {counted_by(counters[name])} in this version of `{program.name}`, "
                f"and {detail} in the ledger",
                "give the counter another name, and it starts at 0; or replay the transactions again",
            )
    fields = {field.name: field for field in program.member_fields}
    for name, detail in dict.fromkeys(_named(opening, o.FIELD)):
        if name in fields and detail and fields[name].kind is not Kind.ONE_OF:
            raise InputRefused(f"the ledger's `{name}` is one of several choices, and now it is not")


def left_out_of(program: Program, opening: Opening) -> tuple[str, ...]:
    """What members had that a version has no name for, in sentences."""
    version = f"this version of `{program.name}`"
    sentences = []
    currencies = {currency.name for currency in program.currencies}
    for name in _missing(opening, currencies, o.LOT):
        sentences.append(f"Members' {name.replace('_', ' ')} are lost: {version} has none.")
    counters = set(counter_names(program))
    for name in _missing(opening, counters, o.COUNTER, o.PREVIOUS, o.COUNTED):
        sentences.append(f"What members have counted of {name} is lost: {version} does not count it.")
    levels = {(ladder.name, level.name) for ladder in program.ladders for level in ladder.levels}
    for ladder, level in dict.fromkeys(_named(opening, o.LEVEL)):
        if (ladder, level) not in levels:
            sentences.append(f"Who held {level} of {ladder} begins below it: {version} has no such level.")
    limits = set(limit_names(program))
    for name in _missing(opening, limits, o.LIMIT):
        sentences.append(f"What was used of a limit is forgotten ({name}): {version} has it otherwise.")
    together = {name for name, _, _ in opening.together or ()}
    for name in sorted(together - limits):
        sentences.append(f"What all used of a limit is forgotten ({name}): {version} has it otherwise.")
    known = {name for name, _ in _named(opening, o.COUNTER, o.COUNTED)}
    for name in counter_names(program):
        if name not in known and program.counters and opening.program == program.name:
            sentences.append(f"Counter {name} starts at 0 for everybody: the ledger has nothing of it.")
    return tuple(sentences)


def used_by_everyone(program: Program, opening: Opening) -> dict[tuple[int, int], int]:
    """What all members of the ledger counted against the program's limits for everyone, by index and day."""
    limits = {name: index for index, name in enumerate(limit_names(program))}
    return {(limits[name], day): units for name, day, units in opening.together or () if name in limits}


def _missing(opening: Opening, known: set[str], *what: str) -> list[str]:
    return [name for name in dict.fromkeys(name for name, _ in _named(opening, *what)) if name not in known]


def _named(opening: Opening, *what: str) -> Iterator[tuple[str, str]]:
    return (each for kind in what for each in opening.named.get(kind, ()))
