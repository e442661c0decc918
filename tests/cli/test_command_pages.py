"""docs/commands.md is what the commands say of themselves."""

import os
from pathlib import Path

from loyalty_dsl.cli import COMMANDS
from loyalty_dsl.cli.command_pages import document


def test_the_page_of_commands_is_up_to_date(repository: Path) -> None:
    path = repository / "docs" / "commands.md"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        path.write_text(document(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == document(), "run this test with LOYALTY_UPDATE_GOLDENS=1"


def test_every_command_has_its_section() -> None:
    assert [line for line in document().splitlines() if line.startswith("## ")] == [
        f"## `loyalty {name}`" for name in COMMANDS
    ]
