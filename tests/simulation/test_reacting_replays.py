"""Members who react, their lives written to a file, and the file replayed: the same ledger to the last point.

A reaction moves purchases and redemptions and posts nothing by itself, so a replay of what happened needs to
know nothing of reactions. What a replay cannot know is who was a member before its first row: there the first
members join with their first purchase (JOIN-1). Three of these programs give something for the days before it
(a card's certificate, a birthday): there all members join in the file, which says so.
"""

from pathlib import Path

import attrs
import numpy as np
import pytest
from recorded_files import read_again, write_transactions

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories
from loyalty_dsl.source import SourceText

PROGRAMS = Path(__file__).parents[2] / "programs"

SIZES = {
    "bring_a_friend": (40, 15, 14),
    "bronze_silver_gold": (60, 10, 16),
    "key_rewards": (0, 14, 18),
    "nordy_club": (80, 10, 26),
    "sephora": (0, 15, 14),
    "starbucks_2026": (0, 3, 14),
}
"""Members on the first day, joiners a month, months."""


REACTING = """responses literature {
        rate_elasticity       60% from 0.5%
        devaluation_churn     80% from 30%
        enrolment_elasticity  20% from 20%
    }"""
"""Rates that none of these programs has, so that members react to them all."""


@attrs.frozen
class World:
    program: Program
    calm: Trajectories
    lived: Trajectories
    written: History
    read: History


@pytest.fixture(scope="module", params=sorted(SIZES))
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    members, joins, months = SIZES[request.param]
    program, calm = small(reading(request.param, ""), members, joins)
    _, people = small(reading(request.param, REACTING), members, joins)
    written = record_history(program, people, months=months)
    path = tmp_path_factory.mktemp("recorded") / "sales.csv"
    write_transactions(path, program, written)
    read = read_again(path, program)
    lived, unmoved = (simulate_population(program, each, months=months, tail=0) for each in (people, calm))
    # A file says nothing after its last row, and units expire on the days after it, too.
    return World(program, unmoved, lived, written, attrs.evolve(read, last_day=written.last_day))


def reading(name: str, responses: str) -> Book:
    text = (PROGRAMS / f"{name}.loyalty").read_text(encoding="utf-8")
    text = text.replace("    start  ", f"    {responses}\n    start  ", 1)
    file, found = parse_file(SourceText(f"{name}.loyalty", text))
    book, _ = check_book((file,))
    assert book is not None and not found
    return book


def small(book: Book, members: int, joins: int) -> tuple[Program, Population]:
    """Fewer people, who take up every benefit: a file does not say which were declined."""
    (program,), (people,) = book.programs, book.populations
    segments = tuple(attrs.evolve(segment, take_ups=()) for segment in people.segments)
    return program, attrs.evolve(people, members=members, joins=joins, segments=segments)


def totals_of(replayed: Replay, what: str) -> list[int]:
    return [int(units) for units in getattr(replayed.balances, what).sum(axis=0)]


def test_members_react(world: World) -> None:
    on = {one.name for one in world.lived.population.responses}
    assert on >= {"rate_elasticity", "devaluation_churn", "enrolment_elasticity", "program_lift"}
    rate = world.lived.population.reward_rate
    assert rate is not None and rate.rate is not None and 0 < rate.rate < 0.2
    assert 0 < world.lived.sample < world.calm.sample
    assert not np.array_equal(world.lived.purchases, world.calm.purchases)


def test_the_file_holds_all_that_happened(world: World) -> None:
    of_friends = [friend.event for friend in world.program.friend_kinds]
    own = ~np.isin(world.written.kind, of_friends)
    assert len(world.read.day) == own.sum()
    assert (world.read.reward >= 0).sum() == (world.written.reward >= 0).sum()
    for history in (world.read, world.written):
        bought = history.kind == PURCHASE
        assert history.basket[bought].sum() == world.lived.basket.sum()


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_the_ledger_is_the_simulations_to_the_last_point(world: World, engine: str) -> None:
    replayed = replay(world.program, world.read, "reference" if engine == "reference" else "compiled")
    assert [one.refusal for one in replayed.refusals] == []
    for what in ("issued", "redeemed", "expired", "reversed"):
        ours = [int(units) for units in getattr(world.lived, what).sum(axis=(1, 2))]
        assert totals_of(replayed, what) == ours, what
    for what in ("outstanding", "pending"):
        ours = [int(units) for units in getattr(world.lived, what)[:, :, -1].sum(axis=1)]
        assert totals_of(replayed, what) == ours, what
    uses = [total.uses for total in replayed.rewards]
    assert uses == world.lived.reward_uses.sum(axis=1).tolist()
