"""A study runs what it says, its gates name their layer, and simulating fewer members passes none."""

from collections.abc import Callable
from fractions import Fraction
from math import isclose, sqrt

import attrs
import pytest
from toy_shop import SHOP

import loyalty_dsl as loyalty
from loyalty_dsl.decisions.gates import COMMON_YEAR, GateResult, Verdict, errors_of
from loyalty_dsl.decisions.groups import difference_noise, simulate_groups
from loyalty_dsl.decisions.outcomes import OUTCOMES, parse_outcome
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.decisions.studies import StudyResult, choose_studies, run_study
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.outcomes import OUTCOME_NAMES
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.study_wording import notices_told

BookOf = Callable[[str], Book]
ACCEPTED = '    accept assumed points.cost "agreed"\n    accept assumed off.cost "agreed"\n'
FITTED = '    fitted from "sales.csv" through 2026-12-31 parameter error 2% holdout error 3%\n'


def study(clauses: str, months: int = 3, sample: int = 600) -> str:
    return f"{SHOP}study launch {{\n    months {months}\n    sample {sample}\n{clauses}}}\n"


def ran(book_of: BookOf, clauses: str, **changes: int) -> StudyResult:
    book = book_of(study(clauses, **changes))
    return run_study(book, book.studies[0])


def gate(book_of: BookOf, line: str, **changes: int) -> GateResult:
    return ran(book_of, f"    {line}\n{ACCEPTED}", **changes).gates[0]


def test_the_checker_knows_every_outcome_as_it_is_worked_out() -> None:
    known = {(one.name, one.unit, one.when, one.of, one.words) for one in OUTCOME_NAMES}
    assert known == {(one.name, one.unit, one.when, one.of, one.words) for one in OUTCOMES}


def test_a_study_is_the_simulation_that_it_says(book_of: BookOf) -> None:
    book = book_of(study("    objective liability at month 2\n    seed 5\n"))
    result = run_study(book, book.studies[0])
    same = simulate_groups(book.programs[0], book.populations[0], sample=600, months=3, seed=5)
    assert result.objective is not None
    outcome = parse_outcome("liability at month 2", book.programs[0], 3)
    assert result.objective.value == same.value(outcome) != 0
    assert run_study(book, book.studies[0], seed=6).objective != result.objective


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("require purchases over 3 months >= 10", Verdict.HOLDS),
        ("require purchases over 3 months <= 10", Verdict.BROKEN),
        ("require breakage between 0% and 100%", Verdict.HOLDS),
        ("require active rate at month 1 between 98% and 99%", Verdict.BROKEN),
        ("require members of gold at month 3 < 1", Verdict.BROKEN),
        ("require liability at month 3 <= $1M", Verdict.HOLDS),
    ],
)
def test_a_bound_holds_or_is_broken(book_of: BookOf, line: str, verdict: Verdict) -> None:
    result = gate(book_of, line)
    assert result.verdict is verdict
    assert result.margin is not None
    assert (result.margin >= 0) is (verdict is Verdict.HOLDS)
    assert not result.could_change


def test_the_margin_is_from_the_bound_that_is_broken(book_of: BookOf) -> None:
    result = gate(book_of, "require active rate at month 1 between 1% and 2%")
    assert result.binding.bound == Fraction(2, 100)
    assert result.value is not None
    assert result.margin == Fraction(2, 100) - result.value


# ---- layers


def near(book_of: BookOf, layer: str) -> GateResult:
    """A gate that holds by less than the noise."""
    first = gate(book_of, "require purchases over 3 months <= 1")
    assert first.value is not None
    assert first.noise is not None
    bound = int(float(first.value) + first.noise / 3)
    return gate(book_of, f"require purchases over 3 months <= {bound:,}{layer}")


def test_a_plain_gate_says_that_it_could_change_and_what_would_settle_it(book_of: BookOf) -> None:
    result = near(book_of, "")
    assert result.verdict is Verdict.HOLDS
    assert result.could_change
    assert result.settled_by is not None
    assert result.settled_by > 600 * 6


