"""Every program that comes with the language has customers and a study, whose bounds hold, in the gallery."""

import os
from pathlib import Path

import pytest
from gallery import PAGE, page_with, rows_of_readme, studies_on_page, study_of

PROGRAMS = Path(__file__).parents[2] / "programs"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.loyalty"))
UPDATE = os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1"


def on_page() -> dict[str, str]:
    return studies_on_page(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_bounds_of_a_program_hold_and_the_gallery_shows_them(name: str) -> None:
    result, shown = study_of(name)
    assert result.passes
    if UPDATE:
        PAGE.write_text(page_with({**on_page(), name: shown}), encoding="utf-8")
    assert on_page().get(name) == shown, "run this test with LOYALTY_UPDATE_GOLDENS=1"


def test_there_is_a_study_for_each_program_and_for_nothing_else() -> None:
    assert sorted(path.stem for path in (PROGRAMS / "studies").glob("*.loyalty")) == NAMES


def test_the_gallery_has_every_program_and_its_study() -> None:
    if UPDATE:
        PAGE.write_text(page_with(on_page()), encoding="utf-8")
    assert sorted(name for _, name, _ in rows_of_readme()) == NAMES
    assert sorted(on_page()) == NAMES
    assert PAGE.read_text(encoding="utf-8") == page_with(on_page()), "run this with LOYALTY_UPDATE_GOLDENS=1"
