"""Groups of one rule, and levels that nobody earns."""

from collections.abc import Iterator

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.conditions import Not
from loyalty_dsl.language.contradictions import contradictory
from loyalty_dsl.language.program import Program


def lint_groups(program: Program) -> Iterator[Diagnostic]:
    """Groups that put nothing together."""
    for group in program.groups:
        if len(group.rules) > 1:
            continue
        yield diagnostic(
            "L616",
            group.span,
            f"{f'only `{program.earns[group.rules[0]].name}`' if group.rules else 'no rule'} is in "
            f"`{group.name}`, so there is nothing to combine",
            secondary=[(program.earns[index].span, "the rule") for index in group.rules],
            help=f"write `in {group.name}` in another rule, or delete the group",
        )


def lint_levels(program: Program) -> Iterator[Diagnostic]:
    """Levels whose conditions exclude each other, and levels that a higher one always takes over."""
    for ladder in program.ladders:
        for level in ladder.levels:
            if level.when is None:
                continue
            if contradictory([level.when]):
                yield diagnostic(
                    "L618", level.span,
                    f"what `{level.name}` asks for can never hold together, so nobody earns it",
                    help="look for two tests of one thing that exclude each other",
                )  # fmt: skip
                continue
            for higher in ladder.levels[level.index + 1 :]:
                if higher.when is not None and contradictory([level.when, Not(higher.when)]):
                    yield diagnostic(
                        "L618", level.span,
                        f"whoever earns `{level.name}` earns `{higher.name}` too, so nobody is left with it",
                        secondary=[(higher.span, "the higher level asks for no more")],
                        help=f"ask for more for `{higher.name}`, or delete `{level.name}`",
                    )  # fmt: skip
                    break
