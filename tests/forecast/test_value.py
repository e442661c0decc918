"""What a program is worth: the formulas by hand, the same customers twice, and refusals for guesses."""

from collections.abc import Callable
from fractions import Fraction

import pytest

import loyalty_dsl as loyalty
from loyalty_dsl import pipeline
from loyalty_dsl.decisions.groups import simulate_groups
from loyalty_dsl.decisions.outcomes import parse_outcome
from loyalty_dsl.forecast.value import Flows, factors, running_costs, spend_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terminal import render_forecast
from loyalty_dsl.report.value_json import value_document
from loyalty_dsl.report.value_panel import net_at, value_panels

SHOP = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  6 months after earning
        cost    $0.01 source "the catalogue"
    }
    earn base {
        on    purchase
        give  2 points per $1
    }
    reward off "Money off" {
        price  50 points
        give   $1 off in full
        cost   $0.50 source "the catalogue"
    }
}
population people {
    start  4,000 members
    margin 32% source "accounts"
    discount 8% per year source "finance"
    runs at $100 per month
    lift   0%
    segment all 100% {
        purchases  1.5 per month spread 0.8
        leave      1% per month
        basket     median $30 sigma 0.6
        redeem     60% when a reward is affordable
    }
}
"""
MONTHS = 6
BookOf = Callable[[str], Book]


def with_lift(text: str) -> str:
    return SHOP.replace("lift   0%", f"lift   {text}")


def test_the_break_even_lift_by_hand() -> None:
    """$1,000 of spend that rewards cost 2% of, a margin of 32% and $10 to run: $30 / $300."""
    flows = Flows(*map(Fraction, (100_000, 100_000, 1_500, 1_500, 1_000, 500)))
    assert flows.break_even(Fraction(32, 100)) == Fraction(1, 10)
    assert flows.net(Fraction(32, 100)) == -3_000
    assert flows.break_even(Fraction(2, 100)) is None
    assert flows.cannibalised == 1
    at = Flows(*map(Fraction, (110_000, 100_000, 1_650, 1_500, 1_000, 550)))
    assert at.net(Fraction(32, 100)) == 0
    assert at.cannibalised == Fraction(10, 11)


def test_a_year_is_discounted_by_its_rate_and_a_month_by_its_twelfth_root() -> None:
    each = factors(Fraction(8, 100), 24)
    assert float(each[11]) == pytest.approx(1 / 1.08, abs=1e-15)
    assert float(each[23]) == pytest.approx(1 / 1.08**2, abs=1e-15)
    assert float(each[0] ** 12) == pytest.approx(1 / 1.08, abs=1e-15)
    assert factors(Fraction(0), 3) == [1, 1, 1]


def test_without_reactions_nothing_is_incremental_and_all_is_cannibalised(book_of: BookOf) -> None:
    forecast = pipeline.simulate(book_of(SHOP), sample=800, months=MONTHS)
    assert forecast.value is not None
    assert not forecast.value.reacts
    plain = forecast.value.plain
    assert plain.incremental == 0
    assert plain.spend == sum(spend_of(forecast))
    assert plain.cannibalised == 1
    assert plain.running == 100 * 100 * MONTHS
    assert forecast.liability is not None
    assert forecast.reward_cost is not None
    assert plain.net(Fraction(32, 100)) == -(sum(forecast.reward_cost) + 60_000 + forecast.liability[-1])


def test_a_valued_forecast_is_the_forecast_bit_for_bit(book_of: BookOf) -> None:
    valued = pipeline.simulate(book_of(SHOP), sample=800, months=MONTHS)
    plain = pipeline.simulate(
        book_of(SHOP.replace('    margin 32% source "accounts"\n', "")), sample=800, months=MONTHS
    )
    assert plain.value is None
    assert plain.members == valued.members
    assert plain.liability == valued.liability
    assert plain.liability_noise == valued.liability_noise


def test_a_lift_multiplies_purchases_of_the_same_members(book_of: BookOf) -> None:
    forecast = pipeline.simulate(book_of(with_lift("20%")), sample=4_000, months=MONTHS)
    value = forecast.value
    assert value is not None
    assert value.noise is not None
    ratio = float(value.plain.spend / value.plain.without)
    wide = 2 * value.noise.incremental / float(value.flows.without)
    assert ratio == pytest.approx(1.2, abs=wide)
    assert wide < 0.03
    base = pipeline.simulate(book_of(SHOP), sample=4_000, months=MONTHS)
    assert value.plain.without == sum(spend_of(base))
    share = value.plain.cannibalised
    assert share is not None
    assert 0.7 < share < 1


def test_responses_are_off_in_the_life_without_the_program(book_of: BookOf) -> None:
    reacting = SHOP.replace(
        "    lift   0%\n", "    responses {\n        program_lift 30% moderate 30% heavy 30%\n    }\n"
    )
    forecast = pipeline.simulate(book_of(reacting), sample=2_000, months=MONTHS)
    value = forecast.value
    assert value is not None
    assert value.reacts
    assert value.noise is not None
    base = pipeline.simulate(book_of(SHOP), sample=2_000, months=MONTHS)
    assert value.plain.without == sum(spend_of(base))
    assert value.plain.anyway == sum(base.reward_cost or ())
    assert float(value.plain.incremental) > value.noise.incremental > 0


def test_the_lift_worked_out_is_that_at_which_the_simulated_value_is_nothing(book_of: BookOf) -> None:
    """By arithmetic from the run without any lift, and by searching through simulations of others."""
    told = pipeline.simulate(book_of(SHOP), sample=4_000, months=MONTHS).value
    assert told is not None
    assert told.break_even is not None
    found = loyalty.solve(book_of(SHOP), "lift", "net value = $0", step="0.5%", sample=4_000, months=MONTHS)
    assert float(found.answer.value) == pytest.approx(float(told.break_even), abs=0.01)
    assert float(net_at(told, told.break_even)) == pytest.approx(0, abs=1e-6)


def test_outcomes_have_the_noise_of_paired_members(book_of: BookOf) -> None:
    book = book_of(with_lift("10%"))
    run = simulate_groups(book.programs[0], book.populations[0], sample=1_000, months=MONTHS)
    beside = run.beside()
    assert beside is not None
    extra = parse_outcome("incremental spend", book.programs[0], MONTHS)
    spend = parse_outcome("spend", book.programs[0], MONTHS)
    assert run.value(extra) == run.value(spend) - beside.value(spend)
    pairs = zip(run.without(spend), beside.without(spend), strict=True)
    assert list(run.without(extra)) == [new - old for new, old in pairs]


@pytest.mark.parametrize(
    ("left_out", "message", "help_"),
    [
        ('    margin 32% source "accounts"\n', "nothing says what sales earn", "add `margin 30%`"),
        ('        cost    $0.01 source "the catalogue"\n        ', "", ""),
    ],
)
def test_no_profit_is_told_without_a_margin(book_of: BookOf, left_out: str, message: str, help_: str) -> None:
    book = book_of(SHOP.replace(left_out, ""))
    forecast = pipeline.simulate(book, sample=400, months=2)
    outcome = parse_outcome("net value", book.programs[0], 2)
    if not message:
        assert forecast.value is not None  # the cost of its rewards values the points
        return
    with pytest.raises(InputRefused, match=message) as refusal:
        outcome.of(forecast)
    assert help_ in (refusal.value.help or "")
    (panel,) = value_panels(forecast)
    assert panel.chart is None
    assert help_[5:] in panel.reading
    text = render_forecast(forecast, provenance_of(forecast), PLAIN)
    assert "No profit is shown" in text
    assert "value" not in value_document(forecast)


def test_a_thing_without_a_cost_is_not_free(book_of: BookOf) -> None:
    drinks = SHOP.replace(
        'give   $1 off in full\n        cost   $0.50 source "the catalogue"', "give   1 mug"
    )
    forecast = pipeline.simulate(book_of(drinks), sample=400, months=3)
    assert forecast.value is None
    assert forecast.no_value is not None
    assert "`off` costs" in forecast.no_value[0]
    assert value_document(forecast)["value"]["unknown"] == forecast.no_value[0]


def test_a_margin_below_what_rewards_cost_never_pays(book_of: BookOf) -> None:
    forecast = pipeline.simulate(book_of(SHOP.replace("margin 32%", "margin 1%")), sample=400, months=MONTHS)
    assert forecast.value is not None
    assert forecast.value.break_even is None
    assert "No extra spend pays" in render_forecast(forecast, provenance_of(forecast), PLAIN).replace(
        "\n  ", " "
    )


def test_running_costs_are_by_the_length_of_a_month(book_of: BookOf) -> None:
    weekly = pipeline.simulate(book_of(SHOP.replace("$100 per month", "$70 per week")), sample=100, months=2)
    assert running_costs(weekly) == (1_000 * 31, 1_000 * 28)


@pytest.mark.parametrize(
    ("was", "to", "code"),
    [("margin 32%", "margin 0%", "L310"), ("margin 32%", "margin 132%", "L404"),
     ("lift   0%", "lift 2,000%", "L404"), ("runs at $100", "runs at £100", "L304"),
     ("    lift   0%", "    margin 30%", "L205")],
)  # fmt: skip
def test_wrong_numbers_are_refused(tmp_path: object, was: str, to: str, code: str) -> None:
    path = tmp_path / "shop.loyalty"  # type: ignore[operator]
    path.write_text(SHOP.replace(was, to), encoding="utf-8")
    assert code in [one.code for one in pipeline.check_files(path).diagnostics]
