"""`loyalty sweep`: the forecast at many values of some numbers."""

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    charts_option,
    files_argument,
    format_option,
    verify_charts_target,
    verify_workbook_target,
    whole_number,
    xlsx_option,
)
from loyalty_dsl.cli.questions import question_options, question_words, study_asked
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.cli.settings_file import name_settings
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.targets import verify_file_target, verify_table_name

if TYPE_CHECKING:
    from loyalty_dsl.decisions.sweeping import Asked


@click.command()
@files_argument
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="A number and its values: 'base.give=1..3 step 0.5', 'status.gold=$400, $500', 'join+-20%'.",
)
@click.option("--list", "listing", is_flag=True, help="Show every number with its path, and stop.")
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="OUTCOME",
    help="What to show, such as 'liability at month 12' or 'reward cost over 12 months'.",
)
@click.option(
    "--design",
    type=click.Choice(("grid", "latin")),
    default="grid",
    show_default=True,
    help="Every combination, or a Latin hypercube of --points over ranges.",
)
@click.option(
    "--points", type=whole_number(2, 500), default=None, metavar="N", help="Of a Latin hypercube: 20."
)
@click.option("--tornado", is_flag=True, help="Low and high of each number, one at a time, by swing.")
@question_options
@click.option("--report", metavar="OUT.html", help="Write the sweep as one page with charts.")
@charts_option
@xlsx_option
@click.option("--out", metavar="OUT.csv|.parquet", help="Write the points as a table.")
@format_option("text", "json")
def command(
    *,
    files: tuple[str, ...],
    vary: tuple[str, ...],
    listing: bool,
    outcomes: tuple[str, ...],
    design: str,
    points: int | None,
    tornado: bool,
    begins: date | str | None,
    settings: tuple[str, ...],
    report: str | None,
    charts: str | None,
    xlsx: str | None,
    out: str | None,
    format_: str,
    **asked: Unpack["Asked"],
) -> None:
    """Forecast at many values of some numbers, with the same members and the same luck.

    FILES are *.loyalty files or folders of them, with a program and a population. Each difference is from the
    files as they are, and its noise is that of paired members.
    """
    book = load_rules(files, format_, settings)
    if listing:
        if format_ != "text":
            raise InputRefused("--list is for people alone", "leave out --format")
        from loyalty_dsl.decisions.paths import paths_of
        from loyalty_dsl.report.style import Style
        from loyalty_dsl.report.sweep_terminal import render_paths

        click.echo(render_paths(paths_of(book.sources), Style.of_stdout()))
        return
    if not vary:
        raise InputRefused("a sweep varies at least one number", "add --vary PATH=VALUES; --list shows paths")
    if points is not None and design != "latin":
        raise InputRefused("--points is of a Latin hypercube", "add --design latin")
    if tornado and design == "latin":
        raise InputRefused(
            "--tornado varies one number at a time, and --design latin all of them", "choose one"
        )
    read = [Path(source.name) for source in book.sources]
    for target in (report, out):
        if target is not None:
            verify_file_target(Path(target), read)
    verify_charts_target(charts, read)
    verify_workbook_target(xlsx, read)
    verify_table_name(out)

    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.decisions.sweeping import sweep
    from loyalty_dsl.report.provenance import provenance_of

    study = study_asked(book, settings, begins, **asked)
    tell_if_compiling("live_members")
    with progress_bar("sweeping") as progress:
        found = run_interruptibly(
            lambda: sweep(
                study,
                vary,
                outcomes=outcomes,
                design="one at a time" if tornado else design,
                points=points or 20,
                progress=progress,
            )
        )
    words = ["loyalty", "sweep", *files]
    words += [word for each in vary for word in ("--vary", each)]
    words += [word for each in outcomes for word in ("--outcome", each)]
    words += ["--tornado"] if tornado else ["--design", design]
    words += ["--points", str(points)] if points is not None else []
    words += question_words(found.forecast, settings, begins)
    provenance = name_settings(provenance_of(found.forecast, shlex.join(words)))
    if format_ == "json":
        from loyalty_dsl.report.sweep_json import sweep_json

        click.echo(sweep_json(found, provenance), nl=False)
    else:
        from loyalty_dsl.report.style import Style
        from loyalty_dsl.report.sweep_terminal import render_sweep

        click.echo(render_sweep(found, provenance, Style.of_stdout()))
    if report is not None:
        from loyalty_dsl.report.sweep_page import write_sweep_page

        write_sweep_page(found, provenance, Path(report))
        click.echo(f"the report is {report}", err=True)
    if charts is not None:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.sweep_page import sweep_panels

        write_charts(sweep_panels(found), Path(charts), provenance.command, read)
        click.echo(f"the charts are in {charts}", err=True)
    if xlsx is not None:
        from loyalty_dsl.report.sweep_sheets import write_sweep_workbook

        write_sweep_workbook(found, provenance, Path(xlsx))
        click.echo(f"the workbook is {xlsx}", err=True)
    if out is not None:
        from loyalty_dsl.report.sweep_table import write_sweep_table

        write_sweep_table(found, Path(out))
        click.echo(f"the table is {out}", err=True)
