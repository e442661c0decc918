"""Whether a seed matters to a program: what happens to its members may be left to chance."""

from loyalty_dsl.language.program import Program


def left_to_chance(program: Program) -> bool:
    """Whether a rule has a chance (EARN-12) or an audience a holdout (AUDIENCE-2)."""
    return any(rule.chance < 1 for rule in program.earns) or any(
        audience.holdout > 0 for audience in program.audiences
    )
