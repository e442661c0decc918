"""Files of other systems, read by a source: SOURCE-1 to SOURCE-10."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shopify_sample import ledger, sample
from square_sample import sample as square_sample

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import load, replay
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.histories import HistoryResult
from loyalty_dsl.transactions.member_keys import VARIABLE, hash_of
from loyalty_dsl.transactions.refused import quarantine_bytes
from loyalty_dsl.transactions.ways_to_read import way_to_read

HEAD = """\
program shop "Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by purchase date
"""
BODY = """\
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  500 points
        give   $5 off in full
    }
    returns { balance stops at zero }
}
"""
ORDERS = """\
    read    csv, one row per item, blanks repeat the order above
    member  "Email"
    event   "Name" at "Created at"
"""
ITEMS = ORDERS + '    item    "Price" x "Quantity" less "Off"\n'
TIED = (
    ITEMS
    + '    basket  items less "Discount"\n    tie out items less "Discount" to "Subtotal" within $0.01\n'
)
EVENTS = '    read    csv\n    member  "Who"\n    event   "Id" at "When"\n'

Reader = Callable[..., HistoryResult]


def book_of(source: str, fields: str = "") -> Book:
    text = f"{HEAD}{fields}{BODY}source orders {{\n{source}}}\n"
    file, broken = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], broken)
    assert book is not None, [each.message for each in (*broken, *found)]
    return book


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads lines of CSV by the clauses of a source."""

    def reader(source: str, *lines: str, fields: str = "") -> HistoryResult:
        path = tmp_path / "orders.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        book = book_of(source, fields)
        program = book.programs[0]
        return way_to_read(book, program).read(program, path)

    return reader


def events(result: HistoryResult) -> list[tuple[str, str, int, int]]:
    """Member, day, minute and basket of each event, member by member."""
    history = result.history
    found = []
    for number, member in enumerate(history.members):
        for at in range(history.starts[number], history.starts[number + 1]):
            day = format_day(int(history.day[at]))
            found.append((member, day, int(history.minute[at]), int(history.basket[at])))
    return found


def reasons(result: HistoryResult) -> dict[int, str]:
    return {row.row: row.reason for row in result.refused.rows}


HEADER = "Name,Email,Created at,Subtotal,Discount,Price,Quantity,Off,secret"


def test_rows_become_orders_in_the_order_of_time_and_no_other_column_is_read(read: Reader) -> None:
    """SOURCE-1: the newest first, as exports are."""
    result = read(
        TIED,
        HEADER,
        "#3,ann,2025-03-02 10:00:00 -0500,5.00,,5.00,1,,x",
        "#2,bob,2025-03-01 12:30,12.00,1.00,10.00,1,,",
        "#2,,,,,3.50,2,4.00,",
        "#1,ann,2025-03-01,7.00,0,3.50,2,0.00,",
    )
    assert reasons(result) == {}
    assert events(result) == [
        ("ann", "2025-03-01", 0, 700), ("ann", "2025-03-02", 600, 500), ("bob", "2025-03-01", 750, 1200),
    ]  # fmt: skip
    assert "secret" not in result.opened.theirs.values()


def test_an_order_is_set_aside_whole_with_the_numbers_of_its_rows(read: Reader) -> None:
    """SOURCE-1."""
    result = read(
        TIED,
        HEADER,
        "#1,ann,2025-03-01,30.00,,10.00,1,,",
        "#1,,,,,20.00,one,,",
        "#2,ann,2025-03-02,5.00,,5.00,1,,",
    )
    assert reasons(result) == {
        1: "belongs to an order of which another row cannot be used",
        2: "`Quantity` is not a quantity such as 2",
    }
    assert [basket for *_, basket in events(result)] == [500]
    text = quarantine_bytes(result.opened, result.refused, parquet=False).decode()
    assert [line.split(",")[0] for line in text.splitlines()] == ["row", "1", "2"]


