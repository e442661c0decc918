"""What scenarios touch of their programs, and what they do not, for a designer and for machines.

Invariant: what was not touched is shown where it is written, one line each, in the order of the files.
"""

from collections.abc import Iterator
from typing import assert_never

from loyalty_dsl.report.style import Style, printable
from loyalty_dsl.report.visible import visible
from loyalty_dsl.testing.coverage import Coverage, Kind, Part

MOST_WORDS = 60
"""Columns of a place's text that are shown."""


def render_coverage(coverage: Coverage, style: Style) -> str:
    """A line for each kind, and one for each part that no scenario touches; no last newline."""
    if not coverage.parts:
        return "coverage: there is nothing to touch"
    whole, share = len(coverage.parts), percent_of(coverage)
    touched = whole - len(coverage.missed)
    rows = [style.paint(f"coverage {share}: {touched} of {whole} parts of the rules are touched", "bold")]
    rows += list(_kinds(coverage))
    for part in coverage.missed:
        place = f"{visible(part.span.source.name)}:{part.span.line}"
        rows.append(f"  {style.paint(place, 'accent')}  {what_is_missed(coverage, part)}")
    return "\n".join(rows)


def percent_of(coverage: Coverage) -> str:
    """The share in whole percent, rounded down, so that 100% is all."""
    return f"{coverage.share * 100 // 1}%"


def _kinds(coverage: Coverage) -> Iterator[str]:
    counts = [(kind.value, *coverage.of_kind(kind)) for kind in Kind]
    shown = [(name, f"{touched} of {there}") for name, touched, there in counts if there]
    wide = max(len(name) for name, _ in shown)
    return (f"  {name:<{wide}}  {count}" for name, count in shown)


def what_is_missed(coverage: Coverage, part: Part) -> str:
    """What no scenario has seen: `limit 25 points per calendar month of Cup: counted, but never reached`."""
    owner, written = printable(part.owner), _written(part)
    match part.kind:
        case Kind.RULE:
            return f"rule {owner}: never paid"
        case Kind.LEVEL:
            return f"level {owner}: never reached"
        case Kind.LIMIT:
            how = (
                "counted, but never reached" if part.key in coverage.counted else "nothing counts against it"
            )
            return f"{written} ({owner}): {how}"
        case Kind.REWARD:
            return f"reward {owner}: never used"
        case Kind.ROW:
            row = ".".join(str(number + 1) for number in part.row)
            return f"row {row} of {owner}, {written}: never the one that counts"
        case Kind.GATE:
            return f'{written} "{owner}": never refused'
        case _:
            assert_never(part.kind)


def _written(part: Part) -> str:
    """The first line of a part as it is written."""
    line = " ".join(printable(part.span.text.split("\n", 1)[0]).split())
    return line if len(line) <= MOST_WORDS else f"{line[: MOST_WORDS - 3]}..."


def coverage_as_data(coverage: Coverage) -> dict[str, object]:
    """The same as plain data; lines count from 1."""
    return {
        "share": float(coverage.share),
        "touched": len(coverage.parts) - len(coverage.missed),
        "parts": len(coverage.parts),
        "kinds": {
            kind.value: dict(zip(("touched", "parts"), coverage.of_kind(kind), strict=True)) for kind in Kind
        },
        "missed": [
            {
                "kind": part.kind.value,
                "of": part.owner,
                "file": part.span.source.name,
                "line": part.span.line,
                "row": [number + 1 for number in part.row],
                "message": what_is_missed(coverage, part),
            }
            for part in coverage.missed
        ],
    }
