"""What people write in a source before they know its words: one mistake each, and what is meant instead."""

import pytest

from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ('item "Price" * "Quantity"', "write `x`"),
        ('basket "Total" - "Tax"', "write `less`"),
        ('basket "Total" + "Tip"', "write `plus`"),
        ('skip when "Status" is "a" or "b" or "c"', 'write `is one of "a", "b", "c"`'),
        ('skip when "Status" is not "a" or "b"', 'write `is one of "a", "b"`'),
        ('skip when "Cancelled at" present', 'such a line reads `skip when "Cancelled at" is present`'),
        ('fields channel "Source"', "did you mean `field`?"),
        ('event "Name"', 'such a line reads `event "Name" at "Created at"`'),
        ("read xlsx", "such a line reads `read csv, one row per item, blanks repeat the order above`"),
    ],
)
def test_one_mistake_and_what_is_meant(line: str, help_: str) -> None:
    text = f'source orders {{\n    {line}\n    member "Email"\n}}\n'
    file, found = parse_file(SourceText("orders.loyalty", text))
    assert [(each.span.line, each.help) for each in found] == [(2, help_)]
    assert len(file.blocks) == 1
