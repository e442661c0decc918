"""The simulation's sums against the reference evaluator, replaying what the simulated members did.

The history covers the months reported and the tail, so every figure of `Trajectories` can be recomputed from
postings alone: lots here live 120 days, so a redeemed lot's expiry tells the month it was issued in.
"""

from collections import defaultdict

import attrs
import numpy as np
import pytest
from businesses import grocery, grocery_shoppers

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.reference import MemberRun, run
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

MEMBERS, MONTHS, TAIL, LIFE = 120, 6, 6, 120


@attrs.frozen
class World:
    result: Trajectories
    history: History
    runs: list[MemberRun]

    def month(self, day: int) -> int:
        return int(np.searchsorted(self.result.month_starts, day, side="right")) - 1


@pytest.fixture(scope="module")
def world() -> World:
    shop, people = grocery(), grocery_shoppers(MEMBERS, joins=0)
    result = simulate_population(shop, people, sample=MEMBERS, months=MONTHS, tail=TAIL)
    history = record_history(shop, people, sample=MEMBERS, months=MONTHS + TAIL)
    counts = [len(event.fields) for event in shop.events]
    runs = [run(shop, history.events_of(m, counts), history.last_day) for m in range(MEMBERS)]
    return World(result, history, runs)


def by_month(world: World, postings: tuple[Posting, ...], kind: PostingKind) -> np.ndarray:
    sums = np.zeros(MONTHS + TAIL, np.int64)
    for posting in postings:
        if posting.kind is kind:
            sums[world.month(posting.day)] += posting.units
    return sums


def flows(world: World, kind: PostingKind) -> np.ndarray:
    """[members, months] of the months reported."""
    return np.array([by_month(world, one.postings, kind)[:MONTHS] for one in world.runs])


def test_the_world_has_something_of_everything(world: World) -> None:
    result = world.result
    assert min(result.issued.sum(), result.redeemed.sum(), result.expired.sum()) > 0
    assert result.left.sum() > 0
    assert (result.reward_uses.sum(axis=1) > 0).all()
    assert (result.pending > 0).any()


def test_no_chosen_reward_is_refused(world: World) -> None:
    assert [refusal for one in world.runs for refusal in one.refusals] == []


def test_flows_are_those_of_the_reference(world: World) -> None:
    result = world.result
    for kind, ours in (
        (PostingKind.EARNED, result.issued),
        (PostingKind.REDEEMED, result.redeemed),
        (PostingKind.EXPIRED, result.expired),
    ):
        assert flows(world, kind).sum(axis=0).tolist() == ours[0].sum(axis=0).tolist()


def test_pending_is_what_was_earned_and_is_not_available_yet(world: World) -> None:
    ends = world.result.month_starts[1 : MONTHS + 1]
    expected = [
        sum(
            posting.units
            for one in world.runs
            for posting in one.postings
            if posting.kind is PostingKind.EARNED and posting.day < end <= posting.available
        )
        for end in ends
    ]
    assert world.result.pending[0].sum(axis=0).tolist() == expected


def test_purchases_are_those_of_the_history(world: World) -> None:
    history, result = world.history, world.result
    bought = history.kind == PURCHASE
    months = np.searchsorted(result.month_starts, history.day[bought], side="right") - 1
    assert np.bincount(months, minlength=MONTHS)[:MONTHS].tolist() == result.purchases.sum(axis=0).tolist()
    baskets = np.bincount(months, weights=history.basket[bought], minlength=MONTHS)[:MONTHS]
    assert baskets.astype(int).tolist() == result.basket.sum(axis=0).tolist()
    members = np.repeat(np.arange(MEMBERS), np.diff(history.starts))[bought]
    active = [len(set(members[months == month])) for month in range(MONTHS)]
    assert result.active.sum(axis=0).tolist() == active


def test_rules_and_rewards_add_up(world: World) -> None:
    result = world.result
    posted: dict[str, int] = defaultdict(int)
    for one in world.runs:
        for posting in one.postings:
            if posting.kind is PostingKind.EARNED and world.month(posting.day) < MONTHS:
                posted[posting.name] += posting.units
    for rule in result.program.earns:
        assert result.rule_units[rule.index].sum() == posted[rule.name]
    prices = np.array([reward.price for reward in result.program.rewards])
    assert (result.reward_uses.T @ prices).tolist() == result.redeemed[0].sum(axis=0).tolist()
    assert (result.reward_uses[0] * 600 * result.cost_scale).tolist() == result.reward_cost[0].tolist()
    assert result.reward_off.sum(axis=0).tolist() == result.off.sum(axis=0).tolist()


def test_squares_are_sums_over_members(world: World) -> None:
    issued, redeemed, expired = (
        flows(world, kind) for kind in (PostingKind.EARNED, PostingKind.REDEEMED, PostingKind.EXPIRED)
    )
    outstanding = np.cumsum(issued - redeemed - expired, axis=1)
    assert outstanding.sum(axis=0).tolist() == world.result.outstanding[0].sum(axis=0).tolist()
    for ours, member_months in zip(
        world.result.squares[0], (issued, redeemed, expired, outstanding), strict=True
    ):
        assert list(ours) == (member_months**2).sum(axis=0).tolist()


def redemptions(world: World, member: int) -> list[tuple[int, int, int]]:
    """(month of issue, month of redemption, units) of one member, tail included."""
    return [
        (world.month(posting.expiry - LIFE), world.month(posting.day), posting.units)
        for posting in world.runs[member].postings
        if posting.kind is PostingKind.REDEEMED
    ]


def test_the_triangle_follows_each_lot_into_the_tail(world: World) -> None:
    redeemed = np.zeros((MONTHS, MONTHS + TAIL), np.int64)
    expired = np.zeros((MONTHS, MONTHS + TAIL), np.int64)
    for one in world.runs:
        for posting in one.postings:
            issued = world.month(posting.expiry - LIFE)
            if issued < MONTHS and posting.kind is not PostingKind.EARNED:
                table = redeemed if posting.kind is PostingKind.REDEEMED else expired
                table[issued, world.month(posting.day) - issued] += posting.units
    assert world.result.redeemed_by_age[0].tolist() == redeemed.tolist()
    assert world.result.expired_by_age[0].tolist() == expired.tolist()


def test_the_triangles_rows_sum_to_the_months_totals(world: World) -> None:
    result = world.result
    for table, totals in ((result.redeemed_by_age, result.redeemed), (result.expired_by_age, result.expired)):
        sums = [sum(table[0, i, m - i] for i in range(m + 1)) for m in range(MONTHS)]
        assert sums == totals[0].sum(axis=0).tolist()
    fate = result.redeemed_by_age[0].sum(axis=1) + result.expired_by_age[0].sum(axis=1)
    assert fate.tolist() == result.issued[0].sum(axis=0).tolist()  # the tail outlives every lot


def test_ultimate_and_future_redemptions_are_sums_of_squares_over_members(world: World) -> None:
    issued = flows(world, PostingKind.EARNED).sum(axis=1)
    redeemed = np.array([sum(u for i, _, u in redemptions(world, m) if i < MONTHS) for m in range(MEMBERS)])
    assert world.result.ultimate[0] == ((issued**2).sum(), (redeemed**2).sum(), (issued * redeemed).sum())
    for month in range(MONTHS):
        later = [sum(u for i, r, u in redemptions(world, m) if i <= month < r) for m in range(MEMBERS)]
        assert world.result.phi_squares[0][month] == sum(units**2 for units in later)
