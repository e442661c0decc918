"""A population of one program under another: the same block, checked against the other program.

Invariant: nothing of the block is reinterpreted. What the other program reads and the block does not describe
is refused as in any file; what the block describes and the other program does not have is left out, and told.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import attrs

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.version_names import name_without_version
from loyalty_dsl.refusals import InputRefused, ProgramRefused
from loyalty_dsl.source import Span

ABSENT = frozenset({"L201", "L411", "L412", "L414", "L417", "L418"})
"""The codes that say that a program has no such field, event, returns, referral or benefit, no points that
are paid like money, or no items."""

_Block = TypeVar("_Block", syntax.ProgramBlock, syntax.PopulationBlock)


@attrs.frozen(eq=False)
class Arm:
    """A version of a program, with a population bound to it."""

    program: Program
    population: Population


@record
class Transplanted:
    """Attributes:
    population: bound to the other program.
    left_out: what the block describes and the program does not have.
    """

    population: Population
    left_out: tuple[Span, ...]


def transplant(population: Population, program: Program) -> Transplanted:
    """Binds a population to a program that it was not written for.

    Args:
        population: of any book.
        program: of any book.

    Raises:
        ProgramRefused: the program reads something that the population does not describe.
        InputRefused: simulated members cannot yet do what the program is about.
    """
    own_name = name_without_version(program.name)
    rules = [
        syntax.File(span.source, (_block(span, syntax.ProgramBlock, own_name),))
        for span in (*program.replaced, program.span)
    ]
    block = _block(population.span, syntax.PopulationBlock, population.name)
    name = block.name if block.program is None else block.program
    block = _evolved(block, program=_evolved(name, text=own_name))
    left_out: list[Span] = []
    while True:
        book, found = check_book((*rules, syntax.File(population.span.source, (block,))))
        if book is not None:
            break
        smaller, absent = _without(block, found)
        if not absent:
            errors = tuple(one for one in found if one.is_error)
            raise ProgramRefused(errors, (population.span.source, program.span.source))
        block = smaller
        left_out += absent
    if book.set_aside:
        reason = book.set_aside[0].reason
        raise InputRefused(f"{reason.span}: {reason.message}", reason.help)
    moved = attrs.evolve(book.populations[0], program=program.name)
    if population.opening is not None:
        moved = attrs.evolve(
            moved,
            members=population.members,
            first_day=population.first_day,
            opening=population.opening,
        )
    return Transplanted(moved, tuple(left_out))


def _block(span: Span, kind: type[_Block], name: str) -> _Block:
    """The block of a thing that was checked before."""
    file, _ = parse_file(span.source)
    return next(
        block
        for block in file.blocks
        if isinstance(block, kind) and block.name.text == name and block.span.start == span.start
    )


def _evolved(node: Any, **changes: object) -> Any:
    """A node of the tree with other values: `attrs.evolve`, which cannot see that nodes are of attrs."""
    return attrs.evolve(node, **changes)


def _without(
    block: syntax.PopulationBlock, found: Iterable[Diagnostic]
) -> tuple[syntax.PopulationBlock, list[Span]]:
    """The block without what its program does not have, and what that was."""
    absent = [one.span for one in found if one.code in ABSENT]
    left_out: list[Span] = []
    clauses: list[syntax.PopulationClause] = []
    for clause in block.clauses:
        if not isinstance(clause, syntax.SegmentBlock):
            clauses.append(clause)
            continue
        traits: list[syntax.Trait] = []
        for trait in clause.traits:
            match trait:
                case syntax.TakeUpTrait() | syntax.transfers.ExchangeTrait():
                    kept = tuple(share for share in trait.shares if not _holds(share[0].span, absent))
                    left_out += [name.span for name, _ in trait.shares if _holds(name.span, absent)]
                    if kept:
                        traits.append(_evolved(trait, shares=kept))
                case syntax.EventTraits() if not _holds(trait.span, absent):
                    inner = tuple(each for each in trait.traits if not _holds(each.span, absent))
                    left_out += [each.span for each in trait.traits if _holds(each.span, absent)]
                    traits.append(_evolved(trait, traits=inner))
                case syntax.RedeemTrait(part=syntax.Percent() as part) if _holds(part.span, absent):
                    left_out.append(part.span)
                    traits.append(_evolved(trait, part=None, part_spread=None))
                case _ if _holds(trait.span, absent):
                    left_out.append(trait.span)
                case _:
                    traits.append(trait)
        clauses.append(_evolved(clause, traits=tuple(traits)))
    return _evolved(block, clauses=tuple(clauses)), left_out


def _holds(outer: Span, inner: Iterable[Span]) -> bool:
    return any(
        outer.source is span.source and outer.start <= span.start and span.end <= outer.end for span in inner
    )
