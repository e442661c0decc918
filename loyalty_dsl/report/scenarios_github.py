"""What came of scenarios as workflow commands, which GitHub shows as annotations beside the lines.

Invariant: an annotation is an error exactly where an expectation failed or the evaluators differ; parts that
no scenario touches are warnings, and told only where too few are touched.
"""

from collections.abc import Sequence
from pathlib import Path

from loyalty_dsl.report.check_github import annotation
from loyalty_dsl.report.coverage import what_is_missed
from loyalty_dsl.report.scenarios import difference_in_words, verdict
from loyalty_dsl.testing.coverage import Coverage
from loyalty_dsl.testing.results import ScenarioResult


def scenarios_github(results: Sequence[ScenarioResult], root: Path, short: Coverage | None = None) -> str:
    """A workflow command for each expectation that failed, each difference, and each part that is missed.

    Args:
        root: the checkout, from which GitHub counts the paths.
        short: what the scenarios touch, where that is less than is wanted.
    """
    rows = []
    for result in results:
        title = f"scenario: {result.scenario.title}"
        for check in result.failures:
            told = verdict(result.program, check, result.scenario.names)
            rows.append(annotation("error", check.expectation.span, title, told, root))
        for difference in result.differences:
            told = "\n".join(line.strip() for line in difference_in_words(difference))
            rows.append(annotation("error", result.scenario.span, title, told, root))
    if short is not None:
        for part in short.missed:
            rows.append(annotation("warning", part.span, "no scenario", what_is_missed(short, part), root))
    return "".join(rows)
