"""What differs between two sets of rule files, as a plan to read: `+` comes, `-` goes, `~` changes.

Invariant: nothing that a user wrote reaches the output unfiltered, and what is folded is counted.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from loyalty_dsl.explanation.differences import Difference, Differences, Line
from loyalty_dsl.explanation.terms.differences import TermsChange
from loyalty_dsl.language.changes import MARKS, How
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.visible import visible

MOST_LINES = 12
MOST_SCENARIOS = 8
_ROLES = {How.CHANGED: "warning", How.ADDED: "good", How.REMOVED: "error"}
_GAP = 4
_WIDEST = 60
"""Columns of a line up to which what it does stands in one column behind it."""

NOTHING = "Nothing differs in meaning."


def render_differences(found: Sequence[Differences], style: Style, *, whole: bool = False) -> str:
    """The plan as lines without a last newline.

    Args:
        whole: whether long parts and scenarios are shown in full.
    """
    if not found:
        return NOTHING
    return "\n\n".join("\n".join(_subject_lines(each, style, whole)) for each in found)


def differences_markdown(found: Sequence[Differences], *, whole: bool = False) -> str:
    """The plan as a comment for a pull request."""
    if not found:
        return f"**{NOTHING}**\n"
    told = []
    for each in found:
        told.append(f"**{_fenceless(headline(each))}**\n")
        lines = [
            line.removeprefix("  ") for part in _shown(each, whole) for line in _difference(part, None, whole)
        ]
        lines += [line.removeprefix("  ") for line in _scenario_lines(each, None, whole)]
        if lines:
            told.append("\n".join(["```diff", *(_fenceless(_diffed(line)) for line in lines), "```", ""]))
    return "\n".join(told)


def render_terms_changes(changes: Sequence[TermsChange], style: Style) -> str:
    """What members read otherwise, as lines without a last newline."""
    if not changes:
        return "Members read the same."
    rows = [style.paint("what members read", "bold")]
    for change in changes:
        rows += ["", f"  {visible(change.title)}"]
        rows += [style.paint(f"      - {visible(line)}", "error") for line in change.gone]
        rows += [style.paint(f"      + {visible(line)}", "good") for line in change.come]
    return "\n".join(rows)


def terms_changes_markdown(changes: Sequence[TermsChange]) -> str:
    """The same as a part of a comment for a pull request."""
    rows = []
    for change in changes:
        rows += [
            f"  {change.title}",
            *(f"- {line}" for line in change.gone),
            *(f"+ {line}" for line in change.come),
        ]
    return "\n".join(
        ["**What members read**\n", "```diff", *(_fenceless(visible(row)) for row in rows), "```", ""]
    )


def headline(each: Differences) -> str:
    """`corner: 2 rules changed, 1 level added`."""
    return f"{visible(each.subject) or 'beside the rules'}: {each.summary}"


def _subject_lines(each: Differences, style: Style, whole: bool) -> Iterator[str]:
    yield style.paint(headline(each), "bold")
    for part in _shown(each, whole):
        yield ""
        yield from _difference(part, style, whole)
    scenarios = list(_scenario_lines(each, style, whole))
    if scenarios:
        yield ""
        yield from scenarios


def _shown(each: Differences, whole: bool) -> list[Difference]:
    return [part for part in each.parts if whole or part.what != "scenario"]


def _difference(part: Difference, style: Style | None, whole: bool) -> Iterator[str]:
    """A part and what differs in it, in columns; without a style as plain as it gets."""
    yield _painted(f"  {MARKS[part.how]} {_title(part)}", _ROLES[part.how], style)
    limit = len(part.lines) if whole else MOST_LINES
    lines = part.lines[:limit]
    texts = [_text(line) for line in lines if line.consequence]
    wide = max((len(text) for text in texts if len(text) <= _WIDEST), default=0)
    for explained, run in groupby(lines, key=lambda line: line.consequence is not None):
        for one in ([line] for line in run) if explained else [list(run)]:
            for line in one:
                if line.old is not None:
                    yield _painted(f"      - {_under(line)}{visible(line.old)}", "error", style)
            for line in one:
                if line.new is not None:
                    said = f"{'':{_GAP}}# {line.consequence}" if line.consequence else ""
                    text = f"      + {_text(line):{wide if said else 0}}"
                    yield _painted(text, "good", style) + _painted(said, "dim", style)
    if len(part.lines) > limit:
        yield f"        and {len(part.lines) - limit} more lines"
    if part.read_by:
        yield f"        read by {visible(', '.join(part.read_by))}"


def _title(part: Difference) -> str:
    within = f" of {visible(part.within)}" if part.within else ""
    label = f" {visible(part.label)}" if part.label else ""
    if part.was and part.label == part.name:  # a scenario, whose name is what is shown already
        return f"{part.what}{label}{within}, before: {visible(part.was)}"
    was = f", renamed from {visible(part.was)} to {visible(part.name)}" if part.was else ""
    return f"{part.what}{label}{within}{was}"


def _text(line: Line) -> str:
    return f"{_under(line)}{visible(line.new or '')}"


def _under(line: Line) -> str:
    return "".join(f"{visible(case)}: " for case in line.under)


def _scenario_lines(each: Differences, style: Style | None, whole: bool) -> Iterator[str]:
    """The scenarios by title, where they are not shown in full."""
    folded = [part for part in each.parts if part.what == "scenario"]
    if whole:
        return
    for part in folded[:MOST_SCENARIOS]:
        yield _painted(f"  {MARKS[part.how]} {_title(part)}", _ROLES[part.how], style)
    if len(folded) > MOST_SCENARIOS:
        yield f"    and {len(folded) - MOST_SCENARIOS} more scenarios; --all shows every line"


def _painted(text: str, role: str, style: Style | None) -> str:
    return text if style is None else style.paint(text, role)


def _diffed(line: str) -> str:
    """A line whose mark stands first, where a diff in Markdown is coloured by it."""
    mark = line.lstrip()[:1]
    return f"{mark}{line[1:].replace(mark, ' ', 1)}" if mark in "+-" and line[:1] == " " else line


def _fenceless(text: str) -> str:
    return text.replace("```", "'''")
