"""The value that meets a target: it does, its neighbour does not, and what has no answer is refused."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from toy_shop import SHOP

from loyalty_dsl.decisions.groups import simulate_groups
from loyalty_dsl.decisions.outcomes import parse_outcome
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.decisions.solving import Solution, Tried, solve
from loyalty_dsl.decisions.sweeping import Study, study_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.solve_terminal import answer_text, render_solution
from loyalty_dsl.report.style import PLAIN


@pytest.fixture
def study(book_of: Callable[[str], Book]) -> Study:
    return study_of(book_of(SHOP), sample=600, months=3)


def simulated(study: Study, path: str, value: str, outcome: str) -> Fraction:
    book = with_settings(study.book, {path: value})
    run = simulate_groups(book.programs[0], book.populations[0], sample=600, months=3)
    return run.value(parse_outcome(outcome, book.programs[0], 3))


@pytest.mark.parametrize(
    ("path", "target", "step", "rises"),
    [
        ("off.price", "reward cost over 3 months <= $1,500", None, False),
        ("off.price", "reward cost over 3 months >= $1,500", None, False),
        ("status.gold", "members of gold at month 3 >= 800", "$5", False),
        ("base.give", "issued <= 300,000", "0.1", True),
    ],
)
def test_the_answer_meets_the_target_and_the_next_value_does_not(
    study: Study, path: str, target: str, step: str | None, rises: bool
) -> None:
    found = solve(study, path, target, step=step)
    wanted = found.target
    for one, met in ((found.answer, True), (found.next_, False)):
        value = simulated(study, path, one.text, wanted.outcome.text)
        assert value == one.outcome
        assert wanted.met(value) is met
    assert abs(found.answer.value - found.next_.value) == found.step
    upper = wanted.sign == "<="
    assert (found.next_.value > found.answer.value) is (rises is upper)
    if found.before is not None:
        assert wanted.met(found.before.outcome)
        assert found.answer.value - found.before.value == found.next_.value - found.answer.value


def test_the_interval_of_answers_is_where_the_noise_reaches_the_bound(study: Study) -> None:
    found = solve(study, "off.price", "reward cost over 3 months <= $1,500", between="20..400")
    noise = found.answer.noise
    assert noise is not None and found.low is not None and found.high is not None
    low, high = (int(text) for text in (found.low, found.high))
    assert low < found.answer.value < high
    assert not found.low_open and not found.high_open
    known = {one.value: one.outcome for one in found.tried}
    assert known[Fraction(low)] >= found.target.bound + Fraction(noise)
    assert known[Fraction(high)] <= found.target.bound - Fraction(noise)
    for price, cost in known.items():  # and they are about the first that are as far
        if low + 4 < price < high - 4:
            assert abs(cost - found.target.bound) <= Fraction(noise) * Fraction(3, 2)


def test_an_interval_is_open_where_the_range_ends(study: Study) -> None:
    whole = solve(study, "off.price", "reward cost over 3 months <= $1,500", between="20..400")
    near = int(whole.answer.text)
    found = solve(
        study, "off.price", "reward cost over 3 months <= $1,500", between=f"{near - 2}..{near + 2}"
    )
    assert found.answer.text == whole.answer.text
    assert found.low_open and found.high_open


def test_an_equality_is_told_by_the_two_values_that_it_lies_between(study: Study) -> None:
    found = solve(study, "off.price", "reward cost over 3 months = $1,500.01")
    low, high = sorted((found.answer, found.next_), key=lambda tried: tried.value)
    assert answer_text(found) == (
        f"reward cost over 3 months = $1,500.01 between off.price = {low.text} and {high.text}"
    )
    shown = render_solution(found, provenance_of(found.forecast, ""), PLAIN).splitlines()
    sides = {line.split()[0]: line for line in shown if line.startswith("  ")}
    assert sides[found.answer.text].endswith("below $1,500.01: the answer, the last before it crosses")
    assert sides[found.next_.text].endswith("above $1,500.01")
    assert not any("meet" in line for line in shown)


def test_few_members_give_an_answer_that_is_not_sure(book_of: Callable[[str], Book]) -> None:
    found = solve(study_of(book_of(SHOP), sample=100, months=3), "off.price", "reward cost <= $1,500")
    assert found.answer.noise is found.low is found.high is None


def test_no_answer_is_refused_plainly(study: Study) -> None:
    cases = {
        "reward cost over 3 months <= $1": "never meets <= $1",
        "reward cost over 3 months >= $0": "always meets >= $0",
        "members at month 3 <= 10": "is 5,300 whatever off.price is, from 40 to 60: it never meets",
    }
    for target, message in cases.items():
        with pytest.raises(InputRefused) as refusal:
            solve(study, "off.price", target, between="40..60")
        assert message in refusal.value.message
        assert "--between" in (refusal.value.help or "")
    with pytest.raises(InputRefused, match=r"`60\.\.40` is empty: 60 is not below 40"):
        solve(study, "off.price", "reward cost <= $1", between="60..40")


def test_an_outcome_that_comes_and_goes_is_refused(study: Study) -> None:
    """Cheap rewards leave nothing that is owed, dear ones are never reached: in between most is owed."""
    at = {price: simulated(study, "off.price", str(price), "liability at month 3") for price in (1, 50, 2000)}
    assert at[50] > max(at[1], at[2000])
    bound = float(max(at[1], at[2000]) + at[50]) / 2
    with pytest.raises(InputRefused, match="comes and goes") as refusal:
        solve(study, "off.price", f"liability at month 3 <= ${bound:.2f}", between="1..2000")
    assert refusal.value.message.count("meets it") >= 2
    assert "does not" in refusal.value.message


def test_the_range_is_what_a_rule_file_may_have(study: Study) -> None:
    found: Solution = solve(study, "off.price", "reward cost <= $1,500")
    assert found.tried[0].text == "6"  # an eighth of 50, in whole points
    assert found.tried[-1].text == "400"
    with pytest.raises(InputRefused, match="is no range"):
        solve(study, "off.price", "reward cost <= $1,500", between="20")
    with pytest.raises(InputRefused, match="has no two values"):
        solve(study, "off.price", "reward cost <= $1,500", between="20..21", step="10")
    with pytest.raises(InputRefused, match="is refused"):
        solve(study, "off.price", "reward cost <= $1,500", between="0..21")
    with pytest.raises(InputRefused, match="has no bound"):
        solve(study, "off.price", "reward cost")


def test_what_was_tried_is_in_order(study: Study) -> None:
    found = solve(study, "off.price", "reward cost over 3 months <= $1,500", step="10")
    values = [one.value for one in found.tried]
    assert values == sorted(set(values))
    assert all(isinstance(one, Tried) and one.value % 10 == 0 for one in found.tried)
