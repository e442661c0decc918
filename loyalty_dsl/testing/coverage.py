"""What of a program its scenarios touch: rules, levels, limits, rewards, rows of tables, and gates.

Invariants: something is touched only by what the reference evaluator did with it, never because a scenario
names it; each place of the text counts once, in whatever versions of a program it is in force.

Touched is a rule that paid, a level that was granted, a limit that cut (one that only counted is not: nobody
has seen it work), a reward or benefit that was used, a row that an amount was taken from, and a gate that
refused.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from fractions import Fraction

import attrs

from loyalty_dsl.evaluation.witness import (
    GateAsked,
    GroupAsked,
    LevelDecided,
    RecipientAsked,
    RewardAsked,
    RewardUsed,
    RulePaid,
    RuleWorth,
    TermRenewed,
    Told,
)
from loyalty_dsl.explanation.table_rows import rows_of, rows_used
from loyalty_dsl.language.amounts import Amount, Choice, Slices
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.clocks import Pays
from loyalty_dsl.language.gates import Gate, gates_of
from loyalty_dsl.language.program import EarnRule, Limit, Program, Reward
from loyalty_dsl.source import Span
from loyalty_dsl.testing.results import ScenarioResult
from loyalty_dsl.testing.watching import watch_scenario


class Kind(Enum):
    """What a part is; the value is the word for several."""

    RULE = "rules"
    LEVEL = "levels"
    LIMIT = "limits"
    REWARD = "rewards"
    ROW = "rows of tables"
    GATE = "gates"


Key = tuple[Kind, str, int, tuple[int, ...]]
"""A part by its kind, file and place; several rows may share a place and have numbers."""


@attrs.frozen
class Part:
    """Something that a scenario can touch.

    Attributes:
        owner: the label of the rule, reward, ladder or group that it is of; its own, of those.
        row: its place in a table, from the outermost, where it is a row; empty otherwise.
    """

    kind: Kind
    owner: str
    span: Span
    row: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        return (self.kind, self.span.source.name, self.span.start, self.row)


@attrs.frozen
class Coverage:
    """The parts of some programs, and which of them were touched.

    Attributes:
        parts: in the order of the files, those of a kind together.
        touched: the keys of those that were.
        counted: the keys of limits that counted something, whether or not they cut.
    """

    parts: tuple[Part, ...]
    touched: frozenset[Key]
    counted: frozenset[Key] = frozenset()

    @property
    def missed(self) -> tuple[Part, ...]:
        """The parts that no scenario touched."""
        return tuple(part for part in self.parts if part.key not in self.touched)

    @property
    def share(self) -> Fraction:
        """The part that was touched; 1 where there is nothing to touch."""
        return Fraction(len(self.parts) - len(self.missed), len(self.parts)) if self.parts else Fraction(1)

    def of_kind(self, kind: Kind) -> tuple[int, int]:
        """How many parts of a kind were touched, and how many there are."""
        parts = [part for part in self.parts if part.kind is kind]
        return sum(part.key in self.touched for part in parts), len(parts)


def run_covered(book: Book) -> tuple[tuple[ScenarioResult, ...], Coverage]:
    """Runs every scenario of a book on the reference, and tells what they touched together."""
    programs = {program.name: program for program in (*book.programs, *book.earlier)}
    results, touched, counted = [], set[Key](), set[Key]()
    for scenario in book.scenarios:
        program = programs[scenario.program]
        told: list[Told] = []
        results.append(watch_scenario(program, scenario, told.append))
        for each in told:
            touched.update(_touched(program, each))
            counted.update(_counted(each))
    parts = {part.key: part for program in programs.values() for part in parts_of(program)}
    ordered = sorted(parts.values(), key=lambda part: (part.span.source.name, part.span.start, part.row))
    return tuple(results), Coverage(tuple(ordered), frozenset(touched), frozenset(counted))


# ---- what there is


def parts_of(program: Program) -> Iterator[Part]:
    """Everything in a program that a scenario can touch."""
    for rule in program.earns:
        yield Part(Kind.RULE, rule.label, rule.span)
        yield from _limits(rule.label, rule.limits)
        yield from _rows(rule)
    for group in program.groups:
        yield from _limits(group.label, group.limits)
    for reward in program.rewards:
        yield Part(Kind.REWARD, reward.label, reward.span)
        yield from _limits(reward.label, reward.limits)
        yield from _cases(reward)
    for ladder in program.ladders:
        for level in ladder.levels[1:]:  # the first is everybody's
            yield Part(Kind.LEVEL, f"{level.label} of {ladder.label}", level.span)
    for gate in gates_of(program):
        yield Part(Kind.GATE, gate.reason, gate.span)


def _limits(owner: str, limits: Iterable[Limit]) -> Iterator[Part]:
    """The limits that somebody wrote; counting up to a goal and free trials are limits, too."""
    return (_limit(owner, limit) for limit in limits if limit.span.text.startswith("limit"))


def _limit(owner: str, limit: Limit) -> Part:
    return Part(Kind.LIMIT, owner, limit.span)


def _rows(rule: EarnRule) -> Iterator[Part]:
    """The rows that somebody wrote."""
    for row in rows_of(rule.amount):
        if row.span is not None or _of_slices(rule.amount, row.path):
            yield Part(Kind.ROW, rule.label, row.span or rule.span, row.path)


def _of_slices(amount: Amount, path: tuple[int, ...]) -> bool:
    """Whether a row is a slice, whose amount has no place of its own."""
    for number in path:
        match amount:
            case Choice(cases, otherwise):
                amount = cases[number].amount if number < len(cases) else otherwise
            case Slices():
                return True
            case _:
                return False
    return False


def _cases(reward: Reward) -> Iterator[Part]:
    if len(reward.cases) > 1:
        for number in range(len(reward.cases)):
            yield Part(Kind.ROW, reward.label, reward.span, (number,))


# ---- what was touched


def _touched(program: Program, told: Told) -> Iterator[Key]:
    match told:
        case RulePaid(rule, posted=posted, met=met):
            if posted:
                yield Part(Kind.RULE, "", program.earns[rule].span).key
            yield from (_limit("", one.limit).key for one in met if one.left < one.wanted)
        case GroupAsked(met=met):
            yield from (_limit("", one.limit).key for one in met if one.left < one.wanted)
        case RuleWorth(rule, facts, seen):
            used = {row.path for row in rows_used(program.earns[rule].amount, seen, facts)}
            yield from (part.key for part in _rows(program.earns[rule]) if part.row in used)
        case RewardAsked(reward, plan=plan):
            if plan.limit is not None:
                yield _limit("", plan.limit).key
            if isinstance(plan.stopped_by, Gate):
                yield Part(Kind.GATE, "", plan.stopped_by.span).key
            cases = list(_cases(program.rewards[reward]))
            if plan.times and cases:
                yield next(
                    part.key
                    for part, case in zip(cases, program.rewards[reward].cases, strict=True)
                    if case is plan.case
                )
        case RecipientAsked(plan=plan):
            if plan.limit is not None:
                yield _limit("", plan.limit).key
        case RewardUsed(use):
            yield Part(Kind.REWARD, "", program.rewards[use.reward].span).key
        case LevelDecided(ladder=ladder, granted=granted):
            levels = program.ladders[ladder].levels
            yield from (Part(Kind.LEVEL, "", levels[level].span).key for level, _ in granted)
        case TermRenewed(clock, level, through=through):
            pays = program.clocks[clock].at
            if through is not None and isinstance(pays, Pays):
                yield Part(Kind.LEVEL, "", program.ladders[pays.ladder].levels[level].span).key
        case GateAsked(gate, _, shut):
            if shut:
                yield Part(Kind.GATE, "", gate.span).key
        case _:
            return


def _counted(told: Told) -> Iterator[Key]:
    """The limits that count what was paid or used."""
    if isinstance(told, RulePaid | RewardUsed):
        yield from (_limit("", limit).key for limit in told.counted)
