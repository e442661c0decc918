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
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.histories import (
    DUPLICATE,
    LATE,
    SECOND_REWARD,
    SIBLING,
    UNLIKE,
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


# ---- the whole


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_row_is_in_the_history_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from loyalty_dsl.pipeline import load

    folder = tmp_path_factory.mktemp("rows")
    (folder / "rules.loyalty").write_text(HEAD + "    item { category  one of drink, food }\n" + BODY)
    (program,) = load(folder / "rules.loyalty").programs
    pick = lambda *values: data.draw(st.sampled_from(values))  # noqa: E731
    lines = [
        ",".join(
            (
                pick("ann", "bob", ""),
                pick("2020-01-01", "2020-01-02 10:00", "2020-01-02T10:00:00Z", "x"),
                pick("p1", "p2", "p3", ""),
                pick("1", "2.50", "-1", ""),
                pick("drink", "food", "fod"),
                pick("purchase", "purchase", "purchase", "redeem", "join"),
                pick("five_off", "", ""),
            )
        )
        for _ in range(data.draw(st.integers(0, 12)))
    ]
    path = folder / "rows.csv"
    path.write_text("\n".join(["member,time,purchase,amount,category,kind,reward", *lines]) + "\n")
    result = read_history(program, path)
    history = result.history
    items = history.item_starts[1:] - history.item_starts[:-1]
    used = int(items.sum()) + int((items == 0).sum()) + int((result.redeem_rows >= 0).sum())
    refused = [row.row for row in result.refused.rows]
    assert len(set(refused)) == len(refused)
    assert used + len(refused) == result.refused.total == len(lines)
    for first, end in zip(history.starts[:-1], history.starts[1:], strict=True):
        assert (history.day[first:end][1:] >= history.day[first:end][:-1]).all()
        assert len(set(list(history.ids)[first:end])) == end - first


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


def test_a_field_named_as_a_column_is_refused(program_of: Callable[[str], Program], tmp_path: Path) -> None:
    program = program_of(HEAD + "    event purchase { kind  number }\n" + BODY)
    with pytest.raises(InputRefused, match="the name of a column of every file"):
        read_history(program, tmp_path / "rows.csv")
