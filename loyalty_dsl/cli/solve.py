"""`loyalty solve`: the value of one number that meets a target."""

import shlex
from datetime import date
from typing import TYPE_CHECKING, Unpack

import click

from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import files_argument, format_option
from loyalty_dsl.cli.questions import question_options, question_words, study_asked
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.cli.settings_file import name_settings

if TYPE_CHECKING:
    from loyalty_dsl.decisions.sweeping import Asked


@click.command()
@files_argument
@click.option("--vary", required=True, metavar="PATH", help="The number to find, such as status.gold.")
@click.option(
    "--for",
    "target",
    required=True,
    metavar="TARGET",
    help="What it has to meet, such as 'liability at month 36 <= $4M'.",
)
@click.option("--between", metavar="A..B", help="Where to search, such as '$300..$900'.")
@click.option(
    "--step", metavar="STEP", help="Between the values that are tried, such as '$10'; the smallest."
)
@question_options
@format_option("text", "json")
def command(
    *,
    files: tuple[str, ...],
    vary: str,
    target: str,
    between: str | None,
    step: str | None,
    begins: date | str | None,
    settings: tuple[str, ...],
    format_: str,
    **asked: Unpack["Asked"],
) -> None:
    """Find the value of a number at which a target is just met.

    FILES are *.loyalty files or folders of them, with a program and a population. The search simulates the
    same members with the same luck at each value, and says how far the answer would move with other members.
    """
    book = load_rules(files, format_, settings)

    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.decisions.solving import solve
    from loyalty_dsl.report.provenance import provenance_of

    study = study_asked(book, settings, begins, **asked)
    tell_if_compiling("live_members")
    with progress_bar("solving") as progress:
        found = run_interruptibly(
            lambda: solve(study, vary, target, between=between, step=step, progress=progress)
        )
    words = ["loyalty", "solve", *files, "--vary", vary, "--for", target]
    words += ["--between", between] if between is not None else []
    words += ["--step", step] if step is not None else []
    words += question_words(found.forecast, settings, begins)
    provenance = name_settings(provenance_of(found.forecast, shlex.join(words)))
    if format_ == "json":
        from loyalty_dsl.report.solve_json import solution_json

        click.echo(solution_json(found, provenance), nl=False)
    else:
        from loyalty_dsl.report.solve_terminal import render_solution
        from loyalty_dsl.report.style import Style

        click.echo(render_solution(found, provenance, Style.of_stdout()))
