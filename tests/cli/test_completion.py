"""Completion in a shell: what is offered, the scripts, and that an answer imports nothing heavy."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.cli import loyalty as group
from loyalty_dsl.cli.completing import complete

Command = Callable[..., Any]


@pytest.fixture
def offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], list[str]]:
    """What is offered in a folder of rules for a line whose last word is being written."""
    rules = tmp_path / "rules"
    (rules / "old").mkdir(parents=True)
    (rules / "club.loyalty").write_text('program club "The Club" {\n}\npopulation regulars for club {\n}\n')
    (rules / "cafe.loyalty").write_text("program cafe {\n}\nstudy budget {\n}\n")
    (rules / "sales.csv").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOYALTY_NO_SETTINGS", raising=False)

    def offer(line: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
        assert complete(group, "bash_complete") in (0, 1)
        captured = capfd.readouterr()
        assert captured.err == ""
        return captured.out.splitlines()

    return offer


def test_commands(offered: Callable[[str], list[str]]) -> None:
    assert offered("loyalty ") == [f"plain,{name}" for name in COMMANDS]
    assert offered("loyalty simul") == ["plain,simulate"]


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("loyalty simulate --mon", ["plain,--months"]),
        ("loyalty simulate --basis r", ["plain,run-off"]),
        ("loyalty check rul", ["dir,rul"]),
        ("loyalty check rules/c", ["plain,rules/cafe.loyalty", "plain,rules/club.loyalty"]),
        (
            "loyalty check rules/",
            ["plain,rules/cafe.loyalty", "plain,rules/club.loyalty", "plain,rules/old/"],
        ),
        ("loyalty check rules/old/", ["file,rules/old/"]),
        ("loyalty diff rules/cl", ["plain,rules/club.loyalty"]),
        ("loyalty replay rules/club.loyalty rules/s", ["file,rules/s"]),
        ("loyalty simulate rules --program c", ["plain,cafe", "plain,club"]),
        ("loyalty simulate rules/club.loyalty --program c", ["plain,club"]),
        ("loyalty simulate rules --population ", ["plain,regulars"]),
        ("loyalty simulate rules --study b", ["plain,budget"]),
        ("loyalty explain l20", [f"plain,L20{digit}" for digit in range(1, 10)]),
        ("loyalty new --template p", ["plain,points", "plain,punch_card", "plain,paid_membership"]),
        ("loyalty new --timezone europe/lo", ["plain,Europe/London"]),
        ("loyalty completion f", ["plain,fish"]),
        ("loyalty schema lia", ["plain,liability"]),
        ("loyalty nonsense --x", []),
    ],
)
def test_what_may_come_next(line: str, items: list[str], offered: Callable[[str], list[str]]) -> None:
    assert offered(line) == items


def test_names_come_from_the_files_of_the_settings(
    offered: Callable[[str], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "loyalty.toml").write_text('programs = ["rules"]\n')
    assert offered("loyalty simulate --program ") == ["plain,cafe", "plain,club"]


def test_names_that_a_shell_would_read_otherwise_are_left_to_it(
    offered: Callable[[str], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "rules" / "c $(x).loyalty").write_text("")
    assert offered("loyalty check rules/c") == ["file,rules/c"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str, loyalty: Command) -> None:
    ran = loyalty("completion", shell)
    assert ran.code == 0
    assert f"_LOYALTY_COMPLETE={shell}_complete" in ran.out
    assert f"loyalty completion {shell}" in ran.out
    assert ran.out.startswith("#compdef loyalty") is (shell == "zsh")


def test_bash_completes_with_the_script(tmp_path: Path, loyalty: Command) -> None:
    command = tmp_path / "loyalty"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m loyalty_dsl "$@"\n')
    command.chmod(0o755)
    script = loyalty("completion", "bash").out
    asked = "COMP_WORDS=(loyalty liab); COMP_CWORD=1; _loyalty_completion loyalty; echo ${COMPREPLY[@]}"
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", script + asked], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.stdout == "liability\n", ran.stderr


def test_an_answer_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import os, sys\nos.environ.update(COMP_WORDS='loyalty simulate --m', COMP_CWORD='2')\n"
        "from loyalty_dsl.cli import loyalty\nfrom loyalty_dsl.cli.completing import complete\n"
        "complete(loyalty, 'bash_complete')\n"
        "sys.exit(bool({'numpy', 'polars', 'rich', 'loyalty_dsl.cli.replay'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
