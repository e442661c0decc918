"""Trajectories to forecast: scaling, valuing, and saying what is doubtful.

The liability after month m is the cost of a unit times what will be redeemed after m of lots issued up to
m, read off the redemption triangle. It is never URR x outstanding: the units that are still held are the
slow ones, and the URR is that of everything issued (phi, the share of what is outstanding that will be
redeemed, is reported beside it).

Worked case: 100 issued in January, of which 60 are redeemed in January and 10 later: URR 70%, outstanding
40, future redemptions 10, phi 25%. At $0.01 the liability is $0.10, not 40 x 70% x $0.01 = $0.28.
"""

from fractions import Fraction
from itertools import pairwise

import attrs

from loyalty_dsl.forecast import noise
from loyalty_dsl.forecast.assumptions import assumed_share, assumptions_of
from loyalty_dsl.forecast.costs import reward_mix, unit_cost
from loyalty_dsl.forecast.figures import (
    Balances,
    CurrencyForecast,
    Fate,
    Forecast,
    Members,
    Month,
    RewardForecast,
    RuleForecast,
    Triangle,
    UnitCost,
)
from loyalty_dsl.forecast.notices import notices_of
from loyalty_dsl.forecast.scaling import free_flows, inflows, outflows, scaled, scaled_down, shared_out
from loyalty_dsl.language.program import Currency
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.simulation.trajectories import Ints, Trajectories


def forecast(trajectories: Trajectories) -> Forecast:
    """Makes the forecast of one simulated population.

    Args:
        trajectories: sums over the simulated members; see `Trajectories`.

    Returns:
        Figures at the size of the business; a pure function of its argument.
    """
    t = trajectories
    segments = range(len(t.population.segments))
    by_segment = tuple(_members(t, segment) for segment in segments)
    currencies = tuple(_currency(t, currency) for currency in t.program.currencies)
    bounds = [int(day) for day in t.month_starts]
    first = Forecast(
        program=t.program,
        population=t.population,
        seed=t.seed,
        sample=t.sample,
        weight=t.weight,
        months=tuple(Month(start, end) for start, end in pairwise(bounds[: t.months + 1])),
        tail=len(bounds) - 1 - t.months,
        members=tuple(_all_members(month) for month in zip(*by_segment, strict=True)),
        segment_members=by_segment,
        active_noise=tuple(
            noise.noise_of_count(count, t.sample) * float(t.weight) for count in _over_segments(t.active)
        ),
        by_currency=currencies,
        rewards=_rewards(t, currencies),
        rules=_rules(t, currencies),
        liability=_all_liability(currencies),
        liability_noise=_all_liability_noise(currencies),
        assumed_share=assumed_share(currencies),
        assumptions=assumptions_of(t.program, t.population, currencies),
        notices=(),
    )
    return attrs.evolve(first, notices=notices_of(first))


# ---- members and rewards


def _members(t: Trajectories, segment: int) -> tuple[Members, ...]:
    """One segment's members, by month. Who was active is rounded down, so that no more are active than
    are enrolled."""
    joined = free_flows(_row(t.joined[segment]), t.weight)
    columns = zip(
        joined,
        free_flows(_row(t.left[segment]), t.weight),
        (scaled_down(count, t.weight) for count in _row(t.active[segment])),
        free_flows(_row(t.purchases[segment]), t.weight),
        free_flows(_row(t.basket[segment]), t.weight),
        free_flows(_row(t.off[segment]), t.weight),
        strict=True,
    )
    members, enrolled = [], 0
    for joins, left, active, purchases, basket, off in columns:
        enrolled += joins
        members.append(Members(joins, left, enrolled, active, purchases, basket, off))
    return tuple(members)


def _all_members(segments: tuple[Members, ...]) -> Members:
    return Members(*(sum(column) for column in zip(*map(attrs.astuple, segments), strict=True)))


def _rules(t: Trajectories, currencies: tuple[CurrencyForecast, ...]) -> tuple[RuleForecast, ...]:
    """The rules: the units of a currency's rules sum to what it issued."""
    units: dict[int, int] = {}
    for one in currencies:
        rules = [rule.index for rule in t.program.earns if rule.currency == one.currency.index]
        issued = sum(month.issued for month in one.total)
        posted = [sum(_row(t.rule_units[rule])) for rule in rules]
        units |= zip(rules, shared_out(issued, posted), strict=True)
    return tuple(
        RuleForecast(rule, units[rule.index], scaled(sum(_row(t.rule_times[rule.index])), t.weight))
        for rule in t.program.earns
    )


def _rewards(t: Trajectories, currencies: tuple[CurrencyForecast, ...]) -> tuple[RewardForecast, ...]:
    """The rewards: the units that a currency's rewards took sum to what it redeemed."""
    units: dict[int, int] = {}
    for one in currencies:
        paid = [reward for reward in t.program.rewards if reward.currency == one.currency.index]
        redeemed = sum(month.redeemed for month in one.total)
        spent = [reward.price * sum(_row(t.reward_uses[reward.index])) for reward in paid]
        units |= zip((reward.index for reward in paid), shared_out(redeemed, spent), strict=True)
    return tuple(
        RewardForecast(
            reward,
            units[reward.index],
            free_flows(_row(t.reward_uses[reward.index]), t.weight),
            free_flows(_row(t.reward_off[reward.index]), t.weight),
            None
            if reward.cost is None
            else free_flows(_row(t.reward_cost[reward.index]), t.weight / t.cost_scale),
        )
        for reward in t.program.rewards
    )


