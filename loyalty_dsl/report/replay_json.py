"""A replay as JSON: `loyalty.replay/1`. Amounts are exact, in the display unit; the schema ships beside."""

from typing import TYPE_CHECKING, Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import display_number
from loyalty_dsl.report.account_tables import account_json
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.replay_figures import ReplayFigures
from loyalty_dsl.report.settlement_tables import settlement_json

if TYPE_CHECKING:
    from loyalty_dsl.transactions.refused import RefusedRow

FORMAT = "loyalty.replay/1"
_KEYS = ("issued", "redeemed", "expired", "reversed", "pending", "outstanding")
_BETWEEN_MEMBERS = ("received", "sent")
MOST_ROWS = 100
"""Rows named in a document; a reader's `--quarantine` file has them all."""


def ledger_keys(program: Program) -> tuple[str, ...]:
    """The figures of a currency, in order; what is sent and received only where members can."""
    sends = any(reward.taking is Taking.SENT for reward in program.rewards)
    return (*_KEYS[:4], *(_BETWEEN_MEMBERS if sends else ()), *_KEYS[4:])


def replay_json(figures: ReplayFigures) -> str:
    """The replay as one JSON document that ends in a newline."""
    return json_text(replay_document(figures))


def replay_document(figures: ReplayFigures) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    program = figures.program
    keys = ledger_keys(program)
    document: dict[str, Any] = {
        "format": FORMAT,
        "program": program.name,
        "engine": figures.engine,
        "as_of": format_day(figures.as_of),
        "rows": figures.rows,
        "events": figures.events,
        "members": figures.members,
        "bad_rows": _set_aside(figures.bad_rows),
        "refused": _set_aside(figures.refused),
        "inputs": dict(figures.inputs),
        "version": figures.version,
        "currencies": {
            currency.name: {key: display_number(getattr(totals, key), currency.scale) for key in keys}
            for currency, totals in zip(program.currencies, figures.totals, strict=True)
        },
    }
    if figures.account is not None:
        document["source"] = account_json(figures.account, program.money)
    if program.partners:
        document["settlement"] = settlement_json(program, figures.bills)
    if figures.luck is not None:
        document["seed"] = figures.luck
    if figures.since is not None:
        document["since"] = format_day(figures.since)
    if program.returns is not None:
        document["returns"] = figures.returns
    if program.allowances:
        document["allowances"] = {
            allowance.name: {"units": units, "unit": allowance.unit}
            for allowance, units in zip(program.allowances, figures.allowances, strict=True)
        }
    if program.ladders:
        document["tiers"] = {
            ladder.name: {level.name: count for level, count in zip(ladder.levels, counts, strict=True)}
            for ladder, counts in zip(program.ladders, figures.levels, strict=True)
        }
    return document


def _set_aside(rows: "tuple[RefusedRow, ...]") -> dict[str, Any]:
    """How many there are, and the first of them."""
    first = [{"row": aside.row, "reason": aside.reason} for aside in rows[:MOST_ROWS]]
    return {"count": len(rows), "first": first}
