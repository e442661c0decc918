"""The estimators against chainladder-python's results, worked cases and laws."""

from math import isclose
from pathlib import Path

import pytest
from sample_triangles import GENINS, RAA, Sample

from loyalty_dsl.valuation import Triangle, estimates, triangle_of
from loyalty_dsl.valuation.chain_ladder import fitted_tail, ladder_of, mack_error, ultimates
from loyalty_dsl.valuation.estimates import Estimate, Estimates
from loyalty_dsl.valuation.exposures import cape_cod_rate, expected_ultimates
from loyalty_dsl.valuation.hazards import hazards_of
from loyalty_dsl.valuation.sanity import outside
from loyalty_dsl.valuation.triangle_files import read_issued, read_triangle

DATA = Path(__file__).parent / "data"
CLOSE = 1e-9
OUTSTANDING = 25_579_113


def near(found: float, expected: float) -> bool:
    return isclose(found, expected, rel_tol=CLOSE, abs_tol=CLOSE)


def all_near(found: tuple[float, ...], expected: tuple[float, ...]) -> bool:
    return len(found) == len(expected) and all(map(near, found, expected))


@pytest.fixture(scope="module")
def growing() -> tuple[Triangle, tuple[float, ...]]:
    triangle = read_triangle(DATA / "redemption_triangle_growing.csv")
    return triangle, read_issued(DATA / "redemption_issued_growing.csv", triangle)


def method(found: Estimates, id_: str) -> Estimate:
    return next(one for one in found.methods if one.id == id_)


@pytest.mark.parametrize("sample", [RAA, GENINS], ids=lambda sample: sample.name)
def test_published_triangles_come_out_as_chainladder_has_them(sample: Sample) -> None:
    triangle = triangle_of(sample.rows, cumulative=True)
    ladder = ladder_of(triangle)
    issued = (sample.exposure,) * len(sample.rows)
    assert all_near(ultimates(triangle, ladder), sample.chain_ladder)
    error = mack_error(triangle, ladder)
    assert all_near(error.by_month, sample.mack)
    assert near(error.total, sample.mack_total)
    rate = cape_cod_rate(triangle, ladder, issued)
    assert rate is not None
    assert near(rate, sample.cape_cod_rate)
    assert all_near(expected_ultimates(triangle, ladder, issued, rate), sample.cape_cod)
    assert all_near(expected_ultimates(triangle, ladder, issued, 0.7), sample.bornhuetter)
    tail = fitted_tail(ladder)
    assert tail is not None
    assert near(tail, sample.tail)


def test_our_triangle_comes_out_as_chainladder_has_it(
    growing: tuple[Triangle, tuple[float, ...]],
) -> None:
    found = estimates(*growing, OUTSTANDING)
    chain = method(found, "chain_ladder")
    assert f"{chain.total_ultimate:.3f}" == "74240097.629"
    assert f"{chain.total_future:.3f}" == "8935897.629"
    assert f"{chain.standard_error:.3f}" == "97107.356"
    assert f"{chain.phi:.4f}" == "0.3493"
    assert f"{chain.urr:.4f}" == "0.7892"
    assert f"{method(found, 'cape_cod').urr:.4f}" == "0.7872"
    assert f"{method(found, 'cape_cod').phi:.4f}" == "0.3419"
    assert f"{found.shortcut:.4f}" == "0.7448"


def test_the_package_agrees_where_it_is_installed() -> None:
    chainladder = pytest.importorskip("chainladder", reason="chainladder (extra goldens) is not installed")
    for sample in (RAA, GENINS):
        theirs = chainladder.load_sample(sample.name)
        mack = chainladder.MackChainladder().fit(theirs)
        triangle = triangle_of(sample.rows, cumulative=True)
        ladder = ladder_of(triangle)
        assert all_near(ultimates(triangle, ladder), tuple(map(float, mack.ultimate_.values.ravel())))
        total = float(mack.total_mack_std_err_.values.ravel()[0])
        assert near(mack_error(triangle, ladder).total, total)
        exposure = theirs.latest_diagonal * 0 + sample.exposure
        cape = chainladder.CapeCod().fit(theirs, sample_weight=exposure)
        issued = (sample.exposure,) * len(sample.rows)
        rate = cape_cod_rate(triangle, ladder, issued)
        assert rate is not None
        ours = expected_ultimates(triangle, ladder, issued, rate)
        assert all_near(ours, tuple(map(float, cape.ultimate_.values.ravel())))


def test_hazards_compete_with_expiry() -> None:
    """The worked case of `hazards`: 20 of 100, then 16 of 80, of which 8 expire."""
    triangle = triangle_of([(20, 16), (20,)], lost=[(0, 8), (0,)])
    hazards = hazards_of(triangle, (100, 100))
    assert hazards is not None
    assert near(hazards.rate_after(-1), 0.36)
    assert near(hazards.rate_after(0), 0.20)
    found = estimates(triangle, (100, 100))
    assert near(method(found, "hazard").total_future, 16)
    assert found.outstanding == (56, 80)
    phi = method(found, "hazard").phi
    assert phi is not None
    assert near(phi, 16 / 136)


