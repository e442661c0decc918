"""Every number of a program and a population by a dotted path: `status.gold`, `base.give`.

Invariant: a path stands for one number at one place of the text, and every number that decides something has
one; dates, and the numbers of scenarios, have none. Paths are read off the syntax tree: a clause that is new
to the language has its paths by itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import attrs

from loyalty_dsl.decisions.written import Kind, spelled
from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.syntax.audiences import AudienceBlock
from loyalty_dsl.language.syntax.named_tables import NamedTable
from loyalty_dsl.language.syntax.responses import ResponseClause, ResponseSetting
from loyalty_dsl.language.version_names import newest_versions
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.source import SourceText, Span

Labels = tuple[tuple[str, ...], ...]
"""The parts of a path, each with its other names behind the one that is shown."""

_UNNAMED = {
    "number", "quantity", "money", "percent", "median", "chance", "duration", "count", "members", "value",
    "amount", "term", "when", "plus", "up_to", "of", "test", "tests", "condition", "alternatives", "table",
    "measure", "where", "window", "shares", "counts", "months", "days", "terms", "clauses", "rate", "fees",
}  # fmt: skip
"""Fields of a node whose number is what the node is about, so that it needs no name of its own."""

_DATES = (
    syntax.Dates, syntax.DateLiteral, syntax.MonthDay, syntax.StartsClause, syntax.PeriodClause,
)  # fmt: skip
_REPORTED = ("fitted",)
"""Clauses that report what was found, and decide nothing."""
_AMOUNTS = (
    syntax.GiveFlat, syntax.GivePerMoney, syntax.GivePerField, syntax.GiveShare,
    syntax.GiveOff, syntax.GivePercentOff, syntax.GiveFreeItem, syntax.GiveNothing, syntax.NotOffered,
)  # fmt: skip
_TIMES = ("day", "week", "month", "year")
_CONDITIONS = (syntax.Compares, syntax.Equals)


@attrs.frozen
class NumberPath:
    """One number.

    Attributes:
        path: as it is shown; aliases: what else it may be called.
        unit: what it counts, such as `points`, `months`, `members`; empty where it counts nothing.
        step: between neighbouring values, where somebody looks for one: a cent, a whole point.
        span: of the number; phrase: of all that a longer value replaces, such as `180 days`.
        owner: the program or population that it is in.
    """

    path: str
    aliases: tuple[str, ...]
    kind: Kind
    unit: str
    value: Fraction
    step: Fraction
    span: Span
    phrase: Span
    owner: str

    @property
    def text(self) -> str:
        """The number as it is written, with its unit: `$500`, `180 days`, `2 points per $1`."""
        return " ".join(self.phrase.text.split())

    @property
    def units(self) -> tuple[str, ...]:
        """What may stand behind a value of it: its unit, in the singular or the plural."""
        return (self.unit, *other_numbers(self.unit)) if self.unit else ()

    @property
    def symbol(self) -> str:
        """What stands before an amount of money here."""
        return self.span.text.lstrip("-")[:1] if self.kind is Kind.MONEY else ""

    def told(self, value: str) -> str:
        """A value as a setting writes it, with the unit of a length of time."""
        alone = self.kind is Kind.NUMBER and value.replace(",", "").replace(".", "").isdigit()
        return f"{value} {self.unit}" if alone and self.unit.rstrip("s") in _TIMES else value

    def spelled(self, value: Fraction) -> str:
        """Another value of this number as a rule file writes it."""
        return spelled(value, self.kind, self.symbol)


@attrs.frozen
class _Found:
    """A number of a clause: `labels` come behind the clause's own."""

    labels: Labels
    leaf: syntax.Number | syntax.Money | syntax.Percent
    phrase: Span
    unit: str = ""
    whole: bool = False
    measured: bool = False
    """Whether the last label is only what a condition measures, which a level leaves out."""


def paths_of(sources: Iterable[SourceText]) -> tuple[NumberPath, ...]:
    """Every path of some files, in the order of their text; of one with mistakes, what can be read."""
    return paths_in([parse_file(source)[0] for source in sources])


