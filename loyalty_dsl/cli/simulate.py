"""`loyalty simulate`: the forecast of a program over a population."""

from datetime import date
from functools import partial
from pathlib import Path

import click

from loyalty_dsl import pipeline
from loyalty_dsl.choosing import choose_population
from loyalty_dsl.cli.estimate import KINDS
from loyalty_dsl.cli.exits import FINE
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    begins_option,
    charts_option,
    day,
    files_argument,
    format_option,
    months_option,
    program_option,
    sample_option,
    seed_option,
    set_option,
    threads_option,
    verify_charts_target,
    verify_workbook_target,
    whole_number,
    xlsx_option,
)
from loyalty_dsl.cli.rules import load_rules, verify_used
from loyalty_dsl.cli.settings_file import name_settings
from loyalty_dsl.refusals import InputRefused


def _members_wanted(value: object) -> int:
    """How many members: a whole number from 1, or 0 for `all`."""
    return 0 if value in ("all", 0) else whole_number(1, 10**9)(value)


@click.command()
@files_argument
@sample_option
@months_option
@seed_option
@begins_option
@click.option(
    "--population", "population_name", metavar="NAME", help="The population, where there are several."
)
@program_option
@threads_option
@click.option(
    "--shards",
    metavar="N",
    type=whole_number(1, 10**6),
    help="Parts to split the members into; changes no figure.",
)
@set_option
@click.option(
    "--basis",
    type=click.Choice(("going-concern", "run-off")),
    default="going-concern",
    show_default=True,
    help="Which liability is quoted: members go on earning, or nobody does after the valuation.",
)
@click.option("--at", type=day, metavar="DATE", help="Value at the end of this month; the last by default.")
@click.option(
    "--parameters",
    type=whole_number(2, 1000),
    metavar="N",
    help="Draw N sets of a fitted population's parameters: how far its errors move the liability.",
)
@click.option("--like", type=click.Choice(KINDS), help="Warn when a URR is unlike what such programs show.")
@click.option("--report", metavar="OUT.html", help="Write the forecast as one page with charts.")
@charts_option
@xlsx_option
@click.option("--out", metavar="DIR", help="Write the forecast as Parquet tables.")
@click.option(
    "--members",
    type=_members_wanted,
    metavar="N|all",
    help="With --out: a row for each of N simulated members and their friends, or for all.",
)
@click.option(
    "--study", "study_names", multiple=True, metavar="NAME", help="Run this study; may be repeated."
)
@click.option(
    "--against",
    metavar="OLD",
    help="Compare every study with the version of its program in this file or folder.",
)
@click.option("--no-studies", is_flag=True, help="Forecast, whatever studies there are.")
@format_option("text", "json", "github", "junit", "markdown")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    files: tuple[str, ...],
    sample: int | None,
    months: int,
    seed: int,
    begins: date | str | None,
    population_name: str | None,
    program_name: str | None,
    threads: int | None,
    shards: int | None,
    basis: str,
    at: date | None,
    parameters: int | None,
    like: str | None,
    report: str | None,
    charts: str | None,
    xlsx: str | None,
    out: str | None,
    members: int | None,
    settings: tuple[str, ...],
    study_names: tuple[str, ...],
    against: str | None,
    no_studies: bool,
    format_: str,
) -> int:
    """Forecast what a program will cost and do.

    FILES are *.loyalty files or folders of them, with a program and a population. Where they hold studies,
    these are run: exit code 1 says that a bound which one requires does not hold. The same seed gives the
    same figures on any number of threads and shards.
    """
    if members is not None and out is None:
        raise InputRefused("--members says whose rows to write", help="say where with --out DIR")
    book = load_rules(files, format_, settings)
    if (book.studies or study_names) and not no_studies:
        from loyalty_dsl.cli.study_run import run_studies

        return run_studies(context, book, files, format_)
    if format_ not in ("text", "json"):
        raise InputRefused(
            f"`--format {format_}` is of studies, and none is run", "write a `study`, as in docs/studies.md"
        )
    if against is not None:
        raise InputRefused("--against is of studies, and none is run", "use `loyalty compare OLD NEW`")
    if isinstance(begins, str):
        from loyalty_dsl.forecast.beginning import begin_from

        book = begin_from(book, begins)
    chosen = choose_population(book, population_name, program_name)
    verify_used(book, settings, (chosen.program, chosen.name))
    read = [Path(source.name) for source in book.sources]
    verify_charts_target(charts, read)
    verify_workbook_target(xlsx, read)
    pipeline.verify_targets(
        book, None if report is None else Path(report), None if out is None else Path(out)
    )

    from loyalty_dsl.calendar import day_of
    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.forecast.appraising import Basis, appraise, month_of_day
    from loyalty_dsl.report.appraisal_tables import write_valued_page, write_valued_tables
    from loyalty_dsl.report.provenance import provenance_of

    tell_if_compiling("live_members")
    with progress_bar("simulating") as progress:
        simulated = partial(
            pipeline.simulate,
            book,
            program=program_name,
            population=population_name,
            sample=sample,
            months=months,
            seed=seed,
            first_day=begins if isinstance(begins, date) else None,
            threads=threads,
            shards=shards,
            progress=progress,
        )
        forecast = run_interruptibly(simulated)
        appraised = partial(
            appraise,
            forecast,
            month=None if at is None else month_of_day(forecast, day_of(at)),
            basis=Basis.RUN_OFF if basis == "run-off" else Basis.GOING_CONCERN,
            kind=like,
            parameters=parameters or 0,
            threads=threads,
        )
        appraisal = run_interruptibly(appraised)
    provenance = name_settings(provenance_of(forecast, options=_options(basis, at, parameters, like)))
    if format_ == "json":
        from loyalty_dsl.report.simulation_json import forecast_json

        click.echo(forecast_json(forecast, provenance, appraisal), nl=False)
    else:
        from loyalty_dsl.report.style import Style
        from loyalty_dsl.report.terminal import render_forecast

        click.echo(render_forecast(forecast, provenance, Style.of_stdout(), appraisal))
    if report is not None:
        write_valued_page(appraisal, provenance, Path(report))
        click.echo(f"the report is {report}", err=True)
    if charts is not None:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.html import forecast_panels

        write_charts(forecast_panels(forecast, None, appraisal), Path(charts), provenance.command, read)
        click.echo(f"the charts are in {charts}", err=True)
    if xlsx is not None:
        from loyalty_dsl.report.workbook import write_workbook

        write_workbook(forecast, provenance, Path(xlsx), appraisal=appraisal)
        click.echo(f"the workbook is {xlsx}", err=True)
    if out is not None:
        rows = () if members is None else pipeline.member_rows(forecast, members or None)
        write_valued_tables(appraisal, provenance, Path(out), rows)
        click.echo(f"the tables are in {out}", err=True)
    return FINE


def _options(basis: str, at: date | None, parameters: int | None, like: str | None) -> list[str]:
    """The options of the appraisal that differ from their defaults, as words of a command."""
    words = [] if basis == "going-concern" else ["--basis", basis]
    for option, value in (("--at", at), ("--parameters", parameters), ("--like", like)):
        words += [] if value is None else [option, str(value)]
    return words
