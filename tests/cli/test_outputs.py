"""Where output goes: what cannot be written is refused before anything is simulated, and Ctrl-C is obeyed."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from toy_shop import SHOP

import loyalty_dsl.cli.backtest
import loyalty_dsl.cli.fit
import loyalty_dsl.decisions.calls
import loyalty_dsl.valuation.backtests  # noqa: F401  none of these may be loaded while its work is replaced

Command = Callable[..., Any]
STUDY = """
study budget {
    program   shop
    months    3
    sample    400 members
    require   purchases over 3 months >= 1
}
"""
VARIED = ("--vary", "off.price=50, 60")
WORK = {
    "simulate": "loyalty_dsl.pipeline.simulate",
    "study": "loyalty_dsl.decisions.studies.run_study",
    "compare": "loyalty_dsl.pipeline.compare",
    "sweep": "loyalty_dsl.decisions.sweeping.sweep",
    "solve": "loyalty_dsl.decisions.solving.solve",
    "fit": "loyalty_dsl.calibration.fitting.fit_file",
    "liability": "loyalty_dsl.valuation.ledger_valuation.value_ledger",
}
"""What each command spends its time in."""


@pytest.fixture
def asked(tmp_path: Path, replayed: tuple[Path, Path]) -> Callable[[str], tuple[str, ...]]:
    """The words of each command, without its options for output."""
    (tmp_path / "shop.loyalty").write_text(SHOP)
    (tmp_path / "study.loyalty").write_text(SHOP + STUDY)
    shop = str(tmp_path / "shop.loyalty")
    rules, ledger = map(str, replayed)
    words = {
        "simulate": ("simulate", shop),
        "study": ("simulate", str(tmp_path / "study.loyalty")),
        "compare": ("compare", shop, "--set", "off.price=60"),
        "sweep": ("sweep", shop, *VARIED),
        "solve": ("solve", shop, "--vary", "off.price", "--for", "reward cost <= $1,500"),
        "fit": ("fit", str(Path(rules).with_name("sales.csv"))),
        "liability": ("liability", rules, ledger),
    }
    return words.__getitem__


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("simulate", ("--report", "--charts", "--xlsx", "--out")),
        ("study", ("--report", "--charts", "--xlsx", "--out")),
        ("compare", ("--report", "--charts", "--xlsx", "--members")),
        ("sweep", ("--report", "--charts", "--xlsx", "--out")),
        ("fit", ("--report", "--charts", "--xlsx", "--out", "--quarantine")),
        ("liability", ("--report", "--charts", "--xlsx", "--journal")),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(  # noqa: PLR0917
    command: str,
    options: tuple[str, ...],
    loyalty: Command,
    asked: Callable[[str], tuple[str, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr(WORK[command], work)
    words = asked(command)
    (tmp_path / "file").write_text("in the way")
    endings = {"--xlsx": ".xlsx", "--report": ".html", "--members": ".csv", "--journal": ".csv"}
    for option in options:
        ending = ".loyalty" if (command, option) == ("fit", "--out") else endings.get(option, ".csv")
        ran = loyalty(*words, option, str(tmp_path / "file" / f"there{ending}"))
        assert ran.code == 2, (option, ran.err)
        assert ran.out == ""
        assert ran.err.startswith("error: ")
        assert "the work began" not in ran.err


def test_a_workbook_is_named_as_one(loyalty: Command, asked: Callable[[str], tuple[str, ...]]) -> None:
    for command in ("simulate", "study", "compare", "sweep", "fit", "liability"):
        ran = loyalty(*asked(command), "--xlsx", "figures.csv")
        assert (ran.code, ran.err.splitlines()[0]) == (2, "error: `figures.csv` is no workbook")


def test_a_report_beside_json(
    loyalty: Command, asked: Callable[[str], tuple[str, ...]], tmp_path: Path
) -> None:
    page, sheets = tmp_path / "page.html", tmp_path / "book.xlsx"
    short = ("--sample", "300", "--months", "2", "--format", "json")
    ran = loyalty(*asked("compare"), *short, "--report", page, "--xlsx", sheets)
    assert ran.code == 0
    assert ran.out == loyalty(*asked("compare"), *short).out
    assert "<h2" in page.read_text("utf-8")
    assert "Who" in openpyxl.load_workbook(sheets).sheetnames
    assert ran.err.splitlines() == [f"the report is {page}", f"the workbook is {sheets}"]


def test_a_ledger_has_a_workbook(
    loyalty: Command, asked: Callable[[str], tuple[str, ...]], tmp_path: Path
) -> None:
    path = tmp_path / "ledger.xlsx"
    ran = loyalty(*asked("liability"), "--before", "2026-06-30", "--xlsx", path)
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Summary", "Points methods", "Points vintages", "Points ages", "Points bridge", "Points deferred",
        "Notes",
    ]  # fmt: skip
    ages = list(book["Points ages"].iter_rows(min_row=2, values_only=True))
    header, summary = book["Summary"].iter_rows(values_only=True)
    told = dict(zip(header, summary, strict=True))
    assert sum(row[1] for row in ages) == told["Outstanding"]
    assert sum(row[4] for row in ages) == pytest.approx(told["Liability"], abs=0.01)
    terms = dict(book["Points bridge"].iter_rows(min_row=2, values_only=True))
    assert terms.pop("Closing") == pytest.approx(sum(terms.values()))


def test_a_study_is_valued_on_its_page_and_in_its_workbook(
    loyalty: Command, asked: Callable[[str], tuple[str, ...]], tmp_path: Path
) -> None:
    page, sheets, tables = tmp_path / "page.html", tmp_path / "book.xlsx", tmp_path / "tables"
    ran = loyalty(*asked("study"), "--report", page, "--xlsx", sheets, "--out", tables)
    assert ran.code == 0, ran.err
    names = openpyxl.load_workbook(sheets).sheetnames
    assert {"Gates", "Lots", "Estimators", "Layers"} <= set(names)
    text = page.read_text("utf-8")
    assert "run-off" in text and 'id="lots-0"' in text
    assert (tables / "layers.parquet").exists()


@pytest.fixture
def soon(hears_interrupts: None) -> Iterator[None]:
    """Ctrl-C is pressed a moment from now."""
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    yield timer.start()
    timer.cancel()


@pytest.mark.parametrize("command", WORK)
def test_ctrl_c_is_obeyed_in_one_line(
    command: str,
    loyalty: Command,
    asked: Callable[[str], tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    soon: None,
) -> None:
    done = threading.Event()

    def deaf(*_: object, **__: object) -> None:
        """Work that hears of no interrupt, as compiled code does not."""
        done.wait(20)

    monkeypatch.setattr(WORK[command], deaf)
    began = time.monotonic()
    ran = loyalty(*asked(command))
    done.set()
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "interrupted")
    assert time.monotonic() - began < 10
