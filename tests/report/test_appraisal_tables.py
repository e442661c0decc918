"""The tables and journals of an appraisal: exact, whole, and what their own checkers accept."""

import json
from decimal import Decimal
from hashlib import sha256

import polars as pl
import pytest
from forecast_cases import cut_short, plain, without_cost
from test_appraisal_reports import appraised

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.appraisal_tables import journals_of, tables_of, write_valued_tables
from loyalty_dsl.report.exports import TABLES
from loyalty_dsl.report.provenance import provenance_of


def write(case, folder):
    made = appraised(case)
    write_valued_tables(made, provenance_of(made.forecast), folder)
    return made


def test_the_folder_holds_the_tables_and_the_journal(tmp_path):
    write(plain, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())["tables"]
    more = {"lots", "estimators", "bridge", "deferred", "layers", "journal.csv", "journal.beancount"}
    assert set(manifest) == set(TABLES) | more
    for entry in manifest.values():
        assert sha256((tmp_path / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_tables_tie_to_the_forecast():
    made = appraised(plain)
    each, tables = made.currencies[0], tables_of(made)
    lots = tables["lots"]
    assert float(lots["future"].sum()) == pytest.approx(each.one.future_redemptions[-1], rel=1e-6)
    assert float(lots["liability"].sum()) == pytest.approx(made.going_concern[0] / 100, rel=1e-6)
    terms = dict(tables["bridge"].select("term", "amount").iter_rows())
    moved = sum(terms[term] for term in ("volume", "experience", "assumptions", "cost_per_point"))
    assert terms["opening"] + moved == terms["closing"] == Decimal(made.going_concern[0]).scaleb(-2)
    rolled = tables["deferred"].with_columns(
        end=pl.col("opening")
        + pl.col("deferred")
        - pl.col("recognised")
        - pl.col("catch_up")
        - pl.col("breakage")
    )
    assert (rolled["end"] == rolled["closing"]).all()
    assert tables["estimators"].row(0, named=True)["method"] == "simulated"


def test_the_journal_balances():
    texts = journals_of(appraised(plain))
    lines = texts["journal.csv"].splitlines()[1:]
    debits, credits = (sum(Decimal(line.split(",")[i] or 0) for line in lines) for i in (4, 5))
    assert debits == credits > 0
    loader = pytest.importorskip("beancount.loader")
    _, errors, _ = loader.load_string(texts["journal.beancount"])
    assert not errors


def test_what_is_not_known_has_no_table():
    tables = tables_of(appraised(without_cost))
    assert not {"bridge", "layers"} & set(tables)
    assert not tables["deferred"]["deferred"].sum()  # nobody redeems, so nothing is for points
    assert tables["lots"]["liability"].null_count() == tables["lots"].height
    names = tables_of(appraised(cut_short))["lots"]["currency"].unique().to_list()
    assert len(names) == 2


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputRefused, match="cannot be a folder"):
        write(plain, tmp_path / "taken")
