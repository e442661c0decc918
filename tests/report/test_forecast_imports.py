"""What a forecast's reports cost to import."""

import subprocess
import sys

import pytest

LIGHT = (
    "simulation_json",
    "replay_json",
    "replay_figures",
    "provenance",
    "files",
    "wording",
    "headlines",
    "html",
)


@pytest.mark.parametrize("module", LIGHT)
def test_a_report_imports_no_library_that_it_does_not_use(module):
    code = (
        f"import sys, loyalty_dsl.report.{module}; "
        "print([name for name in ('polars', 'vl_convert', 'rich', 'numba', 'altair') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
