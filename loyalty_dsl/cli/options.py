"""Options and arguments that several commands take, each spelled once."""

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

files_argument: Decorator = click.argument("files", nargs=-1, required=True, metavar="FILES...")
"""Files or folders; read by `pipeline.read_sources`, which tells what it cannot read."""


def format_option(*formats: str) -> Decorator:
    """`--format`, of which the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Text for people; JSON is versioned and stays stable.",
    )


threads_option: Decorator = click.option(
    "--threads", type=click.IntRange(min=1), default=None, help="Threads to run on; all cores by default."
)
program_option: Decorator = click.option(
    "--program", "program_name", default=None, metavar="NAME", help="The program, where there are several."
)
