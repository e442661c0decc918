"""`loyalty check` as a user meets it."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

RIGHT = """\
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
WRONG = RIGHT.replace("per $1", "per $1\n        when   paymnt is cash")

Command = Callable[..., Any]


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "right.loyalty"
    path.write_text(RIGHT)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.loyalty"
    path.write_text(WRONG)
    return path


def test_a_fine_file_says_what_is_in_it(loyalty: Command, right: Path) -> None:
    ran = loyalty("check", right)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 file fine: 1 program\n"


def test_a_mistake_is_shown_at_its_place_and_ends_with_1(loyalty: Command, wrong: Path) -> None:
    ran = loyalty("check", wrong)
    assert ran.code == 1
    assert f"--> {wrong}:14:16" in ran.out
    assert "14 |         when   paymnt is cash\n" in ran.out
    assert "   |                ^^^^^^" in ran.out
    assert ran.out.splitlines()[-1] == "1 error in 1 file"


def test_a_warning_alone_ends_with_0(loyalty: Command, right: Path) -> None:
    right.write_text(RIGHT[: RIGHT.index("    reward")] + "}\n")  # points that nothing can be bought with
    ran = loyalty("check", right)
    assert ran.code == 0
    assert ran.out.startswith("warning[L")
    assert ran.out.splitlines()[-1] == "1 file fine but for 1 warning: 1 program"


def test_there_is_no_colour_off_a_terminal(loyalty: Command, wrong: Path) -> None:
    assert "\x1b" not in loyalty("check", wrong).out


def test_json_gives_the_same_findings_to_a_program(loyalty: Command, wrong: Path) -> None:
    ran = loyalty("check", wrong, "--format", "json")
    found = json.loads(ran.out)
    assert ran.code == 1
    assert (found["format"], found["errors"], found["files"]) == ("loyalty.check/1", 1, [str(wrong)])
    (diagnostic,) = found["diagnostics"]
    assert diagnostic["start"] == {"line": 14, "column": 16}
    assert diagnostic["end"] == {"line": 14, "column": 22}
    assert diagnostic["severity"] == "error"


def test_files_of_a_folder_are_one_book(loyalty: Command, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.loyalty").write_text(RIGHT)
    (tmp_path / "deep" / "b.loyalty").write_text(
        'scenario "one" for corner {\n    on 2026-01-02 purchase $1\n    expect earned 1 point\n}\n'
    )
    (tmp_path / "notes.txt").write_text("no rules")
    assert loyalty("check", tmp_path).out == "2 files fine: 1 program, 1 scenario\n"
    assert loyalty("check", tmp_path, tmp_path / "a.loyalty").out.startswith("2 files fine")


def test_a_second_copy_of_all_files_is_told_as_that(loyalty: Command, tmp_path: Path) -> None:
    for copy in ("rules", "before/rules"):
        assert loyalty("new", "shop", "--out", tmp_path / copy).code == 0
    ran = loyalty("check", "--format", "plain", tmp_path)
    assert ran.code == 1
    assert {line.split(" ")[1] for line in ran.out.splitlines()} == {"L202"}


def test_what_cannot_be_read_does_not_pass_as_fine(
    loyalty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.loyalty").write_text(RIGHT)
    link = tmp_path / "b.loyalty"
    link.symlink_to("gone.loyalty")
    ran = loyalty("check", tmp_path)
    assert ran.code == 2
    assert ran.err == f"error: `{link}` is a link to `gone.loyalty`, and there is no such file\n"
    link.unlink()
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def closed(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    ran = loyalty("check", tmp_path)
    assert ran.code == 2
    assert ran.err == f"error: the folder `{tmp_path / 'closed'}` cannot be read: permission denied\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file"),
        (b"program \xff\xfe {", "is not text in UTF-8: line 1"),
        (b"#" * 10_000_001, "10,000,001 bytes"),
        (b"# rules\rprogram p {\r}\r", "carriage returns alone"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2(
    loyalty: Command, tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "x.loyalty"
    if content is not None:
        path.write_bytes(content)
    ran = loyalty("check", path)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_a_missing_file_gets_a_suggestion(loyalty: Command, right: Path) -> None:
    ran = loyalty("check", right.with_name("rihgt.loyalty"))
    assert f"did you mean `{right}`?" in ran.err


def test_a_folder_without_rules_and_a_device_are_refused(loyalty: Command, tmp_path: Path) -> None:
    assert "no *.loyalty file" in loyalty("check", tmp_path).err
    assert "is not a file" in loyalty("check", os.devnull).err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "did you mean `check`?"),
        (["check"], "missing argument"),
        (["check", "--format", "xml", "x"], "'xml' is not one of"),
        (["--colour"], "no such option"),
    ],
)
def test_bad_usage_ends_with_2_in_one_voice(loyalty: Command, arguments: list[str], message: str) -> None:
    ran = loyalty(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert message in ran.err


def test_our_own_bug_says_so_without_a_traceback(
    loyalty: Command, right: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(paths: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("loyalty_dsl.pipeline.check_files", break_down)
    ran = loyalty("check", right)
    assert ran.code == 4
    assert "our bug, not yours" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("LOYALTY_DEBUG", "1")
    assert "Traceback" in loyalty("check", right).err


@pytest.mark.parametrize("arguments", [[], ["--quiet"], ["--format", "json"]])
def test_a_test_without_scenarios_does_not_pass(loyalty: Command, right: Path, arguments: list[str]) -> None:
    ran = loyalty("test", right, *arguments)
    assert (ran.code, ran.err) == (1, f"error: no scenarios in `{right}`\n")
    assert ran.out == "" or json.loads(ran.out)["format"] == "loyalty.test/1"


def test_an_interrupt_ends_with_130(loyalty: Command, right: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(paths: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("loyalty_dsl.pipeline.check_files", interrupted)
    assert loyalty("check", right).code == 130


def test_a_reader_that_stops_reading_is_no_error(wrong: Path) -> None:
    command = f"{sys.executable} -m loyalty_dsl check {wrong} {wrong}"
    script = f'{command} | head -c 1; echo " ${{PIPESTATUS[0]}}"'
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout.split()[-1] in {"1", "141"}  # little is written before the reader is gone


def test_a_closed_pipe_is_never_success(right: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "loyalty_dsl", "check", right]
    ran = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert (ran.returncode, ran.stderr) == (141, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_changes_no_outcome(right: Path, wrong: Path, closed: str) -> None:
    for path, code in ((right, 0), (wrong, 1)):
        line = f"{sys.executable} -m loyalty_dsl check {path} {closed}"
        ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (code, ""), line


def test_check_and_test_import_nothing_heavy(right: Path) -> None:
    heavy = ("numpy", "numba", "polars", "rich", "vl_convert")
    for command in ("check", "test"):
        script = (
            "import sys; from loyalty_dsl.cli import run; "
            f"run([{command!r}, {str(right)!r}]); "
            f"print([name for name in {heavy!r} if name in sys.modules])"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "[]", command


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_not_our_bug(right: Path) -> None:
    command = [sys.executable, "-m", "loyalty_dsl", "check", right]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, "error: no space left on device\n")


def test_json_holds_what_its_schema_says(loyalty: Command, right: Path, wrong: Path) -> None:
    schema = json.loads((files("loyalty_dsl") / "report/schemas/check.schema.json").read_text())
    for arguments in ([right], [wrong], [right, wrong]):
        jsonschema.validate(json.loads(loyalty("check", *arguments, "--format", "json").out), schema)
