"""Rows become a history in which every row is accounted for."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from corner_program import BODY, HEAD, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.pipeline import load
from loyalty_dsl.transactions.histories import (
    DUPLICATE,
    LATE,
    OTHER_DAY,
    SECOND_REWARD,
    SIBLING,
    SPLIT,
    TOO_LARGE,
    UNLIKE,
    WITHOUT_PURCHASE,
    HistoryResult,
    read_history,
)

Read = Callable[..., HistoryResult]

HEADER = "member,time,purchase,amount,kind,reward,quantity"


def test_members_come_in_order_of_appearance_each_in_time_order(read: Read, program: Program) -> None:
    by_time = read(program, HEADER[:27], "bob,2020-01-01,b1,1", "ann,2020-01-02,a1,2", "bob,2020-01-03,b2,3")
    assert list(by_time.history.members) == ["bob", "ann"]
    assert by_time.history.starts.tolist() == [0, 2, 3]
    assert list(by_time.history.ids) == ["b1", "b2", "a1"]
    assert by_time.history.rows.tolist() == [1, 3, 2]
    assert not by_time.refused


def test_an_id_is_made_where_there_is_none(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount", "ann,2020-01-01,1", "ann,2020-01-01,1")
    assert list(result.history.ids) == ["row 1", "row 2"]


def test_a_late_row_is_refused_and_not_the_ones_after_it(read: Read, program: Program) -> None:
    result = read(
        program,
        "member,time,amount",
        "ann,2020-01-05 10:00,1",
        "ann,2020-01-05 09:59,2",
        "ann,2020-01-05 10:00,3",
        "bob,2020-01-01,4",
    )
    assert reasons(result) == {2: LATE}
    assert result.history.basket.tolist() == [100, 300, 400]


def test_a_repeated_id_is_refused_within_a_member_only(read: Read, program: Program) -> None:
    result = read(
        program,
        "member,time,purchase,amount",
        "ann,2020-01-01,p,1",
        "bob,2020-01-01,p,2",
        "ann,2020-01-02,q,3",
        "ann,2020-01-03,p,4",
    )
    assert reasons(result) == {4: DUPLICATE}
    assert result.history.basket.tolist() == [100, 300, 200]


def test_a_redemption_goes_to_the_purchase_that_it_names(read: Read, program: Program) -> None:
    result = read(
        program,
        HEADER,
        "ann,2020-01-01,p1,10,purchase,,",
        "ann,2020-01-01,p1,,redeem,five_off,2",
        "ann,2020-01-02,p2,,redeem,five_off,",
        "bob,2020-01-02,p1,10,purchase,,",
    )
    history = result.history
    assert not result.refused
    assert history.kind.tolist() == [0, REDEEM, 0]
    assert history.reward.tolist() == [0, 0, -1]
    assert history.quantity.tolist() == [2, 1, 0]
    assert result.redeem_rows.tolist() == [2, -1, -1]


def test_a_redemption_goes_to_the_event_at_which_its_reward_is_chosen(
    read: Read, program_of: Callable[[str], Program]
) -> None:
    trip = "    event trip\n    event walk\n    reward seat {\n        on     trip\n        price  5 points\n"
    program = program_of(HEAD + BODY.rstrip().rstrip("}") + trip + "        give   1 seat\n    }\n}\n")
    result = read(
        program,
        HEADER,
        "ann,2020-01-01,t1,,trip,,",
        "ann,2020-01-01,t1,,redeem,seat,1",
        "ann,2020-01-02,w1,,walk,,",
        "ann,2020-01-02,w1,,redeem,seat,1",
    )
    seat = next(reward.index for reward in program.rewards if reward.name == "seat")
    assert reasons(result) == {4: DUPLICATE}  # nothing is chosen at a walk
    assert result.history.reward.tolist() == [seat, -1]
    assert result.redeem_rows.tolist() == [2, -1]


def test_a_second_reward_at_a_purchase_is_refused(read: Read, program: Program) -> None:
    result = read(
        program,
        HEADER,
        "ann,2020-01-01,p1,10,purchase,,",
        "ann,2020-01-01,p1,,redeem,five_off,1",
        "ann,2020-01-01,p1,,redeem,five_off,1",
    )
    assert reasons(result) == {3: SECOND_REWARD}
    assert result.history.quantity.tolist() == [1]


def test_a_redemption_may_come_before_its_purchase_but_not_on_another_day(
    read: Read, program: Program
) -> None:
    result = read(
        program,
        HEADER,
        "ann,2020-01-01 09:00,p1,,redeem,five_off,",
        "ann,2020-01-01 10:00,p1,10,purchase,,",
        "ann,2020-01-02,p2,10,purchase,,",
        "ann,2020-01-03,p2,,redeem,five_off,",
        "ann,2020-01-03,p3,,redeem,five_off,",
    )
    assert reasons(result) == {4: OTHER_DAY}
    assert result.history.kind.tolist() == [0, 0, REDEEM]
    assert result.redeem_rows.tolist() == [1, -1, -1]


def test_nobody_chooses_an_automatic_reward(read: Read, program_of: Callable[[str], Program]) -> None:
    body = BODY.replace(
        "give   $5 off in full", "give   $5 off in full\n        issue  automatically at checkout"
    )
    program = program_of(HEAD + body)
    result = read(
        program, HEADER, "ann,2020-01-01,p1,,redeem,five_off,", "ann,2020-01-02,p1,,redeem,six_off,"
    )
    assert reasons(result) == {
        1: "`reward` is taken by itself at checkout; nobody chooses it",
        2: "`reward` names a reward where there is none to choose",
    }


def test_all_that_is_wrong_with_a_row_is_told(read: Read, program: Program) -> None:
    result = read(program, HEADER, "ann,x,p1,-4,purchas,,", "bob,2020-01-01,p1,-4,purchase,,")
    assert reasons(result) == {
        1: "`kind` is not one of purchase, join, redeem; `time` is not a time such as 2026-01-31 18:55 or a "
        "date; `amount` is negative",
        2: "`amount` is negative",
    }
    lines = result.refused.describe().splitlines()
    assert lines[0] == "  2 x `amount` is negative: row 1 (`-4`), row 2 (`-4`)"
    assert lines[1].endswith("row 1 (`purchas`, did you mean `purchase`?)")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ann,2020-01-01,p,1,purchas,,", "`kind` is not one of purchase, join, redeem"),
        ("ann,2020-01-01,p,1,,,", "`kind` is missing"),
        ("ann,2020-01-01,,1,purchase,,", "`purchase` is missing"),
        (",2020-01-01,p,1,purchase,,", "`member` is missing"),
        ("ann,,p,1,purchase,,", "`time` is missing"),
        ("ann,2020-01-01,p,,purchase,,", "`amount` is missing"),
        ("ann,2020-01-01,p,,redeem,,", "`reward` is missing"),
        ("ann,2020-01-01,p,,redeem,six_off,", "`reward` is not one of five_off"),
        ("ann,2020-01-01,p,,redeem,five_off,0", "`quantity` is not a number of times"),
        ("ann,2020-01-01,p,5,redeem,five_off,", "`amount` is an amount on a row whose kind has none"),
        ("ann,2020-01-01,p,5,join,,", "`amount` is an amount on a row whose kind has none"),
        ("ann,2020-01-01,p,5,purchase,five_off,", "`reward` is given on a row that is no `redeem`"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(read: Read, program: Program, line: str, reason: str) -> None:
    result = read(program, HEADER, line, "bob,2020-01-01,p,1,purchase,,")
    assert reasons(result) == {1: reason}
    assert list(result.history.members) == ["bob"]


# ---- items

ITEMS = "member,time,purchase,amount,online,category,kind,reward"


def test_rows_of_a_purchase_are_its_items(read: Read, with_items: Program) -> None:
    result = read(
        with_items,
        ITEMS,
        "ann,2020-01-01,p1,6.00,yes,drink,purchase,",
        "bob,2020-01-01,p1,1.00,no,food,purchase,",
        "ann,2020-01-01,p1,4.00,yes,food,purchase,",
        "ann,2020-01-02,,,,,join,",
    )
    history = result.history
    assert history.basket.tolist() == [1000, 0, 100]
    assert history.item_starts.tolist() == [0, 2, 2, 3]
    assert history.item_price.tolist() == [600, 400, 100]
    assert history.item_fields.tolist() == [[0], [1], [1]]
    assert history.rows.tolist() == [1, 4, 2]


def test_a_purchase_is_whole_or_absent(read: Read, with_items: Program) -> None:
    result = read(
        with_items,
        ITEMS,
        "ann,2020-01-01,p1,abc,yes,drink,purchase,",
        "ann,2020-01-01,p1,4.00,yes,food,purchase,",
        "ann,2020-01-01,p1,,,,redeem,five_off",
        "ann,2020-01-02,p2,1.00,yes,food,purchase,",
    )
    assert {row: reason for row, reason in reasons(result).items() if row > 1} == {2: SIBLING, 3: SIBLING}
    assert result.history.basket.tolist() == [100]


def test_items_that_contradict_each_other_are_refused_together(read: Read, with_items: Program) -> None:
    result = read(
        with_items,
        ITEMS,
        "ann,2020-01-01,p1,1,yes,drink,purchase,",
        "ann,2020-01-01,p1,1,no,drink,purchase,",
        "ann,2020-01-02,p2,9000000,yes,drink,purchase,",
        "ann,2020-01-02,p2,9000000,yes,drink,purchase,",
        "ann,2020-01-03,p3,1,yes,drink,purchase,",
    )
    assert {row: reason for row, reason in reasons(result).items() if row < 3} == {1: UNLIKE, 2: UNLIKE}
    assert "larger than any may be" in reasons(result)[3]
    assert result.history.basket.tolist() == [100]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("ann,2020-01-01,p1,1,no,drink,purchase,", UNLIKE),
        ("ann,2020-01-01 12:00,p1,1,yes,drink,purchase,", UNLIKE),
        ("ann,2020-01-01,p1,9999999.01,yes,drink,purchase,", TOO_LARGE),
    ],
)
def test_a_redemption_goes_with_its_purchase(
    read: Read, with_items: Program, second: str, reason: str
) -> None:
    result = read(
        with_items,
        ITEMS,
        "ann,2020-01-01,p1,1,yes,drink,purchase,",
        second,
        "ann,2020-01-01 12:00,p1,,,,redeem,five_off",
        "ann,2020-01-02,p2,1,yes,drink,purchase,",
    )
    assert reasons(result) == {1: reason, 2: reason, 3: WITHOUT_PURCHASE}
    assert list(result.history.ids) == ["p2"]


def test_a_purchase_whose_rows_are_apart_is_absent(read: Read, with_items: Program) -> None:
    result = read(
        with_items,
        ITEMS,
        "ann,2020-01-01,p1,1,yes,drink,purchase,",
        "ann,2020-01-01,p2,1,yes,drink,purchase,",
        "ann,2020-01-01,p1,1,yes,food,purchase,",
        "ann,2020-01-01,p1,,,,redeem,five_off",
        "bob,2020-01-01,p1,1,yes,drink,purchase,",
    )
    assert reasons(result) == {1: SPLIT, 3: SPLIT, 4: WITHOUT_PURCHASE}
    assert list(result.history.ids) == ["p2", "p1"]


# ---- the whole


def mostly(*good: str, rarely: str) -> st.SearchStrategy[str]:
    """One of the good words, or one time in about twenty the other."""
    return st.sampled_from((*good * (20 // len(good)), rarely))


def messy_rows(kind: str, amount: str, online: str, category: str, reward: str) -> st.SearchStrategy[object]:
    """Rows as in `ITEMS` of one kind, so alike that they often share a member, a day and an id. A blank
    value is blank in each row; any other is wrong in some."""

    def cell(good: str, rarely: str) -> st.SearchStrategy[str]:
        return mostly(good, rarely=rarely) if good else st.just("")

    return st.tuples(
        mostly("ann", "ann", "ann", "bob", rarely=""),
        mostly("2020-01-01", "2020-01-01", "2020-01-01", "2020-01-02T10:00:00Z", rarely="x"),
        mostly("p1", "p1", "p2", rarely=""),
        cell(amount, "-1"),
        cell(online, "no"),
        cell(category, "fod"),
        cell(kind, "vist"),
        cell(reward, "six_off"),
    )


PURCHASES = messy_rows("purchase", "1", "yes", "drink", "")
LARGE = messy_rows("purchase", "6000000", "yes", "food", "")
REDEMPTIONS = messy_rows("redeem", "", "", "", "five_off")
VISITS = messy_rows("visit", "", "", "", "")


@given(
    rows=st.lists(st.one_of(PURCHASES, PURCHASES, LARGE, REDEMPTIONS, VISITS), max_size=8),
    by_item=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_every_row_is_in_one_place_and_every_purchase_whole(
    rows: list[tuple[str, ...]], by_item: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    fields = "    event purchase { online  yes/no }\n    event visit\n"
    items = "    item { category  one of drink, food }\n" if by_item else ""
    (folder / "rules.loyalty").write_text(HEAD + fields + items + BODY)
    (program,) = load(folder / "rules.loyalty").programs
    path = folder / "rows.csv"
    path.write_text("\n".join([ITEMS, *(",".join(row) for row in rows)]) + "\n")
    result = read_history(program, path)
    history = result.history

    rows_of_events = (history.item_starts[1:] - history.item_starts[:-1]).clip(1)
    places = [
        *(row for row, number in zip(history.rows, rows_of_events, strict=True) for row in [row] * number),
        *result.redeem_rows[result.redeem_rows >= 0],
        *(refused.row for refused in result.refused.rows),
    ]
    assert len(places) == result.refused.total == len(rows)
    assert len({*places}) == len(places) - int((rows_of_events - 1).sum())

    for member, first, end in zip(history.members, history.starts[:-1], history.starts[1:], strict=True):
        assert (history.day[first:end][1:] >= history.day[first:end][:-1]).all()
        assert len(set(list(history.ids)[first:end])) == end - first
        for event in range(first, end):
            bought = [
                row for row in rows if (row[0], row[2], row[6]) == (member, history.ids[event], "purchase")
            ]
            if by_item and bought and history.kind[event] == PURCHASE:
                assert rows_of_events[event] == len(bought)


def test_csv_and_parquet_give_the_same_history(tmp_path: Path, program: Program) -> None:
    frame = pl.DataFrame(
        {"member": ["a", "b", "a"], "time": ["2020-01-01 10:00:00"] * 3, "amount": ["1", "2.5", "3.99"]}
    )
    frame.write_csv(tmp_path / "rows.csv")
    typed = frame.with_columns(pl.col("time").str.to_datetime(), pl.col("amount").cast(pl.Decimal(9, 2)))
    typed.write_parquet(tmp_path / "rows.parquet")
    text, binary = (read_history(program, tmp_path / name).history for name in ("rows.csv", "rows.parquet"))
    for name in ("starts", "rows", "day", "minute", "kind", "basket", "reward", "quantity"):
        assert getattr(text, name).tolist() == getattr(binary, name).tolist(), name


def test_no_rows_is_an_empty_history(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount")
    assert result.history.starts.tolist() == [0]
    assert result.history.last_day == program.starts


def test_the_reference_can_read_every_event(read: Read, with_items: Program) -> None:
    history = read(with_items, ITEMS, "ann,2020-01-01,p1,6.00,yes,drink,purchase,").history
    (event,) = history.events_of(0, [len(kind.fields) for kind in with_items.events])
    assert (event.id, event.basket, event.fields, event.items[0].price) == ("p1", 600, (1,), 600)
