"""Runs the command in this process: its exit code, stdout and stderr."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from corner_shop import RULES, sales

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


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The rules of the corner shop, and the ledger of its sales."""
    folder = tmp_path_factory.mktemp("ledger")
    rules = folder / "rules.loyalty"
    rules.write_text(RULES)
    out = folder / "out"
    assert run(["replay", str(rules), str(sales(folder)), "--engine", "reference", "--out", str(out)]) == 0
    return rules, out


@pytest.fixture
def hears_interrupts() -> Iterator[None]:
    """Ctrl-C is heard here and in processes begun here, even where tests are run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
