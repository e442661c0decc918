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

from loyalty_dsl.calendar import day_of_month, month_index
from loyalty_dsl.forecast import noise
from loyalty_dsl.forecast.assumptions import assumed_share, assumptions_of
from loyalty_dsl.forecast.beginning import opening_notices
from loyalty_dsl.forecast.costs import Taken, reward_mix, unit_cost
from loyalty_dsl.forecast.figures import (
    Balances,
    CurrencyForecast,
    EventForecast,
    Forecast,
    Members,
    Month,
    RewardForecast,
    RuleForecast,
    UnitCost,
    given_by,
)
from loyalty_dsl.forecast.lifts import lifts_of
from loyalty_dsl.forecast.notices import notices_of
from loyalty_dsl.forecast.reach import limits_of
from loyalty_dsl.forecast.scaling import (
    free_flows,
    inflows,
    outflows,
    scaled,
    scaled_down,
    scaled_up,
    shared_out,
)
from loyalty_dsl.forecast.settling import settled
from loyalty_dsl.forecast.status import ladders_of
from loyalty_dsl.forecast.triangles import Fate, Opened, Triangle
from loyalty_dsl.language.program import Currency, Reward
from loyalty_dsl.language.rewards import BalanceGiven
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.simulation.trajectories import Ints, Trajectories
from loyalty_dsl.valuation.scores import is_score


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
    taken = _taken(t)
    currencies = tuple(_currency(t, currency, taken) for currency in t.program.currencies)
    members = tuple(_all_members(month) for month in zip(*by_segment, strict=True))
    bounds = [int(day) for day in t.month_starts]
    first = Forecast(
        program=t.program,
        population=t.population,
        seed=t.seed,
        sample=t.sample,
        weight=t.weight,
        months=tuple(Month(start, end) for start, end in pairwise(bounds[: t.months + 1])),
        tail=len(bounds) - 1 - t.months,
        members=members,
        segment_members=by_segment,
        active_noise=tuple(
            noise.noise_of_count(count, t.sample) * float(t.weight) for count in _over_segments(t.active)
        ),
        by_currency=currencies,
        rewards=_rewards(t, currencies),
        rules=_rules(t, currencies),
        events=_events(t),
        ladders=ladders_of(t, [month.enrolled for month in members]),
        limits=limits_of(t),
        liability=_all_liability(currencies),
        liability_noise=_all_liability_noise(currencies),
        assumed_share=assumed_share(currencies),
        assumptions=assumptions_of(t.program, t.population, currencies),
        notices=(),
        bills=settled(t),
        lifts=lifts_of(t),
    )
    opened = opening_notices(t.program, t.population, t.first_members, t.gone_before)
    return attrs.evolve(first, notices=(*opened, *notices_of(first)))


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
        free_flows(_row(t.friends_joined[segment]), t.weight),
        free_flows(_row(t.returns[segment]), t.weight),
        free_flows(_row(t.returned_basket[segment]), t.weight),
        strict=True,
    )
    members, enrolled = [], 0
    for joins, left, *others in columns:
        enrolled += joins
        members.append(Members(joins, left, enrolled, *others))
    return tuple(members)


def _all_members(segments: tuple[Members, ...]) -> Members:
    return Members(*(sum(column) for column in zip(*map(attrs.astuple, segments), strict=True)))


def _events(t: Trajectories) -> tuple[EventForecast, ...]:
    """Events besides joins and purchases, which the members' figures count."""
    return tuple(
        EventForecast(
            kind,
            free_flows(_over_segments(t.events[kind.index]), t.weight),
            free_flows(_over_segments(t.events_basket[kind.index]), t.weight),
        )
        for kind in t.program.events
        if kind.index not in (PURCHASE, JOIN)
    )


def _rules(t: Trajectories, currencies: tuple[CurrencyForecast, ...]) -> tuple[RuleForecast, ...]:
    """The rules: their units and those of rewards that give the currency sum to what it issued."""
    units: dict[int, int] = {}
    for one in currencies:
        index = one.currency.index
        rules = [rule.index for rule in t.program.earns if rule.currency == index]
        given = [
            sum(_row(t.reward_given[reward.index]))
            for reward in t.program.rewards
            if given_by(reward) == index
        ]
        issued = sum(month.issued for month in one.total)
        posted = [sum(_row(t.rule_units[rule])) for rule in rules]
        units |= zip(rules, shared_out(issued, (*posted, *given)), strict=False)
    return tuple(
        RuleForecast(
            rule,
            units[rule.index],
            scaled(sum(_row(t.rule_times[rule.index])), t.weight),
            scaled(int(t.rule_members[rule.index]), t.weight),
            tuple(_row(t.rule_units[rule.index])),
        )
        for rule in t.program.earns
    )


