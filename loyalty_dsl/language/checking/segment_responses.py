"""Responses of a segment of its own, in place of the population's.

Invariant: what only all members together can react with is refused in a segment; a clause takes the place of
the population's of the same name and of what it excludes, and leaves the others.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.responses import check_clauses, responses_that_apply, verify_together
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.population import Segment
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.responses import ChosenResponse
from loyalty_dsl.language.reward_rates import BY_RATE
from loyalty_dsl.language.syntax.responses import ResponsesBlock

OF_EVERYBODY = (*BY_RATE, "promotion_lift")
"""Responses that a segment cannot have of its own."""


def check_own_responses(
    scope: ProgramScope, block: syntax.PopulationBlock
) -> tuple[tuple[ChosenResponse, ...], ...]:
    """The responses that each segment has of its own; what is wrong is reported."""
    segments = (clause for clause in block.clauses if isinstance(clause, syntax.SegmentBlock))
    return tuple(_own(scope, block, segment) for segment in segments)


def _own(
    scope: ProgramScope, block: syntax.PopulationBlock, segment: syntax.SegmentBlock
) -> tuple[ChosenResponse, ...]:
    findings = scope.findings
    written = at_most_one(findings, segment.traits, ResponsesBlock, "responses")
    if written is None:
        return ()
    if written.literature is not None:
        findings.report(
            "L190", written.literature, "the preset for one segment is not supported yet",
            help="write `responses literature` in the population, and here the responses that differ",
        )  # fmt: skip
    elif not written.clauses and scope.losses.spared(written.span):
        findings.report(
            "L310", written.span, "this changes no response of the segment",
            help="name some: `responses { goal_gradient 25% }`; one with 0% is off here",
        )  # fmt: skip
    chosen = check_clauses(scope, written)
    for name, one in chosen.items():
        if name in OF_EVERYBODY:
            findings.report(
                "L190", one.span, f"`{name}` of one segment is not supported yet",
                help="write it in the `responses` of the population",
            )  # fmt: skip
    verify_together(findings, block, chosen)
    return tuple(chosen.values())


def with_own_responses(
    program: Program,
    block: syntax.PopulationBlock,
    segments: Iterable[Segment],
    own: tuple[tuple[ChosenResponse, ...], ...],
    findings: Findings,
) -> tuple[Segment, ...]:
    """The segments with those of their own responses that the program gives a cause for."""
    return tuple(
        attrs.evolve(segment, responses=responses_that_apply(program, block, own[segment.index], findings))
        for segment in segments
    )
