"""What both evaluators write down, and the identity."""

import attrs
import pytest
from programs_by_hand import program, reward, times

from loyalty_dsl.evaluation.ledger import (
    Obstacle,
    Posting,
    PostingKind,
    Refusal,
    RefusalKind,
    Totals,
    canonical_postings,
    flows_of,
    verify_identity,
)
from loyalty_dsl.evaluation.wording import refuse


def posting(units: int, kind: PostingKind = PostingKind.EARNED, **other: int) -> Posting:
    return Posting(kind, 5, "a", "base", other.get("currency", 0), 5, other.get("expiry", 9), units)


def test_equal_keys_are_summed_and_sorted() -> None:
    """SAME-1: one lot of 7 and lots of 3 and 4 with the same days are the same answer."""
    apart = canonical_postings([posting(3), posting(5, expiry=8), posting(4)])
    merged = canonical_postings([posting(7), posting(5, expiry=8)])
    assert (
        apart
        == merged
        == (
            ("a", 5, "earned", "base", 0, 5, 8, 5),
            ("a", 5, "earned", "base", 0, 5, 9, 7),
        )
    )
    assert canonical_postings([posting(7, expiry=8), posting(5)]) != merged


def test_refusals_are_equal_only_if_the_reason_is() -> None:
    """SAME-1: and the kind of a refusal follows from its reason."""
    short = refuse(program(reward()), "a", 5, Obstacle.SHORT_BALANCE, reward())
    assert short == Refusal("a", 5, "five_off", Obstacle.SHORT_BALANCE, short.reason)
    assert short != refuse(program(reward()), "a", 5, Obstacle.WHEN, reward())
    assert short.kind is RefusalKind.REWARD
    assert refuse(program(), "a", 5, Obstacle.BEFORE_START, None).kind is RefusalKind.BEFORE_START


def test_every_obstacle_is_worded_once() -> None:
    """SAME-1: in words of its own, and none without."""
    asked = reward(100, 500, times(1), minimum_basket=2000, minimum_balance=300)
    of_events = (
        Obstacle.BEFORE_START,
        Obstacle.ALREADY_JOINED,
        Obstacle.NO_RETURNS,
        Obstacle.UNKNOWN_ORIGINAL,
        Obstacle.TOO_LATE,
        Obstacle.TOO_MUCH,
        Obstacle.WHICH_ITEMS,
        Obstacle.UNKNOWN_ITEM,
    )
    said_by_the_program = (Obstacle.GATE, Obstacle.EVENT_GATE)
    words = {
        refuse(program(asked), "a", 5, obstacle, None if obstacle in of_events else asked).reason
        for obstacle in Obstacle
        if obstacle not in said_by_the_program
    }
    assert len(words) == len(Obstacle) - len(said_by_the_program)
    with pytest.raises(ValueError, match="about an event"):
        refuse(program(asked), "a", 5, Obstacle.BEFORE_START, asked)
    with pytest.raises(ValueError, match="about a reward"):
        refuse(program(asked), "a", 5, Obstacle.LIMIT, None)


def test_flows_are_sums_of_postings() -> None:
    """LEDGER-1: by kind, for one currency."""
    kinds = PostingKind
    postings = [
        posting(40, kinds.OPENING),
        posting(10),
        posting(15, kinds.REDEEMED),
        posting(25, kinds.EXPIRED),
        posting(99, currency=1),
    ]
    flows = Totals(opening=40, issued=10, redeemed=15, expired=25, outstanding=10)
    assert flows_of(postings, 0) == flows
    owing = attrs.evolve(flows, reversed=12, outstanding=-2)
    assert flows_of([*postings, posting(12, kinds.REVERSED)], 0) == owing
    assert verify_identity(owing) == ()


def test_totals_add_up_over_members() -> None:
    """LEDGER-1"""
    total = Totals(issued=3, outstanding=3, pending=1) + Totals(issued=2, redeemed=2)
    assert total == Totals(issued=5, redeemed=2, outstanding=3, pending=1)
    assert verify_identity(total) == ()


def test_what_one_member_owes_does_not_hide_what_another_has_pending() -> None:
    """LEDGER-1: pending is at most what is outstanding of each member, and not of all together."""
    holds = Totals(issued=5, outstanding=5, pending=4)
    owes = Totals(issued=1, reversed=9, outstanding=-8)
    assert verify_identity(holds + owes, [holds, owes]) == ()
    assert verify_identity(holds + owes)
    too_many = Totals(issued=5, outstanding=5, pending=6)
    assert verify_identity(too_many + owes, [too_many, owes])
    assert verify_identity(holds + owes, [holds])


@pytest.mark.parametrize(
    "totals",
    [
        Totals(issued=10, outstanding=9),
        Totals(issued=10, expired=4, outstanding=10),
        Totals(issued=10, outstanding=10, pending=11),
        Totals(issued=10, redeemed=11, outstanding=-1, pending=-1),
        Totals(issued=10, reversed=12, outstanding=-2, pending=1),
        Totals(issued=10, reversed=2, outstanding=10),
    ],
)
def test_a_broken_identity_is_told(totals: Totals) -> None:
    """LEDGER-1: in words."""
    (problem,) = verify_identity(totals)
    assert problem
