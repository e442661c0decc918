"""`loyalty test`: the scenarios of rule files, run on either evaluator or both."""

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import files_argument, format_option, repository_root, set_option, share
from loyalty_dsl.cli.rules import load_rules

if TYPE_CHECKING:
    from loyalty_dsl.testing.evaluators import Engine


@click.command()
@files_argument
@format_option("text", "json", "github", "junit")
@click.option(
    "--engine",
    type=click.Choice(("reference", "compiled", "both")),
    default="reference",
    show_default=True,
    help="The compiled engine is that of forecasts; `both` fails a scenario in which they differ.",
)
@set_option
@click.option("--quiet", "-q", is_flag=True, help="One line for the passed scenarios of a file.")
@click.option(
    "--coverage",
    "wants_coverage",
    is_flag=True,
    help="Say which rules, levels, limits, rewards, rows and gates no scenario touches.",
)
@click.option(
    "--threshold",
    type=share,
    metavar="PERCENT",
    help="End with 1 where less than this is touched, such as 90%; implies --coverage.",
)
@click.option("--allow-none", is_flag=True, help="Files without scenarios are fine.")
def command(
    *,
    files: tuple[str, ...],
    format_: str,
    engine: "Engine",
    settings: tuple[str, ...],
    quiet: bool,
    wants_coverage: bool,
    threshold: Fraction | None,
    allow_none: bool,
) -> int:
    """Run the scenarios of rule files.

    FILES are *.loyalty files or folders of them; together they are one book. Each scenario that fails is
    shown with what it expected, what happened, and the postings that led there. Ends with 1 if one fails,
    and where there is none: a test that tests nothing must not pass.
    """
    from loyalty_dsl.report.coverage import percent_of, render_coverage
    from loyalty_dsl.report.scenarios import render_scenarios, scenarios_to_json
    from loyalty_dsl.report.style import PLAIN, Style
    from loyalty_dsl.report.visible import visible

    book = load_rules(files, format_, settings)
    if engine != "reference" and book.scenarios:
        from loyalty_dsl.cli.progress import tell_if_compiling

        tell_if_compiling("operate")
    coverage = None
    if wants_coverage or threshold is not None:
        results, coverage = pipeline.test_covered(book)
        if engine != "reference":
            results = pipeline.test(book, engine)
    else:
        results = pipeline.test(book, engine)
    wanted = "" if threshold is None else f"{float(threshold * 100):g}%"
    too_few = coverage is not None and threshold is not None and coverage.share < threshold
    if format_ == "json":
        click.echo(scenarios_to_json(results, coverage), nl=False)
    elif format_ == "github":
        from loyalty_dsl.report.scenarios_github import scenarios_github

        told = scenarios_github(results, repository_root(), coverage if too_few else None)
        click.echo(told, nl=False)
        if results:  # the log of a job is read by people too
            click.echo(render_scenarios(results, PLAIN, quiet=quiet), err=True)
    elif format_ == "junit":
        from loyalty_dsl.report.scenarios_junit import coverage_case, scenarios_to_junit

        case = None
        if coverage is not None and threshold is not None:
            case = coverage_case(coverage, wanted, enough=not too_few)
        click.echo(scenarios_to_junit(results, case), nl=False)
    elif results:
        click.echo(render_scenarios(results, Style.of_stdout(), quiet=quiet))
    if coverage is not None and format_ != "json":
        told = render_coverage(coverage, Style.of_stdout() if format_ == "text" else PLAIN)
        click.echo(f"\n{told}" if format_ == "text" else told, err=format_ != "text")
    fine = all(result.passed for result in results) and bool(results or allow_none)
    if not results and not allow_none:
        named = ", ".join(f"`{visible(file)}`" for file in files)
        click.echo(f"error: no scenarios in {named}", err=True)
    if coverage is not None and too_few:
        click.echo(f"error: the scenarios touch {percent_of(coverage)}, and {wanted} is wanted", err=True)
        fine = False
    return FINE if fine else FINDINGS
