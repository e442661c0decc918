"""`loyalty test`: the scenarios of rule files, run on either evaluator or both."""

from typing import TYPE_CHECKING

import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option, set_option
from loyalty_dsl.cli.rules import load_rules

if TYPE_CHECKING:
    from loyalty_dsl.testing.evaluators import Engine


@click.command()
@files_argument
@format_option("text", "json", "junit")
@click.option(
    "--engine",
    type=click.Choice(("reference", "compiled", "both")),
    default="reference",
    show_default=True,
    help="The compiled engine is that of forecasts; `both` fails a scenario in which they differ.",
)
@set_option
@click.option("--quiet", "-q", is_flag=True, help="One line for the passed scenarios of a file.")
def command(
    files: tuple[str, ...], format_: str, engine: "Engine", settings: tuple[str, ...], quiet: bool
) -> int:
    """Run the scenarios of rule files.

    FILES are *.loyalty files or folders of them; together they are one book. Each scenario that fails is
    shown with what it expected, what happened, and the postings that led there. Ends with 1 if one fails,
    and where there is none: a test that tests nothing must not pass.
    """
    from loyalty_dsl.report.scenarios import render_scenarios, scenarios_to_json
    from loyalty_dsl.report.style import Style
    from loyalty_dsl.report.visible import visible

    book = load_rules(files, format_, settings)
    if engine != "reference" and book.scenarios:
        from loyalty_dsl.cli.progress import tell_if_compiling

        tell_if_compiling("operate")
    results = pipeline.test(book, engine)
    if format_ == "json":
        click.echo(scenarios_to_json(results), nl=False)
    elif format_ == "junit":
        from loyalty_dsl.report.scenarios_junit import scenarios_to_junit

        click.echo(scenarios_to_junit(results), nl=False)
    elif results:
        click.echo(render_scenarios(results, Style.of_stdout(), quiet=quiet))
    if not results:
        named = ", ".join(f"`{visible(file)}`" for file in files)
        click.echo(f"error: no scenarios in {named}", err=True)
    return FINE if results and all(result.passed for result in results) else FINDINGS
