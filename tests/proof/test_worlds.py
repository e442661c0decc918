"""A handful of the fifty worlds, with their fixed seeds; docs/proof.md has all of them."""

import pytest
from worlds import CONTROL, WORLDS, World, live
from worlds_study import Found, coverage, estimate, median_error

ONES = {world.kind: world for world in reversed(WORLDS)}
"""By kind, the world whose points live a year."""


def found(world: World) -> Found:
    return estimate(world, with_fit=False)


def test_there_are_fifty_and_each_is_its_own() -> None:
    assert len({world.number for world in WORLDS}) == 50
    assert len({world.kind for world in WORLDS}) == 25


def test_a_world_without_earning_redeems_less() -> None:
    lived = live(ONES["buyers like clockwork"])
    assert 0 < lived.run_off < lived.later < lived.issued - lived.redeemed - lived.expired


@pytest.mark.slow
def test_a_world_that_the_models_have_is_valued_within_5_percent() -> None:
    """`estimate` holds the world's own ledger against the kernel's, to the point."""
    one = found(CONTROL)
    assert abs(one.error(one.headline)) < 0.05
    assert one.holds(one.headline.bands["with past valuations"])


@pytest.mark.slow
def test_bands_know_of_what_has_changed_and_not_of_what_will() -> None:
    kinds = (
        "who spends more redeems more",
        "two in five stop redeeming one day",
        "redeeming is for December",
        "weekly, monthly and yearly buyers mixed",
    )
    told = [found(ONES[kind]) for kind in kinds]
    assert median_error(told) < 0.25
    assert coverage(told, "with past valuations") == 1
    assert coverage(told, "of the estimator") <= 0.5
    rival = found(ONES["a bad year after the valuation: 40% fewer"])
    assert not rival.holds(rival.headline.bands["with past valuations"])
    assert rival.error(rival.headline) > 0.2


@pytest.mark.slow
def test_a_fit_knows_that_who_spends_more_redeems_more() -> None:
    one = estimate(ONES["who spends more redeems more"], with_fit=True)
    assert one.model is not None
    assert abs(one.error(one.model)) < 0.06
    assert one.holds(one.model.bands["of a gate"])
