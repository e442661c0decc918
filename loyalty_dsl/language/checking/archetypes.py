"""Segments `like` an archetype: their facts become the traits that the archetype's customers have.

Invariant: what comes out is a segment without facts, checked as any other is; a trait that the segment writes
itself takes the place of the archetype's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.diagnostics import deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.archetypes import ARCHETYPES, archetype_named
from loyalty_dsl.language.checking.amounts import duration, fine_money
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.frequencies import verify_rate
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.five_facts import Facts, Impossible, Line, expand
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import Segment
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.syntax.populations import ActiveFact, AverageBasketFact, OrdersFact, RedeemingFact
from loyalty_dsl.quantities import MINOR_DIGITS, symbol_of
from loyalty_dsl.source import SourceText

Fact = ActiveFact | OrdersFact | AverageBasketFact | RedeemingFact
T = TypeVar("T", bound=Fact)

_TAKEN_PLACE = {
    "purchases": (syntax.PurchasesTrait,),
    "regularity": (syntax.RegularityTrait,),
    "leave": (syntax.LeaveTrait,),
    "basket": (syntax.BasketTrait, syntax.GammaBasketTrait),
    "redeem": (syntax.RedeemTrait,),
}
_SOLVED: dict[type[Fact], tuple[str, str]] = {
    ActiveFact: ("purchases", "active"),
    OrdersFact: ("purchases", "orders"),
    AverageBasketFact: ("basket", "average basket"),
    RedeemingFact: ("redeem", "redeeming"),
}
"""By fact: the trait that it is solved into, and its words."""


def with_traits_of_archetypes(
    scope: ProgramScope, block: syntax.PopulationBlock
) -> tuple[syntax.PopulationBlock, dict[str, tuple[Line, ...]]]:
    """The population with the traits of its archetypes written out, and those of each segment by its name."""
    clauses: list[syntax.PopulationClause] = []
    written: dict[str, tuple[Line, ...]] = {}
    for clause in block.clauses:
        if not isinstance(clause, syntax.SegmentBlock):
            clauses.append(clause)
            continue
        lines = lines_of(scope, clause) or ()
        written[clause.name.text] = lines
        own = tuple(trait for trait in clause.traits if not isinstance(trait, Fact))
        name = "" if clause.like is None else clause.like.text
        clauses.append(_with(clause, traits=(*_traits(name, lines), *own)))
    return _with(block, clauses=tuple(clauses)), written


def with_lines(
    segments: Sequence[Segment | None], written: Mapping[str, tuple[Line, ...]]
) -> tuple[Segment, ...]:
    """The segments that are right, each with the lines that it has from an archetype."""
    right = (segment for segment in segments if segment is not None)
    return tuple(attrs.evolve(segment, like=written.get(segment.name, ())) for segment in right)


def lines_of(scope: ProgramScope, block: syntax.SegmentBlock) -> tuple[Line, ...] | None:
    """What the archetype of a segment adds to what it says itself; `None` where it has none, or its facts are
    wrong (reported)."""
    facts = [trait for trait in block.traits if isinstance(trait, Fact)]
    if block.like is None:
        _report_alone(scope, facts)
        return None
    archetype = archetype_named(block.like.text)
    if archetype is None:
        _report_unknown(scope, block.like)
        return None
    known = _facts(scope, block)
    if known is None or scope.money is None:
        return None
    try:
        lines = expand(archetype, known, symbol_of(scope.money), MINOR_DIGITS[scope.money])
    except Impossible as impossible:
        fact = next((each for each in facts if isinstance(each, ActiveFact)), None) or facts[0]
        scope.findings.report(
            "L404", fact.span, f"`{fact.span.text}` cannot be: {impossible}",
            secondary=[(each.span, "") for each in facts if isinstance(each, OrdersFact)],
            help="count as active those who buy at least once, and divide orders by all members",
        )  # fmt: skip
        return None
    return tuple(line for line in lines if _is_missing(scope, block, line))


def _is_missing(scope: ProgramScope, block: syntax.SegmentBlock, line: Line) -> bool:
    """Whether a line of an archetype is needed: the segment does not say it, and the program knows it."""
    if any(isinstance(trait, _TAKEN_PLACE[line.word]) for trait in block.traits):
        return False
    if line.word != "redeem" or any(reward.offered for reward in scope.rewards.things()):
        return True
    for trait in block.traits:
        if isinstance(trait, RedeemingFact) and not scope.rewards.unseen:
            scope.findings.report(
                "L610", trait.span, f"members of `{scope.name.text}` choose no reward, so this does nothing",
                secondary=[(reward.span, "taken by itself") for reward in scope.rewards.things()],
                help="delete this line", edit=deletion(trait.span),
            )  # fmt: skip
    return False


def _traits(archetype: str, lines: tuple[Line, ...]) -> Iterator[syntax.Trait]:
    """The lines, read. They stand in a text of their own, named after the archetype."""
    if not lines:
        return
    body = "\n".join(line.text for line in lines)
    source = SourceText(f"like {archetype}", f"population p {{\nsegment s 100% {{\n{body}\n}}\n}}\n")
    file, found = parse_file(source)
    assert not found, "an archetype is written in the language"
    for population in file.blocks:
        assert isinstance(population, syntax.PopulationBlock)
        for segment in population.clauses:
            assert isinstance(segment, syntax.SegmentBlock)
            yield from segment.traits


Block = TypeVar("Block", syntax.PopulationBlock, syntax.SegmentBlock)


def _with(block: Block, **changes: object) -> Block:
    """A block with other clauses; nodes are attrs classes, which the checker of types is not told."""
    changed: Block = attrs.evolve(block, **changes)  # type: ignore[misc]
    return changed


# ---- facts


def _facts(scope: ProgramScope, block: syntax.SegmentBlock) -> Facts | None:
    errors = scope.findings.errors
    known = Facts()
    for kind, (word, words) in _SOLVED.items():
        fact = at_most_one(scope.findings, block.traits, kind, words)
        if fact is None:
            continue
        for trait in block.traits:
            if isinstance(trait, _TAKEN_PLACE[word]):
                scope.findings.report(
                    "L205", trait.span, f"`{words}` already says this of `{block.name.text}`",
                    secondary=[(fact.span, "this fact")], help="delete one",
                )  # fmt: skip
        match fact:
            case ActiveFact(name, percent, within):
                _verify_word(scope, name, "active")
                length = duration(scope, within)
                if verify_chance(scope.findings, percent) and length is not None:
                    known = attrs.evolve(known, active=(percent.value, length))
            case OrdersFact(number, unit):
                verify_rate(scope, number, Unit(unit.text))
                known = attrs.evolve(known, orders=(number.value, Unit(unit.text)))
            case AverageBasketFact(name, money):
                _verify_word(scope, name, "average")
                minor = fine_money(scope, money)
                if minor is not None and minor < 1:
                    scope.findings.report("L310", money.span, "a basket of nothing", help="write more than 0")
                known = attrs.evolve(known, basket=money.value)
            case RedeemingFact(percent):
                verify_chance(scope.findings, percent)
                known = attrs.evolve(known, redeeming=percent.value)
    return known if scope.findings.errors == errors else None


def _verify_word(scope: ProgramScope, word: syntax.Name, wanted: str) -> None:
    """Reports a fact under another name: the words are no keywords, so that fields may be called so."""
    if word.text != wanted:
        scope.findings.report(
            "L201", word.span, f"there is no fact `{word.text}`", help=f"did you mean `{wanted}`?"
        )


def _report_alone(scope: ProgramScope, facts: list[Fact]) -> None:
    if facts:
        scope.findings.report(
            "L204", facts[0].span,
            f"`{facts[0].span.text}` is a fact, and the segment does not say what its members are like",
            help="write what they are like in its first line, such as `segment everyone 100% like grocery {`",
        )  # fmt: skip


def _report_unknown(scope: ProgramScope, name: syntax.Name) -> None:
    near = nearest(name.text, [one.name for one in ARCHETYPES])
    scope.findings.report(
        "L201", name.span, f"there is no archetype `{name.text}`",
        help=f"did you mean `{near}`?" if near else f"there are {listed([one.name for one in ARCHETYPES])}",
    )  # fmt: skip
