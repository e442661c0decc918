"""`loyalty bridge`: what moved the liability between two saved forecasts."""

import shlex
from pathlib import Path

import click

from loyalty_dsl.cli.options import format_option


@click.command()
@click.argument("before", metavar="BEFORE.json")
@click.argument("after", metavar="AFTER.json")
@format_option("text", "json")
def command(*, before: str, after: str, format_: str) -> None:
    """Explain the change between two forecasts' liabilities in money.

    BEFORE.json and AFTER.json are what `loyalty simulate --format json` wrote, of one program: at two days
    (`--at`), or under other assumptions. Volume, experience, assumptions and the cost of a point add up to
    the change.
    """
    from loyalty_dsl.report.bridge_report import BridgeFigures, bridge_json, render_bridge
    from loyalty_dsl.report.style import Style
    from loyalty_dsl.valuation.saved_valuations import bridge_between, read_valuation

    first, second = read_valuation(Path(before)), read_valuation(Path(after))
    figures = BridgeFigures(
        before=first,
        after=second,
        moved=bridge_between(first, second),
        command=shlex.join(["loyalty", "bridge", before, after]),
    )
    if format_ == "json":
        click.echo(bridge_json(figures), nl=False)
    else:
        click.echo(render_bridge(figures, Style.of_stdout()))
