"""The liability of fifty worlds that no model has, estimated from 24 months and held against what happened.

Of each world the ledger of 24 months is replayed by the kernel and valued in two ways: by the estimators of
`loyalty liability` alone, and by customers fitted to the same months (`loyalty fit`) and simulated, whose
redemption rates by age of lot are applied to the lots that members really hold. The truth is what the same
members redeem afterwards while they go on buying (going concern).

`python tests/benchmarks/worlds_study.py` prints the tables of docs/proof.md, in some five minutes; `--seeds
1000` draws the same worlds anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import attrs
import worlds
from worlds import CONTROL, EVERYTHING, SEEN_MONTHS, VALUED, WORLDS, Lived, World, history_of, live

from loyalty_dsl import pipeline
from loyalty_dsl.calibration.calibrating import calibrate
from loyalty_dsl.calibration.population_text import population_text
from loyalty_dsl.decisions.gates import errors_of
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.program import Program
from loyalty_dsl.report.ledger_tables import events_frame, postings_frame, rewards_frame
from loyalty_dsl.valuation.bands import band_of
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation, flows_of_ledger, value_ledger

LEVEL = 0.9
SAMPLE = 20_000
"""Members that are simulated of a fitted population."""

Band = tuple[float, float]


@attrs.frozen
class Estimate:
    """An estimate of the points that will be redeemed, and its bands at 90%."""

    name: str
    future: float
    bands: dict[str, Band]


@attrs.frozen
class Found:
    """What a world was estimated at, and what it was.

    Attributes:
        truth, run_off: points redeemed after the valuation, as earning goes on and where it stops.
        held: points outstanding at the valuation.
    """

    world: World
    truth: int
    run_off: int
    held: int
    headline: Estimate
    methods: tuple[Estimate, ...]
    model: Estimate | None

    def error(self, one: Estimate) -> float:
        """Relative to the truth."""
        return one.future / self.truth - 1

    def holds(self, band: Band) -> bool:
        """Whether a band has the truth in it."""
        return band[0] <= self.truth <= band[1]


def program_of(world: World) -> Program:
    """The checked program of a world."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world.loyalty"
        path.write_text(world.rules.text, encoding="utf-8")
        return pipeline.load(path).programs[0]


def ledger_of(program: Program, history: History, lived: Lived) -> LedgerTables:
    """The ledger of the months seen, posted by the kernel; it has to be the ledger of the world."""
    replayed = replay(program, history, threads=1, with_postings=True)
    (totals,) = replayed.totals()
    assert not replayed.refusals
    assert (totals.issued, totals.redeemed, totals.expired) == (lived.issued, lived.redeemed, lived.expired)
    return LedgerTables(
        program.name, VALUED, postings_frame(replayed), events_frame(replayed), rewards_frame(replayed), ()
    )


def estimate(world: World, *, with_fit: bool) -> Found:
    """Lives a world and values what was seen of it."""
    lived = live(world)
    program = program_of(world)
    history = history_of(lived)
    tables = ledger_of(program, history, lived)
    flows = flows_of_ledger(program, tables)
    (valued,) = value_ledger(program, tables, VALUED, None, flows=flows).currencies
    assert valued.found is not None
    shown = valued.found.headline.interval(LEVEL)
    band = band_of(valued.triangle, valued.found, LEVEL)
    future = float(valued.total_future)
    bands = {}
    if shown is not None:
        bands["of the estimator"] = shown
    if band is not None:
        bands["with past valuations"] = (band.low, band.high)
    headline = Estimate(valued.found.headline.label, future, bands)
    methods = tuple(Estimate(one.label, one.total_future, {}) for one in valued.found.methods)
    model = _by_model(world, program, history, valued) if with_fit else None
    return Found(world, lived.later, lived.run_off, valued.held, headline, methods, model)


