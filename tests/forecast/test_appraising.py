"""What points are worth at a month's end: it ties, it knows nothing that an actuary would not, and says why
not."""

from fractions import Fraction

import attrs
import pytest
from toy_ledger import toy_program, toy_trajectories

from loyalty_dsl.forecast.appraisal import beyond_oldest, bridge_at, current_at, estimates_at, lots_at
from loyalty_dsl.forecast.appraising import Basis, appraise, month_of_day
from loyalty_dsl.forecast.deferring import current_of, roll_forward_at, shares_of_classes, why_no_roll
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.forecast.layers import layers_of, swings_of
from loyalty_dsl.forecast.parameter_draws import Drawn, factors_of, shuffled, with_purchases, with_redemption
from loyalty_dsl.forecast.published import current_share, outside_of, released
from loyalty_dsl.language.population import Fitted
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.rollforward import RollForward

MONTHS = 20


@pytest.fixture(scope="module")
def made():
    return forecast(toy_trajectories(months=MONTHS, sample=300, weight=Fraction(50)))


@pytest.fixture(scope="module")
def points(made):
    return made.by_currency[0]


@pytest.mark.parametrize("month", [0, 7, MONTHS - 1])
def test_lots_sum_to_what_the_forecast_says(made, points, month):
    rows = lots_at(points, month)
    assert [row.age for row in rows] == list(range(month, -1, -1))
    assert sum(row.future for row in rows) == points.triangle.redeemed_later()[month]
    assert sum(row.held for row in rows) * made.weight == pytest.approx(
        points.total[month].outstanding, abs=5
    )
    assert all(row.soon <= row.future for row in rows)
    assert all(row.urr + row.breakage <= 1 for row in rows if row.issued)
    liability = points.liability[month]
    assert current_at(points, month, made) <= liability


def test_a_bridge_goes_from_one_liability_to_the_other(made, points):
    moved, start = bridge_at(points, MONTHS - 1, made)
    assert start == MONTHS - 1 - 12
    assert (moved.opening, moved.closing) == (points.liability[start], points.liability[-1])
    assert moved.cost_per_point == 0
    assert bridge_at(points, 0, made) is None


def test_estimators_know_nothing_after_the_month(made, points):
    month = 11
    found = estimates_at(points, month, made)
    cut = attrs.evolve(
        points.triangle,
        redeemed=tuple(
            row[: month - i + 1] + (0,) * (len(row) - month + i - 1) if i <= month else row
            for i, row in enumerate(points.triangle.redeemed)
        ),
    )
    same = estimates_at(attrs.evolve(points, triangle=cut), month, made)
    assert found.headline == same.headline
    assert "hazard" in {one.id for one in found.methods}
    assert len(found.triangle.rows) == month + 1


def test_estimators_say_why_there_are_none(made):
    bare = forecast(toy_trajectories(months=6, sample=60, program=attrs.evolve(toy_program(), rewards=())))
    assert "nothing was redeemed" in estimates_at(bare.by_currency[0], 5, bare)


def test_nothing_lies_beyond_the_oldest_lot_once_a_life_was_seen(points):
    early, late = beyond_oldest(points, 0), beyond_oldest(points, MONTHS - 1)
    assert early == 1  # at the end of the first month every later age is new
    assert late < Fraction(1, 10)


def with_worth(made, **changes):
    """The forecast of a currency whose points are worth a cent, and other fields changed."""
    one = made.by_currency[0]
    number = one.cost.bearing[0][0] if one.cost.bearing else None
    worth = attrs.evolve(number, value=Fraction(1))
    currency = attrs.evolve(one.currency, worth=worth)
    return attrs.evolve(made, by_currency=(attrs.evolve(one, currency=currency, **changes),))


