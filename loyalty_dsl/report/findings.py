"""The titles of the sections on levels, rules and rewards, computed as those of `headlines` are."""

from collections.abc import Sequence

from loyalty_dsl.explanation.terms.words import listed
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, RewardForecast
from loyalty_dsl.forecast.reach import LimitForecast
from loyalty_dsl.forecast.status import LadderForecast, NearMissForecast, ShortOf
from loyalty_dsl.report.charts_mechanics import shown_fates, vintage_text
from loyalty_dsl.report.style import counted, latest
from loyalty_dsl.report.wording import day_text, money_text, one_line, percent_text, small_percent_text

YEAR = 12
FEW_EMPTY = 2
"""So many empty levels are named; more are counted."""


def total_liability_title(forecast: Forecast) -> str:
    """Whose the liability is on the last day."""
    assert forecast.liability is not None
    whole, money = forecast.liability[-1], forecast.program.money
    least = "at least " if any(one.fate.is_open for one in forecast.owed) else ""
    start = f"{least}{money_text(whole, money)} is owed on {day_text(forecast.as_of)}"
    if not whole:
        return start[0].upper() + start[1:]
    parts = (
        f"{percent_text(one.liability[-1] / whole, 0)} for {one_line(one.noun)}"
        for one in forecast.owed
        if one.liability and one.liability[-1]
    )
    return f"{start[0].upper()}{start[1:]}: {listed(list(parts))}"


def vintage_title(one: CurrencyForecast, forecast: Forecast) -> str:
    """What has become of the first units."""
    vintages = [vintage for vintage in one.triangle.vintages() if vintage.issued]
    first = next((vintage for vintage in vintages if vintage.days is None), vintages[0])
    parts = [
        f"{percent_text(getattr(first, field) / first.issued, 0)} {name.lower()}"
        for field, name, _ in shown_fates(one)
        if round(getattr(first, field) / first.issued, 2)
    ]
    return f"Of the {one_line(one.noun)} issued in {vintage_text(first, forecast.months)}: {listed(parts)}"


def tier_mix_title(one: LadderForecast, forecast: Forecast) -> str:
    """The share of members at each level on the last day."""
    mix = tier_mix_text(one)
    return f"On {day_text(forecast.as_of)}: {mix}" if mix else "Nobody has joined"


def tier_mix_text(one: LadderForecast) -> str:
    """The levels that somebody holds at the end, each with its share, and which are empty; empty where nobody
    has joined."""
    whole = sum(level[-1] for level in one.held)
    if not whole:
        return ""
    levels = list(zip((one_line(level.label) for level in one.ladder.levels), one.held, strict=True))
    told = listed([f"{small_percent_text(held[-1] / whole)} {label}" for label, held in levels if held[-1]])
    empty = [label for label, held in levels if not held[-1]]
    if not empty:
        return told
    if len(empty) <= FEW_EMPTY:
        return f"{told}; nobody holds {' or '.join(empty)}"
    what = "plans and trials" if one.ladder.bought else "levels"
    return f"{told}; nobody holds any of the other {len(empty)} {what}"


def levels_used(one: LadderForecast) -> list[int]:
    """The levels, by index, that somebody held at a month's end or went to; all where there are none."""
    levels = range(len(one.ladder.levels))
    used = [i for i in levels if any(one.held[i]) or any(one.moved(i, j) or one.moved(j, i) for j in levels)]
    return used or list(levels)


def unused_text(one: LadderForecast) -> str:
    """Which levels a chart leaves out; empty for none."""
    used = levels_used(one)
    names = [one_line(level.label) for level in one.ladder.levels if level.index not in used]
    return (
        f" Not shown, as nobody ever held {'it' if len(names) == 1 else 'them'}: {listed(names)}."
        if names
        else ""
    )


def tier_moves_title(one: LadderForecast, forecast: Forecast) -> str:
    """How often members rose and fell."""
    levels = range(len(one.ladder.levels))
    if one.ladder.bought:
        return _plan_moves_title(one, forecast)
    up = sum(one.moved(i, j) for i in levels for j in levels if i < j)
    down = sum(one.moved(i, j) for i in levels for j in levels if i > j)
    span = counted(len(forecast.months), "month")
    if not up and not down:
        return f"Members keep their level for all of {span}"
    rise = f"rise {counted(up, 'time')}" if up else "never rise"
    fall = f"fall {counted(down, 'time')}" if down else "never fall"
    return f"Members {rise} and {fall} in {span}"


