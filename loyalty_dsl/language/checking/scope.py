"""What the names of one program stand for, as far as they are known.

Invariant: a scope exists for every program block, however broken, so that populations and scenarios can
be checked against it; its `program` exists only when nothing in the block is wrong.
"""

from collections.abc import Mapping

import attrs

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.losses import NOTHING_UNSEEN, Declared, Losses, Unseen
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax import Name, RuleBlock
from loyalty_dsl.language.types import EventKind, Field
from loyalty_dsl.quantities import MINOR_DIGITS, spell_money
from loyalty_dsl.source import Span


@attrs.frozen
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


@attrs.frozen
class RewardName:
    """A reward as others refer to it."""

    name: str
    index: int
    automatic: bool
    span: Span


@attrs.frozen
class Read:
    """A place where the program reads a field: of an event kind, or of items (`event` is `None`)."""

    event: int | None
    field: Field
    span: Span


@attrs.define
class ProgramScope:
    """The declarations of a program.

    Attributes:
        losses: what the parser could not read.
        undeclared: the names that the program may declare where nobody could read it.
        lost_fields: what stands in the lost fields of a kind of event, by its index.
        rules: earn rules and rewards, which share one set of names.
        money, starts: `None` when missing or wrong, which has been reported.
        reads: every place where a condition reads a field.
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
    rules: Names[RuleBlock]
    rewards: Names[RewardName]
    lost_fields: dict[int, Unseen] = attrs.field(factory=dict)
    reads: list[Read] = attrs.field(factory=list)
    program: Program | None = None

    @property
    def digits(self) -> int | None:
        """Digits after the decimal point of the program's money, when the money is known."""
        return None if self.money is None else MINOR_DIGITS[self.money]

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
