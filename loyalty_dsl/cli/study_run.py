"""The studies of `loyalty simulate`.

Invariant: what a study says itself is not said again on the command line, so that a gate cannot be passed by
another question.
"""

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from loyalty_dsl import pipeline
from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.interrupts import run_interruptibly
from loyalty_dsl.cli.options import repository_root, verify_charts_target, verify_workbook_target
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.study import Study
from loyalty_dsl.refusals import InputRefused

if TYPE_CHECKING:
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.report.provenance import Provenance

_SAID_BY_STUDIES = ("months", "begins", "population_name", "program_name")
_OF_STUDIES = {
    "files", "sample", "seed", "threads", "shards", "settings", "study_names", "against", "no_studies",
    "report", "charts", "xlsx", "out", "members", "format_",
}  # fmt: skip
"""The options that mean the same of a study; every other is of a plain forecast."""


def run_studies(context: click.Context, book: Book, files: Sequence[str], format_: str) -> int:
    """Runs the studies of a book and tells what came of them.

    Args:
        context: of `loyalty simulate`, with its options.

    Returns:
        The exit code.

    Raises:
        InputRefused: an option says what a study says itself, or a study cannot be run.
    """
    from loyalty_dsl.decisions.studies import choose_studies

    options = context.params
    for parameter in context.command.params:
        name = parameter.name or ""
        if name == "begins" and isinstance(options[name], str):
            continue  # a ledger, which no study names
        if name in _OF_STUDIES or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        option = parameter.opts[0]
        told = f"the studies of these files say themselves what {option} says"
        if name not in _SAID_BY_STUDIES:
            told = f"{option} is of a plain forecast, and these files have studies"
        raise InputRefused(told, "leave it out, or forecast without the studies: --no-studies")
    studies = choose_studies(book, options["study_names"])
    ledger = options["begins"]
    if ledger is not None:
        book = _begun(book, studies, ledger)
    targets = {
        name: Path(options[name]) for name in ("report", "charts", "xlsx", "out") if options[name] is not None
    }
    if targets and len(studies) > 1:
        raise InputRefused("a report is of one study, and there are several", "pick one with --study NAME")
    read = [Path(source.name) for source in book.sources]
    verify_charts_target(options["charts"], read)
    verify_workbook_target(options["xlsx"], read)
    pipeline.verify_targets(book, targets.get("report"), targets.get("out"))
    results, provenances = _run(context, book, studies, files)
    click.echo(_told(results, provenances, format_), nl=False)
    if targets:
        _write(results[0], provenances[0], targets, options)
    return FINE if all(result.passes for result in results) else FINDINGS


def _begun(book: Book, studies: Sequence[Study], ledger: str) -> Book:
    """The book whose populations begin with a ledger, which has to be of the program of every study."""
    from loyalty_dsl.forecast.beginning import begin_with
    from loyalty_dsl.valuation.ledger_files import read_opening

    opening = read_opening(Path(ledger))
    for study in studies:
        if study.program != opening.program:
            raise InputRefused(
                f"study `{study.name}` is of `{study.program}`, and the ledger in `{ledger}` of "
                f"`{opening.program}`",
                "pick the studies of its program with --study NAME",
            )
    return begin_with(book, opening)


def _run(
    context: click.Context, book: Book, studies: Sequence[Study], files: Sequence[str]
) -> tuple[list["StudyResult"], list["Provenance"]]:
    from loyalty_dsl import __version__
    from loyalty_dsl.cli.progress import progress_bar, tell_if_compiling
    from loyalty_dsl.decisions.studies import Against, run_study
    from loyalty_dsl.reading import hash_of_text
    from loyalty_dsl.report.provenance import Provenance

    options = context.params
    seed, sample = (
        options[name] if context.get_parameter_source(name) is ParameterSource.COMMANDLINE else None
        for name in ("seed", "sample")
    )
    folder = options["against"]
    against = None if folder is None else Against(load_rules(folder, options["format_"]), folder)
    tell_if_compiling("live_members")
    results, provenances = [], []
    read = (*book.sources, *(() if against is None else against.book.sources))
    inputs = tuple((source.name, hash_of_text(source)) for source in read)
    begun = next((one.opening for one in book.populations if one.opening is not None), None)
    inputs += () if begun is None else begun.hashes
    for study in studies:
        with progress_bar(f"study {study.name}") as progress:
            ran = partial(
                run_study,
                book,
                study,
                against=against,
                sample=sample,
                seed=seed,
                threads=options["threads"],
                progress=progress,
            )
            result = run_interruptibly(ran)
        words = ["loyalty", "simulate", *files, "--study", study.name]
        words += [] if folder is None else ["--against", folder]
        words += [] if begun is None else ["--from", begun.source]
        words += ["--sample", str(result.run.forecast.sample), "--seed", str(result.seed)]
        words += [word for setting in options["settings"] for word in ("--set", setting)]
        results.append(result)
        provenances.append(Provenance(__version__, inputs, shlex.join(words)))
    return results, provenances


def _told(results: Sequence["StudyResult"], provenances: Sequence["Provenance"], format_: str) -> str:
    """What stdout gets; with its last line end."""
    from loyalty_dsl.report.study_wording import summary

    match format_:
        case "json":
            from loyalty_dsl.report.study_json import studies_json

            return studies_json(results, provenances)
        case "junit":
            from loyalty_dsl.report.study_reviews import studies_junit

            return studies_junit(results)
        case "github":
            from loyalty_dsl.report.study_reviews import studies_github

            click.echo(summary(tuple(results)), err=True)
            return studies_github(results, repository_root())
        case "markdown":
            from loyalty_dsl.report.study_reviews import studies_markdown

            return studies_markdown(results, provenances)
        case _:
            from loyalty_dsl.report.study_terminal import render_studies
            from loyalty_dsl.report.style import Style

            return render_studies(results, provenances, Style.of_stdout()) + "\n"


def _write(
    result: "StudyResult", provenance: "Provenance", targets: dict[str, Path], options: dict[str, Any]
) -> None:
    """Writes the forecast of the only study, valued, as a page, its charts, a workbook or tables."""
    from loyalty_dsl.forecast.appraising import appraise
    from loyalty_dsl.report.appraisal_tables import write_valued_page, write_valued_tables

    forecast = result.run.forecast
    appraisal = run_interruptibly(lambda: appraise(forecast, threads=options["threads"]))
    if "report" in targets:
        write_valued_page(appraisal, provenance, targets["report"], result)
        click.echo(f"the report is {targets['report']}", err=True)
    if "charts" in targets:
        from loyalty_dsl.report.charts_dir import write_charts
        from loyalty_dsl.report.html import forecast_panels

        read = [Path(name) for name, _ in provenance.inputs]
        write_charts(
            forecast_panels(forecast, result, appraisal), targets["charts"], provenance.command, read
        )
        click.echo(f"the charts are in {targets['charts']}", err=True)
    if "xlsx" in targets:
        from loyalty_dsl.report.workbook import write_workbook

        write_workbook(forecast, provenance, targets["xlsx"], result, appraisal)
        click.echo(f"the workbook is {targets['xlsx']}", err=True)
    if "out" in targets:
        members = options["members"]
        rows = () if members is None else pipeline.member_rows(forecast, members or None)
        write_valued_tables(appraisal, provenance, targets["out"], rows)
        click.echo(f"the tables are in {targets['out']}", err=True)
