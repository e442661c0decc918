"""`loyalty solve`: the value of one number that meets a target."""

import shlex
from datetime import date

import click

from loyalty_dsl.cli.options import (
    begins_option,
    files_argument,
    format_option,
    months_option,
    program_option,
    sample_option,
    seed_option,
    set_option,
    threads_option,
)
from loyalty_dsl.cli.rules import load_rules, verify_used


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
@sample_option
@months_option
@seed_option
@begins_option
@click.option(
    "--population", "population_name", metavar="NAME", help="The population, where there are several."
)
@program_option
@threads_option
@set_option
@format_option("text", "json")
def command(
    *,
    files: tuple[str, ...],
    vary: str,
    target: str,
    between: str | None,
    step: str | None,
    sample: int | None,
    months: int,
    seed: int,
    begins: date | str | None,
    population_name: str | None,
    program_name: str | None,
    threads: int | None,
    settings: tuple[str, ...],
    format_: str,
) -> None:
    """Find the value of a number at which a target is just met.

    FILES are *.loyalty files or folders of them, with a program and a population. The search simulates the
    same members with the same luck at each value, and says how far the answer would move with other members.
    """
    book = load_rules(files, format_, settings)
    if isinstance(begins, str):
        from loyalty_dsl.forecast.beginning import begin_from

        book = begin_from(book, begins)

    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.decisions.solving import solve
    from loyalty_dsl.decisions.sweeping import study_of
    from loyalty_dsl.report.provenance import provenance_of

    study = study_of(
        book,
        program=program_name,
        population=population_name,
        sample=sample,
        months=months,
        seed=seed,
        first_day=begins if isinstance(begins, date) else None,
        threads=threads,
    )
    verify_used(book, settings, study.names)
    tell_if_compiling("live_members")
    with progress_bar("solving") as progress:
        found = solve(study, vary, target, between=between, step=step, progress=progress)
    words = ["loyalty", "solve", *files, "--vary", vary, "--for", target]
    words += ["--between", between] if between is not None else []
    words += ["--step", step] if step is not None else []
    words += [word for each in settings for word in ("--set", each)]
    words += ["--from", str(begins)] if begins is not None else []
    words += ["--population", found.forecast.population.name, "--sample", str(found.forecast.sample)]
    words += ["--months", str(months), "--seed", str(seed)]
    provenance = provenance_of(found.forecast, shlex.join(words))
    if format_ == "json":
        from loyalty_dsl.report.solve_json import solution_json

        click.echo(solution_json(found, provenance), nl=False)
    else:
        from loyalty_dsl.report.solve_terminal import render_solution
        from loyalty_dsl.report.style import Style

        click.echo(render_solution(found, provenance, Style.of_stdout()))
