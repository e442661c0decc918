"""Events that are typed on a command line, read as the steps of a scenario.

Invariant: a mistake is told of in the text that was typed, with a caret under it, and nothing is run then.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.diagnostics import Diagnostic, Label
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.language.syntax import File
from loyalty_dsl.language.types import Kind
from loyalty_dsl.refusals import InputRefused, quoted_for_a_shell
from loyalty_dsl.source import SourceText, Span

_TITLE = "what was typed"
_DATED = re.compile(r"\s*on\s+(\d{4}-\d{2}-\d{2})\b")

_EXPECTS = re.compile(r"\s*(?:on\s+\S+\s+)?expect\b")
_NOT_GIVEN = re.compile(r"`(\w+)` is not given")
_BEHIND = re.compile(r"\s+(redeeming\b|\{).*$", re.DOTALL)


@attrs.frozen
class Typed:
    """What was typed: a scenario of it, or the mistakes in it.

    Attributes:
        assumed: yes/no fields that were not given and are taken as no.
    """

    scenario: Scenario | None
    mistakes: tuple[Diagnostic, ...] = ()
    assumed: tuple[str, ...] = ()


@attrs.frozen
class _Line:
    text: str
    option: str


def read_typed(
    book: Book, program: Program, events: Sequence[str], given: Sequence[str], day: int | None
) -> Typed:
    """Reads events and what is given before them.

    Args:
        events: each as behind `on DATE` in a scenario, or with that; one without a date is on the day of the
            one before it. What stands behind `with` there may be said shortly: `purchase $120.00 online`.
        given: each as behind `given` in a scenario.
        day: of the first event, where it does not say; the second day of the program by default.
    """
    _verify_typed("--event", events)
    _verify_typed("--given", given)
    date = format_day(program.starts + 1 if day is None else day)
    lines = [_Line(f"given {_without(text, 'given')}", "--given") for text in given]
    for text in events:
        found = _DATED.match(text)
        date = found.group(1) if found else date
        whole = text.strip() if found else f"on {date} {text.strip()}"
        lines.append(_Line(_written_out(program, whole), "--event"))
    typed, lacking = _read(book, program, lines)
    assumed = dict.fromkeys(name for _, name in lacking)
    if not assumed:
        return typed
    for number, name in lacking:
        lines[number] = attrs.evolve(lines[number], text=_with(lines[number].text, f"{name} no"))
    typed, _ = _read(book, program, lines)
    return attrs.evolve(typed, assumed=tuple(f"{name} is no" for name in assumed))


def _verify_typed(option: str, texts: Sequence[str]) -> None:
    """Refuses what is no step alone, and would be read as several or as none.

    Raises:
        InputRefused: with what to write.
    """
    for text in texts:
        if not text.strip():
            such = "purchase $120.00" if option == "--event" else "500 points"
            raise InputRefused(f"{option} is empty", f"write {option} '{such}'")
        if "\n" in text.strip() and "{" not in text:
            raise InputRefused(f"{option} takes one line, and this has several", f"repeat {option} for each")
        if option == "--event" and _EXPECTS.match(text):
            raise InputRefused(
                "`expect` tests, and a trace shows", "leave it out, or write it in a scenario of a rule file"
            )


def _read(book: Book, program: Program, lines: Sequence[_Line]) -> tuple[Typed, list[tuple[int, str]]]:
    """What lines say, and the yes/no fields that they lack: the line and the name of each."""
    body = "".join(f"{line.text}\n" for line in lines)
    source = SourceText("--event", f'scenario "{_TITLE}" for {program.name} {{\n{body}expect refused\n}}\n')
    files: list[File] = []
    diagnostics: list[Diagnostic] = []
    for each in (*book.sources, source):
        file, found_in_it = parse_file(each)
        files.append(file)
        diagnostics += found_in_it
    checked, more = check_book(files, diagnostics)
    mistakes = [each for each in (*diagnostics, *more) if each.is_error and each.span.source is source]
    if checked is None or mistakes:
        unsaid = {field.name for kind in program.events for field in kind.fields if field.kind is Kind.YES_NO}
        lacking = [
            (number, found.group(1))
            for each in mistakes
            if each.code == "L503" and (found := _NOT_GIVEN.match(each.message)) and found.group(1) in unsaid
            if (number := _line_at(source, lines, each.span)) is not None
        ]
        return Typed(None, tuple(_in_its_line(each, source, lines) for each in mistakes)), lacking
    return Typed(next(each for each in checked.scenarios if each.span.source is source)), []


def _with(text: str, words: str) -> str:
    """A step with one more value behind `with`."""
    behind = _BEHIND.search(text)
    head, tail = (text, "") if behind is None else (text[: behind.start()], text[behind.start() :])
    return f"{head}{', ' if ' with ' in head else ' with '}{words}{tail}"


def _written_out(program: Program, text: str) -> str:
    """A step whose last words are values alone, written out: `online` as `with online yes`, and `mobile` as
    `with channel mobile` where one field alone can be that. As it is where that does not fit."""
    step, brace, items = text.partition("{")
    words = step.split()
    kind = next((each for each in program.events if each.name in words), None)
    if kind is None or "with" in words:
        return text
    start = words.index(kind.name) + 1
    while start < len(words) and not words[start][0].isalpha():
        start += 1
    behind, said, left = words[start:], list[str](), list[str]()
    while behind:
        word = behind.pop(0).rstrip(",")
        field = kind.field(word)
        of = [each for each in kind.fields if word in each.values]
        if field is not None and field.kind is Kind.YES_NO and behind[:1] not in (["yes"], ["no"]):
            said.append(f"{word} yes")
        elif field is not None and behind:
            said.append(f"{word} {behind.pop(0).rstrip(',')}")
        elif len(of) == 1:
            said.append(f"{of[0].name} {word}")
        else:
            left = [word, *behind]
            break
    if not said:
        return text
    head = " ".join(words[:start])
    return " ".join([head, "with", ", ".join(said), *left, *([brace + items] if brace else [])])


def _without(text: str, word: str) -> str:
    return text.strip().removeprefix(f"{word} ")


def _in_its_line(diagnostic: Diagnostic, source: SourceText, lines: Sequence[_Line]) -> Diagnostic:
    """A mistake as of the text alone in which it is."""

    def moved(label: Label) -> Label:
        number = _line_at(source, lines, label.span)
        if number is None:
            return label
        alone, begins = SourceText(lines[number].option, lines[number].text), _starts(source, lines)[number]
        start, end = (min(len(alone.text), at - begins) for at in (label.span.start, label.span.end))
        return attrs.evolve(label, span=Span(alone, start, end))

    return attrs.evolve(
        diagnostic,
        help=_help_of(diagnostic),
        primary=moved(diagnostic.primary),
        secondary=tuple(moved(label) for label in diagnostic.secondary),
        edit=None,
    )


def _help_of(diagnostic: Diagnostic) -> str | None:
    """The help for a mistake, in words for what is typed on a command line."""
    here = diagnostic.span
    if diagnostic.code == "L101" and diagnostic.message.startswith("expected an amount of money such as `$"):
        return f"write the event {quoted_for_a_shell(f'purchase ${here.text}')}"
    if diagnostic.code == "L503" and diagnostic.message.startswith("`time` "):
        return "the event may begin with its day and time: --event 'on 2026-03-01 14:30 purchase $20.00'"
    return diagnostic.help


def _starts(source: SourceText, lines: Sequence[_Line]) -> list[int]:
    """Where each line begins in the text that is read."""
    head = source.text.index("\n") + 1
    return list(accumulate((len(line.text) + 1 for line in lines), initial=head))


def _line_at(source: SourceText, lines: Sequence[_Line], span: Span) -> int | None:
    """The line in which a span begins; `None` where it is in none of them."""
    if span.source is not source:
        return None
    number = bisect_right(_starts(source, lines), span.start) - 1
    return number if 0 <= number < len(lines) else None