def test_bornhuetter_ferguson_is_told_its_rate() -> None:
    """The worked case of `exposures`: 30 of 100 redeemed, 40% developed, 80% expected."""
    triangle = triangle_of([(40, 60), (30,)])
    found = estimates(triangle, (125, 100), prior=0.8)
    assert near(method(found, "bornhuetter_ferguson").ultimate[1], 78)
    assert method(found, "bornhuetter_ferguson").standard_error is None


def test_the_chain_ladder_goes_by_the_months_before() -> None:
    found = estimates(triangle_of([(100, 60, 0), (150, 75), (80,)]))
    assert near(found.methods[0].ultimate[2], 80 * 385 / 250)
    assert [left.id for left in found.left_out] == [
        "cape_cod", "bornhuetter_ferguson", "hazard", "beta_geometric",
    ]  # fmt: skip
    assert found.headline.id == "chain_ladder"
    assert found.headline.urr is None


def test_a_tail_raises_what_is_to_come_and_nothing_else(
    growing: tuple[Triangle, tuple[float, ...]],
) -> None:
    bare, tailed = estimates(*growing, OUTSTANDING), estimates(*growing, OUTSTANDING, tail=1.02)
    assert near(
        method(tailed, "chain_ladder").total_ultimate, 1.02 * method(bare, "chain_ladder").total_ultimate
    )
    ends, share = method(bare, "chain_ladder").total_ultimate, tailed.tail_share
    assert share is not None
    assert near(share, 0.02 * ends / method(tailed, "chain_ladder").total_future)
    assert method(tailed, "cape_cod").total_future > method(bare, "cape_cod").total_future


def test_a_month_without_redemptions_cannot_be_multiplied_up() -> None:
    """Where points can first be used at age 2, the chain ladder has nothing to multiply; Cape Cod does."""
    rows = [(0, 0, 50, 10), (0, 0, 50), (0, 0), (0,)]
    found = estimates(triangle_of(rows), (100, 100, 100, 100))
    assert [left.id for left in found.left_out] == ["chain_ladder", "beta_geometric"]
    assert found.headline.id == "cape_cod"
    assert found.headline.future[3] > 0


def test_the_headline_follows_the_stated_rule(growing: tuple[Triangle, tuple[float, ...]]) -> None:
    triangle, issued = growing
    green = estimates(triangle, issued)
    assert green.headline.id == "cape_cod"
    assert "31%" in green.why
    settled = triangle_of([(50, 10, 1), (50, 10), (45,)])
    assert estimates(settled, (100, 100, 100)).headline.id == "chain_ladder"
    without = estimates(triangle)
    assert without.headline.id == "chain_ladder"


def test_hazards_are_quoted_once_a_whole_life_was_seen() -> None:
    redeemed = [(50, 20, 10), (55, 20), (60,)]
    alive = estimates(triangle_of(redeemed, lost=[(0, 0, 10), (0, 0), (0,)]), (100, 100, 100))
    assert alive.headline.id == "chain_ladder"
    ended = estimates(triangle_of(redeemed, lost=[(0, 0, 20), (0, 0), (0,)]), (100, 100, 100))
    assert ended.headline.id == "hazard"
    assert "met their end" in ended.why


def test_more_redeemed_and_lost_than_issued_leaves_hazards_out() -> None:
    found = estimates(triangle_of([(50, 40), (30,)], lost=[(0, 30), (0,)]), (100, 100))
    assert [left.id for left in found.left_out] == ["hazard", "beta_geometric"]


def test_an_interval_holds_the_estimate_and_is_above_nothing(
    growing: tuple[Triangle, tuple[float, ...]],
) -> None:
    for one in estimates(*growing, OUTSTANDING).methods:
        bounds = one.interval(0.9)
        assert bounds is not None
        assert 0 < bounds[0] < one.total_future < bounds[1]
        wider = one.interval(0.99)
        assert wider is not None
        assert wider[0] < bounds[0] < bounds[1] < wider[1]


def test_what_cannot_be_estimated_is_said() -> None:
    with pytest.raises(ValueError, match="nothing was redeemed"):
        estimates(triangle_of([(0, 0), (0,)]))
    with pytest.raises(ValueError, match="2 months issued, but the triangle has 1"):
        estimates(triangle_of([(1,)]), (1, 2))
    with pytest.raises(ValueError, match="at least 1"):
        estimates(triangle_of([(1, 1), (1,)]), tail=0.9)


@pytest.mark.parametrize(
    ("urr", "kind", "warned"),
    [(0.79, "grocery", False), (0.79, "card", True), (0.99, None, True), (0.40, None, False)],
)
def test_public_bands_warn(urr: float, kind: str | None, warned: bool) -> None:
    text = outside(urr, kind)
    assert (text is not None) is warned
    assert text is None or "as transcribed" in text
