"""Warnings about a forecast: where a reader could take a figure for more than it is."""

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, Notice
from loyalty_dsl.language.program import Never

FEW_MEMBERS = 20_000
"""Fewer simulated members than this leave the noise a little too narrow, because totals are heavy tailed."""

LOUD = 0.05
"""A liability whose noise is more than this share of it is too rough to quote."""

LOWEST_PUBLIC_URR, HIGHEST_PUBLIC_URR = 0.40, 0.97
"""What programs have published: from retail with thresholds and short expiry (40% to 75%) through grocers,
hotels and airlines (65% to 90%) to banks (90% to 97%)."""

SMALLEST_SHARE = 0.0005
"""A share below this prints as 0.0%."""


def notices_of(forecast: Forecast) -> tuple[Notice, ...]:
    """Every warning that applies, the gravest first."""
    found: list[Notice] = []
    for one in forecast.by_currency:
        found += _of_fate(one)
        found += _of_cost(one)
    for taken in forecast.rewards:
        if taken.cost is None and any(taken.uses):
            name = taken.reward.label
            found.append(
                Notice(
                    "reward-without-cost",
                    f"{name} declares no cost: its uses are missing from the reward cost.",
                )
            )
    if forecast.liability and forecast.liability_noise and forecast.liability[-1]:
        part = forecast.liability_noise[-1] / forecast.liability[-1]
        if part > LOUD:
            found.append(
                Notice(
                    "noisy",
                    f"Simulation noise is {part:.0%} of the liability: simulate more members (--sample).",
                )
            )
    if forecast.sample < FEW_MEMBERS:
        found.append(
            Notice(
                "few-members",
                f"Only {forecast.sample:,} members were simulated: below {FEW_MEMBERS:,} the noise shown is "
                "a little too narrow.",
            )
        )
    return tuple(found)


def _of_fate(one: CurrencyForecast) -> list[Notice]:
    fate, noun = one.fate, one.noun
    if fate.urr is None or fate.breakage is None:
        return [
            Notice("nothing-issued", f"No {noun} were issued: check the earn rules against the population.")
        ]
    found = []
    open_share = float(fate.undetermined_share)
    if open_share >= SMALLEST_SHARE:
        held = "neither spent nor expired when the simulation stopped"
        if isinstance(one.currency.expiry, Never):
            held = "unspent when the simulation stopped, and never expire"
        low, high = float(fate.breakage), float(fate.breakage + fate.undetermined_share)
        found.append(
            Notice(
                "tail-cut",
                f"{open_share:.1%} of the {noun} issued were {held}: their fate is unknown. Breakage lies "
                f"between {low:.1%} and {high:.1%}, and the liability is a lower bound.",
            )
        )
    urr = float(fate.urr)
    if urr + open_share < LOWEST_PUBLIC_URR or urr > HIGHEST_PUBLIC_URR:
        found.append(
            Notice(
                "unusual-urr",
                f"A URR of {urr:.1%} for {noun} is outside what public programs report "
                f"({LOWEST_PUBLIC_URR:.0%} to {HIGHEST_PUBLIC_URR:.0%}).",
            )
        )
    return found


def _of_cost(one: CurrencyForecast) -> list[Notice]:
    noun = one.noun
    if one.cost is None:
        message = f"No cost is declared for {noun} and no reward was taken: their liability is unknown."
        return [Notice("no-cost", message)]
    if one.cost.at_face:
        names = ", ".join(reward.label for reward in one.cost.at_face)
        return [
            Notice(
                "cost-at-face",
                f"The cost of {noun} takes {names} at the money taken off, because no cost is declared.",
            )
        ]
    return []
