"""Studies for those who review a change: JUnit, annotations beside the lines, a comment in Markdown.

Invariants: a JUnit case fails exactly where a required bound does not hold; an annotation is an error
exactly there; no text of a file can end a table's row, begin a tag or mention anybody.
"""

from collections.abc import Sequence
from pathlib import Path

from loyalty_dsl.decisions.gates import GateResult, Verdict
from loyalty_dsl.decisions.studies import StudyResult
from loyalty_dsl.report.check_github import annotation
from loyalty_dsl.report.junit_xml import Case, Problem, Suite, junit_xml
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.study_wording import (
    comparison_lines,
    difference_sentence,
    gate_sentence,
    headline,
    layer_sentence,
    objective_sentence,
    summary,
    verdict_word,
)
from loyalty_dsl.report.visible import visible
from loyalty_dsl.report.wording import sample_text, span_text

_NAME = "loyalty simulate"
_SIGNS = {"holds": "✅", "broken": "❌", "refused": "⛔", "warning": "⚠️"}


def studies_junit(results: Sequence[StudyResult]) -> str:
    """A suite for each study, a case for each gate; one that only warns passes, with what it says."""
    return junit_xml(_NAME, [_suite(result) for result in results])


def _suite(result: StudyResult) -> Suite:
    study = result.study
    classname = f"{_NAME}.{study.name}"
    cases = [_case(gate, classname) for gate in result.gates]
    if result.objective is not None:
        told = "\n".join(filter(None, [objective_sentence(result.objective), difference_sentence(result)]))
        cases.insert(0, Case(classname, f"objective {result.objective.outcome.text}", None, told))
    return Suite(study.name, tuple(cases))


def _case(result: GateResult, classname: str) -> Case:
    told = _told(result)
    if result.passes:
        return Case(classname, result.gate.text, None, told)
    kind = "broken bound" if result.verdict is Verdict.BROKEN else "refused"
    place = f"{visible(result.gate.span.source.name)}:{result.gate.span.line}"
    problem = Problem("failure", kind, f"{place}: {gate_sentence(result)}", told)
    return Case(classname, result.gate.text, problem)


def _told(result: GateResult) -> str:
    told = [gate_sentence(result), layer_sentence(result)]
    if result.help:
        told.append(f"help: {result.help}")
    return "\n".join(each for each in told if each)


def studies_github(results: Sequence[StudyResult], root: Path) -> str:
    """A workflow command for each gate that does not hold, at its line.

    Args:
        root: the checkout, from which GitHub counts the paths.
    """
    return "".join(
        annotation(
            "error" if gate.gate.requires else "warning",
            gate.gate.span,
            f"study {result.study.name}: {verdict_word(gate)}",
            _told(gate),
            root,
        )
        for result in results
        for gate in result.gates
        if gate.verdict is not Verdict.HOLDS
    )


# ---- a comment of a pull request


def studies_markdown(results: Sequence[StudyResult], provenances: Sequence[Provenance]) -> str:
    """A comment for a pull request: what changes first, then the gates as a table."""
    parts = [_markdown(result, it) for result, it in zip(results, provenances, strict=True)]
    return "\n".join([*parts, f"{_escaped(summary(tuple(results)))}\n"])


def _markdown(result: StudyResult, provenance: Provenance) -> str:
    study, forecast = result.study, result.run.forecast
    sign = _SIGNS["holds" if result.passes else "broken"]
    rows = [f"### {sign} {_escaped(study.title or study.name)}: {_escaped(headline(result))}", ""]
    if result.objective is not None:
        told = [objective_sentence(result.objective), difference_sentence(result)]
        rows += [f"**Objective:** {_escaped('; '.join(each for each in told if each))}", ""]
    changes = comparison_lines(result)
    if changes:
        rows += [f"Against {_escaped(result.compared_with or '')}:", ""]
        rows += [f"* {_escaped(line)}" for line in changes] + [""]
    if result.gates:
        rows += ["| | bound | what came of it | how sure |", "| --- | --- | --- | --- |"]
        rows += [_row(gate) for gate in result.gates] + [""]
    for one in study.accepted:
        rows.append(f"* accepted as assumed: {_escaped(one.path)} ({_escaped(one.why)})")
    rows += [""] if study.accepted else []
    rows += [
        f"<sub>{_escaped(study.name)} · {_escaped(span_text(forecast))} · {_escaped(sample_text(forecast))} "
        f"· seed {result.seed} · loyalty-dsl {provenance.version}</sub>",
        "",
    ]
    return "\n".join(rows)


def _row(result: GateResult) -> str:
    told = gate_sentence(result) + (f". {result.help}" if result.help else "")
    cells = (_SIGNS[verdict_word(result)], result.gate.text, told, layer_sentence(result))
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: no tags, no mentions, no cells of its own."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\`*_[]|#~":
        shown = shown.replace(sign, f"&#{ord(sign)};" if sign != "#" else sign)
    return shown.replace("@", "&#64;")
