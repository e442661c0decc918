"""Options and arguments that several commands take, each spelled once."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.targets import verify_file_target, verify_folder_target

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def whole_number(least: int, most: int | None = None) -> Callable[[object], int]:
    """An option's type: a whole number between two, both included; its digits may be grouped by commas."""

    def number(value: object) -> int:
        text = str(value).replace(",", "")
        if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20):
            raise click.BadParameter(f"`{value}` is not a whole number such as 12")
        number = int(text)
        if number < least or (most is not None and number > most):
            bounds = f"at least {least:,}" if most is None else f"between {least:,} and {most:,}"
            raise click.BadParameter(f"{number:,} is not {bounds}")
        return number

    return number


def share(value: object) -> Fraction:
    """An option's type: a percentage from 0 to 100, with or without its sign."""
    text = str(value).removesuffix("%")
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 12 and Fraction(text) <= 100:
        if 0 < Fraction(text) <= 1 and text == str(value):  # a gate would be passed unseen
            other = f"{float(text) * 100:g}%"
            raise click.BadParameter(f"`{value}` could be {other} or {text}%: write the percent sign")
        return Fraction(text) / 100
    raise click.BadParameter(f"`{value}` is not a percentage such as 90%")


def day(value: object) -> date:
    """An option's type: a date as rule files write it."""
    try:
        if len(str(value)) == 10:  # the parser would also take 20260131, and 2026-W05-6
            return date.fromisoformat(str(value))
    except ValueError:
        pass
    raise click.BadParameter(f"`{value}` is not a date such as 2026-01-31")


def day_or_ledger(value: object) -> date | str:
    """An option's type: a date as rule files write it, or a folder that holds a ledger."""
    try:
        return day(value)
    except click.BadParameter:
        if Path(str(value)).is_dir():
            return str(value)
    raise click.BadParameter(
        f"`{value}` is not a date such as 2026-01-31, nor the folder of a ledger (`loyalty replay --out`)"
    )


begins_option: Decorator = click.option(
    "--from",
    "begins",
    type=day_or_ledger,
    metavar="DATE|LEDGER",
    help="The first day; or a ledger (loyalty replay --out DIR), whose members go on with what they hold.",
)


ledger_option: Decorator = click.option(
    "--from",
    "ledger",
    metavar="LEDGER",
    help="Begin with the members of this ledger (loyalty replay --out DIR) and what they hold.",
)


class FilesArgument(click.Argument):
    """Files that settings may name. Where none is given, older versions of click take that for an answer."""

    def consume_value(self, ctx: click.Context, opts: Any) -> tuple[Any, ParameterSource]:
        given = dict(opts)
        if not given.get(self.name, ()):
            given.pop(self.name, None)
        return super().consume_value(ctx, given)


files_argument: Decorator = click.argument(
    "files", cls=FilesArgument, nargs=-1, required=True, metavar="FILES..."
)
"""Files or folders; read by `pipeline.read_sources`, which tells what it cannot read."""


def together(options: Sequence[Decorator]) -> Decorator:
    """Options that several commands, or one of two forms, take together, in the order of their help."""

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def format_option(*formats: str) -> Decorator:
    """`--format`, of which the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Text for people, the others for machines; JSON is versioned and stays stable.",
    )


def repository_root() -> Path:
    """The folder that a report for another machine counts its paths from: the checkout of a GitHub job,
    which `working-directory` need not be, and the working directory anywhere else."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    return Path(workspace) if workspace and Path(workspace).is_absolute() else Path.cwd()


threads_option: Decorator = click.option(
    "--threads",
    type=whole_number(1, 1024),
    default=None,
    metavar="N",
    help="Threads to run on; all cores by default.",
)
mapping_option: Decorator = click.option(
    "--map", "mapping", metavar="FILE.toml", help="What the file calls its columns and values."
)
source_option: Decorator = click.option(
    "--source",
    "source_name",
    metavar="NAME",
    help="The source (of the rules) that the file is read by; the only one by default, `none` for a file "
    "with our own columns.",
)
key_file_option: Decorator = click.option(
    "--key-file",
    metavar="FILE",
    help="The key for hashes of members, where the source asks for them; else that in LOYALTY_MEMBER_KEY.",
)
program_option: Decorator = click.option(
    "--program", "program_name", default=None, metavar="NAME", help="The program, where there are several."
)
population_option: Decorator = click.option(
    "--population", "population", metavar="NAME", help="The population, where there are several."
)
sample_option: Decorator = click.option(
    "--sample", type=whole_number(1, 10**9), metavar="N", help="Members to simulate; figures are scaled."
)
months_option: Decorator = click.option(
    "--months",
    metavar="N",
    type=whole_number(1, 1200),
    default=36,
    show_default=True,
    help="Months to forecast.",
)
seed_option: Decorator = click.option(
    "--seed",
    metavar="N",
    type=whole_number(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Of every draw.",
)
set_option: Decorator = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set a number of the rules to another value, such as 'status.gold=$600'; may be repeated.",
)
charts_option: Decorator = click.option(
    "--charts", metavar="DIR", help="Write each chart of the page as PNG and SVG, with its title."
)
xlsx_option: Decorator = click.option(
    "--xlsx", metavar="OUT.xlsx", help="Write every table of the page as a workbook."
)


def verify_charts_target(charts: str | None, read: Iterable[Path]) -> None:
    """Refuses a folder for charts that cannot be one, before anything is computed.

    Raises:
        InputRefused: something is in the way, or it is closed to us.
    """
    if charts is not None:
        verify_folder_target(Path(charts), ("charts.json",), read)


def verify_workbook_target(xlsx: str | None, read: Iterable[Path]) -> None:
    """Refuses a file for a workbook that cannot be written, or whose name says that it is another thing.

    Raises:
        InputRefused: as `targets.verify_file_target`, or the name does not end in .xlsx.
    """
    if xlsx is None:
        return
    if Path(xlsx).suffix.lower() != ".xlsx":
        raise InputRefused(f"`{xlsx}` is no workbook", "name a file that ends in .xlsx")
    verify_file_target(Path(xlsx), read)
