"""The option `--tail`: what follows the oldest age of a triangle."""

from typing import Literal

import click

from loyalty_dsl.cli.options import Decorator

Tail = float | Literal["fitted"] | None


def _tail(value: object) -> Tail:
    if value in (None, "none", "fitted"):
        return "fitted" if value == "fitted" else None
    try:
        factor = float(str(value))
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= 100:
        raise click.BadParameter(f"`{value}` is not none, fitted, or a factor of at least 1 such as 1.02")
    return factor


tail_option: Decorator = click.option(
    "--tail",
    type=_tail,
    metavar="none|fitted|FACTOR",
    help="What follows the oldest age: nothing (the default), what a curve says, or a factor.",
)
