"""The rules that a command runs."""

from collections.abc import Sequence

import click

from loyalty_dsl import pipeline
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import ProgramRefused


def load_rules(files: str | Sequence[str], format_: str) -> Book:
    """Loads rule files. Where they have errors and a machine listens, stdout gets that of `loyalty check`.

    Raises:
        ProgramRefused: they have errors, which the caller tells in words on stderr.
        InputRefused: a path that cannot be read.
    """
    try:
        return pipeline.load(files)
    except ProgramRefused as refusal:
        if format_ == "json":
            from loyalty_dsl.report.check_json import check_json

            click.echo(check_json(refusal.sources, None, refusal.diagnostics), nl=False)
        elif format_ == "junit":
            from loyalty_dsl.report.check_junit import check_junit

            click.echo(check_junit(refusal.sources, refusal.diagnostics), nl=False)
        raise
