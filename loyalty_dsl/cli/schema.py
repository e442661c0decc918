"""`loyalty schema`: the JSON Schema of what a command writes."""

import click

from loyalty_dsl.report.schema_files import schema, schema_names, schema_text
from loyalty_dsl.report.style import printable


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema of what a command writes with --format json; without NAME, list all schemas."""
    if name is not None:
        click.echo(schema_text(name), nl=False)
        return
    for each in schema_names():
        click.echo(f"{each:<16}{printable(schema(each)['title'])}")
