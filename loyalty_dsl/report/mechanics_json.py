"""The parts of a forecast's JSON on levels, vintages, rules, limits and rewards; see `simulation_json`."""

from typing import Any

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, RewardForecast, given_by
from loyalty_dsl.forecast.reach import LimitForecast
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.forecast.status import LadderForecast, NearMissForecast
from loyalty_dsl.forecast.triangles import Vintage
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.report.findings import cost_share

Json = dict[str, Any]

SHARE_DIGITS = 8


def mechanics_document(forecast: Forecast) -> Json:
    """Ladders, rules, limits and rewards."""
    return {
        "ladders": [_ladder(one, forecast) for one in forecast.ladders],
        "rules": [
            {
                "name": one.rule.name,
                "label": one.rule.label,
                "currency": forecast.currency(one.rule.currency).currency.name,
                "units": _units(forecast.currency(one.rule.currency), one.units),
                "times": one.times,
                "members": one.members,
                "share_of_members": _share_of_members(one.members, forecast),
                "at": str(one.rule.span),
            }
            for one in forecast.rules
        ],
        "limits": [_limit(one, forecast) for one in forecast.limits],
        "rewards": [_reward(one, forecast) for one in forecast.rewards],
    }


def vintages_document(one: CurrencyForecast, forecast: Forecast) -> list[Json]:
    """What has become of what was issued, by months of issue, on the last reported day."""
    return [
        _issue_months(vintage, forecast)
        | {
            fate: _units(one, scaled(getattr(vintage, fate), forecast.weight))
            for fate in ("issued", "redeemed", "expired", "reversed", "outstanding")
        }
        for vintage in one.triangle.vintages()
    ]


def _issue_months(vintage: Vintage, forecast: Forecast) -> Json:
    """From which month to which; `held_at_start` where what counts as issued is what was held then."""
    if vintage.days is None:
        first, last = forecast.months[vintage.first], forecast.months[vintage.end - 1]
        return {"from_month": first.label, "to_month": last.label}
    start, end = (date_of(day).isoformat()[:7] for day in (vintage.days[0], vintage.days[1] - 1))
    return {"from_month": start, "to_month": end, "held_at_start": True}


def _ladder(one: LadderForecast, forecast: Forecast) -> Json:
    names = [level.name for level in one.ladder.levels]
    whole = sum(level[-1] for level in one.held)
    levels = range(len(names))
    return {
        "name": one.ladder.name,
        "levels": [
            {
                "name": level.name,
                "label": level.label,
                "members": held[-1],
                "share": round(held[-1] / whole, SHARE_DIGITS) if whole else 0,
            }
            for level, held in zip(one.ladder.levels, one.held, strict=True)
        ],
        "monthly": [
            {
                "month": month.label,
                "members": {name: one.held[i][m] for i, name in enumerate(names)},
                "moves": [
                    {"from": names[i], "to": names[j], "members": one.moves[i][j][m]}
                    for i in levels
                    for j in levels
                    if one.moves[i][j][m]
                ],
            }
            for m, month in enumerate(forecast.months)
        ],
        "moves": [
            {
                "from": names[i],
                "to": names[j],
                "members": one.moved(i, j),
                "per_member_year": None if rate is None else round(float(rate), SHARE_DIGITS),
            }
            for i in levels
            for j, rate in enumerate(one.yearly[i])
            if i != j
        ],
        "near_misses": [
            _near_miss(miss, day, forecast) for miss in one.near_misses for day in range(len(miss.days))
        ],
    }


def _near_miss(miss: NearMissForecast, at: int, forecast: Forecast) -> Json:
    day = miss.days[at]
    scale = 1
    if miss.kind is Kind.MONEY:
        scale = 10 ** MINOR_DIGITS[forecast.program.money]
    elif miss.kind is Kind.UNITS:
        scale = forecast.currency(miss.currency).currency.scale
    return {
        "level": miss.level.name,
        "counter": miss.what,
        "needed": round(float(miss.needed / scale), SHARE_DIGITS),
        "date": format_day(day.day),
        "below": day.below,
        "just_short": day.near,
        "met": day.met,
    }


def _limit(one: LimitForecast, forecast: Forecast) -> Json:
    return {
        "of": one.owner,
        "limit": " ".join(one.limit.span.text.split()),
        "members": one.members,
        "share_of_members": _share_of_members(one.members, forecast),
        "cuts": one.cuts,
        "never_bound": one.never_bound,
        "at": str(one.limit.span),
    }


def _reward(one: RewardForecast, forecast: Forecast) -> Json:
    reward, target = one.reward, given_by(one.reward)
    money = 10 ** MINOR_DIGITS[forecast.program.money]
    paid = None if reward.benefit else forecast.currency(reward.currency)
    gives = None if target is None else forecast.currency(target)
    share = cost_share(one, forecast)
    take_up = {
        segment.name: float(next((take.share for take in segment.take_ups if take.reward == reward.index), 1))
        for segment in forecast.population.segments
    }
    return {
        "name": reward.name,
        "label": reward.label,
        "benefit": reward.benefit,
        "currency": None if paid is None else paid.currency.name,
        "units": None if paid is None else _units(paid, one.units),
        "uses": None if one.times is None else sum(one.times),
        "off": display_number(sum(one.off), money),
        "paid": display_number(sum(one.paid), money),
        "gives": None if gives is None else gives.currency.name,
        "given": None if gives is None else _units(gives, sum(one.given)),
        "cost": None if one.cost is None else display_number(sum(one.cost), money),
        "share_of_cost": None if share is None else round(share, SHARE_DIGITS),
        "take_up": take_up if reward.benefit else None,
        "members": one.members,
        "at": str(reward.span),
    }


def _share_of_members(members: int, forecast: Forecast) -> float | None:
    enrolled = forecast.members[-1].enrolled
    return None if not enrolled else round(min(1.0, members / enrolled), SHARE_DIGITS)


def _units(one: CurrencyForecast, units: int) -> int | float:
    return display_number(units, one.currency.scale)
