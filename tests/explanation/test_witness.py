"""A witness changes nothing and is told everything: over every scenario of every program."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.evaluation.ledger import flows_of
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.witness import (
    CounterMoved,
    EventBegan,
    LevelDecided,
    Posted,
    RuleAsked,
    RulePaid,
    RuleSilent,
    RuleWorth,
    Told,
)
from loyalty_dsl.explanation.episodes import Episode, episodes_of
from loyalty_dsl.explanation.table_rows import rows_of, rows_used
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.counters import PastMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.report.trace_building import Builder
from loyalty_dsl.report.trace_titles import event_in_words
from loyalty_dsl.report.trace_views import EpisodeView
from loyalty_dsl.testing.results import ScenarioResult
from loyalty_dsl.testing.running import run_scenario
from loyalty_dsl.testing.watching import watch_scenario

REPOSITORY = Path(__file__).parent.parent.parent
CLAUSES = [
    REPOSITORY / "tests" / name
    for name in (
        "evaluation/airline_clauses.loyalty",
        "evaluation/carrying.loyalty",
        "evaluation/cases_behind_clauses.loyalty",
        "language/good/allowances.loyalty",
        "language/good/audiences.loyalty",
        "language/good/limits_by_value.loyalty",
        "language/good/menus_in_versions.loyalty",
        "language/good/pending_by_case.loyalty",
        "language/good/points_plus_money.loyalty",
        "language/good/refunds.loyalty",
        "language/good/sending_points.loyalty",
        "language/good/stages.loyalty",
        "testing/everyone.loyalty",
        "testing/first_events.loyalty",
        "testing/gates.loyalty",
        "testing/givens.loyalty",
        "testing/versions.loyalty",
        "testing/volume_bands.loyalty",
    )
]
"""Files with scenarios about what no program has."""
PROGRAMS = [*sorted((REPOSITORY / "programs").glob("*.loyalty")), *CLAUSES]


@cache
def book_of(path: Path) -> Book:
    return pipeline.load(path)


@cache
def watched(path: Path) -> list[tuple[Program, Scenario, ScenarioResult, list[Told]]]:
    book = book_of(path)
    programs = {program.name: program for program in (*book.programs, *book.earlier)}
    runs = []
    for scenario in book.scenarios:
        told: list[Told] = []
        result = watch_scenario(programs[scenario.program], scenario, told.append)
        runs.append((programs[scenario.program], scenario, result, told))
    assert runs, "a file without scenarios shows nothing"
    return runs


def events_of(episodes: tuple[Episode, ...]) -> list[Episode]:
    return [episode for episode in episodes if isinstance(episode.began, EventBegan)]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_witness_changes_nothing(path: Path) -> None:
    for program, scenario, result, _ in watched(path):
        assert result == run_scenario(program, scenario)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_posting_is_told_once_and_in_order(path: Path) -> None:
    for _, _, result, told in watched(path):
        actors = {chapter.actor for chapter in result.story}
        story = [posting for chapter in result.story for posting in chapter.postings]
        postings = [each.posting for each in told if isinstance(each, Posted)]
        assert sorted(map(repr, story)) == sorted(map(repr, postings))
        if actors == {0}:
            assert story == postings
        from_tree = [posting for episode in episodes_of(told) for posting in episode.postings]
        assert from_tree == postings


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_rule_that_is_asked_is_paid_or_silent_for_a_reason(path: Path) -> None:
    for program, _, _, told in watched(path):
        for episode in _all(episodes_of(told)):
            own = [step for step in episode.steps if not isinstance(step, Episode)]
            asked = [step.rule for step in own if isinstance(step, RuleAsked)]
            paid = [step.rule for step in own if isinstance(step, RulePaid) and step.posted]
            silent = [step.rule for step in own if isinstance(step, RuleSilent)]
            assert sorted(asked) == sorted([*paid, *silent])
            outcome: Outcome | None = episode.outcome
            if outcome is not None:
                assert sorted(outcome.silent, key=lambda pair: pair[0]) == sorted(
                    ((step.rule, step.why) for step in own if isinstance(step, RuleSilent)),
                    key=lambda pair: pair[0],
                )
            for step in own:
                if isinstance(step, RulePaid):
                    left = step.uncut
                    for met in step.met:
                        assert met.wanted == left and met.left <= left
                        left = met.left
                    assert left == step.posted
                if isinstance(step, RuleWorth):
                    amount = program.earns[step.rule].amount
                    assert set(rows_used(amount, step.seen, step.facts)) <= set(rows_of(amount))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_counters_and_levels_are_those_that_moves_and_decisions_leave(path: Path) -> None:
    checked = 0
    for program, _, _, told in watched(path):
        for episode in events_of(episodes_of(told)):
            assert isinstance(episode.began, EventBegan) and episode.facts is not None
            if any(isinstance(step, Episode) for step in episode.steps):
                continue  # midnights begin other windows
            before, after = episode.began.facts, episode.facts
            moved, levels = list(before.counters), list(before.levels)
            for each in episode.told:
                if isinstance(each, CounterMoved):
                    moved[each.counter] += each.units
                if isinstance(each, LevelDecided):
                    assert each.before == levels[each.ladder]
                    levels[each.ladder] = each.after
            assert tuple(levels) == after.levels
            days = {each.day for each in episode.told if isinstance(each, CounterMoved)}
            if before.day == after.day and days <= {after.day}:  # of the present windows
                checked += 1
                past = [isinstance(counter.measure, PastMeasure) for counter in program.counters]
                for own, expected, found in zip(past, moved, after.counters, strict=True):
                    assert own or expected == found
    assert checked or not watched(path)


def _all(episodes: tuple[Episode, ...]) -> list[Episode]:
    every = []
    for episode in episodes:
        every.append(episode)
        every += _all(tuple(step for step in episode.steps if isinstance(step, Episode)))
    return every


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_everything_is_told_in_words(path: Path) -> None:
    for program, scenario, _, told in watched(path):
        builder = Builder(program, lambda event, program=program: event_in_words(program, event))
        views = builder.views(episodes_of(told))
        for view in _views(views):
            for rule in view.rules:
                assert (rule.posting is None) == (rule.why is not None)
                assert _says_something(rule.words), (scenario.title, view.title, rule.name)
                assert all(map(_says_something, rule.steps))
            for reward in view.rewards:
                assert (reward.times == 0) == (reward.why is not None)
                assert _says_something(reward.words), (scenario.title, view.title, reward.name)
            assert all(map(_says_something, (*view.effects, *view.quiet, *view.refused, *view.gates)))
        units: dict[str, Fraction] = {}
        for view in views:
            for posting in view.postings:
                sign = 1 if posting.words.startswith("+") else -1
                units[posting.currency] = units.get(posting.currency, Fraction(0)) + sign * posting.units
        postings = [each.posting for each in told if isinstance(each, Posted)]
        for currency in program.currencies:
            outstanding = Fraction(flows_of(postings, currency.index).outstanding, currency.scale)
            assert units.get(currency.name, 0) == outstanding


def _views(views: Iterable[EpisodeView]) -> Iterator[EpisodeView]:
    for view in views:
        yield view
        yield from _views((*view.before, *view.after))


def _says_something(words: str) -> bool:
    return len(words) > 3 and words != "was not considered" and not {"None", "unknown"} & set(words.split())
