"""Dates outside a program's life: before it starts, or after the next version has taken over.

Invariant: a warning is sound: no event of the program lies on such a day.
"""

from collections.abc import Iterator, Sequence

from loyalty_dsl.calendar import format_day
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.contradictions import never_comes
from loyalty_dsl.language.program import Dates, DayRange, EarnRule, Program, Reward
from loyalty_dsl.source import Span

FIRST_DAY, LAST_DAY = -(2**31), 2**31 - 2
"""Before and after all days."""


def lint_life(program: Program, ends: tuple[int, Span] | None) -> Iterator[Diagnostic]:
    """Days in `dates` that never come.

    Args:
        ends: the first day of the version that replaces this one, and where that says so.
    """
    last = LAST_DAY if ends is None else ends[0] - 1
    rules: tuple[EarnRule | Reward, ...] = (*program.earns, *program.rewards)
    for rule in rules:
        if never_comes(rule.dates, program.starts, LAST_DAY):
            continue  # L601
        if ends is not None and never_comes(rule.dates, program.starts, last):
            yield diagnostic(
                "L625", rule.span,
                f"the dates of `{rule.name}` begin when another version counts already, so it never fires",
                secondary=[(ends[1], f"from {format_day(ends[0])}")],
                help="write earlier dates, or move the rule into the other version",
            )  # fmt: skip
            continue
        for clause in rule.dates:
            yield from _idle(program, rule, clause, ends)


def _idle(
    program: Program, rule: EarnRule | Reward, clause: Sequence[Dates], ends: tuple[int, Span] | None
) -> Iterator[Diagnostic]:
    """Days of a list none of which is in the life of the program, while others are."""
    last = LAST_DAY if ends is None else ends[0] - 1
    for days in clause if len(clause) > 1 else ():
        if not isinstance(days, DayRange) or not never_comes([[days]], program.starts, last):
            continue
        before = days.last < program.starts
        place = (program.span, f"the program starts on {format_day(program.starts)}")
        if not before and ends is not None:
            place = (ends[1], "another version counts from here")
        yield diagnostic(
            "L625", rule.span,
            f"{_written(days)} among the dates of `{rule.name}` is "
            f"{'before the program starts' if before else 'after another version has taken over'}",
            secondary=[place], help="delete it, or mend the year",
        )  # fmt: skip


def _written(days: DayRange) -> str:
    if days.first == days.last:
        return format_day(days.first)
    if days.first <= FIRST_DAY:
        return f"`through {format_day(days.last)}`"
    return (
        f"`{format_day(days.first)} through {format_day(days.last)}`"
        if days.last < LAST_DAY
        else f"`from {format_day(days.first)}`"
    )
