"""`loyalty fit`: from a file to a population that checks."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from cdnow_cases import needs_cdnow, write_csv

from loyalty_dsl import pipeline
from loyalty_dsl.calibration.backtest import forecast_weeks
from loyalty_dsl.calibration.customers import summarise
from loyalty_dsl.calibration.fitting import Fitted, fit_file
from loyalty_dsl.calibration.models import Form, Leaving, fit
from loyalty_dsl.calibration.population_text import population_text
from loyalty_dsl.cli import run
from loyalty_dsl.report import fit_json
from loyalty_dsl.report.fit_page import fit_page

SCHEMA = Path(fit_json.__file__).parent / "schemas/fit.schema.json"
PROGRAM = """\
program corner "Corner" {
    money     EUR
    timezone  "Europe/Berlin"
    starts    2024-01-01 by purchase date

    event purchase {
        channel one of shop, web
        gift    yes/no
    }
    member { card one of none, gold }
    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase where channel is web
        give  1 point per whole €1
    }
    earn gilded {
        on    purchase where card is gold
        give  1 point per whole €1
    }
    reward five_off {
        price  500 points
        give   €5 off in full
        cost   €5 assumed
    }
}
"""


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years and a half of a made-up shop: members who join all the time, more of them in December."""
    random = np.random.default_rng(7)
    start, rows = date(2024, 1, 1), []
    for member in range(400):
        joined = 0 if member < 200 else int(random.integers(30, 600))
        rate, leaves = random.gamma(1.5, 1 / 40), joined + random.exponential(500)
        day = joined + int(random.integers(0, 20)) * (member < 200)
        level = random.normal(0, 0.4)
        while day < min(leaves, 900):
            when = start + timedelta(days=int(day))
            amount = 25 * np.exp(level + random.normal(0, 0.5))
            channel = "web" if random.random() < 0.3 else "shop"
            card = "gold" if member % 4 == 0 else "none"
            if when.month == 12 or random.random() < 0.7:
                rows.append(
                    f"m{member},{when},{amount:.2f},{channel},{'yes' if member % 10 == 0 else 'no'},{card}"
                )
            day += 1 + random.exponential(1 / rate)
    path = tmp_path_factory.mktemp("sales") / "sales.csv"
    path.write_text("member,time,amount,channel,gift,card\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def fitted(sales: Path) -> Fitted:
    return fit_file(sales)


def read_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["fit", *arguments, "--format", "json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    return document


@needs_cdnow
def test_cdnow_as_the_literature_fits_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = write_csv("sample", tmp_path / "cdnow.csv"), tmp_path / "cdnow.loyalty"
    document = read_json(capsys, str(file), "--unit", "week", "--until", "1997-09-30", "-o", str(out))
    models = document["models"]
    assert models["bg_nbd"]["parameters"]["r"] == pytest.approx(0.2426, abs=5e-4)
    assert models["pareto_nbd"]["log_likelihood"] == pytest.approx(-9594.97, abs=0.05)
    assert models["mbg_nbd"] == models["mbg_cnbd_k"]
    assert models["gamma_gamma"]["parameters"]["q"] == pytest.approx(3.74, abs=0.02)
    assert models["bg_nbd"]["standard_errors"]["alpha"] == pytest.approx(0.378, rel=0.02)
    backtest = document["backtest"]
    assert (backtest["weeks"], backtest["actual"]) == (39, 1882)
    assert abs(backtest["error"]) < 0.05
    assert sum(week["actual"] for week in backtest["by_week"]) == 1882
    assert out.read_text() == document["population"]
    assert run(["check", str(out)]) == 0
    assert "# ± " in out.read_text() and "all weeks: actual 1,882" in out.read_text()


def test_a_population_for_a_program(sales: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules, out, page = tmp_path / "corner.loyalty", tmp_path / "people.loyalty", tmp_path / "people.html"
    rules.write_text(PROGRAM, encoding="utf-8")
    arguments = [str(sales), "--program", str(rules), "-o", str(out), "--report", str(page)]
    document = read_json(capsys, *arguments)
    assert run(["check", str(rules), str(out)]) == 0
    (population,) = pipeline.load([rules, out]).populations
    assert population.program == "corner"
    assert document["joins_per_month"] == pytest.approx(6, abs=2)
    text = out.read_text()
    assert "channel shop 7" in text and "gift " in text and "card none 7" in text
    assert "December".lower() in text.split("season")[1].splitlines()[0]
    assert document["season"]["december"]["value"] > 1.15
    assert abs(sum(it["value"] for it in document["weekday"].values()) / 7 - 1) < 1e-9
    assert "redeem" in text and "Assumed, not fitted" in text
    assert document["backtest"]["calibrated"] is False
    assert document["backtest"]["by_week"][-1]["week_to"] == document["calibration"]["until"]
    html = page.read_text()
    assert html.count("<svg") == 3 and "<script" not in html
    assert "Facts that were not fitted" in html

    # A study of the program's file that names no population, and the population of an earlier fit.
    study = "study later {\n    months 12\n    objective issued\n}\n"
    rules.write_text(f"{PROGRAM}\n{text}\n{study}", encoding="utf-8")
    assert run(["fit", str(sales), "--program", str(rules), "-o", str(tmp_path / "again.loyalty")]) == 0


def test_the_population_has_the_customers_who_are_left(fitted: Fitted) -> None:
    """Fewer than all members, under a program that stands in for one."""
    found = fitted
    alive = found.population.split("start    ")[1].split(" members")[0]
    assert 0 < int(alive.replace(",", "")) < found.calibration.customers.count
    assert "no_program_yet" in found.population
    assert "<h1>" in fit_page(found, "loyalty fit sales.csv")


def test_the_same_customers_as_they_began(fitted: Fitted, tmp_path: Path) -> None:
    text = population_text(fitted.calibration, made_by="a test", as_they_began=True)
    path = tmp_path / "began.loyalty"
    path.write_text(text, encoding="utf-8")
    (population,) = pipeline.load([path]).populations
    assert population.first_day == fitted.calibration.first_day
    cohorts = fitted.calibration.cohorts
    assert cohorts is not None
    assert population.members == cohorts.customers[0].count


def test_the_unit_is_only_a_unit(fitted: Fitted) -> None:
    days, until = fitted.calibration.days, fitted.calibration.until
    weekly, daily = (fit(Form(Leaving.ANY_TIME), summarise(days, until, unit)) for unit in (7, 1))
    assert daily.parameters["alpha"] == pytest.approx(7 * weekly.parameters["alpha"], rel=1e-3)
    assert daily.parameters["r"] == pytest.approx(weekly.parameters["r"], rel=1e-3)
    forecasts = [
        forecast_weeks(one, days, until - 70, until, unit, inside=True).forecast.sum()
        for one, unit in ((weekly, 7), (daily, 1))
    ]
    assert forecasts[0] == pytest.approx(forecasts[1], rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rules.loyalty"], "holds rules, not transactions"),
        (["sales.csv", "--until", "2024-01-05"], "it needs 4 weeks of purchases at least"),
        (["sales.csv", "--until", "2030-01-05"], "after the last event of the file on"),
        (["sales.csv", "-o", "people.txt"], "write `-o people.txt.loyalty`"),
        (["sales.csv", "-o", "a.loyalty", "--report", "a.loyalty"], "two outputs would go to one file"),
        (["sales.csv", "--report", "sales.csv"], "sales.csv"),
        (["few.csv"], "only 1 members bought on a second day"),
        (["bad.csv"], "1 of 2 rows"),
        (["nobody.csv"], "no purchases to fit"),
        (["sales.csv", "--program-name", "x"], "give the file with --program FILE"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(
    arguments: list[str],
    told: str,
    folder_of_files: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["fit", *arguments]) == 2
    error = capsys.readouterr().err
    assert told in error and "our bug" not in error


@pytest.fixture
def folder_of_files(sales: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files: dict[str, Callable[[], str]] = {
        "sales.csv": sales.read_text,
        "rules.loyalty": lambda: PROGRAM,
        "few.csv": lambda: "member,time,amount\na,2024-01-01,1\na,2024-02-01,1\nb,2024-03-01,1\n",
        "bad.csv": lambda: "member,time,amount\na,2024-01-01,1\na,2024-02-31,1\n",
        "nobody.csv": lambda: "member,time,amount\n",
    }
    for name, text in files.items():
        Path(name).write_text(text(), encoding="utf-8")


def test_bad_rows_are_set_aside(sales: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, aside = tmp_path / "sales.csv", tmp_path / "bad.csv"
    file.write_text(sales.read_text() + "m1,2026-02-31,5.00,web,no,none\n", encoding="utf-8")
    assert run(["fit", str(file), "--quarantine", str(aside)]) == 0
    told = capsys.readouterr()
    assert "1 row set aside" in told.err and "2026-02-31" in aside.read_text()
    assert "Backtest:" in told.out
