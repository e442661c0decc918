"""`loyalty explain`, `--version` and `--help`."""

from collections.abc import Callable
from typing import Any

from loyalty_dsl import __version__
from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.language.codes import CODES

Command = Callable[..., Any]


def test_every_code_has_a_page_that_can_be_read(loyalty: Command) -> None:
    listed = loyalty("explain").out
    for code, found in CODES.items():
        ran = loyalty("explain", code.lower())
        assert ran.code == 0
        assert ran.out.startswith(f"{found.severity.value}[{code}]: {found.title}")
        assert f"{code}  {found.title}" in listed


def test_an_unknown_code_is_refused(loyalty: Command) -> None:
    ran = loyalty("explain", "X99")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no code `X99`" in ran.err


def test_the_version_and_the_help_of_every_command(loyalty: Command) -> None:
    assert loyalty("--version").out == f"loyalty {__version__}\n"
    assert all(name in loyalty("--help").out for name in COMMANDS)
    for name in COMMANDS:
        ran = loyalty(name, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"Usage: loyalty {name}" in ran.out
