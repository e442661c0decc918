"""A comparison and a sweep of the toy shop, as the tests of their pages and workbooks want them."""

from pathlib import Path

from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.decisions.sweeping import Sweep, study_of, sweep
from loyalty_dsl.forecast.compared import Comparison

HOSTILE = SHOP.replace('"Gold"', '"<script>alert(1)</script>"').replace('"Shop"', '"</title><img src=x>"')
VARY = ["off.price=40..80", "status.gold=$200..$400", "join±20%", "points.worth=$0.01..$0.02"]


def swept(text: str, folder: Path, vary: list[str], design: str, outcomes: tuple[str, ...] = ()) -> Sweep:
    path = folder / "shop.loyalty"
    path.write_text(text, encoding="utf-8")
    study = study_of(pipeline.load(path), sample=400, months=3)
    return sweep(study, vary, design=design, outcomes=outcomes)


def compared(text: str, folder: Path) -> Comparison:
    path = folder / "shop.loyalty"
    path.write_text(text, encoding="utf-8")
    book = pipeline.load(path)
    settings = {"status.gold": "$400", "off.price": "60"}
    return pipeline.compare(book, with_settings(book, settings), sample=400, months=6)
