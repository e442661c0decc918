"""`loyalty replay --against`: the options that say what to hold a replay against, and what is told of it."""

import re
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import day, together
from loyalty_dsl.cli.panics import without_panic_output
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import Style, counted

if TYPE_CHECKING:
    from loyalty_dsl.reconciliation.reconciling import Reconciliation
    from loyalty_dsl.reconciliation.shapes import ShapeName
    from loyalty_dsl.report.replaying import Replayed

MOST_DAYS = 31
SHAPES = ("voucherify", "talon_one", "plain")


@attrs.frozen
class Against:
    """What the options say; `ledger` is `None` where nothing is to be held against anything."""

    ledger: str | None
    shape: "ShapeName | None"
    member_map: str | None
    currency_map: str | None
    within: int | None
    since: date | None
    tolerance: Fraction | None


def days(value: object) -> int:
    """An option's type: a number of days, `2` or `2 days`."""
    found = re.fullmatch(r"\s*(\d{1,3})(?:\s*days?)?\s*", str(value))
    if found is None or int(found[1]) > MOST_DAYS:
        raise click.BadParameter(f"`{value}` is not a number of days such as `1 day`, at most {MOST_DAYS}")
    return int(found[1])


def points(value: object) -> Fraction:
    """An option's type: an amount of points, not below zero."""
    text = str(value).replace(",", "")
    if not re.fullmatch(r"\d{1,15}(\.\d{1,6})?", text):
        raise click.BadParameter(f"`{value}` is not a number of points such as 10")
    return Fraction(text)


_OPTIONS = (
    click.option(
        "--against", "ledger", metavar="LEDGER.csv", help="Hold the postings against another system's ledger."
    ),
    click.option(
        "--against-format",
        "shape",
        type=click.Choice(SHAPES),
        help="The shape of that ledger, where its header is not to say.",
    ),
    click.option("--member-map", metavar="FILE.csv", help="Their members and ours: columns theirs, ours."),
    click.option("--currency-map", metavar="FILE.csv", help="Their currencies and ours, likewise."),
    click.option(
        "--within",
        type=days,
        metavar="DAYS",
        help="How far apart the same posting may be where no event names it; 1 day by default.",
    ),
    click.option(
        "--since", type=day, metavar="DATE", help="Compare from this day; before it, only what members held."
    ),
    click.option(
        "--tolerance",
        type=points,
        metavar="POINTS",
        help="Exit with 0 where no member is further apart than this.",
    ),
)


against_options = together(_OPTIONS)
"""Adds the options of `Against` to a command, under its names."""


def verify_against(against: Against, out: str | None, postings: str | None) -> None:
    """Refuses what cannot be meant, before anything is run.

    Raises:
        InputRefused: an option is of no use without --against, or a file is missing or would be written over.
    """
    from loyalty_dsl.reading import file_near
    from loyalty_dsl.targets import verify_file_target, verify_folder_target

    if against.ledger is None:
        given = attrs.asdict(against)
        for name, option in (
            ("shape", "--against-format"),
            ("member_map", "--member-map"),
            ("currency_map", "--currency-map"),
            ("within", "--within"),
            ("since", "--since"),
            ("tolerance", "--tolerance"),
        ):
            if given[name] is not None:
                raise InputRefused(
                    f"`{option}` says how to compare, and there is nothing to compare with",
                    "name the ledger with --against LEDGER.csv",
                )
        return
    files = [Path(file) for file in (against.ledger, against.member_map, against.currency_map) if file]
    for file in files:
        if not file.exists():
            raise InputRefused(f"there is no file `{file}`", file_near(file))
    if out is not None:
        from loyalty_dsl.report.reconciliation_tables import TABLES

        verify_folder_target(Path(out), TABLES, files)
    if postings is not None and postings != "-":
        verify_file_target(Path(postings), files)
    if postings == "-":
        raise InputRefused(
            "the standard output cannot hold both postings and a reconciliation", "name a file for --postings"
        )


def tell_reconciliation(
    replayed: "Replayed", against: Against, key: bytes | None, format_: str, out: str | None
) -> int:
    """Holds the replay against the ledger, prints what comes of it, and gives the exit code.

    Args:
        key: by which the members of the transactions are hashed; those of the ledger are, too.
        out: a folder for tables.
    """
    from loyalty_dsl.report.reconciling import provenance_of, reconcile_replayed

    assert against.ledger is not None, "asked for with --against"
    with without_panic_output():
        result = reconcile_replayed(
            replayed,
            against.ledger,
            shape=against.shape,
            member_map=against.member_map,
            currency_map=against.currency_map,
            within=1 if against.within is None else against.within,
            since=against.since,
            key=key,
        )
    if format_ == "json":
        from loyalty_dsl.report.reconciliation_json import reconciliation_json

        files = (against.ledger, against.member_map, against.currency_map)
        click.echo(reconciliation_json(result, provenance_of(replayed, *files)), nl=False)
    else:
        from loyalty_dsl.report.reconciliation_terminal import render_reconciliation

        click.echo(render_reconciliation(result, Style.of(sys.stdout)))
    if out is not None:
        from loyalty_dsl.report.files import WriteFailure
        from loyalty_dsl.report.reconciliation_tables import write_reconciliation

        written = write_reconciliation(result, Path(out))
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
        click.echo(f"{counted(result.found.height, 'difference')} in {written[0]}", err=True)
    return _code(result, against.tolerance)


def _code(result: "Reconciliation", tolerance: Fraction | None) -> int:
    if result.ledger.unreadable.height:
        return FINDINGS
    if tolerance is None:
        return FINDINGS if result.found.height else FINE
    return FINDINGS if result.beyond(int(tolerance * 10**result.digits)) else FINE
