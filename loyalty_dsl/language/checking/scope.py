"""What the names of one program stand for, as far as they are known.

Invariant: a scope exists for every program block, however broken, so that populations and scenarios can
be checked against it; its `program` exists only when nothing in the block is wrong.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from loyalty_dsl.language.allowances import Allowance
from loyalty_dsl.language.audiences import Audience
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import NOTHING_UNSEEN, Declared, Losses, Unseen
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.clocks import Clock, Stage
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Combine, Program, Reward
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import with_article
from loyalty_dsl.language.syntax import Name
from loyalty_dsl.language.syntax.versions import ReplacesClause, TransitionClause
from loyalty_dsl.language.types import EventKind, Field, Kind
from loyalty_dsl.language.windows import Period
from loyalty_dsl.quantities import MINOR_DIGITS, spell_money
from loyalty_dsl.source import Span


@record
class CurrencyUnit:
    """What an amount of a currency is counted in; known even where the rest of the currency is wrong.

    Attributes:
        scale: smallest units in one display unit.
    """

    name: str
    index: int
    in_money: bool
    scale: int
    span: Span


@record
class RewardName:
    """A reward or benefit as others refer to it.

    Attributes:
        automatic: the member does not choose it.
        benefit: it has no price, and comes at its events.
        exchange: it is a `transfer`, which moves amounts.
        of_membership: it counts a fee, or what a membership costs.
        menu: the menu that it is an option of, or what that gives by itself.
    """

    name: str
    index: int
    automatic: bool
    span: Span
    benefit: bool = False
    exchange: bool = False
    of_membership: bool = False
    menu: str = ""

    @property
    def offered(self) -> bool:
        """Whether members choose it where they can afford it."""
        return not (self.automatic or self.exchange or self.menu)


@record
class EarnName:
    """An earn rule as others refer to it; known before it is checked.

    Attributes:
        group: the name of the group that it is in; `None` for none.
        gives: what it gives, where its text says so.
    """

    name: str
    index: int
    group: str | None
    gives: CurrencyUnit | None
    span: Span


@record
class GroupName:
    """A group as others refer to it.

    Attributes:
        rules: its rules by index, as declared.
    """

    name: str
    index: int
    combine: Combine | None
    rules: tuple[int, ...]
    gives: CurrencyUnit | None
    span: Span


Terms = tuple[tuple[int, int], ...]
"""Coefficients and the counters that they belong to, by index."""


@record
class Counted:
    """A declared counter or total: the sum of coefficient * counter over `terms`, divided by `scale`.

    Attributes:
        divisor: the terms of what it is divided by, for a ratio; then `kind` is `NUMBER`. Its own scale is
            already in the terms.
        counter: its own number, for a counter; `None` for what is made of several.
        currency: of which amounts it is a sum, where `kind` is `UNITS`.
    """

    name: str
    terms: Terms
    scale: int
    divisor: Terms | None
    kind: Kind
    currency: CurrencyUnit | None
    counter: int | None
    span: Span


@record
class LadderName:
    """A ladder as conditions refer to it; `bought` for the plans of a membership."""

    name: str
    index: int
    levels: tuple[str, ...]
    span: Span
    bought: bool = False


@record
class Read:
    """A place where the program reads a field: of an event kind or, with `event` `None`, of items; of the
    member where it says so."""

    event: int | None
    field: Field
    span: Span
    of_member: bool = False


@attrs.define
class ProgramScope:
    """The declarations of a program.

    Attributes:
        losses: what the parser could not read.
        undeclared: the names that the program may declare where nobody could read it.
        lost_fields: what stands in the lost fields of a kind of event, by its index.
        rules: earn rules, rewards, benefits, groups and referrals, which share one set of names.
        earns, groups: those of them that others refer to.
        counted: counters and totals; they share a set of names with ladders and fields of members.
        counters: all counters so far, those of measures written in place too, by index.
        friend_events: kinds of event that friends cause; numbered on after the declared ones.
        numbered_friends: the counter that numbers a friend's events, by the name of their kind.
        plan_gates: who may not subscribe to plans of memberships.
        stages_of_friends: what a friend does on the way to such an event, likewise.
        clocks: midnights that fire rules; numbered on after all kinds of event.
        receiving: what the recipient of each transfer to another member is given, by the transfer's index.
        partners: by their index; audiences: each by itself, `None` for one that is wrong.
        money, starts: `None` when missing or wrong, which has been reported.
        reads: every place where a condition or an amount reads a field.
        quantities: fields of events that are counted or given for, by kind of event and index: they are at
            most `MAX_NUMBER`, or `MAX_AMOUNT` of money.
        multipliers: those by which amounts are multiplied, at most `MAX_TIMES`.
        replaced_from: the first day of the newest version, where there are several.
        newest: what the newest version says by itself, where there are several.
        replaces, transition: of a version that replaces another one; `None` and nothing otherwise.
        named: the audiences that conditions name.
        program: the checked program; `None` when anything in the block is wrong.
    """

    name: Name
    findings: Findings
    losses: Losses
    undeclared: Mapping[Declared, Unseen]
    money: str | None
    starts: int | None
    events: Names[EventKind]
    item_fields: Names[Field]
    currencies: Names[CurrencyUnit]
    rules: Names[object]
    rewards: Names[RewardName]
    earns: Names[EarnName]
    groups: Names[GroupName]
    periods: Names[Period]
    member_fields: Names[Field]
    counted: Names[Counted]
    ladders: Names[LadderName]
    partners: Names[int]
    allowances: Names[Allowance]
    audiences: Names[tuple[Audience | None]]
    counters: list[Counter] = attrs.field(factory=list)
    friend_events: list[EventKind] = attrs.field(factory=list)
    numbered_friends: dict[str, int] = attrs.field(factory=dict)
    stages_of_friends: dict[str, tuple[Stage, ...]] = attrs.field(factory=dict)
    plan_gates: list[Gate] = attrs.field(factory=list)
    clocks: list[Clock] = attrs.field(factory=list)
    receiving: dict[int, Reward] = attrs.field(factory=dict)
    lost_fields: dict[int, Unseen] = attrs.field(factory=dict)
    reads: list[Read] = attrs.field(factory=list)
    quantities: set[tuple[int, int]] = attrs.field(factory=set)
    multipliers: set[tuple[int, int]] = attrs.field(factory=set)
    replaced_from: int | None = None
    newest: Program | None = None
    replaces: ReplacesClause | None = None
    transition: tuple[TransitionClause, ...] = ()
    named: set[str] = attrs.field(factory=set)
    program: Program | None = None

    def note_quantity(self, event: int, field: Field, span: Span) -> None:
        """Notes that a field of a kind of event is counted or given for."""
        self.reads.append(Read(event, field, span))
        self.quantities.add((event, field.index))

    @property
    def digits(self) -> int | None:
        """Digits after the decimal point of the program's money, when the money is known."""
        return None if self.money is None else MINOR_DIGITS[self.money]

    @property
    def first_clock(self) -> int:
        """The kind of event that the first clock is."""
        return len(self.events) + len(self.friend_events)

    def giving(self, name: str) -> CurrencyUnit | None:
        """What a rule or group gives, where that is known."""
        rule, group = self.earns.find(name), self.groups.find(name)
        return rule.gives if rule is not None else group.gives if group is not None else None

    def write_money(self, minor: int) -> str:
        """Minor units as the author would write them."""
        return spell_money(minor, self.money) if self.money is not None else f"{minor:,}"

    def fields_of(self, kind: EventKind) -> Names[Field]:
        """The fields of a kind of event, as names to resolve."""
        unseen = self.undeclared[Declared.FIELD] | self.lost_fields.get(kind.index, NOTHING_UNSEEN)
        names: Names[Field] = Names("field", self.findings, unseen, owner=f" of `{kind.name}`")
        for field in kind.fields:
            names.include(field.name, field, field.span)
        return names


T = TypeVar("T")


def declare_readable(scope: ProgramScope, names: Names[T], name: Name, thing: T) -> bool:
    """Adds a name that conditions read, unless another such thing has it.

    Args:
        names: the counters, the ladders or the fields of members.

    Returns:
        Whether it was added; if not, why is among the findings.
    """
    everything: tuple[Names[Any], ...] = (scope.member_fields, scope.counted, scope.ladders)
    for others in everything:
        if others is not names and others.find(name.text) is not None:
            scope.findings.report(
                "L202", name.span, f"`{name.text}` is already the name of {with_article(others.kind)}",
                label="again here", secondary=[(others.span_of(name.text), "first declared here")],
                help="conditions read both by their names, so give one of them another name",
            )  # fmt: skip
            return False
    return names.declare(name, thing)
