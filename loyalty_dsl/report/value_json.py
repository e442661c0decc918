"""What a program is worth as JSON, for `loyalty.simulate/1`: a key `value`.

Invariant: amounts are whole money, shares are of one; without a margin it says why, and has no figure.
"""

from fractions import Fraction
from typing import Any

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.value import Flows
from loyalty_dsl.quantities import MINOR_DIGITS


def value_document(forecast: Forecast) -> dict[str, Any]:
    """The key `value`; without it where nobody said anything about money."""
    value = forecast.value
    if value is None:
        if forecast.no_value is None:
            return {}
        return {"value": {"unknown": forecast.no_value[0], "help": forecast.no_value[1]}}
    unit = float(10 ** MINOR_DIGITS[forecast.program.money])

    def money(minor: Fraction | float) -> float:
        return round(float(minor) / unit, 2)

    def flows(one: Flows) -> dict[str, Any]:
        even = one.break_even(value.margin)
        share = one.cannibalised
        return {
            "break_even_lift": None if even is None else round(float(even), 8),
            "spend": money(one.spend),
            "spend_without": money(one.without),
            "incremental_spend": money(one.incremental),
            "margin": money(one.gained(value.margin)),
            "reward_cost": money(one.rewards),
            "cannibalised_share": None if share is None else round(float(share), 8),
            **({"paid_beside_points": money(one.paid)} if one.paid else {}),
            **({"settled_with_partners": money(one.settled)} if one.settled else {}),
            "running_cost": money(one.running),
            "liability_change": money(one.owed),
            "net_value": money(one.net(value.margin)),
        }

    noise = value.noise
    found = {
        "months": value.months,
        "reacts": value.reacts,
        "assumptions": [
            {"written": " ".join(one.span.text.split()), "source": one.source, "at": str(one.span)}
            for one in value.assumes.numbers
        ],
        "as_it_comes": flows(value.plain),
        "on_the_first_day": None if value.today is None else flows(value.today),
        "noise": None
        if noise is None
        else {
            "meaning": "simulation noise: half-width, 95%, of paired members",
            "break_even_lift": None if noise.break_even is None else round(noise.break_even, 8),
            "incremental_spend": money(noise.incremental),
            "reward_cost": money(noise.rewards),
            "liability_change": money(noise.owed),
            "net_value": money(noise.net),
        },
    }
    return {"value": found}
