"""`loyalty.toml` and `[tool.loyalty]`: found upwards, checked, overruled by the command line, told."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from corner_shop import RULES

from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.cli import loyalty as group
from loyalty_dsl.cli.settings_file import KEYS, PROGRAMS, find_settings

Command = Callable[..., Any]

POPULATION = """
population neighbours {
    start  100 members
    segment all 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        leave      2% per month
    }
}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder of rules, as current folder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "shop.loyalty").write_text(RULES + POPULATION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOYALTY_NO_SETTINGS", raising=False)
    return tmp_path


def test_the_files_need_not_be_named(
    project: Path, loyalty: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loyalty("check").code == 2
    (project / "loyalty.toml").write_text('programs = ["rules"]\n')
    assert "1 file fine" in loyalty("check").out
    (project / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(project / "deep" / "er")
    assert json.loads(loyalty("check", "--format", "json").out)["files"][0] == str(
        Path("..", "..", "rules", "shop.loyalty")
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("loyalty.toml", 'format = "json"'),
        ("loyalty.toml", '[check]\nformat = "json"'),
        ("loyalty.toml", 'format = "text"\n[check]\nformat = "json"'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.loyalty]\nformat = "json"'),
        ("pyproject.toml", '[tool.loyalty.check]\nformat = "json"'),
    ],
)
def test_an_option_that_is_not_given_is_as_the_file_says(
    name: str, text: str, project: Path, loyalty: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / name).write_text(text)
    assert loyalty("check", "rules").out.startswith("{")
    assert loyalty("check", "rules", "--format", "text").out.startswith("1 file fine")
    assert loyalty("check", "rules", "--no-settings").out.startswith("1 file fine")
    monkeypatch.setenv("LOYALTY_NO_SETTINGS", "1")
    assert loyalty("check", "rules").out.startswith("1 file fine")


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("# mine\nsampel = 3", 2, "no setting `sampel`", "did you mean `sample`?"),
        ("zzz = 3", 1, "no setting `zzz`", "there are programs, "),
        ("fix = true", 1, "`fix` is no setting", "`loyalty check --fix`"),
        ("set = ['a=1']", 1, "`set` is no setting", "`loyalty check --set`"),
        ("\n[chek]\nstrict = true", 2, "no command `chek`", "did you mean `[check]`?"),
        ("[check]\nsample = 3", 2, "no setting of `loyalty check`", "`simulate`"),
        ("[bridge]\nstrict = true\n[check]\nseed = 3", 4, "no setting of `loyalty check`", "`simulate`"),
        ("strict = 1", 1, "yes or no", "strict = true"),
        ("format = 'xml'", 1, "`xml`", "sarif"),
        ("[check]\nformat = 'markdown'", 2, "`markdown`", "sarif"),
        ("programs = 3", 1, "a list of files", "programs"),
        ("programs = ['ruels']", 1, "no file or folder `ruels`", "loyalty.toml"),
        ("format = [1]", 1, "one number or one text", ""),
        ("x = ", None, "no TOML", ""),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(
    *, text: str, line: int | None, message: str, hint: str, project: Path, loyalty: Command
) -> None:
    (project / "loyalty.toml").write_text(text)
    ran = loyalty("check", "rules")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert hint in ran.err
    assert line is None or ran.err.startswith(f"error: loyalty.toml:{line}: ")
    assert loyalty("check", "rules", "--no-settings").code == 0


def test_a_value_is_checked_as_its_option_is(project: Path, loyalty: Command) -> None:
    (project / "loyalty.toml").write_text("[simulate]\nsample = 'many'\n")
    assert "loyalty.toml:2: `sample`: `many` is not a whole number" in loyalty("simulate", "rules").err


def test_a_choice_that_this_command_has_not_is_for_the_others(project: Path, loyalty: Command) -> None:
    (project / "loyalty.toml").write_text("format = 'markdown'\n")
    assert loyalty("check", "rules").out.startswith("1 file fine")


def test_the_search_ends_at_the_root_of_the_repository(
    project: Path, monkeypatch: pytest.MonkeyPatch, loyalty: Command
) -> None:
    (project / "loyalty.toml").write_text("sampel = 3")
    inner = project / "inner"
    (inner / ".git").mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_settings() is None
    (inner / "pyproject.toml").write_text("[project]\nname = 'loyalty'\n")
    assert find_settings() is None
    (inner / "loyalty.toml").write_text("")
    assert find_settings() is not None


def test_settings_in_two_files_of_a_folder_are_refused(project: Path, loyalty: Command) -> None:
    (project / "loyalty.toml").write_text("strict = true\n")
    (project / "pyproject.toml").write_text("[tool.loyalty]\nstrict = true\n")
    assert "`loyalty.toml` and `pyproject.toml` both have settings" in loyalty("check", "rules").err


def test_a_forecast_that_depends_on_the_file_names_it(project: Path, loyalty: Command) -> None:
    file = project / "loyalty.toml"
    file.write_text("sample = 50\nmonths = 2\nseed = 7\n")
    asked = ("simulate", "rules", "--format", "json")
    made = json.loads(loyalty(*asked).out)
    assert (made["sample"], made["seed"], made["months"]) == (50, 7, 2)
    assert made["inputs"]["loyalty.toml"] == hashlib.sha256(file.read_bytes()).hexdigest()
    own = ("--sample", "50", "--months", "2", "--seed", "8")
    said = json.loads(loyalty(*asked, *own).out)
    assert said["seed"] == 8
    assert "loyalty.toml" not in said["inputs"]


def test_a_study_is_asked_as_it_is_written(project: Path, loyalty: Command) -> None:
    (project / "rules" / "study.loyalty").write_text(
        'study s "S" {\n months 2\n sample 60 members\n seed 5\n objective members at month 2\n}\n'
    )
    (project / "loyalty.toml").write_text("sample = 50\nmonths = 3\nseed = 7\n")
    told = loyalty("simulate", "rules").out
    assert "2 months" in told
    assert "60 members simulated" in told
    assert "seed 5" in told


def test_every_key_is_an_option_of_the_commands_that_take_it() -> None:
    top = click.Context(group)
    options = {
        name: {word for parameter in command.params for word in (*parameter.opts, parameter.name)}
        for name in COMMANDS
        if (command := group.get_command(top, name)) is not None
    }
    for key, takers in KEYS.items():
        word = "files" if key == PROGRAMS else f"--{key}"
        having = {name for name, words in options.items() if word in words}
        assert having
        assert set(takers or ()) <= having


def test_no_toml_is_read_where_there_are_no_settings(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    script = "import sys\nfrom loyalty_dsl.cli import run\nrun(['check', 'rules'])\n"
    script += "sys.exit('tomllib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"[tool.loyalty]\nthreads = {'9' * 5000}", "no TOML"),
        (f"[tool.loyalty]\nthreads = {'[' * 3000}", "no TOML"),
        ("[[tool.loyalty]]\nstrict = true\n", "`tool.loyalty` is no table"),
        ("[tool]\nloyalty = 1\n", "`tool.loyalty` is no table"),
    ],
)
def test_what_cannot_be_settings_is_refused(
    loyalty: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(text)
    ran = loyalty("check", "rules.loyalty")
    assert ran.code == 2
    assert told in ran.err
