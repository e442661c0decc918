"""A scenario on the reference, watched (SAME as `running`, and a witness is told of everything).

Invariant: the witness sees one run, from what is given to the last step: the one in which the limits for
everyone are closed on the days that they close on.
"""

from loyalty_dsl.evaluation.everyone import (
    Closings,
    Together,
    closings_of,
    limits_for_everyone,
    until_settled,
)
from loyalty_dsl.evaluation.witness import Witness
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.testing.on_reference import open_on_reference
from loyalty_dsl.testing.results import ScenarioResult
from loyalty_dsl.testing.running import run_on


def watch_scenario(program: Program, scenario: Scenario, witness: Witness) -> ScenarioResult:
    """Runs one scenario on the reference and tells a witness of it.

    Args:
        program: the one that the scenario names.
        witness: is told of all members of the scenario; `slot` 0 is the member.

    Returns:
        What `run_scenario` returns.
    """
    evaluator = open_on_reference(program, scenario, _closings(program, scenario))
    evaluator.group.witness = witness
    return run_on(evaluator, scenario)


def _closings(program: Program, scenario: Scenario) -> Closings:
    """When limits for everyone were closed (SCEN-14); none without one."""
    if not limits_for_everyone(program):
        return {}

    def run(closings: Closings) -> Together:
        evaluator = open_on_reference(program, scenario, closings)
        run_on(evaluator, scenario)
        return evaluator.together()

    return closings_of(program, until_settled(program, run, lambda together: together))