def paths_in(files: Sequence[syntax.File]) -> tuple[NumberPath, ...]:
    """Every path of some files that were read."""
    found: list[tuple[str, Labels, _Found, str]] = []
    digits = set()
    newest = newest_versions(files)
    for file in files:
        for block in file.blocks:
            if isinstance(block, syntax.ProgramBlock):
                digits |= {
                    _digits(clause) for clause in block.clauses if isinstance(clause, syntax.MoneyClause)
                }
            if isinstance(block, syntax.ProgramBlock | syntax.PopulationBlock):
                name = block.name.text
                label = name
                if isinstance(block, syntax.ProgramBlock) and block.version is not None:
                    replaced = block.version.value < newest[name]
                    label = f"{name}.version_{block.version.value}" if replaced else name
                found += [(label, labels, each, name) for labels, each in _of_block(block)]
    smallest = Fraction(1, 10 ** max(digits, default=2))
    shown = Counter(_joined(labels) for label, labels, _, owner in found if label == owner)
    owned = Counter((label, _joined(labels)) for label, labels, _, _ in found)
    seen: Counter[tuple[str, str]] = Counter()
    paths = []
    for label, labels, each, owner in found:
        path, aliases = _joined(labels), _all_names(labels)
        if owned[label, path] > 1:  # the same name twice in one block: they are numbered
            seen[label, path] += 1
            number = f".{seen[label, path]}"
            path, aliases = path + number, tuple(alias + number for alias in aliases)
        qualified = tuple(f"{label}.{name}" for name in (path, *aliases))
        if label != owner:  # of a version that was replaced
            paths.append(_path(qualified[0], qualified[1:], owner, each, smallest))
        elif shown[_joined(labels)] > owned[label, _joined(labels)]:  # in several blocks: the owner is said
            paths.append(_path(qualified[0], (*qualified[1:], path, *aliases), owner, each, smallest))
        else:
            paths.append(_path(path, (*aliases, *qualified), owner, each, smallest))
    return tuple(paths)


def _digits(clause: syntax.MoneyClause) -> int:
    """Decimals of a money: 2 for USD, none for JPY."""
    return MINOR_DIGITS.get(clause.code.text, 2)


def _path(path: str, aliases: Sequence[str], owner: str, found: _Found, smallest: Fraction) -> NumberPath:
    leaf = found.leaf
    match leaf:
        case syntax.Money():
            kind, step = Kind.MONEY, smallest
        case syntax.Percent():
            kind, step = Kind.PERCENT, Fraction(1, 1000)
        case _:
            kind, step = Kind.NUMBER, Fraction(1) if found.whole else Fraction(1, 100)
    _, _, decimals = leaf.span.text.rstrip("%KMBkmb").partition(".")
    finer = Fraction(1, 10 ** len(decimals)) / (100 if kind is Kind.PERCENT else 1)
    step = min(step, finer) if decimals else step
    return NumberPath(
        path,
        tuple(dict.fromkeys(aliases)),
        kind,
        found.unit,
        leaf.value,
        step,
        leaf.span,
        found.phrase,
        owner,
    )


def _joined(labels: Labels) -> str:
    return ".".join(names[0] for names in labels)


def _all_names(labels: Labels) -> tuple[str, ...]:
    """Every other way to call it; a label that may be left out has an empty name among its own."""
    ways = [""]
    for names in labels:
        ways = [f"{way}.{name}" if way and name else way + name for way in ways for name in names]
    return tuple(way for way in ways[1:] if way != _joined(labels))


# ---- blocks


