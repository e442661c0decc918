"""The members of `start N members` are there already: they joined the day before the first day."""

import attrs
from businesses import (
    START,
    after,
    earn,
    grocery,
    grocery_shoppers,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)

from loyalty_dsl.evaluation.groups import advance, open_group
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.conditions import Compare, DaysSinceJoin, Literal, Order
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population

WELCOME = program(points(), [earn(Flat(250), "welcome", on=JOIN)])


def test_no_rule_on_join_pays_the_first_members() -> None:
    """JOIN-2: only a join event triggers a rule `on join`."""
    people = population(segment(monthly("2")), members=300)
    result = simulate_population(WELCOME, people, sample=300, months=3, tail=0)
    assert result.joined.sum() == 300
    assert result.purchases.sum() > 0
    assert result.issued.sum() == 0


def test_each_rule_on_join_pays_everybody_who_joins_later_once() -> None:
    """JOIN-2"""
    people = population(segment(monthly("2")), members=300, joins=40)
    result = simulate_population(WELCOME, people, sample=420, months=3, tail=0)
    assert result.rule_times.tolist() == [[40, 40, 40]]
    assert result.issued.sum() == 120 * 250


def test_the_record_replays_to_the_same_ledger() -> None:
    """JOIN-1: without a join event the first purchase is the join, and pays nothing `on join`."""
    people = grocery_shoppers(60, joins=10)
    result = simulate_population(grocery(), people, sample=120, months=6, tail=0)
    history = record_history(grocery(), people, sample=120, months=6)
    assert (history.kind == JOIN).sum() == 60
    engines: tuple[Engine, ...] = ("compiled", "reference")
    for engine in engines:
        again = replay(grocery(), history, engine)
        (totals,) = again.totals()
        for name in ("issued", "redeemed", "expired"):
            assert getattr(totals, name) == getattr(result, name).sum(), (engine, name)
        assert totals.outstanding == result.outstanding[0, :, -1].sum()
        assert again.refusals == ()


def test_days_since_join_count_from_the_day_before_the_first_day() -> None:
    old = Compare(DaysSinceJoin(), Order.AT_LEAST, Literal(31, Kind.NUMBER))
    rule = attrs.evolve(earn(Flat(1)), when=old)
    shop = program(points(after(400)), [rule], [reward(3, 100)])
    people = population(segment(monthly("4"), redeem=redeem("0.5")), members=80)
    result = simulate_population(shop, people, sample=80, months=4, tail=0)
    purchases = result.purchases.sum(axis=0)
    assert result.issued[0].sum(axis=0)[1:].tolist() == purchases[1:].tolist()  # from 1 February on
    history = record_history(shop, people, sample=80, months=4)
    last_of_january = (history.day == START + 30) & (history.kind == PURCHASE)
    assert result.issued[0, :, 0].sum() == last_of_january.sum() > 0


def test_the_reference_agrees_once_it_is_told_when_they_joined() -> None:
    """SCEN-1: as `given joined` does."""
    old = Compare(DaysSinceJoin(), Order.LESS, Literal(45, Kind.NUMBER))
    shop = program(points(after(90)), [attrs.evolve(earn(Flat(7)), when=old)], [reward(30, 100)])
    people = population(segment(monthly("4"), redeem=redeem("0.5")), members=40)
    result = simulate_population(shop, people, sample=40, months=4, tail=0)
    history = record_history(shop, people, sample=40, months=4)
    counts = [len(event.fields) for event in shop.events]
    left = 0
    for number in range(40):
        group = open_group(shop)
        group.only.joined = START - 1
        for event in history.events_of(number, counts):
            assert apply(group, event).refusals == ()
        advance(group, history.last_day)
        left += sum(group.only.available())
    assert left == result.outstanding[0, :, -1].sum() > 0