def test_a_gate_within_noise_counts_the_noise_against_the_study(book_of: BookOf) -> None:
    assert near(book_of, " within simulation noise").verdict is Verdict.BROKEN
    wide = gate(book_of, "require purchases over 3 months <= 1,000,000 within simulation noise")
    assert wide.verdict is Verdict.HOLDS


def test_too_few_members_pass_no_gate_that_asks_for_noise(book_of: BookOf) -> None:
    line = "require purchases over 3 months <= 1,000,000"
    assert gate(book_of, line, sample=100).noise is None
    assert gate(book_of, line, sample=100).verdict is Verdict.HOLDS
    assert gate(book_of, f"{line} within simulation noise", sample=100).verdict is Verdict.REFUSED


def test_confidence_refuses_who_was_made_up_and_who_was_never_tested(book_of: BookOf) -> None:
    line = "require purchases over 3 months <= 1,000,000 with 95% confidence"
    made_up = gate(book_of, line)
    assert made_up.verdict is Verdict.REFUSED
    assert "made up" in (made_up.refusal or "")
    text = study(f"    {line}\n")
    fit = text.replace("    start  5,000 members\n", f"    start  5,000 members\n{FITTED}")
    for told, word in ((" holdout error 3%", "holdout"), (" parameter error 2%", "parameter")):
        book = book_of(fit.replace(told, ""))
        (result,) = run_study(book, book.studies[0]).gates
        assert result.verdict is Verdict.REFUSED
        assert word in (result.refusal or "")
    book = book_of(fit)
    (result,) = run_study(book, book.studies[0]).gates
    assert result.verdict is Verdict.HOLDS
    assert result.errors is not None


def test_confidence_in_what_is_redeemed_wants_somebody_to_answer_for_redemption(book_of: BookOf) -> None:
    line = "require liability at month 3 <= $1M with 95% confidence"
    text = study(f"    {line}\n{ACCEPTED}")
    fit = text.replace("    start  5,000 members\n", f"    start  5,000 members\n{FITTED}")
    book = book_of(fit)
    (refused,) = run_study(book, book.studies[0]).gates
    assert "people.redeem" in (refused.help or "")
    book = book_of(fit.replace("holdout error 3%", "holdout error 3% redemption error 5%"))
    assert run_study(book, book.studies[0]).gates[0].verdict is Verdict.HOLDS
    book = book_of(fit.replace(ACCEPTED, f'{ACCEPTED}    accept assumed people.redeem "a survey"\n'))
    assert run_study(book, book.studies[0]).gates[0].verdict is Verdict.HOLDS


def test_the_errors_of_a_confidence_are_put_together_as_independent_ones(book_of: BookOf) -> None:
    text = study("    objective purchases\n")
    book = book_of(text.replace("    start  5,000 members\n", f"    start  5,000 members\n{FITTED}"))
    fitted = book.populations[0].fitted
    assert fitted is not None
    errors = errors_of(1000.0, 30.0, fitted, 0.95, redeems=True)
    assert isclose(errors.noise, 30)
    assert isclose(errors.parameters, 1.959964 * 20, rel_tol=1e-6)
    assert isclose(errors.backtest, 1.959964 * 30, rel_tol=1e-6)
    assert errors.common_year == COMMON_YEAR * 1000
    assert isclose(errors.total, sqrt(30**2 + 39.19928**2 + 58.79892**2 + 100**2), rel_tol=1e-6)
    told = attrs.evolve(fitted, redemption=Fraction(4, 100))
    assert isclose(errors_of(1000.0, 30.0, told, 0.95, redeems=True).parameters, 87.652, rel_tol=1e-4)
    assert errors_of(1000.0, 30.0, told, 0.95, redeems=False) == errors
    surer = errors_of(1000.0, 30.0, fitted, 0.99, redeems=True)
    assert isclose(surer.total / errors.total, 2.575829 / 1.959964, rel_tol=1e-6)
    without = attrs.evolve(fitted, parameter=Fraction(0), holdout=Fraction(0))
    assert errors_of(1000.0, 0.0, without, 0.95, redeems=True).total >= 100


