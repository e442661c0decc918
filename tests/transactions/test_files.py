"""Files that are damaged, foreign or hostile get one clear sentence; mappings mean what they say."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import polars as pl
import pytest
from corner_program import BODY, HEAD, reasons

from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.csv_by_hand import CELLS, QUOTE
from loyalty_dsl.transactions.histories import SIBLING, HistoryResult, read_history
from loyalty_dsl.transactions.mapping import parse_mapping
from loyalty_dsl.transactions.parquet_footer import read_footer
from loyalty_dsl.transactions.refused import quarantine_bytes
from loyalty_dsl.transactions.schema import schema_of

Read = Callable[..., HistoryResult]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"member;time;amount\na;b;c\n", "separated by `;`"),
        (b"member,time,amount,amount\n", "two columns named `amount`"),
        (b"\x1f\x8b\x08\x00", "is compressed (gzip)"),
        (b"member,time,amount\n\xff\xfe,2020-01-01,3\n", "is not text in UTF-8"),
        (b"member,time,amount,caf\xe9\n", "save it as UTF-8"),
        (b"member,time,amount\r1,2020-01-01,3\r", "a carriage return alone"),
        (b"member,time,price\n1,2020-01-01,3\n", "the first line has `member`, `time`, `price`"),
        (b"PAR1" + b"x" * 40 + b"PAR1", "cannot be read"),
        (b"PAR1", "no Parquet file"),
        (b"member,time,amount_paid\n1,2020-01-01,3\n", "`amount_paid` is not supported yet"),
        (b"Member,time,amount\n1,2020-01-01,3\n", "is it `Member`?"),
        (b"member,time,amount,amount_cents\n", "one of them is the amount"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, program: Program, content: bytes, message: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as refusal:
        read_history(program, path)
    assert message in str(refusal.value)


def test_a_damaged_parquet_file_is_refused(repository: Path, tmp_path: Path, program: Program) -> None:
    whole = (repository / "programs/data/complete_journey_items_500.parquet").read_bytes()
    refused = 0
    for place in range(100, len(whole), len(whole) // 12):
        path = tmp_path / "rows.parquet"
        path.write_bytes(whole[:place] + b"\x99" * 64 + whole[place + 64 :])
        try:
            read_history(program, path)
        except InputRefused as refusal:
            refused += 1
            assert "cannot be read" in str(refusal)
    assert refused


def test_the_footer_tells_rows_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"a": range(1000), "b": ["x"] * 1000}).write_parquet(path, row_group_size=300)
    footer = read_footer(path)
    assert footer.rows == 1000
    assert set(footer.bytes_of) == {"a", "b"}
    assert footer.bytes_of["a"] > footer.bytes_of["b"] > 0


def test_any_cut_of_a_parquet_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"a": [1, 2, 3]}).write_parquet(path)
    whole = path.read_bytes()
    for size in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"Parquet|damaged"):
            read_footer(path)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_larger_than_the_machine_is_refused_before_it_is_read(
    tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"rows{suffix}"
    frame = pl.DataFrame({"member": [1], "time": ["2020-01-01"], "amount": ["1"]})
    frame.write_csv(path) if suffix == ".csv" else frame.write_parquet(path)
    monkeypatch.setattr("os.sysconf", lambda name: 10)
    with pytest.raises(InputRefused, match="more than half"):
        read_history(program, path)


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        (["ann,2020-01-01,1,x", "bob,2020-01-01,1,200,y", "cid,2020-01-01,2,z"], {2: CELLS}),
        (["ann,2020-01-01,1,x", "bob,2020-01-01,1", "cid,2020-01-01,2,z,1"], {3: CELLS}),
        (['ann,"2020-01-01,1,x', "bob,2020-01-01,1,y", "cid,2020-01-01,2,z"], {1: QUOTE}),
        (['ann,"2020-01-01,1,x', 'bob,2020-01-01,1,"y', "cid,2020-01-01,2,z"], {1: QUOTE, 2: QUOTE}),
        (['ann,"2020-01-01"x,1,x', 'bob,2020-01-01,1,"y\ny"', "cid,2020-01-01,2,z"], {1: QUOTE}),
        (["ann,2020-01-01,1,x", "", "bob,2020-01-01,1,200,y"], {2: "`member` is missing", 3: CELLS}),
    ],
)
def test_a_row_that_is_no_row_of_the_header_is_named_and_the_others_are_read(
    read: Read, program: Program, lines: list[str], bad: dict[int, str]
) -> None:
    result = read(program, "member,time,amount,note", *lines)
    assert {row: reason.split("; ")[0] for row, reason in reasons(result).items()} == bad
    assert len(result.history.ids) + len(bad) == result.refused.total == 3


def test_half_a_basket_is_no_basket_even_where_a_row_is_broken(read: Read, with_items: Program) -> None:
    result = read(
        with_items,
        "member,time,purchase,amount,online,category",
        "ann,2020-01-01,p1,1,yes,drink,extra",
        "ann,2020-01-01,p1,1,yes,food",
        "ann,2020-01-01,p2,1,yes,food",
    )
    assert reasons(result) == {1: CELLS, 2: SIBLING}


def test_a_broken_row_can_be_quarantined(tmp_path: Path, program: Program) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("member,time,amount\nann,2020-01-01,1,200\nbob,2020-01-01,1\n")
    result = read_history(program, path)
    text = quarantine_bytes(result.opened, result.refused, parquet=False).decode()
    assert text.splitlines()[1] == f'1,"{CELLS}: ann,2020-01-01,1,200",,,'


def test_blank_lines_at_the_end_are_no_rows(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount", "ann,2020-01-01,1", "", "\r")
    assert (len(result.history.ids), result.refused.total) == (1, 1)
    middle = read(program, "member,time,amount", "ann,2020-01-01,1", "", "bob,2020-01-01,1")
    assert list(reasons(middle)) == [2]


def test_two_columns_of_one_name_matter_only_where_they_are_read(read: Read, program: Program) -> None:
    result = read(program, "member,note,time,note,amount", "ann,x,2020-01-01,y,1", "ann,x,2020-01-01,y,1,2")
    assert reasons(result) == {2: CELLS}


def test_a_column_of_lists_is_refused(tmp_path: Path, program: Program) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"member": [[1]], "time": ["2020-01-01"], "amount": ["1"]}).write_parquet(path)
    with pytest.raises(InputRefused, match="holds lists or records"):
        read_history(program, path)


def test_a_cell_of_several_lines_is_shown_in_one(read: Read, program: Program) -> None:
    result = read(program, "member,time,amount", 'ann,2020-01-01,"1\n2"')
    assert result.refused.describe().endswith("row 1 (`1 2`)")


@pytest.mark.parametrize("lost", ["sysconf", "its answer"])
def test_a_system_that_does_not_tell_its_memory_reads_any_file(
    read: Read, program: Program, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    def unknown(name: str) -> int:
        raise ValueError(name)

    if lost == "sysconf":
        monkeypatch.delattr("os.sysconf")
    else:
        monkeypatch.setattr("os.sysconf", unknown)
    assert len(read(program, "member,time,amount", "ann,2020-01-01,1").history.ids) == 1


def test_reading_leaves_stderr_to_its_caller(
    read: Read, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever calls this from Python may be writing there, from another thread."""

    def taken(*descriptors: int) -> None:
        raise AssertionError("a file descriptor of the process is replaced")

    with monkeypatch.context() as patched:
        patched.setattr("os.dup2", taken)
        assert len(read(program, "member,time,amount", "ann,2020-01-01,x").refused) == 1


