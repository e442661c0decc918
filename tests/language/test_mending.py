"""Edits applied: they mend, never make worse, and come to an end."""

from collections.abc import Iterator, Sequence

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.diagnostics import Diagnostic, Edit, Label, Severity
from loyalty_dsl.language.codes import CODES, Code
from loyalty_dsl.language.mending import apply_edits, errors_of, mend
from loyalty_dsl.source import SourceText, Span

WITH_EXAMPLE = [code for code in CODES.values() if code.example is not None]


def check(text: str) -> pipeline.Checked:
    return pipeline.check_sources([SourceText("a.loyalty", text)])


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.code)
def test_a_safe_edit_removes_its_diagnostic_and_adds_no_error(code: Code) -> None:
    assert code.example is not None
    before = check(code.example.bad_file())
    safe = [found for found in before.diagnostics if found.edit is not None and found.edit.safe]
    for found in safe:
        assert found.edit is not None
        after = pipeline.check_sources(apply_edits(before.sources, [found.edit]))
        left = [(each.code, each.message) for each in after.diagnostics]
        told = [(each.code, each.message) for each in before.diagnostics]
        assert left.count((found.code, found.message)) == told.count((found.code, found.message)) - 1
        assert errors_of(after) <= errors_of(before) - found.is_error


@attrs.frozen
class Words:
    """A check of texts of words: each line in `WRONG` is a finding with an edit."""

    sources: tuple[SourceText, ...]
    diagnostics: tuple[Diagnostic, ...]


WRONG = {"a": "b", "grows": "bad\nbad", "flips": "flops", "flops": "flips", "bad": None, "odd": "even"}


def read(sources: Sequence[SourceText]) -> Words:
    return Words(tuple(sources), tuple(found for source in sources for found in words_of(source)))


def words_of(source: SourceText) -> Iterator[Diagnostic]:
    at = 0
    for word in source.text.split("\n"):
        span = Span(source, at, at + len(word))
        at += len(word) + 1
        if word in WRONG:
            instead = WRONG[word]
            edit = None if instead is None else Edit(span, instead, safe=word != "odd")
            yield Diagnostic("L101", Severity.ERROR, word, Label(span), edit=edit)


def mended(text: str, *, unsafe: bool = False) -> tuple[str, int, list[str]]:
    result = mend(read([SourceText("a", text.replace(" ", "\n"))]), read, unsafe=unsafe)
    (source,) = result.outcome.sources
    return source.text.replace("\n", " "), result.edits, [found.message for found in result.refused]


def test_edits_are_applied_until_nothing_is_left() -> None:
    assert mended("x a y a") == ("x b y b", 2, [])


def test_an_unsafe_edit_waits_to_be_asked_for() -> None:
    assert mended("odd a") == ("odd b", 1, [])
    assert mended("odd a", unsafe=True) == ("even b", 2, [])


def test_an_edit_that_brings_more_errors_is_refused_alone() -> None:
    assert mended("a grows a x a") == ("b grows b x b", 3, ["grows"])


def test_edits_that_undo_each_other_come_to_an_end() -> None:
    text, _, refused = mended("a flips")
    assert text in ("b flips", "b flops")
    assert refused


def test_of_edits_that_overlap_the_first_is_applied() -> None:
    source = SourceText("a", "one two")
    (after,) = apply_edits([source], [Edit(Span(source, 0, 3), "1")])
    assert after.text == "1 two"
    spans = [Span(source, 0, 3), Span(source, 2, 7)]
    found = [
        Diagnostic("L101", Severity.ERROR, "x", Label(span), edit=Edit(span, "y", safe=True))
        for span in spans
    ]
    result = mend(Words((source,), tuple(found)), read)
    assert [each.text for each in result.outcome.sources] == ["y two"]
