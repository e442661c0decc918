"""A reconciliation as JSON: `loyalty.reconciliation/1`. Amounts are in the display unit."""

from typing import TYPE_CHECKING, Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.quantities import display_number
from loyalty_dsl.reconciliation.examples import Example, examples_of
from loyalty_dsl.reconciliation.reconciling import Reconciliation
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.reconciliation_terminal import top_members
from loyalty_dsl.report.reconciliation_wording import headline

if TYPE_CHECKING:
    from loyalty_dsl.report.reconciling import Provenanced

FORMAT = "loyalty.reconciliation/1"
MOST_ROWS = 100
MOST_MEMBERS = 20


def reconciliation_json(result: Reconciliation, provenance: "Provenanced") -> str:
    """The reconciliation as one JSON document that ends in a newline."""
    return json_text(reconciliation_document(result, provenance))


def reconciliation_document(result: Reconciliation, provenance: "Provenanced") -> dict[str, Any]:
    """The document as plain dicts and lists."""
    program, ledger = result.program, result.ledger

    def shown(units: int) -> int | float:
        return display_number(units, 10**result.digits)

    currencies = {}
    for currency in program.currencies:
        ours, theirs = result.totals(currency.index)
        currencies[currency.name] = {
            "ours": shown(ours),
            "theirs": shown(theirs),
            "difference": shown(theirs - ours),
            "unexplained": 0,
        }
    document: dict[str, Any] = {
        "format": FORMAT,
        "program": program.name,
        "engine": provenance.engine,
        "ledger": {"file": str(ledger.path), "shape": ledger.shape.name, "rows": ledger.total},
        "as_of": format_day(result.as_of),
        "inputs": provenance.inputs,
        "version": provenance.version,
        "headline": headline(result),
        "members": {"compared": result.members, "agreeing": result.agreeing},
        "postings_agreeing": result.agreed,
        "rows_later": result.later,
        "refused": result.refused,
        "currencies": currencies,
        "causes": [
            {
                "cause": each.cause.value,
                "currency": program.currencies[each.currency].name,
                "members": each.members,
                "postings": each.postings,
                "points": shown(each.points),
            }
            for each in result.causes
        ],
        "furthest_apart": [
            {
                "member": each["name"],
                "currency": program.currencies[each["currency"]].name,
                "ours": shown(each["ours"]),
                "theirs": shown(each["theirs"]),
                "points": shown(each["points"]),
                "differences": each["differences"],
            }
            for each in top_members(result, MOST_MEMBERS)
        ],
        "examples": [_example(result, each) for each in examples_of(result)],
        "hints": list(result.hints),
        "unreadable": {
            "count": ledger.unreadable.height,
            "first": ledger.unreadable.head(MOST_ROWS).to_dicts(),
        },
    }
    if result.since is not None:
        document["since"] = format_day(result.since)
    return document


def _example(result: Reconciliation, example: Example) -> dict[str, Any]:
    def side(of: tuple[int, str, int]) -> dict[str, Any]:
        day, kind, units = of
        points = display_number(units, 10**result.digits)
        return {"day": format_day(day), "kind": kind, "points": points}

    document: dict[str, Any] = {
        "member": example.member,
        "currency": result.program.currencies[example.currency].name,
        "cause": example.cause,
        "points": display_number(example.points, 10**result.digits),
    }
    if example.event is not None:
        document["event"] = example.event
    if example.ours is not None:
        by = {"rule": example.rule} if example.rule else {}
        document["ours"] = {**side(example.ours), **by, "at": example.place}
    if example.theirs is not None:
        document["theirs"] = {**side(example.theirs), "row": example.row, "rows": example.rows}
    return document
