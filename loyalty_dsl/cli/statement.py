"""`loyalty statement`: what one member sees."""

from datetime import date

import click

from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import day, format_option, program_option, seed_option
from loyalty_dsl.cli.panics import without_panic_output
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.report.style import Style


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("source", metavar="DATA")
@click.argument("member", metavar="MEMBER")
@click.option("--on", type=day, metavar="DATE", help="The day; that of the last event by default.")
@click.option("--map", "mapping", metavar="FILE.toml", help="What the file calls its columns and values.")
@program_option
@seed_option
@format_option("text", "json")
def command(
    *,
    program_file: str,
    source: str,
    member: str,
    on: date | None,
    mapping: str | None,
    program_name: str | None,
    seed: int,
    format_: str,
) -> None:
    """Show what one member has, loses and can reach.

    DATA is a file of transactions as `loyalty replay` reads it, a folder that `loyalty replay --state` keeps,
    or a file with the state of that member; MEMBER is the member's id.
    """
    book = load_rules(program_file, format_)
    program = choose_program(book, program_name)
    with without_panic_output():
        from loyalty_dsl.report.stating import statement

        stated = run_interruptibly(
            lambda: statement(book, source, member, on=on, program=program_name, mapping=mapping, seed=seed)
        )
    if format_ == "json":
        from loyalty_dsl.report.statement_json import statement_json

        click.echo(statement_json(program, stated), nl=False)
    else:
        from loyalty_dsl.report.statement_text import render_statement

        click.echo(render_statement(program, stated, Style.of_stdout()))
