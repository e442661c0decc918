"""From two simulations of the same members to a comparison: scaling, noise, and what is doubtful.

Invariant: a noise is worked out from exact sums over the simulated members, never from rounded figures.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm

import attrs

from loyalty_dsl.forecast.compared import (
    Bin,
    Comparison,
    CurrencyComparison,
    Figure,
    LevelComparison,
    Matrix,
    Move,
    Outcome,
)
from loyalty_dsl.forecast.compared_members import member_frame
from loyalty_dsl.forecast.figures import Forecast, Notice
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.forecast.noise import noise_of_total
from loyalty_dsl.forecast.reactions import reactions_compared
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.forecast.touched import touched_of
from loyalty_dsl.language.changes import changes_between
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Thing
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.simulation.paired_figures import (
    EDGES,
    FALL,
    FELL,
    RISE,
    ROSE,
    SAME,
    SQUARES,
    VALUE_NEW,
    VALUE_OLD,
    worth_of_thing,
    worths_of_units,
)
from loyalty_dsl.simulation.pairs import Pairs
from loyalty_dsl.simulation.products import Products


def compare_pairs(pairs: Pairs, left_out: Sequence[str] = ()) -> Comparison:
    """Makes the comparison of two simulations of the same members.

    Args:
        left_out: sentences about what the population describes and a version does not have.

    Returns:
        Figures at the size of the business; a pure function of its arguments.
    """
    old, new = forecast(pairs.old), forecast(pairs.new)
    by_level = _by_level(pairs)
    return Comparison(
        old=old,
        new=new,
        changes=changes_between(old.program, new.program),
        currencies=tuple(_currency(name, pairs, old, new) for name in pairs.issued),
        liability=_liability(pairs, old, new),
        reward_cost=_reward_cost(pairs, old, new),
        levels=_levels(pairs),
        by_segment=_by_segment(pairs),
        by_level=by_level,
        by_segment_and_level=_by_segment_and_level(pairs),
        moves=_moves(pairs),
        matrices=tuple(_matrices(pairs)),
        spread=tuple(_spread(pairs)),
        touched=touched_of(pairs),
        everybody=_outcome("everybody", _tables(pairs)[0].reshape(-1, 8).sum(axis=0), pairs),
        each_member=member_frame(pairs),
        notices=_notices(pairs, old, new, left_out),
    )


# ---- differences and their noise


def difference_noise(products: Products, totals: tuple[int, int], sample: int) -> float:
    """The noise of new - old, from the sums over members of products of (old, new).

    Args:
        products: [2, 2]; totals: the sums of old and of new.
    """
    squares = int(products[1, 1]) - 2 * int(products[0, 1]) + int(products[0, 0])
    return noise_of_total(totals[1] - totals[0], squares, sample)


def _figures(
    old: Sequence[int],
    new: Sequence[int],
    exact: tuple[Sequence[int], Sequence[int]],
    products: Products,
    pairs: Pairs,
) -> tuple[Figure, ...]:
    """Figures by month, scaled, with the noise of exact sums over simulated members."""
    weight = float(pairs.new.weight)
    return tuple(
        Figure(
            before,
            after,
            difference_noise(products[m], (exact[0][m], exact[1][m]), pairs.new.sample) * weight,
        )
        for m, (before, after) in enumerate(zip(old, new, strict=True))
    )


def _currency(name: str, pairs: Pairs, old: Forecast, new: Forecast) -> CurrencyComparison:
    months = range(len(new.months))
    sides = [
        next((one for one in side.by_currency if one.currency.name == name), None) for side in (old, new)
    ]
    known = [side for side in sides if side is not None]
    told = known[-1].currency

    def compared(what: str, products: Products) -> tuple[Figure, ...]:
        shown, exact = [], []
        for side, trajectories in zip(sides, (pairs.old, pairs.new), strict=True):
            if side is None:
                shown.append([0] * len(months))
                exact.append([0] * len(months))
                continue
            flows = [getattr(month, what) for month in side.total]
            sums = [int(units) for units in getattr(trajectories, what)[side.currency.index].sum(axis=0)]
            so_far = what != "outstanding"
            shown.append(list(accumulate(flows)) if so_far else flows)
            exact.append(list(accumulate(sums)) if so_far else sums)
        return _figures(shown[0], shown[1], (exact[0], exact[1]), products, pairs)

    return CurrencyComparison(
        name=name,
        label=told.label,
        in_money=told.in_money,
        scale=told.scale,
        old=sides[0],
        new=sides[1],
        issued=compared("issued", pairs.issued[name]),
        redeemed=compared("redeemed", pairs.redeemed[name]),
        outstanding=compared("outstanding", pairs.outstanding[name]),
    )


def _liability(pairs: Pairs, old: Forecast, new: Forecast) -> tuple[Figure, ...] | None:
    """The liability: a weighted sum of what is redeemed after each month, in each version at its own cost."""
    if old.liability is None or new.liability is None:
        return None
    sides = [(sign, one) for sign, side in ((-1, old), (1, new)) for one in side.by_currency]
    costs = [sign * one.cost.value for sign, one in sides if one.cost is not None]
    scale = lcm(*(cost.denominator for cost in costs))
    factors = [int(cost * scale) for cost in costs]
    later = [one.triangle.redeemed_later() for _, one in sides]
    figures = []
    for m, (before, after) in enumerate(zip(old.liability, new.liability, strict=True)):
        products = pairs.redeemed_after[m]
        places = range(len(factors))
        squares = sum(factors[i] * factors[j] * int(products[i, j]) for i in places for j in places)
        total = sum(factor * units[m] for factor, units in zip(factors, later, strict=True))
        noise = noise_of_total(total, squares, pairs.new.sample) * float(pairs.new.weight / scale)
        figures.append(Figure(before, after, noise))
    return tuple(figures)


def _reward_cost(pairs: Pairs, old: Forecast, new: Forecast) -> tuple[Figure, ...] | None:
    if old.reward_cost is None or new.reward_cost is None:
        return None
    exact = []
    for trajectories in (pairs.old, pairs.new):
        scale = pairs.cost_scale // trajectories.cost_scale
        exact.append([int(cost) * scale for cost in accumulate(trajectories.reward_cost.sum(axis=0))])
    figures = _figures(
        list(accumulate(old.reward_cost)),
        list(accumulate(new.reward_cost)),
        (exact[0], exact[1]),
        pairs.cost,
        pairs,
    )
    return tuple(attrs.evolve(one, noise=one.noise / pairs.cost_scale) for one in figures)


# ---- status


def _levels(pairs: Pairs) -> tuple[LevelComparison, ...]:
    found = []
    weight, months = pairs.new.weight, pairs.new.months
    for (ladder, level), products in pairs.levels.items():
        held, label = [], level
        for side in (pairs.old, pairs.new):
            place = _place_of(side.program, ladder, level)
            if place is None:
                held.append([0] * months)
            else:
                held.append([int(count) for count in side.levels[place[0]][place[1]]])
                label = side.program.ladders[place[0]].levels[place[1]].label
        shown = [[scaled(count, weight) for count in counts] for counts in held]
        figures = _figures(shown[0], shown[1], (held[0], held[1]), products, pairs)
        found.append(LevelComparison(ladder, level, label, figures))
    return tuple(found)


def _place_of(program: Program, ladder: str, level: str) -> tuple[int, int] | None:
    for one in program.ladders:
        for each in one.levels:
            if (one.name, each.name) == (ladder, level):
                return one.index, each.index
    return None


# ---- who gains and who loses


def _tables(pairs: Pairs) -> list[Products]:
    return list(pairs.outcomes.values())


def _outcome(name: str, cells: Products, pairs: Pairs) -> Outcome:
    """Of the members of a few cells, summed."""
    weight = pairs.new.weight
    exact = [int(cell) for cell in cells]

    def money(value: int) -> int:
        return _half_up(Fraction(value, pairs.value_scale) * weight)

    noise = noise_of_total(exact[RISE] + exact[FALL], exact[SQUARES], pairs.new.sample)
    return Outcome(
        name=name,
        rose=scaled(exact[ROSE], weight),
        fell=scaled(exact[FELL], weight),
        same=scaled(exact[SAME], weight),
        rise=money(exact[RISE]),
        fall=money(exact[FALL]),
        value=Figure(
            money(exact[VALUE_OLD]), money(exact[VALUE_NEW]), noise * float(weight / pairs.value_scale)
        ),
    )


def _half_up(value: Fraction) -> int:
    return rounded(value, Rounding.HALF_UP) if value >= 0 else -rounded(-value, Rounding.HALF_UP)


def _by_segment(pairs: Pairs) -> tuple[Outcome, ...]:
    table = _tables(pairs)[0].sum(axis=(1, 2))
    return tuple(_outcome(one.name, table[one.index], pairs) for one in pairs.new.population.segments)


def _by_level(pairs: Pairs) -> tuple[tuple[str, tuple[Outcome, ...]], ...]:
    found = []
    for name, table in pairs.outcomes.items():
        if name:
            ladder = next(one for one in pairs.old.program.ladders if one.name == name)
            cells = table.sum(axis=(0, 2))
            levels = tuple(_outcome(level.label, cells[level.index], pairs) for level in ladder.levels)
            found.append((ladder.label, levels))
    return tuple(found)


def _by_segment_and_level(pairs: Pairs) -> tuple[tuple[str, str, tuple[Outcome, ...]], ...]:
    segments = pairs.new.population.segments
    found = []
    for name, table in pairs.outcomes.items() if len(segments) > 1 else ():
        if name:
            ladder = next(one for one in pairs.old.program.ladders if one.name == name)
            cells = table.sum(axis=2)
            for segment in segments:
                levels = (
                    _outcome(level.label, cells[segment.index, level.index], pairs) for level in ladder.levels
                )
                found.append((ladder.label, segment.name, tuple(levels)))
    return tuple(found)


def _matrices(pairs: Pairs) -> Iterator[Matrix]:
    for name, table in pairs.outcomes.items():
        if name:
            before, after = (
                next(one for one in side.program.ladders if one.name == name)
                for side in (pairs.old, pairs.new)
            )
            members = table.sum(axis=0)[..., [ROSE, FELL, SAME]].sum(axis=-1)
            yield Matrix(
                after.label,
                tuple(level.label for level in before.levels),
                tuple(level.label for level in after.levels),
                tuple(
                    tuple(
                        scaled(int(members[was.index, now.index]), pairs.new.weight) for now in after.levels
                    )
                    for was in before.levels
                ),
            )


def _spread(pairs: Pairs) -> Iterator[Bin]:
    """The bins between the first and the last that anybody is in, losses first."""
    lost, gained = pairs.spread.tolist()
    ends = (0, *EDGES)
    sides = [(False, list(enumerate(lost))[:0:-1]), (True, list(enumerate(gained)))]
    bins = [
        Bin(
            ends[max(place - 1, 0)],
            ends[place] if place < len(ends) else None,
            gains,
            scaled(count, pairs.new.weight),
        )
        for gains, places in sides
        for place, count in places
    ]
    used = [i for i, one in enumerate(bins) if one.members]
    yield from bins[used[0] : used[-1] + 1] if used else ()


def _moves(pairs: Pairs) -> tuple[Move, ...]:
    """Who ends at a level of another name, the most members first."""
    found = []
    for name, table in pairs.outcomes.items():
        if not name:
            continue
        before, after = (
            next(one for one in side.program.ladders if one.name == name) for side in (pairs.old, pairs.new)
        )
        members = table.sum(axis=0)[..., [ROSE, FELL, SAME]].sum(axis=-1)
        for was in before.levels:
            for now in after.levels:
                count = int(members[was.index, now.index])
                if was.name != now.name and count:
                    found.append(Move(after.label, was.label, now.label, scaled(count, pairs.new.weight)))
    return tuple(sorted(found, key=lambda move: -move.members))


# ---- notices


_OF_ONE_VERSION = ("tail-cut", "reward-without-cost", "no-cost", "cost-differs")
"""Notices of a forecast that say something of a difference, too."""


def _notices(pairs: Pairs, old: Forecast, new: Forecast, left_out: Sequence[str]) -> tuple[Notice, ...]:
    found = reactions_compared(old, new)
    found += [Notice("left-out", sentence) for sentence in left_out]
    for side, name in ((old, "old"), (new, "new")):
        for notice in side.notices:
            if notice.id == "opened" and side is new:
                found.insert(0, notice)
            if notice.id == "opening-left-out":
                found.append(Notice(notice.id, f"In the {name} version: {notice.message}"))
    if any(segment.refer for segment in pairs.new.population.segments):
        found.append(
            Notice(
                "friends-together",
                "Members bring friends, who are counted as one with the first member who led to them: "
                "who gains is told by that member's segment, and not by level.",
            )
        )
    worthless = [
        one.label
        for one, worth in zip(new.program.currencies, worths_of_units(new.program), strict=True)
        if not worth
    ]
    worthless += [
        reward.label
        for reward in new.program.rewards
        if not worth_of_thing(reward) and all(isinstance(case.face, Thing) for case in reward.cases)
    ]
    if worthless:
        found.append(
            Notice(
                "no-worth",
                f"{', '.join(worthless)}: no `worth` is declared, so what members receive leaves them out.",
            )
        )
    told = {notice.id for notice in new.notices}
    for side, name in ((old, "old"), (new, "new")):
        for notice in side.notices:
            if notice.id in _OF_ONE_VERSION and (
                side is old or notice.message not in {one.message for one in old.notices}
            ):
                found.append(Notice(notice.id, f"In the {name} version: {notice.message}"))
    if "few-members" in told:
        found += [notice for notice in new.notices if notice.id == "few-members"]
    return tuple(found)
