"""The sentences over figures and charts, computed from the data so that none can be false.

Every one of these is tested against figures that make it say each of the things it can say.
"""

from fractions import Fraction
from itertools import accumulate

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, given_by
from loyalty_dsl.report.style import counted, latest
from loyalty_dsl.report.wording import (
    day_text,
    liability_text,
    money_text,
    month_text,
    noise_text,
    one_line,
    percent_text,
    units_text,
    urr_text,
)

YEAR = 12

MOST_NAMED = 3
"""A headline names so many balances, however little is owed for one."""
HARDLY = 100
"""Of more, those are summed up that bear less than one part in so many."""

GOING_CONCERN = "Going concern: after the last month members go on as the population says, and nobody joins."
"""The basis of every liability; printed beside it."""

NOISE = (
    "± is simulation noise: 95 times in 100 a figure is within it of what infinitely many members would "
    "give. It says nothing about whether the assumptions are right."
)
"""What every ± means."""

GIVEN = "Rewards are given at checkout and nobody declines one, so redemption is as high as it can be."
CHOSEN = "Redemption is an assumption: when they can pay for a reward, members take it "
"""How redemption comes about, which decides the liability more than anything else."""


def headline(forecast: Forecast) -> str:
    """The forecast in a sentence or two: what is owed at the end, for what, and how many still buy."""
    money = forecast.program.money
    day = day_text(forecast.as_of)
    if not forecast.owed:
        return _without_currency(forecast)
    if forecast.liability is None or forecast.liability_noise is None:
        held = " and ".join(units_text(one, one.total[-1].outstanding, money) for one in forecast.owed)
        return f"On {day}, {held} will be outstanding; without a cost there is no liability to show."
    name = one_line(forecast.program.label)
    last = forecast.members[-1]
    month = month_text(forecast.as_of)
    bought = f"{percent_text(last.active_rate)} of all who ever joined {did_something(forecast)} in {month}."
    if not any(month.active for month in forecast.members):
        bought = f"{last.enrolled:,} members have joined."
    liability = money_text(forecast.liability[-1], money)
    noise = noise_text(forecast.liability_noise[-1], forecast.liability[-1], money)
    least = "at least " if any(one.fate.is_open for one in forecast.owed) else ""
    doubt = f"{noise} simulation noise" if forecast.sample > 1 else "of one simulated member"
    owed = f"{least}{liability} ({doubt})"
    return f"On {day} {name} is forecast to owe {owed} for {_held(forecast)}. {bought}"


def _without_currency(forecast: Forecast) -> str:
    """The headline of a program that owes nothing to anybody."""
    name, last = one_line(forecast.program.label), forecast.members[-1]
    text = f"On {day_text(forecast.as_of)} {name} will have {last.enrolled:,} members and owe them nothing"
    cost = forecast.reward_cost
    if not cost or not any(cost):
        return f"{text}."
    months = min(YEAR, len(cost))
    paid = sum(cost[-months:])
    spent = money_text(abs(paid), forecast.program.money)
    if paid < 0:
        return f"{text}; members paid {spent} more in fees than benefits cost {latest(months)}."
    net = " net of fees" if any(one.reward.fee for one in forecast.rewards) else ""
    return f"{text}; its benefits cost {spent}{net} {latest(months)}."


def redemption_text(forecast: Forecast) -> str:
    """Who decides that a reward is taken: nobody, or members as the population says; `""` without rewards."""
    sentences = []
    rewards = [reward for reward in forecast.program.rewards if not reward.benefit]
    if any(reward.automatic and given_by(reward) is None for reward in rewards):
        sentences.append(GIVEN)
    ways = [
        (segment.name, segment.redeem)
        for segment in forecast.population.segments
        if segment.redeem is not None
    ]
    if ways and not all(reward.automatic for reward in rewards):
        told = []
        for name, redeem in ways:
            never = f", and {percent_text(redeem.never, 0)} of them never" if redeem.never else ""
            told.append(f"{percent_text(redeem.chance, 0)} of the time ({one_line(name)}{never})")
        sentences.append(f"{CHOSEN}{', '.join(told)}.")
    return " ".join(sentences)


def start_text(forecast: Forecast) -> str:
    """With what the first members begin; empty where there are none."""
    if not forecast.population.members:
        return ""
    if forecast.population.opening is not None:
        return f"The first {forecast.population.members:,} members begin with what they hold in the ledger."
    return f"The first {forecast.population.members:,} members begin with nothing."


