"""Members who begin as those of a ledger stand: the laws of opening balances."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import attrs
import numpy as np
import polars as pl
import pytest
from jsonschema import Draft202012Validator
from opened_rules import COLUMNS, INACTIVE, MOVED, PENDING, PEOPLE, RULES, sales

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.forecast.appraising import appraise
from loyalty_dsl.forecast.beginning import begin_from
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.member_frames import simulated_members
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.ledger_tables import write_ledger
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.replaying import Replayed
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.simulation.run import simulate_population

NOBODY_BUYS = PEOPLE.replace("2 per month spread 0.8", "0.0001 per year")
JOINING = PEOPLE.replace("start 50 members", "start 50 members\n    join 20 members per month")

Opened = tuple[Book, Replayed]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Opened]:
    """A book that begins with the ledger of its own replay."""

    def make(rules: str, people: str = PEOPLE, seed: int = 1) -> Opened:
        file, table, ledger = tmp_path / "rules.loyalty", tmp_path / "sales.csv", tmp_path / "ledger"
        file.write_text(rules + people)
        table.write_text("\n".join([COLUMNS, *sales(seed)]) + "\n")
        book = pipeline.load(file)
        replayed = pipeline.replay(book, table, quarantine=tmp_path / "aside.csv", with_postings=True)
        write_ledger(replayed.result, replayed.figures, ledger)
        return begin_from(book, ledger), replayed

    return make


def ties(forecast: Forecast) -> None:
    for one in forecast.by_currency:
        rows = [(one.opening, one.total), *zip(one.segment_openings, one.segments, strict=True)]
        for opening, months in rows:
            held = opening
            for month in months:
                held += month.issued - month.redeemed - month.expired - month.reversed
                assert month.outstanding == held
        assert sum(one.segment_openings) == one.opening


@pytest.mark.parametrize("rules", RULES)
def test_without_purchases_every_lot_ends_as_in_the_reference(
    opened: Callable[..., Opened], rules: str
) -> None:
    """Law: what members hold goes on by the rules alone, exactly as the same history continued."""
    book, replayed = opened(RULES[rules], NOBODY_BUYS)
    program, people = book.programs[0], book.populations[0]
    result = simulate_population(program, people, months=8, threads=1)
    assert result.purchases.sum() == 0
    assert result.opening is not None
    assert int(result.opening.sum()) == replayed.result.totals()[0].outstanding > 0
    for month in range(8):
        end = int(result.month_starts[month + 1]) - 1
        history = attrs.evolve(replayed.result.history, last_day=end)
        (totals,) = replay(program, history, "reference").totals()
        assert int(result.outstanding[0, :, month].sum()) == totals.outstanding
        assert int(result.pending[0, :, month].sum()) == totals.pending


def test_histories_cut_in_two_come_to_what_the_whole_comes_to(tmp_path: Path) -> None:
    """Law: a state that is kept, opened and lived on in is the state that goes on (lots, counters, levels,
    limits and inactivity), with events after it."""
    here = Path(__file__)
    paths = os.pathsep.join([str(here.parent), str(here.parents[2])])
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", here.with_name("continued_histories.py"), tmp_path, "0", "6"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout) > 100


@pytest.mark.parametrize("sample", [None, 7, 300])
def test_the_ledger_ties_and_neither_threads_nor_shards_change_it(
    opened: Callable[..., Opened], sample: int | None
) -> None:
    book, replayed = opened(PENDING, JOINING if sample else PEOPLE)
    forecast = pipeline.simulate(book, months=6, sample=sample, threads=1)
    ties(forecast)
    again = pipeline.simulate(book, months=6, sample=sample, threads=2, shards=5)
    assert again.by_currency[0].total == forecast.by_currency[0].total
    assert forecast.by_currency[0].opening > 0
    if sample is None:
        assert forecast.weight == Fraction(1)
        assert forecast.by_currency[0].opening == replayed.result.totals()[0].outstanding
    (one,) = forecast.by_currency
    held = one.triangle.opened
    assert len(held) > 2
    assert [each.back for each in held] == list(range(len(held), 0, -1))
    assert sum(sum(each.redeemed) for each in held) > 0
    for each in held:
        assert 0 <= sum(each.redeemed) + sum(each.expired) + sum(each.reversed) <= each.units


def test_the_liability_holds_the_opening_lots(opened: Callable[..., Opened]) -> None:
    book, _ = opened(PENDING)
    forecast = pipeline.simulate(book, months=4, threads=1)
    (one,) = forecast.by_currency
    later = one.triangle.redeemed_later()
    opened_redeemed = [
        sum(months) for months in zip(*(each.redeemed for each in one.triangle.opened), strict=True)
    ]
    rows = zip(one.triangle.redeemed, range(4), strict=True)
    issued_later = sum(sum(row[1 - issue :]) for row, issue in rows if issue < 1)
    assert later[0] == issued_later + sum(opened_redeemed[1:])
    assert forecast.liability is not None
    assert forecast.liability[0] > 0
    appraisal = appraise(forecast, month=2, threads=1)
    (each,) = appraisal.currencies
    assert each.future == later[2]
    assert [row.month for row in each.lots] == [-each.back for each in one.triangle.opened if each.units] + [
        0,
        1,
        2,
    ]
    assert sum(row.held for row in each.lots) == int(one.total[2].outstanding)
    assert each.why_none
    assert each.why_no_roll


def test_the_json_of_a_forecast_that_begins_with_a_ledger_is_as_its_schema_says(
    opened: Callable[..., Opened],
) -> None:
    book, _ = opened(PENDING)
    forecast = pipeline.simulate(book, months=2, threads=1)
    document = json.loads(forecast_json(forecast, provenance_of(forecast), appraise(forecast, threads=1)))
    schema = json.loads(files("loyalty_dsl.report").joinpath("schemas/simulate.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    (points,) = document["currencies"].values()
    assert points["opening"] == forecast.by_currency[0].opening
    assert "--from" in document["command"]
    assert len(document["inputs"]) == 3


def test_a_limit_for_everyone_goes_on_with_what_the_ledger_has_used(opened: Callable[..., Opened]) -> None:
    def simulated(times: int) -> tuple[list[int], int]:
        """Postings of `base` until the end of 2026, and what the ledger counts."""
        line = f"earn base {{\n        limit {times} times per calendar year for everyone"
        book, replayed = opened(PENDING.replace("earn base {", line))
        result = simulate_population(book.programs[0], book.populations[0], months=6, threads=1)
        this_year = result.month_starts[:6] < day_of(date(2027, 1, 1))
        assert 3 <= this_year.sum() < 6
        assert (result.rule_times[0][~this_year] > 0).all()
        return result.rule_times[0][this_year].tolist(), sum(replayed.result.together.values())

    free, used = simulated(10**6)
    assert used > 50
    assert simulated(used) == ([0] * len(free), used)
    few, again = simulated(used + 20)
    assert again == used
    # the day on which the limit is reached is paid to its end
    assert 20 <= sum(few) < 30 < sum(free)
    assert simulated(used + sum(free) + 1)[0] == free


def test_a_ledger_that_does_not_know_of_limits_for_everyone_is_refused(
    opened: Callable[..., Opened], tmp_path: Path
) -> None:
    limited = PENDING.replace(
        "earn base {", "earn base {\n        limit 900 times per calendar year for everyone"
    )
    opened(limited)
    manifest = tmp_path / "ledger" / "manifest.json"
    document = json.loads(manifest.read_text())
    del document["tables"]["everyone"]
    manifest.write_text(json.dumps(document))
    book = pipeline.load(tmp_path / "rules.loyalty")
    with pytest.raises(InputRefused, match="the ledger does not say how much of it has been used"):
        begin_from(book, tmp_path / "ledger")


def test_rows_of_members_say_who_they_are_and_add_up(opened: Callable[..., Opened]) -> None:
    book, replayed = opened(PENDING, JOINING)
    forecast = pipeline.simulate(book, months=4, sample=60, threads=1)
    (rows,) = pipeline.member_rows(forecast)
    (one,) = forecast.by_currency
    table = simulated_members(forecast, rows)
    first = table.filter(pl.col("name").is_not_null())
    assert 0 < first.height < 60
    balances = dict(
        zip(replayed.result.history.members, replayed.result.balances.outstanding[:, 0].tolist(), strict=True)
    )
    assert first["opening_points"].to_list() == [balances[name] for name in first["name"]]
    assert table.filter(pl.col("name").is_null())["opening_points"].sum() == 0
    assert first["joined"].max() < date(2026, 12, 31)
    weight = float(forecast.weight)
    assert table["outstanding_points"].sum() * weight == pytest.approx(one.total[-1].outstanding, rel=0.02)
    assert table["issued_points"].sum() * weight == pytest.approx(sum(m.issued for m in one.total), rel=0.02)
    assert table["purchases"].sum() * weight == pytest.approx(
        sum(month.purchases for month in forecast.members), rel=0.02
    )


def test_two_versions_open_alike(opened: Callable[..., Opened], tmp_path: Path) -> None:
    book, _ = opened(PENDING)
    dearer = tmp_path / "new.loyalty"
    dearer.write_text(PENDING.replace("10 points", "20 points").replace("3 months", "1 month"))
    new = pipeline.load(dearer)
    same = pipeline.compare(book, book, months=4, threads=1)
    assert same.currencies[0].outstanding[-1].difference == 0
    assert same.everybody.rose == same.everybody.fell == 0
    comparison = pipeline.compare(book, new, months=4, threads=1)
    ties(comparison.old)
    ties(comparison.new)
    assert comparison.old.by_currency[0].opening == comparison.new.by_currency[0].opening > 0
    assert comparison.currencies[0].redeemed[-1].difference != 0
    assert comparison.everybody.fell > 0
    assert any(notice.id == "opened" for notice in comparison.notices)


def test_what_a_version_lacks_is_said(opened: Callable[..., Opened], tmp_path: Path) -> None:
    book, _ = opened(PENDING)
    other = tmp_path / "new.loyalty"
    other.write_text(PENDING.replace("level gold", "level silver").replace("is gold", "is silver"))
    comparison = pipeline.compare(book, pipeline.load(other), months=2, threads=1)
    said = [notice.message for notice in comparison.notices if notice.id == "opening-left-out"]
    assert any("Who held gold of status" in message for message in said)
    changed = tmp_path / "changed.loyalty"
    changed.write_text(PENDING.replace("rolling 2 months", "rolling 3 months"))
    with pytest.raises(InputRefused, match="`spent` counts money over the last 3 months"):
        pipeline.compare(book, pipeline.load(changed), months=2, threads=1)


def test_each_member_of_the_ledger_is_drawn_once_or_in_turn(opened: Callable[..., Opened]) -> None:
    from loyalty_dsl.simulation.opening_tables import choose_members

    book, _ = opened(INACTIVE)
    opening = book.populations[0].opening
    assert opening is not None
    members = len(opening.names)
    assert choose_members(opening, members, 5).tolist() == list(range(members))
    few, many = choose_members(opening, 4, 5), choose_members(opening, 3 * members, 5)
    assert len(set(few.tolist())) == 4
    assert np.bincount(many).tolist() == [3] * members
    assert choose_members(opening, 4, 6).tolist() != few.tolist()


def test_no_other_first_day_and_no_other_program(opened: Callable[..., Opened], tmp_path: Path) -> None:
    book, _ = opened(MOVED)
    with pytest.raises(InputRefused, match="the ledger ends on"):
        pipeline.simulate(book, months=2, first_day=date(2027, 5, 1))
    other = tmp_path / "other.loyalty"
    other.write_text((PENDING + PEOPLE).replace("corner", "market"))
    with pytest.raises(InputRefused, match="is of the program `corner`"):
        begin_from(pipeline.load(other), tmp_path / "ledger")
