"""SAME-1 for scenarios: what every step answers and where everybody then stands is the same on both engines.

The worked examples of `programs/` are scenarios whose titles begin with the example's id.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import jsonschema
import pytest
from _pytest.mark import ParameterSet

from loyalty_dsl import report as report_package
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.pipeline import load
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.scenarios import render_scenarios, scenarios_to_json
from loyalty_dsl.report.scenarios_junit import scenarios_to_junit
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.testing.comparing import differences_between
from loyalty_dsl.testing.on_kernel import OnKernel, open_on_kernel
from loyalty_dsl.testing.results import Chapter, Difference, ScenarioResult
from loyalty_dsl.testing.running import run_on, run_scenario, run_scenarios

BookOf = Callable[[str], Book]

PROGRAMS = Path(__file__).parents[2] / "programs"
GIVENS = Path(__file__).with_name("givens.loyalty")
FIRSTS = Path(__file__).with_name("first_events.loyalty")
EVERYONE = Path(__file__).with_name("everyone.loyalty")
VERSIONS = Path(__file__).with_name("versions.loyalty")

IDS = frozenset(
    {
        "E1.1", "E1.3", "E1.4", "E1.5", "E1.6", "E1.7", "E1.9", "E2.1", "E2.2", "E2.5", "E2.6",
        "E4.1", "E5.3", "E7.2", "E7.4", "E7.6", "E7.7", "E9.1", "E9.3", "E9.4", "E11.3", "E11.4",
        "E11.5", "E14.1", "E14.3", "E14.6", "E14.7", "E14.9", "E14.10", "E14.11", "E14.12",
        "E14.18", "E15.7", "E15.9", "E15.10",
    }
)  # fmt: skip


def scenarios_of(path: Path) -> list[tuple[Program, Scenario]]:
    return scenarios_of_book(load(path))


def scenarios_of_book(book: Book) -> list[tuple[Program, Scenario]]:
    programs = {program.name: program for program in (*book.programs, *book.earlier)}
    return [(programs[scenario.program], scenario) for scenario in book.scenarios]


def named(path: Path) -> list[ParameterSet]:
    """The scenarios of a file or a folder, by title."""
    return [pytest.param(*each, id=each[1].title) for each in scenarios_of(path)]


@pytest.mark.parametrize(("program", "scenario"), named(PROGRAMS))
def test_a_worked_example_passes_on_both_engines(program: Program, scenario: Scenario) -> None:
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed
    assert run_scenario(program, scenario, "compiled").passed


def test_every_worked_example_is_there() -> None:
    ids = {scenario.title.split()[0] for _, scenario in scenarios_of(PROGRAMS)}
    assert ids >= IDS


@pytest.mark.parametrize(("program", "scenario"), named(EVERYONE))
def test_limits_for_everyone_close_on_both_engines(program: Program, scenario: Scenario) -> None:
    """SCEN-14."""
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed


@pytest.mark.parametrize(("program", "scenario"), named(FIRSTS))
def test_first_events_and_uses_of_a_day_are_the_same_on_both_engines(
    program: Program, scenario: Scenario
) -> None:
    """EARN-13, REFER-2, SCEN-10."""
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed


@pytest.mark.parametrize(("program", "scenario"), named(VERSIONS))
def test_versions_mean_the_same_on_both_engines(program: Program, scenario: Scenario) -> None:
    """VERSION-1 to VERSION-9, each by its number in the titles."""
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed, result


@pytest.mark.parametrize(("program", "scenario"), named(GIVENS))
def test_what_is_given_means_the_same_on_both_engines(program: Program, scenario: Scenario) -> None:
    """SCEN-1, SCEN-7, SCEN-13: lots out of order, levels, counters of every window, times used, no luck."""
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed


RULES = """
program club "Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  60 days after earning
    }
    counter spent = spend in calendar year
    earn base {
        on    purchase
        give  1 point per whole $1 of amount
    }
    reward five_off {
        price  10 points
        give   $5 off up to the basket
    }
}
scenario "two purchases" for club {
    given   20 points earned 2026-01-10
    on      2026-02-02 purchase $7.00
    expect  earned 7 points
    on      2026-02-03 purchase $9.00 redeeming five_off
    expect  $5.00 off
    on      2026-04-05 expect 0 points
}
"""


def the_one(book: Book) -> tuple[Program, Scenario]:
    (program,), (scenario,) = book.programs, book.scenarios
    return program, scenario


@attrs.define(eq=False)
class _Generous(OnKernel):
    """A compiled evaluator that is wrong about one thing: what is left to pay at the second purchase."""

    def apply(self, event: object) -> Outcome:
        outcome = super().apply(event)  # type: ignore[arg-type]
        return attrs.evolve(outcome, amount=outcome.amount - 1) if outcome.off else outcome


def told_apart(book: Book) -> ScenarioResult:
    """The one scenario, run on the reference and on an evaluator that is wrong."""
    program, scenario = the_one(book)
    right = run_scenario(program, scenario)
    wrong = open_on_kernel(program, scenario)
    wrong.__class__ = _Generous
    return attrs.evolve(right, differences=differences_between(right, run_on(wrong, scenario)))


def test_a_scenario_in_which_the_engines_differ_fails_though_it_finds_what_it_expects(
    book_of: BookOf,
) -> None:
    result = told_apart(book_of(RULES))
    (difference,) = result.differences
    assert difference == Difference("left to pay on 2026-02-03", "$4.00", "$3.99", 3)
    assert result.failures == ()
    assert not result.passed


def test_both_answers_are_shown_with_the_story_up_to_there(book_of: BookOf) -> None:
    result = told_apart(book_of(RULES))
    report = render_scenarios([result], PLAIN)
    assert "the evaluators differ in left to pay on 2026-02-03" in report
    assert "reference: $4.00" in report
    assert "compiled:  $3.99" in report
    assert "purchase $9.00" in report
    assert "expired" not in report
    assert "1 of 1 scenario failed" in report
    as_json = scenarios_to_json([result])
    schema = Path(report_package.__file__).with_name("schemas") / "test.schema.json"
    jsonschema.validate(json.loads(as_json), json.loads(schema.read_text(encoding="utf-8")))
    (told,) = json.loads(as_json)["scenarios"]
    assert told["differences"] == [
        {"what": "left to pay on 2026-02-03", "reference": "$4.00", "compiled": "$3.99"}
    ]
    assert "reference: $4.00; compiled:  $3.99" in scenarios_to_junit([result])


def chapters_changed(result: ScenarioResult) -> list[tuple[str, Chapter]]:
    """The second purchase, each time with another thing changed, by the name of what differs then."""
    at = next(i for i, each in enumerate(result.story) if each.outcome and each.outcome.off)
    chapter = result.story[at]
    outcome, standing = chapter.outcome, chapter.standing
    assert outcome is not None
    (holding,) = standing.holdings
    return [
        ("postings", attrs.evolve(chapter, postings=chapter.postings[:-1])),
        ("uses at midnight", attrs.evolve(chapter, uses=outcome.uses)),
        ("uses", attrs.evolve(chapter, outcome=attrs.evolve(outcome, uses=()))),
        ("money off", attrs.evolve(chapter, outcome=attrs.evolve(outcome, off=1))),
        ("spent", attrs.evolve(chapter, standing=attrs.evolve(standing, counters=(1,)))),
        (
            "points",
            attrs.evolve(
                chapter,
                standing=attrs.evolve(
                    standing, holdings=(attrs.evolve(holding, available=holding.available[1:]),)
                ),
            ),
        ),
        ("the next that happens", attrs.evolve(chapter, day=chapter.day + 1)),
    ]


def test_no_part_of_an_answer_is_left_out_of_the_comparison(book_of: BookOf) -> None:
    result = run_scenario(*the_one(book_of(RULES)))
    at = next(i for i, each in enumerate(result.story) if each.outcome and each.outcome.off)
    for what, chapter in chapters_changed(result):
        story = (*result.story[:at], chapter, *result.story[at + 1 :])
        found = differences_between(result, attrs.evolve(result, story=story))
        assert [each.what.removesuffix(" on 2026-02-03") for each in found] == [what]
    assert differences_between(result, attrs.evolve(result, story=result.story[:-1]))[0].compiled == "nothing"
    assert differences_between(result, result) == ()


def test_the_engine_is_chosen_by_name(book_of: BookOf) -> None:
    book = book_of(RULES)
    for engine in ("reference", "compiled", "both"):
        (result,) = run_scenarios(book, engine)  # type: ignore[arg-type]
        assert result.passed
        assert len(result.checks) == 3


def test_the_compiled_engine_has_room_for_long_stories(book_of: BookOf) -> None:
    """More lots than a new wallet has room for, in a scenario that ends many years later."""
    days = "\n".join(
        f"on 2026-{month:02}-{day:02} purchase $3.00" for month in (3, 4, 5) for day in range(1, 29)
    )
    lines = f'scenario "busy" for club {{\n{days}\nexpect 171 points\non 2056-01-01 expect 0 points\n}}\n'
    book = book_of(RULES + lines)
    _, busy = run_scenarios(book, "both")
    assert busy.differences == ()
    assert busy.checks[-1].passed


def test_the_reference_is_run_without_the_compiled_engine(book_of: BookOf, tmp_path: Path) -> None:
    book_of(RULES)
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from loyalty_dsl import pipeline;"
            f"pipeline.test(pipeline.load({str(tmp_path)!r}));"
            "assert not {'numba', 'numpy'} & set(sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_more_friends_than_the_compiled_engine_takes_are_refused(book_of: BookOf) -> None:
    friends = "".join(f"on 2026-03-01 purchase $9.00 by friend {number}\n" for number in range(1, 65))
    rules = RULES.replace(
        "scenario", f'scenario "many" for club {{\n{friends}expect 0 points\n}}\nscenario', 1
    )
    rules = rules.replace(
        "    reward five_off",
        "    referral friends {\n on purchase by friend within 30 days of join\n give 5 points\n }\n"
        "    reward five_off",
    )
    many, _ = scenarios_of_book(book_of(rules))
    assert run_scenario(*many).checks[-1].actual == 320
    with pytest.raises(InputRefused, match="more than 63 friends"):
        run_scenario(*many, "both")
