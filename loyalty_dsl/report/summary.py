"""A forecast in two paragraphs: one for who keeps the books, one for who designs the program.

Invariants: every sentence is computed from the forecast and is left out where the forecast cannot say it;
no figure stands without its unit; sums are over the last year, or over all months where there is less.
"""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from loyalty_dsl.explanation.terms.words import listed
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, RewardForecast, RuleForecast, given_by
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.report.findings import at_year_end, tier_mix_text
from loyalty_dsl.report.headlines import did_something
from loyalty_dsl.report.quiet_balances import is_quiet
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.value_wording import no_margin, value_title
from loyalty_dsl.report.wording import (
    breakage_text,
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
LARGE_NOISE = Fraction(1, 20)
"""A liability whose noise is more than this part of it is called rough."""


@attrs.frozen
class Summary:
    """Sentences, in their order."""

    finance: tuple[str, ...]
    marketing: tuple[str, ...]


def summary_of(forecast: Forecast) -> Summary:
    """What is owed, what it costs and what is doubtful; who takes part, who earns and what binds."""
    finance = (
        _owed(forecast),
        _cost(forecast),
        *_fates(forecast),
        _pays(forecast),
        _rests_on(forecast),
        _fitted(forecast),
    )
    marketing = (
        _members(forecast),
        _who_earns(forecast),
        _what_earns(forecast),
        _what_is_taken(forecast),
        *_levels(forecast),
        _idle(forecast),
        _binds(forecast),
    )
    return Summary(tuple(filter(None, finance)), tuple(filter(None, marketing)))


# ---- for finance


def _owed(forecast: Forecast) -> str:
    """What is owed at the end, for what, and what it was a year before."""
    day, money = day_text(forecast.as_of), forecast.program.money
    if not forecast.owed:
        return f"Nothing is owed to members on {day}."
    known = [one for one in forecast.owed if one.liability is not None]
    if len(known) < len(forecast.owed):
        without = " and ".join(one_line(one.noun) for one in forecast.owed if one.liability is None)
        return f"What is owed is not known: no cost is declared for {without}, and no reward was taken."
    assert forecast.liability is not None and forecast.liability_noise is not None
    whole, noise = forecast.liability[-1], forecast.liability_noise[-1]
    least = "at least " if any(one.fate.is_open for one in forecast.owed) else ""
    told = f"{least}{money_text(whole, money)} is owed on {day}, at cost and as a going concern"
    if noise and whole:
        told += f" ({noise_text(noise, whole, money)} simulation noise)"
    told = told[0].upper() + told[1:]
    if len(known) > 1 and whole:
        owing = [one for one in known if one.liability and one.liability[-1]]
        parts = [f"{liability_text(one, money)} for {one_line(one.noun)}" for one in owing]
        told += f": {listed(parts)}"
    else:
        one = known[0]
        share = f"{'at least ' if one.fate.is_open else ''}{percent_text(one.phi[-1])}"
        told += (
            f", for {units_text(one, one.total[-1].outstanding, money)}, of which {share} will be redeemed"
        )
    return f"{told}{_moved(forecast)}."


def _moved(forecast: Forecast) -> str:
    """By how much the liability moved in the last year, where that is more than noise."""
    liability, noise = forecast.liability or (), forecast.liability_noise or ()
    if len(liability) <= YEAR:
        return ""
    change = liability[-1] - liability[-1 - YEAR]
    if abs(change) <= noise[-1] + noise[-1 - YEAR]:
        return "; any change over the last year is within the noise"
    way = "more" if change > 0 else "less"
    return f"; {money_text(abs(change), forecast.program.money)} {way} than a year before"


def _cost(forecast: Forecast) -> str:
    """What rewards and benefits cost in the last year, and for each hundred that members spent."""
    months, cost = _months(forecast), forecast.reward_cost
    if not forecast.rewards:
        return ""
    if cost is None:
        return "What rewards cost is not known, as none declares a cost."
    paid = sum(cost[-months:])
    benefits = any(one.reward.taking is Taking.BENEFIT for one in forecast.rewards)
    what = "Rewards and benefits" if benefits else "Rewards"
    some = " (those with a declared cost)" if _some_without_cost(forecast) else ""
    net = " net of fees" if any(one.reward.fee for one in forecast.rewards) else ""
    if paid < 0:
        more = money_text(-paid, forecast.program.money)
        return f"Members paid {more} more in fees than {what.lower()}{some} cost {_span(forecast)}."
    told = f"{what}{some} cost {money_text(paid, forecast.program.money)}{net} {_span(forecast)}"
    spent = _spent(forecast)
    if paid and spent > 0:
        told += f", {percent_text(paid / spent)} of what members spent"
    return f"{told}."


def _some_without_cost(forecast: Forecast) -> bool:
    return any(
        one.cost is None and given_by(one.reward) is None and any(one.uses) for one in forecast.rewards
    )


def _fates(forecast: Forecast) -> Iterator[str]:
    """What becomes of everything issued."""
    for one in forecast.owed:
        fate, noun = one.fate, one_line(one.noun)
        if is_quiet(one, forecast):
            continue
        if fate.urr is None:
            yield f"No {noun} are issued."
            continue
        told = (
            f"The ultimate redemption rate of {noun} is {urr_text(fate)} and breakage {breakage_text(fate)}"
        )
        if fate.reversed:
            told += f"; returns take back {percent_text(fate.reversed_share)}"
        yield f"{told}."


def _pays(forecast: Forecast) -> str:
    """What the program is worth or, where nobody says what sales leave, how to know."""
    told = value_title(forecast)
    if forecast.value is None:
        told += f"; {one_line((forecast.no_value or no_margin(forecast))[1])}"
    return f"{told}."


def _rests_on(forecast: Forecast) -> str:
    """How much of the liability nobody has sourced, and whether the run itself is rough."""
    parts = []
    if forecast.assumed_share:
        first = next((one for one in forecast.assumptions if one.bears and one.source is None), None)
        above = f", above all `{one_line(first.written)}` of {one_line(first.what)}" if first else ""
        share = percent_text(forecast.assumed_share, 0)
        parts.append(f"{share} of the liability rests on costs that nobody has sourced{above}")
    if forecast.liability and forecast.liability_noise and forecast.liability[-1]:
        part = Fraction(forecast.liability_noise[-1]) / forecast.liability[-1]
        if part > LARGE_NOISE:
            parts.append(f"simulation noise is {percent_text(part)} of it, which more members would narrow")
    return f"Doubtful: {'; '.join(parts)}." if parts else ""


def _fitted(forecast: Forecast) -> str:
    """Where what is assumed of customers comes from."""
    fitted = forecast.population.fitted
    if fitted is None:
        return "How customers behave is stated, not fitted to data."
    told = f"How customers behave was fitted to {one_line(fitted.source)} through {day_text(fitted.through)}"
    if fitted.holdout is None:
        return f"{told}, and not tested on days that the fit had not seen."
    return f"{told}; on days that the fit had not seen it was off by {percent_text(fitted.holdout)}."


# ---- for marketing


def _members(forecast: Forecast) -> str:
    """How many have joined, how many of them take part, and how."""
    last = forecast.members[-1]
    joined = f"{counted(last.enrolled, 'member')} {'has' if last.enrolled == 1 else 'have'} joined by "
    joined += day_text(forecast.as_of)
    if not last.active:
        return f"{joined}; none of them {did_something(forecast)} in {month_text(forecast.as_of)}."
    told = (
        f"{joined}; {percent_text(last.active_rate)} of them {did_something(forecast)} in "
        f"{month_text(forecast.as_of)}"
    )
    if last.purchases:
        basket = money_text(last.basket / last.purchases, forecast.program.money)
        told += f", {last.purchases / last.active:.1f} purchases each, of {basket} on average"
    brought = sum(month.friends for month in forecast.members)
    joins = sum(month.joined for month in forecast.members)
    if brought and joins:
        told += f". {percent_text(brought / joins)} of those who joined were brought by a member"
    return f"{told}."


def _who_earns(forecast: Forecast) -> str:
    """Which segment earns most of what members can use, and how large it is."""
    one, months = _main(forecast), _months(forecast)
    segments = forecast.population.segments
    if one is None or len(segments) < 2:
        return ""
    issued = [sum(balances.issued for balances in each[-months:]) for each in one.segments]
    whole, enrolled = sum(issued), forecast.members[-1].enrolled
    if not whole or not enrolled:
        return ""
    most = max(range(len(segments)), key=issued.__getitem__)
    size = forecast.segment_members[most][-1].enrolled
    return (
        f"The segment {one_line(segments[most].name)} is {percent_text(size / enrolled, 0)} of members and "
        f"earns {percent_text(issued[most] / whole, 0)} of the {one_line(one.noun)}."
    )


def _what_earns(forecast: Forecast) -> str:
    """Which rule gives most of the main currency."""
    one = _main(forecast)
    rules: list[RuleForecast] = (
        [] if one is None else [rule for rule in forecast.rules if rule.rule.currency == one.currency.index]
    )
    whole = sum(rule.units for rule in rules)
    if one is None or len(rules) < 2 or not whole:
        return ""
    most = max(rules, key=lambda rule: rule.units)
    return (
        f"The rule {one_line(most.rule.label)} gives {percent_text(most.units / whole, 0)} of the "
        f"{one_line(one.noun)} that rules give."
    )


def _what_is_taken(forecast: Forecast) -> str:
    """Which reward is used most, how often, and by how many members."""
    taken: list[RewardForecast] = [
        one for one in forecast.rewards if one.times is not None and not one.reward.benefit
    ]
    months = _months(forecast)
    if not taken:
        return ""
    most = max(taken, key=lambda one: sum(one.uses[-months:]))
    uses, enrolled = sum(most.uses[-months:]), forecast.members[-1].enrolled
    if not uses:
        return f"No reward was used {_span(forecast)}."
    purchases = sum(month.purchases for month in forecast.members[-months:])
    told = f"{one_line(most.reward.label)} was used {counted(uses, 'time')} {_span(forecast)}"
    if purchases > uses:
        told += f", once for every {purchases / uses:,.0f} purchases"
    if enrolled:
        told += f"; {percent_text(min(1, most.members / enrolled), 0)} of members have ever used it"
    return f"{told}."


def _levels(forecast: Forecast) -> Iterator[str]:
    """How members stand on each ladder, and how many are near the next level."""
    for one in forecast.ladders:
        mix = tier_mix_text(one)
        if not mix:
            continue
        whose = f" of {one_line(one.ladder.label)}" if one.ladder.bought or len(forecast.ladders) > 1 else ""
        told = f"By {'plan' if one.ladder.bought else 'level'}{whose}: {mix}"
        if one.near_misses:
            miss = max(one.near_misses, key=lambda each: at_year_end(each).near)
            short = at_year_end(miss)
            if short.near:
                told += (
                    f"; {counted(short.near, 'member')} {'is' if short.near == 1 else 'are'} just short of "
                    f"{one_line(miss.level.label)} on {day_text(short.day)}"
                )
        yield f"{told}."


def _idle(forecast: Forecast) -> str:
    """Rules that never paid."""
    idle = [one_line(rule.rule.label) for rule in forecast.rules if not rule.times]
    return f"{listed(idle)} never paid anybody." if idle else ""


def _binds(forecast: Forecast) -> str:
    """The limit that holds back most members."""
    if not forecast.limits:
        return ""
    most, enrolled = max(forecast.limits, key=lambda limit: limit.members), forecast.members[-1].enrolled
    if most.never_bound:
        return "No limit ever held anybody back."
    share = percent_text(min(1, most.members / enrolled)) if enrolled else f"{most.members:,}"
    return f"The limit of {one_line(most.owner)} binds most: it held back {share} of members at least once."


# ---- shared


def _main(forecast: Forecast) -> CurrencyForecast | None:
    """The currency that rules give most of, in money where that is known; of those that can be used."""
    issued = [one for one in forecast.owed if any(month.issued for month in one.total)]
    return max(issued, key=lambda one: (one.liability or (0,))[-1], default=None)


def _spent(forecast: Forecast) -> int:
    """What members spent in the last year, returns apart, in minor units."""
    months = _months(forecast)
    bought = sum(month.basket - month.returned for month in forecast.members[-months:])
    return bought + sum(sum(event.basket[-months:]) for event in forecast.events)


def _months(forecast: Forecast) -> int:
    return min(YEAR, len(forecast.months))


def _span(forecast: Forecast) -> str:
    months = _months(forecast)
    return "in its only month" if months == 1 else f"in the last {months} months"
