"""The titles of an appraisal's sections, computed from the figures that they stand over."""

from loyalty_dsl.forecast.appraisal import CurrencyAppraisal
from loyalty_dsl.forecast.appraising import Appraisal
from loyalty_dsl.forecast.deferring import current_of
from loyalty_dsl.report.appraisal_wording import error_of, whose
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import day_text, money_text, noise_text, one_line, percent_text
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.sanity import BANDS, Band

TERMS = ("volume", "experience", "assumptions", "cost_per_point")
TERM_NAMES = {
    "volume": "what was issued less what was redeemed",
    "experience": "members who acted otherwise than expected",
    "assumptions": "other rates by age of lot",
    "cost_per_point": "another cost of a point",
}
NAMED = {"chain_ladder": "the chain ladder", "hazard": "the hazards by lot age"}
"""Estimators within a sentence, where that is not their label."""
NEARLY_ALL = 0.999


def bases_title(appraisal: Appraisal) -> str:
    """How much less is owed where earning stops."""
    going, ended, money = appraisal.going_concern, appraisal.run_off, appraisal.forecast.program.money
    assert going is not None and ended is not None
    if not going[0]:
        return "Nothing is owed, whether members go on earning or not"
    doubt = noise_text(ended[1], ended[0], money)
    return (
        f"If nobody earned after {day_text(appraisal.day)}, {money_text(ended[0], money)} ({doubt}) would be "
        f"owed: {percent_text(ended[0] / going[0], 0)} of the going concern's {money_text(going[0], money)}"
    )


def estimators_title(each: CurrencyAppraisal, appraisal: Appraisal) -> str:
    """How far the quoted estimator is off the simulated truth."""
    assert each.found is not None
    found, error = each.found.headline, error_of(each.found.headline, each)
    label = NAMED.get(found.id, found.label)
    about = whose(each.one, appraisal)
    if error is None:
        return f"Nothing{about} is redeemed after {day_text(appraisal.day)}"
    if round(abs(error), 3) == 0:
        return f"From the reported months alone, {label} would give what members go on to redeem{about}"
    side = "less" if error < 0 else "more"
    share = percent_text(abs(error))
    return f"From the reported months alone, {label} would give {share} {side}{about} than members redeem"


def lots_title(each: CurrencyAppraisal, appraisal: Appraisal) -> str:
    """In how young lots most of what will be redeemed lies."""
    about = whose(each.one, appraisal)
    if not each.future:
        return f"None{about} of what is held on {day_text(appraisal.day)} will be redeemed"
    so_far = age = 0
    for row in reversed(each.lots):
        so_far += row.future
        age = row.age
        if 2 * so_far >= each.future:
            break
    share = percent_text(so_far / each.future, 0)
    young = "the last month's issue" if not age else f"lots of at most {counted(age, 'month')}"
    return f"{share} of what will be redeemed{about} lies in {young}"


def bridge_title(each: CurrencyAppraisal, appraisal: Appraisal) -> str:
    """How the liability moved, and what moved it most."""
    assert each.moved is not None and each.moved_from is not None
    moved, money = each.moved, appraisal.forecast.program.money
    change = moved.closing - moved.opening
    about = whose(each.one, appraisal)
    span = counted(each.month - each.moved_from, "month")
    if not change:
        return f"The liability{about} is the same as {span} before"
    noise = each.one.liability_noise
    within = noise is not None and abs(change) <= noise[each.month] + noise[each.moved_from]
    rose = "rose" if change > 0 else "fell"
    most = largest_term(moved)
    step = f"the largest step is {money_text(getattr(moved, most), money)} for {TERM_NAMES[most]}"
    if within:
        return f"The liability{about} is about the same as {span} before, within noise; {step}"
    return f"The liability{about} {rose} by {money_text(abs(change), money)} in {span}; {step}"


def largest_term(moved: Bridge) -> str:
    """The term that moved the liability furthest, either way."""
    return max(TERMS, key=lambda term: abs(getattr(moved, term)))


def deferred_title(each: CurrencyAppraisal, appraisal: Appraisal) -> str:
    """The deferred balance and its current part."""
    assert each.roll is not None
    money, about = appraisal.forecast.program.money, whose(each.one, appraisal)
    roll, (soon, _) = each.roll, current_of(each.roll)
    nearly_all = soon >= NEARLY_ALL * roll.closing
    part = "all of it" if nearly_all else f"{money_text(soon, money)} of it"
    closing = money_text(roll.closing, money)
    return f"{closing}{about} is deferred or accrued on {day_text(appraisal.day)}, {part} current"


def layers_title(appraisal: Appraisal) -> str:
    """Which known layer is the widest, and that some are not known."""
    known = [layer for layer in appraisal.layers if layer.half_width is not None]
    widest = max(known, key=lambda layer: layer.half_width or 0)
    money = appraisal.forecast.program.money
    width = money_text(widest.half_width or 0, money)
    label = f"{widest.label[:1].lower()}{widest.label[1:]}"
    unknown = len(appraisal.layers) - len(known)
    rest = f"; {counted(unknown, 'layer')} not known" if unknown else ""
    return f"The widest known layer of doubt is {label}, ±{width}{rest}"


def bands_title(appraisal: Appraisal) -> str:
    """Which kinds of programs have shown such rates."""
    each = appraisal.currencies[0]
    urr = each.one.fate.urr
    assert urr is not None
    whole = percent_text(urr)
    noun = one_line(each.one.noun)
    if appraisal.kind is not None:
        band = next(band for band in BANDS if band.kind == appraisal.kind)
        where = "within" if holds(band, float(urr)) else "outside"
        return f"A URR of {whole} for {noun} is {where} what {band.label} have shown"
    alike = [band.label for band in BANDS if holds(band, float(urr))]
    if not alike:
        return f"A URR of {whole} for {noun} is outside what any kind of program has shown"
    return f"A URR of {whole} for {noun} is within what {' or '.join(alike)} have shown"


def holds(band: Band, urr: float) -> bool:
    """Whether a rate is within a band."""
    return band.low <= urr <= band.high
