"""When events come: how regular the gaps are, and what the month and the day of the week do to a rate.

Invariant: a rhythm leaves some days on which events come at all.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.calendar import MONTHS, WEEKDAYS
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_number
from loyalty_dsl.language.checking.clauses import Clause, at_most_one
from loyalty_dsl.language.checking.frequencies import verify_at_most
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.population import Rhythm
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.source import Span

MOST_REGULAR = 6
"""The largest Erlang shape: gaps with a coefficient of variation of 0.41, as regular as a subscription."""

MOST_FACTOR = Fraction(100)


def check_rhythm(scope: ProgramScope, traits: Sequence[Clause]) -> Rhythm:
    """The rhythm that the traits of a segment, or of an event in it, describe."""
    regularity = at_most_one(scope.findings, traits, syntax.RegularityTrait, "regularity")
    season = at_most_one(scope.findings, traits, syntax.SeasonTrait, "season")
    weekday = at_most_one(scope.findings, traits, syntax.WeekdayTrait, "weekday")
    shape = None
    if regularity is not None:
        shape = positive_number(scope, regularity.number, "stages", MOST_REGULAR)
    return Rhythm(
        regularity=shape or 1,
        season=() if season is None else check_factors(scope, season.months, season.span, MONTHS, "month"),
        weekday=() if weekday is None else check_factors(scope, weekday.days, weekday.span, WEEKDAYS, "day"),
        spans=tuple(trait.span for trait in (regularity, season, weekday) if trait is not None),
    )


def verify_has_rhythm(scope: ProgramScope, block: syntax.SegmentBlock) -> None:
    """Reports a rhythm of purchases in a segment without purchases."""
    for trait in block.traits:
        if isinstance(trait, syntax.RegularityTrait | syntax.SeasonTrait | syntax.WeekdayTrait):
            scope.findings.report(
                "L415", trait.span, f"the segment `{block.name.text}` has no purchases, so this does nothing",
                secondary=[(block.name.span, "the segment")],
                help="write it in the block of an event, or add `purchases 2 per month`",
            )  # fmt: skip


def check_factors(
    scope: ProgramScope, factors: syntax.Factors, span: Span, names: tuple[str, ...], what: str
) -> tuple[Fraction, ...]:
    """What a rate is multiplied by in each of `names`; 1 where nothing is said. Empty where it is wrong."""
    errors = scope.findings.errors
    said: dict[str, tuple[Span, Fraction]] = {}
    for name, number in factors:
        if name.text not in names:
            guess = nearest(name.text, names)
            scope.findings.report(
                "L201", name.span, f"`{name.text}` is no {what}",
                help=f"did you mean `{guess}`?" if guess else f"write a {what} such as `{names[-1]}`",
            )  # fmt: skip
            continue
        if name.text in said:
            scope.findings.report(
                "L205", name.span, f"`{name.text}` is described twice", label="again here",
                secondary=[(said[name.text][0], "first described here")], help="delete one",
            )  # fmt: skip
            continue
        verify_at_most(scope, number, MOST_FACTOR)
        said[name.text] = (name.span, number.value)
    each = tuple(said[name][1] if name in said else Fraction(1) for name in names)
    if not any(each):
        scope.findings.report(
            "L404", span, f"with 0 for every {what} nothing ever happens",
            help=f"write more than 0 for some {what}, or delete the clause",
        )  # fmt: skip
    return each if scope.findings.errors == errors else ()
