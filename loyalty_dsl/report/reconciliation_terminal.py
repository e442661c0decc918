"""A reconciliation in a screen: the answer, what explains it, whom it concerns, and where to look first."""

from typing import Any

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from loyalty_dsl.calendar import date_of
from loyalty_dsl.reconciliation.examples import examples_of
from loyalty_dsl.reconciliation.reconciling import Reconciliation
from loyalty_dsl.report.reconciliation_wording import amount, example_lines, headline, identity, signed
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.wording import long_date, one_line

TOP = 5
"""Members that are named."""
ROWS_NAMED = 3
REASONS = 5


def render_reconciliation(result: Reconciliation, style: Style) -> str:
    """The summary of a reconciliation, as lines without a last newline."""
    console = new_console(style)
    ledger, program = result.ledger, result.program
    since = "" if result.since is None else f" from {long_date(date_of(result.since))}"
    about = (
        f"{one_line(program.label)} against {one_line(str(ledger.path))} ({ledger.shape.label}, "
        f"{counted(ledger.total, 'row')}){since} through {long_date(date_of(result.as_of))}"
    )
    console.print(Text(about, style="dim"), soft_wrap=True)
    console.print(Text(headline(result), style="bold"))
    if result.causes:
        console.print(_causes(result))
        for currency in program.currencies:
            name = f"{one_line(currency.label)}: " if len(program.currencies) > 1 else ""
            console.print(Text(f"{name}{identity(result, currency.index)}", style="dim"))
        console.print(Text(f"{_agreed(result)} in amount and day.", style="dim"))
        top = _top(result)
        if top:
            console.print(Text("Furthest apart", style="bold"))
            console.print(_table(["Member", "Ours", "Theirs", "Theirs - ours", "Differences"], top))
        console.print(Text("For example", style="bold"))
        for example in examples_of(result):
            first, *rest = example_lines(result, example)
            console.print(Text(f"  {first}"), soft_wrap=True)
            for line in rest:
                console.print(Text(f"      {line}"), soft_wrap=True)
    else:
        console.print(Text(f"{_agreed(result)}, and nothing is left over."))
    if result.hints:
        console.print(Text("What they have in common", style="bold"))
        for hint in result.hints:
            console.print(Text(f"  - {one_line(hint)}"), soft_wrap=True)
    if result.later:
        rows = counted(result.later, "row")
        console.print(
            Text(f"{rows} of theirs after {long_date(date_of(result.as_of))}: not compared", "dim"),
            soft_wrap=True,
        )
    if result.refused:
        asked = counted(result.refused, "request")
        text = f"! {asked} of ours refused by the rules: `loyalty replay` without --against names them"
        console.print(Text(text, style="yellow"), soft_wrap=True)
    if ledger.unreadable.height:
        left = counted(ledger.unreadable.height, "row")
        console.print(Text(f"! {left} of theirs could not be read:", style="yellow"))
        for line in _reasons(ledger.unreadable):
            console.print(Text(f"    {line}", style="yellow"), soft_wrap=True)
    return text_of(console)


def _agreed(result: Reconciliation) -> str:
    return counted(result.agreed, "posting agrees", "postings agree")


def _causes(result: Reconciliation) -> Table:
    several = len(result.program.currencies) > 1
    rows = []
    for each in result.causes:
        unit = [one_line(result.program.currencies[each.currency].label)] if several else []
        points = signed(result, each.points, each.currency)
        rows.append([each.cause.value, *unit, f"{each.members:,}", f"{each.postings:,}", points])
    heads = ["Cause", *(["Currency"] if several else []), "Members", "Postings", "Theirs - ours"]
    return _table(heads, rows, left=2 if several else 1)


def top_members(result: Reconciliation, most: int = TOP) -> list[dict[str, Any]]:
    """The accounts that are furthest apart."""
    apart = result.accounts.filter(pl.col("points") != 0)
    size = pl.col("points").abs()
    return apart.sort([size, pl.col("name")], descending=[True, False]).head(most).to_dicts()


def _reasons(unreadable: pl.DataFrame) -> list[str]:
    """Why rows could not be read, the most frequent reason first, each with its first rows."""
    named = pl.col("row").head(ROWS_NAMED)
    groups = unreadable.group_by("reason", maintain_order=True).agg(pl.len().alias("rows"), named)
    lines = []
    for reason, rows, first in groups.sort("rows", descending=True, maintain_order=True).rows():
        places = ", ".join(f"{row:,}" for row in first) + (", ..." if rows > len(first) else "")
        lines.append(f"{rows:,} x {one_line(reason)}: row {places}")
    return lines if len(lines) <= REASONS else [*lines[:REASONS], "..."]


def _top(result: Reconciliation) -> list[list[str]]:
    return [
        [
            one_line(each["name"]),
            amount(result, each["ours"], each["currency"]),
            amount(result, each["theirs"], each["currency"]),
            signed(result, each["points"], each["currency"]),
            f"{each['differences']:,}",
        ]
        for each in top_members(result)
    ]


def _table(heads: list[str], rows: list[list[str]], left: int = 1) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, 1), show_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number < left else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