def _by_model(world: World, program: Program, history: History, valued: CurrencyValuation) -> Estimate:
    """Fitted customers, who live the same months again: their rates by age of lot on the lots that are held.

    Who holds the lots of a ledger joined over its months, and many have left. Only customers who begin as
    these did hold lots of the same kind: those who are there at the end have been found to stay.
    """
    calibration = calibrate(program, history)
    inputs = [("world", "0")]
    text = population_text(calibration, made_by="the study", inputs=inputs, as_they_began=True)
    with TemporaryDirectory() as folder:
        rules, people = Path(folder) / "world.loyalty", Path(folder) / "people.loyalty"
        rules.write_text(world.rules.text, encoding="utf-8")
        people.write_text(text, encoding="utf-8")
        book = pipeline.load([rules, people])
    forecast = pipeline.simulate(book, sample=SAMPLE, months=SEEN_MONTHS, threads=1)
    triangle = forecast.by_currency[0].triangle
    rates = []
    for age in range(SEEN_MONTHS):
        row = SEEN_MONTHS - 1 - age
        gone = (triangle.redeemed, triangle.expired, triangle.reversed)
        held = triangle.issued[row] - sum(sum(table[row][: age + 1]) for table in gone)
        rates.append(sum(triangle.redeemed[row][age + 1 :]) / held if held else 0.0)
    future = sum(rate * held for rate, held in zip(rates, reversed(valued.triangle.held), strict=True))
    assert forecast.liability and forecast.liability_noise
    (population,) = book.populations
    assert population.fitted is not None
    noise = forecast.liability_noise[-1] / max(1, forecast.liability[-1]) * future
    errors = errors_of(future, noise, population.fitted, LEVEL, redeems=world.rules.chosen)
    return Estimate("fit", future, {"of a gate": (future - errors.total, future + errors.total)})


# ---- figures


def median_error(found: Iterable[Found], model: bool = False) -> float:
    """The median of the absolute relative errors."""
    return median(abs(one.error(_of(one, model))) for one in found)


def coverage(found: Iterable[Found], band: str, model: bool = False) -> float:
    """The share of worlds whose band has the truth in it; a world without a band is a miss."""
    held = [band in _of(one, model).bands and one.holds(_of(one, model).bands[band]) for one in found]
    return sum(held) / len(held)


def _of(found: Found, model: bool) -> Estimate:
    if model:
        assert found.model is not None
        return found.model
    return found.headline


def _bands(found: Found, name: str) -> list[Band]:
    return [band for each, band in found.headline.bands.items() if each == name]


def row_of(found: Found) -> str:
    """A line of the table of worlds."""
    told = {one.name: f"{found.error(one):+.1%}" for one in found.methods}
    cells = [
        found.world.kind,
        found.world.rules.name.replace("_", " "),
        f"{found.truth / found.held:.0%}",
        f"{found.run_off / found.truth - 1:+.0%}",
        found.headline.name,
        f"{found.error(found.headline):+.1%}",
        *(told.get(name, "-") for name in ("Chain ladder", "Cape Cod", "Hazard by lot age")),
        "-" if found.model is None else f"{found.error(found.model):+.1%}",
        *("yes" if name in found.headline.bands and found.holds(found.headline.bands[name]) else "no"
          for name in ("of the estimator", "with past valuations")),
        "-" if found.model is None else "yes" if found.holds(found.model.bands["of a gate"]) else "no",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "| world | points live | phi | run-off | quoted | off | chain ladder | Cape Cod | hazard | fit "
    "| in the estimator's | in the band | in the gate's |"
)


def main() -> None:
    """Prints a row for each world, and the two figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--fit-every", type=int, default=1, help="fit every n-th world; 0 fits none")
    parser.add_argument("--seeds", type=int, default=0, help="added to the seed of every world")
    parser.add_argument("--only-fits", action="store_true", help="leave the other worlds out")
    given = parser.parse_args()

    def is_fitted(world: World) -> bool:
        return given.fit_every > 0 and world.number % given.fit_every == 0

    worlds.FIRST_WORLD += given.seeds
    asked = [world for world in (CONTROL, EVERYTHING, *WORLDS) if is_fitted(world) or not given.only_fits]
    print(HEAD)
    print("| --- | --- | ---: | ---: | --- | " + "---: | " * 5 + "--- | --- | --- |")
    found = []

    def of(world: World) -> Found:
        return estimate(world, with_fit=is_fitted(world))

    with ThreadPoolExecutor(max_workers=2) as pool:
        for one in pool.map(of, asked):
            print(row_of(one), flush=True)
            if one.world in WORLDS:
                found.append(one)
    print()
    print(f"quoted: median error {median_error(found):.1%}")
    for band in ("of the estimator", "with past valuations"):
        widths = [(high - low) / 2 / one.headline.future for one in found for low, high in _bands(one, band)]
        print(f"quoted, band {band}: {coverage(found, band):.0%}, median half-width {median(widths):.1%}")
    for name in ("Chain ladder", "Cape Cod", "Bornhuetter-Ferguson", "Hazard by lot age"):
        its = [abs(f.error(one)) for f in found for one in f.methods if one.name == name]
        print(f"{name}: median error {median(its):.1%} in {len(its)} worlds")
    fitted = [one for one in found if one.model is not None]
    if fitted:
        print(f"fit: median error {median_error(fitted, model=True):.1%} in {len(fitted)} worlds")
        print(f"fit, band of a gate: {coverage(fitted, 'of a gate', model=True):.0%}")


if __name__ == "__main__":
    main()
