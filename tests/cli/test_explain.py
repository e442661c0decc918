"""`loyalty explain`, `--version` and `--help`."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corner_shop import RULES

from loyalty_dsl import __version__
from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.language.codes import CODES

Command = Callable[..., Any]
REPOSITORY = Path(__file__).parents[2]


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


def test_the_terms_of_a_file_are_markdown_text_or_json(loyalty: Command, tmp_path: Path) -> None:
    rules = tmp_path / "rules.loyalty"
    rules.write_text(RULES)
    ran = loyalty("explain", rules)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("# ")
    assert "## How you earn" in ran.out
    assert "For the company only" not in ran.out
    assert "## For the company only" in loyalty("explain", rules, "--internal").out
    assert "HOW YOU EARN" in loyalty("explain", rules, "--format", "text").out
    document = json.loads(loyalty("explain", rules, "--format", "json").out)
    assert document["format"] == "loyalty.terms/1"


def test_what_is_neither_a_code_nor_a_file_is_refused(loyalty: Command, tmp_path: Path) -> None:
    assert loyalty("explain", tmp_path / "none.loyalty").code == 2
    wrong = tmp_path / "wrong.loyalty"
    wrong.write_text("program shop {")
    ran = loyalty("explain", wrong)
    assert (ran.code, ran.out) == (1, "")
    assert "nothing was run" in ran.err


def test_the_terms_of_a_version_that_was_replaced(loyalty: Command) -> None:
    file = REPOSITORY / "programs" / "starbucks.loyalty"
    now, then = loyalty("explain", file).out, loyalty("explain", file, "--program", "starbucks version 1").out
    assert "## What changed on March 10, 2026" in now
    assert "## What changed" not in then
    assert "| starbucks card | 2 Stars per $1 that you spend |" in then


def test_explaining_imports_nothing_heavy() -> None:
    code = (
        "import sys; from loyalty_dsl.cli import run; "
        f"assert run(['explain', {str(REPOSITORY / 'programs' / 'prime.loyalty')!r}]) == 0; "
        "heavy = {'numpy', 'numba', 'polars', 'scipy', 'rich'} & set(sys.modules); assert not heavy, heavy"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_options_of_terms_are_refused_for_a_code(loyalty: Command) -> None:
    for given in (["L101", "--format", "json"], ["L101", "--internal"], ["--program", "shop"]):
        ran = loyalty("explain", *given)
        assert ran.code == 2
        assert "is of the terms of a program" in ran.err
