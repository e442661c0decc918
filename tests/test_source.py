"""Spans point at the right line and column of any text."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty_dsl.source import SourceText, Span


@given(st.text(alphabet="ab\n\té", max_size=60), st.data())
def test_positions_agree_with_counting_newlines(text: str, data: st.DataObject) -> None:
    source = SourceText("a.loyalty", text)
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset]
    line, column = source.position(offset)
    assert line == before.count("\n") + 1
    assert column == len(before) - (before.rfind("\n") + 1) + 1
    assert source.line(line) == text.split("\n")[line - 1]


def test_a_span_reads_as_file_line_column() -> None:
    source = SourceText("shop.loyalty", "program shop {\n    monney USD\n}\n")
    span = Span(source, 19, 25)
    assert span.text == "monney"
    assert str(span) == "shop.loyalty:2:5"
    assert Span(source, 8, 12).through(span).text == "shop {\n    monney"


def test_lines_end_without_their_newline_on_every_system() -> None:
    source = SourceText("a", "one\r\ntwo\r\n")
    assert [source.line(1), source.line(2), source.line(3)] == ["one", "two", ""]
