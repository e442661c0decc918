"""What becomes of what members hold when a version of a program replaces another one (VERSION).

Invariant: a transition that is returned is about things that are there, says one thing of each, and says
something of everything that the new version does not have.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import IN_MONTHS
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax import versions as written
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.source import Span


@record
class Exchange:
    """`taken` of a currency of the old version become `given` of one of the new version, in display units."""

    taken: Fraction
    given: Fraction
    new: str
    span: Span


@record
class Phase:
    """What a level asks for rises or falls in `months` steps of a month.

    Attributes:
        old, new: in display units; `scales`: the smallest units that one of them may be.
    """

    level: str
    old: Fraction
    new: Fraction
    scales: frozenset[int]
    months: int
    span: Span


@record
class Transition:
    """What the clauses say, by the names of currencies, ladders and levels.

    Attributes:
        said: every name that a clause is about.
        ends: ladders that the new version does not have, and counters that begin without what was carried.
        kept: what goes on.
        fresh: ladders that begin anew, and through which day the level held is honoured (`None`: not).
    """

    said: frozenset[str]
    ends: frozenset[str]
    fresh: dict[str, int | None]
    exchanges: dict[str, Exchange]
    phases: tuple[Phase, ...]
    kept: frozenset[str] = frozenset()


def check_transition(
    old: Program, scope: ProgramScope, replaces: written.ReplacesClause, findings: Findings
) -> Transition | None:
    """What the `transition` blocks of a version say; `None` when something in them is wrong.

    Args:
        scope: of the new version, with its program.
    """
    new = scope.program
    assert new is not None
    errors = findings.errors
    check = _Check(old, new, scope, replaces, findings)
    for clause in scope.transition:
        check.take(clause)
    check.verify_said()
    if findings.errors > errors:
        return None
    return Transition(
        frozenset(check.said), frozenset(check.ends), check.fresh, check.exchanges, tuple(check.phases),
        frozenset(check.kept),
    )  # fmt: skip


@attrs.define
class _Check:
    """Gathers the clauses of one transition."""

    old: Program
    new: Program
    scope: ProgramScope
    replaces: written.ReplacesClause
    findings: Findings
    said: dict[str, Span] = attrs.field(factory=dict)
    ends: set[str] = attrs.field(factory=set)
    kept: set[str] = attrs.field(factory=set)
    fresh: dict[str, int | None] = attrs.field(factory=dict)
    exchanges: dict[str, Exchange] = attrs.field(factory=dict)
    phases: list[Phase] = attrs.field(factory=list)

    def take(self, clause: written.TransitionClause) -> None:
        """Takes one clause."""
        match clause:
            case written.KeepClause(name=name):
                if self._known(name, (*_held(self.old), *_held(self.new))):
                    self._keep(name)
            case written.EndClause(name=name):
                ended = [*(one.name for one in self.old.ladders), *_carrying(self.old)]
                if self._known(name, ended) and self._once(name):
                    self._end(name)
            case written.StartStatusClause(name=name):
                if self._known(name, [one.name for one in self.new.ladders]) and self._once(name):
                    self.fresh[name.text] = None
            case written.HonourClause(name=name, date=date):
                if self._known(name, [one.name for one in self.new.ladders]) and self._once(name):
                    self._honour(name, date)
            case written.ConvertClause():
                self._convert(clause)
            case written.PhaseClause():
                self._phase(clause)

    def verify_said(self) -> None:
        """Reports what the new version does not have, and nothing says what becomes of it."""
        for currency in self.old.currencies:
            if self.new.currency(currency.name) is None and currency.name not in self.exchanges:
                mine = next((one.name for one in self.new.currencies), "NAME")
                self.findings.report(
                    "L252", self.replaces.span,
                    f"members hold `{currency.name}`, and this version has none and does not say what they "
                    "become",
                    secondary=[(currency.span, "declared here")],
                    help=f"write `transition {{ convert 1 {currency.name} for 1 {mine} }}`, or declare "
                    f"`currency {currency.name}` in this version too and keep it",
                )  # fmt: skip
        for ladder in self.old.ladders:
            if _ladder(self.new, ladder.name) is None and ladder.name not in self.ends:
                self.findings.report(
                    "L252", self.replaces.span,
                    f"members have a `{ladder.name}`, which this version has not and does not end",
                    secondary=[(ladder.span, "declared here")],
                    help=f"write `transition {{ end {ladder.name} }}`",
                )  # fmt: skip

    def _known(self, name: syntax.Name, names: list[str] | tuple[str, ...]) -> bool:
        if name.text in names:
            return True
        near = nearest(name.text, names)
        self.findings.report(
            "L253", name.span, f"`{name.text}` is nothing that this can be said of",
            help=f"did you mean `{near}`?" if near else f"there is {listed(names)}" if names else None,
        )  # fmt: skip
        return False

    def _once(self, name: syntax.Name) -> bool:
        first = self.said.setdefault(name.text, name.span)
        if first is name.span:
            return True
        self.findings.report(
            "L253", name.span, f"the transition has said already what becomes of `{name.text}`",
            secondary=[(first, "said here")], help="keep the line that is meant",
        )  # fmt: skip
        return False

    def _keep(self, name: syntax.Name) -> None:
        for program, words in ((self.old, "replaced"), (self.new, "new")):
            if name.text not in _held(program):
                self.findings.report(
                    "L253", name.span, f"the {words} version has no `{name.text}` that could be kept",
                    help=f"write `convert 1 {name.text} for 1 NAME`, or `end {name.text}` for a status"
                    if program is self.new
                    else f"delete this line: members come to `{name.text}` under this version",
                )  # fmt: skip
                return
        if self._once(name):
            self.kept.add(name.text)

    def _end(self, name: syntax.Name) -> None:
        if _ladder(self.new, name.text) is not None:
            self.findings.report(
                "L253", name.span, f"`{name.text}` goes on: this version declares it too",
                help=f"write `start {name.text} at the level earned`, or delete its `tiers` here",
            )  # fmt: skip
            return
        self.ends.add(name.text)

    def _honour(self, name: syntax.Name, date: syntax.DateLiteral) -> None:
        if _ladder(self.old, name.text) is None:
            self.findings.report(
                "L253", name.span, f"the replaced version has no `{name.text}` that could be honoured",
                help=f"write `start {name.text} at the level earned`",
            )  # fmt: skip
        elif date.day < self.replaces.date.day:
            self.findings.report(
                "L253", date.span, f"the version begins later, on {self.replaces.date.span.text}",
                help="honour status through a later day",
            )  # fmt: skip
        else:
            self.fresh[name.text] = date.day

    def _convert(self, clause: written.ConvertClause) -> None:
        old, new = self.old.currency(clause.old.text), self.new.currency(clause.new.text)
        for name, found, program in ((clause.old, old, self.old), (clause.new, new, self.new)):
            if found is None:
                near = _one_named(name.text, [one.name for one in program.currencies])
                if near is None:
                    self._known(name, [one.name for one in program.currencies])
                elif name is clause.old:
                    old = program.currency(near)
                else:
                    new = program.currency(near)
        if old is None or new is None or not self._once(syntax.Name(old.name, clause.old.span)):
            return
        if clause.taken.value <= 0 or clause.given.value <= 0:
            self.findings.report("L253", clause.span, "an exchange takes and gives something")
            return
        self.exchanges[old.name] = Exchange(clause.taken.value, clause.given.value, new.name, clause.span)

    def _phase(self, clause: written.PhaseClause) -> None:
        levels = [level.name for ladder in self.new.ladders for level in ladder.levels]
        if not self._known(clause.level, levels) or not self._once(clause.level):
            return
        length = duration(self.scope, clause.duration)
        if length is None:
            return
        if length.unit not in IN_MONTHS:
            self.findings.report(
                "L253", clause.duration.span, "what a level asks for changes in steps of a month",
                help="write a number of months",
            )  # fmt: skip
            return
        scales = self._scales(clause.new)
        months = length.count * IN_MONTHS[length.unit]
        self.phases.append(
            Phase(clause.level.text, clause.old.value, clause.new.value, scales, months, clause.span)
        )

    def _scales(self, number: syntax.Number | syntax.Money) -> frozenset[int]:
        if isinstance(number, syntax.Money):
            return frozenset({10 ** (self.scope.digits or 0)})
        return frozenset({1, *(one.scale for one in self.new.currencies)})


def _one_named(text: str, names: list[str]) -> str | None:
    """The currency that is meant by its regular singular or plural."""
    return next((name for name in names if name.rstrip("s") == text.rstrip("s")), None)


def _held(program: Program) -> list[str]:
    """What members hold: currencies and ladders, by name, and counters that are carried."""
    held = [one.name for one in program.currencies] + [one.name for one in program.ladders]
    return held + [one.name for one in program.counters]


def _carrying(program: Program) -> list[str]:
    return [counter.name for counter in program.counters if counter.carry is not None]


def _ladder(program: Program, name: str) -> Ladder | None:
    return next((one for one in program.ladders if one.name == name), None)
