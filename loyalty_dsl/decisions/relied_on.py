"""Which assumed numbers an outcome in money rests on, and whether a study accepts them.

Invariant: a number counts only where it moves the outcome: the cost that values what is outstanding, or that
of a reward that was used.
"""

from fractions import Fraction

from loyalty_dsl.decisions.groups import Grouped
from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.forecast.figures import Forecast, given_by
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.study import Study, numbers_about_value, numbers_to_accept

OF_BALANCES = ("liability", "net value", "break even lift")
OF_REWARDS = ("reward cost", "reward cost rate", "net value", "break even lift", "cannibalised share")
OF_VALUE = {
    "net value": ("margin", "discount", "runs", "lift"),
    "break even lift": ("margin", "discount", "runs", "lift"),
    "margin": ("margin", "lift"),
    "incremental spend": ("lift",),
    "cannibalised share": ("lift",),
}
"""Outcomes by name, and the words of the population's numbers that they rest on."""


def unaccepted(outcome: Outcome, study: Study, run: Grouped) -> tuple[str, str] | None:
    """Why a gate on an outcome is refused for assumed numbers that nobody answers for, and what to write.

    Returns:
        `None` where it rests on none, or the study accepts all of them.
    """
    accepted = {one.path for one in study.accepted}
    relied = relied_on(outcome, run.forecast)
    missing = [path for path in relied if path not in accepted]
    if not missing:
        return None
    names = ", ".join(f"`{path}`" for path in missing)
    share = sum((relied[path] for path in missing), Fraction(0))
    part = f"{float(share):.0%} of " if outcome.kind.name == "liability" and share else ""
    are = "numbers that are" if len(missing) > 1 else "a number that is"
    return (
        f"{part}{outcome.text} rests on {are} assumed: {names}",
        'say where it comes from (`cost ... source "..."`), or add '
        + " and ".join(f'`accept assumed {path} "who answers for it"`' for path in missing),
    )


def relied_on(outcome: Outcome, forecast: Forecast) -> dict[str, Fraction]:
    """The assumed numbers that an outcome rests on: their paths, with the part of a liability that is in
    proportion to each; 0 for those of rewards and of value."""
    paths = {number: path for path, number in numbers_to_accept(forecast.program).items() if number}
    found: dict[str, Fraction] = {}
    name = outcome.kind.name
    if name in OF_BALANCES:
        found |= _of_balances(outcome, forecast, paths)
    if name in OF_REWARDS:
        found |= _of_rewards(outcome, forecast, paths)
    words = OF_VALUE.get(name, ())
    for path, number in numbers_about_value(forecast.population).items():
        if number.source is None and path.rpartition(".")[2] in words:
            found[path] = Fraction(0)
    return found


def _of_balances(
    outcome: Outcome, forecast: Forecast, paths: dict[AssumedNumber, str]
) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    owed = [one for one in forecast.owed if outcome.subject in (None, one.currency.name)]
    at = outcome.month - 1
    whole = sum(one.liability[at] for one in owed if one.liability)
    for one in owed:
        if not (whole and one.liability and one.cost):
            continue
        share = Fraction(one.liability[at], whole)
        for number, part in one.cost.bearing:
            if number.source is None and share * part:
                path = paths[number]
                found[path] = found.get(path, Fraction(0)) + share * part
        parts = dict(one.cost.parts)
        for reward in one.cost.at_face:
            part = share * parts.get(reward, Fraction(0))
            path = f"{reward.name}.cost"
            found[path] = found.get(path, Fraction(0)) + part
    return {path: share for path, share in found.items() if share}


def _of_rewards(outcome: Outcome, forecast: Forecast, paths: dict[AssumedNumber, str]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for taken in forecast.rewards:
        of_it = outcome.subject in (None, taken.reward.name)
        if not of_it or given_by(taken.reward) is not None or not sum(taken.uses[: outcome.month]):
            continue
        declared = numbers_to_accept(forecast.program)[f"{taken.reward.name}.cost"]
        if declared is not None and declared.source is None:
            found[paths[declared]] = Fraction(0)
    return found
