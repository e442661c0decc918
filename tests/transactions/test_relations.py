"""Returns name what they take back, members those who brought them, and rows say what is known of members."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from corner_program import HEAD, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.calendar import day_of
from loyalty_dsl.evaluation.delivery import waves_of
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE, UNSAID
from loyalty_dsl.pipeline import load
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.histories import (
    DUPLICATE,
    OTHER_SAYING,
    SIBLING,
    UNLIKE,
    HistoryResult,
    read_history,
)
from loyalty_dsl.transactions.relations import (
    LATER,
    NO_AMOUNT,
    NOTHING_LEFT,
    OF_ANOTHER,
    ONESELF,
    ROUND,
    SECOND,
    STRANGER,
    TOO_LATE,
    TOO_MUCH,
    UNKNOWN,
)
from loyalty_dsl.transactions.rows import NO_RETURNS
from loyalty_dsl.transactions.schema import schema_of

Read = Callable[..., HistoryResult]

POINTS = """\
    currency points "Points" {
        round   down per rule
        expire  never
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
"""
RETURNS = "    returns { balance stops at zero }\n}\n"
HEADER = "member,time,purchase,amount,kind,returns"


@pytest.fixture
def with_returns(program_of: Callable[[str], Program]) -> Program:
    return program_of(HEAD + "    event visit { guests  number }\n" + POINTS + RETURNS)


@pytest.fixture
def with_item_returns(program_of: Callable[[str], Program]) -> Program:
    return program_of(HEAD + "    item { category  one of drink, food }\n" + POINTS + RETURNS)


@pytest.fixture
def with_member(program_of: Callable[[str], Program]) -> Program:
    """A birthday that a clock reads, a choice that a rule reads, and a number that nothing reads."""
    return program_of(
        HEAD
        + "    member {\n        birthday  date\n        tier  one of plain, card\n"
        + "        shoe  number\n    }\n"
        + POINTS
        + "    earn gift {\n        on    birthday\n        give  10 points\n    }\n"
        + "    earn carded {\n        on    purchase\n        when  tier is card\n"
        + "        give  1 point per whole $1\n    }\n}\n"
    )


@pytest.fixture
def with_friends(program_of: Callable[[str], Program]) -> Program:
    return program_of(
        HEAD
        + POINTS
        + "    referral friends {\n        on    join by friend\n        give  10 points\n    }\n}\n"
    )


# ---- returns


def test_a_return_gives_back_a_part_or_all_that_is_left(read: Read, with_returns: Program) -> None:
    result = read(
        with_returns,
        HEADER,
        "ann,2020-01-01,p1,10.00,purchase,",
        "ann,2020-01-02,p2,3.00,purchase,",
        "ann,2020-01-03,r1,6.00,return,p1",
        "ann,2020-01-04,,,return,p1",
        "ann,2020-01-05,,,return,p2",
    )
    assert not result.refused
    assert result.history.kind.tolist() == [0, 0, RETURN, RETURN, RETURN]
    assert result.history.basket.tolist() == [1000, 300, 600, 400, 300]
    assert result.history.original.tolist() == [-1, -1, 0, 0, 1]
    assert result.history.item_starts.tolist() == [0] * 6


def test_a_return_that_cannot_be_is_refused(read: Read, with_returns: Program) -> None:
    result = read(
        with_returns,
        HEADER + ",guests",
        "ann,2020-01-01,p1,10.00,purchase,,",
        "ann,2020-01-02,r1,10.01,return,p1,",
        "ann,2020-01-02,r2,,return,p1,",
        "ann,2020-01-02,r3,,return,p1,",
        "ann,2020-01-02,r4,,return,px,",
        "ann,2020-01-02,r5,,return,p3,",
        "ann,2020-01-02,r6,,return,r2,",
        "ann,2020-01-02,r7,,return,b1,",
        "ann,2020-01-02,j1,,visit,,2",
        "ann,2020-01-03,r8,,return,,",
        "ann,2020-01-03,p3,5.00,purchase,p1,",
        "bob,2020-01-03,b1,5.00,purchase,,",
        "bob,2020-01-03,b2,5.00,join,,",
    )
    assert reasons(result) == {
        2: TOO_MUCH,
        4: NOTHING_LEFT,
        5: UNKNOWN,
        6: UNKNOWN,  # p3 is refused
        7: NO_AMOUNT,
        8: OF_ANOTHER,
        10: "`returns` is missing",
        11: "`returns` is given on a row that is no `return`",
        13: "`amount` is an amount on a row whose kind has none",
    }
    assert result.history.basket.tolist() == [1000, 1000, 0, 500]


def test_a_return_of_a_later_or_refused_purchase_is_refused(read: Read, with_returns: Program) -> None:
    result = read(
        with_returns,
        HEADER,
        "ann,2020-01-01,r1,,return,p1",
        "ann,2020-01-02,p1,10.00,purchase,",
        "bob,2020-01-02,p1,ten,purchase,",
        "bob,2020-01-03,r1,,return,p1",
    )
    assert reasons(result) == {1: LATER, 3: "`amount` is not an amount such as 12.50", 4: OF_ANOTHER}


def test_a_bad_return_does_not_take_a_purchase_of_its_id_with_it(read: Read, with_returns: Program) -> None:
    result = read(
        with_returns, HEADER, "ann,2020-01-01,p1,10.00,purchase,", "ann,2020-01-02,p1,ten,return,p1"
    )
    assert list(reasons(result)) == [2]
    result = read(
        with_returns, HEADER, "ann,2020-01-01,p1,10.00,purchase,", "ann,2020-01-02,p1,1.00,return,p1"
    )
    assert reasons(result) == {2: DUPLICATE}


def test_a_program_without_returns_says_what_to_add(read: Read, program: Program) -> None:
    result = read(program, HEADER, "ann,2020-01-01,p1,10,purchase,", "ann,2020-01-02,r1,,return,p1")
    assert reasons(result) == {2: f"`kind` {NO_RETURNS}"}
    assert "returns { balance stops at zero }" in NO_RETURNS


def test_a_file_without_the_column_has_no_returns(read: Read, with_returns: Program) -> None:
    result = read(with_returns, "member,time,amount,kind", "ann,2020-01-01,1,return")
    assert reasons(result) == {1: "`kind` is `return` in a file without a column `returns`"}


def test_items_of_a_return_are_its_rows(read: Read, with_item_returns: Program) -> None:
    result = read(
        with_item_returns,
        HEADER + ",category",
        "ann,2020-01-01,p1,6.00,purchase,,drink",
        "ann,2020-01-01,p1,4.00,purchase,,food",
        "ann,2020-01-01,p1,1.00,purchase,,food",
        "ann,2020-01-02,r1,4.00,return,p1,food",
        "ann,2020-01-02,r1,1.00,return,p1,food",
        "ann,2020-01-03,r2,,return,p1,",
    )
    assert not result.refused
    history = result.history
    assert history.basket.tolist() == [1100, 500, 600]
    assert history.item_starts.tolist() == [0, 3, 5, 5]
    assert history.item_price.tolist() == [600, 400, 100, 400, 100]
    assert history.item_fields[:, 0].tolist() == [0, 1, 1, 1, 1]
    assert history.original.tolist() == [-1, 0, 0]


def test_an_item_that_is_returned_has_a_price_and_one_original(
    read: Read, with_item_returns: Program
) -> None:
    result = read(
        with_item_returns,
        HEADER + ",category",
        "ann,2020-01-01,p1,6.00,purchase,,drink",
        "ann,2020-01-01,p2,4.00,purchase,,food",
        "ann,2020-01-02,r1,,return,p1,drink",
        "ann,2020-01-02,r2,6.00,return,p1,drink",
        "ann,2020-01-02,r2,4.00,return,p2,food",
        "bob,2020-01-02,r3,1.00,return,p2,feed",
        "bob,2020-01-02,r3,1.00,return,p2,food",
    )
    assert reasons(result) == {
        3: "`amount` is missing",
        4: UNLIKE,
        5: UNLIKE,
        6: "`category` is not one of drink, food",
        7: SIBLING,
    }


# ---- what is known of members


def test_a_row_says_of_its_member_what_it_says_and_no_more(read: Read, with_member: Program) -> None:
    result = read(
        with_member,
        "member,time,amount,birthday,tier",
        "ann,2020-01-01,1,,",
        "ann,2020-01-02,1,1990-05-06,",
        "ann,2020-01-03,1,,card",
        "ann,2020-01-04,1,,plain",
        "bob,2020-01-04,1,,card",
    )
    assert not result.refused
    day = day_of(date(1990, 5, 6))
    assert result.history.member_fields.tolist() == [
        [UNSAID, UNSAID, UNSAID],
        [day, UNSAID, UNSAID],
        [UNSAID, 1, UNSAID],
        [UNSAID, 0, UNSAID],
        [UNSAID, 1, UNSAID],
    ]


def test_a_column_that_the_program_asks_about_is_required_and_no_other(
    read: Read, with_member: Program
) -> None:
    assert schema_of(with_member).required == ("birthday", "tier")
    with pytest.raises(InputRefused, match="lacks the columns `birthday`, `tier`"):
        read(with_member, "member,time,amount,shoe", "ann,2020-01-01,1,40")
    result = read(with_member, "member,time,amount,birthday,tier,shoe", "ann,2020-01-01,1,,,40")
    assert result.history.member_fields.tolist() == [[UNSAID, UNSAID, 40]]


def test_a_cell_that_says_nothing_sensible_of_the_member_is_refused(read: Read, with_member: Program) -> None:
    result = read(
        with_member,
        "member,time,amount,birthday,tier",
        "ann,2020-01-01,1,6 May,",
        "ann,2020-01-02,1,,cord",
    )
    assert reasons(result) == {
        1: "`birthday` is not a date such as 2026-01-31",
        2: "`tier` is not one of plain, card",
    }


def test_a_redemption_may_not_say_otherwise_than_its_purchase(
    read: Read, program_of: Callable[[str], Program]
) -> None:
    program = program_of(
        HEAD
        + "    member {\n        vip  yes/no\n    }\n"
        + POINTS
        + "    reward five_off {\n        price  5 points\n        when   vip\n"
        + "        give   $5 off in full\n    }\n}\n"
    )
    header = "member,time,purchase,amount,kind,reward,vip"
    lines = (
        "ann,2020-01-01,p1,9,purchase,,yes",
        "ann,2020-01-01,p1,,redeem,five_off,",
        "ann,2020-01-02,p2,9,purchase,,no",
        "ann,2020-01-02,p2,,redeem,five_off,yes",
    )
    result = read(program, header, *lines)
    assert reasons(result) == {4: OTHER_SAYING}
    assert result.history.reward.tolist() == [0, -1]
    assert result.history.member_fields[:, 0].tolist() == [1, 0]


# ---- who brought a member


def test_a_referrer_is_another_member_of_the_file(read: Read, with_friends: Program) -> None:
    result = read(
        with_friends,
        "member,time,amount,referrer",
        "cid,2020-01-01,1,ann",
        "ann,2020-01-02,1,bob",
        "bob,2020-01-03,1,",
        "cid,2020-01-04,1,ann",
        "cid,2020-01-05,1,",
    )
    assert not result.refused
    assert list(result.history.members) == ["cid", "ann", "bob"]
    assert result.history.referrers.tolist() == [1, 2, -1]


def test_a_referrer_that_cannot_be_is_refused(read: Read, with_friends: Program) -> None:
    result = read(
        with_friends,
        "member,time,amount,referrer",
        "ann,2020-01-01,1,ann",
        "ann,2020-01-02,1,",
        "bob,2020-01-01,1,zed",
        "bob,2020-01-02,1,",
        "cid,2020-01-01,1,ann",
        "cid,2020-01-02,1,bob",
        "dan,2020-01-01,1,",
        "dan,2020-01-02,1,ann",
    )
    assert reasons(result) == {1: ONESELF, 3: STRANGER, 6: SECOND, 8: TOO_LATE}
    assert result.history.referrers.tolist() == [-1, -1, 0, -1]


def test_nobody_is_brought_by_those_whom_they_brought(read: Read, with_friends: Program) -> None:
    result = read(
        with_friends,
        "member,time,amount,referrer",
        "ann,2020-01-01,1,cid",
        "bob,2020-01-01,1,ann",
        "cid,2020-01-01,1,bob",
        "dan,2020-01-01,1,ann",
        "ann,2020-01-02,1,",
    )
    # Of those in the circle only ann has another row, so dan keeps the one who brought him.
    assert reasons(result) == {1: ROUND, 2: ROUND, 3: ROUND}
    assert list(result.history.members) == ["ann", "dan"]
    assert result.history.referrers.tolist() == [-1, 0]


def test_a_member_of_whom_no_row_is_left_brought_nobody(read: Read, with_friends: Program) -> None:
    result = read(with_friends, "member,time,amount,referrer", "ann,2020-01-01,1,zed", "bob,2020-01-01,1,ann")
    assert reasons(result) == {1: STRANGER, 2: STRANGER}


def test_a_referrer_is_not_read_where_it_does_not_matter(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount,referrer", "ann,2020-01-01,1,zed")
    assert not result.refused
    assert "referrer" not in schema_of(program).names


def test_friends_events_are_no_rows(read: Read, with_friends: Program) -> None:
    assert list(schema_of(with_friends).kinds()) == ["purchase", "join", "redeem", "return"]


# ---- every row


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cid"]),
        st.sampled_from(["p1", "p2", "r1", "r2", ""]),
        st.sampled_from(["1.00", "2.50", "", "x"]),
        st.sampled_from(["purchase", "purchase", "return", "return", "join", "redeem"]),
        st.sampled_from(["", "p1", "p2", "r1"]),
        st.sampled_from(["", "", "ann", "bob", "cid", "zed"]),
        st.sampled_from(["", "drink", "food"]),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Program:
    path = tmp_path_factory.mktemp("relations") / "rules.loyalty"
    referral = "    referral friends {\n        on    join by friend\n        give  10 points\n    }\n"
    path.write_text(HEAD + "    item { category  one of drink, food }\n" + POINTS + referral + RETURNS)
    (program,) = load(path).programs
    return program


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_every_row_is_used_or_refused_and_what_is_used_makes_sense(
    everything: Program, rows: list[tuple[str, ...]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        lines = [",".join((row[0], "2020-01-01", *row[1:])) for row in rows]
        header = "member,time,purchase,amount,kind,returns,referrer,category"
        path.write_text("\n".join([header, *lines]) + "\n")
        result = read_history(everything, path)
    history = result.history
    widths = (history.item_starts[1:] - history.item_starts[:-1]).clip(1)
    used = int(widths.sum()) + int((result.redeem_rows >= 0).sum())
    assert used + len(result.refused) == result.refused.total == len(rows)
    counts = (history.starts[1:] - history.starts[:-1]).tolist()
    member_of = [member for member, count in enumerate(counts) for _ in range(count)]
    returned: dict[int, int] = {}
    for event, original in enumerate(history.original.tolist()):
        assert (original >= 0) == (history.kind[event] == RETURN)
        if original >= 0:
            assert original < event
            assert member_of[original] == member_of[event]
            assert history.kind[original] == PURCHASE
            returned[original] = returned.get(original, 0) + int(history.basket[event])
    assert all(units <= history.basket[original] for original, units in returned.items())
    assert (history.basket >= 0).all()
    assert sum(map(len, waves_of(history.referrers))) == len(history.members)  # and in no circle
    replay(everything, history, "reference")
