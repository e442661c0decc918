"""The programs of a book whose versions replace each other, and what their names stand for (VERSION).

Invariant: a scope of several versions knows every name of all of them; what two versions call alike is what
the newest calls so.
"""

# ruff: noqa: PLR0917 - two versions, each with its numbers

from collections.abc import Sequence
from typing import Any

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import Counted, EarnName, LadderName, ProgramScope, Read, RewardName
from loyalty_dsl.language.checking.succession import Succession, join_versions
from loyalty_dsl.language.checking.transitions import check_transition
from loyalty_dsl.language.checking.turning import Turn
from loyalty_dsl.language.renumbering import Renumbering
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.version_names import versioned


@attrs.define
class Versions:
    """The scopes of a book's programs.

    Attributes:
        programs: by name; of a program with versions the latest one, and each by its number.
        current: those that a command means when it names none; earlier: the versions that were replaced.
    """

    programs: Names[ProgramScope]
    current: list[ProgramScope] = attrs.field(factory=list)
    earlier: list[ProgramScope] = attrs.field(factory=list)


def declare_versions(
    programs: Names[ProgramScope],
    blocks: Sequence[syntax.ProgramBlock],
    scopes: Sequence[ProgramScope],
    findings: Findings,
) -> Versions:
    """Puts all programs of a book in scope, joining the versions that replace each other.

    Args:
        blocks, scopes: each block and the scope that it was checked into.
    """
    versions = Versions(programs)
    of_name: dict[str, list[tuple[syntax.ProgramBlock, ProgramScope]]] = {}
    for block, scope in zip(blocks, scopes, strict=True):
        if block.version is None and scope.replaces is None:
            programs.declare(block.name, scope)
            versions.current.append(scope)
        else:
            of_name.setdefault(block.name.text, []).append((block, scope))
    for name, its in of_name.items():
        _declare_chain(versions, name, its, findings)
    return versions


def _declare_chain(
    versions: Versions,
    name: str,
    its: Sequence[tuple[syntax.ProgramBlock, ProgramScope]],
    findings: Findings,
) -> None:
    """Declares the versions of one program, each joined with those before it."""
    known: dict[int, ProgramScope] = {}
    numbered = sorted(its, key=lambda each: 0 if each[0].version is None else each[0].version.value)
    newest: ProgramScope | None = None
    for block, scope in numbered:
        number = 0 if block.version is None else int(block.version.value)
        if block.version is None or number in known:
            findings.report(
                "L251", block.span,
                f"`{name}` has versions, and this does not say which one it is"
                if block.version is None
                else f"there are two versions {number} of `{name}`",
                secondary=[(known[number].name.span, "the other one")] if number in known else [],
                help=f"write `program {name} version {max(known, default=0) + 1}`",
            )  # fmt: skip
            continue
        joined = scope if scope.replaces is None else _joined(block, scope, known, newest, findings)
        if scope.replaces is None and known:
            findings.report(
                "L251", block.span, f"version {number} of `{name}` does not say which version it replaces",
                help=f"write `replaces version {max(known)} from DATE by purchase date` instead of `starts`",
            )  # fmt: skip
        known[number] = joined
        newest = joined
    if newest is None:
        return
    for number, scope in known.items():
        label = versioned(name, number)
        if scope is not newest:
            scope.name = syntax.Name(label, scope.name.span)
            if scope.program is not None:
                scope.program = attrs.evolve(scope.program, name=label)
            versions.earlier.append(scope)
        versions.programs.include(label, scope, scope.name.span)
    versions.programs.declare(newest.name, newest)
    versions.current.append(newest)


def _joined(
    block: syntax.ProgramBlock,
    scope: ProgramScope,
    known: dict[int, ProgramScope],
    newest: ProgramScope | None,
    findings: Findings,
) -> ProgramScope:
    """The scope of a version together with those before it; its own where that cannot be."""
    replaces = scope.replaces
    assert replaces is not None
    old = known.get(int(replaces.version.value))
    if old is None or old is not newest:
        mine = listed([str(each) for each in known]) if known else "no other"
        findings.report(
            "L251", replaces.version.span,
            f"version {replaces.version.span.text} of `{block.name.text}` is not the one before this: "
            f"there is {mine}",
            help="number the versions in the order in which they came, and give all their files",
        )  # fmt: skip
        return scope
    if old.program is None or scope.program is None:
        return scope
    begins = old.starts if old.replaced_from is None else old.replaced_from
    if begins is not None and replaces.date.day <= begins:
        findings.report(
            "L251", replaces.date.span, "this version begins before the one that it replaces",
            secondary=[(old.name.span, "which begins later")], help="write a later day",
        )  # fmt: skip
        return scope
    turn = _turn(scope, replaces, findings)
    transition = check_transition(old.newest or old.program, scope, replaces, findings)
    if transition is None or turn is None:
        return scope
    succession = join_versions(old.program, scope.program, replaces, transition, turn, findings)
    return scope if succession is None else _scope_of(old, scope, succession)


