"""Studies on the terminal: the objective first, then every gate with its margin and its layer.

Invariant: a figure never stands without the layer of uncertainty that is known of it.
"""

from collections.abc import Sequence

from loyalty_dsl.decisions.gates import GateResult
from loyalty_dsl.decisions.studies import StudyResult
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.study_wording import (
    comparison_lines,
    difference_sentence,
    gate_sentence,
    layer_sentence,
    notices_told,
    objective_sentence,
    summary,
    verdict_word,
)
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.wording import one_line, sample_text, span_text, wrapped

WIDTH = 88
_ROLES = {"holds": "good", "broken": "error", "refused": "error", "warning": "warning"}


def render_studies(results: Sequence[StudyResult], provenances: Sequence[Provenance], style: Style) -> str:
    """The outcome of studies as lines without a last newline."""
    blocks = [_study(result, it, style) for result, it in zip(results, provenances, strict=True)]
    return "\n\n\n".join([*blocks, summary(tuple(results))])


def _study(result: StudyResult, provenance: Provenance, style: Style) -> str:
    study, forecast = result.study, result.run.forecast
    title = f": {one_line(study.title)}" if study.title else ""
    blocks = [
        [style.paint(f"study {study.name}{title}", "bold")],
        wrapped(
            f"{one_line(forecast.program.label)} · {one_line(forecast.population.name)} · "
            f"{span_text(forecast)}",
            WIDTH,
        ),
    ]
    if result.objective is not None:
        told = [objective_sentence(result.objective), difference_sentence(result)]
        blocks.append([line for each in told if each for line in wrapped(each, WIDTH)])
    changes = comparison_lines(result)
    if changes:
        head = f"against {one_line(result.compared_with or '')}:"
        blocks.append([head, *(f"  {line}" for line in changes)])
    blocks += [_gate(gate, style) for gate in result.gates]
    blocks += [wrapped(f"! {one_line(notice.message)}", WIDTH) for notice in notices_told(forecast)]
    blocks += [[f"accepted as assumed: {one.path} ({one_line(one.why)})" for one in study.accepted]]
    blocks.append(
        wrapped(f"{sample_text(forecast)} · seed {result.seed} · version {provenance.version}", WIDTH)
        + [f"{one_line(name)} {digest[:8]}" for name, digest in provenance.inputs]
    )
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def _gate(result: GateResult, style: Style) -> list[str]:
    word = verdict_word(result)
    lines = [f"{style.paint(f'{word:<8}', _ROLES[word])} {one_line(result.gate.text)}"]
    told = [gate_sentence(result), layer_sentence(result)]
    if result.help:
        told.append(f"help: {result.help}")
    lines += [f"         {line}" for each in told if each for line in wrapped(each, WIDTH - 9)]
    return lines
