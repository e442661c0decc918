"""A ledger's valuation and backtest as JSON: `loyalty.liability/1` and `loyalty.backtest/1`.

Invariant: units and money are in display units, and every roll-forward and bridge ties to the cent.
"""

from fractions import Fraction
from typing import Any

from loyalty_dsl.calendar import date_of, format_day, month_start
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.valuation_ledger_figures import BacktestFigures, LiabilityFigures
from loyalty_dsl.valuation.backtests import PastValuation
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.cautions import GOING_CONCERN, cautions_of
from loyalty_dsl.valuation.estimates import LEVEL
from loyalty_dsl.valuation.ledger_run_off import says
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation
from loyalty_dsl.valuation.rollforward import RollForward

LIABILITY, BACKTEST = "loyalty.liability/1", "loyalty.backtest/1"


def liability_json(figures: LiabilityFigures) -> str:
    """The valuation as one JSON document that ends in a newline."""
    valued = figures.valued
    document = {
        "format": LIABILITY,
        "program": valued.program.name,
        "at": format_day(valued.at),
        "money": figures.money,
        "basis": "going concern",
        "basis_says": GOING_CONCERN,
        "too_young": valued.young,
        "run_off_liability": _money(valued.run_off_liability, figures.money),
        "method": figures.method,
        "liability": _money(valued.liability, figures.money),
        "before": None if figures.before is None else format_day(figures.before.at),
        "currencies": {one.currency.name: _currency(one, figures) for one in valued.currencies},
        "inputs": dict(figures.inputs),
        "command": figures.command,
        "version": figures.version,
    }
    return json_text(document)


def _currency(one: CurrencyValuation, figures: LiabilityFigures) -> dict[str, Any]:
    money, scale = figures.money, one.currency.scale
    found, triangle = one.found, one.triangle
    cost = None if one.cost is None else float(one.cost * scale / 10 ** MINOR_DIGITS[money])
    moved = figures.bridge_of(one)
    return {
        "issued": display_number(sum(triangle.issued), scale),
        "redeemed": display_number(sum(map(sum, triangle.redeemed)), scale),
        "lost": display_number(sum(map(sum, triangle.lost)), scale),
        **_between_members(one),
        "outstanding": display_number(one.held, scale),
        "owed_by_members": display_number(one.debt, scale),
        "cost_per_unit": cost,
        "urr": float(one.urr),
        "phi": float(one.phi),
        "future": float(one.total_future / scale),
        "liability": _money(one.liability, money),
        "current": _money(one.current, money),
        "per_point_of_urr": _money(one.per_point_of_urr, money),
        "too_young": one.young,
        "bases": _bases(one, figures),
        "headline": None if found is None else found.headline.id,
        "why": "it is too early to estimate: all that is held is taken" if found is None else found.why,
        "band": _band(one, scale),
        "methods": {}
        if found is None
        else {
            each.id: {
                "future": each.total_future / scale,
                "urr": each.urr,
                "phi": each.phi,
                "interval_90": _interval(each.interval(LEVEL), scale),
                "interval_says": each.error_says or None,
            }
            for each in found.methods
        },
        "segments": [
            {
                "by": mix.by,
                "future": float(mix.future / scale),
                "pooled": float(mix.pooled / scale),
                "segments": [
                    {
                        "name": each.name,
                        "members": each.members,
                        "outstanding": display_number(each.held, scale),
                        "future": float(each.future / scale),
                        "own": each.own,
                    }
                    for each in mix.segments
                ],
            }
            for mix in one.mixes
        ],
        "warnings": []
        if found is None
        else [{"id": caution.id, "message": caution.message} for caution in cautions_of(found)],
        "vintages": [
            {
                "issued_in": triangle.periods.name_of(row),
                "issued": display_number(triangle.issued[row], scale),
                "redeemed": display_number(sum(triangle.redeemed[row]), scale),
                "lost": display_number(sum(triangle.lost[row]), scale),
                "outstanding": display_number(triangle.held[row], scale),
                "future": float(one.future[row] / scale),
            }
            for row in range(len(triangle.issued))
        ],
        "ages": [
            {
                "age": band.age,
                "outstanding": display_number(band.held, scale),
                "future": float(band.future / scale),
                "phi": float(band.future / band.held) if band.held else None,
            }
            for band in one.ages
        ],
        "bridge": None if moved is None else _bridge(moved, money),
        "roll_forward": None if one.roll is None else _roll(one.roll, money),
        "no_roll_forward": one.why_no_roll or None,
    }


