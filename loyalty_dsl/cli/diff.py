"""`loyalty diff`: what a change of rule files changes in meaning."""

import click

from loyalty_dsl.cli.exits import FINDINGS, FINE
from loyalty_dsl.cli.options import format_option
from loyalty_dsl.cli.rules import load_rules
from loyalty_dsl.refusals import InputRefused


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--all", "whole", is_flag=True, help="Show every line, of scenarios too.")
@click.option("--terms", "wants_terms", is_flag=True, help="Show what members will read otherwise, too.")
@click.option("--exit-code", "strict", is_flag=True, help="End with 1 where something differs in meaning.")
@format_option("text", "json", "markdown")
def command(*, old: str, new: str | None, whole: bool, wants_terms: bool, strict: bool, format_: str) -> int:
    """Show what a change of rule files changes in meaning.

    OLD and NEW are *.loyalty files or folders of them. Layout, comments and the order of clauses are no
    change, and a rule with a new name alone is renamed. OLD alone, with a program whose version replaces
    another one, is compared with that version. `loyalty compare` says what the change costs.

    Behind a line stands what it does, where one number decides it: # harder to reach, +20%.
    """
    from loyalty_dsl.explanation.differences import differences_between, differences_of_versions

    before = load_rules(old, format_)
    if new is None:
        found, after = differences_of_versions(before), before
    else:
        after = load_rules(new, format_)
        found = differences_between(before, after)
    terms = None
    if wants_terms:
        if new is None:
            raise InputRefused(
                "`--terms` is about two sets of files", "`loyalty explain FILE` says what a version changed"
            )
        from loyalty_dsl.explanation.terms.differences import changed_terms

        terms = changed_terms(before, after)
    match format_:
        case "json":
            from loyalty_dsl.report.differences_json import differences_json

            click.echo(differences_json(found, before.sources, after.sources, terms), nl=False)
        case "markdown":
            from loyalty_dsl.report.differences_text import differences_markdown, terms_changes_markdown

            click.echo(differences_markdown(found, whole=whole), nl=False)
            if terms:
                click.echo(f"\n{terms_changes_markdown(terms)}", nl=False)
        case _:
            from loyalty_dsl.report.differences_text import render_differences, render_terms_changes
            from loyalty_dsl.report.style import Style

            click.echo(render_differences(found, Style.of_stdout(), whole=whole))
            if terms is not None:
                click.echo(f"\n{render_terms_changes(terms, Style.of_stdout())}")
    return FINDINGS if strict and found else FINE
