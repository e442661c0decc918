"""Parts of returns in the kernel that drawn histories do not reach: many items, large numbers, a long log."""

import random
from fractions import Fraction

import attrs
import numpy as np
import pytest
from histories_by_hand import ENGINES, history_of
from programs_by_hand import CATEGORY, NEGATIVE, NOWHERE, currency, earn, program
from test_agreement import assert_same_answer

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation import plan_state as ps
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.kernel_log import forget
from loyalty_dsl.evaluation.kernel_parts import divide_product, rounded_part
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.amounts import PerMoney
from loyalty_dsl.language.conditions import Base, ItemField, OneAmong
from loyalty_dsl.language.counters import Counter, ItemsMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.quantities import Rounding, rounded

FOOD = OneAmong(ItemField(CATEGORY), (1,))


def of_items(of: Program, bought: list[tuple[int, int]], returned: list[list[int]]) -> History:
    """A purchase of items, each a price and a category, and returns of some of them, a day apart."""
    events = [list(range(len(bought))), *returned]
    items = [bought[place] for its in events for place in its]
    baskets = [sum(bought[place][0] for place in its) for its in events]
    history = history_of(
        ["a"], [0, len(events)], [of.starts + i for i in range(len(events))], baskets,
        kind=[PURCHASE] + [RETURN] * len(returned),
    )  # fmt: skip
    return attrs.evolve(
        history,
        original=np.array([-1] + [0] * len(returned)),
        item_starts=np.cumsum([0] + [len(its) for its in events]),
        item_price=np.array([price for price, _ in items]),
        item_fields=np.array([[category] for _, category in items]),
    )


def filtering() -> Program:
    """A point per dollar of food, and a counter of the food that was bought."""
    counted = Counter(
        index=0, name="food", label="", measure=ItemsMeasure(), window=Unit.YEAR, where=None, items=FOOD,
        kind=Kind.NUMBER, currency=-1, span=NOWHERE,
    )  # fmt: skip
    rate = earn(PerMoney(1, 100, False, Base.BASKET), items=FOOD)
    return program(rate, currencies=[currency()], counters=[counted], returns=NEGATIVE)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_of_140_items_is_known_when_it_comes_back(engine: Engine) -> None:
    """RETURN-3: every other item is food, of $1 to $140; a row of the log has place for 62 of them."""
    of = filtering()
    bought = [(100 * (place + 1), place % 2) for place in range(140)]
    food = sum(place + 1 for place in range(140) if place % 2)
    history = of_items(of, bought, [[61, 62, 63], [123, 124], [0, 138, 139]])
    replayed = replay(of, history, engine, with_postings=True)
    (totals,) = replayed.totals()
    assert (totals.issued, totals.reversed) == (food, 62 + 64 + 124 + 140)
    assert replayed.counters.tolist() == [[70 - 4]]
    assert not replayed.refusals


def test_both_engines_agree_on_returns_of_many_items() -> None:
    """SAME-1, RETURN-4: parts of 1 to 200 items with filters, in any order, until all is back or refused."""
    of = filtering()
    for seed in range(30):
        draw = random.Random(seed)
        bought = [(draw.randint(0, 300), draw.randint(0, 1)) for _ in range(draw.randint(1, 200))]
        places = list(range(len(bought)))
        draw.shuffle(places)
        cuts = sorted(draw.randint(0, len(places)) for _ in range(draw.randint(1, 4)))
        parts = [places[a:b] for a, b in zip([0, *cuts], [*cuts, len(places)], strict=True) if a < b]
        if draw.random() < 0.5:
            parts.append(places[:1])  # once more: refused
        assert_same_answer(of, of_items(of, bought, parts))


def test_an_event_that_is_all_back_leaves_one_row_and_is_still_known() -> None:
    """RETURN-1: a later return of it is too much, and not of something unknown."""
    log = np.zeros((2, 8, 14), np.int64)
    kinds = [ps.LOGGED_EVENT, ps.LOGGED_POSTING, ps.LOGGED_ITEMS, ps.LOGGED_MOVE, ps.LOGGED_EVENT]
    log[1, :6, ps.LOG_WHAT] = [*kinds, ps.LOGGED_POSTING]
    log[1, :6, ps.LOG_BASE] = range(1, 7)
    ends = np.array([0, 6])
    forget(log, ends, 1, 0)
    assert ends.tolist() == [0, 3]
    assert log[1, :3, ps.LOG_BASE].tolist() == [1, 5, 6]
    forget(log, ends, 1, 1)
    assert ends.tolist() == [0, 2]
    assert log[1, :2, ps.LOG_BASE].tolist() == [1, 5]
    assert not log[0].any()
    of = filtering()
    history = of_items(of, [(500, 1), (300, 0)], [[0, 1], [0], [1]])
    refused = [each.refusal.obstacle for each in replay(of, history).refusals]
    assert [obstacle.name for obstacle in refused] == ["TOO_MUCH", "TOO_MUCH"]
    assert_same_answer(of, history)


def test_parts_of_exact_amounts_are_exact_where_products_do_not_fit_64_bits() -> None:
    """NUM-5, RETURN-4: against fractions, near every edge."""
    codes = {Rounding.DOWN: p.DOWN, Rounding.UP: p.UP, Rounding.HALF_UP: p.HALF_UP}
    draw = random.Random(5)
    for _ in range(2000):
        base = draw.choice([1, 2, 3, 7, 10**6, 10**12, draw.randint(1, 2**61)])
        left = draw.choice([0, 1, base // 2, (base + 1) // 2, base - 1, base, draw.randint(0, base)])
        left = min(max(left, 0), base)
        units = draw.choice([0, 1, 2, 10**12, draw.randint(0, 2**61)])
        denominator = draw.choice([1, 2, 3, 100, 2**61, draw.randint(1, 2**61)])
        parts = draw.choice([0, denominator // 2, denominator - 1, draw.randint(0, denominator - 1)])
        assert divide_product(units, left, base) == divmod(units * left, base)
        exact = (units + Fraction(parts, denominator)) * Fraction(left, base)
        for rounding, code in codes.items():
            got = rounded_part(units, parts, denominator, left, base, code)
            assert got == rounded(exact, rounding), (units, parts, denominator, left, base, rounding)