@pytest.mark.parametrize(
    ("lines", "baskets", "bad"),
    [
        (["#1,ann,2025-03-01,30.00,,10.00,1,,", "#2,bob,2025-03-01,5.00,,5.00,1,,", "#1,,,,,20.00,1,,"],
         [3000, 500], {}),
        (["#1,ann,2025-03-01,30.00,,10.00,1,,", ",,,,,20.00,1,,"], [3000], {}),
        (["#1,ann,2025-03-01,5.00,,5.00,1,,", "#1,ann,2025-03-01,5.00,,5.00,1,,"],
         [500], {2: "`Name` is an order that the file has already"}),
        (["#1,ann,2025-03-01,5.00,,5.00,1,,", ",bob,2025-03-01,5.00,,2.00,1,,", ",,,,,3.00,1,,"],
         [500], {2: "`Name` is missing", 3: "belongs to an order of which another row cannot be used"}),
        (["#1,ann,2025-03-01,30.00,,10.00,1,,", "#1,bob,,,,20.00,1,,"],
         [], {1: "belongs to an order of which another row cannot be used",
              2: "`Email` differs from the first row of its order"}),
    ],
)  # fmt: skip
def test_rows_of_an_order(read: Reader, lines: list[str], baskets: list[int], bad: dict[int, str]) -> None:
    """SOURCE-2: apart, without an id, twice, without any id, and in contradiction."""
    result = read(TIED, HEADER, *lines)
    assert [basket for *_, basket in events(result)] == baskets
    assert reasons(result) == bad


@pytest.mark.parametrize(
    ("at", "cell", "moment"),
    [
        ('"When"', "2025-07-01 23:30:00 -0700", ("2025-07-02", 150)),
        ('"When"', "2025-07-01T12:00:00Z", ("2025-07-01", 480)),
        ('"When" written "month/day/year hour:minute am"', "7/4/25 1:05 pm", ("2025-07-04", 785)),
        ('"When" written "day.month.year"', "4.7.2025", ("2025-07-04", 0)),
        ('"When" in zone "America/Los_Angeles"', "2025-07-01 23:30", ("2025-07-02", 150)),
        ('"When" in zone "UTC"', "2025-07-01 02:30:00", ("2025-06-30", 1350)),
        ('"When" in zone "UTC"', "2025-07-01", ("2025-07-01", 0)),
    ],
)
def test_moments(read: Reader, at: str, cell: str, moment: tuple[str, int]) -> None:
    """SOURCE-3."""
    source = EVENTS.replace('"When"', at) + '    basket  "Paid"\n'
    result = read(source, "Who,Id,When,Paid", f"ann,1,{cell},5.00")
    assert [(day, minute) for _, day, minute, _ in events(result)] == [moment]


@pytest.mark.parametrize(
    "cell", ["yesterday", "2025-02-30", "2025-07-01 25:00", "13/1/2025", "2025-03-09 02:30"]
)
def test_what_is_no_moment(read: Reader, cell: str) -> None:
    """SOURCE-3: nor is a time that the clock skips, in a zone that is named."""
    zone = '"When" in zone "America/Chicago"'
    result = read(
        EVENTS.replace('"When"', zone) + '    basket  "Paid"\n', "Who,Id,When,Paid", f"ann,1,{cell},5"
    )
    assert list(reasons(result).values()) == ["`When` is not a time such as 2026-01-31 18:55 or a date"]


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("12.5", 1250), ('"$1,250.00"', 125000), ("12.500", 1250), ("$4", 400), ("12,50", None), ("£4", None),
        ("4.005", None), ("", None), ("1e3", None), ("free", None),
    ],
)  # fmt: skip
def test_amounts(read: Reader, cell: str, minor: int | None) -> None:
    """SOURCE-4."""
    result = read(EVENTS + '    basket  "Paid"\n', "Who,Id,When,Paid", f"ann,1,2025-03-01,{cell}")
    assert [basket for *_, basket in events(result)] == ([] if minor is None else [minor])
    assert bool(reasons(result)) == (minor is None)


def test_a_basket_is_spread_over_its_items(read: Reader) -> None:
    """SOURCE-4: $10.00 over three items of $4, $4 and $4 is $3.33, $3.33 and $3.34."""
    result = read(
        TIED + '    field   category "Category"\n',
        HEADER.replace("secret", "Category"),
        "#1,ann,2025-03-01,10.00,2.00,4.00,1,,food",
        "#1,,,,,4.00,1,,drink",
        "#1,,,,,0.50,8,,food",
        fields="    item { category one of food, drink }\n",
    )
    assert result.history.item_price.tolist() == [333, 333, 334]
    assert result.history.item_fields[:, 0].tolist() == [0, 1, 0]
    assert result.history.basket.tolist() == [1000]


def test_parts_of_a_quantity_come_to_whole_cents_or_are_refused(read: Reader) -> None:
    """SOURCE-4."""
    result = read(
        ITEMS,
        HEADER,
        "#1,ann,2025-03-01,,,5.00,0.5,,",
        "#2,ann,2025-03-01,,,5.01,0.5,,",
    )
    assert [basket for *_, basket in events(result)] == [250]
    assert reasons(result) == {2: "`Price` comes to a part of a cent"}


