"""What friends do reaches the member who brought them, whatever the depth (REFER-1 to REFER-4)."""

from collections.abc import Callable

import attrs
import numpy as np
import pytest
from histories_by_hand import ENGINES

from loyalty_dsl.evaluation.delivery import waves_of
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE

TEXT = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2020-01-01 by purchase date

    event purchase { online  yes/no }
    currency points "Points" {
        round   down per rule
        expire  6 months after earning
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    referral joined {
        on    join by friend
        give  7 points
        give  5 points to friend
    }
    referral bought {
        on    first 2 purchases by friend within 60 days of join where amount >= $10
        give  30 points
        limit 100 points per calendar month
    }
    referral stayed {
        on    first purchase by friend kept 14 days
        give  1000 points
    }
    reward five_off {
        price  20 points
        give   $5 off in full
    }
    returns { balance stops at zero }
}
"""
FIRST = 18262  # 1 January 2020


@pytest.fixture
def corner(program_of: Callable[[str], Program]) -> Program:
    return program_of(TEXT)


def history_of(program: Program, seed: int, members: int = 7, events: int = 12) -> History:
    """Members of whom each was brought by an earlier or a later one, or by nobody, in no circle."""
    draw = np.random.default_rng(seed)
    starts, original, reward = [0], [], []
    day: list[int] = []
    kind: list[int] = []
    basket: list[int] = []
    for _ in range(members):
        first = len(day)
        on = FIRST + int(draw.integers(0, 20))
        for _ in range(int(draw.integers(0, events))):
            on += int(draw.choice([0, 0, 1, 3, 9, 14, 30]))
            bought = [e for e in range(first, len(day)) if kind[e] == PURCHASE]
            what = draw.choice([PURCHASE, PURCHASE, PURCHASE, JOIN, RETURN, -1])
            original.append(-1)
            if what == RETURN and bought:
                original[-1] = int(draw.choice(bought))
            elif what == RETURN:
                what = JOIN
            kind.append(int(what))
            day.append(on)
            amount = int(draw.integers(0, 6000))
            if original[-1] >= 0 and draw.integers(0, 2):
                amount = basket[original[-1]]
            basket.append(amount if what in (PURCHASE, RETURN) else 0)
            reward.append(0 if what == -1 or (what == PURCHASE and draw.integers(0, 3) == 0) else -1)
        starts.append(len(day))
    shuffled = draw.permutation(members)
    referrers = np.full(members, -1)
    for place, member in enumerate(shuffled.tolist()):
        if place and draw.integers(0, 4):
            referrers[member] = shuffled[draw.integers(0, place)]
    count = len(day)
    width = max(len(event.fields) for event in program.events)
    fields = np.zeros((count, width), np.int64)
    fields[:, 0] = draw.integers(0, 2, count) * (np.asarray(kind) == PURCHASE)
    return History(
        members=[f"m{member}" for member in range(members)],
        starts=np.asarray(starts),
        ids=[f"e{event - starts[m]}" for m in range(members) for event in range(starts[m], starts[m + 1])],
        rows=np.arange(1, count + 1),
        day=np.asarray(day, np.int64),
        minute=np.zeros(count, np.int64),
        kind=np.asarray(kind, np.int64),
        basket=np.asarray(basket, np.int64),
        fields=fields,
        item_starts=np.zeros(count + 1, np.int64),
        item_price=np.zeros(0, np.int64),
        item_fields=np.zeros((0, 0), np.int64),
        reward=np.asarray(reward, np.int64),
        quantity=np.asarray([1 if r >= 0 else 0 for r in reward], np.int64),
        last_day=max(day, default=FIRST) + int(draw.integers(0, 30)),
        original=np.asarray(original, np.int64),
        referrers=referrers,
    )


def small(program: Program, events: list[tuple[str, int, int, int, int]], brought: dict[str, str]) -> History:
    """A history of (member, day from the first, kind, basket, original), grouped by member."""
    names = list(dict.fromkeys(event[0] for event in events))
    count = len(events)
    return attrs.evolve(
        history_of(program, 0),
        members=names,
        starts=np.searchsorted([names.index(e[0]) for e in events], np.arange(len(names) + 1)),
        ids=[f"e{i}" for i in range(count)],
        rows=np.arange(1, count + 1),
        day=np.asarray([FIRST + e[1] for e in events]),
        minute=np.zeros(count, np.int64),
        kind=np.asarray([e[2] for e in events]),
        basket=np.asarray([e[3] for e in events]),
        fields=np.zeros((count, max(len(event.fields) for event in program.events)), np.int64),
        item_starts=np.zeros(count + 1, np.int64),
        reward=np.full(count, -1),
        quantity=np.zeros(count, np.int64),
        original=np.asarray([e[4] for e in events]),
        member_fields=np.zeros((count, 0), np.int64),
        referrers=np.asarray([names.index(brought[name]) if name in brought else -1 for name in names]),
        last_day=FIRST + 40,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_what_friends_do_pays_their_referrer(corner: Program, engine: Engine) -> None:
    """REFER-1 to REFER-4, down a chain: each is paid for those whom they brought themselves."""
    events = [
        ("ann", 0, PURCHASE, 100, -1),
        ("bob", 1, JOIN, 0, -1),
        ("bob", 2, PURCHASE, 1500, -1),
        ("bob", 3, RETURN, 500, 2),
        ("bob", 4, PURCHASE, 2000, -1),
        ("cid", 1, JOIN, 0, -1),
        ("cid", 5, PURCHASE, 3000, -1),
        ("cid", 6, RETURN, 3000, 6),
        ("cid", 7, PURCHASE, 900, -1),
    ]
    replayed = replay(corner, small(corner, events, {"bob": "ann", "cid": "bob"}), engine)
    issued, taken = replayed.balances.issued[:, 0].tolist(), replayed.balances.reversed[:, 0].tolist()
    # ann: $1; 7 for bob, 30 for each of his purchases of which a third of one goes back; the first was kept.
    assert (issued[0], taken[0]) == (1 + 7 + 30 + 30 + 1000, 10)
    # bob: 5 for coming, $15 less 5, $20; 7 for cid and 30 that go back; cid's first purchase was not kept.
    assert (issued[1], taken[1]) == (5 + 15 + 20 + 7 + 30, 5 + 30)
    assert (issued[2], taken[2]) == (5 + 30 + 9, 30)
    assert not replayed.refusals


@pytest.mark.parametrize("seed", range(25))
def test_both_engines_agree_on_members_who_bring_each_other(corner: Program, seed: int) -> None:
    """SAME-1, with chains of friends, returns, refused events and rewards."""
    history = history_of(corner, seed)
    compiled, reference = (replay(corner, history, engine, 1, True) for engine in ENGINES)
    for field in attrs.fields(type(compiled.balances)):
        mine, theirs = (getattr(each.balances, field.name) for each in (compiled, reference))
        assert np.array_equal(mine, theirs), field.name
    assert compiled.postings == reference.postings
    assert compiled.refusals == reference.refusals
    assert compiled.rules == reference.rules
    assert compiled.rewards == reference.rewards
    assert np.array_equal(compiled.usage, reference.usage)
    assert np.array_equal(compiled.counters, reference.counters)


def test_friends_come_in_earlier_waves() -> None:
    waves = [wave.tolist() for wave in waves_of(np.array([-1, 0, 1, 0, -1, 1]))]
    assert waves == [[2, 3, 4, 5], [1], [0]]
    with pytest.raises(ValueError, match="circle"):
        list(waves_of(np.array([1, 0, -1])))
