"""The outcome of a check as JUnit XML: a case for each file.

Invariant: a case fails exactly where its file fails the command: where it has an error, or with `--strict` a
warning. Other warnings are told and fail nothing.
"""

from collections.abc import Sequence

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.report.check_plain import plain_line
from loyalty_dsl.report.diagnostics import render_diagnostics
from loyalty_dsl.report.junit_xml import Case, Problem, Suite, junit_xml
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.source import SourceText

SUITE = "loyalty check"


def check_junit(
    sources: Sequence[SourceText], diagnostics: Sequence[Diagnostic], *, strict: bool = False
) -> str:
    """The outcome of a check as JUnit XML.

    Args:
        sources: all files that were checked, in the order of the cases.
        diagnostics: each at a place in one of them.
        strict: whether warnings fail, too.
    """
    by_source: dict[int, list[Diagnostic]] = {id(source): [] for source in sources}
    for found in diagnostics:
        by_source[id(found.span.source)].append(found)
    cases = tuple(_case(source, by_source[id(source)], strict) for source in sources)
    return junit_xml(SUITE, [Suite(SUITE, cases)])


def _case(source: SourceText, diagnostics: Sequence[Diagnostic], strict: bool) -> Case:
    errors = [found for found in diagnostics if strict or found.is_error]
    warnings = [found for found in diagnostics if not (strict or found.is_error)]
    problem = None
    if errors:
        more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
        message = f"{plain_line(errors[0])}{more}"
        problem = Problem("failure", errors[0].code, message, f"\n{render_diagnostics(errors, PLAIN)}")
    output = f"\n{render_diagnostics(warnings, PLAIN)}" if warnings else ""
    return Case(SUITE, source.name, problem, output)