def test_deferred_revenue_ties_and_ends_with_what_is_still_expected(made):
    priced = with_worth(made)
    roll = roll_forward_at(priced.by_currency[0], MONTHS - 1, priced)
    assert isinstance(roll, RollForward)
    assert roll.classes == (AccountingClass.SALE,)
    assert all(row.catch_up == 0 for row in roll.rows)  # a simulation expects what comes
    assert all(0 <= row.deferred <= row.sales for row in roll.rows)
    soon, later = current_of(roll)
    assert soon + later == roll.closing > 0
    shares = shares_of_classes(priced.by_currency[0], 0, priced)
    assert shares == {AccountingClass.SALE: 1}


def test_points_that_nobody_paid_for_are_accrued_to_the_liability_at_cost(made):
    """Two ways to one figure: cost of what is still expected, pool by pool, and the forecast's own."""
    rules = tuple(attrs.evolve(rule, account=AccountingClass.MARKETING) for rule in made.program.earns)
    program = attrs.evolve(made.program, earns=rules)
    taken = tuple(attrs.evolve(one, rule=rules[one.rule.index]) for one in made.rules)
    free = attrs.evolve(with_worth(made), program=program, rules=taken)
    for month in (0, 7, MONTHS - 1):
        roll = roll_forward_at(free.by_currency[0], month, free)
        assert roll.classes == (AccountingClass.MARKETING,)
        assert roll.closing == pytest.approx(free.liability[month], abs=month + 2)


def test_a_first_month_defers_its_share_of_the_sales(made):
    """By hand: p of points x worth x the share redeemed, over sales and p together."""
    priced = with_worth(made)
    one = priced.by_currency[0]
    row = roll_forward_at(one, 0, priced).rows[0]
    units = sum(one.triangle.redeemed[0]) * made.weight
    members = made.members[0]
    sales = members.basket - members.off - members.returned
    assert row.sales == sales
    assert row.deferred == pytest.approx(float(sales * units / (sales + units)), abs=1)


def test_deferred_revenue_says_what_it_lacks(made):
    one = made.by_currency[0]
    bare = attrs.evolve(one, currency=attrs.evolve(one.currency, worth=None))
    assert "declare `worth`" in why_no_roll(bare, made)
    assert isinstance(roll_forward_at(bare, 3, made), str)
    priced = with_worth(made)
    months = (attrs.evolve(made.months[0], start=made.months[0].start + 4), *made.months[1:])
    assert "calendar months" in why_no_roll(priced.by_currency[0], attrs.evolve(priced, months=months))


def test_layers_are_named_and_say_why_they_know_nothing(made):
    layers = {layer.id: layer for layer in layers_of(made, 100_000, 700.0, ())}
    assert list(layers) == ["simulation", "parameters", "model", "common_year", "assumptions"]
    assert layers["simulation"].half_width == 700
    assert layers["parameters"].half_width is None
    assert layers["parameters"].says == "Not known: this population was never calibrated"
    assert layers["model"].half_width is None
    assert layers["common_year"].half_width == 10_000


def test_a_fitted_population_brings_its_errors(made):
    fitted = Fitted(
        source="log.csv",
        through=0,
        parameter=Fraction(2, 100),
        holdout=Fraction(4, 100),
        redemption=None,
        span=made.population.span,
    )
    known = attrs.evolve(made, population=attrs.evolve(made.population, fitted=fitted))
    layers = {layer.id: layer for layer in layers_of(known, 100_000, 700.0, ())}
    assert layers["parameters"].half_width is None
    assert "--parameters" in layers["parameters"].says
    assert layers["model"].half_width == 4_000
    drawn = Drawn((0.98, 1.0, 1.02), 300)
    assert drawn.half_width == pytest.approx(1.96 * 0.02, rel=1e-3)
    layers = {layer.id: layer for layer in layers_of(known, 100_000, 700.0, (), drawn)}
    assert layers["parameters"].half_width == pytest.approx(3_920, rel=1e-3)


