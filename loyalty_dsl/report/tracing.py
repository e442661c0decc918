"""Traces: of a scenario, of events that are typed, or of a member in a file of transactions.

Invariant: every stage is imported by the function that needs it; the reference runs each member, so what is
traced is what the reference did.
"""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from loyalty_dsl import __version__
from loyalty_dsl.calendar import day_of
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.witness import Told
from loyalty_dsl.explanation.episodes import episodes_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Happening, Scenario
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.reading import hash_of_file, hash_of_text
from loyalty_dsl.refusals import InputRefused, ProgramRefused
from loyalty_dsl.report.stories import happening_in_words
from loyalty_dsl.report.trace_building import Builder
from loyalty_dsl.report.trace_titles import event_in_words
from loyalty_dsl.report.trace_typed import read_typed
from loyalty_dsl.report.trace_views import TraceView

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.history import History


def trace(
    book: Book,
    transactions: str | os.PathLike[str] | None = None,
    *,
    events: Sequence[str] = (),
    scenario: str | None = None,
    given: Sequence[str] = (),
    on: date | None = None,
    program: str | None = None,
    member: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
    seed: int = 1,
) -> TraceView:
    """What a program does at each event, and why: of events as a scenario writes them, of one member of a
    file of transactions, or of a scenario of the book; of one of these.

    Args:
        book: from `load`; where it holds several programs, name the one that is meant.
        transactions: a file as `replay` reads it, or a folder of `replay(..., state=...)`.
        events: steps of a scenario, such as `purchase $120.00 online`; as of `--event` of `loyalty trace`.
        scenario: the title of a scenario, or how it begins.
        given: what is so before the events, such as `status gold`.
        on: the day of the first event, where it does not say.
        member: the member's id, of a file with several.
        mapping, source, key_file, seed: as of `replay`.

    Raises:
        ProgramRefused: there are mistakes in the events.
        InputRefused: the file cannot be used, or it is not said what to trace.
    """
    if sum((transactions is not None, bool(events), scenario is not None)) != 1:
        raise InputRefused(
            "say what to trace: events, a file of transactions, or a scenario, and one of them"
        )
    if scenario is not None:
        found = find_scenario(book, scenario)
        return trace_scenario(choose_program(book, found.program), found)
    chosen = choose_program(book, program)
    if transactions is not None:
        return trace_file(
            book,
            chosen,
            transactions,
            member,
            mapping=mapping,
            source=source,
            key_file=key_file,
            seed=seed,
        )
    typed = read_typed(book, chosen, events, given, None if on is None else day_of(on))
    if typed.scenario is None:
        raise ProgramRefused(typed.mistakes, book.sources)
    return trace_scenario(chosen, typed.scenario, of="typed events")


def find_scenario(book: Book, title: str) -> Scenario:
    """The scenario with a title, or the only one whose title begins so.

    Raises:
        InputRefused: there is none, or several.
    """
    alike = [each for each in book.scenarios if each.title == title]
    alike = alike or [each for each in book.scenarios if each.title.startswith(title)]
    if len(alike) == 1:
        return alike[0]
    titles = [each.title for each in book.scenarios]
    if alike:
        names = listed([each.title for each in alike[:5]])
        raise InputRefused(f'{len(alike)} scenarios begin with "{title}": {names}', "write more of the title")
    near = nearest(title, titles)
    raise InputRefused(
        f'there is no scenario "{title}"',
        f'did you mean "{near}"?' if near else f"there are {len(titles)}; `loyalty test` lists them",
    )


def trace_scenario(program: Program, scenario: Scenario, of: str | None = None) -> TraceView:
    """The trace of a scenario, whether or not what it expects is so.

    Args:
        program: the one that the scenario names.
        of: what it is called; by default its title.
    """
    from loyalty_dsl.testing.watching import watch_scenario

    told: list[Told] = []
    watch_scenario(program, scenario, told.append)
    written = {
        str(number): happening_in_words(program, step, scenario.names)
        for number, step in enumerate(scenario.steps, 1)
        if isinstance(step, Happening)
    }

    def title(event: Event) -> str:
        return written.get(event.id) or event_in_words(program, event)

    names = (
        ("the member", *scenario.names)
        if scenario.names
        else ("", "a friend", "a second friend", "a third friend")
    )
    builder = Builder(program, title, names)
    source = scenario.span.source
    inputs = {program.span.source.name: program.span.source} | ({} if of else {source.name: source})
    return TraceView(
        program=program,
        of=of or f'scenario "{scenario.title}"',
        member=None,
        version=__version__,
        inputs=tuple((name, hash_of_text(text)) for name, text in inputs.items()),
        seed=None,
        episodes=builder.views(episodes_of(told)),
    )


def trace_file(
    book: Book,
    program: Program,
    transactions: str | os.PathLike[str],
    member: str | None,
    *,
    mapping: str | os.PathLike[str] | None = None,
    source: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
    seed: int = 1,
) -> TraceView:
    """The trace of one member of a file of transactions, as `loyalty replay` reads it, or of a folder that
    `loyalty replay --state` keeps.

    Args:
        book: with the sources.
        program: of the book.
        member: the member's id; of a file with one member it need not be said.
        mapping, source, key_file: as of `replaying.replay`.
        seed: of what is left to chance.

    Raises:
        InputRefused: the file cannot be used, has several members and none is named, or not this one.
    """
    from loyalty_dsl.evaluation.one_member import bring_to, closings_before, connected_with
    from loyalty_dsl.language.left_to_chance import left_to_chance
    from loyalty_dsl.report.stating import holds_a_state, read_events
    from loyalty_dsl.transactions.member_keys import hash_of
    from loyalty_dsl.transactions.ways_to_read import way_to_read

    path = Path(transactions)
    if holds_a_state(path):
        raise InputRefused(
            f"`{path}` is the state of one member, which keeps no events", "name the file with the events"
        )
    way = way_to_read(book, program, mapping=mapping, source=source, key_file=key_file)
    history = read_events(program, path, way, seed, member)
    if member is not None and way.key is not None and member not in history.members:
        member = hash_of(member, way.key)
    index = _member(history, path, member)
    told: list[Told] = []
    closings = closings_before(program, history, seed=seed, engine="compiled")
    bring_to(program, history, index, history.last_day, seed=seed, closings=closings, witness=told.append)
    its = connected_with(history, index)
    names = tuple(str(history.members[each]) for each in its) if len(its) > 1 else ("",)
    builder = Builder(program, lambda event: event_in_words(program, event), names)
    rules = [program.span.source, *([] if way.source is None else [way.source.span.source])]
    files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    return TraceView(
        program=program,
        of=f"member {history.members[index]} of {path}",
        member=str(history.members[index]),
        version=__version__,
        inputs=(
            *dict.fromkeys((text.name, hash_of_text(text)) for text in rules),
            *((str(each), hash_of_file(each)) for each in (*files, *way.files)),
        ),
        seed=seed if left_to_chance(program) else None,
        episodes=builder.views(episodes_of(told)),
    )


def _member(history: "History", path: Path, member: str | None) -> int:
    names: Sequence[str] = [str(each) for each in history.members]
    if member is None:
        if len(names) == 1:
            return 0
        some = listed([f"`{name}`" for name in names[:3]])
        raise InputRefused(
            f"`{path}` has {len(names):,} members, and a trace is of one",
            f"name one with --member, such as {some}" if names else None,
        )
    if member not in names:
        near = nearest(member, list(names))
        raise InputRefused(f"`{path}` has no member `{member}`", f"did you mean `{near}`?" if near else None)
    return names.index(member)