def _rewards(t: Trajectories, currencies: tuple[CurrencyForecast, ...]) -> tuple[RewardForecast, ...]:
    """The rewards: the units that a currency's rewards took sum to what it redeemed."""
    units: dict[int, int] = {}
    for one in currencies:
        paid = [reward for reward in t.program.rewards if reward.currency == one.currency.index]
        redeemed = sum(month.redeemed for month in one.total)
        shares = shared_out(redeemed, (_spent(t, reward) for reward in paid))
        units |= zip((reward.index for reward in paid), shares, strict=True)
    return tuple(
        RewardForecast(
            reward,
            units.get(reward.index, 0),
            free_flows(_row(t.reward_uses[reward.index]), t.weight),
            free_flows(_row(t.reward_off[reward.index]), t.weight),
            free_flows(_row(t.reward_given[reward.index]), t.weight),
            None
            if reward.cost is None or given_by(reward) is not None
            else free_flows(_row(t.reward_cost[reward.index]), t.weight / t.cost_scale),
            scaled(int(t.reward_members[reward.index]), t.weight),
        )
        for reward in t.program.rewards
    )


def _spent(t: Trajectories, reward: Reward) -> int:
    """About what the uses of a reward took of its currency, to share out what was redeemed: a table's uses
    are taken at its lowest price, those of a whole balance at what they gave, or one by one."""
    uses = sum(_row(t.reward_uses[reward.index]))
    case = reward.cases[0]
    match case.face:
        case BalanceGiven(_, share) if case.whole_balance and share:
            return round(sum(_row(t.reward_given[reward.index])) / share)
        case _:
            return max(1, reward.price) * uses


def _taken(t: Trajectories) -> tuple[Taken, ...]:
    """The rewards of the simulated members over all months; what they paid sums to what was redeemed."""
    units: dict[int, int] = {}
    for currency in t.program.currencies:
        paid = [reward for reward in t.program.rewards if reward.currency == currency.index]
        redeemed = sum(_over_segments(t.redeemed[currency.index]))
        shares = shared_out(redeemed, (_spent(t, reward) for reward in paid))
        units |= zip((reward.index for reward in paid), shares, strict=True)
    return tuple(
        Taken(
            reward,
            uses=sum(_row(t.reward_uses[reward.index])),
            units=units.get(reward.index, 0),
            off=sum(_row(t.reward_off[reward.index])),
            given=sum(_row(t.reward_given[reward.index])),
            cost=Fraction(sum(_row(t.reward_cost[reward.index])), t.cost_scale),
        )
        for reward in t.program.rewards
    )


# ---- currencies


def _currency(t: Trajectories, currency: Currency, taken: tuple[Taken, ...]) -> CurrencyForecast:
    c, weight = currency.index, t.weight
    segments = tuple(_balances(t, c, segment) for segment in range(len(t.population.segments)))
    issued, redeemed, expired, outstanding = (
        _over_segments(table[c]) for table in (t.issued, t.redeemed, t.expired, t.outstanding)
    )
    openings = tuple(_opening(t, c, segment) for segment in range(len(t.population.segments)))
    triangle = _triangle_of(t, c)
    future = triangle.redeemed_later()
    others = t.program.currencies, [_used(t, other) for other in t.program.currencies]
    cost = unit_cost(currency, taken, *others)
    score = is_score(currency, t.program.rewards)
    squares = t.squares[c]
    return CurrencyForecast(
        currency=currency,
        total=tuple(_all_balances(month) for month in zip(*segments, strict=True)),
        segments=segments,
        triangle=triangle,
        fate=_fate(triangle, t.ultimate[c], t.sample),
        cost=cost,
        reward_mix=reward_mix(currency, taken, *others),
        future_redemptions=tuple(scaled(units, weight) for units in future),
        phi=tuple(_phi(f, o) for f, o in zip(future, outstanding, strict=True)),
        liability=None if score else _liability(future, cost, weight),
        issued_noise=_noise(issued, squares[0], t),
        redeemed_noise=_noise(redeemed, squares[1], t),
        expired_noise=_noise(expired, squares[2], t),
        outstanding_noise=_noise(outstanding, squares[3], t),
        liability_noise=None
        if cost is None or score
        else tuple(float(cost.value) * units for units in _noise(future, t.phi_squares[c], t)),
        total_issued_noise=noise.noise_of_total(sum(issued), t.ultimate[c][0], t.sample) * float(weight),
        is_score=score,
        opening=sum(openings),
        segment_openings=openings,
    )


