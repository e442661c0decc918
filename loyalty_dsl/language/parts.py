"""The parts that a rule file is made of: each rule, level, counter and setting, each segment, each scenario.

Invariant: every clause of a program is in exactly one part, so what compares parts misses nothing. Parts
belong together by kind, by what they stand in, and by name.
"""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax.versions import ReplacesClause, TransitionBlock

Key = tuple[str, str, str]
"""Kind, the name of what it stands in, and its own name."""


@record
class Part:
    """Something that a file declares.

    Attributes:
        what: its kind, as one says it: `rule`, `level`.
        name: as written; label: as people read it.
        clauses: what it consists of, in any order.
        within: the label of what it stands in, as of a level its ladder, and of: its name; or empty.
        order: names whose order means something.
    """

    what: str
    name: str
    label: str
    clauses: tuple[Any, ...]
    within: str = ""
    order: tuple[str, ...] = ()
    of: str = ""


_WORDS = {"earn": "rule"}


def parts_of_program(program: Program) -> dict[Key, Part]:
    """The parts of a program as its own text has them, in the order of the text."""
    file, _ = parse_file(program.span.source)
    block = next(
        block
        for block in file.blocks
        if isinstance(block, syntax.ProgramBlock) and block.span.start == program.span.start
    )
    parts = [part for clause in block.clauses for part in _parts_in(clause)]
    rewards = tuple(reward.name for reward in program.rewards)
    parts.append(Part("order of rewards", "", "in which they are offered", (), order=rewards))
    return _by_key(parts)


def parts_beside(blocks: Iterable[syntax.Block]) -> dict[Key, Part]:
    """The parts of populations, studies, sources and scenarios, in the order of their texts."""
    return _by_key(part for block in blocks for part in _parts_of_block(block))


def _by_key(parts: Iterable[Part]) -> dict[Key, Part]:
    return {(part.what, part.of, part.name): part for part in parts}


def _parts_of_block(block: syntax.Block) -> Iterator[Part]:
    match block:
        case syntax.ProgramBlock():
            return
        case syntax.PopulationBlock():
            name = block.name.text
            segments = [each for each in block.clauses if isinstance(each, syntax.SegmentBlock)]
            others = tuple(each for each in block.clauses if not isinstance(each, syntax.SegmentBlock))
            yield Part("population", name, name, (*others, *_named("for", block.program)))
            for segment in segments:
                sizes = (_size(segment), *_named("like", segment.like))
                yield Part(
                    "segment", segment.name.text, segment.name.text, (*sizes, *segment.traits), name, of=name
                )
        case syntax.StudyBlock():
            yield Part("study", block.name.text, block.name.text, block.clauses)
        case syntax.sources.SourceBlock():
            clauses = (*block.clauses, *_named("for", block.program))
            yield Part("source", block.name.text, block.name.text, clauses)
        case syntax.ScenarioBlock():
            steps = Steps((block.program, *block.lines))
            yield Part("scenario", block.title.text, block.title.text, (steps,))
        case _:
            assert_never(block)


def _named(word: str, name: syntax.Name | None) -> tuple["Written", ...]:
    return () if name is None else (Written(f"{word} {name.text}"),)


def _size(segment: syntax.SegmentBlock) -> "Written":
    """The shares in the header of a segment."""
    rest = (("joining", segment.joining), ("referred", segment.referred))
    shares = [f"{word} {share.span.text}" for word, share in rest if share is not None]
    return Written(" ".join([segment.share.span.text, *shares]))


def _parts_in(clause: syntax.ProgramClause) -> Iterator[Part]:
    match clause:
        case syntax.MoneyClause():
            yield Part("setting", "money", "money", (clause,))
        case syntax.TimezoneClause():
            yield Part("setting", "timezone", "timezone", (clause,))
        case TransitionBlock(clauses=clauses):
            yield Part("transition", "", "", clauses)
        case syntax.StartsClause() | ReplacesClause():
            yield Part("setting", "starts", "starts", (clause,))
        case syntax.PeriodClause():
            yield Part("period", clause.name.text, clause.name.text, (clause.unit, clause.start))
        case syntax.MemberBlock():
            yield Part("set of fields", "member", "of members", clause.fields)
        case syntax.ItemBlock():
            yield Part("set of fields", "item", "of items", clause.fields)
        case syntax.EventBlock():
            written = (*clause.fields, *clause.clauses)
            yield Part("event", clause.name.text, clause.name.text, written)
        case syntax.CurrencyBlock():
            kind = () if clause.in_money else (Written("counted"),)
            yield Part("currency", clause.name.text, _label(clause), (*clause.clauses, *kind))
        case syntax.CounterClause():
            yield Part("counter", clause.name.text, _label(clause), (clause.of,))
        case syntax.named_tables.NamedTable():
            yield Part("table", clause.name.text, clause.name.text, (clause.table,))
        case syntax.GroupBlock():
            yield Part("group", clause.name.text, _label(clause), clause.clauses)
        case syntax.menus.MenuBlock():
            options = [each for each in clause.clauses if isinstance(each, syntax.menus.Option)]
            grants = tuple(each for each in clause.clauses if not isinstance(each, syntax.menus.Option))
            listed = tuple(option.name.text for option in options)
            yield Part("menu", clause.name.text, _label(clause), grants, order=listed)
            for option in options:
                yield Part(
                    "option",
                    option.name.text,
                    option.name.text,
                    option.clauses,
                    within=_label(clause),
                    of=clause.name.text,
                )
        case syntax.challenges.ChallengeBlock():
            yield Part("challenge", clause.name.text, _label(clause), clause.clauses)
        case syntax.RuleBlock():
            word = _WORDS.get(clause.word.text, clause.word.text)
            yield Part(word, clause.name.text, _label(clause), clause.clauses)
        case syntax.partners.PartnerBlock():
            yield Part("partner", clause.name.text, _label(clause), clause.clauses)
        case syntax.allowances.AllowanceBlock():
            yield Part("allowance", clause.name.text, _label(clause), clause.clauses)
        case syntax.audiences.AudienceBlock():
            yield Part("audience", clause.name.text, _label(clause), clause.clauses)
        case syntax.populations.RunsClause():
            yield Part("setting", "runs", "running cost", (clause,))
        case syntax.programs.RunsPerActive():
            yield Part("setting", "runs per active member", "running cost per active member", (clause,))
        case syntax.memberships.MembershipBlock():
            yield Part("membership", clause.name.text, _label(clause), clause.clauses)
        case syntax.ReturnsBlock():
            yield Part("rule for returns", "", "", clause.clauses)
        case syntax.TiersBlock():
            levels = [each for each in clause.clauses if isinstance(each, syntax.LevelClause)]
            others = tuple(each for each in clause.clauses if not isinstance(each, syntax.LevelClause))
            order = tuple(level.name.text for level in levels)
            yield Part("ladder", clause.name.text, _label(clause), others, order=order)
            for level in levels:
                asks = () if level.when is None else (Asked(level.when),)
                yield Part(
                    "level", level.name.text, _label(level), asks, within=_label(clause), of=clause.name.text
                )
        case _:
            assert_never(clause)


@record
class Written:
    """Something that a header says."""

    text: str


@record
class Steps:
    """What a scenario does, whose order means something."""

    lines: tuple[Any, ...]


@record
class Asked:
    """What a level asks for."""

    condition: syntax.Condition


def _label(clause: Any) -> str:
    return clause.name.text if clause.label is None else str(clause.label.text)
