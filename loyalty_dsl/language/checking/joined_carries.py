"""What counters carry across a change of version (VERSION-11).

Invariant: what a window carries that ends with the midnight of the change, or before, is said by the old
version; what a later one carries by the new version.
"""

# ruff: noqa: PLR0917 - two versions, the clauses between them, and where to report

from collections.abc import Sequence

import attrs

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.joined_numbers import JoinedNumbers
from loyalty_dsl.language.checking.transitions import Transition
from loyalty_dsl.language.checking.turning import Turn, both
from loyalty_dsl.language.conditions import EventDay
from loyalty_dsl.language.counters import Carry, CarryCase, Counter
from loyalty_dsl.language.syntax import versions as written


def join_carries(
    parts: Sequence[Counter],
    numbers: JoinedNumbers,
    transition: Transition,
    turn: Turn,
    replaces: written.ReplacesClause,
    findings: Findings,
) -> tuple[Counter, ...]:
    """The counters of both versions, each with what it carries in the time of either."""
    joined = numbers.joined["counters"]
    twins = {joined.of_new[second]: joined.of_old[first] for first, second in numbers.twins("counters")}
    exceeds = any(case.less for each in numbers.new.counters if each.carry for case in each.carry.cases)
    if transition.phases and exceeds:
        findings.report(
            "L190", transition.phases[0].span,
            "a level that is phased in, beside a counter that carries what exceeds it, is not supported yet",
            help="let the level ask for its new number at once",
        )  # fmt: skip
    counters = []
    for index, (first, second) in enumerate(joined.rows):
        counter = parts[index]
        if first >= 0 and second >= 0:
            if counter.carry is not None and counter.name in transition.ends:
                findings.report(
                    "L253", counter.span,
                    f"`{counter.name}` carries here as in the replaced version, so what it carried goes on",
                    secondary=[(replaces.span, "from this day")],
                    help=f"write `keep {counter.name}`, or let it carry otherwise here, or nothing",
                )  # fmt: skip
            counters.append(counter)
            continue
        old = parts[twins[index]] if index in twins else None
        cases: list[CarryCase] = []
        event = -1
        if first >= 0 and counter.carry is not None:
            event = counter.carry.event
            cases += _gated(counter.carry, turn, old=True)
        if second >= 0 and counter.carry is not None:
            event = counter.carry.event
            cases += _gated(counter.carry, turn, old=False)
        if second >= 0 and old is not None and old.carry is not None:
            _verify(counter, old, event, transition, replaces, findings)
            if counter.name in transition.kept:
                event = old.carry.event
                cases = [*_gated(old.carry, turn, old=True), *cases]
        counters.append(attrs.evolve(counter, carry=Carry(event, tuple(cases)) if cases else None))
    return tuple(counters)


def _gated(carry: Carry, turn: Turn, *, old: bool) -> list[CarryCase]:
    """The cases at midnights of one version: the first of the new one ends windows of the old one."""
    last = attrs.evolve(turn, day=turn.day + 1).test(old, EventDay())
    return [attrs.evolve(case, when=both(case.when, last)) for case in carry.cases]


def _verify(
    counter: Counter,
    old: Counter,
    event: int,
    transition: Transition,
    replaces: written.ReplacesClause,
    findings: Findings,
) -> None:
    assert old.carry is not None
    if event not in (-1, old.carry.event) and counter.name in transition.kept:
        findings.report(
            "L254", counter.span, f"`{counter.name}` carried from other windows in the replaced version",
            secondary=[(old.span, "as the replaced version has it")],
            help="count in the same window, or give the counter another name in this version",
        )  # fmt: skip
    if counter.name not in transition.said:
        findings.report(
            "L620", counter.span,
            f"`{counter.name}` changes here, and no transition says what becomes of what it carried",
            secondary=[(replaces.span, "from this day")],
            help=f"write `transition {{ keep {counter.name} }}`, or `end {counter.name}`",
        )  # fmt: skip
