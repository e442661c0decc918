"""`loyalty check -`: a text that an editor holds, under the name of the file that it will be."""

import io
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from loyalty_dsl import editor
from loyalty_dsl.cli import run
from loyalty_dsl.report.editor_json import Answer, editor_json

PROGRAM = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward five_off {
        price  500 points
        give   $5 off in full
        cost   $5.00 assumed
    }
}
"""
Ran = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Runs a command with a text on its standard input."""

    def with_input(text: str | bytes, *arguments: str) -> tuple[int, str, str]:
        content = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        code = run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return with_input


def test_the_standard_input_is_checked_under_its_name(typed: Ran) -> None:
    wrong = PROGRAM.replace("500 points", "500 pionts")
    code, out, _ = typed(wrong, "check", "-", "--stdin-path", "a.loyalty", "--format", "json")
    outcome = json.loads(out)
    assert code == 1
    assert outcome["files"] == ["a.loyalty"]
    assert {each["file"] for each in outcome["diagnostics"]} == {"a.loyalty"}
    assert typed(PROGRAM, "check", "-")[0] == 0


def test_the_file_that_it_stands_for_is_not_read_beside_it(typed: Ran, tmp_path: Path) -> None:
    program = tmp_path / "corner.loyalty"
    program.write_text("this is not what the editor holds")
    scenario = 'scenario "more" for corner {\n    on 2026-03-01 expect 0 points\n}\n'
    (tmp_path / "more.loyalty").write_text(scenario)
    code, out, _ = typed(PROGRAM, "check", str(tmp_path), "-", "--stdin-path", str(program))
    assert (code, "1 scenario" in out) == (0, True)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (PROGRAM, ("-", "--watch"), "--watch needs files"),
        (PROGRAM, ("-", "--fix"), "--fix needs files"),
        (PROGRAM, ("tests", "--stdin-path", "a"), "--stdin-path names"),
        (b"\xff\xfe", ("-", "--stdin-path", "a.loyalty"), "`a.loyalty` is not text in UTF-8: line 1"),
    ],
)
def test_what_does_not_go_with_it_is_refused(
    typed: Ran, text: str | bytes, arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = typed(text, "check", *arguments)
    assert code == 2
    assert said in err


def test_answers_for_editors_hold_what_their_schema_says() -> None:
    schema = json.loads((files("loyalty_dsl") / "report/schemas/editor.schema.json").read_text())
    text = PROGRAM.replace("1 point", "1 pointt")
    document = editor.open_document({"a.loyalty": text})
    at = text.index("500 points") + 5
    answers: list[Answer] = [
        editor.check_document(document),
        editor.complete(document, at),
        editor.hover(document, at),
        editor.definition(document, at),
        editor.symbols(document),
        editor.hover(document, 10**9),
    ]
    assert all(answers[:5])
    for answer in answers:
        told = json.loads(editor_json(document, answer))
        jsonschema.validate(told, schema)
        assert told["path"] == "a.loyalty"
