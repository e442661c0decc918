"""Syntax nodes as short text without spans, so that a test can show a tree in a line."""

from typing import Any

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

BLOCKS = {
    "program": "program shop {{\n{}\n}}\n",
    "currency": "program shop {{\n currency points {{\n{}\n }}\n}}\n",
    "earn": "program shop {{\n earn base {{\n{}\n }}\n}}\n",
    "reward": "program shop {{\n reward base {{\n{}\n }}\n}}\n",
    "member": "program shop {{\n member {{\n{}\n }}\n}}\n",
    "transition": "program shop {{\n transition {{\n{}\n }}\n}}\n",
    "tiers": "program shop {{\n tiers status {{\n{}\n }}\n}}\n",
    "group": "program shop {{\n group offers {{\n{}\n }}\n}}\n",
    "challenge": "program shop {{\n challenge dash {{\n{}\n }}\n}}\n",
    "benefit": "program shop {{\n benefit base {{\n{}\n }}\n}}\n",
    "referral": "program shop {{\n referral base {{\n{}\n }}\n}}\n",
    "partner": "program shop {{\n partner esso {{\n{}\n }}\n}}\n",
    "allowance": "program shop {{\n allowance space {{\n{}\n }}\n}}\n",
    "membership": "program shop {{\n membership plus {{\n{}\n }}\n}}\n",
    "counter": "program shop {{\n counter c = purchases in calendar year {{\n{}\n }}\n}}\n",
    "audience": "program shop {{\n audience lapsing {{\n{}\n }}\n}}\n",
    "returns": "program shop {{\n returns {{\n{}\n }}\n}}\n",
    "event": "program shop {{\n event visit {{\n{}\n }}\n}}\n",
    "population": "population people {{\n{}\n}}\n",
    "segment": "population people {{\n segment all 100% {{\n{}\n }}\n}}\n",
    "segment event": "population people {{\n segment all 100% {{\n event x 1 per day {{\n{}\n }}\n }}\n}}\n",
    "scenario": 'scenario "title" for shop {{\n{}\n}}\n',
    "file": "{}\n",
}
"""A file around a clause of each kind of block."""


def clauses_of(place: str, text: str) -> tuple[Any, ...]:
    """The nodes of the clauses `text` in a block of this kind; there must be no diagnostics."""
    file, found = parse_file(SourceText("test.loyalty", BLOCKS[place].format(text)))
    assert not found, [diagnostic.message for diagnostic in found]
    if place == "file":
        return file.blocks
    (block,) = file.blocks
    inner = _body(block)
    if place in ("program", "population", "scenario"):
        return inner
    return _body(_body(inner[0])[0]) if place == "segment event" else _body(inner[0])


def _body(block: Any) -> tuple[Any, ...]:
    if isinstance(block, syntax.EventBlock):
        return (*block.fields, *block.clauses)
    for name in ("clauses", "traits", "lines", "fields"):
        if hasattr(block, name):
            body: tuple[Any, ...] = getattr(block, name)
            return body
    raise AssertionError(f"{block} has no body")


def as_text(node: Any) -> str:
    """A node without its spans: `RoundClause(half up, rule)`."""
    match node:
        case None:
            return "-"
        case tuple():
            return "[" + ", ".join(as_text(part) for part in node) + "]"
        case syntax.Name():
            return node.text
        case syntax.Text():
            return f'"{node.text}"'
        case syntax.Number():
            return str(node.value)
        case syntax.Money():
            return f"{node.symbol}{node.value}"
        case syntax.Percent():
            return f"{node.value * 100}%"
        case syntax.DateLiteral():
            return format_day(node.day)
        case syntax.YesNo():
            return "yes" if node.value else "no"
        case bool() | int() | str():
            return str(node)
        case _:
            parts = [getattr(node, field.name) for field in attrs.fields(type(node)) if field.name != "span"]
            return f"{type(node).__name__}({', '.join(as_text(part) for part in parts)})"
