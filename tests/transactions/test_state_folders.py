"""A state folder refuses what it cannot go on with and is never half written; JSON lines name their lines."""

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import loyalty_dsl as loyalty
from loyalty_dsl.cli import run as command
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report import state_folder
from loyalty_dsl.report.files import WriteFailure

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    # a comment
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        cost    $0.01 assumed
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  10 points
        give   $5 off in full
    }
}
"""
HEAD = "member,time,amount,purchase,kind,reward\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return book_of(tmp_path, RULES)


def book_of(folder: Path, rules: str) -> Book:
    path = folder / "rules.loyalty"
    path.write_text(rules)
    return loyalty.load(path)


def rows(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (HEAD.strip(), *lines)))
    return path


def go_on(book: Book, path: Path, **more: Any) -> Any:
    state = path.parent / "state"
    return loyalty.replay(book, path, engine="reference", state=state, **more)


@pytest.fixture
def begun(book: Book, tmp_path: Path) -> Book:
    go_on(
        book,
        rows(
            tmp_path,
            "a.csv",
            "ann,2026-02-01 10:00,40.00,p1,purchase,",
            "bob,2026-03-01 10:00,9.99,p2,purchase,",
        ),
    )
    return book


@pytest.mark.parametrize(
    ("old", "new"),
    [("program corner", "program other"), ("1 point per", "2 points per"), ("10 points", "11 points")],
)
def test_a_state_of_other_rules_is_refused(begun: Book, tmp_path: Path, old: str, new: str) -> None:
    other = book_of(tmp_path, RULES.replace(old, new))
    with pytest.raises(InputRefused, match=r"is of the program `corner`|under other rules of `corner`"):
        go_on(other, rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,"))


@pytest.mark.parametrize(("old", "new"), [("# a comment", ""), ("$0.01", "$0.02"), ('"Points"', '"Stars"')])
def test_what_moves_no_balance_does_not_matter(begun: Book, tmp_path: Path, old: str, new: str) -> None:
    other = book_of(tmp_path, RULES.replace(old, new))
    went_on = go_on(other, rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,"))
    assert went_on.figures.totals[0].issued == 50


def test_rows_that_come_too_late_are_named(begun: Book, tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        "b.csv",
        "ann,2026-03-02,1.00,p3,purchase,",
        "cid,2026-02-28,5.00,p4,purchase,",
        "bob,2026-03-02,7.00,p2,purchase,",
        "bob,2026-03-02,,p2,redeem,five_off",
    )
    with pytest.raises(InputRefused) as refused:
        go_on(begun, path)
    assert "row 2" in refused.value.message
    assert "is before 2026-03-01, to which members were brought already: row 2" in refused.value.message
    assert "has the `purchase` of a row that was replayed before: row 3" in refused.value.message
    assert "names a purchase that was replayed before: row 4" in refused.value.message
    aside = tmp_path / "aside.csv"
    went_on = go_on(begun, path, quarantine=aside)
    assert [row.row for row in went_on.figures.bad_rows] == [2, 3, 4]
    assert (went_on.figures.totals[0].issued, went_on.figures.rows) == (50, 3)
    assert aside.read_text().count("\n") == 4


def test_a_bad_row_never_takes_an_earlier_purchase_with_it(begun: Book, tmp_path: Path) -> None:
    path = rows(tmp_path, "b.csv", "ann,2026-03-02,abc,p1,purchase,", "ann,2026-03-03,1.00,p9,purchase,")
    assert go_on(begun, path, quarantine=tmp_path / "aside.csv").figures.totals[0].issued == 50


def test_an_earlier_row_may_be_of_the_day_that_was_reached(begun: Book, tmp_path: Path) -> None:
    early = rows(tmp_path, "b.csv", "bob,2026-03-01 09:00,1.00,p3,purchase,")
    with pytest.raises(InputRefused, match="comes after a later row of the same member: row 1"):
        go_on(begun, early)
    assert go_on(begun, rows(tmp_path, "c.csv", "bob,2026-03-01 11:00,1.00,p3,purchase,")).figures.rows == 3


def test_the_same_file_again_is_refused(begun: Book, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"`.*a\.csv` was replayed into `.*state` before"):
        go_on(begun, tmp_path / "a.csv")


def test_what_was_refused_is_told_once(begun: Book, tmp_path: Path) -> None:
    path = rows(tmp_path, "b.csv", "bob,2026-03-02,,r1,redeem,five_off")
    first = go_on(begun, path, quarantine=tmp_path / "aside.csv")
    assert [row.row for row in first.figures.refused] == [1]
    second = go_on(begun, rows(tmp_path, "c.csv", "bob,2026-03-03,20.00,p5,purchase,"))
    assert (second.figures.refused, second.figures.rows) == ((), 3)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "rows-00001.parquet").unlink(), "is missing"),
        (lambda folder: (folder / "rows-00001.parquet").write_bytes(b"PAR1"), "was changed"),
        (lambda folder: (folder / "state.json").write_text("{}"), "is damaged"),
        (lambda folder: (folder / "state.json").write_text("not json"), "is damaged"),
    ],
)
def test_a_damaged_state_is_refused(begun: Book, tmp_path: Path, damage: Any, reason: str) -> None:
    damage(tmp_path / "state")
    with pytest.raises(InputRefused, match=reason):
        go_on(begun, rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,"))


def test_a_run_that_is_killed_leaves_the_state_before_it(
    begun: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,")
    whole = state_folder.write_whole

    def killed(target: Path, data: bytes) -> WriteFailure | None:
        if target.name == "state.json":
            raise KeyboardInterrupt
        return whole(target, data)

    monkeypatch.setattr(state_folder, "write_whole", killed)
    before = (tmp_path / "state" / "state.json").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        go_on(begun, path)
    assert (tmp_path / "state" / "state.json").read_bytes() == before
    monkeypatch.undo()
    assert go_on(begun, path).figures.totals[0].issued == 50


def test_two_runs_cannot_go_on_from_one_state(begun: Book, tmp_path: Path) -> None:
    first = go_on(begun, rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,"), keep=False)
    second = go_on(begun, rows(tmp_path, "c.csv", "ann,2026-03-02,2.00,p4,purchase,"), keep=False)
    first.keep()
    with pytest.raises(InputRefused, match="another replay has gone on"):
        second.keep()


def test_a_folder_of_other_files_is_no_state(book: Book, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="holds other files and no state"):
        loyalty.replay(book, rows(tmp_path, "a.csv"), state=tmp_path)


# ---- JSON lines


EVENTS = """\
{"member": "ann", "time": "2026-02-01T10:00", "purchase": "p1", "amount": 40.00, "store": {"city": "Rome"}}

