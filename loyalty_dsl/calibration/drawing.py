"""Customers drawn from a fit, to be held against the customers that it was fitted to.

Invariant: members are drawn with the first days and the end of the data, so that the same measures taken of
both may be compared; the draws are those of a seed, and no global state is used. The models are in continuous
time: two purchases that are drawn on one day stay two.
"""

import numpy as np

from loyalty_dsl.calibration.customers import Floats, Ints, PurchaseDays
from loyalty_dsl.calibration.models import Fit, Leaving, Part, parts_of
from loyalty_dsl.calibration.spending import LognormalSpend

MOST_PURCHASES = 20_000


def draw_days(
    fitted: Fit, spend: LognormalSpend | None, first_days: Ints, until: int, *, unit_days: int, seed: int
) -> PurchaseDays:
    """Purchase days of new members with these first days.

    Args:
        spend: lognormal baskets; without it each is of one minor unit.
        first_days: [members] of each.
        until: the last day.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    members = len(first_days)
    parts = parts_of(fitted)
    own = random.choice(len(parts), size=members, p=[part.share for part in parts])
    found: list[tuple[Ints, Ints]] = [(np.arange(members), first_days)]
    for index, part in enumerate(parts):
        chosen = np.flatnonzero(own == index)
        age = (until - first_days[chosen]) / unit_days
        for who, when in _repeats(part, age, random):
            found.append(
                (chosen[who], first_days[chosen[who]] + np.floor(when * unit_days + 1e-9).astype(int))
            )
    member = np.concatenate([who for who, _ in found])
    day = np.minimum(np.concatenate([when for _, when in found]), until)
    baskets = np.ones(len(member))
    if spend is not None:
        own_level = random.normal(0, spend.between, members)
        baskets = spend.median * np.exp(own_level[member] + random.normal(0, spend.within, len(member)))
    order = np.lexsort((day, member))
    spent = np.maximum(1, np.rint(baskets)).astype(np.int64)
    return PurchaseDays(
        member[order], day[order], spent[order], np.ones(len(member), np.int64), members, until
    )


def _repeats(part: Part, age: Floats, random: np.random.Generator) -> list[tuple[Ints, Floats]]:
    """Repeat purchases, the n-th of all members together: who, and when since the first."""
    r, alpha, third, fourth = part.values
    members = len(age)
    rate = random.gamma(r, 1 / alpha, members)
    end = age.copy()
    chance = np.zeros(members)
    if not part.stays and part.form.leaving is Leaving.ANY_TIME:
        hazard = random.gamma(third, 1 / fourth, members)
        end = np.minimum(end, random.exponential(1, members) / np.maximum(hazard, 1e-300))
    elif not part.stays:
        chance = random.beta(third, fourth, members)
    who = np.arange(members)
    if part.form.leaving is Leaving.AFTER_PURCHASES and not part.stays:
        who = who[random.random(members) >= chance]
    when = np.zeros(len(who))
    found = []
    for _ in range(MOST_PURCHASES):
        when = when + random.gamma(part.form.k, 1, len(who)) / np.maximum(rate[who], 1e-300)
        came = when <= end[who]
        who, when = who[came], when[came]
        if not len(who):
            break
        found.append((who, when))
        stays = random.random(len(who)) >= chance[who]
        who, when = who[stays], when[stays]
    return found
