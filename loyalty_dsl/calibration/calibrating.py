"""A history to a calibration: everything that `loyalty fit` finds, in one form.

Invariant: the end of calibration is the end of what any fit has seen, and the holdout is forecast from a fit
that was chosen without it: of what comes after the calibration or, where nothing does, of its last quarter.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import format_day
from loyalty_dsl.calibration import backtest
from loyalty_dsl.calibration.backtest import WEEK, Conditional, Weeks
from loyalty_dsl.calibration.customers import (
    DAYS_OF,
    Customers,
    PurchaseDays,
    purchase_days,
    summarise,
)
from loyalty_dsl.calibration.facts import Fact, check_facts
from loyalty_dsl.calibration.field_frequencies import Described, count_fields
from loyalty_dsl.calibration.maximising import Maximum
from loyalty_dsl.calibration.member_scores import basket_scores, rate_scores
from loyalty_dsl.calibration.models import Fit, Form, Leaving, fit, repeat_frequencies
from loyalty_dsl.calibration.offers import Offers, offers_of, told_of_redemptions
from loyalty_dsl.calibration.redeeming import BASKET, PURCHASES, Redemption, fit_redemption
from loyalty_dsl.calibration.seasons import Multiplier, month_multipliers, weekday_multipliers
from loyalty_dsl.calibration.selection import Choice, choose
from loyalty_dsl.calibration.spending import (
    LognormalSpend,
    fit_gamma_gamma,
    fit_lognormal,
    mean_spends,
)
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.refusals import InputRefused

FEWEST_JOINERS = 100
LATE_JOINERS = 50
JOINERS_SHARE = 0.1
MONTH_DAYS = 365.25 / 12


@attrs.frozen(eq=False)
class Cohorts:
    """Members who were there when the data begins, and those who joined while it was gathered.

    Attributes:
        since: the first day on which somebody who comes is one who joins.
        incumbents, joiners: the chosen form, fitted to each.
        customers: those of the incumbents and joiners, in this order.
        joins_per_month: first purchases in a month, since that day.
    """

    since: int
    incumbents: Fit
    joiners: Fit
    customers: tuple[Customers, Customers]
    joins_per_month: float


@attrs.frozen(eq=False)
class Calibration:
    """What was found in a history.

    Attributes:
        program: the one that it was read under.
        unit: of time, `day` or `week`.
        first_day, until: the calibration.
        days: all purchase days, also after it.
        customers: of all members known by the end of calibration, in the days' order.
        choice: the fits to all of them.
        literature: the models of the literature by their usual names.
        gamma_gamma: of mean spends, `None` where too few members bought again.
        spend: lognormal, of purchase days.
        holdout: weeks that the fit named in it has not seen; `None` where the data is too short.
        rolling: forecasts from earlier origins.
        tracking: weeks of the calibration, as expected of new members.
        conditional: by repeats before the holdout.
        histogram: [classes] members by repeat purchases, and as expected.
        facts: what was not fitted, of the data and of draws.
        weekdays, months: multipliers; empty where the data is too short.
        fields: frequencies of what the program declares.
        redemption: how members choose rewards; `None` where the data has too few redemptions, or the rewards
            ask for more than a balance.
        cohorts: `None` where nobody is seen to join.
        notices: what a reader should know, in words.
    """

    program: Program
    unit: str
    first_day: int
    until: int
    days: PurchaseDays
    customers: Customers
    choice: Choice
    literature: dict[str, Fit]
    gamma_gamma: Maximum | None
    spend: LognormalSpend | None
    holdout: Weeks | None
    rolling: tuple[Weeks, ...]
    tracking: Weeks
    conditional: tuple[Conditional, ...]
    histogram: tuple[NDArray[np.int64], NDArray[np.float64]]
    facts: tuple[Fact, ...]
    weekdays: dict[str, Multiplier]
    months: dict[str, Multiplier]
    fields: Described
    redemption: Redemption | None
    cohorts: Cohorts | None
    notices: tuple[str, ...]

    @property
    def unit_days(self) -> int:
        """Days in a unit of time."""
        return DAYS_OF[self.unit]


def calibrate(
    program: Program, history: History, *, unit: str = "week", until: int | None = None, seed: int = 1
) -> Calibration:
    """Fits everything.

    Args:
        program: declares the fields that are counted, and the money.
        history: of any events, of which purchases are fitted.
        unit: `day` or `week`.
        until: the last day of calibration; that of the last event, by default.
        seed: of the draws that facts are taken of.

    Raises:
        InputRefused: there are too few purchases or members.
    """
    days, unit_days = purchase_days(history), DAYS_OF[unit]
    if not len(days.day):
        raise InputRefused(
            "the file has no purchases to fit",
            "give the purchases of the members too: how often and for how much they buy is fitted to them",
        )
    last = days.last_day if until is None else until
    _verify_until(days, last)
    customers = summarise(days, last, unit_days)
    choice = choose(customers)
    seen = days.until(last)
    spend = fit_lognormal(seen.member, seen.spend)
    holdout, conditional, before = _holdout(choice.chosen, days, last, unit_days)
    origin = last if holdout is None else holdout.origin
    ages, place = np.unique(customers.age, return_inverse=True)
    weight = np.bincount(place, customers.weight)
    months = month_multipliers(choice.chosen, days, last, unit_days)
    offers = offers_of(program, history, last)
    cohorts = _cohorts(choice.chosen, seen, customers, last, unit_days)
    return Calibration(
        program=program,
        unit=unit,
        first_day=days.first_day,
        until=last,
        days=days,
        customers=customers,
        choice=choice,
        literature=_literature(choice, customers),
        gamma_gamma=fit_gamma_gamma(mean_spends(days, last, 10 ** MINOR_DIGITS[program.money])),
        spend=spend,
        holdout=holdout,
        rolling=backtest.rolling(before, days, origin, unit_days),
        tracking=backtest.tracking(choice.chosen, days, last, unit_days),
        conditional=conditional,
        histogram=(
            backtest.alike(customers),
            weight @ repeat_frequencies(choice.chosen, ages, backtest.MOST_SHOWN),
        ),
        facts=check_facts(choice.chosen, spend, days, last, unit_days=unit_days, seed=seed),
        weekdays=dict(weekday_multipliers(days, last)),
        months=dict(months),
        fields=count_fields(program, history, last),
        redemption=None
        if offers is None
        else _redemption(offers, history, seen, choice.chosen, customers, spend),
        cohorts=cohorts,
        notices=(
            *_notices(days=days, seen=seen, last=last, spend=spend, holdout=holdout, season=bool(months)),
            *told_of_redemptions(program, history, last, offers),
        ),
    )


def _redemption(  # noqa: PLR0917
    offers: Offers,
    history: History,
    seen: PurchaseDays,
    chosen: Fit,
    customers: Customers,
    spend: LognormalSpend | None,
) -> Redemption:
    """How members redeem, and what that goes with."""
    member = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    known = np.unique(member[(history.kind == PURCHASE) & (history.day <= seen.last_day)])
    those = np.searchsorted(known, np.unique(offers.member))
    scores = {PURCHASES: rate_scores(chosen, customers).of(those)}
    baskets = None if spend is None else basket_scores(seen, spend)
    if baskets is not None:
        scores[BASKET] = baskets.of(those)
    return fit_redemption(offers, scores)


def _verify_until(days: PurchaseDays, until: int) -> None:
    if until < days.first_day + backtest.FEWEST_WEEKS * WEEK:
        first = format_day(days.first_day)
        raise InputRefused(
            f"the calibration would end on {format_day(until)}, and purchases begin on {first}",
            f"it needs {backtest.FEWEST_WEEKS} weeks of purchases at least",
        )
    if until > days.last_day:
        raise InputRefused(
            f"the calibration would end on {format_day(until)}, after the last event of the file on "
            f"{format_day(days.last_day)}",
            "name a day that the file reaches with --until",
        )


def _literature(choice: Choice, customers: Customers) -> dict[str, Fit]:
    """The models by the names that the literature gives them, with k = 1 but for the one named after it."""
    plain = choice.candidates[1]
    pareto = plain if choice.k == 1 else fit(Form(Leaving.ANY_TIME), customers)
    return {
        "bg_nbd": fit(Form(Leaving.AFTER_REPEATS), customers),
        "mbg_nbd": choice.by_regularity[0],
        "mbg_cnbd_k": choice.candidates[0],
        "pareto_nbd": pareto,
    }


def _holdout(
    chosen: Fit, days: PurchaseDays, last: int, unit_days: int
) -> tuple[Weeks | None, tuple[Conditional, ...], Fit]:
    """The weeks after the calibration or else its last quarter, from a fit that has not seen them."""
    if days.last_day - last >= WEEK:
        end = last + WEEK * ((days.last_day - last) // WEEK)
        found = backtest.forecast_weeks(chosen, days, last, end, unit_days, inside=False)
        return found, backtest.by_repeats(chosen, days, last, end, unit_days), chosen
    origin = backtest.hidden_origin(days.first_day, last)
    if origin < days.first_day + 2 * backtest.FEWEST_WEEKS * WEEK:
        return None, (), chosen
    try:
        before = choose(summarise(days, origin, unit_days)).chosen
    except InputRefused:
        return None, (), chosen
    found = backtest.forecast_weeks(before, days, origin, last, unit_days, inside=False)
    return found, backtest.by_repeats(before, days, origin, last, unit_days), before


def _cohorts(
    chosen: Fit, seen: PurchaseDays, customers: Customers, last: int, unit_days: int
) -> Cohorts | None:
    """Members who first came after the first quarter, and at least four weeks, are taken for joiners, where
    enough of them came, and some of those in the second half."""
    first_days = seen.first_days()
    span = last - seen.first_day + 1
    since = seen.first_day + max(backtest.FEWEST_WEEKS * WEEK, span // 4)
    late = first_days >= since
    enough = late.sum() >= max(FEWEST_JOINERS, JOINERS_SHARE * seen.members)
    if not enough or (first_days >= seen.first_day + span // 2).sum() < LATE_JOINERS:
        return None
    parts = tuple(
        Customers(*(getattr(customers, field.name)[part] for field in attrs.fields(Customers)))
        for part in (~late, late)
    )
    if any((part.repeats > 0).sum() < LATE_JOINERS for part in parts):
        return None
    return Cohorts(
        since,
        fit(chosen.form, parts[0], chosen),
        fit(chosen.form, parts[1], chosen),
        (parts[0], parts[1]),
        float(late.sum() / ((last - since + 1) / MONTH_DAYS)),
    )


def _notices(
    *,
    days: PurchaseDays,
    seen: PurchaseDays,
    last: int,
    spend: LognormalSpend | None,
    holdout: Weeks | None,
    season: bool,
) -> tuple[str, ...]:
    found = []
    per_day = float(seen.baskets.mean())
    if per_day > 1.02:
        found.append(
            f"Purchases of a member on one day are one: there were {per_day:.2f} baskets on such a day, and "
            "the basket is what the day came to."
        )
    free = int((seen.spend == 0).sum())
    if free:
        found.append(f"{free:,} purchase days of nothing are counted as visits and left out of the spend.")
    if not season:
        told = f"{last - days.first_day + 1:,} days of data cannot tell one from growth; it takes a year."
        found.append(f"No season: {told}")
    if holdout is None:
        found.append("No backtest: the data is too short to hide a part of it.")
    elif holdout.error is not None and abs(holdout.error) > 0.1:
        found.append(
            f"The forecast missed the weeks that it had not seen by {holdout.error:+.1%}: do not trust "
            "totals to less than that."
        )
    if spend is None:
        found.append("No spend: too few purchases had an amount.")
    return tuple(found)