{"member": "ann", "time": "2026-02-02", "purchase": "p2", "amount": 3, "redeem": {"reward": "five_off"}}
"""


def lines(folder: Path, text: str) -> Path:
    path = folder / "events.jsonl"
    path.write_text(text)
    return path


def test_json_lines_are_rows(book: Book, tmp_path: Path) -> None:
    replayed = loyalty.replay(book, lines(tmp_path, EVENTS), engine="reference")
    totals = replayed.figures.totals[0]
    assert (totals.issued, totals.redeemed, replayed.figures.events) == (40, 10, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", "is not an event"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "amount": "4.005"}', "not an amount"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "amount": 4.005}', "`4.005`"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "amount": [1]}', "holds a list"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "amount": NaN}', "`NaN`"),
        ('{"member": "ann", "purchase": "p3", "amount": 1}', "`time` is missing"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "items": []}', "has `items`"),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "items": [{"amount": 1}]}', "no fields"),
        (
            '{"member": "ann", "time": "2026-02-03", "amount": 1, "redeem": {"reward": "five_off"}}',
            "no `purch",
        ),
        ('{"member": "ann", "time": "2026-02-03", "purchase": "p3", "amount": 1, "redeem": 1}', "`redeem`"),
    ],
)
def test_a_bad_line_is_named_and_set_aside(book: Book, tmp_path: Path, line: str, reason: str) -> None:
    path = lines(tmp_path, EVENTS + line + "\n")
    with pytest.raises(InputRefused) as refused:
        loyalty.replay(book, path, engine="reference")
    assert "1 of 3 lines of" in refused.value.message
    assert "line 4" in refused.value.message and reason in refused.value.message
    aside = tmp_path / "aside.jsonl"
    loyalty.replay(book, path, engine="reference", quarantine=aside)
    (kept,) = map(json.loads, aside.read_text().splitlines())
    assert kept["line"] == 4 and kept["reason"]
    if line.startswith('{"member'):
        its = {key: value for key, value in kept.items() if key not in ("line", "reason")}
        assert repr(its) == repr(json.loads(line))
    else:
        assert kept["text"] == line


def test_a_pipeline_reads_and_writes_by_the_standard_streams(
    book: Book, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def feed(text: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        arguments = ["-", "--postings", "-", "--engine", "reference", "--state", str(tmp_path / "state")]
        code = command(["replay", str(tmp_path / "rules.loyalty"), *arguments])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    code, out, err = feed(EVENTS)
    assert (code, [json.loads(line)["kind"] for line in out.splitlines()]) == (0, ["earned", "redeemed"])
    assert "State at the end of 2 February 2026." in err
    code, out, err = feed('{"member": "ann", "time": "2026-02-02 09:00", "purchase": "p3", "amount": 4}\n')
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"member": "ann", "day": "2026-02-02", "kind": "earned", "event": "p3", "by": "base"}
        | {"currency": "points", "units": 4, "available": "2026-02-02", "expires": "2027-02-02"}
    ]
    assert "Went on from the state at the end of 2 February 2026;" in err
    code, out, err = feed(HEAD + "ann,2026-02-03 09:00,5.00,p4,purchase,\n")
    assert (code, [json.loads(line)["event"] for line in out.splitlines()]) == (0, ["p4"])
    code, out, err = feed("ann,2026-02-04,4\n")
    assert (code, out) == (2, "")
    assert "`standard input` lacks the columns `amount`, `member`, `time`" in err
    assert "the first line has `ann`, `2026-02-04`, `4`" in err
    code, out, err = feed('[{"member": "ann"}]\n')
    assert (code, out) == (2, "") and "an object a line, or CSV whose first line is a header" in err
    code, out, err = feed("")  # a day without anything
    assert (code, out) == (0, "")


@pytest.mark.parametrize("extra", ["", ",too much"])
def test_rows_of_csv_on_the_standard_input_are_set_aside(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    good, bad = "ann,2026-02-01,40.00,p1,purchase,", f"bob,2026-02-01,x,p2,purchase,{extra}"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{HEAD}{good}\n{bad}\n".encode())))
    replayed = loyalty.replay(book, "-", engine="reference", quarantine=tmp_path / "aside.csv")
    assert replayed.figures.totals[0].issued == 40
    assert [row.row for row in replayed.refused.rows] == [2]
    header, row = (tmp_path / "aside.csv").read_text().splitlines()
    assert header.startswith("row,reason,member") and row.startswith("2,")
    assert ("bob,2026-02-01,x,p2,purchase" in row) is (extra == "") or extra in row


def test_parquet_on_the_standard_input_is_known_by_its_first_bytes(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, aside = io.BytesIO(), tmp_path / "aside.csv"
    pl.DataFrame(
        {"member": ["ann", None], "time": ["2026-02-01", "2026-02-02"], "amount": ["40.00", "1"]}
    ).select(pl.all(), pl.Series("purchase", ["p1", "p2"])).write_parquet(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.getvalue())))
    replayed = loyalty.replay(book, "-", engine="reference", quarantine=aside)
    assert replayed.figures.totals[0].issued == 40
    assert "2,`member` is missing,,2026-02-02" in aside.read_text()


def test_a_postings_file_is_written_whole(book: Book, tmp_path: Path) -> None:
    path, target = lines(tmp_path, EVENTS), tmp_path / "postings.jsonl"
    rules = str(tmp_path / "rules.loyalty")
    assert command(["replay", rules, str(path), "--postings", str(target), "--engine", "reference"]) == 0
    assert len(target.read_text().splitlines()) == 2
    assert command(["replay", rules, str(path), "--postings", str(path), "--engine", "reference"]) == 2
    assert path.read_text() == EVENTS


def test_a_state_can_be_moved(begun: Book, tmp_path: Path) -> None:
    shutil.move(tmp_path / "state", tmp_path / "moved")
    path = rows(tmp_path, "b.csv", "ann,2026-03-02,1.00,p3,purchase,")
    went_on = loyalty.replay(begun, path, engine="reference", state=tmp_path / "moved")
    assert went_on.figures.totals[0].issued == 50
