"""`loyalty new`: a program to begin with.

Invariant: what is written checks and passes its scenarios, and no file is replaced that is not asked for.
"""

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.cli.exits import FINE
from loyalty_dsl.cli.options import format_option
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.templates.filling import TEMPLATES, Begun, fill_template

if TYPE_CHECKING:
    from loyalty_dsl.language.book import Book


@click.command()
@click.argument("name", required=False)
@click.option(
    "--template",
    metavar="KIND",
    default="points",
    show_default=True,
    help=f"The kind of program: {', '.join(TEMPLATES)}.",
)
@click.option("--list", "listed", is_flag=True, help="List the kinds of program, and write nothing.")
@click.option("--label", metavar="TEXT", help="What people call it; by default the words of NAME.")
@click.option(
    "--from",
    "export",
    metavar="FILE",
    help="Guess a source for this file of purchases as well: CSV, Parquet or JSON lines.",
)
@click.option("--money", metavar="CODE", default="USD", show_default=True, help="The money of its amounts.")
@click.option(
    "--timezone",
    metavar="ZONE",
    default="America/New_York",
    show_default=True,
    help="The time zone of its days.",
)
@click.option(
    "-o", "--out", metavar="DIR", default=".", help="The folder to write into; made if it is not there."
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
@format_option("text", "json")
def command(
    *,
    name: str | None,
    template: str,
    listed: bool,
    label: str | None,
    export: str | None,
    money: str,
    timezone: str,
    out: str,
    force: bool,
    format_: str,
) -> int:
    """Write a program to begin with.

    NAME is the program's name, such as corner_shop. Two files are written. NAME.loyalty has the rules, worked
    examples and the customers for a forecast, with notes that say what each number means and which are
    guesses. NAME_study.loyalty has bounds that the forecast must keep to. They check, test and forecast as
    they are: change them until they are yours.
    """
    if listed:
        _list(format_)
        return FINE
    if name is None:
        raise InputRefused("a new program needs a name", "such as `loyalty new corner_shop`")
    if template not in TEMPLATES:
        near = nearest(template, TEMPLATES)
        hint = f"did you mean `{near}`? " if near else ""
        raise InputRefused(
            f"there is no template `{template}`", f"{hint}`loyalty new --list` shows what there is"
        )
    begun: tuple[Begun, ...] = fill_template(template, name, label, money, timezone)
    book = verify_begun(begun, name)
    if export is not None:
        begun = with_source(begun, Path(export), book, name)
    paths = write_begun(begun, Path(out), force=force)
    rules, page = str(paths[0]), str(paths[0].with_suffix(".html"))
    following = [["check", rules], ["test", rules], ["simulate", rules, "--report", page]]
    if export is not None:
        following.append(["replay", str(Path(out)), export, "--program", name])
    commands = [shlex.join(["loyalty", *words]) for words in following]
    if format_ == "json":
        written = [{"path": str(path), "holds": file.holds} for path, file in zip(paths, begun, strict=True)]
        _tell({"program": name, "template": template, "files": written, "next": commands})
        return FINE
    for path, file in zip(paths, begun, strict=True):
        click.echo(f"wrote {path}: {file.holds}")
    click.echo("next:")
    for line in commands:
        click.echo(f"  {line}")
    return FINE


def _list(format_: str) -> None:
    """Prints the templates and what each is."""
    if format_ == "json":
        _tell({"templates": [{"name": kind, "is": words} for kind, words in TEMPLATES.items()]})
        return
    width = max(map(len, TEMPLATES))
    for kind, words in TEMPLATES.items():
        click.echo(f"{kind:{width}}  {words}")


def _tell(document: dict[str, object]) -> None:
    """Prints a document for machines."""
    from loyalty_dsl import __version__
    from loyalty_dsl.report.json_text import json_text

    click.echo(json_text({"format": "loyalty.new/1", "version": __version__, **document}), nl=False)


def with_source(begun: tuple[Begun, ...], export: Path, book: "Book", name: str) -> tuple[Begun, ...]:
    """The files of a new program and a source for a file, guessed; the rules begin before its first row.

    Args:
        begun: the rules first; book: what they declare.
    """
    from loyalty_dsl.cli.panics import without_panic_output
    from loyalty_dsl.report.style import counted
    from loyalty_dsl.transactions.guessing import first_year, guess_source

    program = book.programs[0]
    with without_panic_output():
        guessed = guess_source(export, program, f"{name}_export")
        unsure = f", {counted(guessed.unsure, 'clause')} unsure" if guessed.unsure else ""
        holds = f"a source for {guessed.kind}, guessed{unsure}"
        every = (*begun, Begun(f"{name}_source.loyalty", holds, guessed.text))
        source = verify_begun(every, name).data_sources[0]
        year = first_year(source, program, export)
    if year is None or day_of(date(year, 1, 1)) >= program.starts:
        return every
    rules, *others = every
    starts = f"starts    {format_day(program.starts)}"
    assert starts in rules.text
    text = rules.text.replace(starts, f"starts    {year}-01-01", 1)
    every = (attrs.evolve(rules, text=text), *others)
    verify_begun(every, name)
    return every


def verify_begun(begun: tuple[Begun, ...], name: str) -> "Book":
    """What the files declare; refuses those that would not check, which is so where the program's name has a
    meaning in them already.

    Raises:
        InputRefused: with the first thing that is wrong.
    """
    from loyalty_dsl.language.checking import check_book
    from loyalty_dsl.language.parsing import parse_file
    from loyalty_dsl.source import SourceText

    parsed = [parse_file(SourceText(file.name, file.text)) for file in begun]
    found = [each for _, diagnostics in parsed for each in diagnostics]
    book, more = check_book([file for file, _ in parsed], found)
    wrong = [each for each in (*found, *more) if each.is_error or book is None]
    if wrong:
        raise InputRefused(
            f"`{name}` means something else in the template: {wrong[0].message}",
            f"choose another name, such as `{name}_club`",
        )
    assert book is not None
    return book


def write_begun(begun: tuple[Begun, ...], folder: Path, *, force: bool) -> list[Path]:
    """Writes the files of a new program, all of them or none.

    Args:
        folder: made, with those above it, if it is not there.
        force: whether files of the same names are replaced.

    Returns:
        Their paths, in order.

    Raises:
        InputRefused: a file is there already, or the folder cannot be written.
    """
    from loyalty_dsl.report.files import WriteFailure, discard, publish, stage
    from loyalty_dsl.targets import verify_folder_target

    verify_folder_target(folder, [file.name for file in begun], ())
    paths = [folder / file.name for file in begun]
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there and not force:
        raise InputRefused(
            f"`{there[0]}` is there already, and is left as it is",
            "choose another name, or --force to replace it",
        )
    no_file = next((path for path in there if path.exists() and not path.is_file()), None)
    if no_file is not None:
        raise InputRefused(f"`{no_file}` is no file, and is not replaced", "choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    staged: list[Path] = []
    for path, file in zip(paths, begun, strict=True):
        temporary = stage(path.resolve(), file.text.encode())
        if isinstance(temporary, WriteFailure):
            for other in staged:
                discard(other)
            raise InputRefused(temporary.message)
        staged.append(temporary)
    for temporary, path in zip(staged, paths, strict=True):
        failure = publish(temporary, path.resolve())
        if failure is not None:
            raise InputRefused(failure.message)
    return paths
