"""What a program is worth, in words: the lift at which it pays first, then what it brings and costs.

Invariant: no profit is told without a margin that somebody has said; whatever is told names its horizon and
its discount rate, and a noise is called simulation noise.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.value import Flows, ProgramValue, at_face
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import money_text, noise_text, one_line, percent_text, points_of_percent


@attrs.frozen
class Study:
    """What somebody found of the lift that programs bring.

    Attributes:
        low, high: of spend; `None` where the direction is known and the size is not.
        grade: `direction`, or `judgement` where the size is ours.
    """

    who: str
    found: str
    low: Fraction | None
    high: Fraction | None
    grade: str


STUDIES = (
    Study(
        "Liu 2007, Journal of Marketing",
        "light and moderate buyers bought more, heavy buyers as before; sizes by judgement",
        Fraction(0),
        Fraction(8, 100),
        "judgement",
    ),
    Study(
        "Leenheer, van Heerde, Bijmolt and Smidts 2007",
        "a small gain in share of wallet, about 4 points as recalled; much of what is seen is self-selection",
        Fraction(0),
        Fraction(4, 100),
        "judgement",
    ),
    Study(
        "Meyer-Waarden",
        "small gains that fade within six to nine months",
        None,
        None,
        "direction",
    ),
    Study(
        "Belli and others 2022, Journal of the Academy of Marketing Science",
        "over 429 effects: positive on average, larger in behaviour than in attitude",
        None,
        None,
        "direction",
    ),
)
"""What studies found. Their directions are read; no size here is read from a study's tables."""

LOW = min(one.low for one in STUDIES if one.low is not None)
HIGH = max(one.high for one in STUDIES if one.high is not None)
RANGE = (
    f"studies suggest, {percent_text(LOW, 0)} to {percent_text(HIGH, 0)}: they agree that it is small and "
    "fades, and the sizes are judgement"
)


def value_title(forecast: Forecast) -> str:
    """The lift at which the program pays, or that none does."""
    value = forecast.value
    if value is None:
        message = (forecast.no_value or no_margin(forecast))[0]
        return f"No profit is shown: {one_line(message)}"
    over = counted(value.months, "month")
    lift = value.break_even
    if lift is None:
        return (
            f"No extra spend pays for the program over {over}: each sale costs more in rewards than it earns"
        )
    noise = None if value.noise is None else value.noise.break_even
    width = "" if noise is None else f" ({points_of_percent(noise)} simulation noise)"
    return f"The program pays if members buy {percent_text(lift)} more because of it{width}, over {over}"


def value_lines(forecast: Forecast) -> list[str]:
    """A few lines for the terminal; none where nobody said anything about money."""
    value = forecast.value
    if value is None:
        if forecast.no_value is None and not forecast.population.value.numbers:
            return []
        return [f"{value_title(forecast)}; {(forecast.no_value or no_margin(forecast))[1]}."]
    lines = [f"{value_title(forecast)}. Beside it, what {RANGE}."]
    flows, money = value.flows, forecast.program.money
    fees = " net of fees" if any(reward.fee for reward in forecast.program.rewards) else ""
    net = f"Net value {money_text(float(value.net), money)}{_width(value, 'net', value.net, money)}"
    lines.append(
        f"{net}: {money_text(float(flows.gained(value.margin)), money)} of margin on "
        f"{money_text(float(flows.incremental), money)} of extra spend{beside_text(flows, money)}, less "
        f"{money_text(float(flows.rewards), money)} of rewards{fees}, {money_text(float(flows.owed), money)} "
        f"owed and {money_text(float(flows.running), money)} to run it; {basis_text(value)}. "
        f"{anyway_text(value)}"
    )
    return lines


def beside_text(flows: Flows, money: str) -> str:
    """What comes in beside sales; empty for nothing."""
    paid = f" and {money_text(float(flows.paid), money)} that members pay beside points" if flows.paid else ""
    if not flows.settled:
        return paid
    word = "from" if flows.settled > 0 else "to"
    sign = "" if flows.settled > 0 else ", less "
    amount = money_text(abs(float(flows.settled)), money)
    return f"{paid}{sign or ' and '}{amount} {word} partners, net"


def anyway_text(value: ProgramValue) -> str:
    """How much of the reward cost is on purchases that would have happened anyway."""
    share = value.flows.cannibalised
    if share is None:
        return "Rewards cost nothing in these months."
    if not value.reacts:
        return (
            "No reaction of members is assumed, so all of the reward cost is on purchases that would have "
            "happened anyway."
        )
    return f"{percent_text(share)} of the reward cost is on purchases that would have happened anyway."


def basis_text(value: ProgramValue) -> str:
    """The horizon, the margin and the discount rate, each with where it comes from."""
    margin = value.assumes.margin
    assert margin is not None, "no value is worked out without a margin"
    parts = [
        f"over {counted(value.months, 'month')}",
        f"margin {percent_text(margin.value)} ({_from(margin.source)})",
    ]
    discount = value.assumes.discount
    if discount is None:
        parts.append("not discounted")
    else:
        parts.append(f"discounted at {percent_text(discount.value)} a year ({_from(discount.source)})")
    return ", ".join(parts)


def faces_text(forecast: Forecast) -> str:
    """Which rewards are taken to cost what they took off."""
    names = ", ".join(f"`{one_line(one.reward.name)}`" for one in at_face(forecast))
    return f"Without a declared cost, {names} counts at the money taken off. " if names else ""


def no_margin(forecast: Forecast) -> tuple[str, str]:
    """Why no profit is known, and what to add."""
    return (
        f"nothing says what sales of {one_line(forecast.program.label)} earn",
        f"add `margin 30%` to the population `{forecast.population.name}`",
    )


def _from(source: str | None) -> str:
    return "assumed" if source is None else one_line(source)


def _width(value: ProgramValue, of: str, figure: Fraction, money: str) -> str:
    if value.noise is None:
        return ""
    return f" ({noise_text(getattr(value.noise, of), float(figure), money)} simulation noise)"
