"""A statement on the terminal."""

from rich.padding import Padding
from rich.text import Text

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.statements import Statement
from loyalty_dsl.language.program import Program
from loyalty_dsl.report.statement_wording import (
    absences,
    holding_lines,
    next_reward,
    offer_line,
    posting_line,
    rung_lines,
    together,
)
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.terminal import new_console, text_of
from loyalty_dsl.report.wording import day_text, long_date, one_line


def render_statement(program: Program, statement: Statement, style: Style) -> str:
    """What one member sees, as lines without a last newline."""
    console = new_console(style)

    def head(text: str) -> None:
        console.print(Text(text, style="bold"))

    def items(lines: list[str]) -> None:
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))

    label, day = one_line(program.label), long_date(date_of(statement.day))
    head(f"{label} · {one_line(statement.member)} · at the end of {day}")
    if statement.joined is None:
        console.print("Not a member yet.")
        return text_of(console)
    console.print(Text(f"Member since {long_date(date_of(statement.joined))}.", style="dim"))
    for holding in statement.holdings:
        head(one_line(program.currencies[holding.currency].label))
        items(holding_lines(program, holding))
    for rung in statement.rungs:
        head(one_line(program.ladders[rung.ladder].label))
        items(rung_lines(program, rung))
    for allowance, units in zip(program.allowances, statement.allowances, strict=True):
        head(one_line(allowance.label))
        items([f"{units:,} {allowance.unit}"])
    if statement.offers:
        head("Rewards")
        items([offer_line(program, offer) for offer in statement.offers])
        nearest = next_reward(program, statement.offers)
        if nearest is not None:
            items([f"Next: {offer_line(program, nearest)}."])
    if statement.postings is not None:
        head("This month")
        lines = [f"{day_text(p.day)}  {posting_line(program, p)}" for p in together(statement.postings)]
        items(lines or ["nothing"])
    for absent in absences(program, statement):
        console.print(Text(absent, style="dim"))
    return text_of(console)
