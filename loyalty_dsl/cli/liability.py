"""`loyalty liability`: the ledger of a replay, valued."""

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    charts_option,
    format_option,
    program_option,
    verify_charts_target,
    verify_workbook_target,
    xlsx_option,
)
from loyalty_dsl.cli.options import day as day_option
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.cli.tails import Tail, tail_option
from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    from loyalty_dsl.report.valuation_ledger_figures import LiabilityFigures
    from loyalty_dsl.valuation.deferral import Method
    from loyalty_dsl.valuation.ledger_valuation import LedgerValuation

METHODS = ("proportional", "remote", "accrued cost")


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("ledger", metavar="LEDGER")
@click.option("--at", type=day_option, metavar="DATE", help="The day; the ledger's last by default.")
@click.option(
    "--before", type=day_option, metavar="DATE", help="An earlier day, to explain the change since."
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="proportional",
    show_default=True,
    help="How breakage is recognised, or that points are accrued at cost.",
)
@click.option("--journal", metavar="FILE", help="Write the journal: FILE.csv, or FILE.beancount.")
@click.option("--report", metavar="OUT.html", help="Write the valuation as one page with charts.")
@charts_option
@xlsx_option
@tail_option
@program_option
@format_option("text", "json")
def command(
    *,
    program_file: str,
    ledger: str,
    at: date | None,
    before: date | None,
    method: "Method",
    journal: str | None,
    report: str | None,
    charts: str | None,
    xlsx: str | None,
    tail: Tail,
    program_name: str | None,
    format_: str,
) -> None:
    """Value the points that members of a real ledger hold.

    LEDGER is the folder that `loyalty replay PROGRAM TRANSACTIONS --out LEDGER` wrote. Outstanding points are
    those of the ledger; what of them will be redeemed is estimated from its own history.
    """
    from loyalty_dsl.calendar import day_of
    from loyalty_dsl.reading import hash_of_text
    from loyalty_dsl.report.style import Style
    from loyalty_dsl.report.valuation_ledger_figures import LiabilityFigures
    from loyalty_dsl.targets import verify_file_target
    from loyalty_dsl.valuation.ledger_files import TABLES, read_ledger, verify_program
    from loyalty_dsl.valuation.ledger_valuation import flows_of_ledger, value_ledger
    from loyalty_dsl.valuation.segment_mix import groups_of

    book = load_rules(program_file, format_)
    chosen = choose_program(book, program_name)
    folder = Path(ledger)
    read = [Path(source.name) for source in book.sources] + [folder / name for name in TABLES]
    if report is not None:
        verify_file_target(Path(report), read)
    verify_charts_target(charts, read)
    verify_workbook_target(xlsx, read)
    if journal is not None:
        if Path(journal).suffix not in (".csv", ".beancount"):
            raise InputRefused(f"`{journal}` is no journal", "end its name in .csv or .beancount")
        verify_file_target(Path(journal), read)
    tables = run_interruptibly(lambda: read_ledger(folder))
    verify_program(tables, chosen)
    last = tables.as_of if at is None else day_of(at)
    if before is not None and day_of(before) >= last:
        raise InputRefused(f"--before {before} is not before the day of the valuation")
    words = ["loyalty", "liability", program_file, ledger]
    for option, value in (("--at", at), ("--before", before), ("--tail", tail), ("--program", program_name)):
        words += [] if value is None else [option, str(value)]
    source = chosen.span.source

    def valuations() -> tuple["LedgerValuation", "LedgerValuation | None"]:
        flows = flows_of_ledger(chosen, tables)
        valued = value_ledger(
            chosen,
            tables,
            last,
            method,
            tail=tail,
            flows=flows,
            both_bases=True,
            groups=groups_of(chosen, folder),
        )
        if before is None:
            return valued, None
        return valued, value_ledger(chosen, tables, day_of(before), None, tail=tail, flows=flows)

    valued, earlier = run_interruptibly(valuations)
    figures = LiabilityFigures(
        valued=valued,
        before=earlier,
        method=method,
        inputs=((source.name, hash_of_text(source)), *tables.inputs),
        command=shlex.join([*words, *([] if method == METHODS[0] else ["--method", method])]),
    )
    if journal is not None:
        _write_journal(figures, Path(journal))
    if format_ == "json":
        from loyalty_dsl.report.valuation_ledger_json import liability_json

        click.echo(liability_json(figures), nl=False)
    else:
        from loyalty_dsl.report.valuation_ledger_terminal import render_liability

        click.echo(render_liability(figures, Style.of_stdout()))
    if journal is not None:
        click.echo(f"the journal is {journal}", err=True)
    if report is not None:
        from loyalty_dsl.report.files import WriteFailure, write_whole
        from loyalty_dsl.report.valuation_ledger_page import liability_page

        written = write_whole(Path(report), liability_page(figures).encode())
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
        click.echo(f"the report is {report}", err=True)
    if charts is not None:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.valuation_ledger_page import liability_panels

        write_charts(liability_panels(figures), Path(charts), figures.command, read)
        click.echo(f"the charts are in {charts}", err=True)
    if xlsx is not None:
        from loyalty_dsl.report.valuation_ledger_sheets import write_liability_workbook

        write_liability_workbook(figures, Path(xlsx))
        click.echo(f"the workbook is {xlsx}", err=True)


def _write_journal(figures: "LiabilityFigures", path: Path) -> None:
    """Writes the journal of every currency that has a roll-forward.

    Raises:
        InputRefused: none has, or the file cannot be written.
    """
    from loyalty_dsl.report.files import WriteFailure, write_whole
    from loyalty_dsl.valuation.journal import journal_beancount, journal_csv
    from loyalty_dsl.valuation.rollforward import combined

    rolls = [one.roll for one in figures.valued.currencies if one.roll is not None]
    if not rolls:
        reasons = "; ".join(
            f"{one.currency.name}: {one.why_no_roll}" for one in figures.valued.currencies if one.why_no_roll
        )
        raise InputRefused(f"there is no journal to write, as there is no deferred revenue ({reasons})")
    write = journal_csv if path.suffix == ".csv" else journal_beancount
    written = write_whole(path, write(combined(rolls), figures.money).encode())
    if isinstance(written, WriteFailure):
        raise InputRefused(written.message)