def _phi(future: int, outstanding: int) -> Fraction:
    """The share of what is outstanding that will be redeemed. Where members owe after returns, others hold
    more than is outstanding, and redeem at most all of it as far as this can say."""
    return min(Fraction(future, outstanding), Fraction(1)) if outstanding > 0 else Fraction(0)


def _triangle_of(t: Trajectories, currency: int) -> Triangle:
    return Triangle(
        issued=_over_segments(t.issued[currency]),
        redeemed=_triangle(t.redeemed_by_age[currency]),
        expired=_triangle(t.expired_by_age[currency]),
        reversed=_triangle(t.reversed_by_age[currency]),
        opened=_opened(t, currency),
    )


def _opened(t: Trajectories, currency: int) -> tuple[Opened, ...]:
    if t.opening_units is None or t.opening_fate is None:
        return ()
    first = int(t.month_starts[0])
    here = month_index(first) + (day_of_month(first) > 1)
    return tuple(
        Opened(
            start,
            end,
            here - month_index(end - 1),
            int(t.opening_units[currency, vintage]),
            *(tuple(_row(months)) for months in t.opening_fate[:, currency, vintage]),
        )
        for vintage, (start, end) in enumerate(t.opening_vintages)
    )


def _opening(t: Trajectories, currency: int, segment: int) -> int:
    """What one segment held when the first month began, scaled as all that comes in."""
    return 0 if t.opening is None else scaled_up(int(t.opening[currency, segment]), t.weight)


def _used(t: Trajectories, currency: Currency) -> Fraction:
    """The share of what is issued and not taken back that is ever redeemed; all of it when nothing is."""
    triangle = _triangle_of(t, currency.index)
    kept = sum(triangle.issued) - sum(map(sum, triangle.reversed))
    return Fraction(sum(map(sum, triangle.redeemed)), kept) if kept else Fraction(1)


def _balances(t: Trajectories, currency: int, segment: int) -> tuple[Balances, ...]:
    """One segment's ledger, by month; outstanding is what the scaled flows leave."""
    issued, redeemed, expired, reversed_, pending = (
        _row(table[currency, segment]) for table in (t.issued, t.redeemed, t.expired, t.reversed, t.pending)
    )
    held = 0 if t.opening is None else int(t.opening[currency, segment])
    flows = zip(
        inflows((held, *issued), t.weight)[1:],
        outflows(redeemed, t.weight),
        outflows(expired, t.weight),
        outflows(reversed_, t.weight),
        pending,
        strict=True,
    )
    balances, outstanding = [], _opening(t, currency, segment)
    for came, spent, lapsed, undone, waiting in flows:
        outstanding += came - spent - lapsed - undone
        balances.append(Balances(came, spent, lapsed, undone, scaled_down(waiting, t.weight), outstanding))
    return tuple(balances)


def _all_balances(segments: tuple[Balances, ...]) -> Balances:
    return Balances(*(sum(column) for column in zip(*map(attrs.astuple, segments), strict=True)))


def _fate(triangle: Triangle, ultimate: tuple[int, int, int], sample: int) -> Fate:
    issued = sum(triangle.issued)
    redeemed, expired, reversed_ = (
        sum(map(sum, rows)) for rows in (triangle.redeemed, triangle.expired, triangle.reversed)
    )
    rough = noise.noise_of_ratio(redeemed, issued, ultimate, sample)
    return Fate(issued, redeemed, expired, rough, reversed_)


def _liability(future: tuple[int, ...], cost: UnitCost | None, weight: Fraction) -> tuple[int, ...] | None:
    if cost is None:
        return None
    return tuple(rounded(cost.value * units * weight, Rounding.HALF_UP) for units in future)


def _all_liability(currencies: tuple[CurrencyForecast, ...]) -> tuple[int, ...] | None:
    owed = [one for one in currencies if not one.is_score]
    known = [one.liability for one in owed if one.liability is not None]
    if not known or len(known) < len(owed):
        return None
    return tuple(sum(month) for month in zip(*known, strict=True))


def _all_liability_noise(currencies: tuple[CurrencyForecast, ...]) -> tuple[float, ...] | None:
    owed = [one for one in currencies if not one.is_score]
    known = [one.liability_noise for one in owed if one.liability_noise is not None]
    if not known or len(known) < len(owed):
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
