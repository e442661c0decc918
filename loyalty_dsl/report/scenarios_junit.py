"""What came of scenarios as JUnit XML: a suite for each file, a case for each scenario.

Invariant: a case fails exactly where its scenario does; a run without scenarios holds an error, because
a test that tests nothing must not pass.
"""

from collections.abc import Sequence
from itertools import groupby

from loyalty_dsl.report.coverage import percent_of, render_coverage
from loyalty_dsl.report.junit_xml import Case, Problem, Suite, junit_xml
from loyalty_dsl.report.scenarios import difference_in_words, verdict
from loyalty_dsl.report.stories import story_table
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.visible import visible
from loyalty_dsl.testing.coverage import Coverage
from loyalty_dsl.testing.results import ScenarioResult

_NAME = "loyalty test"


def scenarios_to_junit(results: Sequence[ScenarioResult], covered: Case | None = None) -> str:
    """The outcome of a test run as JUnit XML.

    Args:
        results: those of a file together, as they are run.
        covered: whether they touch enough, where somebody asked.
    """
    if not results:
        nothing = Problem("error", "no scenarios", "no scenarios were found", "")
        return junit_xml(_NAME, [Suite(_NAME, (Case(_NAME, "there are scenarios", nothing),))])
    files = groupby(results, key=lambda result: result.scenario.span.source.name)
    suites = [Suite(file, tuple(_case(result) for result in told)) for file, told in files]
    return junit_xml(_NAME, [*suites, Suite("coverage", (covered,))] if covered else suites)


def coverage_case(coverage: Coverage, wanted: str, *, enough: bool) -> Case:
    """Whether scenarios touch enough, as a case of its own.

    Args:
        wanted: the least, such as `90%`.
    """
    name, told = f"scenarios touch {wanted}", f"\n{render_coverage(coverage, PLAIN)}\n"
    if enough:
        return Case(_NAME, name, None, told)
    return Case(_NAME, name, Problem("failure", "coverage", f"they touch {percent_of(coverage)}", told))


def _case(result: ScenarioResult) -> Case:
    classname = f"{_NAME}.{result.program.name}"
    if result.passed:
        return Case(classname, result.scenario.title)
    verdicts = [
        f"{visible(check.expectation.span.source.name)}:{check.expectation.span.line}: "
        f"{verdict(result.program, check, result.scenario.names)}"
        for check in result.failures
    ]
    for difference in result.differences:
        verdicts.append("; ".join(line.strip() for line in difference_in_words(difference)))
    text = "\n".join(["", *verdicts, "", *story_table(result.program, result.told, PLAIN), ""])
    more = f" (and {len(verdicts) - 1:,} more)" if len(verdicts) > 1 else ""
    return Case(
        classname, result.scenario.title, Problem("failure", "expectation", f"{verdicts[0]}{more}", text)
    )
