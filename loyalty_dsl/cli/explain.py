"""`loyalty explain`: the page of a diagnostic code."""

import click

from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.codes import render_code, render_codes
from loyalty_dsl.report.style import Style


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a diagnostic code, with an example of the mistake; without CODE, list all codes."""
    style = Style.of_stdout()
    if code is None:
        click.echo(render_codes(CODES.values(), style))
        return
    found = CODES.get(code.upper())
    if found is None:
        near = nearest(code, CODES)
        hint = f"is it `{near}`? " if near else ""
        raise InputRefused(f"there is no code `{code}`", f"{hint}`loyalty explain` lists them all")
    click.echo(render_code(found, style))
