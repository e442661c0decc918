"""Every command and its options, as a document: `docs/commands.md`.

Invariant: the page is what `loyalty COMMAND -h` prints, so it cannot name an option that is not there.
"""

import click

from loyalty_dsl.cli import COMMANDS, loyalty

_HEAD = """\
# Commands

Generated from the commands themselves; do not edit. `loyalty COMMAND -h` prints the same.

Exit codes are an interface: 0 fine, 1 findings, failed tests or a bound that does not hold, 2 bad usage or
unreadable input, 4 a bug of ours, 130 interrupted, 141 nobody reads the output. Results go to
standard output, all else to standard error.
"""

_WIDTH = 100


def document() -> str:
    """The page: a section for each command, in the order of `loyalty -h`."""
    top = click.Context(
        loyalty,
        info_name="loyalty",
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
        **loyalty.context_settings,
    )
    return "\n".join([_HEAD, *(_section(name, top) for name in COMMANDS)])


def _section(name: str, top: click.Context) -> str:
    command = loyalty.get_command(top, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=top, terminal_width=_WIDTH)
    return "\n".join([f"## `loyalty {name}`\n", "```text", command.get_help(context), "```", ""])
