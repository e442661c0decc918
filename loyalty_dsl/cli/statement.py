"""`loyalty statement`: what one member sees."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from loyalty_dsl.choosing import choose_program
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    day,
    format_option,
    key_file_option,
    mapping_option,
    program_option,
    seed_option,
    source_option,
)
from loyalty_dsl.cli.panics import without_panic_output
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import Style

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.statements import Statement
    from loyalty_dsl.language.program import Program


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("source", metavar="DATA")
@click.argument("member", metavar="[MEMBER]", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody in DATA; as JSON, each on a line.")
@click.option("--on", type=day, metavar="DATE", help="The day; that of the last event by default.")
@mapping_option
@source_option
@key_file_option
@program_option
@seed_option
@format_option("text", "json")
def command(
    *,
    program_file: str,
    source: str,
    member: str | None,
    everybody: bool,
    on: date | None,
    mapping: str | None,
    source_name: str | None,
    key_file: str | None,
    program_name: str | None,
    seed: int,
    format_: str,
) -> None:
    """Show what one member has, loses and can reach, or --all members.

    DATA is a file of transactions as `loyalty replay` reads it, a folder that `loyalty replay --state` keeps,
    or a file with the state of that member; MEMBER is the member's id.
    """
    if everybody == (member is not None):
        raise InputRefused(
            "a statement is of one member or of all" if everybody else "no member is named",
            "name a MEMBER, or write `--all` instead",
        )
    book = load_rules(program_file, format_)
    program = choose_program(book, program_name)
    with without_panic_output():
        from loyalty_dsl.report.stating import statement, statements

        if member is None:
            every = statements(
                book,
                source,
                on=on,
                program=program_name,
                mapping=mapping,
                seed=seed,
                by_source=source_name,
                key_file=key_file,
            )
            run_interruptibly(lambda: _print_all(program, every, format_))
            return
        stated = run_interruptibly(
            lambda: statement(
                book,
                source,
                member,
                on=on,
                program=program_name,
                mapping=mapping,
                seed=seed,
                by_source=source_name,
                key_file=key_file,
            )
        )
    if format_ == "json":
        from loyalty_dsl.report.statement_json import statement_json

        click.echo(statement_json(program, stated), nl=False)
    else:
        from loyalty_dsl.report.statement_text import render_statement

        click.echo(render_statement(program, stated, Style.of_stdout()))


def _print_all(program: "Program", every: "Iterator[Statement]", format_: str) -> None:
    """Prints one statement after the other, as soon as it is known."""
    from loyalty_dsl.report.statement_json import statement_line
    from loyalty_dsl.report.statement_text import render_statement

    style = Style.of_stdout()
    for number, stated in enumerate(every):
        if format_ == "json":
            click.echo(statement_line(program, stated))
        else:
            click.echo(("\n" if number else "") + render_statement(program, stated, style))
