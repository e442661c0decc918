"""What differs between two versions of a program, part by part, in the words of its files.

Invariant: parts are compared by what they say, never by where they stand: spans, indices, comments, layout,
the order of clauses and the labels that people read are no change. Parts belong together by kind and name, so
a part that was renamed is one removed and one added.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import Any, assert_never

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax.versions import ReplacesClause, TransitionBlock
from loyalty_dsl.source import Span


class How(Enum):
    """What became of a part; the value is the word for it."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


MARKS = {How.CHANGED: "~", How.ADDED: "+", How.REMOVED: "-"}


@attrs.frozen
class Detail:
    """A clause or a row before and after, as written; `None` where there is none."""

    old: str | None
    new: str | None


@attrs.frozen
class Change:
    """One part that differs.

    Attributes:
        what: its kind, as one says it: `rule`, `level`.
        name: as written; label: as people read it.
        within: the label of the ladder of a level; empty otherwise.
        details: what differs in a part that changed.
    """

    how: How
    what: str
    name: str
    label: str
    within: str
    details: tuple[Detail, ...]


def changes_between(old: Program, new: Program) -> tuple[Change, ...]:
    """Every part that differs, in the order of the new program, and then what was removed."""
    before, after = _parts_of(old), _parts_of(new)
    found: list[Change] = []
    for key, part in after.items():
        if key not in before:
            found.append(_change(How.ADDED, part))
        elif details := tuple(_details(before[key], part)):
            found.append(attrs.evolve(_change(How.CHANGED, part), details=details))
    found += [_change(How.REMOVED, part) for key, part in before.items() if key not in after]
    return tuple(found)


def summary_of(changes: Iterable[Change]) -> str:
    """How many parts of each kind differ: `2 rules changed, 1 level added`."""
    counts: dict[tuple[str, How], int] = {}
    for change in changes:
        key = (change.what, change.how)
        counts[key] = counts.get(key, 0) + 1
    told = []
    for (what, how), count in counts.items():
        noun = what if count == 1 else _PLURALS.get(what, what + "s")
        told.append(f"{count} {noun} {how.value}")
    return ", ".join(told) or "nothing changed"


# ---- parts


@attrs.frozen
class _Part:
    """Attributes:
    clauses: what it consists of, in any order.
    order: names whose order means something.
    """

    what: str
    name: str
    label: str
    clauses: tuple[Any, ...]
    within: str = ""
    order: tuple[str, ...] = ()


_WORDS = {"earn": "rule"}
_PLURALS = {"currency": "currencies", "set of fields": "sets of fields"}


def _parts_of(program: Program) -> dict[tuple[str, str, str], _Part]:
    """By kind, ladder and name."""
    file, _ = parse_file(program.span.source)
    block = next(
        block
        for block in file.blocks
        if isinstance(block, syntax.ProgramBlock) and block.span.start == program.span.start
    )
    parts = [part for clause in block.clauses for part in _parts_in(clause)]
    rewards = tuple(reward.name for reward in program.rewards)
    parts.append(_Part("order of rewards", "", "in which they are offered", (), order=rewards))
    return {(part.what, part.within, part.name): part for part in parts}


