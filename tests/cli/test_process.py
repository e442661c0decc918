"""The command as a process of its own: terminals, interrupts, and running as a module."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "loyalty_dsl"]


def on_a_terminal(arguments: list[str], **environment: str) -> str:
    """What a command prints to a terminal, stdout and stderr together."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    printed = b""
    try:
        while piece := os.read(ours, 65536):
            printed += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    process.wait()
    return printed.decode()


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.loyalty"
    path.write_text("program x {\n")
    return path


def test_a_terminal_gets_colour_unless_it_asks_for_none(wrong: Path) -> None:
    assert "\x1b[1;31merror[L" in on_a_terminal(["check", str(wrong)], NO_COLOR="")
    assert "\x1b[" not in on_a_terminal(["check", str(wrong)], NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(["check", str(wrong)], TERM="dumb", NO_COLOR="")


def test_a_bar_shows_on_a_terminal_alone(repository: Path) -> None:
    rules = str(repository / "programs/grocery_points.loyalty")
    arguments = ["simulate", rules, "--sample", "2000", "--months", "2"]
    assert "simulating" in on_a_terminal(arguments)
    quiet = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=True)
    assert quiet.stderr == ""


def test_a_bar_has_no_escape_codes_where_none_are_wanted(repository: Path) -> None:
    rules = str(repository / "programs/grocery_points.loyalty")
    arguments = ["simulate", rules, "--sample", "2000", "--months", "2", "--format", "json"]
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        printed = on_a_terminal(arguments, **environment)
        assert "\rsimulating 100%" in printed
        assert "\x1b" not in printed


def test_an_interrupt_ends_a_simulation_at_once(repository: Path, hears_interrupts: None) -> None:
    rules = str(repository / "programs/grocery_points.loyalty")
    process = subprocess.Popen(
        [*COMMAND, "simulate", rules, "--sample", "2000000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(4)  # past the imports, in the middle of the members' lives
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.strip() == "interrupted"
    assert time.monotonic() - began < 30


def test_what_a_check_prints_is_the_same_every_time(wrong: Path) -> None:
    runs = {
        subprocess.run([*COMMAND, "check", wrong], capture_output=True, check=False).stdout for _ in range(3)
    }
    assert len(runs) == 1
    assert re.match(rb"error\[L\d{3}\]: ", runs.pop())


def test_a_quarantine_may_be_a_pipe(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("member,time,amount\nann,2026-01-02,1\nbob,x,1\n")
    rules = str(repository / "programs/grocery_points.loyalty")
    command = [*COMMAND, "replay", rules, str(tmp_path / "rows.csv"), "--quarantine", "/dev/stdout"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("row,reason,member,time,amount\n2,")


def test_an_interrupt_ends_a_replay_at_once(repository: Path, tmp_path: Path, hears_interrupts: None) -> None:
    """Enough rows of one member that the compiled engine alone takes seconds."""
    rows = tmp_path / "rows.csv"
    with rows.open("w") as file:
        file.write("member,time,amount\n")
        for day in range(1, 366):
            file.write(f"ann,{date.fromordinal(736_000 + day)},1\n" * 6000)
    process = subprocess.Popen(
        [*COMMAND, "replay", str(repository / "programs/grocery_points.loyalty"), str(rows)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
    assert time.monotonic() - began < 1


def test_every_character_can_be_written_whatever_the_encoding(tmp_path: Path) -> None:
    """A text in another script is no bug, and a pipe of an old locale takes UTF-8."""
    (tmp_path / "a.loyalty").write_text("名 x {\n", encoding="utf-8")

    def printed(**environment: str) -> bytes:
        command = [*COMMAND, "check", "--format", "plain", "a.loyalty"]
        ran = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (1, b"")
        return ran.stdout

    assert b"`\\u540d`" in printed(PYTHONIOENCODING="cp1252")
    assert "`名`".encode() in printed(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
