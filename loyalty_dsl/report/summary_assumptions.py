"""What a forecast rests on: every number that was given, with where it comes from and how far to trust it.

Invariant: a number has one grade, and none is graded better than its author can show.
"""

from loyalty_dsl.forecast.figures import Assumption, Forecast
from loyalty_dsl.language.under_program import all_responses
from loyalty_dsl.report.page_parts import escape, table_html
from loyalty_dsl.report.panel_parts import Table
from loyalty_dsl.report.wording import day_text, one_line, percent_text

SOURCED, FITTED, ASSUMED = "sourced", "fitted", "assumed"
MEANING = {
    SOURCED: "its author names a source",
    FITTED: "estimated from transactions",
    ASSUMED: "nobody has sourced it",
}
"""Each grade, the best first."""


def grade_of(assumption: Assumption, forecast: Forecast) -> str:
    """How far a number can be trusted. That of a response is an assumption, whoever found the effect."""
    if any(one.span == assumption.span for one in all_responses(forecast.population)):
        return ASSUMED
    if assumption.source is not None:
        return SOURCED
    if assumption.bears is None and forecast.population.fitted is not None:
        return FITTED
    return ASSUMED


def source_of(assumption: Assumption, forecast: Forecast) -> str:
    """Where a number comes from, in its author's words; a dash where nobody says."""
    if assumption.source is not None:
        return one_line(assumption.source)
    fitted = forecast.population.fitted
    if assumption.bears is None and fitted is not None:
        return f"{one_line(fitted.source)}, through {day_text(fitted.through)}"
    return "-"


def assumptions_table(forecast: Forecast) -> Table:
    """A row for each number, those that bear most of the liability first."""
    rows = tuple(
        (
            assumption.what,
            assumption.written,
            grade_of(assumption, forecast),
            source_of(assumption, forecast),
            _bears(assumption),
            str(assumption.span),
        )
        for assumption in forecast.assumptions
    )
    header = ("Of", "As written", "Grade", "Source", "Share of the liability", "Where")
    return Table(header, rows, "tttnw")


def assumptions_html(forecast: Forecast) -> str:
    """The section of the page."""
    table = assumptions_table(forecast)
    if all(row[3] == "-" for row in table.rows):  # a column of dashes tells nothing
        rows = tuple((*row[:3], *row[4:]) for row in table.rows)
        table = Table((*table.header[:3], *table.header[4:]), rows, "ttnw")
    present = {grade_of(assumption, forecast) for assumption in forecast.assumptions}
    grades = "; ".join(f"{grade}: {meaning}" for grade, meaning in MEANING.items() if grade in present)
    lead = f"These numbers were given, not computed; change one and run the command below again. {grades}."
    title = escape(assumptions_title(forecast))
    return (
        '<section class="panel assumptions" aria-labelledby="assumptions">\n'
        f'<h2 id="assumptions">{title}</h2>\n<p class="lead">{escape(lead)}</p>\n'
        f"{table_html(table)}</section>"
    )


def assumptions_title(forecast: Forecast) -> str:
    """How much of the liability nobody has sourced; or how many numbers there are of each grade."""
    if forecast.assumed_share is not None:
        share = percent_text(forecast.assumed_share, 0)
        return f"{share} of the liability rests on costs that nobody has sourced"
    grades = [grade_of(assumption, forecast) for assumption in forecast.assumptions]
    told = ", ".join(f"{grades.count(grade)} {grade}" for grade in MEANING if grade in grades)
    return f"What the figures rest on: {told}"


def _bears(assumption: Assumption) -> str:
    if assumption.bears is None:
        return "all figures"
    return percent_text(assumption.bears, 0) if assumption.bears else "none"
