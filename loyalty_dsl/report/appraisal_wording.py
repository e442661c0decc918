"""What an appraisal says in sentences: both bases side by side, and what could be otherwise.

Invariant: every figure is computed from the appraisal, and a basis is named beside every liability.
"""

from fractions import Fraction

from loyalty_dsl.forecast.appraisal import CurrencyAppraisal
from loyalty_dsl.forecast.appraising import Appraisal, Basis
from loyalty_dsl.forecast.figures import CurrencyForecast
from loyalty_dsl.report.headlines import GOING_CONCERN, headline
from loyalty_dsl.report.wording import (
    amount_text,
    day_text,
    money_text,
    noise_text,
    one_line,
    percent_text,
    units_text,
)
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.estimates import Estimate

RUN_OFF = "Run-off: nobody earns after the valuation; members go on and use what they hold."
"""The other basis, in words."""

BY_MONTH = "Figures by month are of the going concern."


def basis_text(appraisal: Appraisal) -> str:
    """The basis of the quoted liability."""
    return f"{RUN_OFF} {BY_MONTH}" if appraisal.basis is Basis.RUN_OFF else GOING_CONCERN


def quoted_headline(appraisal: Appraisal) -> str:
    """The answer in a sentence, on the basis and for the day that were asked for."""
    forecast, money = appraisal.forecast, appraisal.forecast.program.money
    last = appraisal.month == len(forecast.months) - 1
    if appraisal.quoted is None or (last and appraisal.basis is Basis.GOING_CONCERN):
        return headline(forecast)
    liability, noise = appraisal.quoted
    parts = []
    for each in appraisal.currencies:
        held = each.one.total[appraisal.month].outstanding
        future = each.one.future_redemptions[appraisal.month]
        if appraisal.basis is Basis.RUN_OFF and each.run_off is not None:
            future = each.run_off.future
        share = min(Fraction(future, held), Fraction(1)) if held > 0 else Fraction(0)
        text = f"{units_text(each.one, held, money)} outstanding, of which {percent_text(share)}"
        parts.append(f"{text} will be redeemed")
    if_ended = " if earning stops then" if appraisal.basis is Basis.RUN_OFF else ""
    doubt = noise_text(noise, liability, money)
    return (
        f"On {day_text(appraisal.day)} {one_line(forecast.program.label)} is forecast to owe "
        f"{money_text(liability, money)} ({doubt} simulation noise){if_ended}, for {'; '.join(parts)}."
    )


def bases_text(appraisal: Appraisal) -> str:
    """Going concern and run-off beside each other; empty where neither is known."""
    going, ended, money = appraisal.going_concern, appraisal.run_off, appraisal.forecast.program.money
    if going is None or ended is None:
        return ""
    least = "at least " if any(each.one.fate.is_open for each in appraisal.currencies) else ""
    doubt = noise_text(ended[1], ended[0], money)
    text = (
        f"On {day_text(appraisal.day)}: going concern {least}{money_text(going[0], money)}; run-off, if "
        f"nobody earned after it, {least}{money_text(ended[0], money)} ({doubt}{_by_whom(appraisal)})"
    )
    parts = [each.current for each in appraisal.currencies if each.current is not None]
    if len(parts) < len(appraisal.currencies):
        return f"{text}."
    return f"{text}. Of the going concern, {money_text(sum(parts), money)} is used within a year."


def _by_whom(appraisal: Appraisal) -> str:
    """Whose lives the run-off is by, where that is not everybody: a figure for all of them will differ."""
    lived = min(each.run_off.members for each in appraisal.currencies if each.run_off is not None)
    if lived >= appraisal.forecast.sample:
        return ""
    return f", by {lived:,} of the members; --basis run-off takes all"


def layers_text(appraisal: Appraisal) -> str:
    """What the noise leaves out, in one sentence; empty where no liability is known."""
    layers = {layer.id: layer for layer in appraisal.layers}
    if not layers:
        return ""
    money = appraisal.forecast.program.money
    if appraisal.forecast.population.fitted is None:
        said = ["how far the population is from real customers (it was never calibrated)"]
    else:
        said = []
        for name, what in (("parameters", "the parameters of the fit"), ("model", "the model itself")):
            width = layers[name].half_width
            said.append(f"{what}, {'not known' if width is None else f'±{money_text(width, money)}'}")
    year, cost = layers["common_year"].half_width or 0, layers["assumptions"].half_width
    said.append(f"a bad year for all members, ±{money_text(year, money)} by judgement")
    if cost is not None:
        said.append(f"a tenth of the assumed cost that matters most, ±{money_text(cost, money)}")
    return f"Not in ±: {'; '.join(said)}."


def estimator_text(each: CurrencyAppraisal) -> str:
    """How far off the quoted estimator is that sees the reported months alone; empty without one."""
    if each.found is None or not each.future:
        return ""
    error = error_of(each.found.headline, each)
    label = each.found.headline.label.lower()
    if error is None:
        return ""
    side = "less" if error < 0 else "more"
    return (
        f"An estimate from the reported months alone ({label}) has {percent_text(abs(error))} {side} than "
        "members go on to redeem."
    )


def error_of(method: Estimate, each: CurrencyAppraisal) -> float | None:
    """How far a method is off what the simulation redeems, as a share of it; `None` of nothing."""
    return (method.total_future - each.future) / each.future if each.future else None


def scaled_text(each: CurrencyAppraisal, units: float, money: str) -> str:
    """Units of the simulated members as amounts of the business."""
    return amount_text(each.one, round(units * float(each.weight)), money)


def dot_text(each: CurrencyAppraisal, units: float, money: str) -> str:
    """As `scaled_text`, and of thousands without a part of a unit, which a chart has no room for."""
    text = scaled_text(each, units, money)
    thousands = units * float(each.weight) >= 1000 * each.one.currency.scale
    return text.partition(".")[0] if thousands and not each.one.currency.in_money else text


def class_text(accounting: AccountingClass) -> str:
    """A class at the beginning of a sentence: `Sold to partner`."""
    return accounting.value.capitalize()


def whose(one: CurrencyForecast, appraisal: Appraisal) -> str:
    """` of points`, where there are several currencies."""
    return f" of {one_line(one.noun)}" if len(appraisal.currencies) > 1 else ""
