"""Populations of real programs: every figure of the simulation, recomputed on the reference.

The reference takes up every benefit, so these members do, too; how often benefits are taken up is tested in
`test_members`.
"""

from pathlib import Path

import attrs
import pytest
from lived_by_reference import Life, by_month, held, live_again, rule_units, short_of, uses

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind
from loyalty_dsl.evaluation.lowering_conditions import NotLowered
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.pipeline import load
from loyalty_dsl.simulation.recording import Recorded, record_lives
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

PROGRAMS = Path(__file__).parents[2] / "programs"

SIZES = {
    "aadvantage": (16, 3, 27),
    "air_miles": (25, 5, 16),
    "assembly": (25, 5, 14),
    "bring_a_friend": (60, 20, 18),
    "bronze_silver_gold": (40, 10, 16),
    "challenges": (25, 5, 8),
    "delta_medallion": (25, 5, 26),
    "dropbox": (60, 5, 10),
    "grocery_points": (25, 5, 14),
    "hilton": (25, 5, 28),
    "hp_channel": (20, 2, 9),
    "key_rewards": (60, 10, 18),
    "lululemon": (40, 5, 16),
    "marriott": (25, 5, 14),
    "menus": (30, 6, 20),
    "nectar": (25, 5, 14),
    "nike": (30, 5, 14),
    "nordy_club": (60, 10, 26),
    "occasions": (40, 10, 26),
    "payback": (25, 5, 14),
    "prime": (40, 10, 14),
    "punch_card": (40, 10, 8),
    "sephora": (60, 10, 26),
    "southwest": (25, 5, 16),
    "square_spend": (40, 10, 12),
    "square_visits": (40, 10, 12),
    "starbucks": (25, 5, 16),
    "starbucks_2016": (25, 5, 14),
    "starbucks_2026": (25, 5, 14),
    "t_mobile": (60, 5, 10),
    "transfers": (40, 10, 12),
}
"""Members on the first day, joiners a month, months."""


@attrs.frozen
class World:
    program: Program
    result: Trajectories
    recorded: Recorded
    starts: list[int]
    lives: list[Life]


@pytest.fixture(scope="module", params=sorted(SIZES))
def world(request: pytest.FixtureRequest) -> World:
    folder = Path(__file__).parent if request.param in ("menus", "occasions", "transfers") else PROGRAMS
    book = load(folder / f"{request.param}.loyalty")
    members, joins, months = SIZES[request.param]
    (program,), (people,) = book.programs, book.populations
    people = small(people, members, joins)
    sample = members + joins * months
    try:
        result = simulate_population(program, people, sample=sample, months=months, tail=0, shards=3)
    except NotLowered as refused:
        pytest.skip(f"the kernel cannot do {refused.what} yet")
    recorded = record_lives(program, people, sample=sample, months=months)
    starts = result.month_starts.tolist()
    days = result.near_misses[0].days.tolist() if result.near_misses else []
    return World(program, result, recorded, starts, live_again(program, recorded, starts, days))


def small(people: Population, members: int, joins: int) -> Population:
    """The same people, fewer of them, who take up every benefit."""
    segments = tuple(attrs.evolve(segment, take_ups=()) for segment in people.segments)
    return attrs.evolve(people, members=members, joins=joins, segments=segments)


def test_every_program_is_held_against_the_reference() -> None:
    assert {path.stem for path in PROGRAMS.glob("*.loyalty")} <= set(SIZES)


def test_nothing_that_members_do_is_refused(world: World) -> None:
    let_in = (Obstacle.EVENT_GATE, Obstacle.UNKNOWN_ORIGINAL)  # GATE-1, and returns of what was refused
    refused = [refusal for life in world.lives for refusal in life.refusals]
    assert [each for each in refused if not world.program.gates or each.obstacle not in let_in] == []


def test_postings_by_month_are_those_of_the_reference(world: World) -> None:
    result = world.result
    for currency in range(len(world.program.currencies)):
        for kind, ours in (
            (PostingKind.EARNED, result.issued),
            (PostingKind.REDEEMED, result.redeemed),
            (PostingKind.EXPIRED, result.expired),
            (PostingKind.REVERSED, result.reversed),
        ):
            expected = by_month(world.lives, world.starts, currency, kind)
            assert ours[currency].sum(axis=0).tolist() == expected, (currency, kind)
        left = sum(life.outstanding[currency] for life in world.lives)
        assert result.outstanding[currency, :, -1].sum() == left


def test_rules_and_rewards_are_those_of_the_reference(world: World) -> None:
    given = {reward.name for reward in world.program.rewards}
    ours = {
        rule.name: int(units)
        for rule, units in zip(world.program.earns, world.result.rule_units.sum(axis=1), strict=True)
    }
    assert not given & set(ours)
    assert list(ours.values()) == rule_units(world.program, world.lives)
    assert world.result.reward_uses.sum(axis=1).tolist() == uses(world.program, world.lives)


def test_rules_and_rewards_reach_the_members_that_they_reach_on_the_reference(world: World) -> None:
    paid = [
        {posting.name for posting in life.postings if posting.kind is PostingKind.EARNED}
        for life in world.lives
    ]
    used = [{reward for _, reward, _ in life.uses} for life in world.lives]
    assert world.result.rule_members.tolist() == [
        sum(rule.name in names for names in paid) for rule in world.program.earns
    ]
    assert world.result.reward_members.tolist() == [
        sum(reward.index in indexes for indexes in used) for reward in world.program.rewards
    ]


def test_levels_at_the_ends_of_months_are_those_of_the_reference(world: World) -> None:
    ours = [levels.tolist() for levels in world.result.levels]
    assert ours == held(world.program, world.lives, world.result.months)


def test_levels_change_by_the_moves_and_the_joiners(world: World) -> None:
    joined = world.result.joined.sum(axis=0)
    for levels, moves in zip(world.result.levels, world.result.level_moves, strict=True):
        assert levels.sum(axis=0).tolist() == joined.cumsum().tolist()
        change = moves.sum(axis=0) - moves.sum(axis=1)  # came less went
        change[0] += joined
        assert change.cumsum(axis=1).tolist() == levels.tolist()


def test_near_misses_are_those_of_the_reference(world: World) -> None:
    for miss in world.result.near_misses:
        ours = miss.below.tolist(), miss.near.tolist(), miss.met.tolist()
        assert ours == short_of(miss, world.lives)


def test_events_and_returns_are_counted(world: World) -> None:
    result, history = world.result, world.recorded.history
    for kind in world.program.events[2:]:
        happened = history.kind == kind.index
        assert result.events[kind.index].sum() == happened.sum()
        assert result.events_basket[kind.index].sum() == history.basket[happened].sum()
    returned = (history.kind == RETURN) & (history.kind[history.original] == 0)
    if world.program.returns is not None and not world.program.friend_kinds:
        assert result.returns.sum() == returned.sum()
        assert result.returned_basket.sum() == history.basket[returned].sum()
