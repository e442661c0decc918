"""`loyalty explain`: the page of a diagnostic code, or the terms of a program as members read them."""

from pathlib import Path

import click
from click.core import ParameterSource

from loyalty_dsl.cli.options import format_option, program_option
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.codes import render_code, render_codes
from loyalty_dsl.report.style import Style


@click.command()
@click.argument("what", nargs=-1, metavar="[CODE | FILES...]")
@program_option
@click.option(
    "--internal", is_flag=True, help="Add what is for the company only: costs, partners, hidden rules."
)
@format_option("markdown", "text", "json")
def command(*, what: tuple[str, ...], program_name: str | None, internal: bool, format_: str) -> None:
    """Explain a diagnostic code, or write the terms of a program in plain English.

    With a CODE such as L203, its page with an example of the mistake; without anything, a list of all codes.

    With FILES or folders of *.loyalty, what a member reads of their programs: how to earn, levels, rewards,
    expiry with an example, and the small print. Each sentence has a line of its own, so that a change of
    the rules is a change of the lines that say it. Of a program with versions, the terms in force and what
    changed on which day; `--program "NAME version 1"` shows the terms of one that was replaced.
    """
    style = Style.of_stdout()
    if not what or (len(what) == 1 and _is_code(what[0])):
        _verify_no_terms()
    if not what:
        click.echo(render_codes(CODES.values(), style))
        return
    if len(what) == 1 and _is_code(what[0]):
        found = CODES.get(what[0].upper())
        if found is None:
            near = nearest(what[0], CODES)
            hint = f"is it `{near}`? " if near else ""
            raise InputRefused(
                f"there is no code `{what[0]}`",
                f"{hint}`loyalty explain` lists them all; of a program, name its file",
            )
        click.echo(render_code(found, style))
        return
    _terms(what, program_name, internal=internal, format_=format_, style=style)


def _verify_no_terms() -> None:
    """Refuses options of terms that were given where none are written.

    Raises:
        InputRefused: with what to leave out.
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and isinstance(parameter, click.Option) and parameter.expose_value:
            raise InputRefused(
                f"{parameter.opts[0]} is of the terms of a program, and no file is named",
                "name a file, or leave it out",
            )


def _is_code(text: str) -> bool:
    """Whether a code is meant: one that is known, or a word that is no path of anything."""
    return text.upper() in CODES or not ("." in text or "/" in text or Path(text).exists())


def _terms(
    files: tuple[str, ...], program_name: str | None, *, internal: bool, format_: str, style: Style
) -> None:
    """Prints the terms of the program named, or of every one of some files."""
    from loyalty_dsl.choosing import choose_program
    from loyalty_dsl.cli.rules import load_rules
    from loyalty_dsl.explanation.terms.versions import terms_in_force

    book = load_rules(files, "text" if format_ == "markdown" else format_)
    one = program_name is not None or not book.programs
    programs = (choose_program(book, program_name),) if one else book.programs
    every = [terms_in_force(book, program, internal=internal) for program in programs]
    match format_:
        case "json":
            from loyalty_dsl.report.terms_text import terms_json

            click.echo(terms_json(every), nl=False)
        case "text":
            from loyalty_dsl.report.terms_text import render_terms

            click.echo("\n\n".join(render_terms(terms, style) for terms in every))
        case _:
            from loyalty_dsl.report.terms_markdown import terms_markdown

            click.echo("\n".join(terms_markdown(terms) for terms in every), nl=False)
