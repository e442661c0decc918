"""Common luck makes the variance of a difference at least twenty times smaller for every archetype of
customers, and the draws are keyed so that little could be gained by another keying."""

import pytest
from coverage_study import Contrast, changed
from luck_bounds import EXPIRY, THREE, THRESHOLD, bound, like, live, sharpness
from luck_study import WANTED

from loyalty_dsl.language.archetypes import ARCHETYPES


@pytest.mark.parametrize("archetype", [one.name for one in ARCHETYPES])
def test_the_same_luck_is_worth_twenty_times_the_members(archetype: str) -> None:
    old = like(archetype)
    before = live(old, members=4_000)
    times = {one.name: sharpness(before, live(changed(old, one), members=4_000)).times for one in THREE}
    assert {name: each for name, each in times.items() if each < WANTED} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("contrast", "least"), [(EXPIRY, 0.7), (THRESHOLD, 0.9)])
def test_no_other_keying_of_choices_would_gain_much(contrast: Contrast, least: float) -> None:
    now, at_most = bound(contrast, lucks=40, members=2_000)
    assert least * at_most < now < at_most