# ---- currencies


def _currency(t: Trajectories, currency: Currency) -> CurrencyForecast:
    c, weight = currency.index, t.weight
    segments = tuple(_balances(t, c, segment) for segment in range(len(t.population.segments)))
    issued, redeemed, expired, outstanding = (
        _over_segments(table[c]) for table in (t.issued, t.redeemed, t.expired, t.outstanding)
    )
    triangle = Triangle(
        issued=issued, redeemed=_triangle(t.redeemed_by_age[c]), expired=_triangle(t.expired_by_age[c])
    )
    future = triangle.redeemed_later()
    taken = (
        t.program.rewards,
        [sum(_row(row)) for row in t.reward_uses],
        [sum(_row(row)) for row in t.reward_off],
        [Fraction(sum(_row(row)), t.cost_scale) for row in t.reward_cost],
    )
    cost = unit_cost(currency, *taken)
    squares = t.squares[c]
    return CurrencyForecast(
        currency=currency,
        total=tuple(_all_balances(month) for month in zip(*segments, strict=True)),
        segments=segments,
        triangle=triangle,
        fate=_fate(triangle, t.ultimate[c], t.sample),
        cost=cost,
        reward_mix=reward_mix(currency, *taken),
        future_redemptions=tuple(scaled(units, weight) for units in future),
        phi=tuple(Fraction(f, o) if o else Fraction(0) for f, o in zip(future, outstanding, strict=True)),
        liability=_liability(future, cost, weight),
        issued_noise=_noise(issued, squares[0], t),
        redeemed_noise=_noise(redeemed, squares[1], t),
        expired_noise=_noise(expired, squares[2], t),
        outstanding_noise=_noise(outstanding, squares[3], t),
        liability_noise=None
        if cost is None
        else tuple(float(cost.value) * units for units in _noise(future, t.phi_squares[c], t)),
        total_issued_noise=noise.noise_of_total(sum(issued), t.ultimate[c][0], t.sample) * float(weight),
    )


def _balances(t: Trajectories, currency: int, segment: int) -> tuple[Balances, ...]:
    """One segment's ledger, by month; outstanding is what the scaled flows leave."""
    issued, redeemed, expired, reversed_, pending = (
        _row(table[currency, segment]) for table in (t.issued, t.redeemed, t.expired, t.reversed, t.pending)
    )
    flows = zip(
        inflows(issued, t.weight),
        outflows(redeemed, t.weight),
        outflows(expired, t.weight),
        outflows(reversed_, t.weight),
        pending,
        strict=True,
    )
    balances, outstanding = [], 0
    for came, spent, lapsed, undone, waiting in flows:
        outstanding += came - spent - lapsed - undone
        balances.append(Balances(came, spent, lapsed, undone, scaled_down(waiting, t.weight), outstanding))
    return tuple(balances)


def _all_balances(segments: tuple[Balances, ...]) -> Balances:
    return Balances(*(sum(column) for column in zip(*map(attrs.astuple, segments), strict=True)))


def _fate(triangle: Triangle, ultimate: tuple[int, int, int], sample: int) -> Fate:
    issued = sum(triangle.issued)
    redeemed, expired = (sum(map(sum, rows)) for rows in (triangle.redeemed, triangle.expired))
    return Fate(issued, redeemed, expired, noise.noise_of_ratio(redeemed, issued, ultimate, sample))


def _liability(future: tuple[int, ...], cost: UnitCost | None, weight: Fraction) -> tuple[int, ...] | None:
    if cost is None:
        return None
    return tuple(rounded(cost.value * units * weight, Rounding.HALF_UP) for units in future)


def _all_liability(currencies: tuple[CurrencyForecast, ...]) -> tuple[int, ...] | None:
    known = [one.liability for one in currencies if one.liability is not None]
    if not known or len(known) < len(currencies):
        return None
    return tuple(sum(month) for month in zip(*known, strict=True))


def _all_liability_noise(currencies: tuple[CurrencyForecast, ...]) -> tuple[float, ...] | None:
    known = [one.liability_noise for one in currencies if one.liability_noise is not None]
    if not known or len(known) < len(currencies):
        return None
    return tuple(sum(month) for month in zip(*known, strict=True))


# ---- from arrays to integers of any size


def _row(values: Ints) -> list[int]:
    return [int(value) for value in values]


def _over_segments(values: Ints) -> tuple[int, ...]:
    """[S, M] to the sums over segments, by month."""
    return tuple(sum(column) for column in zip(*(_row(row) for row in values), strict=True))


def _triangle(values: Ints) -> tuple[tuple[int, ...], ...]:
    """[M, T] to rows that end where the simulation does: row i has ages 0 to T - 1 - i."""
    months = len(values[0])
    return tuple(tuple(_row(row)[: months - issue]) for issue, row in enumerate(values))


def _noise(totals: tuple[int, ...], squares: tuple[int, ...], t: Trajectories) -> tuple[float, ...]:
    pairs = zip(totals, squares, strict=True)
    return tuple(noise.noise_of_total(total, square, t.sample) * float(t.weight) for total, square in pairs)
