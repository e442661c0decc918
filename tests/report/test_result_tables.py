"""The one table of each result, by polars, pandas and Arrow; and the schemas that ship with the package."""

import json
import tomllib
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from decision_cases import VARY, compared, swept
from forecast_cases import plain
from jsonschema import Draft202012Validator
from toy_shop import SHOP

import loyalty_dsl as loyalty
from loyalty_dsl.cli import loyalty as command
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.result_tables import book_table
from loyalty_dsl.shown import RENDERERS, TABLES, Shown

REPOSITORY = Path(__file__).parent.parent.parent
RULES = REPOSITORY / "programs" / "grocery_points.loyalty"
SALES = REPOSITORY / "programs" / "data" / "corner_shop_sales.csv"
LEDGER = REPOSITORY / "programs" / "data" / "corner_shop_ledger.csv"


@pytest.fixture(scope="module")
def results() -> dict[str, Shown]:
    book = loyalty.load(RULES)
    replayed = loyalty.replay(book, SALES, engine="reference", with_postings=True)
    return {
        "Book": book,
        "Replayed": replayed,
        "Replay": replayed.result,
        "Statement": loyalty.statement(book, SALES, "ann"),
        "Reconciliation": loyalty.reconcile(book, SALES, LEDGER, engine="reference"),
        "Forecast": plain(),
    }


def test_every_result_shows_itself_and_has_a_table(results: dict[str, Shown]) -> None:
    assert set(RENDERERS) == set(TABLES)
    for name, result in results.items():
        assert type(result).__name__ == name
        table = result.to_polars()
        assert table.height > 0
        assert pl.DataFrame(result).equals(table)  # by Arrow
        shown = result._repr_html_()
        assert shown is not None and shown.startswith("<div style=") and shown.endswith("</div>")


def test_tables_say_what_the_page_says(results: dict[str, Shown]) -> None:
    assert results["Replayed"].to_polars().equals(results["Replay"].to_polars())
    assert results["Replayed"].to_polars()["outstanding"].sum() == 4_435
    assert results["Statement"].to_polars().select("member", "currency", "available").row(0) == (
        "ann",
        "points",
        266,
    )
    assert results["Reconciliation"].to_polars()["points"].sum() == 227
    blocks = book_table(results["Book"])
    assert blocks.filter(pl.col("kind") == "program").select("name", "line").rows() == [("grocery_points", 4)]
    assert "0 of 13 members agree to the point" in (results["Reconciliation"]._repr_html_() or "")


def test_decisions_have_tables(tmp_path: Path) -> None:
    found = compared(SHOP, tmp_path)
    table = found.to_polars()
    assert table["version"].unique(maintain_order=True).to_list() == ["old", "new"]
    assert table.filter(pl.col("version") == "new").drop("version").equals(found.new.monthly)
    points = swept(SHOP, tmp_path, VARY[:1], "one at a time", ("reward cost",))
    assert points.to_polars().equals(points.table)
    path = tmp_path / "study.loyalty"
    path.write_text(
        SHOP
        + "study s {\n    program shop\n    months 2\n    sample 300 members\n    require joined >= 1\n}\n"
    )
    book = loyalty.load(path)
    bounds = loyalty.study(book).to_polars()
    assert bounds["bound"].to_list() == ["require joined >= 1"]
    target = "reward cost over 2 months <= $150"
    solved = loyalty.solve(book, "off.price", target, between="20..400", sample=300, months=2)
    meets = dict(solved.to_polars().select("value", "meets").rows())
    assert meets[solved.answer.text] is True
    assert meets[solved.next_.text] is False
    assert "off.price" in (solved._repr_html_() or "")


def test_without_pandas_the_extra_is_named(results: dict[str, Shown], monkeypatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputRefused, match=r"loyalty-dsl\[pandas\]"):
        results["Replayed"].to_pandas()


def test_pandas_gets_the_same_table(results: dict[str, Shown]) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = results["Reconciliation"].to_pandas()
    assert frame["points"].sum() == 227
    assert list(frame.columns) == results["Reconciliation"].to_polars().columns


def test_a_result_of_nobody_has_no_table() -> None:
    class Stranger(Shown):
        pass

    with pytest.raises(InputRefused, match="no table of a Stranger"):
        Stranger().to_polars()


def test_every_schema_ships_and_is_reachable() -> None:
    folder = REPOSITORY / "loyalty_dsl" / "report" / "schemas"
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert settings["wheel"]["packages"] == ["loyalty_dsl"]  # whose files are all in the wheel
    assert not {"exclude", "only-include", "include"} & set(settings["wheel"])
    listed = CliRunner().invoke(command, ["schema"]).output.splitlines()
    assert [line.split()[0] for line in listed] == sorted(
        path.name.removesuffix(".schema.json") for path in folder.iterdir()
    )
    for line in listed:
        name, title = line.split()
        document = loyalty.schema(name)
        Draft202012Validator.check_schema(document)
        assert document["title"] == title
        assert json.loads(CliRunner().invoke(command, ["schema", name]).output) == document


def test_an_unknown_schema_is_refused_with_a_guess() -> None:
    with pytest.raises(InputRefused, match="is it `simulate`"):
        loyalty.schema("simulat")
