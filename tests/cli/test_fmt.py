"""`loyalty fmt`: files in place, standard input, what would change; and files that it must not touch."""

import io
import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

UNTIDY = """\
program shop{
money USD
timezone   "UTC" # where the shop is


  starts 2026-01-01 by purchase date}"""
TIDY = """\
program shop {
    money     USD
    timezone  "UTC"    # where the shop is

    starts    2026-01-01 by purchase date
}
"""
BROKEN = "program shop {\n  money USD USD\n}\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.loyalty"
    path.write_text(UNTIDY)
    return path


def test_a_file_is_laid_out_in_place(loyalty: Callable[..., Any], rules: Path) -> None:
    rules.chmod(0o640)
    ran = loyalty("fmt", rules)
    assert (ran.code, ran.out, ran.err) == (0, f"{rules}\n", "1 file laid out\n")
    assert rules.read_text() == TIDY
    assert rules.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in rules.parent.iterdir()] == ["rules.loyalty"]
    ran = loyalty("fmt", rules.parent)
    assert (ran.code, ran.out, ran.err) == (0, "", "1 file is laid out already\n")


def test_a_file_that_is_closed_is_not_replaced(
    loyalty: Callable[..., Any], rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loyalty_dsl.report.mended_files.os.access", lambda *_: False)  # as root may write
    monkeypatch.chdir(rules.parent)
    ran = loyalty("fmt", rules.name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: cannot write `rules.loyalty`: it is read-only\nhelp: no file was written\n"
    assert rules.read_text() == UNTIDY


def test_check_names_what_would_change_and_writes_nothing(loyalty: Callable[..., Any], rules: Path) -> None:
    ran = loyalty("fmt", "--check", rules)
    assert (ran.code, ran.out, ran.err) == (1, f"{rules}\n", "1 file would change\n")
    assert rules.read_text() == UNTIDY


def test_diff_is_a_patch(loyalty: Callable[..., Any], rules: Path) -> None:
    ran = loyalty("fmt", "--diff", rules)
    assert ran.code == 0 and rules.read_text() == UNTIDY
    assert ran.out.startswith(f"--- {rules}\n+++ {rules}\n@@ -1,6 +1,6 @@\n-program shop{{\n")
    assert "\n\\ No newline at end of file\n" in ran.out
    assert loyalty("fmt", "--diff", "--check", rules).code == 1


def test_a_file_with_mistakes_is_left_alone_and_the_others_are_laid_out(
    loyalty: Callable[..., Any], rules: Path
) -> None:
    broken = rules.with_name("broken.loyalty")
    broken.write_text(BROKEN)
    ran = loyalty("fmt", rules.parent)
    assert (ran.code, ran.out) == (1, f"{rules}\n")
    assert "error[L101]" in ran.err and f"{broken}:2:13" in ran.err
    assert ran.err.endswith("1 file laid out, 1 file with mistakes left alone\n")
    assert broken.read_text() == BROKEN and rules.read_text() == TIDY


def test_a_file_that_cannot_be_read_is_bad_usage(loyalty: Callable[..., Any], rules: Path) -> None:
    assert loyalty("fmt", rules, rules.with_name("none.loyalty")).code == 2
    assert rules.read_text() == UNTIDY
    assert loyalty("fmt", rules, "-").code == 2


def test_ends_of_lines_and_a_byte_order_mark_stay(loyalty: Callable[..., Any], rules: Path) -> None:
    rules.write_bytes(b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode())
    assert loyalty("fmt", rules).code == 0
    assert rules.read_bytes() == b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode()
    assert loyalty("fmt", "--check", rules).code == 0


def test_a_link_is_written_through(loyalty: Callable[..., Any], rules: Path) -> None:
    link = rules.with_name("link.loyalty")
    link.symlink_to(rules)
    assert loyalty("fmt", link).code == 0
    assert link.is_symlink() and rules.read_text() == TIDY


@pytest.mark.parametrize(("text", "code", "out"), [(UNTIDY, 0, TIDY), (BROKEN, 1, ""), ("", 0, "")])
def test_standard_input_is_laid_out_on_standard_output(
    loyalty: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, text: str, code: int, out: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = loyalty("fmt", "-")
    assert (ran.code, ran.out) == (code, out)
    assert ("error[" in ran.err) == bool(code)


def test_the_outcome_as_json(loyalty: Callable[..., Any], rules: Path) -> None:
    rules.with_name("broken.loyalty").write_text(BROKEN)
    ran = loyalty("fmt", "--check", "--format", "json", rules.parent)
    outcome = json.loads(ran.out)
    schema = json.loads((files("loyalty_dsl") / "report/schemas/fmt.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(outcome)
    assert (ran.code, outcome["written"], rules.read_text()) == (1, False, UNTIDY)
    assert [(file["changes"], len(file["diagnostics"])) for file in outcome["files"]] == [
        (False, 1),
        (True, 0),
    ]


def test_standard_input_with_line_ends_of_long_ago_is_refused(
    loyalty: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a comment on the first line would hold all the rest."""
    text = "# a note\nprogram shop {\n}\n".replace("\n", "\r")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = loyalty("fmt", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "one long line" in ran.err
