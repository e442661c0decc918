"""`loyalty replay`: real transactions through a program."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINE
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import (
    format_option,
    key_file_option,
    mapping_option,
    program_option,
    seed_option,
    source_option,
    threads_option,
)
from loyalty_dsl.cli.panics import is_standard_error, without_panic_output
from loyalty_dsl.cli.replay_against import Against, against_options, tell_reconciliation, verify_against
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.reading import SUFFIX
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.targets import verify_file_target

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.replay import Engine
    from loyalty_dsl.report.replaying import Replayed

STANDARD = "-"
"""The standard input or output, where a file is asked for."""


@click.command()
@click.argument("program_file", metavar="PROGRAM")
@click.argument("transactions", metavar="TRANSACTIONS")
@mapping_option
@source_option
@key_file_option
@click.option("--quarantine", metavar="FILE", help="Write rows that cannot be used here, and run the rest.")
@click.option("--state", metavar="DIR", help="Go on from where the last file ended, and keep the state here.")
@click.option(
    "--postings", metavar="FILE", help="Write each new posting as a line of JSON; `-` is the standard output."
)
@click.option("--out", metavar="DIR", help="Write the ledger as Parquet tables: every posting and event.")
@click.option(
    "--engine",
    type=click.Choice(("compiled", "reference")),
    default="compiled",
    show_default=True,
    help="The reference is slow, and what the compiled engine is held against.",
)
@against_options
@program_option
@seed_option
@threads_option
@format_option("text", "json")
def command(
    *,
    program_file: str,
    transactions: str,
    mapping: str | None,
    source_name: str | None,
    key_file: str | None,
    quarantine: str | None,
    state: str | None,
    postings: str | None,
    out: str | None,
    engine: "Engine",
    program_name: str | None,
    seed: int,
    threads: int | None,
    format_: str,
    **against_given: Any,
) -> int:
    """Run real transactions through a program.

    PROGRAM is a *.loyalty file or a folder of them; TRANSACTIONS is a CSV, Parquet or JSON lines file with
    the columns member, time and amount and those that the program declares, or - for one of them
    on the standard input. State is as of the end of the last event's day. With --against, what is told is
    how far the postings are those of another system's ledger; the exit code is 1 where they are not.
    """
    against = Against(**against_given)
    if transactions.endswith(SUFFIX):
        raise InputRefused(
            f"`{transactions}` holds rules, not transactions",
            f"the program comes first: `{shlex.join(['loyalty', 'replay', transactions, program_file])}`",
        )
    book = load_rules(program_file, format_)
    if engine == "compiled":
        from loyalty_dsl.cli.progress import tell_if_compiling

        tell_if_compiling("run_members")
    if quarantine is not None and is_standard_error(Path(quarantine)):
        raise InputRefused("rows cannot be set aside on the standard error", "name a file for --quarantine")
    if out is not None:
        from loyalty_dsl.report.ledger_tables import TABLES
        from loyalty_dsl.targets import verify_folder_target

        read = [*_files_read(transactions), *(Path(source.name) for source in book.sources)]
        verify_folder_target(Path(out), TABLES, read)
    if postings is not None and postings != STANDARD:
        read = [*_files_read(transactions), *(Path(source.name) for source in book.sources)]
        verify_file_target(Path(postings), read)
    verify_against(against, out, postings)
    with without_panic_output():
        replayed = run_interruptibly(
            lambda: pipeline.replay(
                book,
                transactions,
                program=program_name,
                mapping=mapping,
                source=source_name,
                key_file=key_file,
                quarantine=quarantine,
                engine=engine,
                threads=threads,
                seed=seed,
                with_postings=out is not None or postings is not None or against.ledger is not None,
                state=state,
                keep=False,
            )
        )
    if not replayed.figures.rows:
        click.echo(f"warning: no rows of `{printable(_name_of(transactions))}` were used", err=True)
    if replayed.refused and quarantine is not None:
        told = replayed.refused.told()
        aside = counted(len(told), replayed.refused.noun)
        click.echo(f"{aside} set aside in {Path(quarantine)}:", err=True)
        click.echo(replayed.refused.describe(), err=True)
    if postings is not None:
        _write_postings(replayed, postings)
    summary_aside = postings == STANDARD  # then the standard output holds lines of JSON and nothing else
    code = FINE
    if against.ledger is not None:
        from loyalty_dsl.report.reconciling import key_of

        key = key_of(book, program_name, mapping=mapping, source=source_name, key_file=key_file)
        code = tell_reconciliation(replayed, against, key, format_, out)
    elif format_ == "json":
        from loyalty_dsl.report.replay_json import replay_json

        click.echo(replay_json(replayed.figures), nl=False, err=summary_aside)
    else:
        from loyalty_dsl.report.replay_terminal import render_replay

        style = Style.of(sys.stderr) if summary_aside else Style.of_stdout()
        click.echo(render_replay(replayed.figures, style), err=summary_aside)
    if out is not None:
        from loyalty_dsl.report.files import WriteFailure
        from loyalty_dsl.report.ledger_tables import write_ledger

        written = write_ledger(replayed.result, replayed.figures, Path(out))
        if isinstance(written, WriteFailure):
            raise InputRefused(written.message)
        click.echo(f"the ledger is in {out}", err=True)
    replayed.keep()
    return code


def _files_read(transactions: str) -> list[Path]:
    return [] if transactions == STANDARD else [Path(transactions)]


def _name_of(transactions: str) -> str:
    return "the standard input" if transactions == STANDARD else transactions


def _write_postings(replayed: "Replayed", target: str) -> None:
    from loyalty_dsl.report.files import WriteFailure, write_whole
    from loyalty_dsl.report.new_postings import posting_lines

    text = "".join(f"{line}\n" for line in posting_lines(replayed))
    if target == STANDARD:
        click.echo(text, nl=False)
        return
    written = write_whole(Path(target), text.encode())
    if isinstance(written, WriteFailure):
        raise InputRefused(written.message)