def test_columns_that_the_program_does_not_declare_are_never_read(
    repository: Path, tmp_path: Path, program: Program
) -> None:
    """The poisoned column's pages are garbage: decoding them would fail."""
    path = tmp_path / "rows.parquet"
    poison = ["poison" * 50 + str(i) for i in range(2000)]
    frame = pl.DataFrame({"member": range(2000), "time": ["2020-01-01"] * 2000, "amount": ["1"] * 2000})
    frame.with_columns(pl.Series("poisoned", poison)).write_parquet(
        path, compression="uncompressed", statistics=False
    )
    whole = path.read_bytes()
    start, end = whole.index(b"poisonpoison"), whole.rindex(b"poisonpoison")
    assert end - start > 100_000
    path.write_bytes(whole[:start] + b"\xff" * (end - start) + whole[end:])
    with pytest.raises(BaseException):  # noqa: B017 (polars panics or raises, by the place of the damage)
        pl.read_parquet(path)
    result = read_history(program, path)
    assert (len(result.history.ids), len(result.refused)) == (2000, 0)


# ---- mappings


def mapped(tmp_path: Path, program: Program, toml: str, *lines: str) -> HistoryResult:
    (tmp_path / "map.toml").write_text(toml)
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    mapping = parse_mapping(tmp_path / "map.toml", schema_of(program))
    return read_history(program, tmp_path / "rows.csv", mapping)