def _between_members(one: CurrencyValuation) -> dict[str, Any]:
    """What members sent each other; nothing where they sent nothing."""
    if not (one.sent or one.received):
        return {}
    scale = one.currency.scale
    return {"sent": display_number(one.sent, scale), "received": display_number(one.received, scale)}


def _bases(one: CurrencyValuation, figures: LiabilityFigures) -> dict[str, Any] | None:
    """Both bases side by side; nothing where the ledger is too young or the run-off was not asked for."""
    if one.young or one.run_off is None:
        return None
    run_off, scale = one.run_off, one.currency.scale
    rows = []
    for future, owed in (
        (one.total_future, one.liability),
        (one.run_off_future, one.run_off_liability),
    ):
        rows.append(
            {
                "future": None if future is None else float(future / scale),
                "phi": None if future is None or not one.held else float(future / one.held),
                "liability": _money(owed, figures.money),
            }
        )
    return {
        "going_concern": {**rows[0], "says": GOING_CONCERN},
        "run_off": {
            **rows[1],
            "says": says(run_off),
            "share_of_going_concern": None if run_off.share is None else float(run_off.share),
            "measured_on": [format_day(day) for day in run_off.days],
            "in_balances_that_cover_a_reward": display_number(run_off.covered, scale),
        },
    }


def _band(one: CurrencyValuation, scale: int) -> dict[str, Any] | None:
    band = one.band
    if band is None:
        return None
    return {
        "level": band.level,
        "low": band.low / scale,
        "high": band.high / scale,
        "estimator": band.estimator,
        "past_valuations": band.missed,
        "common_year": band.common_year,
        "valuations": band.valuations,
    }


def _bridge(moved: Bridge, money: str) -> dict[str, Any]:
    terms = ("opening", "volume", "experience", "assumptions", "cost_per_point", "closing")
    return {term: _money(getattr(moved, term), money) for term in terms}


def _roll(roll: RollForward, money: str) -> dict[str, Any]:
    flows = ("opening", "deferred", "recognised", "catch_up", "breakage", "closing")
    return {
        "rows": [
            {
                "month": date_of(month_start(row.month)).isoformat()[:7],
                "class": row.accounting.value,
                "sales": _money(row.sales, money),
                **{flow: _money(getattr(row, flow), money) for flow in flows},
            }
            for row in roll.rows
        ],
        "closing": {one.value: _money(roll.closing_of(one), money) for one in roll.classes},
        "current": {one.value: _money(part, money) for one, part in roll.current.items()},
        "non_current": {
            one.value: _money(roll.closing_of(one) - part, money) for one, part in roll.current.items()
        },
    }


def backtest_json(figures: BacktestFigures) -> str:
    """The backtest as one JSON document that ends in a newline."""
    document = {
        "format": BACKTEST,
        "program": figures.program,
        "as_of": format_day(figures.as_of),
        "money": figures.money,
        "valuations": [_past(past, figures.money) for past in figures.past],
        "inputs": dict(figures.inputs),
        "command": figures.command,
        "version": figures.version,
    }
    return json_text(document)


def _past(past: PastValuation, money: str) -> dict[str, Any]:
    one = past.valued
    scale = one.currency.scale
    assert one.found is not None
    share = past.off_share
    return {
        "at": format_day(past.at),
        "currency": one.currency.name,
        "method": one.found.headline.id,
        "outstanding": display_number(one.held, scale),
        "liability": _money(one.liability, money),
        "expected_by_end": float(past.expected / scale),
        "happened": display_number(past.happened, scale),
        "still_open": display_number(past.open, scale),
        "off": float(past.off / scale),
        "off_share": None if share is None else float(share),
        "off_money": _money(past.off_money, money),
        "off_points_of_urr": float(past.points_of_urr),
        "per_point_of_urr": _money(one.per_point_of_urr, money),
    }


def _interval(bounds: tuple[float, float] | None, scale: int) -> list[float] | None:
    return None if bounds is None else [bound / scale for bound in bounds]


def _money(minor: int | Fraction | None, money: str) -> float | None:
    return None if minor is None else float(Fraction(minor) / 10 ** MINOR_DIGITS[money])
