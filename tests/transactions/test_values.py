"""Cells become exact integers or are refused."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from corner_program import reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.transactions.histories import HistoryResult, read_history
from loyalty_dsl.transactions.values import parse_times

Read = Callable[..., HistoryResult]


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("12.34", 1234),
        ("5", 500),
        ("0.5", 50),
        ("0", 0),
        ("0.29", 29),
        (" 8.95 ", 895),
        ("10000000.00", 10**9),
    ],
)
def test_an_amount_is_read_to_the_cent(read: Read, program: Program, cell: str, minor: int) -> None:
    result = read(program, "member,time,amount", f"ann,2020-01-02,{cell}")
    assert result.history.basket.tolist() == [minor]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12.345", "is not an amount"),
        ("1e2", "is not an amount"),
        ("$5", "is not an amount"),
        ('"1,000"', "is not an amount"),
        ("abc", "is not an amount"),
        ("nan", "is not an amount"),
        ("9" * 30, "is not an amount"),
        ("-3", "is negative"),
        ("10000000.01", "is larger than any purchase"),
        ("", "is missing"),
        ("  ", "is missing"),
    ],
)
def test_any_other_amount_is_refused(read: Read, program: Program, cell: str, reason: str) -> None:
    result = read(program, "member,time,amount", f"ann,2020-01-02,{cell}")
    assert list(reasons(result)) == [1]
    assert reason in reasons(result)[1]
    assert len(result.history.ids) == 0


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("amount", pl.Series([12, 5]), [1200, 500]),
        ("amount", pl.Series([Decimal("12.34"), Decimal("5.00")]), [1234, 500]),
        ("amount", pl.Series([Decimal("12.3400"), Decimal("5.0001")]), [1234, None]),
        ("amount", pl.Series(["12.34", "5"]), [1234, 500]),
        ("amount", pl.Series([12.34, 0.1 + 0.2]), [1234, None]),
        ("amount", pl.Series([float("nan"), 1e300]), [None, None]),
        ("amount", pl.Series([0.35, 5.005]), [35, None]),
        ("amount", pl.Series([8.95, 100_000.35], dtype=pl.Float32), [895, 10_000_035]),
        ("amount", pl.Series([8.951, 1_000_000.35], dtype=pl.Float32), [None, None]),
        ("amount_cents", pl.Series([1234, 500], dtype=pl.Int32), [1234, 500]),
        ("amount_cents", pl.Series([1234.0, 500.5]), [1234, None]),
        ("amount_cents", pl.Series(["1234", "5.0"]), [1234, None]),
    ],
)
def test_typed_amounts_are_exact_or_refused(
    tmp_path: Path, program: Program, column: str, values: pl.Series, expected: list[int | None]
) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"member": ["a", "b"], "time": [date(2020, 1, 2)] * 2, column: values}).write_parquet(path)
    result = read_history(program, path)
    kept = dict(zip(result.history.rows.tolist(), result.history.basket.tolist(), strict=True))
    assert [kept.get(row) for row in (1, 2)] == expected
    assert set(kept) | set(reasons(result)) == {1, 2}


@given(st.integers(0, 10**9))
@settings(max_examples=50, deadline=None)
def test_an_amount_of_any_size_survives_text(minor: int) -> None:
    from loyalty_dsl.transactions.values import parse_money

    text = f"{minor // 100}.{minor % 100:02d}"
    frame = pl.DataFrame({"amount": [text]})
    assert frame.select(parse_money("amount", pl.String(), 2)).item() == minor


# ---- times

NEW_YORK = "America/New_York"


def micros(local: datetime) -> int:
    return (local - datetime(1970, 1, 1)) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2020-01-02", datetime(2020, 1, 2)),
        ("2020-01-02 18:55", datetime(2020, 1, 2, 18, 55)),
        ("2020-01-02T18:55:24", datetime(2020, 1, 2, 18, 55, 24)),
        ("2020-01-02 18:55:24.123456", datetime(2020, 1, 2, 18, 55, 24)),
        ("2020-01-02T03:30:00Z", datetime(2020, 1, 1, 22, 30)),
        ("2020-07-02T03:30:00Z", datetime(2020, 7, 1, 23, 30)),
        ("2020-01-02T03:30:00+01:00", datetime(2020, 1, 1, 21, 30)),
        ("2020-01-02T23:30-0800", datetime(2020, 1, 3, 2, 30)),
    ],
)
def test_a_time_is_local_unless_it_names_its_offset(text: str, local: datetime) -> None:
    assert parse_times(pl.Series([text]), NEW_YORK).to_list() == [micros(local)]
    mixed = parse_times(pl.Series([text, "2020-01-01"]), NEW_YORK).to_list()
    assert mixed == [micros(local), micros(datetime(2020, 1, 1))]


@pytest.mark.parametrize(
    "text",
    ["2020-02-30", "2020-1-2", "2020-01-02 24:00", "2020-01-02 10:60:00", "2020-01-02 10", "01/02/2020", "x"],
)
def test_any_other_time_is_refused(text: str) -> None:
    assert parse_times(pl.Series([text]), NEW_YORK).to_list() == [None]
    assert parse_times(pl.Series([text, "2020-01-02 10:00:00"]), NEW_YORK).to_list()[0] is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
@settings(max_examples=50, deadline=None)
def test_offsets_agree_with_the_standard_library(moment: datetime, minutes: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    expected = aware.astimezone(ZoneInfo(NEW_YORK)).replace(tzinfo=None)
    assert parse_times(pl.Series([aware.isoformat()]), NEW_YORK).to_list() == [micros(expected)]


def test_times_with_a_zone_in_parquet_are_converted(tmp_path: Path, program: Program) -> None:
    moments = pl.Series([datetime(2020, 1, 2, 3, 30)]).dt.replace_time_zone("UTC")
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"member": [1], "time": moments, "amount_cents": [100]}).write_parquet(path)
    history = read_history(program, path).history
    assert history.day.tolist() == [day_of(date(2020, 1, 1))]
    assert history.minute.tolist() == [22 * 60 + 30]


def test_a_time_before_the_program_or_far_beyond_is_refused(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount", "a,2019-12-31 23:59,1", "b,2200-01-01,1", "c,2199-12-31,1")
    assert "before the program starts on 2020-01-01" in reasons(result)[1]
    assert "after the year 2199" in reasons(result)[2]
    assert list(result.history.members) == ["c"]


def test_every_amount_of_whole_cents_is_read_from_a_float(tmp_path: Path, program: Program) -> None:
    cents = [*range(100_000), *range(10**9 - 1000, 10**9 + 1)]
    frame = pl.DataFrame({"member": range(len(cents)), "amount": [cent / 100 for cent in cents]})
    frame.with_columns(time=pl.lit(date(2020, 1, 2))).write_parquet(tmp_path / "rows.parquet")
    result = read_history(program, tmp_path / "rows.parquet")
    assert result.history.basket.tolist() == cents


@pytest.mark.parametrize(
    ("offset", "is_one"),
    [
        ("+14:00", True),
        ("-12:00", True),
        ("+05:45", True),
        ("+14:01", False),
        ("+99:99", False),
        ("-03:60", False),
    ],
)
def test_an_offset_is_one_that_some_place_has(
    read: Read, program: Program, offset: str, is_one: bool
) -> None:
    result = read(program, "member,time,amount", f"ann,2020-01-05 12:00{offset},1", "bob,2020-01-05 12:00,1")
    assert list(reasons(result)) == ([] if is_one else [1])


# ---- fields

FIELDS = "member,time,amount,payment,online,guests,tip,made"
GOOD: dict[str, Any] = {
    "payment": "other",
    "online": "YES",
    "guests": "3",
    "tip": "0.50",
    "made": "2020-03-01",
}


def row(**changed: str) -> str:
    return ",".join(["ann", "2020-01-02", "5", *{**GOOD, **changed}.values()])


def test_fields_are_read_in_the_units_of_their_kind(read: Read, with_fields: Program) -> None:
    result = read(with_fields, FIELDS, row())
    assert result.history.fields.tolist() == [[1, 1, 3, 50, day_of(date(2020, 3, 1))]]


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("payment", "stor_card", "`payment` is not one of store_card, other"),
        ("payment", "", "`payment` is missing"),
        ("online", "maybe", "`online` is not yes or no"),
        ("guests", "2.5", "`guests` is not a whole number"),
        ("tip", "-1", "`tip` is negative"),
        ("made", "2020-13-01", "`made` is not a date"),
    ],
)
def test_a_field_that_does_not_fit_is_refused(
    read: Read, with_fields: Program, field: str, cell: str, reason: str
) -> None:
    result = read(with_fields, FIELDS, row(**{field: cell}), row())
    assert list(reasons(result)) == [1]
    assert reasons(result)[1].startswith(reason)


def test_a_near_miss_gets_a_suggestion(read: Read, with_fields: Program) -> None:
    result = read(with_fields, FIELDS, row(payment="stor_card"))
    assert "row 1 (`stor_card`, did you mean `store_card`?)" in result.refused.describe()
