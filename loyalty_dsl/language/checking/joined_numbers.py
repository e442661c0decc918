"""The numbers that the parts of two versions of a program have in both together (VERSION-2, VERSION-7).

Invariant: when they are made, every part that is shared says the same under the numbers of either version.
"""

from typing import Any

import attrs

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.joined_fields import JoinedEvents, JoinedFields, join_events
from loyalty_dsl.language.checking.joined_parts import (
    Joined,
    by_name,
    count_alike,
    join,
    keys_of,
    levels_of_both,
    shareable,
)
from loyalty_dsl.language.checking.transitions import Transition
from loyalty_dsl.language.clocks import Clock
from loyalty_dsl.language.counters import Counter, EarnedMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.renumbering import Renumbering, said

KINDS = ("counters", "totals", "earns", "groups", "rewards")


class JoinedNumbers:
    """The numbers of both versions, found step by step.

    Attributes:
        joined: the parts of both, by kind; `currencies` and `ladders` apart, and `levels` by ladder.
        of_old, of_new: the numbers of each version's parts in both together.
        limit_count: how many limits both have together.
    """

    def __init__(
        self, old: Program, new: Program, day: int, transition: Transition, findings: Findings
    ) -> None:
        self.old, self.new, self.day, self.findings = old, new, day, findings
        self.fields = JoinedFields(findings)
        self.member_fields = self.fields.join(old.member_fields, new.member_fields)
        self.item_fields = self.fields.join(old.item_fields, new.item_fields)
        self.events: JoinedEvents = join_events(old, new, day, self.fields)
        exchanged = {name for name, each in transition.exchanges.items() if each.new == name}
        self.currencies = by_name(old.currencies, new.currencies, apart=exchanged)
        self.ladders = by_name(old.ladders, new.ladders)
        self.levels = {
            row: levels_of_both(old.ladders[first].levels, new.ladders[second].levels)
            for row, (first, second) in enumerate(self.ladders.rows)
            if first >= 0 and second >= 0
        }
        self.joined: dict[str, Joined] = {}
        self._share()
        self.limit_count = 0
        self._number_limits()

    def _share(self) -> None:
        """Finds the parts that both versions share: all of a name at first, then those that say the same."""
        olds = {kind: keys_of(getattr(self.old, kind)) for kind in KINDS}
        news = {kind: keys_of(getattr(self.new, kind)) for kind in KINDS}
        shared = {kind: shareable(olds[kind], news[kind]) for kind in KINDS}
        ordered = [
            [keys[index] for index in program.order]
            for program, keys in ((self.old, olds["earns"]), (self.new, news["earns"]))
        ]
        shared["earns"] &= shareable(*ordered)
        apart: set[str] = set()
        while True:
            self.joined = {kind: join(olds[kind], news[kind], shared[kind]) for kind in KINDS}
            self.of_old = self._renumbering(self.old, True, {})
            self.of_new = self._renumbering(self.new, False, {})
            unlike = {
                kind: frozenset(
                    olds[kind][first]
                    for first, second in self.joined[kind].rows
                    if first >= 0 and second >= 0
                    if said(self.part_of(kind, first, True)) != said(self.part_of(kind, second, False))
                )
                for kind in KINDS
            }
            other_clocks = self._unlike_clocks()
            if not any(unlike.values()) and not other_clocks:
                return
            if other_clocks:
                apart |= other_clocks
                self.events = join_events(self.old, self.new, self.day, self.fields, apart)
            shared = {kind: shared[kind] - unlike[kind] for kind in KINDS}

    def _unlike_clocks(self) -> set[str]:
        """The names of clocks of both versions that strike at other times."""
        theirs = {self.events.clocks_of_new[clock.index]: clock for clock in self.new.clocks}
        unlike = set()
        for clock in self.old.clocks:
            twin = theirs.get(self.events.clocks_of_old[clock.index])
            if twin is not None and self.of_old.of(clock.at) != self.of_new.of(twin.at):
                unlike.add(clock.name)
        return unlike

    def clocks(self) -> tuple[Clock, ...]:
        """All clocks, the change first."""
        clocks = {0: self.events.clocks[0]}
        for program, numbers in ((self.old, self.of_old), (self.new, self.of_new)):
            for clock in program.clocks:
                known = numbers.of(clock)
                clocks[known.index] = known
        return tuple(clocks[index] for index in sorted(clocks))

    def _renumbering(self, program: Program, is_old: bool, limits: dict[int, int]) -> Renumbering:
        def numbers(joined: Joined) -> dict[int, int]:
            return joined.of_old if is_old else joined.of_new

        ladders = numbers(self.ladders)
        levels = {}
        for index, ladder in enumerate(program.ladders):
            joined = self.levels.get(ladders[index])
            levels[index] = (
                {level.index: level.index for level in ladder.levels} if joined is None else numbers(joined)
            )
        events = self.events
        return Renumbering(
            events=events.of_old if is_old else events.of_new,
            currencies=numbers(self.currencies),
            counters=numbers(self.joined["counters"]),
            ladders=ladders,
            earns=numbers(self.joined["earns"]),
            rewards=numbers(self.joined["rewards"]),
            groups=numbers(self.joined["groups"]),
            clocks=events.clocks_of_old if is_old else events.clocks_of_new,
            limits=limits or {index: index for index in range(program.limit_count)},
            fields=self.fields.fields,
            levels=levels,
        )

    def twins(self, kind: str) -> list[tuple[int, int]]:
        """Parts of one name in both versions, shared or not: their numbers in each."""
        theirs = {key: index for index, key in enumerate(keys_of(getattr(self.new, kind)))}
        keys = keys_of(getattr(self.old, kind))
        return [(index, theirs[key]) for index, key in enumerate(keys) if key in theirs]

    def _number_limits(self) -> None:
        """Limits of one name are used up together, whichever version counts (VERSION-7)."""
        of_old: dict[int, int] = {}
        of_new: dict[int, int] = {}
        for kind in ("earns", "groups", "rewards"):
            for first, second in self.twins(kind):
                left = list(getattr(self.old, kind)[first].limits)
                for limit in getattr(self.new, kind)[second].limits:
                    same = next(
                        (
                            one
                            for one in left
                            if count_alike(one, limit)
                            and said(self.of_old.of(one.only)) == said(self.of_new.of(limit.only))
                        ),
                        None,
                    )
                    if same is None:
                        continue
                    left.remove(same)
                    if limit.everyone and same.most != limit.most:
                        self.findings.report(
                            "L254", limit.span, "a limit for everyone cannot change from version to version",
                            secondary=[(same.span, "as the replaced version has it")],
                            help="write it as it was, or give its rule another name in this version",
                        )  # fmt: skip
                    of_old[same.index] = of_new[limit.index] = self.limit_count
                    self.limit_count += 1
        for program, numbers in ((self.old, of_old), (self.new, of_new)):
            for index in range(program.limit_count):
                if index not in numbers:
                    numbers[index] = self.limit_count
                    self.limit_count += 1
        self.of_old = self._renumbering(self.old, True, of_old)
        self.of_new = self._renumbering(self.new, False, of_new)

    def part_of(self, kind: str, index: int, is_old: bool) -> Any:
        """A part of one version under the numbers of both."""
        program, numbers = (self.old, self.of_old) if is_old else (self.new, self.of_new)
        part = numbers.of(getattr(program, kind)[index])
        if isinstance(part, Counter) and isinstance(part.measure, EarnedMeasure):
            return attrs.evolve(part, measure=self._earned_in_both(part.measure, program, numbers))
        return part

    def _earned_in_both(
        self, measure: EarnedMeasure, program: Program, numbers: Renumbering
    ) -> EarnedMeasure:
        """A counter of what rules or options give counts those of a name in both versions (VERSION-4)."""
        earns = self.joined["earns"]
        pairs = [(earns.of_old[first], earns.of_new[second]) for first, second in self.twins("earns")]
        gives = {
            of.earns[rule.index]: of.currencies[rule.currency]
            for its, of in ((self.old, self.of_old), (self.new, self.of_new))
            for rule in its.earns
        }
        same = {rule for rule, currency in gives.items() if currency == measure.currency}
        rules = set(measure.rules)
        for pair in pairs:
            if rules.intersection(pair):
                rules |= same.intersection(pair)
        if {numbers.earns[rule.index] for rule in program.earns} & same <= rules:
            rules |= same
        offered, options = self.joined["rewards"], set(measure.rewards)
        for first, second in self.twins("rewards"):
            both = {offered.of_old[first], offered.of_new[second]}
            given = (self.old.rewards[first].currencies_given, self.of_old), (
                self.new.rewards[second].currencies_given, self.of_new,
            )  # fmt: skip
            alike = all(tuple(of.currencies[one] for one in its) == (measure.currency,) for its, of in given)
            options |= both if alike and options & both else set()
        return attrs.evolve(measure, rules=tuple(sorted(rules)), rewards=tuple(sorted(options)))