def test_fields(read: Reader) -> None:
    """SOURCE-5."""
    source = EVENTS + (
        '    basket  "Paid"\n    field   channel "From" { "web", "app" = online, "pos" = store, '
        "blank = store }\n"
        "    field   staff = no\n"
    )
    result = read(
        source,
        "Who,Id,When,Paid,From",
        "ann,1,2025-03-01,1,web",
        "ann,2,2025-03-02,1,app",
        "ann,3,2025-03-03,1,",
        "ann,4,2025-03-04,1,post",
        fields="    event purchase {\n channel one of online, store\n staff yes/no\n }\n",
    )
    assert result.history.fields.tolist() == [[0, 0], [0, 0], [1, 0]]
    assert reasons(result) == {4: "`From` holds what the source gives no meaning"}


def test_kinds_and_returns_of_what_a_column_names(read: Reader) -> None:
    """SOURCE-6, SOURCE-7."""
    source = EVENTS + (
        '    kind    "Type" { "Sale" = purchase, "Refund" = return, "New" = join }\n    basket  "Paid"\n'
        '    return  of "Of"\n'
    )
    result = read(
        source,
        "Who,Id,When,Paid,Type,Of",
        "ann,0,2025-03-01,,New,",
        "ann,1,2025-03-01,30.00,Sale,",
        "ann,2,2025-03-05,-10.00,Refund,1",
        "ann,3,2025-03-05,-25.00,Refund,1",
        "ann,4,2025-03-05,5,Swap,",
    )
    assert result.history.kind.tolist() == [1, 0, -2]
    assert result.history.basket.tolist() == [0, 3000, 1000]
    assert reasons(result) == {
        4: "returns more than is left of the purchase",
        5: "`Type` holds what the source gives no meaning",
    }


def test_rows_below_zero_take_back_the_latest_purchase_with_so_much_left(read: Reader) -> None:
    """SOURCE-7."""
    source = EVENTS + '    basket  "Paid"\n    return  negative rows of the latest purchase\n'
    result = read(
        source,
        "Who,Id,When,Paid",
        "ann,1,2025-03-01,30.00",
        "ann,2,2025-03-02,10.00",
        "ann,3,2025-03-05,-8.00",
        "ann,4,2025-03-06,($8.00)",
        "ann,5,2025-03-07,-25.00",
    )
    ids, original = list(result.history.ids), result.history.original.tolist()
    assert [(ids[at], ids[of]) for at, of in enumerate(original) if of >= 0] == [("3", "2"), ("4", "1")]
    assert reasons(result) == {5: "`Id` takes back more than any earlier purchase of the member has left"}


def test_rows_without_an_id_are_events_of_their_own(read: Reader) -> None:
    """SOURCE-2, SOURCE-7: they are called by their row, and can come back."""
    source = (
        EVENTS.replace('"Id" at', "at")
        + '    basket  "Paid"\n    return  negative rows of the latest purchase\n'
    )
    result = read(
        source, "Who,When,Paid", "ann,2025-03-03,-5.00", "ann,2025-03-02,5.00", "ann,2025-03-01,9.00"
    )
    assert list(result.history.ids) == ["row 3", "row 2", "row 1"]
    assert result.history.original.tolist() == [-1, -1, 1]


def test_what_is_left_out_is_accounted_for_and_not_looked_at(read: Reader) -> None:
    """SOURCE-8, SOURCE-9: an item that is left out still ties out."""
    source = TIED + (
        '    skip    when "Email" is absent\n    skip    when "Discount" is one of "all"\n'
        '    skip    items when "Off" is "gift"\n'
    )
    source = source.replace(' less "Off"', "")
    result = read(
        source,
        HEADER,
        "#1,ann,2025-03-01,30.00,,10.00,1,,",
        "#1,,,,,20.00,1,gift,",
        "#2,,someday,5.00,,free,1,,",
        "#3,ann,2025-03-02,6.00,,5.00,1,,",
    )
    assert [basket for *_, basket in events(result)] == [1000]
    assert reasons(result) == {4: "`Subtotal` does not tie out"}
    assert result.export is not None
    account = result.export.account(result.refused.rows)
    shares = [account.file, account.used, account.skipped, account.aside]
    assert [(share.orders, share.rows, share.money) for share in shares] == [
        (3, 4, 4100), (1, 1, 3000), (1, 2, 500), (1, 1, 600),
    ]  # fmt: skip


