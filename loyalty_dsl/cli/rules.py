"""The rules that a command runs."""

from collections.abc import Sequence

import click

from loyalty_dsl import pipeline
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused, ProgramRefused


def load_rules(files: str | Sequence[str], format_: str, settings: Sequence[str] = ()) -> Book:
    """Loads rule files. Where they have errors and a machine listens, stdout gets that of `loyalty check`.

    Args:
        settings: numbers to set to other values, as `PATH=VALUE`.

    Raises:
        ProgramRefused: they have errors, which the caller tells in words on stderr.
        InputRefused: a path that cannot be read, or a setting that is refused.
    """
    try:
        book = pipeline.load(files)
    except ProgramRefused as refusal:
        if format_ == "json":
            from loyalty_dsl.report.check_json import check_json

            click.echo(check_json(refusal.sources, None, refusal.diagnostics), nl=False)
        elif format_ == "junit":
            from loyalty_dsl.report.check_junit import check_junit

            click.echo(check_junit(refusal.sources, refusal.diagnostics), nl=False)
        elif format_ == "github":
            from loyalty_dsl.cli.options import repository_root
            from loyalty_dsl.report.check_github import check_github

            click.echo(check_github(refusal.diagnostics, repository_root()), nl=False)
        elif format_ == "markdown":
            from loyalty_dsl.report.check_markdown import check_markdown

            click.echo(check_markdown(refusal.diagnostics), nl=False)
        raise
    if not settings:
        return book
    from loyalty_dsl.decisions.settings import parse_setting, settled_book

    return settled_book(book.sources, [parse_setting(text) for text in settings])


def verify_used(book: Book, settings: Sequence[str], names: Sequence[str]) -> None:
    """Refuses settings of a program or a population that the command does not use.

    Args:
        names: of those that it uses.

    Raises:
        InputRefused: a setting would change nothing.
    """
    if not settings:
        return
    from loyalty_dsl.decisions.paths import paths_of
    from loyalty_dsl.decisions.settings import find_path, parse_setting, verify_owner

    paths = paths_of(book.sources)
    for text in settings:
        verify_owner(find_path(parse_setting(text).path, paths, names), names)


def verify_of_program(book: Book, settings: Sequence[str], program: str) -> None:
    """Refuses settings of a population, where a comparison has one for both versions, and as `verify_used`.

    Raises:
        InputRefused: a setting is not of the program.
    """
    if not settings:
        return
    from loyalty_dsl.decisions.paths import paths_of
    from loyalty_dsl.decisions.settings import find_path, parse_setting

    paths = paths_of(book.sources)
    programs = {each.name for each in book.programs}
    for text in settings:
        path = find_path(parse_setting(text).path, paths)
        if path.owner not in programs:
            raise InputRefused(
                f"`{text}` is of the population {path.owner}, who are the same customers in both versions",
                "`loyalty sweep` shows what other customers would do",
            )
    verify_used(book, settings, (program,))
