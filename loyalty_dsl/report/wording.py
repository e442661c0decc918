"""Figures as people read them: thousands separated, units said, nothing unprintable.

Invariant: `one_line` stands between every text that a user wrote and an output; a page escapes too.
"""

from datetime import date
from fractions import Fraction
from textwrap import wrap

from loyalty_dsl.calendar import MONTH_NAMES, date_of
from loyalty_dsl.explanation.terms.words import listed
from loyalty_dsl.forecast.costs import cost_text
from loyalty_dsl.forecast.figures import CostBasis, CurrencyForecast, Forecast, given_by
from loyalty_dsl.forecast.triangles import Fate
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.quantities import MINOR_DIGITS, format_money, format_units, prefix_of
from loyalty_dsl.report.style import printable

MINUS = "\N{MINUS SIGN}"

CENTS_BELOW = 1000
"""Amounts of less than this are written with cents."""


def one_line(text: str) -> str:
    """A user's text within a line: without control and bidirectional characters, or ends of lines."""
    return " ".join(printable(text).split())


def money_text(minor: float, money: str) -> str:
    """Money for reading: `$412,300`, with cents below a thousand: `$12.50`, and `$0`."""
    unit = 10 ** MINOR_DIGITS[money]
    nearest = round(minor)
    if not nearest:
        return f"{prefix_of(money)}0"
    if abs(nearest) < CENTS_BELOW * unit:
        return format_money(nearest, money)
    whole = (2 * abs(nearest) + unit) // (2 * unit)
    return f"{'-' if nearest < 0 else ''}{prefix_of(money)}{whole:,}"


def account_text(minor: float, money: str) -> str:
    """Money of an account, which has to add up as it is printed: with cents whatever its size, and `$0`."""
    return format_money(round(minor), money) if round(minor) else money_text(minor, money)


def noise_text(noise: float, figure: float, money: str) -> str:
    """The noise of an amount of money, to the digits that the amount itself is written with: `±$1,234`."""
    unit = 10 ** MINOR_DIGITS[money]
    if abs(figure) < CENTS_BELOW * unit or noise >= CENTS_BELOW * unit or not noise:
        return f"±{money_text(noise, money)}"
    whole = round(noise / unit)
    return f"±{prefix_of(money)}{whole:,}" if whole else f"under ±{prefix_of(money)}1"


def unit_cost_text(one: CurrencyForecast, money: str) -> str:
    """What a unit costs and where that is from: `$0.008 per point (declared cost)`."""
    if one.cost is None:
        return "unknown, as no cost is declared and no reward was taken"
    noun = one_line(one.noun)
    unit = singular_of(noun) if singular_of(noun) != noun else "unit of " + noun
    if one.currency.in_money:
        unit = f"{prefix_of(money)}1 of {noun}"
    chain = "; ".join(
        f"{percent_text(share)} of the {one_line(currency.name.replace('_', ' '))} it becomes are used"
        for currency, share in one.cost.through
        if share
    )
    why = BASES[one.cost.basis] + (f": {chain}" if chain else "")
    return f"{cost_text(one.cost.value, one.currency.scale, money)} per {unit} ({why})"


def becomes_text(one: CurrencyForecast, forecast: Forecast) -> str:
    """That redeemed units live on as another currency: `Points redeemed become notes, which are owed until
    they are used.` Empty for a currency that is never turned into another."""
    targets = dict.fromkeys(
        one_line(forecast.currency(target).noun)
        for taken in forecast.rewards_of(one.currency)
        if (target := given_by(taken.reward)) is not None and not forecast.currency(target).is_score
    )
    if not targets:
        return ""
    noun = one_line(one.noun).capitalize()
    some = "" if all(given_by(t.reward) is not None for t in forecast.rewards_of(one.currency)) else "can "
    become = "become" if some or singular_of(noun) != noun else "becomes"
    return (
        f"{noun} redeemed {some}{become} {listed(list(targets), 'or')}, which are owed until they are used."
    )


BASES = {CostBasis.DECLARED: "declared cost", CostBasis.REWARD_MIX: "what the rewards taken in this run cost"}
"""Where the cost of a unit comes from, in words."""


def amount_text(one: CurrencyForecast, units: int, money: str) -> str:
    """An amount of a currency, without its name: `740,190`, or `$353.77` of a currency in money."""
    return money_text(units, money) if one.currency.in_money else format_units(units, one.currency.scale)


def units_text(one: CurrencyForecast, units: int, money: str) -> str:
    """An amount of a currency within a sentence: `740,190 points`, `$353.77 of credit`."""
    joint = " of " if one.currency.in_money else " "
    return f"{amount_text(one, units, money)}{joint}{one_line(one.noun)}"


def wrapped(text: str, width: int = 80) -> list[str]:
    """A paragraph as lines; paths, names and options stay whole."""
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def percent_text(share: Fraction | float, places: int = 1) -> str:
    """`61.3%`."""
    return f"{float(share) * 100:.{places}f}%"


def small_percent_text(share: Fraction | float) -> str:
    """`61.3%`, and `under 0.1%` of what is more than nothing."""
    return "under 0.1%" if 0 < share < 0.0005 else percent_text(share)


def points_of_percent(half_width: float) -> str:
    """A half-width of a share, in percentage points, as its share is written: `±0.4 percentage points`."""
    points = half_width * 100
    return "under ±0.1 percentage points" if points < 0.05 else f"±{points:.1f} percentage points"


def urr_text(fate: Fate) -> str:
    """The redemption rate: `61.3%`, or `at least 61.3%` where not everything has met its fate."""
    if fate.urr is None:
        return "none issued"
    return f"{'at least ' if fate.is_open else ''}{percent_text(fate.urr)}"


def breakage_text(fate: Fate) -> str:
    """The breakage: `38.7%`, or `30.1% to 38.7%` where not everything has met its fate."""
    if fate.breakage is None:
        return "none issued"
    least = percent_text(fate.breakage)
    return f"{least} to {percent_text(fate.breakage + fate.undetermined_share)}" if fate.is_open else least


def declared_breakage(one: CurrencyForecast) -> str:
    """`declared 15%`, of a currency whose program says so; nothing otherwise."""
    declared = one.currency.breakage
    return "" if declared is None else f"declared {percent_text(declared.value)}"


def liability_text(one: CurrencyForecast, money: str) -> str:
    """The liability at the end: `$412,300`, or `at least $412,300` where it is a lower bound."""
    if one.liability is None:
        return "unknown"
    return f"{'at least ' if one.fate.is_open else ''}{money_text(one.liability[-1], money)}"


def day_text(day: int) -> str:
    """`31 December 2029`."""
    return long_date(date_of(day))


def long_date(value: date) -> str:
    """`31 December 2029`, in any locale."""
    return f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}"


def month_text(day: int) -> str:
    """The month of a day: `December 2029`."""
    value = date_of(day)
    return f"{MONTH_NAMES[value.month - 1]} {value.year}"


def span_text(forecast: Forecast) -> str:
    """The reported time: `36 months, 1 January 2027 to 31 December 2029`."""
    months = len(forecast.months)
    plural = "" if months == 1 else "s"
    return f"{months} month{plural}, {day_text(forecast.months[0].start)} to {day_text(forecast.as_of)}"


def sample_text(forecast: Forecast) -> str:
    """`20,000 members simulated, each standing for 5.2`."""
    weight = float(forecast.weight)
    each = f"{weight:,.0f}" if weight >= CENTS_BELOW else f"{weight:.4g}"
    stands = "one by one" if forecast.weight == 1 else f"each standing for {each}"
    return f"{forecast.sample:,} members simulated, {stands}"
