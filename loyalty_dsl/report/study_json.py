"""Studies as JSON: `loyalty.study/1`.

Invariant: the same figures give the same bytes; values are in the unit that people read, shares of 1.
"""

from collections.abc import Sequence
from typing import Any

from loyalty_dsl import __version__
from loyalty_dsl.calendar import format_day
from loyalty_dsl.decisions.gates import GateResult
from loyalty_dsl.decisions.studies import Objective, StudyResult
from loyalty_dsl.decisions.sweep_frames import number
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.simulation_json import rate
from loyalty_dsl.report.study_wording import (
    comparison_lines,
    gate_sentence,
    layer_sentence,
    notices_told,
    summary,
    verdict_word,
)
from loyalty_dsl.report.sweep_json import outcome_document

FORMAT = "loyalty.study/1"

Json = dict[str, Any]


def studies_json(results: Sequence[StudyResult], provenances: Sequence[Provenance]) -> str:
    """The outcome of studies as one JSON document that ends in a newline."""
    return json_text(
        {
            "format": FORMAT,
            "version": __version__,
            "passes": all(result.passes for result in results),
            "summary": summary(tuple(results)),
            "studies": [_study(result, it) for result, it in zip(results, provenances, strict=True)],
        }
    )


def _study(result: StudyResult, provenance: Provenance) -> Json:
    study, forecast = result.study, result.run.forecast
    return {
        "name": study.name,
        "title": study.title,
        "file": study.span.source.name,
        "line": study.span.line,
        "passes": result.passes,
        "program": forecast.program.name,
        "population": forecast.population.name,
        "seed": result.seed,
        "sample": forecast.sample,
        "weight": rate(forecast.weight),
        "months": len(forecast.months),
        "as_of": format_day(forecast.as_of),
        "money": forecast.program.money,
        "inputs": dict(provenance.inputs),
        "command": provenance.command,
        "objective": None if result.objective is None else _objective(result.objective),
        "gates": [_gate(gate) for gate in result.gates],
        "accepted": [{"path": one.path, "why": one.why} for one in study.accepted],
        "compared_with": result.compared_with,
        "changes": comparison_lines(result),
        "warnings": [{"id": one.id, "message": one.message} for one in notices_told(forecast)],
    }


def _objective(objective: Objective) -> Json:
    return outcome_document(objective.outcome) | {
        "value": number(objective.value),
        "noise": number(objective.noise),
        "difference": number(objective.difference),
        "difference_noise": number(objective.difference_noise),
    }


def _gate(result: GateResult) -> Json:
    gate, errors = result.gate, result.errors
    return outcome_document(result.outcome) | {
        "text": gate.text,
        "file": gate.span.source.name,
        "line": gate.span.line,
        "requires": gate.requires,
        "verdict": verdict_word(result),
        "sentence": gate_sentence(result),
        "sureness": layer_sentence(result),
        "help": result.help,
        "bounds": [{"sign": one.sign, "value": number(one.bound)} for one in result.targets],
        "value": number(result.value),
        "margin": number(result.margin),
        "noise": number(result.noise),
        "layer": gate.layer.name.lower(),
        "level": number(gate.level),
        "errors": None
        if errors is None
        else {
            "noise": number(errors.noise),
            "parameters": number(errors.parameters),
            "common_year": number(errors.common_year),
            "backtest": number(errors.backtest),
            "total": number(errors.total),
        },
        "could_change": result.could_change,
        "settled_by": result.settled_by,
    }
