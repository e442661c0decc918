"""Sections on what rules, limits, rewards and benefits did."""

from collections.abc import Iterator

from loyalty_dsl.forecast.assumptions import quoted
from loyalty_dsl.forecast.figures import Forecast, RewardForecast, RuleForecast, given_by
from loyalty_dsl.forecast.reach import LimitForecast
from loyalty_dsl.report.charts_mechanics import bars_chart
from loyalty_dsl.report.findings import cost_share, rewards_title, rules_title
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import (
    MINUS,
    amount_text,
    money_text,
    one_line,
    percent_text,
    small_percent_text,
    units_text,
)

NEVER_BOUND, NEVER_PAID = "never bound", "never paid"


def mechanics_panels(forecast: Forecast) -> Iterator[Panel]:
    """What there is of rules, limits and rewards."""
    if forecast.rules:
        yield _rules(forecast)
    if forecast.rewards:
        yield _rewards(forecast)


def _rules(forecast: Forecast) -> Panel:
    rules = tuple(_rule_row(rule, forecast) for rule in forecast.rules)
    rows = (*rules, *(_limit_row(limit, forecast) for limit in forecast.limits))
    header = ("Rule or limit", "Members", "Share of members", "Times", "Units", "Where")
    reading = "How many of all members each rule ever paid, and each limit ever held back (binds)"
    return Panel(
        name="rules",
        kind="rules",
        title=rules_title(forecast),
        reading=(
            f"{reading}; grey is a rule that {NEVER_PAID} or a limit that {NEVER_BOUND}, perhaps because the "
            "population never gets there."
        ),
        chart=bars_chart(_reached(forecast)),
        table=Table(header, rows, "nnnnw"),
    )


def _reached(forecast: Forecast) -> list[tuple[str, float, str, bool]]:
    """A bar for each rule and limit: the share of members."""
    bars: list[tuple[str, float, str, bool]] = []
    for rule in forecast.rules:
        said = _share(rule.members, forecast) if rule.times else NEVER_PAID
        bars.append((one_line(rule.rule.label), rule.members, said, not rule.times))
    for limit in forecast.limits:
        said = NEVER_BOUND if limit.never_bound else f"binds {_share(limit.members, forecast)}"
        bars.append((f"limit: {one_line(limit.owner)}", limit.members, said, limit.never_bound))
    return bars


def _share(members: int, forecast: Forecast) -> str:
    enrolled = forecast.members[-1].enrolled
    return small_percent_text(min(1.0, members / enrolled)) if enrolled else ""


def _rule_row(rule: RuleForecast, forecast: Forecast) -> tuple[str, ...]:
    one = forecast.currency(rule.rule.currency)
    return (
        rule.rule.label,
        f"{rule.members:,}",
        _share(rule.members, forecast),
        f"{rule.times:,}" if rule.times else NEVER_PAID,
        f"+{units_text(one, rule.units, forecast.program.money)}",
        str(rule.rule.span),
    )


def _limit_row(limit: LimitForecast, forecast: Forecast) -> tuple[str, ...]:
    return (
        f"{limit.owner}: {quoted(limit.limit.span)}",
        NEVER_BOUND if limit.never_bound else f"{limit.members:,}",
        _share(limit.members, forecast),
        f"{limit.cuts:,}",
        "",
        str(limit.limit.span),
    )


def _rewards(forecast: Forecast) -> Panel:
    rows = tuple(_reward_row(one, forecast) for one in forecast.rewards)
    shares = [(one, cost_share(one, forecast)) for one in forecast.rewards]
    money = forecast.program.money
    bars: list[tuple[str, float, str, bool]]
    if any(share is not None for _, share in shares):
        unit = "cost"
        bars = [
            (
                one_line(one.reward.label),
                sum(one.cost or ()),
                f"{money_text(sum(one.cost or ()), money)} ({percent_text(share, 0)})",
                not any(one.uses),
            )
            for one, share in shares
            if share is not None
        ]
    else:
        unit = "uses"
        bars = [
            (one_line(one.reward.label), sum(one.uses), counted(sum(one.uses), "time"), not any(one.uses))
            for one in forecast.rewards
            if one.times is not None
        ]
    certificates = any(given_by(one.reward) is not None for one in forecast.rewards)
    reading = f"Bars are {unit} over all reported months, booked when used."
    if certificates:
        reading += " What gives a certificate costs nothing until the certificate is used."
    if any(one.reward.benefit for one in forecast.rewards):
        reading += " How many take up a benefit is an assumption of the population."
    header = (
        "Reward or benefit", "Uses", "Money off", "Units given", "Units taken", "Cost", "Share of cost",
        "Take-up", "Where",
    )  # fmt: skip
    return Panel(
        name="rewards",
        kind="rewards",
        title=rewards_title(forecast),
        reading=reading,
        chart=bars_chart(bars, "out"),
        table=Table(header, rows, "nnnnnntw"),
    )


def _reward_row(one: RewardForecast, forecast: Forecast) -> tuple[str, ...]:
    money, reward = forecast.program.money, one.reward
    share = cost_share(one, forecast)
    given = given_by(reward)
    cost = "when used" if given is not None else "unknown"
    return (
        reward.label,
        _uses(one),
        money_text(sum(one.off), money),
        "" if given is None else units_text(forecast.currency(given), sum(one.given), money),
        "" if reward.benefit else _taken(one, forecast),
        cost if one.cost is None else money_text(sum(one.cost), money),
        "" if share is None else percent_text(share),
        take_up_text(one, forecast),
        str(reward.span),
    )


def _uses(one: RewardForecast) -> str:
    if one.times is not None:
        return f"{sum(one.times):,}"
    return "by the unit" if one.reward.exchange else "as money"


def _taken(one: RewardForecast, forecast: Forecast) -> str:
    currency = forecast.currency(one.reward.currency)
    return f"{MINUS}{amount_text(currency, one.units, forecast.program.money)} {one_line(currency.noun)}"


def take_up_text(one: RewardForecast, forecast: Forecast) -> str:
    """How many take up a benefit, as the population says: `70%`, or `50% to 90%` over segments."""
    if not one.reward.benefit or one.reward.fee:
        return ""
    shares = [
        next((take.share for take in segment.take_ups if take.reward == one.reward.index), 1)
        for segment in forecast.population.segments
    ]
    low, high = min(shares), max(shares)
    told = percent_text(low, 0) if low == high else f"{percent_text(low, 0)} to {percent_text(high, 0)}"
    return f"{told} (assumed)"
