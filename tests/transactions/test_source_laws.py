"""Laws of sources over drawn files: every row is used, left out or set aside, and so is every cent."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sources import BODY, HEAD

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.source_events import EVENT
from loyalty_dsl.transactions.ways_to_read import way_to_read

COLUMNS = ("Id", "Who", "When", "Total", "Price", "Count", "Off", "Kind", "State", "Class", "Of")
CELLS = {
    "Id": ("1", "2", "3", "4", ""),
    "Who": ("ann", "bob", "bob", ""),
    "When": ("2025-03-01", "2025-03-02 10:00", "2025-11-02 01:30:00 -0500", "2024-01-01", "soon", ""),
    "Total": ("5.00", "12.00", "0", "-5.00", "$1,000.00", "x", "", ""),
    "Price": ("5.00", "2.50", "-5.00", "(2.50)", "0.005", "99999999999", "x", ""),
    "Count": ("1", "2", "0.5", "-1", "many", ""),
    "Off": ("0", "1.00", "", "-1"),
    "Kind": ("sale", "sale", "sale", "back", "hello", "other", ""),
    "State": ("fine", "fine", "void", ""),
    "Class": ("a", "b", "zzz", ""),
    "Of": ("1", "2", "9", ""),
}  # fmt: skip

ITEM = "    item { class  one of a, b }\n"


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, bool]:
    """The clauses of a source, and whether its program reads items."""
    per_item = draw(st.booleans())
    items = per_item and draw(st.booleans())
    repeats = per_item and draw(st.booleans())
    how = (", one row per item" if per_item else "") + (", blanks repeat the order above" if repeats else "")
    lines = [f"read csv{how}", 'member "Who"', 'event "Id" at "When"']
    total = '"Total"'
    if per_item and (items or draw(st.booleans())):
        lines.append('item "Price" x "Count" less "Off"' if draw(st.booleans()) else 'item "Price"')
        total = draw(st.sampled_from(('"Total"', "items", 'items less "Off"', "")))
    if total:
        lines.append(f"basket {total}")
    kind = draw(st.booleans())
    if kind:
        others = ", others = purchase" if draw(st.booleans()) else ""
        lines.append(f'kind "Kind" {{ "sale" = purchase, "back" = return, blank = purchase{others} }}')
    if kind or draw(st.booleans()):
        of = draw(st.sampled_from(('"Of"', "the latest purchase")))
        lines.append(f"return {'' if kind and draw(st.booleans()) else 'negative rows '}of {of}")
    if draw(st.booleans()):
        lines.append('skip when "State" is not "fine"')
    if per_item and draw(st.booleans()):
        lines.append('skip items when "Class" is "zzz"')
    if draw(st.booleans()):
        lines.append('tie out "Price" to "Total" within $2')
    if items:
        lines.append('field class "Class" { "a" = a, "b" = b, blank = a }')
    return "".join(f"    {line}\n" for line in lines), items


ROWS = st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in COLUMNS)), min_size=1, max_size=9)


def book_of(source: str, items: bool) -> Book:
    text = f"{HEAD}{ITEM if items else ''}{BODY}source orders {{\n{source}}}\n"
    file, broken = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], broken)
    assert book is not None, (source, [each.message for each in (*broken, *found)])
    return book


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=sources(), rows=ROWS)
def test_every_row_and_cent_is_in_one_place(
    tmp_path: Path, source: tuple[str, bool], rows: Sequence[tuple[str, ...]]
) -> None:
    """SOURCE-1, SOURCE-9."""
    path = tmp_path / "orders.csv"
    quoted = [",".join(f'"{cell}"' for cell in row) for row in rows]
    path.write_text("\n".join([",".join(COLUMNS), *quoted]) + "\n", encoding="utf-8")
    book = book_of(*source)
    program = book.programs[0]
    result = way_to_read(book, program).read(program, path)
    assert result.export is not None
    account = result.export.account(result.refused.rows)
    parts = (account.used, account.skipped, account.aside)
    assert account.file.rows == len(rows) == sum(part.rows for part in parts)
    assert account.file.orders == sum(part.orders for part in parts)
    assert account.file.money == sum(part.money for part in parts)
    assert sum(share.rows for share in account.by_skip) == account.skipped.rows
    statuses = result.export.statuses
    aside = {row.row for row in result.refused.rows}
    events = statuses.filter(pl.col("row").is_in(list(aside)))[EVENT].to_list()
    left = statuses.filter(pl.col(EVENT).is_in(events) & pl.col("skip").is_null())["row"].to_list()
    assert set(left) <= aside, "an event is set aside whole"
    used = {result.export.rows[row - 1] for row in result.history.rows.tolist()}
    assert not used & aside