@pytest.fixture
def shopify(repository: Path) -> Book:
    return load(repository / "programs" / "sources" / "shopify_orders.loyalty")


def test_the_sample_is_the_one_that_the_script_makes(repository: Path) -> None:
    folder = repository / "programs" / "data"
    assert (folder / "shopify_orders.csv").read_text(encoding="utf-8") == sample()
    assert (folder / "shopify_ledger.csv").read_text(encoding="utf-8") == ledger(sample())
    assert (folder / "square_items.csv").read_text(encoding="utf-8") == square_sample()
    assert (folder / "shopify_orders.csv").stat().st_size < 600_000


def test_every_row_and_every_cent_of_the_sample_is_accounted_for(
    repository: Path, shopify: Book, tmp_path: Path
) -> None:
    """SOURCE-9: the planted orders, and no others, are set aside."""
    path = repository / "programs" / "data" / "shopify_orders.csv"
    with pytest.raises(InputRefused, match="cannot be used"):
        replay(shopify, path, engine="reference")
    replayed = replay(shopify, path, engine="reference", quarantine=tmp_path / "bad.csv")
    account = replayed.figures.account
    assert account is not None
    parts = (account.used, account.skipped, account.aside)
    assert account.file.orders == sum(part.orders for part in parts) == 2001
    assert account.file.rows == sum(part.rows for part in parts) == 3661
    assert account.file.money == sum(part.money for part in parts)
    assert sum(share.rows for share in account.by_skip) == account.skipped.rows
    assert replayed.figures.rows == account.used.rows
    assert set(replayed.refused.by_reason()) == {
        "`Created at` is not a time such as 2026-01-31 18:55 or a date",
        "`Created at` differs from the first row of its order",
        "`Currency` is not USD",
        "`Lineitem price` is not an amount such as 12.50",
        "`Name` is an order that the file has already",
        "`Subtotal` does not tie out",
        "belongs to an order of which another row cannot be used",
    }
    # What is set aside can be mended and replayed by the same source: as it is, it is set aside again.
    again = replay(shopify, tmp_path / "bad.csv", engine="reference", quarantine=tmp_path / "worse.csv")
    assert len(again.refused) <= len(replayed.refused)
    assert again.figures.account is not None
    assert again.figures.account.file.money == account.aside.money


def test_a_source_is_chosen_and_members_are_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE-10."""
    book = book_of(EVENTS.replace('"Who"', '"Who", hashed') + '    basket  "Paid"\n')
    program = book.programs[0]
    path = tmp_path / "rows.csv"
    path.write_text("Who,Id,When,Paid\nann@x.com,1,2025-03-01,5\nbob@x.com,2,never,5\n")
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(InputRefused, match="no key"):
        way_to_read(book, program)
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(InputRefused, match="too short"):
        way_to_read(book, program)
    monkeypatch.setenv(VARIABLE, "a key that nobody guesses")
    result = way_to_read(book, program).read(program, path)
    name = hash_of("ann@x.com", b"a key that nobody guesses")
    assert list(result.history.members) == [name]
    assert "a key" not in repr(way_to_read(book, program))
    aside = quarantine_bytes(result.opened, result.refused, parquet=False)
    assert b"bob" not in aside
    assert b"hashed:" in aside
    path.write_bytes(aside.replace(b"never", b"2025-03-02"))
    mended = way_to_read(book, program).read(program, path)
    assert list(mended.history.members) == [hash_of("bob@x.com", b"a key that nobody guesses")]
    other = way_to_read(book, program, source="none").read
    with pytest.raises(InputRefused, match="lacks the column"):
        other(program, path)
    with pytest.raises(InputRefused, match="there is no source `ordrs`"):
        way_to_read(book, program, source="ordrs")
    with pytest.raises(InputRefused, match="--map and --source"):
        way_to_read(book, program, source="orders", mapping="map.toml")


def test_lines_of_json_are_set_aside_without_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE-10: a line that cannot be read is not repeated, since it may name somebody."""
    monkeypatch.setenv(VARIABLE, "a key that nobody guesses")
    book = book_of(
        EVENTS.replace('"Who"', '"Who", hashed').replace("csv", "json lines") + '    basket  "Paid"\n'
    )
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"Who": "ann@x.com", "Id": 1, "When": "never", "Paid": 12.30}\n{"Who": "bob@x.com"\n'
        '{"Who": "cyn@x.com", "Id": 2, "When": "2025-03-01", "Paid": 1.10}\n'
    )
    result = way_to_read(book, book.programs[0]).read(book.programs[0], path)
    aside = quarantine_bytes(result.opened, result.refused, parquet=False)
    assert list(reasons(result)) == [1, 2]
    assert not any(name in aside for name in (b"ann", b"bob", b"cyn"))
    path.write_bytes(aside.replace(b"never", b"2025-03-02"))
    mended = way_to_read(book, book.programs[0]).read(book.programs[0], path)
    assert list(mended.history.members) == [hash_of("ann@x.com", b"a key that nobody guesses")]
    assert mended.history.basket.tolist() == [1230]


