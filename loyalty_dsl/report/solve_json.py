"""An answer as JSON: `loyalty.solve/1`.

Invariant: the same figures give the same bytes; outcomes are numbers in the unit that people read, values of
the number that varies are as rule files write them.
"""

from typing import Any

from loyalty_dsl.decisions.solving import Solution, Tried
from loyalty_dsl.decisions.sweep_frames import number
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.simulation_json import run_document
from loyalty_dsl.report.solve_terminal import sureness_text
from loyalty_dsl.report.sweep_json import outcome_document

FORMAT = "loyalty.solve/1"

Json = dict[str, Any]


def solution_json(solution: Solution, provenance: Provenance) -> str:
    """The answer as one JSON document that ends in a newline."""
    return json_text(solution_document(solution, provenance))


def solution_document(solution: Solution, provenance: Provenance) -> Json:
    """The document as plain dicts and lists."""
    forecast = solution.forecast
    return {
        "format": FORMAT,
        **run_document(forecast, provenance),
        "varied": {
            "path": solution.path.path,
            "now": solution.path.span.text,
            "file": solution.path.span.source.name,
            "line": solution.path.span.line,
        },
        "target": solution.target.text,
        "outcome": outcome_document(solution.target.outcome),
        "bound": number(solution.target.bound),
        "base": number(solution.base),
        "answer": _tried(solution.answer) | {"noise": number(solution.answer.noise)},
        "next": _tried(solution.next_),
        "before": None if solution.before is None else _tried(solution.before),
        "low": solution.low,
        "high": solution.high,
        "low_is_end_of_range": solution.low_open,
        "high_is_end_of_range": solution.high_open,
        "sureness": sureness_text(solution),
        "tried": [_tried(one) for one in solution.tried],
    }


def _tried(one: Tried) -> Json:
    return {"value": one.text, "number": number(one.value), "outcome": number(one.outcome)}
