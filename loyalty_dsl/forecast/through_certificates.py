"""What became of a month's points where they buy certificates: used or gone as those are.

Giving a certificate keeps no promise; using it does. A certificate does not say which points bought it, so
the points that become certificates in a month are used and lost in the proportions of all certificates issued
in that month; after the reported months, in those of all certificates by age.

Invariants: exact fractions of the simulated members' units; of what a month issued, no more is used and lost
than there was.

Worked case: 100 points of January become certificates in March; of March's certificates 60% are used in April
and 40% lapse in September: 60 points of January are redeemed at age 3 and 40 lost at age 8.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, given_by
from loyalty_dsl.forecast.triangles import Triangle

Row = tuple[Fraction, ...]


@attrs.frozen
class Ends:
    """By month of issue, then by age: units that were used in the end, and units that were lost."""

    redeemed: tuple[Row, ...]
    lost: tuple[Row, ...]


def lost_of(triangle: Triangle, issue: int) -> tuple[int, ...]:
    """Expired or taken back of one month's issue, by age."""
    expired = triangle.expired[issue]
    taken_back = triangle.reversed[issue] if triangle.reversed else (0,) * len(expired)
    return tuple(sum(pair) for pair in zip(expired, taken_back, strict=True))


def certificate_of(one: CurrencyForecast, forecast: Forecast) -> CurrencyForecast | str | None:
    """The certificates that a currency's units become; `None` where they become none, or why they cannot be
    followed."""
    taken = [each.reward for each in forecast.rewards_of(one.currency) if each.units]
    targets = {given_by(reward) for reward in taken}
    if targets <= {None}:
        return None
    if len(targets) > 1:
        return (
            "points become certificates and buy other things as well, and a forecast does not know how many "
            "of a month's points do either: a ledger does (loyalty liability)"
        )
    (target,) = targets
    assert target is not None
    found = forecast.by_currency[target]
    if any(given_by(each.reward) is not None for each in forecast.rewards_of(found.currency)):
        return "points become certificates that become others, which is not supported yet"
    return found


def ends_of(one: CurrencyForecast, certificate: CurrencyForecast | None) -> Ends:
    """What became of every month's issue; as the triangle has it where points become no certificates."""
    triangle = one.triangle
    months = range(len(triangle.issued))
    lost = [tuple(map(Fraction, lost_of(triangle, issue))) for issue in months]
    if certificate is None:
        return Ends(tuple(tuple(map(Fraction, row)) for row in triangle.redeemed), tuple(lost))
    profiles = _profiles(certificate.triangle)
    later = _pooled(certificate.triangle)
    redeemed_rows, lost_rows = [], []
    for issue in months:
        row = triangle.redeemed[issue]
        used, gone = [Fraction(0)] * len(row), list(lost[issue])
        for age, units in enumerate(row):
            if not units:
                continue
            profile = profiles[issue + age] if issue + age < len(profiles) else later
            for after, (used_share, lost_share) in enumerate(profile[: len(row) - age]):
                used[age + after] += units * used_share
                gone[age + after] += units * lost_share
        redeemed_rows.append(tuple(used))
        lost_rows.append(tuple(gone))
    return Ends(tuple(redeemed_rows), tuple(lost_rows))


Profile = Sequence[tuple[Fraction, Fraction]]
"""By age, the shares of a certificate's units that are used and lost."""


def _profiles(triangle: Triangle) -> list[Profile]:
    """By month of issue; that of all months where a month issued none."""
    pooled = _pooled(triangle)
    found: list[Profile] = []
    for issue, units in enumerate(triangle.issued):
        if not units:
            found.append(pooled)
            continue
        rows = zip(triangle.redeemed[issue], lost_of(triangle, issue), strict=True)
        found.append([(Fraction(used, units), Fraction(gone, units)) for used, gone in rows])
    return found


def _pooled(triangle: Triangle) -> Profile:
    """Of all months together, each age over what was issued in the months that reach it; as every row of a
    simulation lasts to the end of its tail, the shares add up to at most 1."""
    reach = min((len(row) for row in triangle.redeemed), default=0)
    whole = sum(triangle.issued)
    if not whole:
        return []
    months = range(len(triangle.issued))
    lost = [lost_of(triangle, issue) for issue in months]
    return [
        (
            Fraction(sum(triangle.redeemed[issue][age] for issue in months), whole),
            Fraction(sum(lost[issue][age] for issue in months), whole),
        )
        for age in range(reach)
    ]
