"""`loyalty check`: every diagnostic of every file, in one run."""

import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option, repository_root, set_option
from loyalty_dsl.report.diagnostics import check_summary, render_diagnostics
from loyalty_dsl.report.style import PLAIN, Style


@click.command()
@files_argument
@set_option
@click.option(
    "--show-population", is_flag=True, help="Print populations with what they are `like` written out."
)
@format_option("text", "plain", "json", "github", "sarif", "junit")
def command(files: tuple[str, ...], settings: tuple[str, ...], show_population: bool, format_: str) -> int:
    """Report every mistake in rule files.

    FILES are *.loyalty files or folders of them; together they are one book. Ends with 1 if there are
    errors; warnings alone end with 0.

    Formats: plain is a line a finding, github shows annotations in a workflow, sarif is for code scanning,
    junit for CI servers.
    """
    checked = pipeline.check_files(files)
    if settings and checked.book is not None:
        checked = _settled(checked, settings)
    if show_population and checked.book is not None:
        from loyalty_dsl.language.written_out import written_out

        click.echo("\n\n".join(written_out(population) for population in checked.book.populations))
        return FINE
    if format_ == "text":
        style = Style.of_stdout()
        if checked.diagnostics:
            click.echo(render_diagnostics(checked.diagnostics, style))
        click.echo(check_summary(checked.sources, checked.book, checked.diagnostics, style))
    else:
        click.echo(_for_machines(checked, format_), nl=False)
    if format_ == "github":  # the log of a job is read by people too
        click.echo(check_summary(checked.sources, checked.book, checked.diagnostics, PLAIN), err=True)
    return FINDINGS if checked.book is None else FINE


def _settled(checked: pipeline.Checked, settings: tuple[str, ...]) -> pipeline.Checked:
    """What is found in the files with some numbers set; a value that is refused ends the command."""
    from loyalty_dsl.decisions.settings import check_settled, parse_setting

    return pipeline.Checked(*check_settled(checked.sources, [parse_setting(text) for text in settings]))


def _for_machines(checked: pipeline.Checked, format_: str) -> str:
    """The outcome in a format; only the module that writes it is imported."""
    match format_:
        case "plain":
            from loyalty_dsl.report.check_plain import check_plain

            return check_plain(checked.diagnostics)
        case "json":
            from loyalty_dsl.report.check_json import check_json

            return check_json(checked.sources, checked.book, checked.diagnostics)
        case "github":
            from loyalty_dsl.report.check_github import check_github

            return check_github(checked.diagnostics, repository_root())
        case "sarif":
            from loyalty_dsl.report.check_sarif import check_sarif

            return check_sarif(checked.sources, checked.diagnostics, repository_root())
        case "junit":
            from loyalty_dsl.report.check_junit import check_junit

            return check_junit(checked.sources, checked.diagnostics)
        case _:
            raise AssertionError(f"no writer of {format_}")