def liability_title(one: CurrencyForecast, forecast: Forecast) -> str:
    """What the liability chart shows."""
    if one.liability is None:
        return f"No liability is known for {one_line(one.noun)}"
    last = one.liability[-1]
    money = forecast.program.money
    whose = f" for {one_line(one.noun)}" if len(forecast.by_currency) > 1 else ""
    start = f"The liability{whose} is {liability_text(one, money)} on {day_text(forecast.as_of)}"
    if len(one.liability) <= YEAR or not one.liability[-1 - YEAR]:
        return start
    before = one.liability[-1 - YEAR]
    noise = one.liability_noise[-1] + one.liability_noise[-1 - YEAR] if one.liability_noise else 0
    change = Fraction(last - before if abs(last - before) > noise else 0, before)
    return f"{start}, {_change(change)} a year before"


def waterfall_title(one: CurrencyForecast, forecast: Forecast) -> str:
    """How the balance moved from the opening of the waterfall to its end; not where that may be noise, which
    is at most that of both ends together."""
    first = waterfall_start(forecast)
    opening = one.total[first - 1].outstanding if first else one.opening
    moved = one.total[-1].outstanding - opening
    months = len(forecast.months) - first
    span = counted(months, "month")
    whose = f" of {one_line(one.noun)}" if len(forecast.by_currency) > 1 else ""
    noise = one.outstanding_noise[-1] + (one.outstanding_noise[first - 1] if first else 0)
    if not moved or abs(moved) <= noise:
        return f"The outstanding balance{whose} is {'about ' if moved else ''}the same as {span} before"
    amount = units_text(one, abs(moved), forecast.program.money)
    return f"The outstanding balance {'grows' if moved > 0 else 'shrinks'} by {amount} over the last {span}"


def triangle_title(one: CurrencyForecast) -> str:
    """How much of what is issued is redeemed, and how soon."""
    fate, noun = one.fate, one_line(one.noun)
    if fate.urr is None:
        return f"No {noun} in these months"
    if not fate.redeemed:
        return f"Members redeem none of the {noun} issued in these months"
    if fate.is_open:
        return f"Members redeem {urr_text(fate)} of the {noun} issued in these months"
    age = half_redeemed_by(one)
    soon = {0: "in the month of issue", 1: "by the end of the next month"}.get(age, f"within {age} months")
    return f"Members redeem {percent_text(fate.urr)} of the {noun} issued, half of that {soon}"


def active_title(forecast: Forecast) -> str:
    """How many of the members bought in the last month."""
    last = forecast.members[-1]
    if not any(month.active for month in forecast.members):
        return f"{last.enrolled:,} members have joined by {day_text(forecast.as_of)}; none of them buys"
    rate, did = percent_text(last.active_rate), did_something(forecast)
    return f"{last.active:,} of {last.enrolled:,} members ({rate}) {did} in {month_text(forecast.as_of)}"


def did_something(forecast: Forecast) -> str:
    """What makes a member active: a purchase or, where members do other things, any event of their own."""
    others = any(segment.activities for segment in forecast.population.segments)
    return "were active" if others else "bought"


def half_redeemed_by(one: CurrencyForecast) -> int:
    """The age in months by which half of all redemptions of the reported months' issues have happened."""
    by_age = [0] * max(len(row) for row in one.triangle.redeemed)
    for row in one.triangle.redeemed:
        for age, units in enumerate(row):
            by_age[age] += units
    return next(age for age, total in enumerate(accumulate(by_age)) if 2 * total >= sum(by_age))


def waterfall_start(forecast: Forecast) -> int:
    """The first month of the waterfall: the last year's, or the first when there is less than that."""
    return max(0, len(forecast.months) - YEAR)


def _held(forecast: Forecast) -> str:
    parts = []
    costing = [one for one in forecast.owed if one.liability is None or one.liability[-1]]
    named, small = _named(costing or list(forecast.owed))
    for one in named:
        held = units_text(one, one.total[-1].outstanding, forecast.program.money)
        least = "at least " if one.fate.is_open else ""
        parts.append(f"{held} outstanding, of which {least}{percent_text(one.phi[-1])} will be redeemed")
    if small:
        rest = money_text(sum(one.liability[-1] for one in small if one.liability), forecast.program.money)
        parts.append(f"and {rest} of it for {len(small)} other balances")
    return "; ".join(parts)


def _named(owed: list[CurrencyForecast]) -> tuple[list[CurrencyForecast], list[CurrencyForecast]]:
    """The balances that a headline names, and those that it sums up, as they are several and each bears
    hardly anything."""
    known = [one.liability[-1] for one in owed if one.liability]
    if len(known) < len(owed) or len(owed) <= MOST_NAMED:
        return owed, []
    small = [one for one in owed if one.liability and one.liability[-1] * HARDLY < sum(known)]
    return ([one for one in owed if one not in small], small) if len(small) > 1 else (owed, [])


def _change(change: Fraction) -> str:
    share = percent_text(abs(change), 0)
    if share == "0%":
        return "about the same as"
    return f"{share} {'more' if change > 0 else 'less'} than"