# ---- assumed numbers


def test_a_gate_on_money_refuses_numbers_that_nobody_answers_for(book_of: BookOf) -> None:
    lines = "    require liability at month 3 <= $1M\n    require reward cost over 3 months <= $1M\n"
    lines += "    require purchases over 3 months >= 1\n    warn spend over 3 months >= $1\n"
    owed, cost, bought, spent = ran(book_of, lines).gates
    assert owed.verdict is cost.verdict is Verdict.REFUSED
    assert owed.refusal == "100% of liability at month 3 rests on a number that is assumed: `points.cost`"
    assert 'accept assumed points.cost "who' in (owed.help or "")
    assert "`off.cost`" in (cost.refusal or "")
    assert bought.verdict is spent.verdict is Verdict.HOLDS
    assert all(one.verdict is Verdict.HOLDS for one in ran(book_of, lines + ACCEPTED).gates)


def test_a_number_with_a_source_needs_nobody(book_of: BookOf) -> None:
    text = study("    require liability at month 3 <= $1M\n")
    book = book_of(text.replace("$0.008 assumed", '$0.008 source "contract"'))
    assert run_study(book, book.studies[0]).gates[0].verdict is Verdict.HOLDS


def test_a_reward_without_a_cost_is_an_assumption_too(book_of: BookOf) -> None:
    text = study("    require liability at month 3 <= $1M\n")
    text = text.replace("        cost   $0.80 assumed\n", "").replace("        cost    $0.008 assumed\n", "")
    book = book_of(text)
    (result,) = run_study(book, book.studies[0]).gates
    assert "`off.cost`" in (result.refusal or "")


def test_what_a_program_is_worth_rests_on_what_sales_earn(book_of: BookOf) -> None:
    line = "    require net value over 3 months >= -$100,000\n"
    margin = '    margin 30%\n    runs at $10 per month source "the ledger"\n'
    text = study(line + ACCEPTED).replace("    start  5,000 members\n", f"    start  5,000 members\n{margin}")
    book = book_of(text)
    (refused,) = run_study(book, book.studies[0]).gates
    assert "`people.margin`" in (refused.refusal or "")
    assert "people.runs" not in (refused.refusal or "")
    book = book_of(text.replace(ACCEPTED, f'{ACCEPTED}    accept assumed people.margin "the P&L"\n'))
    assert run_study(book, book.studies[0]).gates[0].verdict is Verdict.HOLDS
    unknown = gate(book_of, line.strip())
    assert unknown.verdict is Verdict.REFUSED
    assert unknown.value is None


# ---- comparing


def test_a_study_compares_over_the_same_members(book_of: BookOf) -> None:
    clauses = "    objective liability at month 3\n    compare with base.give = 2 points\n"
    book = book_of(study(clauses))
    result = run_study(book, book.studies[0])
    outcome = parse_outcome("liability at month 3", book.programs[0], 3)
    runs = [
        simulate_groups(each.programs[0], each.populations[0], sample=600, months=3)
        for each in (with_settings(book, {"base.give": "2 points"}), book)
    ]
    assert result.objective is not None
    assert result.objective.difference == runs[1].value(outcome) - runs[0].value(outcome) < 0
    assert result.objective.difference_noise == difference_noise(outcome, *runs)
    assert result.comparison is not None
    assert result.comparison.everybody.fell > 0
    assert result.compared_with == "shop with base.give = 2 points"


def test_members_of_a_study_react_to_the_rate_of_the_version_that_it_is_compared_with(
    book_of: BookOf,
) -> None:
    clauses = "    objective issued of points\n    compare with base.give = 2 points\n"
    calm = book_of(study(clauses))
    keen = book_of(study(clauses).replace("start ", "responses { rate_elasticity 50% }\n    start "))
    results = [run_study(book, book.studies[0]) for book in (calm, keen)]
    for result in results:
        assert result.comparison is not None
        assert result.comparison.new.by_currency[0].total == result.run.forecast.by_currency[0].total
    assert results[0].objective is not None and results[1].objective is not None
    old, new = (
        side.population.reward_rate for side in (results[1].comparison.old, results[1].comparison.new)
    )
    assert old is not None and new is not None and old.rate == new.before
    before, after = (result.objective.value for result in results)
    assert (after < before) == (new.rate < old.rate) and after != before
    assert "reward-rate" in [notice.id for notice in results[1].run.forecast.notices]