def _parts_in(clause: syntax.ProgramClause) -> Iterator[_Part]:
    match clause:
        case syntax.MoneyClause():
            yield _Part("setting", "money", "money", (clause,))
        case syntax.TimezoneClause():
            yield _Part("setting", "timezone", "timezone", (clause,))
        case TransitionBlock(clauses=clauses):
            yield _Part("transition", "", "", clauses)
        case syntax.StartsClause() | ReplacesClause():
            yield _Part("setting", "starts", "starts", (clause,))
        case syntax.PeriodClause():
            yield _Part("period", clause.name.text, clause.name.text, (clause.unit, clause.start))
        case syntax.MemberBlock():
            yield _Part("set of fields", "member", "of members", clause.fields)
        case syntax.ItemBlock():
            yield _Part("set of fields", "item", "of items", clause.fields)
        case syntax.EventBlock():
            written = (*clause.fields, *clause.clauses)
            yield _Part("event", clause.name.text, clause.name.text, written)
        case syntax.CurrencyBlock():
            kind = () if clause.in_money else (_Written("counted"),)
            yield _Part("currency", clause.name.text, _label(clause), (*clause.clauses, *kind))
        case syntax.CounterClause():
            yield _Part("counter", clause.name.text, _label(clause), (clause.of,))
        case syntax.named_tables.NamedTable():
            yield _Part("table", clause.name.text, clause.name.text, (clause.table,))
        case syntax.GroupBlock():
            yield _Part("group", clause.name.text, _label(clause), clause.clauses)
        case syntax.menus.MenuBlock():
            options = [each for each in clause.clauses if isinstance(each, syntax.menus.Option)]
            grants = tuple(each for each in clause.clauses if not isinstance(each, syntax.menus.Option))
            listed = tuple(option.name.text for option in options)
            yield _Part("menu", clause.name.text, _label(clause), grants, order=listed)
            for option in options:
                yield _Part(
                    "option", option.name.text, option.name.text, option.clauses, within=_label(clause)
                )
        case syntax.challenges.ChallengeBlock():
            yield _Part("challenge", clause.name.text, _label(clause), clause.clauses)
        case syntax.RuleBlock():
            word = _WORDS.get(clause.word.text, clause.word.text)
            yield _Part(word, clause.name.text, _label(clause), clause.clauses)
        case syntax.partners.PartnerBlock():
            yield _Part("partner", clause.name.text, _label(clause), clause.clauses)
        case syntax.allowances.AllowanceBlock():
            yield _Part("allowance", clause.name.text, _label(clause), clause.clauses)
        case syntax.audiences.AudienceBlock():
            yield _Part("audience", clause.name.text, _label(clause), clause.clauses)
        case syntax.populations.RunsClause():
            yield _Part("setting", "runs", "running cost", (clause,))
        case syntax.programs.RunsPerActive():
            yield _Part("setting", "runs per active member", "running cost per active member", (clause,))
        case syntax.memberships.MembershipBlock():
            yield _Part("membership", clause.name.text, _label(clause), clause.clauses)
        case syntax.ReturnsBlock():
            yield _Part("rule for returns", "", "", clause.clauses)
        case syntax.TiersBlock():
            levels = [each for each in clause.clauses if isinstance(each, syntax.LevelClause)]
            others = tuple(each for each in clause.clauses if not isinstance(each, syntax.LevelClause))
            order = tuple(level.name.text for level in levels)
            yield _Part("ladder", clause.name.text, _label(clause), others, order=order)
            for level in levels:
                asks = () if level.when is None else (_When(level.when),)
                yield _Part("level", level.name.text, _label(level), asks, within=_label(clause))
        case _:
            assert_never(clause)


@attrs.frozen
class _Written:
    """Something that a header says."""

    text: str


@attrs.frozen
class _When:
    """What a level asks for."""

    condition: syntax.Condition


def _label(clause: Any) -> str:
    return clause.name.text if clause.label is None else str(clause.label.text)


def _change(how: How, part: _Part) -> Change:
    return Change(how, part.what, part.name, part.label, part.within, ())


# ---- what differs


def _details(old: _Part, new: _Part) -> Iterator[Detail]:
    gone, come = _left_over(old.clauses, new.clauses), _left_over(new.clauses, old.clauses)
    kinds = dict.fromkeys(type(clause) for clause in (*come, *gone))
    for kind in kinds:
        pairs = zip_longest(
            (clause for clause in gone if type(clause) is kind),
            (clause for clause in come if type(clause) is kind),
        )
        for before, after in pairs:
            yield from _lines_that_differ(_lines(before), _lines(after))
    both = set(old.order) & set(new.order)
    was, now = ([name for name in order if name in both] for order in (old.order, new.order))
    if was != now:
        yield Detail(", ".join(was), ", ".join(now))


def _left_over(clauses: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """The clauses that say something that no other clause says, each of which counts once."""
    said = [_meaning(other) for other in others]
    left = []
    for clause in clauses:
        meaning = _meaning(clause)
        if meaning in said:
            said.remove(meaning)
        else:
            left.append(clause)
    return left


def _meaning(thing: Any) -> Any:
    """A tree without its places."""
    if isinstance(thing, tuple):
        return tuple(_meaning(each) for each in thing)
    if attrs.has(type(thing)):
        values = (getattr(thing, field.name) for field in attrs.fields(type(thing)))
        return (type(thing).__name__, *(_meaning(value) for value in values if not isinstance(value, Span)))
    return thing


_BEFORE_COMMENT = re.compile(r'(?:[^"#]|"[^"]*"?)*')


def _lines(clause: Any) -> list[str]:
    """A clause as it is written, line by line; nothing of one that is not there."""
    if clause is None:
        return []
    if isinstance(clause, _Written):
        return [clause.text]
    spans = list(_spans(clause))
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    text = Span(spans[0].source, first, last).text
    lines = [" ".join(_BEFORE_COMMENT.match(line)[0].split()) for line in text.splitlines()]  # type: ignore[index]
    if isinstance(clause, _When):
        lines[0] = f"when {lines[0]}"
    return [line for line in lines if line not in ("", "}")]


def _spans(thing: Any) -> Iterator[Span]:
    if isinstance(thing, Span):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _spans(each)
    elif attrs.has(type(thing)):
        for field in attrs.fields(type(thing)):
            yield from _spans(getattr(thing, field.name))


def _lines_that_differ(old: Sequence[str], new: Sequence[str]) -> Iterator[Detail]:
    for tag, first, end, first_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            for before, after in zip_longest(old[first:end], new[first_new:end_new]):
                yield Detail(before, after)
