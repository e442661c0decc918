"""Runs the command in this process: its exit code, stdout and stderr."""

from collections.abc import Callable

import attrs
import pytest

from loyalty_dsl.cli import run


@attrs.frozen
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def loyalty(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`loyalty("check", path)` runs `loyalty check PATH`."""

    def command(*arguments: object) -> Ran:
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return command