def test_swings_are_in_proportion_to_what_rests_on_each_cost(made):
    swings = swings_of(made, [1_000_000])
    assert [swing.amount for swing in swings] == [100_000]  # one assumed cost bears all of it
    assert swings_of(made, [0]) == ()  # nothing rests on it
    layers = {layer.id: layer for layer in layers_of(made, 1_000_000, 700.0, swings)}
    assert layers["assumptions"].half_width == 100_000


def test_parameters_are_drawn_around_the_fit(made):
    factors = factors_of(0.1, 20)
    assert list(factors) == sorted(factors)
    assert factors[0] * factors[-1] == pytest.approx(1, abs=1e-5)
    more = with_purchases(made.population, Fraction(2))
    pairs = zip(more.segments, made.population.segments, strict=True)
    assert all(new.purchases.mean == 2 * old.purchases.mean for new, old in pairs)


@pytest.mark.parametrize("draws", [5, 20, 50])
def test_both_errors_of_a_fit_are_drawn_apart(draws):
    places = shuffled(draws)
    assert sorted(places) == list(range(draws))
    middle = (draws - 1) / 2
    together = sum((i - middle) * (place - middle) for i, place in enumerate(places))
    assert abs(together) < 0.3 * sum((i - middle) ** 2 for i in range(draws))


def test_redemption_is_drawn_by_the_share_that_is_taken(made):
    (segment, *_) = made.population.segments
    alike = attrs.evolve(segment.redeem, chance=Fraction(2, 5), spread=Fraction(0), slope=Fraction(0))
    population = attrs.evolve(made.population, segments=(attrs.evolve(segment, redeem=alike),))
    (more,) = with_redemption(population, made.program, Fraction(11, 10)).segments
    assert more.redeem.chance == pytest.approx(Fraction(44, 100), abs=1e-6)
    differ = attrs.evolve(alike, spread=Fraction(2))
    population = attrs.evolve(made.population, segments=(attrs.evolve(segment, redeem=differ),))
    (more,) = with_redemption(population, made.program, Fraction(11, 10)).segments
    assert more.redeem.chance > Fraction(44, 100)  # those who are sure either way hardly move
    (same,) = with_redemption(population, made.program, Fraction(1)).segments
    assert same.redeem == differ
    (all_of_it,) = with_redemption(population, made.program, Fraction(9)).segments
    assert Fraction(9, 10) < all_of_it.redeem.chance < 1


def test_a_valuation_falls_on_the_end_of_a_reported_month(made):
    assert month_of_day(made, made.months[3].last) == 3
    with pytest.raises(InputRefused, match="no reported month ends on") as refused:
        month_of_day(made, made.months[3].last - 1)
    assert "is the end of its month" in refused.value.help


def test_both_bases_stand_side_by_side(made):
    for basis in Basis:
        appraised = appraise(made, month=MONTHS - 1, basis=basis)
        assert appraised.quoted == (appraised.run_off if basis is Basis.RUN_OFF else appraised.going_concern)
        assert appraised.layers[0].half_width == appraised.quoted[1]
        assert appraised.going_concern[0] == made.liability[-1]
        assert appraised.day == made.as_of


def test_nothing_is_compared_with_others_unless_the_kind_is_said(made):
    each = appraise(made).currencies[0]
    assert outside_of(each, None) == ()
    for row in each.lots:
        assert row.soon == row.future  # points of the toy live for a year
    assert current_share(each) == released(each) == 1
    said = " ".join(outside_of(each, "hotel"))
    assert "100% of the liability for points is current: outside 35% to 55%" in said
    assert "used within the year after it was owed" in said
    assert "as transcribed" in said
    assert "current" not in " ".join(outside_of(each, "grocery"))
    half = [attrs.evolve(row, soon=row.future * 45 // 100) for row in each.lots]
    assert "is current" not in " ".join(outside_of(attrs.evolve(each, lots=tuple(half)), "hotel"))
