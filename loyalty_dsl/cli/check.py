"""`loyalty check`: every diagnostic of every file, in one run."""

import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option
from loyalty_dsl.report.diagnostics import check_summary, render_diagnostics
from loyalty_dsl.report.style import Style


@click.command()
@files_argument
@format_option("text", "json")
def command(files: tuple[str, ...], format_: str) -> int:
    """Report every mistake in rule files.

    FILES are *.loyalty files or folders of them; together they are one book. Ends with 1 if there are
    errors; warnings alone end with 0.
    """
    checked = pipeline.check_files(files)
    if format_ == "json":
        from loyalty_dsl.report.check_json import check_json

        click.echo(check_json(checked.sources, checked.book, checked.diagnostics), nl=False)
    else:
        style = Style.of_stdout()
        if checked.diagnostics:
            click.echo(render_diagnostics(checked.diagnostics, style))
        click.echo(check_summary(checked.sources, checked.book, checked.diagnostics, style))
    return FINDINGS if checked.book is None else FINE