def test_a_missing_column_is_named_with_the_nearest(read: Reader) -> None:
    with pytest.raises(InputRefused, match="no column `Paid`, which the source `orders` names") as refusal:
        read(EVENTS + '    basket  "Paid"\n', "Who,Id,When,Payd", "ann,1,2025-03-01,5")
    assert refusal.value.help is not None
    assert "is it `Payd`?" in refusal.value.help


def test_json_lines_and_parquet_are_read_alike(tmp_path: Path) -> None:
    """SOURCE-1: numbers keep their digits, and times with a zone are moved."""
    import polars as pl

    lines = tmp_path / "orders.jsonl"
    lines.write_text('{"Who": "ann", "Id": 1, "When": "2025-03-01", "Paid": 12.30}\n{"Who": "bob"\n')
    book = book_of(EVENTS.replace("csv", "json lines") + '    basket  "Paid"\n')
    result = way_to_read(book, book.programs[0]).read(book.programs[0], lines)
    assert events(result) == [("ann", "2025-03-01", 0, 1230)]
    assert reasons(result) == {2: "is not JSON"}
    table = pl.DataFrame({"Who": ["ann"], "Id": [1], "When": ["2025-03-01 12:00"], "Paid": [12.3]})
    utc = pl.col("When").str.to_datetime(time_zone="UTC")
    table.with_columns(utc).write_parquet(tmp_path / "orders.parquet")
    book = book_of(EVENTS.replace("csv", "parquet") + '    basket  "Paid"\n')
    result = way_to_read(book, book.programs[0]).read(book.programs[0], tmp_path / "orders.parquet")
    assert events(result) == [("ann", "2025-03-01", 420, 1230)]


def test_items_that_come_back_are_found_in_the_latest_purchase_that_has_them(
    repository: Path, tmp_path: Path
) -> None:
    """SOURCE-7, on the rows of a till: each refund is of an item that was sold at that price."""
    book = load(repository / "programs" / "sources" / "square_items.loyalty")
    path = repository / "programs" / "data" / "square_items.csv"
    replayed = replay(book, path, engine="reference", quarantine=tmp_path / "bad.csv")
    account = replayed.figures.account
    assert account is not None
    assert replayed.figures.returns == path.read_text(encoding="utf-8").count("Refund")
    assert (account.used.orders, account.aside.rows) == (94, 3)
    parts = (account.used, account.skipped, account.aside)
    assert account.file.money == sum(part.money for part in parts)


def test_what_a_ledger_of_another_system_has_is_what_the_source_earns(
    repository: Path, tmp_path: Path
) -> None:
    """The orders that are used are those that are booked, to the point, but for what was planted."""
    from loyalty_dsl.report.reconciling import reconcile_replayed

    book = load(repository / "programs" / "sources" / "shopify_orders.loyalty")
    data = repository / "programs" / "data"
    replayed = replay(
        book,
        data / "shopify_orders.csv",
        engine="reference",
        quarantine=tmp_path / "bad.csv",
        with_postings=True,
    )
    held = reconcile_replayed(replayed, data / "shopify_ledger.csv")
    assert {total.cause.value: total.points for total in held.causes} == {
        "only in ours": -14, "only in theirs": 250, "booked twice": 58,
    }  # fmt: skip
    assert held.agreed == 1885


def test_one_member_is_told_of_where_all_of_its_rows_can_be_used(repository: Path) -> None:
    """Rows of others do not matter to a statement, and its own do."""
    from loyalty_dsl.report.stating import statement, statements

    book = load(repository / "programs" / "sources" / "shopify_orders.loyalty")
    path = repository / "programs" / "data" / "shopify_orders.csv"
    told = statement(book, path, "member0451@example.com", engine="reference")
    assert told.holdings[0].available == 95
    with pytest.raises(InputRefused, match=r"4 rows of `member0559@example\.com`"):
        statement(book, path, "member0559@example.com", engine="reference")
    with pytest.raises(InputRefused, match="13 of 3,661 rows"):
        next(statements(book, path, engine="reference"))
