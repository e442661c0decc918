"""An appraisal as tables and journals, beside the other tables of a forecast.

Invariant: as of `exports`; money and units of the ledger are exact decimals, estimates are floats. A row of a
roll-forward ties, and beancount text asserts every closing balance.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from loyalty_dsl.calendar import date_of, month_start
from loyalty_dsl.forecast.appraising import Appraisal
from loyalty_dsl.forecast.frames import money_column, unit_column
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.appraisal_json import TERMS
from loyalty_dsl.report.appraisal_wording import error_of
from loyalty_dsl.report.exports import MANIFEST, TABLES, VALUED, write_tables
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.targets import verify_file_target, verify_folder_target
from loyalty_dsl.valuation.estimates import LEVEL
from loyalty_dsl.valuation.journal import journal_beancount, journal_csv

if TYPE_CHECKING:
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.simulation.member_rows import MemberRows

LOTS = ("issued", "redeemed", "expired", "reversed", "held", "future", "soon")
FLOWS = ("sales", "opening", "deferred", "recognised", "catch_up", "breakage", "closing")


def write_valued_page(
    appraisal: Appraisal, provenance: Provenance, path: Path, study: "StudyResult | None" = None
) -> None:
    """Writes a forecast with its appraisal as one page, with a study's answer first.

    Raises:
        InputRefused: it cannot be written, or is a rule file.
    """
    from loyalty_dsl.report.html import forecast_page

    verify_file_target(path, _sources(appraisal))
    page = forecast_page(appraisal.forecast, provenance, study, appraisal)
    _verify_written(write_whole(path, page.encode()))


def write_valued_tables(
    appraisal: Appraisal, provenance: Provenance, folder: Path, members: Iterable["MemberRows"] = ()
) -> None:
    """Writes a forecast's tables with those of its appraisal, and the journal of deferred revenue.

    Raises:
        InputRefused: the folder cannot be written to, or one of the files is a rule file.
    """
    tables, texts = tables_of(appraisal), journals_of(appraisal)
    names = [MANIFEST, *(f"{name}.parquet" for name in (*TABLES, *tables)), *texts]
    verify_folder_target(folder, names, _sources(appraisal))
    _verify_written(write_tables(appraisal.forecast, provenance, folder, members, more=tables, texts=texts))


def tables_of(appraisal: Appraisal) -> dict[str, pl.DataFrame]:
    """The tables that have rows, by name."""
    made = [table(appraisal) for table in (lots, estimators, bridge, deferred, layers)]
    return {name: table for name, table in zip(VALUED, made, strict=True) if table.height}


def lots(appraisal: Appraisal) -> pl.DataFrame:
    """A row for each currency and month of issue: what has become of it at the valuation, what of it will be
    redeemed (and within a year), its redemption and breakage rates, and its part of the liability. Each
    amount is scaled by itself."""
    rows = []
    for each in appraisal.currencies:
        cost = each.one.cost
        for row in each.lots:
            owed = None if cost is None else scaled(row.future, each.weight * cost.value)
            rows.append(
                {
                    "currency": each.one.currency.name,
                    "issue_month": date_of(
                        appraisal.forecast.months[row.month].start if row.days is None else row.days[0]
                    ),
                    **({"held_at_start": row.days is not None} if each.one.triangle.opened else {}),
                    "age": row.age,
                }
                | {name: unit_column(each.one, scaled(getattr(row, name), each.weight)) for name in LOTS}
                | {
                    "phi": float(row.phi),
                    "urr": None if row.urr is None else float(row.urr),
                    "breakage": None if row.breakage is None else float(row.breakage),
                    "liability": None if owed is None else money_column(appraisal.forecast, owed),
                }
            )
    return _frame(rows, appraisal, ("liability",), LOTS)


def estimators(appraisal: Appraisal) -> pl.DataFrame:
    """A row for each currency and estimator, and one for the simulation itself, in the currency's units."""
    rows: list[dict[str, Any]] = []
    for each in appraisal.currencies:
        factor = float(each.weight) / each.one.currency.scale
        name = each.one.currency.name
        nothing = {"low": None, "high": None, "error": None}
        rows.append({"currency": name, "method": "simulated", "future": each.future * factor, **nothing})
        for method in each.found.methods if each.found is not None else ():
            low, high = method.interval(LEVEL) or (None, None)
            rows.append(
                {
                    "currency": name,
                    "method": method.id,
                    "future": method.total_future * factor,
                    "low": None if low is None else low * factor,
                    "high": None if high is None else high * factor,
                    "error": error_of(method, each),
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def bridge(appraisal: Appraisal) -> pl.DataFrame:
    """A row for each currency and term of the bridge; they sum from the opening to the closing."""
    rows = [
        {
            "currency": each.one.currency.name,
            "from": date_of(appraisal.forecast.months[each.moved_from].last),
            "term": term,
            "amount": money_column(appraisal.forecast, getattr(each.moved, term)),
        }
        for each in appraisal.currencies
        if each.moved is not None and each.moved_from is not None
        for term in TERMS
    ]
    return _frame(rows, appraisal, ("amount",))


def deferred(appraisal: Appraisal) -> pl.DataFrame:
    """A row for each currency, month and accounting class of the roll-forward."""
    rows = [
        {
            "currency": each.one.currency.name,
            "month": date_of(month_start(row.month)),
            "class": row.accounting.value,
        }
        | {flow: money_column(appraisal.forecast, getattr(row, flow)) for flow in FLOWS}
        for each in appraisal.currencies
        if each.roll is not None
        for row in each.roll.rows
    ]
    return _frame(rows, appraisal, FLOWS)


def layers(appraisal: Appraisal) -> pl.DataFrame:
    """A row for each layer of doubt; its half-width is null where it is not known."""
    unit = float(10 ** MINOR_DIGITS[appraisal.forecast.program.money])
    return pl.DataFrame(
        [
            {
                "layer": layer.id,
                "half_width": None if layer.half_width is None else layer.half_width / unit,
                "says": layer.says,
            }
            for layer in appraisal.layers
        ],
        schema={"layer": pl.String, "half_width": pl.Float64, "says": pl.String},
    )


def journals_of(appraisal: Appraisal) -> dict[str, str]:
    """The journals of deferred revenue as CSV and beancount text, by file name; of several currencies, each
    with its name in it."""
    money = appraisal.forecast.program.money
    rolls = [(each.one.currency.name, each.roll) for each in appraisal.currencies if each.roll is not None]
    texts = {}
    for name, roll in rolls:
        stem = "journal" if len(rolls) == 1 else f"journal-{name}"
        texts[f"{stem}.csv"] = journal_csv(roll, money)
        texts[f"{stem}.beancount"] = journal_beancount(roll, money)
    return texts


def _frame(
    rows: list[dict[str, Any]], appraisal: Appraisal, money: tuple[str, ...], units: tuple[str, ...] = ()
) -> pl.DataFrame:
    places = max((len(str(each.one.currency.scale)) - 1 for each in appraisal.currencies), default=0)
    digits = MINOR_DIGITS[appraisal.forecast.program.money]
    overrides: dict[str, Any] = dict.fromkeys(money, pl.Decimal(38, digits))
    overrides |= dict.fromkeys(units, pl.Decimal(38, places) if places else pl.Int64)
    return pl.DataFrame(rows, schema_overrides=overrides if rows else None, infer_schema_length=None)


def _sources(appraisal: Appraisal) -> list[Path]:
    parts = (appraisal.forecast.program, appraisal.forecast.population)
    return [Path(part.span.source.name) for part in parts]


def _verify_written(outcome: object) -> None:
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)