def test_a_mapping_renames_columns_and_values(tmp_path: Path, with_fields: Program) -> None:
    result = mapped(
        tmp_path,
        with_fields,
        '[columns]\nmember = "Customer ID"\n[values.kind]\nSale = "purchase"\n'
        '[values.payment]\n"Store Card" = "store_card"\n[values.online]\nY = "yes"\nN = "no"\n',
        "Customer ID,member,time,amount,kind,payment,online,guests,tip,made",
        "7,wrong,2020-01-01,1,Sale,Store Card,Y,1,0,2020-01-01",
        "7,wrong,2020-01-01,1,purchase,other,n,1,0,2020-01-01",
    )
    assert not result.refused
    assert list(result.history.members) == ["7"]
    assert result.history.fields[:, :2].tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[colums]\n", "unknown table `colums`\nhelp: did you mean `columns`?"),
        ('[columns]\nmembr = "x"\n', "unknown column `membr`\nhelp: did you mean `member`?"),
        ('[columns]\namount_paid = "x"\n', "`amount_paid`, which is not supported yet"),
        ('[columns]\nmember = "Customer"\n', "has no column `Customer`"),
        ('[values.payment]\nx = "store_crd"\n', "did you mean `store_card`?"),
        ('[values.member]\nx = "y"\n', "unknown column with named values `member`"),
        ("[columns]\nmember = 3\n", "a table of quoted texts"),
        ('[columns]\nmember = "time"\n', "is read as both `member` and `time`"),
        ("[columns\n", "is no TOML"),
    ],
)
def test_every_key_of_a_mapping_means_something(
    tmp_path: Path, with_fields: Program, toml: str, message: str
) -> None:
    with pytest.raises(InputRefused) as refusal:
        mapped(tmp_path, with_fields, toml, "member,time,amount,payment,online,guests,tip,made")
    assert message in str(refusal.value)


def test_a_value_of_one_of_two_fields_with_one_name_is_of_that_one(
    tmp_path: Path, program_of: Callable[[str], Program]
) -> None:
    fields = (
        "    event purchase { channel  one of web, shop }\n    event visit { channel  one of door, shop }\n"
    )
    result = mapped(
        tmp_path,
        program_of(HEAD + fields + BODY),
        '[values.channel]\nInternet = "web"\nFront = "door"\n',
        "member,time,amount,kind,channel",
        "ann,2020-01-01,1,purchase,Internet",
        "ann,2020-01-01,,visit,Front",
        "ann,2020-01-01,1,purchase,Front",
        "ann,2020-01-01,,visit,shop",
    )
    assert reasons(result) == {3: "`channel` is not one of web, shop"}
    assert result.history.fields[:, 0].tolist() == [0, 0, 1]


# ---- quarantine


def test_quarantined_rows_can_be_mended_and_read_again(tmp_path: Path, program: Program) -> None:
    toml = '[columns]\nmember = "Customer ID"\n'
    lines = ("Customer ID,time,amount,note", "ann,2020-01-01,1,x", "bob,2020-01-01,abc,y", "cid,x,3,z")
    result = mapped(tmp_path, program, toml, *lines)
    text = quarantine_bytes(result.opened, result.refused, parquet=False).decode()
    assert text.splitlines()[0] == "row,reason,Customer ID,time,amount"
    assert text.splitlines()[1].endswith(",bob,2020-01-01,abc")
    assert "z" not in text.splitlines()[2]
    mended = text.replace("abc", "2").replace(",x,", ",2020-01-01,").splitlines()
    again = mapped(tmp_path, program, toml, *mended)
    assert (list(again.history.members), len(again.refused)) == (["bob", "cid"], 0)


# ---- anything at all

SOUND = "member,time,purchase,amount,online,category,kind,reward\n" + "".join(
    f"m{i % 5},2020-01-{1 + i // 2:02d} 10:00,p{i},{i}.05,yes,drink,purchase,\n" for i in range(30)
)
PIECES = (b'"', b",", b"\n", b"\0", b"9" * 30, b"1e9", b"-", b"\xe2\x80\xae", b"+99:99", b"inf", b"\xff")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_broken_anywhere_is_accounted_for_or_refused(
    tmp_path: Path, with_items: Program, suffix: str
) -> None:
    sound, path = tmp_path / f"sound{suffix}", tmp_path / f"broken{suffix}"
    if suffix == ".csv":
        sound.write_text(SOUND)
    else:
        pl.read_csv(SOUND.encode(), infer_schema=False).write_parquet(sound)
    chance = Random(suffix)
    for _ in range(150):
        content = bytearray(sound.read_bytes())
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(content))
            content[place : place + chance.choice((0, 0, 1, 20))] = chance.choice(PIECES)
        path.write_bytes(content)
        try:
            result = read_history(with_items, path)
        except InputRefused:
            continue
        items = result.history.item_starts[1:] - result.history.item_starts[:-1]
        used = int(items.clip(1).sum()) + int((result.redeem_rows >= 0).sum())
        assert used + len(result.refused) == result.refused.total
