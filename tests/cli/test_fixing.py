"""`loyalty check` with --strict, --fix and --watch, and what it tells of allowed warnings."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_check import RIGHT
from test_formats import SARIF

from loyalty_dsl.cli.watching import Look, watch
from loyalty_dsl.report.files import WriteFailure, publish
from loyalty_dsl.report.mended_files import write_mended
from loyalty_dsl.source import SourceText

LIMITS = "limit 7 points per calendar day\n        limit 5 points per calendar day\n        give  1 point"
WARNED = RIGHT.replace("give  1 point", LIMITS)
ALLOWED = WARNED.replace("7 points per calendar day", "7 points per calendar day  # allow L603: a pilot")
ODD = RIGHT.replace('"Points"', "\u201cPoints\u201d").replace("\n", "\r\n")

Command = Callable[..., Any]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.loyalty"
    path.write_text(WARNED)
    return path


def test_strict_ends_with_1_for_a_warning_and_0_for_one_that_is_allowed(
    loyalty: Command, rules: Path
) -> None:
    assert loyalty("check", "--strict", rules).code == 1
    rules.write_text(ALLOWED)
    ran = loyalty("check", "--strict", rules)
    assert (ran.code, ran.out) == (0, "1 file fine: 1 program (1 warning allowed)\n")


def test_allowed_warnings_are_suppressed_in_json_and_sarif(loyalty: Command, rules: Path) -> None:
    rules.write_text(ALLOWED)
    outcome = json.loads(loyalty("check", "--format", "json", rules).out)
    schema = files("loyalty_dsl.report.schemas").joinpath("check.schema.json").read_text("utf-8")
    jsonschema.validate(outcome, json.loads(schema))
    (found,) = outcome["suppressed"]
    assert (outcome["diagnostics"], outcome["warnings"]) == ([], 0)
    assert (found["code"], found["suppression"]["reason"]) == ("L603", "a pilot")
    assert found["suppression"]["start"] == {"line": 13, "column": 42}

    log = json.loads(loyalty("check", "--format", "sarif", rules).out)
    jsonschema.validate(log, SARIF)
    (result,) = log["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "a pilot")
    for format_ in ("plain", "github", "junit"):
        assert "L603" not in loyalty("check", "--format", format_, rules).out


def test_fix_writes_what_is_certain_and_keeps_the_file_otherwise(loyalty: Command, rules: Path) -> None:
    rules.write_bytes(b"\xef\xbb\xbf" + ODD.encode())
    rules.chmod(0o640)
    ran = loyalty("check", "--fix", "--diff", rules)
    assert ran.code == 1
    assert '+    currency points "Points" {' in ran.out
    assert ran.err == "would mend 1 of 1 finding\n"
    assert rules.read_bytes() == b"\xef\xbb\xbf" + ODD.encode()

    ran = loyalty("check", "--fix", rules)
    assert (ran.code, ran.out, ran.err) == (0, "1 file fine: 1 program\n", "mended 1 of 1 finding\n")
    assert rules.read_bytes() == b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()
    assert rules.stat().st_mode & 0o777 == 0o640
    assert list(rules.parent.iterdir()) == [rules]


def test_either_all_files_are_written_or_none(
    loyalty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [tmp_path / f"{name}.loyalty" for name in ("a", "b", "c")]
    texts = [ODD.replace("corner", f"corner_{path.stem}") for path in names]
    for path, text in zip(names, texts, strict=True):
        path.write_bytes(text.encode())

    def broken(temporary: Path, path: Path) -> WriteFailure | None:
        if path == names[1] and not temporary.read_bytes().startswith(texts[1].encode()):
            return WriteFailure(path, "no space left on device")
        return publish(temporary, path)

    monkeypatch.setattr("loyalty_dsl.report.mended_files.publish", broken)
    ran = loyalty("check", "--fix", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "no space left on device" in ran.err
    assert [path.read_bytes() for path in names] == [text.encode() for text in texts]
    assert sorted(tmp_path.iterdir()) == names


def test_a_file_that_has_changed_since_is_left_alone(rules: Path) -> None:
    before = [SourceText(str(rules), WARNED)]
    rules.write_text("# another\n")
    failure = write_mended(before, [SourceText(str(rules), RIGHT)])
    assert failure is not None
    assert failure.reason == "it has changed since it was read"
    assert rules.read_text() == "# another\n"


def test_unsafe_fixes_are_asked_for(loyalty: Command, rules: Path) -> None:
    rules.write_text(RIGHT.replace("give  1", "gvie  1"))
    ran = loyalty("check", "--fix", rules)
    assert ran.code == 1
    assert ran.err == "mended 0 of 1 finding; --unsafe-fixes mends 1 more, as they are probably meant\n"
    ran = loyalty("check", "--fix", "--unsafe-fixes", "--format", "json", rules)
    assert (ran.code, json.loads(ran.out)["mended"]) == (0, 1)
    assert rules.read_text() == RIGHT


@pytest.mark.parametrize(
    "options",
    [
        ["--diff"],
        ["--unsafe-fixes"],
        ["--fix", "--watch"],
        ["--fix", "--set", "five_off.price=$6"],
        ["--fix", "--diff", "--format", "json"],
        ["--watch", "--format", "sarif"],
    ],
)
def test_options_that_mean_nothing_together_are_refused(
    loyalty: Command, rules: Path, options: list[str]
) -> None:
    ran = loyalty("check", *options, rules)
    assert (ran.code, ran.out) == (2, "")
    assert rules.read_text() == WARNED


def test_watching_sees_changes_new_files_and_files_that_are_gone(tmp_path: Path) -> None:
    """Time passes only as the steps say, each of which is what happens while the watch waits."""
    first, second = tmp_path / "a.loyalty", tmp_path / "b.loyalty"
    first.write_text("one")
    seen: list[list[str]] = []
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: first.write_text("longer"),
        lambda: first.write_text("longer still"),  # it is still being written
        lambda: None,
        lambda: second.write_text("new"),
        lambda: None,
        second.unlink,
        lambda: None,
        first.unlink,
        lambda: None,
    ]

    def sleep(_: float) -> None:
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    def act(found: Look) -> None:
        seen.append([Path(name).name for name, stamp in found.items() if stamp])

    with pytest.raises(KeyboardInterrupt):
        watch([tmp_path], act, sleep)
    assert seen == [["a.loyalty"], ["a.loyalty"], ["a.loyalty", "b.loyalty"], ["a.loyalty"], []]


def test_watch_ends_with_130_and_one_line(
    loyalty: Command, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("loyalty_dsl.cli.watching.wait", interrupted)
    ran = loyalty("check", "--watch", rules)
    assert ran.code == 130
    assert ran.out.endswith("1 file fine but for 1 warning: 1 program\n")
    assert "\x1b" not in ran.out
    assert ran.err.splitlines()[0].endswith("watching 1 file; Ctrl-C ends")
    assert ran.err.splitlines()[1:] == ["stopped"]
