"""The sections of a page that value a forecast: titles are true, charts are valid, names are only names."""

import re

import attrs
import pytest
from forecast_cases import HOSTILE, cut_short, declared, hostile, one_month, plain, without_cost
from test_appraisal_reports import appraised
from test_forecast_page import ALLOWED, Reader

from loyalty_dsl.forecast.appraising import Basis, appraise
from loyalty_dsl.report import appraisal_headlines as headlines
from loyalty_dsl.report.appraisal_panels import appraisal_panels
from loyalty_dsl.report.page_parts import panel_html
from loyalty_dsl.report.rendering import svg_of
from loyalty_dsl.report.wording import account_text, money_text
from loyalty_dsl.valuation.bridge import Bridge


def panels(made):
    return {panel.name: panel for panel in appraisal_panels(made)}


@pytest.mark.parametrize("case", [plain, cut_short, declared, without_cost, one_month])
def test_every_section_can_be_drawn(case):
    made = appraised(case)
    found = panels(made)
    assert len(found) == len(list(appraisal_panels(made)))  # names are unique
    for panel in found.values():
        assert all(len(row) == len(panel.table.header) for row in panel.table.rows)
        if panel.chart is not None:
            assert svg_of(panel.chart, panel.name).startswith("<svg")


def test_hostile_names_stay_names():
    made = appraise(hostile())
    page = "".join(panel_html(panel) for panel in appraisal_panels(made))
    reader = Reader(page)
    assert reader.tags <= ALLOWED
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert "\x1b" not in page and "\u202e" not in page
    assert HOSTILE not in page


def test_both_bases_are_drawn_and_the_quoted_one_marked():
    for basis in Basis:
        made = appraised(plain, basis)
        panel = panels(made)["bases"]
        assert money_text(made.going_concern[0], "USD") in panel.title
        assert money_text(made.run_off[0], "USD") in panel.title
        assert [row[0] for row in panel.table.rows if row[-1] == "quoted"] == [
            {"going concern": "Going concern", "run-off": "Run-off"}[basis.value]
        ]
        share = made.run_off[0] / made.going_concern[0]
        assert f": {share:.0%} of the going concern's" in panel.title


def test_estimators_are_said_to_be_as_far_off_as_they_are():
    made = appraised(plain)
    each = made.currencies[0]
    found = each.found.headline

    def title(factor):
        future = tuple(factor * each.future / len(found.future) for _ in found.future)
        told = attrs.evolve(found, future=future)
        return headlines.estimators_title(
            attrs.evolve(each, found=attrs.evolve(each.found, headline=told)), made
        )

    assert "would give 12.5% more than members redeem" in title(1.125)
    assert "would give 12.5% less than members redeem" in title(0.875)
    assert "would give what members go on to redeem" in title(1.0)
    rows = panels(made)["estimators-0"].table.rows
    assert rows[0][0] == "Simulated"
    assert [row for row in rows if row[-1] == "an actuary's choice"]
    assert all(re.fullmatch(r"[+-]\d+\.\d%", row[4]) for row in rows[1:])


def test_the_bridge_names_its_largest_step():
    made = appraised(plain)
    each = made.currencies[0]
    each = attrs.evolve(each, one=attrs.evolve(each.one, liability_noise=(0.0,) * 36))
    moved = Bridge(opening=100, volume=-900, experience=50, assumptions=1000, cost_per_point=0, closing=250)
    title = headlines.bridge_title(attrs.evolve(each, moved=moved), made)
    assert "rose by $1.50" in title
    assert "$10.00 for other rates by age of lot" in title
    same = Bridge(opening=100, volume=5, experience=-5, assumptions=0, cost_per_point=0, closing=100)
    assert "is the same as" in headlines.bridge_title(attrs.evolve(each, moved=same), made)
    rough = attrs.evolve(each, moved=moved, one=attrs.evolve(each.one, liability_noise=(100.0,) * 36))
    assert "is about the same as 12 months before, within noise" in headlines.bridge_title(rough, made)
    fell = attrs.evolve(moved, volume=-2000, closing=-850)
    assert "fell by $9.50" in headlines.bridge_title(attrs.evolve(each, moved=fell), made)
    terms = panels(made)["bridge-0"].table.rows
    assert terms[-1][1] == account_text(each.liability, "USD")


def test_lots_say_in_how_young_ones_most_lies():
    made = appraised(plain)
    each = made.currencies[0]
    young = [attrs.evolve(row, future=100 if row.age == 0 else 0) for row in each.lots]
    assert headlines.lots_title(attrs.evolve(each, lots=tuple(young)), made).endswith(
        "the last month's issue"
    )
    old = [attrs.evolve(row, future=100 if row.age == 3 else 0) for row in each.lots]
    assert headlines.lots_title(attrs.evolve(each, lots=tuple(old)), made).endswith(
        "lots of at most 3 months"
    )
    none = [attrs.evolve(row, future=0) for row in each.lots]
    assert headlines.lots_title(attrs.evolve(each, lots=tuple(none)), made).startswith("None")


def test_deferred_revenue_says_what_is_current():
    made = appraised(plain)
    each = made.currencies[0]
    title = headlines.deferred_title(each, made)
    assert money_text(each.roll.closing, "USD") in title
    assert "current" in title
    panel = panels(made)["deferred-0"]
    assert len(panel.table.rows) == len(each.roll.rows)
    bare = attrs.evolve(each, roll=None, why_no_roll="declare `worth`")
    found = panels(attrs.evolve(made, currencies=(bare,)))
    assert found["not-deferred"].table.rows[0][1] == "declare `worth`"
    assert "deferred-0" not in found


def test_the_widest_layer_is_named_and_unknown_ones_counted():
    made = appraised(plain)
    title = headlines.layers_title(made)
    widest = max(layer.half_width for layer in made.layers if layer.half_width is not None)
    assert f"±{money_text(widest, 'USD')}" in title
    assert "2 layers not known" in title
    rows = panels(made)["layers"].table.rows
    assert [row[1] for row in rows].count("not known") == 2


def test_bands_say_who_has_shown_such_rates():
    made = appraised(plain)
    one = made.currencies[0]

    def title(urr, kind=None):
        fate = attrs.evolve(one.one.fate, issued=100, redeemed=urr)
        each = attrs.evolve(one, one=attrs.evolve(one.one, fate=fate))
        return headlines.bands_title(attrs.evolve(made, currencies=(each,), kind=kind))

    assert "is outside what any kind of program has shown" in title(10)
    assert title(93).endswith("within what card and bank programs have shown")
    assert " or " in title(70)
    assert title(93, "hotel").endswith("outside what hotels and airlines have shown")
    assert title(80, "hotel").endswith("within what hotels and airlines have shown")
    assert not panels(appraised(without_cost)).get("bases")