def test_a_study_that_more_would_join_has_the_members_of_its_comparison(book_of: BookOf) -> None:
    clauses = "    objective liability at month 3\n    compare with base.give = 2 points\n"
    book = book_of(study(clauses).replace("start ", "responses { enrolment_elasticity 300% }\n    start "))
    result = run_study(book, book.studies[0])
    assert result.objective is not None and result.comparison is not None
    figure = result.comparison.liability[-1]
    assert result.objective.difference == Fraction(figure.difference) / 100
    assert result.comparison.old.members[-1].enrolled > result.comparison.new.members[-1].enrolled
    assert [notice.id for notice in notices_told(result.run.forecast)] == [
        "cost-differs",
        "reward-rate",
    ]


def test_a_study_compares_with_another_program(book_of: BookOf) -> None:
    other = SHOP.partition("population people")[0].replace("program shop", "program old_shop")
    other = other.replace("spent >= $300", "spent >= $100")
    text = study("    objective members of gold at month 3\n    compare old_shop\n")
    book = book_of(other + text.replace("population people {", "population people for shop {"))
    result = run_study(book, book.studies[0])
    assert result.objective is not None
    assert result.objective.difference is not None
    assert result.objective.difference < 0
    assert result.comparison is not None
    assert {(move.old, move.new) for move in result.comparison.moves} == {("Gold", "Basic")}


@pytest.mark.parametrize("setting", ["base.gve = 2", "often.purchases = 2", "base.give = $2"])
def test_what_a_study_cannot_set_is_told_at_its_line(book_of: BookOf, setting: str) -> None:
    book = book_of(study(f"    objective liability\n    compare with {setting}\n"))
    with pytest.raises(InputRefused, match=r"rules\.loyalty:\d+"):
        run_study(book, book.studies[0])


def test_studies_are_chosen_by_name(book_of: BookOf) -> None:
    book = book_of(study("    objective liability\n"))
    assert choose_studies(book, ("launch",)) == book.studies == choose_studies(book)
    with pytest.raises(InputRefused) as refused:
        choose_studies(book, ("lanch",))
    assert refused.value.help == "did you mean `launch`?"


def test_python_runs_a_study_by_name(book_of: BookOf) -> None:
    book = book_of(study("    objective liability at month 3\n"))
    before = book_of(
        study("    objective liability at month 3\n").replace("give  1 point per", "give  2 points per")
    )
    result = loyalty.study(book, against=before)
    assert result.study.name == "launch"
    assert result.objective is not None
    assert result.objective.difference is not None
    assert result.objective.difference < 0
    assert loyalty.study(book, "launch", sample=300).run.forecast.sample == 300
    with pytest.raises(InputRefused):
        loyalty.study(book_of(SHOP))


# ---- how many are simulated


def test_the_sample_moves_no_gate_beyond_noise(book_of: BookOf) -> None:
    """Whatever is simulated, a bound that the noise does not reach gets one answer."""
    clauses = "    require liability at month 6 <= $5,000\n    require active rate at month 6 >= 45%\n"
    clauses += "    require members of gold at month 6 <= 1,500\n    require breakage >= 30%\n"
    book = book_of(study(clauses + ACCEPTED, months=6))
    truth = run_study(book, book.studies[0], sample=20_000).gates
    for sample in (500, 2_000, 8_000):
        for seed in (1, 2, 3):
            found = run_study(book, book.studies[0], sample=sample, seed=seed).gates
            for small, large in zip(found, truth, strict=True):
                assert small.noise is not None
                assert large.noise is not None
                assert small.value is not None
                assert large.value is not None
                room = 2 * (small.noise + large.noise)
                assert abs(float(small.value - large.value)) <= room
                assert small.verdict is large.verdict or abs(float(small.margin or 0)) <= room
