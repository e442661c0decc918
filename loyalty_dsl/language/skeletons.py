"""A population to begin with, for a program that has none: a line for everything that a forecast has to know.

Invariant: it checks under its program as it stands. Its figures are made up and are there to be replaced.
"""

from collections.abc import Iterable

from loyalty_dsl.language.counters import EarnedMeasure, ItemsMeasure, PastMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import MINOR_DIGITS, spell_money


def population_skeleton(program: Program) -> str:
    """The text of a population under a program, in one segment."""
    declared = [kind for kind in program.events if not _by_friend(program, kind)]
    used = _used(program)
    lines = []
    if PURCHASE in used:
        lines += ["purchases  2 per month", f"basket     median {_money(program, 30)} sigma 0.7"]
        lines += [_line(program, field) for field in (*declared[PURCHASE].fields, *program.item_fields)]
    lines.append("leave      2% per month")
    lines += [_line(program, field, of_member=True) for field in program.member_fields]
    for kind in declared:
        if kind.index in used and kind.index not in (PURCHASE, JOIN):
            lines += _event(program, kind)
    if program.returns is not None:
        lines.append("returns    5% of purchases within 30 days")
    if program.friend_kinds:
        lines.append("refer      1% of purchases")
    lines += [
        f"exchange   {reward.name} 2%" for reward in program.rewards if reward.taking is Taking.EXCHANGED
    ]
    lines += _choices(program)
    if any(reward.taking is Taking.CHOSEN for reward in program.rewards):
        lines.append("redeem     50% when a reward is affordable")
    body = "\n".join(f"        {line}" for line in lines)
    return (
        f"population customers for {program.name} {{\n    start  10,000 members\n"
        f"    join   200 members per month\n    segment everyone 100% {{\n{body}\n    }}\n}}"
    )


def _choices(program: Program) -> Iterable[str]:
    """Of each menu, the first option for half of the choices."""
    options = [reward for reward in program.rewards if reward.taking is Taking.PICKED]
    for currency in program.currencies:
        first = next((each for each in options if each.currency == currency.index), None)
        if first is not None:
            yield f"choose     {currency.name} {{ {first.name.removeprefix(f'{currency.name}_')} 50% }}"


def _by_friend(program: Program, kind: EventKind) -> bool:
    return any(friend.event == kind.index for friend in program.friend_kinds)


def _used(program: Program) -> set[int]:
    """The kinds of event that anything of the program is about."""
    triggers = [rule.triggers for rule in program.earns] + [reward.triggers for reward in program.rewards]
    used = {trigger.event for those in triggers for trigger in those}
    for counter in program.counters:
        if isinstance(counter.measure, ItemsMeasure):
            used.add(PURCHASE)
        elif not isinstance(counter.measure, EarnedMeasure | PastMeasure):
            used.add(counter.measure.event)
    at_checkout = any(reward.taking in (Taking.CHOSEN, Taking.AT_CHECKOUT) for reward in program.rewards)
    return used | {PURCHASE} if at_checkout or program.friend_kinds else used


def _event(program: Program, kind: EventKind) -> Iterable[str]:
    yield f"event {kind.name} 1 per month {{"
    yield f"    basket     median {_money(program, 100)} sigma 0.7"
    yield from (f"    {_line(program, field)}" for field in kind.fields)
    yield "}"


def _line(program: Program, field: Field, *, of_member: bool = False) -> str:
    """How the values of a field come about."""
    name = f"{field.name:<10}"
    match field.kind:
        case Kind.YES_NO:
            return f"{name} 20%"
        case Kind.ONE_OF:
            share, over = divmod(100, len(field.values))
            shares = [share + (place < over) for place in range(len(field.values))]
            told = ", ".join(f"{value} {each}%" for value, each in zip(field.values, shares, strict=True))
            return f"{name} {told}"
        case Kind.MONEY:
            return f"{name} median {_money(program, 30)} sigma 0.7"
        case Kind.DATE:
            return f"{name} any day" if of_member else f"{name} 7 days before"
        case Kind.TIME:
            return f"{name} 09:00 40%, 13:00 30%, 18:00 30%"
        case Kind.NUMBER | Kind.UNITS | Kind.LEVEL:
            return f"{name} median 2 sigma 0.5"


def _money(program: Program, whole: int) -> str:
    """Whole money as a rule file writes it."""
    return spell_money(whole * 10 ** MINOR_DIGITS[program.money], program.money).partition(".")[0]
