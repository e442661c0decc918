"""What an event, or the work of a midnight, is called in a trace.

Invariant: an event that is only known by its row is called as a scenario would write it.
"""

from typing import assert_never

from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event
from loyalty_dsl.evaluation.members import Rank
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, PURCHASE, Kind
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.values import value_in_words


def work_in_words(program: Program, rank: Rank, declaration: int) -> str:
    """What falls due at a midnight."""
    match rank:
        case Rank.MATURE:
            return f"pending {program.currencies[declaration].name} become available"
        case Rank.ISSUE:
            return "rewards are issued of what became available"
        case Rank.EXPIRE:
            return f"{program.currencies[declaration].name} expire"
        case Rank.INACTIVE:
            return f"all {program.currencies[declaration].name} expire together"
        case Rank.TERM:
            return f"a term of {program.ladders[declaration].name} ends"
        case Rank.REVIEW:
            return f"{program.ladders[declaration].name} is reviewed"
        case Rank.CLOCK:
            return program.clocks[declaration].name
        case _:
            assert_never(rank)


def event_in_words(program: Program, event: Event) -> str:
    """An event that is only known by its row."""
    if event.kind == RETURN:
        return f"return {format_money(event.basket, program.money)} of {event.original}"
    if event.kind == REDEEM or not 0 <= event.kind < len(program.events):
        words = "redeem"
    else:
        kind = program.events[event.kind]
        paid = kind.has_amount and (event.basket or event.kind == PURCHASE)
        words = f"{kind.name} {format_money(event.basket, program.money)}" if paid else kind.name
        if event.items:
            words += f" of {counted(len(event.items), 'item')}"
        said = [
            f"{field.name} {value_in_words(program, field, value)}"
            for field, value in zip(kind.fields, event.fields, strict=False)
            if not (field.kind is Kind.DATE and value == NO_DATE)
        ]
        words += f" with {', '.join(said)}" if said else ""
    if event.redeem is not None:
        index, times = event.redeem
        name = program.rewards[index].name
        words += f"{'' if words == 'redeem' else ' redeeming'} {f'{times:,} ' if times > 1 else ''}{name}"
    return words