def _of_block(block: syntax.ProgramBlock | syntax.PopulationBlock) -> Iterator[tuple[Labels, _Found]]:
    plain = []
    for clause in block.clauses:
        match clause:
            case syntax.SegmentBlock(name=name):
                header: Any = clause
                for field in attrs.fields(type(header)):
                    if field.name not in ("traits", "span"):
                        names = (field.name, "") if field.name == "share" else (field.name,)
                        for each in _of_node(getattr(clause, field.name), ()):
                            yield ((name.text,), names, *each.labels), each
                yield from _of_clauses(((name.text,),), clause.traits)
            case syntax.memberships.MembershipBlock() | syntax.menus.MenuBlock():
                kinds = (syntax.memberships.PlanBlock, syntax.menus.Option)
                for part in (each for each in clause.clauses if isinstance(each, kinds)):
                    yield from _of_clauses(((clause.name.text,), (part.name.text,)), part.clauses)
                rest = [each for each in clause.clauses if not isinstance(each, kinds)]
                yield from _of_clauses(((clause.name.text,),), rest)
            case syntax.TiersBlock() | syntax.CurrencyBlock() | syntax.RuleBlock() | syntax.GroupBlock():
                yield from _of_clauses(((clause.name.text,),), clause.clauses)
            case syntax.partners.PartnerBlock() | syntax.challenges.ChallengeBlock() | AudienceBlock():
                yield from _of_clauses(((clause.name.text,),), clause.clauses)
            case NamedTable(name=name, table=table):
                for each in _of_table(table, ()):
                    yield ((name.text,), *each.labels), each
            case syntax.CounterClause(name=name, of=of):
                for each in _of_node(of, ()):
                    yield ((name.text,), *each.labels), each
            case _ if _word(clause) not in _REPORTED:
                plain.append(clause)
    yield from _of_clauses((), plain)


def _of_clauses(block: Labels, clauses: Iterable[Any]) -> Iterator[tuple[Labels, _Found]]:
    """The numbers of a block's clauses; where several clauses have the same word, they are numbered."""
    named = [(_word(clause), tuple(_of_clause(clause)), clause) for clause in clauses]
    told = Counter(word for word, found, _ in named if found)
    seen: Counter[str] = Counter()
    for word, found, clause in named:
        if not found:
            continue
        labels: Labels = (*block, (word,))
        if told[word] > 1:
            seen[word] += 1
            labels = (*labels, (str(seen[word]),))
        if isinstance(clause, syntax.EventTraits):
            yield from ((labels + each.labels, each) for each in found)
            yield from _of_clauses(labels, clause.traits)
            continue
        only = isinstance(clause, syntax.LevelClause) and len(found) == 1
        for each in found:
            own = each.labels
            if only and each.measured:  # `status.gold`; `status.gold.nights` will do as well
                own = (*own[:-1], ("", *own[-1]))
            yield _without_empty(labels + own), each


def _without_empty(labels: Labels) -> Labels:
    """A label that is empty by itself goes, and its names become another way to end the one before."""
    merged: list[tuple[str, ...]] = []
    for names in labels:
        if names[0] or not merged:
            merged.append(names)
        else:
            merged[-1] = (*merged[-1], *(f"{merged[-1][0]}.{name}" for name in names if name))
    return tuple(merged)


def _word(clause: Any) -> str:
    """What a clause is called: its first word, the name of a level or of an event."""
    match clause:
        case syntax.LevelClause(name=name) | syntax.EventTraits(event=name):
            return name.text
        case syntax.GiveTo(to=to):
            return f"give.{to.text}"
        case syntax.Limit(to=to) if to is not None:
            return f"limit.{to.text}"
        case syntax.Table() | syntax.GiveFlat():
            return "give"
        case _:
            found = re.match(r"\w+", clause.span.text)
            return found[0] if found else "number"


def _of_clause(clause: Any) -> Iterator[_Found]:
    match clause:
        case syntax.EventTraits(number=number, unit=unit, spread=spread):
            yield _Found((), number, number.span, f"per {unit.text}")
            if spread is not None:
                yield _Found((("spread",),), spread, spread.span)
        case _ if isinstance(clause, _AMOUNTS):
            yield from _of_amount(clause, (), _behind_word(clause.span))
        case _:
            yield from _of_node(clause, ())


def _behind_word(span: Span) -> Span:
    """A clause without its first word."""
    word = re.match(r"give\s+", span.text)
    return Span(span.source, span.start + word.end(), span.end) if word else span


# ---- within a clause