def _turn(scope: ProgramScope, replaces: Any, findings: Findings) -> Turn | None:
    """The day, and the date that decides: of the event, or a field of one."""
    name, day = replaces.deciding, replaces.date.day
    kinds = scope.events.things()
    if name.text == "event" or any(kind.name == name.text for kind in kinds):
        return Turn(day)
    for kind in kinds:
        field = kind.field(name.text)
        if field is not None and field.kind is Kind.DATE:
            return Turn(day, kind.index, field)
    dates = [field.name for kind in kinds for field in kind.fields if field.kind is Kind.DATE]
    events = [kind.name for kind in kinds if kind.name != "join"]
    findings.report(
        "L251", name.span, f"`{name.text}` is neither an event nor a date of one",
        help=f"write `by {events[0]} date`"
        + (f", or name a date that the event has: {listed(dates, 'or')}" if dates else ""),
    )  # fmt: skip
    return None


# ---- what names stand for


def _scope_of(old: ProgramScope, new: ProgramScope, succession: Succession) -> ProgramScope:
    """The scope of both versions."""
    program, of_old, of_new = succession.program, succession.of_old, succession.of_new
    scope = attrs.evolve(new, starts=program.starts, program=program)
    assert new.replaces is not None
    scope.replaced_from = new.replaces.date.day
    scope.newest = new.program
    friends = {friend.event for friend in program.friend_kinds}
    events = [kind for kind in program.events if kind.index not in friends]
    scope.events = _names(new.events, [(kind.name, kind, kind.span) for kind in events])
    scope.friend_events = [kind for kind in program.events if kind.index in friends]
    scope.item_fields = _names(new.item_fields, [(one.name, one, one.span) for one in program.item_fields])
    scope.member_fields = _names(
        new.member_fields, [(one.name, one, one.span) for one in program.member_fields]
    )
    scope.clocks, scope.counters = list(program.clocks), list(program.counters)
    scope.currencies = _both(
        old.currencies, new.currencies,
        lambda one, numbers: attrs.evolve(one, index=numbers.currencies[one.index]), of_old, of_new,
        {unit.index: unit.name for unit in program.currencies},
    )  # fmt: skip
    scope.rewards = _both(old.rewards, new.rewards, _reward, of_old, of_new,
                          {one.index: one.name for one in program.rewards})  # fmt: skip
    scope.earns = _both(old.earns, new.earns, _earn, of_old, of_new,
                        {one.index: one.name for one in program.earns})  # fmt: skip
    scope.counted = _both(old.counted, new.counted, _counted, of_old, of_new, {})
    scope.ladders = _names(
        new.ladders,
        [
            (
                one.name,
                LadderName(one.name, one.index, tuple(level.name for level in one.levels), one.span),
                one.span,
            )
            for one in program.ladders
        ],
    )
    rules: list[tuple[str, Any, Any]] = []
    for each in (old, new):
        rules += [(name, each.rules.find(name), each.rules.span_of(name)) for name in each.rules]
    rules += [(one.name, one, one.span) for one in program.earns]
    rules += [(one.name, one, one.span) for one in program.rewards]
    scope.rules = _names(new.rules, rules)
    scope.reads = [
        _read(one, numbers) for each, numbers in ((old, of_old), (new, of_new)) for one in each.reads
    ]
    for attribute in ("quantities", "multipliers"):
        places = {
            (numbers.events[event], numbers.fields[each.program.events[event].fields[field]].index)
            for each, numbers in ((old, of_old), (new, of_new))
            if each.program is not None
            for event, field in getattr(each, attribute)
        }
        setattr(scope, attribute, places)
    scope.lost_fields = {}
    return scope


def _names(like: Names[Any], entries: Sequence[tuple[str, Any, Any]]) -> Names[Any]:
    names: Names[Any] = Names(
        like.kind, like.findings, like.unseen, like.owner, like.plurals, dict(like.taken), dict(like.also)
    )
    for name, thing, span in entries:
        names.include(name, thing, span)
    return names


def _both(
    old: Names[Any], new: Names[Any], of: Any, of_old: Renumbering, of_new: Renumbering, named: dict[int, str]
) -> Names[Any]:
    """The things of both versions under the names that the program of both has for them."""
    entries = []
    for names, numbers in ((old, of_old), (new, of_new)):
        for name in names:
            thing = of(names.find(name), numbers)
            called = named.get(getattr(thing, "index", -1), name)
            entries.append((called, attrs.evolve(thing, name=called), names.span_of(name)))
    return _names(new, entries)


def _reward(one: RewardName, numbers: Renumbering) -> RewardName:
    return attrs.evolve(one, index=numbers.rewards[one.index])


def _earn(one: EarnName, numbers: Renumbering) -> EarnName:
    gives = one.gives
    if gives is not None:
        gives = attrs.evolve(gives, index=numbers.currencies[gives.index])
    return attrs.evolve(one, index=numbers.earns[one.index], gives=gives)


def _counted(one: Counted, numbers: Renumbering) -> Counted:
    def terms(of: Any) -> Any:
        return None if of is None else tuple((factor, numbers.counters[each]) for factor, each in of)

    currency = one.currency
    if currency is not None:
        currency = attrs.evolve(currency, index=numbers.currencies[currency.index])
    return attrs.evolve(
        one,
        terms=terms(one.terms),
        divisor=terms(one.divisor),
        counter=None if one.counter is None else numbers.counters[one.counter],
        currency=currency,
    )


def _read(one: Read, numbers: Renumbering) -> Read:
    event = None if one.event is None else numbers.events[one.event]
    return attrs.evolve(one, event=event, field=numbers.fields.get(one.field, one.field))
