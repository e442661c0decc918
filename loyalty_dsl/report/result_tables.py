"""The one table of each kind of result, for pandas and whatever reads Arrow.

Invariant: a table is what `docs/python.md` says that it is; amounts are in display units, money too.
Nothing is imported before a table is asked for.
"""

from typing import TYPE_CHECKING, Any

from loyalty_dsl.shown import TABLES

if TYPE_CHECKING:
    import polars as pl

    from loyalty_dsl.decisions.solving import Solution
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.evaluation.replay import Replay
    from loyalty_dsl.evaluation.statements import Statement
    from loyalty_dsl.forecast.compared import Comparison
    from loyalty_dsl.language.book import Book


def register() -> None:
    """Gives every result that this module knows its table."""
    TABLES.update(
        {
            "Book": book_table,
            "Forecast": lambda forecast: forecast.monthly,
            "Comparison": comparison_table,
            "Sweep": lambda sweep: sweep.table,
            "Solution": solution_table,
            "StudyResult": study_table,
            "Replayed": lambda replayed: replayed.ledger,
            "Replay": replay_table,
            "Statement": statement_table,
            "Reconciliation": lambda result: result.differences,
        }
    )


def book_table(book: "Book") -> "pl.DataFrame":
    """A row for each block: kind, name, program (that it is of), file and line."""
    import polars as pl

    blocks: list[tuple[str, str, str, Any]] = []
    blocks += [("program", its.name, its.name, its.span) for its in book.programs]
    blocks += [("population", its.name, its.program, its.span) for its in book.populations]
    blocks += [("scenario", its.title, its.program, its.span) for its in book.scenarios]
    blocks += [("source", its.name, its.program, its.span) for its in book.data_sources]
    blocks += [("study", its.name, its.program, its.span) for its in book.studies]
    rows = [(kind, name, program, at.source.name, at.line) for kind, name, program, at in blocks]
    heads = {"kind": pl.String, "name": pl.String, "program": pl.String, "file": pl.String, "line": pl.Int64}
    return pl.DataFrame(rows, schema=heads, orient="row")


def comparison_table(comparison: "Comparison") -> "pl.DataFrame":
    """The months of both versions, one under the other: `version` is old or new, then as of a forecast."""
    import polars as pl

    each = (("old", comparison.old), ("new", comparison.new))
    frames = [forecast.monthly.select(pl.lit(name).alias("version"), pl.all()) for name, forecast in each]
    return pl.concat(frames, how="diagonal_relaxed")


def solution_table(solution: "Solution") -> "pl.DataFrame":
    """A row for each value that was tried, in order: value as it is written, outcome, and whether it meets
    the target."""
    import polars as pl

    from loyalty_dsl.decisions.sweep_frames import number

    outcome = solution.target.outcome
    return pl.DataFrame(
        {
            "value": [tried.text for tried in solution.tried],
            outcome.text: [number(tried.outcome) for tried in solution.tried],
            "meets": [solution.target.met(tried.outcome) for tried in solution.tried],
        }
    )


def study_table(result: "StudyResult") -> "pl.DataFrame":
    """A row for each bound: bound, verdict, value and noise (nothing where they are not known)."""
    import polars as pl

    from loyalty_dsl.decisions.sweep_frames import number

    gates = result.gates
    return pl.DataFrame(
        {
            "bound": pl.Series([gate.gate.text for gate in gates], dtype=pl.String),
            "verdict": pl.Series([gate.verdict.value for gate in gates], dtype=pl.String),
            "value": pl.Series([number(gate.value) for gate in gates], dtype=pl.Float64),
            "noise": pl.Series([number(gate.noise) for gate in gates], dtype=pl.Float64),
        }
    )


def replay_table(replay: "Replay") -> "pl.DataFrame":
    """A row for each member and currency: the ledger."""
    from loyalty_dsl.report.replay_frame import ledger_frame

    return ledger_frame(replay)


def statement_table(statement: "Statement") -> "pl.DataFrame":
    """A row for each balance: member, day, currency, available, pending, owed, and what is gone next: its day
    and units, nothing where no lot has a day."""
    import polars as pl

    from loyalty_dsl.calendar import date_of
    from loyalty_dsl.quantities import display_number

    rows = []
    for holding in statement.holdings:
        currency = None if statement.program is None else statement.program.currencies[holding.currency]
        scale = 1 if currency is None else currency.scale
        gone = holding.gone[0] if holding.gone else None
        rows.append(
            {
                "member": statement.member,
                "day": date_of(statement.day),
                "currency": str(holding.currency) if currency is None else currency.name,
                "available": display_number(holding.available, scale),
                "pending": display_number(sum(units for _, units in holding.pending), scale),
                "owed": display_number(holding.owed, scale),
                "next_gone": None if gone is None else date_of(gone[0]),
                "next_gone_units": None if gone is None else display_number(gone[1], scale),
            }
        )
    whole = statement.program is None or all(its.scale == 1 for its in statement.program.currencies)
    units = pl.Int64 if whole else pl.Float64
    types = {
        "member": pl.String, "day": pl.Date, "currency": pl.String, "available": units, "pending": units,
        "owed": units, "next_gone": pl.Date, "next_gone_units": units,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=types)