def _of_node(node: Any, labels: Labels) -> Iterator[_Found]:
    """The numbers in a node, in the order of its fields."""
    if node is None or isinstance(node, _DATES):
        return
    match node:
        case syntax.Number() | syntax.Money() | syntax.Percent():
            if re.match(r"-?[^\w\s]?[\d.]", node.span.text):  # `first purchase` says 1 without a figure
                yield _Found(labels, node, node.span)
        case syntax.Quantity(number=number, unit=unit, span=span):
            yield _Found(labels, number, span, "" if unit is None else unit.text, whole=True)
        case syntax.Duration(count=count, unit=unit, span=span):
            yield _Found(labels, count, span, unit.text, whole=True)
        case syntax.RollingWindow(duration=duration):
            yield from _of_node(duration, (*labels, ("rolling",)))
        case syntax.Table():
            yield from _of_table(node, labels)
        case syntax.Limit(quantity=quantity, window=window, when=when):
            yield from _of_node(quantity, labels)
            yield from _of_node(window, labels)
            yield from _of_node(when, labels)
        case _ if isinstance(node, _CONDITIONS):
            what = (node.measure.name.text,)
            for each in _of_node(node.value, (*labels, what)):
                yield attrs.evolve(each, measured=True, whole=True)
            yield from _of_node(node.measure.window, (*labels, what))
        case _ if isinstance(node, _AMOUNTS):
            yield from _of_amount(node, labels, node.span)
        case syntax.PricePerOff(quantity=quantity, money=money):
            yield from _of_node(quantity, labels)
            yield from _of_node(money, (*labels, ("off",)))
        case tuple():
            yield from _of_several(node, labels)
        case _ if attrs.has(type(node)):
            for field in attrs.fields(type(node)):
                if field.name != "span":
                    named = labels if field.name in _UNNAMED else (*labels, (field.name,))
                    for each in _of_node(getattr(node, field.name), named):
                        yield _counted(each, node, field.name)


def _of_several(nodes: tuple[Any, ...], labels: Labels) -> Iterator[_Found]:
    """The numbers of a list; of pairs, such as `drink 72%`, each by the name before it, or its place."""
    for i, node in enumerate(nodes, 1):
        match node:
            case (syntax.Name() as name, value):
                yield from _of_node(value, (*labels, (name.text,)))
            case (syntax.Number() | syntax.Money() as value, share):
                yield _Found((*labels, (f"value_{i}",)), value, value.span, whole=True)
                yield from _of_node(share, (*labels, (f"share_{i}",)))
            case ResponseClause(name=name, value=value, settings=settings):
                yield from _of_node(value, (*labels, (name.text,)))
                yield from _of_several(settings, (*labels, (name.text,)))
            case ResponseSetting(word=word, value=value):
                yield from _of_node(value, (*labels, (word.text,)))
            case _:
                yield from _of_node(node, labels)


def _counted(found: _Found, node: Any, field: str) -> _Found:
    """A number with what it counts, where its clause says that beside it: members, or so many per month."""
    match node:
        case syntax.StartClause() | syntax.JoinClause() if field == "members":
            return attrs.evolve(found, unit="members", whole=True)
        case syntax.PurchasesTrait(unit=unit) if field == "number":
            return attrs.evolve(found, unit=f"per {unit.text}")
        case _:
            return found


def _of_amount(node: Any, labels: Labels, phrase: Span) -> Iterator[_Found]:
    """The numbers of an amount; a longer value takes the place of the amount as a whole."""
    main = True
    rate = isinstance(node, syntax.GivePerMoney | syntax.GivePerField)
    for field in attrs.fields(type(node)):
        named = labels if field.name in _UNNAMED else (*labels, (field.name,))
        for each in _of_node(getattr(node, field.name), named) if field.name != "span" else ():
            first = attrs.evolve(each, phrase=phrase, whole=each.whole and not rate)
            yield first if main else attrs.evolve(each, phrase=each.leaf.span)
            main = False


def _of_table(table: syntax.Table, labels: Labels) -> Iterator[_Found]:
    for i, row in enumerate(table.rows, 1):
        start: Any = None
        match row.case:
            case syntax.NamesCase(names, _):
                case: tuple[str, ...] = tuple(name.text for name in names)
            case syntax.FromCase(start, _):
                case = (f"row_{i}",)
            case _:
                case = ("others",)
        own = (*labels, case)
        if start is not None and not isinstance(start, syntax.DateLiteral):
            yield _Found((*own, ("from",)), start, start.span, whole=True)
        columns: Sequence[Any] = table.columns or (None,) * len(row.amounts)
        for column, amount in zip(columns, row.amounts, strict=False):
            yield from _of_node(amount, own if column is None else (*own, (column.text,)))
