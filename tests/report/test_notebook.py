"""What a notebook shows of a result: a piece of HTML that stands alone and can do nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from decision_cases import HOSTILE, VARY, compared, swept
from forecast_cases import hostile, plain, without_cost
from toy_shop import SHOP

import loyalty_dsl as loyalty
from loyalty_dsl.report.comparison_headlines import winners_title
from loyalty_dsl.report.headlines import headline
from loyalty_dsl.report.page_parts import escape


@pytest.fixture(autouse=True)
def used() -> None:
    assert loyalty.simulate and loyalty.compare  # whose use lets results be shown


def test_a_forecast_says_what_is_owed_with_a_chart() -> None:
    made = plain()
    shown = made._repr_html_()
    assert shown is not None and shown.startswith("<div style=") and shown.endswith("</div>")
    assert escape(headline(made)) in shown
    assert shown.count("<svg") == 1
    assert "--chart-main:#1a6a72" in shown
    assert shown == plain()._repr_html_()
    assert without_cost()._repr_html_() is not None


def test_a_comparison_a_sweep_and_a_study_are_shown(tmp_path: Path) -> None:
    found = compared(SHOP, tmp_path)
    shown = found._repr_html_()
    assert shown is not None and escape(winners_title(found)) in shown and shown.count("<svg") == 1
    points = swept(SHOP, tmp_path, VARY[:1], "one at a time", ("reward cost",))
    shown = points._repr_html_()
    assert shown is not None and "off.price moves reward cost over 3 months" in shown and "<table" in shown
    path = tmp_path / "study.loyalty"
    path.write_text(
        SHOP
        + "study s {\n    program shop\n    months 2\n    sample 300 members\n    require joined >= 1\n}\n"
    )
    shown = loyalty.study(loyalty.load(path))._repr_html_()
    assert shown is not None and "require joined &gt;= 1" in shown


def test_names_of_users_do_nothing_in_it(tmp_path: Path) -> None:
    for shown in (hostile()._repr_html_(), compared(HOSTILE, tmp_path)._repr_html_()):
        assert shown is not None
        tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z]+)", shown)}
        assert not tags & {"script", "img", "iframe", "a", "style", "link", "object"}


def test_a_result_is_plain_until_the_package_is_used() -> None:
    code = (
        "from loyalty_dsl.shown import RENDERERS, Shown\n"
        "assert Shown()._repr_html_() is None\n"
        "import loyalty_dsl, sys\n"
        "loyalty_dsl.simulate\n"
        "assert 'Forecast' in RENDERERS\n"
        "assert not {'numpy', 'polars', 'vl_convert', 'rich'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