def _plan_moves_title(one: LadderForecast, forecast: Forecast) -> str:
    """How often members took and ended the plans of a membership: they buy these, and rise to none."""
    levels = range(1, len(one.ladder.levels))
    begun = sum(one.moved(0, j) for j in levels)
    ended = sum(one.moved(i, 0) for i in levels)
    on = sum(one.moved(i, j) for i in levels for j in levels if i != j)
    span = counted(len(forecast.months), "month")
    if not begun and not ended and not on:
        return f"Members take no plan and end none in {span}"
    parts = [
        f"take a plan {counted(begun, 'time')}",
        f"end one {counted(ended, 'time')}" if ended else "never end one",
    ]
    if on:
        parts.insert(1, f"go on from a trial to paying {counted(on, 'time')}")
    return f"Members {listed(parts)} in {span}"


def at_year_end(miss: NearMissForecast) -> ShortOf:
    """The last day that ends a calendar year, when most windows are full; the last day without one."""
    return miss.days[-2] if len(miss.days) > 1 and miss.days[-1].day != miss.days[-2].day else miss.days[-1]


def near_miss_title(misses: Sequence[NearMissForecast]) -> str:
    """Where most members are just short."""
    most = max(misses, key=lambda miss: at_year_end(miss).near)
    short = at_year_end(most)
    level = one_line(most.level.label)
    if not short.near:
        return f"Nobody is just short of a level on {day_text(short.day)}"
    return f"{counted(short.near, 'member')} just short of {level} on {day_text(short.day)}"


def rules_title(forecast: Forecast) -> str:
    """Which rules never paid and which limits never bound."""
    idle = [one_line(rule.rule.label) for rule in forecast.rules if not rule.times]
    parts = [f"{listed(idle)} never paid" if idle else "Every rule paid"]
    bound = limits_text(forecast.limits)
    return "; ".join((*parts, bound)) if bound else parts[0]


def limits_text(limits: Sequence[LimitForecast]) -> str:
    """How many limits never bound; empty where there is none."""
    if not limits:
        return ""
    idle = [limit for limit in limits if limit.never_bound]
    if not idle:
        return "every limit bound somebody"
    names = listed(list(dict.fromkeys(one_line(limit.owner) for limit in idle)))
    if len(limits) == 1:
        return f"its only limit never bound ({names})"
    return f"{len(idle)} of {counted(len(limits), 'limit')} never bound ({names})"


def rewards_title(forecast: Forecast) -> str:
    """What rewards and benefits cost, and which cost most; or which was used most, without a cost."""
    months = min(YEAR, len(forecast.months))
    known = [(sum(one.cost[-months:]), one) for one in forecast.rewards if one.cost is not None]
    costs = [(cost, one) for cost, one in known if not one.reward.fee]
    fees = -sum(cost for cost, one in known if one.reward.fee)
    paid = f"; members paid {money_text(fees, forecast.program.money)} in fees" if fees else ""
    beside = sum(sum(one.paid[-months:]) for one in forecast.rewards)
    paid += f"; members paid {money_text(beside, forecast.program.money)} beside points" if beside else ""
    whole = sum(cost for cost, _ in costs)
    span = latest(months)
    if not costs or not whole:
        used = [one for one in forecast.rewards if any(one.uses)]
        if not used:
            return "No reward was used"
        often = [one for one in used if one.times is not None]
        if not often:
            off = money_text(sum(sum(one.off[-months:]) for one in used), forecast.program.money)
            return f"{listed([one_line(one.reward.label) for one in used])} took {off} off {span}"
        most = max(often, key=lambda one: sum(one.uses[-months:]))
        times = counted(sum(most.uses[-months:]), "time")
        return f"{one_line(most.reward.label)} is used most: {times} {span}"
    cost, most = max(costs, key=lambda each: each[0])
    money = money_text(whole, forecast.program.money)
    if len(costs) == 1:
        return f"{one_line(most.reward.label)} costs {money} {span}{paid}"
    share = percent_text(cost / whole, 0)
    return f"Rewards and benefits cost {money} {span}, {share} of it for {one_line(most.reward.label)}{paid}"


def cost_share(one: RewardForecast, forecast: Forecast) -> float | None:
    """A reward's share of what all cost over the reported months, fees of members left out; `None` for a fee,
    and where its cost is not known."""
    fees = sum(sum(each.cost) for each in forecast.rewards if each.reward.fee and each.cost is not None)
    whole = sum(forecast.reward_cost or ()) - fees
    return None if one.cost is None or one.reward.fee or not whole else sum(one.cost) / whole
