"""Limits on what all members are paid together: from which day on each window is closed (LIMIT-9).

A window is closed for all from the day after the one by whose end the total reached the limit. Whoever runs
the members therefore runs them all, sums what was counted by day, and runs them again with the days found,
until nothing changes.

Invariant: this ends, with the only answer there is. What happens on a day depends on the windows closed by
that day alone, and those are settled by the totals of earlier days. So each further run has at least one more
closing right, the earliest that was not; and there are no more closings than limits and windows.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.windows import window_from, window_until
from loyalty_dsl.language.program import EarnRule, Group, Limit, Program, Reward
from loyalty_dsl.language.windows import YearOfMembership
from loyalty_dsl.refusals import InputRefused

Run = TypeVar("Run")

Closings = Mapping[tuple[int, int], int]
"""By the index of a limit and the first day of a window, the day from which it is closed."""

Together = Mapping[tuple[int, int], int]
"""By the index of a limit and a day, what was counted against it on that day by all members together."""

NOTHING_USED: Together = {}


def limits_for_everyone(program: Program) -> dict[int, Limit]:
    """The limits on all members together, by index.

    Raises:
        InputRefused: one of them counts in years of membership, of which each member has its own.
    """
    limited: tuple[EarnRule | Group | Reward, ...] = (*program.earns, *program.groups, *program.rewards)
    limits = {limit.index: limit for each in limited for limit in each.limits if limit.everyone}
    for limit in limits.values():
        if isinstance(limit.window, YearOfMembership):
            raise InputRefused(
                f"{program.label} has a limit for everyone per year of membership, and each has their own",
                "write a window that all share, such as `per calendar year for everyone`",
            )
    return limits


def until_settled(
    program: Program,
    run: Callable[[Closings], Run],
    together_of: Callable[[Run], Together],
    weight: Fraction = Fraction(1),
    used_before: Together = NOTHING_USED,
) -> Run:
    """Runs all members until the windows that were closed are those that had to be.

    Args:
        run: runs all members with these windows closed.
        together_of: what a run counted.
        weight: how many members each that was run stands for.
        used_before: what members counted on earlier days, each for itself.

    Returns:
        The last run.
    """
    closings: Closings = {}
    limits = limits_for_everyone(program)
    while True:
        ran = run(closings)
        found = _closings(limits, together_of(ran), weight, used_before)
        if found == closings:
            return ran
        closings = found


def closings_of(program: Program, together: Together) -> Closings:
    """The closings of a run that is settled, by what it counted."""
    return _closings(limits_for_everyone(program), together, Fraction(1), NOTHING_USED)


def _closings(
    limits: Mapping[int, Limit], together: Together, weight: Fraction, used_before: Together
) -> Closings:
    """The windows whose limit was reached, and the first day on which it is felt."""
    found: dict[tuple[int, int], int] = {}
    totals: dict[tuple[int, int], Fraction] = {}
    scaled = [(*key, counted * weight) for key, counted in together.items()]
    scaled += [(*key, Fraction(counted)) for key, counted in used_before.items()]
    for index, day, counted in sorted(scaled, key=lambda each: each[1]):
        limit = limits[index]
        if limit.window is None or isinstance(limit.window, YearOfMembership):
            continue  # the checker and `limits_for_everyone` refuse them
        window = index, window_from(limit.window, day, day)
        totals[window] = totals.get(window, Fraction(0)) + counted
        reached = totals[window] >= limit.most
        if reached and window not in found and day + 1 < window_until(limit.window, day, day):
            found[window] = day + 1
    return found


def closed_days(limit: Limit, window: int, closed_from: int) -> range:
    """The days of a window on which it is closed; `NEVER` ends it for a lifetime."""
    if limit.window is None or isinstance(limit.window, YearOfMembership):
        return range(0)
    until = window_until(limit.window, closed_from, closed_from)
    assert window < closed_from < until <= NEVER
    return range(closed_from, until)
