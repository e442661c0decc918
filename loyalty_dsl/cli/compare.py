"""`loyalty compare`: what a change of a program costs, and who gains and who loses by it."""

from functools import partial
from pathlib import Path

import click

from loyalty_dsl import pipeline
from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    charts_option,
    format_option,
    ledger_option,
    months_option,
    program_option,
    sample_option,
    seed_option,
    set_option,
    threads_option,
    verify_charts_target,
    verify_workbook_target,
    xlsx_option,
)
from loyalty_dsl.cli.rules import load_rules, verify_of_program
from loyalty_dsl.cli.settings_file import name_settings
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.targets import verify_file_target, verify_table_name
from loyalty_dsl.versions import choose_versions, replaced_version


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@sample_option
@months_option
@seed_option
@click.option(
    "--population",
    "population_name",
    metavar="NAME",
    help="The population, where there are several; NEW's come first.",
)
@program_option
@threads_option
@set_option
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help="Compare OLD without this rule, reward or benefit to OLD: what it costs; may be repeated.",
)
@ledger_option
@click.option("--report", metavar="OUT.html", help="Write the comparison as one page with charts.")
@charts_option
@xlsx_option
@click.option(
    "--members",
    metavar="OUT.csv|.parquet",
    help="Write a row for each simulated member: segment, levels, and what it receives under each version.",
)
@format_option("text", "json")
def command(
    *,
    old: str,
    new: str | None,
    sample: int | None,
    months: int,
    seed: int,
    population_name: str | None,
    program_name: str | None,
    threads: int | None,
    settings: tuple[str, ...],
    without: tuple[str, ...],
    ledger: str | None,
    report: str | None,
    charts: str | None,
    xlsx: str | None,
    members: str | None,
    format_: str,
) -> None:
    """Compare two versions of a program over the same customers with the same luck.

    OLD and NEW are *.loyalty files or folders of them, each with a version of the program. The population is
    that of NEW or, where it has none, of OLD. Without NEW it is OLD with the numbers of --set; with it, they
    are set in NEW. With --without, the old version is OLD without a rule. OLD alone, with a program whose
    version replaces another one, is compared with that one.
    """
    first = load_rules(old, format_)
    alone = (
        new is None and not settings and not without
    )  # a version of the program, and the one that it replaced
    if alone and replaced_version(first, choose_program(first, program_name)) is None:
        raise InputRefused(
            "a comparison is of two versions",
            "name NEW as well, change OLD with --set PATH=VALUE, or leave a rule out of it (--without NAME)",
        )
    books = first, first if alone else load_rules(new or old, format_, settings)
    if without:
        books = _without(first, without, program_name, other=new is not None or bool(settings)), first
    verify_table_name(members)
    if ledger is not None:
        from loyalty_dsl.forecast.beginning import begin_with
        from loyalty_dsl.valuation.ledger_files import read_opening

        opening = read_opening(Path(ledger))
        begun = begin_with(books[0], opening)
        books = begun, begun if alone else begin_with(books[1], opening)
    read = [Path(source.name) for book in books for source in book.sources]
    for target in (report, members):
        if target is not None:
            verify_file_target(Path(target), read)
    verify_charts_target(charts, read)
    verify_workbook_target(xlsx, read)
    versions = choose_versions(*books, program=program_name, population=population_name)
    verify_of_program(books[1], settings, versions.new.program.name)

    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.report.comparison_json import compared_files, comparison_json

    tell_if_compiling("live_members")
    with progress_bar("comparing") as progress:
        compared = partial(
            pipeline.compare,
            *books,
            program=program_name,
            population=population_name,
            sample=sample,
            months=months,
            seed=seed,
            threads=threads,
            each_member=members is not None,
            progress=progress,
        )
        comparison = run_interruptibly(compared)
    files = name_settings(compared_files(comparison, old, new, settings, without))
    if format_ == "json":
        click.echo(comparison_json(comparison, files), nl=False)
    else:
        from loyalty_dsl.report.comparison_terminal import render_comparison
        from loyalty_dsl.report.style import Style

        click.echo(render_comparison(comparison, files, Style.of_stdout()))
    if report is not None:
        from loyalty_dsl.report.comparison_page import write_comparison_page

        write_comparison_page(comparison, files, Path(report))
        click.echo(f"the report is {report}", err=True)
    if charts is not None:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.comparison_page import comparison_panels

        write_charts(comparison_panels(comparison), Path(charts), files.command, read)
        click.echo(f"the charts are in {charts}", err=True)
    if xlsx is not None:
        from loyalty_dsl.report.comparison_sheets import write_comparison_workbook

        write_comparison_workbook(comparison, files, Path(xlsx))
        click.echo(f"the workbook is {xlsx}", err=True)
    if members is not None:
        from loyalty_dsl.report.comparison_members import write_members

        write_members(comparison, Path(members))
        click.echo(f"the members are {members}", err=True)


def _without(book: Book, names: tuple[str, ...], program: str | None, *, other: bool) -> Book:
    """The old version of a comparison that asks what some rules cost."""
    if other:
        raise InputRefused(
            "--without compares one file with itself, so there is no NEW and no --set beside it",
            "compare OLD NEW shows two files",
        )
    from loyalty_dsl.decisions.leaving_out import book_without

    return book_without(book.sources, names, choose_program(book, program).name)
