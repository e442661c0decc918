"""What is said of a name: the line that declares it, and what it is made of.

Invariant: every word is the author's, read off the text as it stands; long ones are cut, and show that.
"""

from typing import Any

from loyalty_dsl.editor.declarations import Declaration, Kind
from loyalty_dsl.language import syntax

_LONGEST = 160
_MOST_LINES = 14


def detail_of(declared: Declaration) -> str:
    """The declaration in a line."""
    match declared.kind:
        case Kind.VALUE:
            return f"a value of `{declared.owner}`"
        case Kind.EVENT_FIELD | Kind.ITEM_FIELD | Kind.MEMBER_FIELD:
            of = {Kind.EVENT_FIELD: f" of {declared.owner}"}.get(declared.kind, f" of {declared.owner}s")
            return one_line(declared.header.text) + ("," + of if declared.owner else "")
        case _:
            return one_line(declared.header.text)


def one_line(text: str) -> str:
    """A text with single blanks, cut where it is long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 3] + "..."


def source_of(declared: Declaration) -> str:
    """The lines that declare it, as they are written, comments left out; long blocks are cut."""
    text = declared.span.source.text
    whole = _whole(declared)
    first = text.rfind("\n", 0, whole[0]) + 1
    indent = text[first : whole[0]] if not text[first : whole[0]].strip() else ""
    lines = [line.removeprefix(indent).rstrip() for line in text[whole[0] : whole[1]].split("\n")]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "    ..."]
    return "\n".join(line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..." for line in lines)


def _whole(declared: Declaration) -> tuple[int, int]:
    """From where through where the text declares it: with its braces, if it has some."""
    text = declared.span.source.text
    start, end = declared.header.start, declared.header.end
    if declared.kind in (Kind.VALUE, Kind.PROGRAM, Kind.POPULATION, Kind.SCENARIO, Kind.STUDY, Kind.SOURCE):
        return start, end
    if isinstance(declared.node, syntax.CounterClause):
        return start, _end_of(declared.node, end)
    depth, at = 0, end
    if not text[end:].lstrip(" \t").startswith("{"):
        return start, end
    for at in range(end, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if text[at] == "}" and depth <= 0:
            return start, at + 1
    return start, end


def _end_of(counter: syntax.CounterClause, end: int) -> int:
    """The end of a counter's line, its filter included."""
    where = counter.of.where if isinstance(counter.of, syntax.CounterMeasure) else None
    return max(end, counter.of.span.end, end if where is None else where.span.end)


def levels_from(ladder: Any, name: str, sign: str) -> tuple[str, ...]:
    """The levels that a comparison with one of them includes, lowest first."""
    levels = [each.name.text for each in ladder.clauses if isinstance(each, syntax.LevelClause)]
    if name not in levels:
        return ()
    at = levels.index(name)
    match sign:
        case ">=":
            return tuple(levels[at:])
        case ">":
            return tuple(levels[at + 1 :])
        case "<=":
            return tuple(levels[: at + 1])
        case "<":
            return tuple(levels[:at])
        case _:
            return (name,)
