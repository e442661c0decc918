"""Every name that rule files declare, read off the syntax trees, so that a mistake elsewhere hides none.

Invariant: a declaration has the span of its name in the text; what the language knows by itself (`purchase`,
`amount`) is in `vocabulary`.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, assert_never

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.syntax.named_tables import NamedTable
from loyalty_dsl.source import Span


class Kind(Enum):
    """What a name stands for, as people call it."""

    PROGRAM = "program"
    POPULATION = "population"
    SEGMENT = "segment"
    SCENARIO = "scenario"
    STUDY = "study"
    SOURCE = "source"
    EVENT = "event"
    EVENT_FIELD = "field of an event"
    ITEM_FIELD = "field of items"
    MEMBER_FIELD = "field of members"
    VALUE = "value"
    CURRENCY = "currency"
    COUNTER = "counter"
    LADDER = "ladder of levels"
    LEVEL = "level"
    MEMBERSHIP = "membership"
    PLAN = "plan"
    EARN = "earn rule"
    GROUP = "group"
    REWARD = "reward"
    BENEFIT = "benefit"
    TRANSFER = "transfer"
    REFERRAL = "referral"
    CHALLENGE = "challenge"
    MENU = "menu"
    OPTION = "option"
    PERIOD = "period"
    PARTNER = "partner"
    ALLOWANCE = "allowance"
    AUDIENCE = "audience"
    TABLE = "table"


_RULES = {
    "earn": Kind.EARN,
    "reward": Kind.REWARD,
    "benefit": Kind.BENEFIT,
    "transfer": Kind.TRANSFER,
    "referral": Kind.REFERRAL,
}
FIELDS = (Kind.EVENT_FIELD, Kind.ITEM_FIELD, Kind.MEMBER_FIELD)
_COUNTED = (Kind.CURRENCY, Kind.EVENT)
"""What may be named in the singular or the plural."""


@attrs.frozen(eq=False)
class Declaration:
    """A name, where it is declared.

    Attributes:
        label: its title in quotes, where it has one.
        span: of the name; header: of the line that declares it.
        program: the program that it is in, and its version; empty at the top of a file.
        owner: what it belongs to, such as the ladder of a level; empty where that is the program.
        node: what declares it.
        derived: whether the language makes the name of another: `subscribe_prime` of a membership.
    """

    name: str
    kind: Kind
    label: str | None
    span: Span
    header: Span
    program: str
    version: str
    owner: str
    node: Any
    derived: bool = False

    def goes_by(self, word: str) -> bool:
        """Whether a word of the text means it."""
        return self.name == word or (self.kind in _COUNTED and self.name in other_numbers(word))


@attrs.frozen(eq=False)
class Declarations:
    """All of them, in the order of the files and of their text."""

    all: tuple[Declaration, ...]

    def of(
        self, kinds: Sequence[Kind], program: str = "", version: str = "", owner: str | None = None
    ) -> list[Declaration]:
        """Those of some kinds that a place of a program may name; of several versions its own come first.

        Args:
            program: the program that is meant; empty for all.
            owner: what they must belong to; `None` for anything.
        """
        found = [
            each
            for each in self.all
            if each.kind in kinds
            and (not program or not each.program or each.program == program)
            and (owner is None or each.owner == owner)
        ]
        found.sort(key=lambda each: (each.version != version, kinds.index(each.kind)))
        first = {(each.kind, each.owner, each.name): each for each in reversed(found)}
        return [each for each in found if first[each.kind, each.owner, each.name] is each]


def declarations_of(files: Iterable[syntax.File]) -> Declarations:
    """Every name that files declare."""
    found: dict[tuple[int, int, str, Kind], Declaration] = {}
    for number, file in enumerate(files):
        for block in file.blocks:
            for each in _of_block(block):
                found.setdefault((number, each.span.start, each.name, each.kind), each)
    return Declarations(tuple(found.values()))


def _of_block(block: syntax.Block) -> Iterator[Declaration]:
    match block:
        case syntax.ProgramBlock(name=name, label=label, version=number):
            version = "" if number is None else str(number.value)
            yield _declared(name, Kind.PROGRAM, block, label=label, version=version)
            for clause in block.clauses:
                for each in _of_clause(clause):
                    yield attrs.evolve(each, program=name.text, version=version)
        case syntax.PopulationBlock(name=name):
            yield _declared(name, Kind.POPULATION, block)
            for part in block.clauses:
                if isinstance(part, syntax.SegmentBlock):
                    yield _declared(part.name, Kind.SEGMENT, part, owner=name.text)
        case syntax.ScenarioBlock(title=title):
            yield Declaration(
                title.span.text, Kind.SCENARIO, title.text, title.span, block.span, "", "", "", block
            )
        case syntax.StudyBlock(name=name, title=title):
            yield _declared(name, Kind.STUDY, block, label=title)
        case syntax.sources.SourceBlock(name=name, label=label):
            yield _declared(name, Kind.SOURCE, block, label=label)
        case _:
            assert_never(block)


def _of_clause(clause: syntax.ProgramClause) -> Iterator[Declaration]:
    match clause:
        case syntax.EventBlock(name=name):
            yield _declared(name, Kind.EVENT, clause)
            yield from _fields(clause.fields, Kind.EVENT_FIELD, name.text)
        case syntax.ItemBlock():
            yield from _fields(clause.fields, Kind.ITEM_FIELD, "item")
        case syntax.MemberBlock():
            yield from _fields(clause.fields, Kind.MEMBER_FIELD, "member")
        case syntax.CurrencyBlock(name=name):
            yield _declared(name, Kind.CURRENCY, clause, label=clause.label)
        case syntax.CounterClause(name=name):
            yield _declared(name, Kind.COUNTER, clause, label=clause.label, header=clause.line)
        case syntax.TiersBlock(name=name):
            yield _declared(name, Kind.LADDER, clause, label=clause.label)
            for level in clause.clauses:
                if isinstance(level, syntax.LevelClause):
                    yield _declared(level.name, Kind.LEVEL, level, label=level.label, owner=name.text)
        case syntax.memberships.MembershipBlock(name=name):
            yield _declared(name, Kind.MEMBERSHIP, clause, label=clause.label)
            yield from _of_membership(clause)
        case syntax.RuleBlock(word=word, name=name) if word.text in _RULES:
            yield _declared(name, _RULES[word.text], clause, label=clause.label)
        case syntax.GroupBlock(name=name):
            yield _declared(name, Kind.GROUP, clause, label=clause.label)
        case syntax.challenges.ChallengeBlock(name=name):
            yield _declared(name, Kind.CHALLENGE, clause, label=clause.label)
            yield _derived(name, f"{name.text}_opt_in", Kind.EVENT, clause)
            yield _derived(name, f"{name.text}_progress", Kind.COUNTER, clause)
        case syntax.menus.MenuBlock(name=name):
            yield _declared(name, Kind.MENU, clause, label=clause.label)
            for option in clause.clauses:
                if isinstance(option, syntax.menus.Option):
                    yield _declared(option.name, Kind.OPTION, option, owner=name.text)
                    yield _derived(option.name, f"{name.text}_{option.name.text}", Kind.REWARD, option)
        case syntax.PeriodClause(name=name):
            yield _declared(name, Kind.PERIOD, clause)
        case syntax.partners.PartnerBlock(name=name):
            yield _declared(name, Kind.PARTNER, clause, label=clause.label)
        case syntax.allowances.AllowanceBlock(name=name):
            yield _declared(name, Kind.ALLOWANCE, clause, label=clause.label)
        case syntax.audiences.AudienceBlock(name=name):
            yield _declared(name, Kind.AUDIENCE, clause, label=clause.label)
        case NamedTable(name=name):
            yield _declared(name, Kind.TABLE, clause)
        case _:
            pass


def _of_membership(block: syntax.memberships.MembershipBlock) -> Iterator[Declaration]:
    """Its plans, the events that begin and end it, and what members of it may be."""
    name = block.name
    plans = [each for each in block.clauses if isinstance(each, syntax.memberships.PlanBlock)]
    for plan in plans:
        yield _declared(plan.name, Kind.PLAN, plan, label=plan.label, owner=name.text)
    if any(isinstance(each, syntax.memberships.TrialClause) for each in block.clauses):
        for plan in plans:
            yield _derived(plan.name, f"trial_{plan.name.text}", Kind.PLAN, plan, name.text)
    yield _derived(name, f"subscribe_{name.text}", Kind.EVENT, block)
    yield _derived(name, f"cancel_{name.text}", Kind.EVENT, block)
    values = tuple(plan.name for plan in plans)
    field = syntax.FieldDeclaration(
        syntax.Name("plan", name.span), syntax.Name("one of", name.span), values, name.span
    )
    for each in _fields([field], Kind.EVENT_FIELD, f"subscribe_{name.text}"):
        yield attrs.evolve(each, derived=True)


def _derived(name: syntax.Name, made: str, kind: Kind, node: Any, owner: str = "") -> Declaration:
    """A name that the language makes of another, and that leads to its declaration."""
    return attrs.evolve(_declared(name, kind, node, owner=owner), name=made, derived=True)


def _fields(declared: Iterable[syntax.FieldDeclaration], kind: Kind, owner: str) -> Iterator[Declaration]:
    for field in declared:
        yield _declared(field.name, kind, field, owner=owner)
        for value in field.values:
            yield _declared(value, Kind.VALUE, field, owner=field.name.text)


def _declared(
    name: syntax.Name,
    kind: Kind,
    node: Any,
    *,
    label: syntax.Text | None = None,
    header: Span | None = None,
    owner: str = "",
    version: str = "",
) -> Declaration:
    title = None if label is None else label.text
    return Declaration(name.text, kind, title, name.span, header or node.span, "", version, owner, node)
