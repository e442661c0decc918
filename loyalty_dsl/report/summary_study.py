"""The top of a study's page: its objective, then every gate with its margin and its layer.

Invariant: the sentences are those of `study_wording`, so that a page and a terminal say the same.
"""

from loyalty_dsl.decisions.gates import GateResult
from loyalty_dsl.decisions.outcomes import Target
from loyalty_dsl.decisions.studies import StudyResult
from loyalty_dsl.report.charts_fan import Bound
from loyalty_dsl.report.page_parts import escape, unbroken
from loyalty_dsl.report.study_wording import (
    comparison_lines,
    difference_sentence,
    gate_sentence,
    layer_sentence,
    objective_sentence,
    summary,
    verdict_word,
)
from loyalty_dsl.report.wording import one_line

SIGNS = {"<=": "\N{LESS-THAN OR EQUAL TO}", ">=": "\N{GREATER-THAN OR EQUAL TO}"}
LIABILITY = "liability"
"""The outcome whose gates are drawn into the chart of the liability."""


def study_title(result: StudyResult) -> str:
    """The answer that was asked for, in a sentence: the objective or, without one, how many gates hold."""
    if result.objective is None:
        return _sentence(_held(result))
    told = _sentence(objective_sentence(result.objective))
    difference = difference_sentence(result)
    return f"{told} That is {_sentence(difference)}" if difference else told


def gates_html(result: StudyResult) -> str:
    """Every gate, broken ones first, and what the study is compared with; empty where there is neither."""
    parts = []
    if result.gates:
        ranked = sorted(result.gates, key=lambda gate: gate.passes and verdict_word(gate) == "holds")
        items = "".join(_gate(gate) for gate in ranked)
        parts.append(f'<h2>{escape(_held(result))}</h2>\n<dl class="gates">{items}</dl>')
    if result.comparison is not None:
        lines = "".join(
            f"<li>{escape(line[:1].upper() + line[1:])}</li>" for line in comparison_lines(result)
        )
        against = escape(f"Against {one_line(result.compared_with or '')}")
        parts.append(f'<h2>{against}</h2>\n<ul class="changes">{lines}</ul>')
    accepted = "; ".join(f"{one.path} ({one_line(one.why)})" for one in result.study.accepted)
    if accepted:
        parts.append(f'<p class="basis">{escape(f"Accepted as assumed: {accepted}.")}</p>')
    return f'<section class="study" aria-label="Gates">\n{"".join(parts)}</section>' if parts else ""


def bounds_of(result: StudyResult | None) -> tuple[Bound, ...]:
    """The bounds on the liability that the study sets, for its chart."""
    if result is None:
        return ()
    return tuple(
        Bound(target.outcome.subject, target.outcome.month, target.bound, _allowed(target))
        for gate in result.gates
        for target in gate.targets
        if target.outcome.kind.name == LIABILITY
    )


def _held(result: StudyResult) -> str:
    """`4 of 4 bounds hold`."""
    return summary((result,)).partition(": ")[2]


def _allowed(target: Target) -> str:
    sign = SIGNS.get(target.sign, target.sign)
    return f"{sign} {one_line(target.written)} at month {target.outcome.month}"


def _gate(result: GateResult) -> str:
    word = verdict_word(result)
    told = [f"{one}." for one in (gate_sentence(result), layer_sentence(result), result.help) if one]
    return (
        f'<div class="{word}"><dt><span class="verdict">{word}</span> <code>{escape(result.gate.text)}</code>'
        f"</dt><dd>{unbroken(escape(_sentence(' '.join(_sentence(each) for each in told))))}</dd></div>\n"
    )


def _sentence(text: str) -> str:
    """A sentence with its capital and its stop."""
    return text[:1].upper() + text[1:].removesuffix(".") + "."
