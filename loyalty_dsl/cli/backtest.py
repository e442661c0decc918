"""`loyalty backtest`: past valuations of a ledger against what happened."""

import shlex
from pathlib import Path

import click

from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.options import format_option, program_option
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.cli.tails import Tail, tail_option


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("ledger", metavar="LEDGER")
@click.option(
    "--every", type=click.Choice(("quarter", "month")), default="quarter", show_default=True, help="When."
)
@tail_option
@program_option
@format_option("text", "json")
def command(
    *, program_file: str, ledger: str, every: str, tail: Tail, program_name: str | None, format_: str
) -> None:
    """Hold past valuations against what happened afterwards.

    LEDGER is the folder that `loyalty replay PROGRAM TRANSACTIONS --out LEDGER` wrote. It is valued at the
    end of each past quarter on what was known then, and its later redemptions are compared with those
    expected.
    """
    from loyalty_dsl.calendar import Unit
    from loyalty_dsl.reading import hash_of_text
    from loyalty_dsl.report.style import Style
    from loyalty_dsl.report.valuation_ledger_figures import BacktestFigures
    from loyalty_dsl.valuation.backtests import backtest
    from loyalty_dsl.valuation.ledger_files import read_ledger, verify_program

    chosen = choose_program(load_rules(program_file, format_), program_name)
    tables = read_ledger(Path(ledger))
    verify_program(tables, chosen)
    source = chosen.span.source
    words = ["loyalty", "backtest", program_file, ledger, "--every", every]
    words += [] if tail is None else ["--tail", str(tail)]
    figures = BacktestFigures(
        program=chosen.label,
        money=chosen.money,
        as_of=tables.as_of,
        past=backtest(chosen, tables, Unit(every), tail),
        inputs=((source.name, hash_of_text(source)), *tables.inputs),
        command=shlex.join([*words, *([] if program_name is None else ["--program", program_name])]),
    )
    if format_ == "json":
        from loyalty_dsl.report.valuation_ledger_json import backtest_json

        click.echo(backtest_json(figures), nl=False)
    else:
        from loyalty_dsl.report.valuation_ledger_terminal import render_backtest

        click.echo(render_backtest(figures, Style.of_stdout()))
