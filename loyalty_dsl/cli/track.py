"""`loyalty track`: what a study forecast, against what happened."""

import shlex
from pathlib import Path

import click

from loyalty_dsl.cli.options import (
    files_argument,
    format_option,
    sample_option,
    set_option,
    threads_option,
    whole_number,
)
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.refusals import InputRefused


@click.command()
@files_argument
@click.argument("ledger", metavar="LEDGER")
@click.option("--study", "study_name", metavar="NAME", help="The study, where there are several.")
@sample_option
@click.option(
    "--seed", type=whole_number(0, 2**63 - 1), metavar="N", help="Of every draw; the study's, by default."
)
@threads_option
@set_option
@format_option("text", "json")
def command(
    *,
    files: tuple[str, ...],
    ledger: str,
    study_name: str | None,
    sample: int | None,
    seed: int | None,
    threads: int | None,
    settings: tuple[str, ...],
    format_: str,
) -> None:
    """Set the forecast of a study beside what happened.

    FILES are *.loyalty files or folders of them, with a study. LEDGER is the folder that `loyalty replay
    PROGRAM TRANSACTIONS --out LEDGER` wrote. Months that are over are compared, and those are named that the
    luck of members alone would not explain.
    """
    from loyalty_dsl import __version__
    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.decisions.studies import choose_studies, simulate_study
    from loyalty_dsl.decisions.tracking import track
    from loyalty_dsl.reading import hash_of_text
    from loyalty_dsl.report.provenance import Provenance
    from loyalty_dsl.valuation.ledger_files import read_ledger

    book = load_rules(files, format_, settings)
    studies = choose_studies(book, () if study_name is None else (study_name,))
    if len(studies) != 1:
        names = ", ".join(f"`{study.name}`" for study in studies)
        raise InputRefused(
            f"there are {len(studies)} studies: {names}" if studies else "there is no study in these files",
            "pick one with --study NAME" if studies else "write one, as in docs/studies.md",
        )
    tables = read_ledger(Path(ledger))
    tell_if_compiling("live_members")
    with progress_bar("simulating") as progress:
        run = simulate_study(book, studies[0], sample=sample, seed=seed, threads=threads, progress=progress)
    found = track(run, tables)
    words = ["loyalty", "track", *files, ledger, "--study", studies[0].name]
    words += ["--sample", str(run.forecast.sample), "--seed", str(run.forecast.seed)]
    words += [word for setting in settings for word in ("--set", setting)]
    inputs = (*((source.name, hash_of_text(source)) for source in book.sources), *tables.inputs)
    provenance = Provenance(__version__, inputs, shlex.join(words))
    if format_ == "json":
        from loyalty_dsl.report.track_json import track_json

        click.echo(track_json(found, studies[0], provenance), nl=False)
    else:
        from loyalty_dsl.report.style import Style
        from loyalty_dsl.report.track_terminal import render_track

        click.echo(render_track(found, studies[0], provenance, Style.of_stdout()))
