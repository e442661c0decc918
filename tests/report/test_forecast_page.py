"""The page and its charts: true, self-contained, and deaf to hostile names."""

import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import altair
import pytest
from forecast_cases import cut_short, declared, hostile, one_month, plain, without_cost

from loyalty_dsl.report.chart_parts import PALETTE
from loyalty_dsl.report.charts import (
    active_chart,
    triangle_ages,
    triangle_chart,
    triangle_shares,
    waterfall_chart,
    waterfall_steps,
)
from loyalty_dsl.report.charts_fan import fan_chart, share_of_quoted
from loyalty_dsl.report.html import forecast_page
from loyalty_dsl.report.page_parts import POLICY, escape
from loyalty_dsl.report.panels import panels_of
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.rendering import png_of, svg_of

ELEMENTS = """
html head meta title style body main header section aside footer h1 h2 h3 p em strong span div dl dt dd ul li
figure figcaption details summary table thead tbody tr th td pre code
svg g path line text rect defs lineargradient stop clippath tspan
"""
ALLOWED = set(ELEMENTS.split())


class Reader(HTMLParser):
    """Collects the elements, attributes and visible text of a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.ids = set(), set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def page_of(made):
    return forecast_page(made, provenance_of(made))


@pytest.mark.parametrize("made", [plain, cut_short, without_cost, hostile])
def test_specifications_are_valid_and_have_no_title_of_their_own(made):
    for panel in panels_of(made()):
        if panel.chart is not None:
            altair.LayerChart.from_dict(panel.chart)
            assert "title" not in panel.chart


@pytest.mark.parametrize("made", [plain, cut_short, declared, without_cost, one_month, hostile])
def test_a_page_is_self_contained_and_holds_only_what_it_may(made):
    page = page_of(made())
    reader = Reader(page)
    assert reader.tags <= ALLOWED
    assert not {name for name in reader.attributes if name.startswith("on")}
    assert not reader.attributes & {"href", "src", "xlink:href", "srcset", "action"}
    assert "url(http" not in page
    assert len(reader.ids) == len(set(reader.ids))
    assert unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]) == POLICY
    assert "script-src" not in POLICY and POLICY.startswith("default-src 'none'")


def test_a_page_says_what_a_reader_must_know():
    made = plain()
    text = Reader(page_of(made)).text
    provenance = provenance_of(made)
    for words in (
        "Going concern:",
        "± is simulation noise",
        "$4.25 assumed",
        "programs/corner_shop.loyalty:8:32",
        "100% of the liability rests on costs that nobody has sourced",
        provenance.command,
        provenance.inputs[0][1],
        provenance.version,
    ):
        assert words in text
    assert "confidence" not in text


def test_every_chart_has_its_title_a_reading_and_its_figures():
    made = plain()
    page = page_of(made)
    panels = list(panels_of(made))
    assert [panel.kind for panel in panels] == [
        "liability",
        "waterfall",
        "triangle",
        "vintages",
        "active",
        "rules",
        "rewards",
    ]
    for panel in panels:
        assert f'<h2 id="{panel.name}">{escape(panel.title)}</h2>' in page
        assert escape(panel.reading) in page
        rows = {"vintages": 12, "rules": len(made.rules), "rewards": len(made.rewards)}
        assert len(panel.table.rows) == rows.get(panel.kind, 36)
        assert {len(row) for row in panel.table.rows} == {len(panel.table.header)}
    assert page.count("<details>") == len(panels)
    assert page.index("</figure>") < page.index("<details>")
    assert page.count('role="img" aria-label="') == len(panels)


def test_the_same_forecast_gives_the_same_page():
    assert page_of(plain()) == page_of(plain())


def test_the_waterfall_ties_to_the_ledger():
    made = plain()
    one = made.by_currency[0]
    steps = waterfall_steps(one, made)
    assert [name for name, *_ in steps] == [
        "Opening balance",
        "Issued",
        "Redeemed",
        "Expired",
        "Closing balance",
    ]
    assert steps[0][2] == one.total[-13].outstanding
    for before, after in pairwise(steps[:4]):
        assert before[2] == after[1]
    assert steps[3][2] == steps[4][2] == one.total[-1].outstanding


def test_the_triangle_climbs_to_what_is_ever_redeemed():
    made = plain()
    one = made.by_currency[0]
    shares = triangle_shares(one)
    assert all(row == sorted(row) for row in shares)
    ever = sum(row[-1] * issued for row, issued in zip(shares, one.triangle.issued, strict=True))
    assert ever / sum(one.triangle.issued) == pytest.approx(float(one.fate.urr), abs=1e-5)


def test_the_boundary_follows_the_last_reported_month():
    made = plain()
    edge = triangle_chart(made.by_currency[0], made)["layer"][1]["data"]["values"]
    ages = triangle_ages(made.by_currency[0])
    assert edge[-1] == {"age": 1, "issue": "2030-01-01", "order": 71}
    assert edge[0]["age"] == ages
    for row in edge:
        assert 1 <= row["age"] <= ages


def test_bands_and_stacks_hold_the_figures():
    made = plain()
    one = made.by_currency[0]
    rows = fan_chart(one.liability, one.liability_noise, made)["data"]["values"]
    assert [row["value"] for row in rows] == [value / 100 for value in one.liability]
    for held in (50, 80):
        half = share_of_quoted(held / 100) * one.liability_noise[5] / 100
        assert rows[5][f"high{held}"] - rows[5]["value"] == pytest.approx(half)
    assert share_of_quoted(0.95) == 1
    stacked = active_chart(made)["data"]["values"]
    assert [row["high"] for row in stacked[1::2]] == [members.active for members in made.members]


def test_pictures_take_the_colours_of_the_page():
    made = plain()
    picture = svg_of(waterfall_chart(made.by_currency[0], made), "test")
    assert "var(--chart-main)" in picture
    assert not any(f'"{colour}"' in picture for colour in PALETTE.values())
    assert len(set(PALETTE.values())) == len(PALETTE)
    style = page_of(made).split("<style>")[1].split("</style>")[0]
    for role, colour in PALETTE.items():
        assert f"--chart-{role}: {colour};" in style, role


def test_a_chart_can_be_a_png():
    made = plain()
    assert png_of(active_chart(made)).startswith(b"\x89PNG")


# ---- hostile names


def test_hostile_names_are_text_and_nothing_else():
    page = page_of(hostile())
    reader = Reader(page)
    assert "onload=alert(1)" in reader.text
    assert "\x1b" not in page and "\u202e" not in page
    assert "<script" not in page.lower() and "<img" not in page.lower()


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium to open the page with")
@pytest.mark.parametrize("policy", [True, False])
def test_no_script_of_a_hostile_name_runs_in_a_browser(tmp_path, policy):
    """With the page's policy and, to test the escaping by itself, without it."""
    page = page_of(hostile()).replace("alert(", "document.documentElement.setAttribute('data-struck',")
    if not policy:
        page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert _struck(page, tmp_path) is False
    control = page.replace(
        "<main>", "<main><svg onload=\"document.documentElement.setAttribute('data-struck',1)\">"
    )
    assert _struck(control, tmp_path) is not policy


def _struck(page, folder):
    """Whether a script of the page ran, in a browser without a network."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    shown = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert "Reproduce this" in shown
    return "data-struck=" in shown.split(">", 2)[1]
