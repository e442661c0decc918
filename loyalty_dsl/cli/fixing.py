"""What `loyalty check --fix` does: mend, then write the files or show how they would change."""

import sys

import click

from loyalty_dsl import pipeline
from loyalty_dsl.language.mending import Mended, mend, mendable
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure
from loyalty_dsl.report.mended_files import render_diff, write_mended
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.visible import visible


def fix_files(checked: pipeline.Checked, *, unsafe: bool, diff: bool) -> Mended[pipeline.Checked]:
    """Mends what was found.

    Args:
        unsafe: whether edits are applied that may change what the author meant.
        diff: whether the files stay as they are, and stdout gets what would change.

    Raises:
        InputRefused: a file cannot be written; then none is.
    """
    mended = mend(checked, pipeline.check_sources, unsafe=unsafe)
    if diff:
        exact = not sys.stdout.isatty()
        text = render_diff(checked.sources, mended.outcome.sources, Style.of_stdout(), exact=exact)
        click.echo(text, nl=False)
    else:
        failure = write_mended(checked.sources, mended.outcome.sources)
        if isinstance(failure, WriteFailure):
            raise InputRefused(failure.message, "no file was written")
    return mended


def tell_mended(mended: Mended[pipeline.Checked], *, unsafe: bool, diff: bool) -> None:
    """Tells on stderr how much was mended, and what could be or could not."""
    left = mended.outcome.diagnostics
    done = "would mend" if diff else "mended"
    told = f"{done} {mended.edits:,} of {counted(mended.edits + len(left), 'finding')}"
    more = 0 if unsafe else mendable(left, unsafe=True) - mendable(left)
    if more:
        told += f"; --unsafe-fixes mends {more:,} more, as they are probably meant"
    click.echo(told, err=True)
    for found in mended.refused:
        place = f"{visible(found.span.source.name)}:{found.span.line}"
        click.echo(f"not mended: {found.code} at {place}, as that brings more errors", err=True)
