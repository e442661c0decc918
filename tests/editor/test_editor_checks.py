"""Findings of unsaved text are those of `loyalty check`, after any edit; and nothing raises on any text."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from loyalty_dsl import editor, pipeline

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))
SHORT = [path for path in PROGRAMS if path.stat().st_size < 14_000]
PIECES = (
    "", " ", "\n", "{", "}", "(", '"', "#", ",", "=", "when ", "give 5 ", "status >= ", "2026-13-01", "5%",
    "each ", "\U0001f600", "é", "\x00", "\r\n", "-", "$1,0000", "purchase", "yes/no", "program x {\n",
    "# allow L203: so",
)  # fmt: skip


def mutated(text: str, luck: random.Random, times: int) -> str:
    """A text with pieces of it cut out or put in."""
    for _ in range(times):
        at = luck.randrange(len(text) + 1)
        upto = min(len(text), at + luck.choice((0, 0, 1, 4, 40)))
        text = text[:at] + luck.choice(PIECES) + text[upto:]
    return text[: luck.randrange(len(text) + 1)] if luck.random() < 0.3 else text


def ask_everything(document: editor.Document, offset: int) -> None:
    for item in editor.complete(document, offset):
        assert 0 <= item.edit.range.start_offset <= item.edit.range.end_offset <= len(document.text)
    hover = editor.hover(document, offset)
    assert hover is None or hover.markdown
    editor.definition(document, offset)


def mutants(seed: int, files: int, times: int) -> Iterator[tuple[str, random.Random]]:
    luck = random.Random(seed)
    for number in range(files):
        path = SHORT[number % len(SHORT)]
        yield mutated(path.read_text(), luck, luck.randrange(times)), luck


def test_nothing_raises_on_any_text() -> None:
    for text, luck in mutants(seed=20, files=20, times=6):
        document = editor.open_document({"a.loyalty": text})
        for _ in range(12):
            ask_everything(document, luck.randrange(-1, len(text) + 3))
        editor.symbols(document)


@pytest.mark.slow
def test_nothing_raises_on_more_texts() -> None:
    for text, luck in mutants(seed=21, files=250, times=12):
        document = editor.open_document({"a.loyalty": text})
        for _ in range(20):
            ask_everything(document, luck.randrange(len(text) + 1))
        editor.symbols(document)
        editor.check_document(document)


def test_findings_are_those_of_a_check_of_the_file(tmp_path: Path) -> None:
    for number, (text, _) in enumerate(mutants(seed=22, files=6, times=4)):
        path = tmp_path / f"{number}.loyalty"
        path.write_text(text, newline="")
        if "\r" in text and "\n" not in text:
            continue
        found = editor.check_text(text, str(path))
        told = pipeline.check_files(path).diagnostics
        assert [(each.code, each.message, each.range.start_offset, each.help) for each in found] == [
            (each.code, each.message, each.span.start, each.help) for each in told
        ]


def verify_edits(paths: Sequence[Path], times: int) -> None:
    """Holds a document after edit upon edit, beside a file that stays as it is, to one opened anew."""
    other = {"more.loyalty": 'scenario "nothing" for nobody {\n    expect 0 points\n}\n'}
    luck = random.Random(23)
    for path in paths:
        document = editor.open_document({path.name: path.read_text(), **other})
        for _ in range(times):
            document = document.edited(mutated(document.text, luck, 1))
            anew = editor.open_document({path.name: document.text, **other})
            assert editor.check_document(document) == editor.check_document(anew)
            assert editor.symbols(document) == editor.symbols(anew)


def test_an_edited_document_is_as_one_opened_anew() -> None:
    verify_edits(SHORT[:4], 2)


@pytest.mark.slow
def test_edited_documents_of_all_programs_are_as_those_opened_anew() -> None:
    verify_edits(PROGRAMS, 4)


def test_findings_have_places_as_editors_count_them() -> None:
    text = '# \U0001f600\nprogram a "\U0001f600" {  money XXX\n}\n'
    found = next(each for each in editor.check_text(text) if "XXX" in text[each.range.start_offset :][:3])
    assert (found.range.start.line, found.range.start.character) == (1, text.split("\n")[1].index("XXX") + 1)
    assert editor.offset_at(text, found.range.start) == found.range.start_offset
    assert editor.position_at(text, found.range.end_offset) == found.range.end


@pytest.mark.parametrize("position", [(0, 99), (9, 0), (-1, -1), (1, 10_000)])
def test_positions_beyond_the_text_are_brought_into_it(position: tuple[int, int]) -> None:
    text = "program a {\n}\n"
    assert 0 <= editor.offset_at(text, editor.Position(*position)) <= len(text)


def test_positions_and_offsets_are_each_others_inverse() -> None:
    text = "a\U0001f600b\r\né\n\n\U0001f600"
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert editor.offset_at(text, editor.position_at(text, offset)) == offset


def test_edits_of_findings_mend_the_text() -> None:
    text = SHORT[0].read_text().replace("        give ", "        giv ", 1)
    found = next(each for each in editor.check_text(text) if each.edits)
    edit = found.edits[0]
    mended = text[: edit.range.start_offset] + edit.text + text[edit.range.end_offset :]
    assert mended == SHORT[0].read_text()
    assert edit.safe in (True, False)


def test_other_files_are_texts_or_paths(tmp_path: Path) -> None:
    program = tmp_path / "program.loyalty"
    program.write_text(SHORT[0].read_text())
    name = editor.symbols(editor.open_document({"a": SHORT[0].read_text()}))[0].name
    text = f'scenario "of the other file" for {name} {{\n    expect 0 unknown\n}}\n'
    by_path = editor.check_text(text, "new.loyalty", [program])
    by_text = editor.check_text(text, "new.loyalty", {str(program): program.read_text()})
    assert by_path == by_text
    assert [each.code for each in by_path if each.path == "new.loyalty"] == ["L505"]
    assert editor.check_text(program.read_text(), str(program), [tmp_path]) == ()
