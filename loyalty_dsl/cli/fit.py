"""`loyalty fit`: a population from real transactions."""

import shlex
from datetime import date
from pathlib import Path

import click

from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    charts_option,
    day,
    format_option,
    key_file_option,
    mapping_option,
    source_option,
    verify_charts_target,
    verify_workbook_target,
    xlsx_option,
)
from loyalty_dsl.cli.panics import is_standard_error, without_panic_output
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.reading import SUFFIX
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.targets import verify_file_target


@click.command()
@click.argument("transactions", metavar="TRANSACTIONS")
@click.option("-o", "--out", metavar="POPULATION.loyalty", help="Write the population here.")
@click.option("--program", "program_file", metavar="FILE", help="The program whose fields are counted.")
@click.option("--program-name", metavar="NAME", help="Which program, where the file has several.")
@click.option(
    "--unit",
    type=click.Choice(("week", "day")),
    default="week",
    show_default=True,
    help="The unit of time of the parameters.",
)
@click.option(
    "--until",
    type=day,
    metavar="DATE",
    help="The last day of calibration; later purchases are forecast and compared.",
)
@mapping_option
@source_option
@key_file_option
@click.option("--quarantine", metavar="FILE", help="Write rows that cannot be used here, and fit the rest.")
@click.option("--report", metavar="OUT.html", help="Write what was found as one page with charts.")
@charts_option
@xlsx_option
@format_option("text", "json")
def command(
    *,
    transactions: str,
    out: str | None,
    program_file: str | None,
    program_name: str | None,
    unit: str,
    until: date | None,
    mapping: str | None,
    source_name: str | None,
    key_file: str | None,
    quarantine: str | None,
    report: str | None,
    charts: str | None,
    xlsx: str | None,
    format_: str,
) -> None:
    """Fit a population to real transactions.

    TRANSACTIONS is a CSV or Parquet file with the columns member, time and amount. How members buy, stay and
    spend is estimated; the last part of the data is hidden and forecast, and the error is told.
    """
    if transactions.endswith(SUFFIX):
        raise InputRefused(
            f"`{transactions}` holds rules, not transactions",
            f"the program is an option: `loyalty fit FILE --program {shlex.quote(transactions)}`",
        )
    book = None if program_file is None else load_rules(program_file, format_)
    if program_name is not None and book is None:
        raise InputRefused("--program-name says which program of a file", "give the file with --program FILE")
    if out is not None and not out.endswith(SUFFIX):
        raise InputRefused(f"`{out}` is no name of a rule file", f"write `-o {out}{SUFFIX}`")
    if quarantine is not None and is_standard_error(Path(quarantine)):
        raise InputRefused("rows cannot be set aside on the standard error", "name a file for --quarantine")
    read = [Path(name) for name in (transactions, program_file, mapping, key_file) if name is not None]
    targets = [Path(name) for name in (out, quarantine, report, xlsx) if name is not None]
    for target in targets:
        verify_file_target(target, read)
    verify_charts_target(charts, read)
    verify_workbook_target(xlsx, read)
    if len({target.resolve() for target in targets}) < len(targets):
        raise InputRefused("two outputs would go to one file", "name a file for each")

    from loyalty_dsl.calibration.fitting import fit_file

    with without_panic_output():
        fitted = run_interruptibly(
            lambda: fit_file(
                transactions,
                book=book,
                program=program_name,
                mapping=mapping,
                source=source_name,
                key_file=key_file,
                set_aside=quarantine is not None,
                unit=unit,
                until=until,
            )
        )
    if quarantine is not None:
        from loyalty_dsl.transactions.opening import PARQUET_SUFFIXES
        from loyalty_dsl.transactions.refused import quarantine_bytes

        as_parquet = Path(quarantine).suffix.lower() in PARQUET_SUFFIXES
        _write(quarantine, quarantine_bytes(fitted.read.opened, fitted.read.refused, as_parquet))
        if fitted.read.refused:
            click.echo(
                f"{counted(len(fitted.read.refused), 'row')} set aside in {Path(quarantine)}:", err=True
            )
            click.echo(fitted.read.refused.describe(), err=True)
    if format_ == "json":
        from loyalty_dsl.report.fit_json import fit_json

        click.echo(fit_json(fitted), nl=False)
    else:
        from loyalty_dsl.report.fit_terminal import render_fit

        click.echo(render_fit(fitted, Style.of_stdout()))
    if out is not None:
        _write(out, fitted.population.encode())
        click.echo(f"the population is {out}", err=True)
    words = ["loyalty", "fit", transactions, "--unit", unit]
    words += [] if until is None else ["--until", until.isoformat()]
    words += [] if program_file is None else ["--program", program_file]
    words += [] if mapping is None else ["--map", mapping]
    words += [] if source_name is None else ["--source", source_name]
    if report is not None:
        from loyalty_dsl.report.fit_page import fit_page

        _write(report, fit_page(fitted, shlex.join(words)).encode())
        click.echo(f"the report is {report}", err=True)
    if charts is not None:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.fit_page import fit_panels

        write_charts(fit_panels(fitted.calibration), Path(charts), shlex.join(words), read)
        click.echo(f"the charts are in {charts}", err=True)
    if xlsx is not None:
        from loyalty_dsl.report.fit_sheets import write_fit_workbook

        write_fit_workbook(fitted, shlex.join(words), Path(xlsx))
        click.echo(f"the workbook is {xlsx}", err=True)


def _write(name: str, data: bytes) -> None:
    from loyalty_dsl.report.files import WriteFailure, write_whole

    outcome = write_whole(Path(name), data)
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)
