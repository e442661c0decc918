"""Worked examples of transfers: what is exchanged, in which steps, and why not."""

import attrs
import pytest
from programs_by_hand import at, currency, earn, posted, program, redeem, reward, times
from promotions_by_hand import giving

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.groups import give_opening, open_group
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind
from loyalty_dsl.evaluation.reference import Outcome, apply
from loyalty_dsl.evaluation.wording import obstacle_in_words
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.expiry import Activity, AfterActivity
from loyalty_dsl.language.program import Limit, Program, Reward
from loyalty_dsl.language.rewards import Taking, UnitsGiven

ALL = 0


def to_avios(*limits: Limit, least: int = 0) -> Reward:
    """400 points for 250 avios."""
    plain = giving(reward(400, 0, *limits, name="to_avios"), UnitsGiven(1, 250))
    return attrs.evolve(plain, taking=Taking.EXCHANGED, minimum_exchange=least)


def nectar(*limits: Limit, least: int = 0) -> Program:
    return program(earn(Flat(1)), to_avios(*limits, least=least), currencies=(currency(), currency("avios")))


def exchanged(rules: Program, have: int, *asked: int) -> Outcome:
    """The outcome of the last of some exchanges in March."""
    group = open_group(rules)
    give_opening(group, 0, have, at("2026-02-01"))
    for day, units in enumerate(asked, 1):
        outcome = apply(group, redeem(f"2026-03-{day:02}", quantity=units))
    return outcome


def moved(outcome: Outcome) -> tuple[list[int], list[int]]:
    return (
        posted(outcome.postings, PostingKind.REDEEMED, 0),
        posted(outcome.postings, PostingKind.EARNED, 1),
    )


def test_all_that_is_there_goes_in_whole_steps() -> None:
    """EXCHANGE-1, EXCHANGE-2: of 1,000 points 800 become 500 avios; the rest stays."""
    assert moved(exchanged(nectar(), 1000, ALL)) == ([800], [500])


@pytest.mark.parametrize(
    ("have", "asked", "least", "obstacle"),
    [
        (1000, 900, 0, Obstacle.NOT_WHOLE_STEPS),
        (1000, 1200, 0, Obstacle.SHORT_BALANCE),
        (1000, 400, 800, Obstacle.MINIMUM_EXCHANGE),
        (1000, 300, 800, Obstacle.NOT_WHOLE_STEPS),
        (700, ALL, 800, Obstacle.MINIMUM_EXCHANGE),
        (300, ALL, 0, Obstacle.SHORT_BALANCE),
    ],
)
def test_an_exchange_is_whole_or_refused(have: int, asked: int, least: int, obstacle: Obstacle) -> None:
    """EXCHANGE-2: with its reason; nothing moves."""
    outcome = exchanged(nectar(least=least), have, asked)
    assert [refusal.obstacle for refusal in outcome.refusals] == [obstacle]
    assert moved(outcome) == ([], [])


@pytest.mark.parametrize(
    ("asked", "given"),
    [((1600,), 1000 + 100), ((1200,), 750 + 50), ((800, 400), 250), ((400, ALL), 1000 + 100)],
)
def test_more_is_given_for_whole_amounts_at_a_time(asked: tuple[int, ...], given: int) -> None:
    """EXCHANGE-5: 50 more for each whole 800 points that one exchange takes; the last one counts."""
    plain = to_avios()
    bonus = attrs.evolve(plain, cases=(attrs.evolve(plain.cases[0], face=UnitsGiven(1, 250, 800, 50)),))
    rules = program(earn(Flat(1)), bonus, currencies=(currency(), currency("avios")))
    assert moved(exchanged(rules, 2000, *asked))[1] == [given]


def test_a_limit_counts_what_is_taken() -> None:
    """EXCHANGE-3: 800 points a month: a third step is refused, and what is asked for is never cut."""
    limit = attrs.evolve(times(2, Unit.MONTH), index=0)
    rules = nectar(limit)
    assert moved(exchanged(rules, 2000, 800)) == ([800], [500])
    refused = exchanged(rules, 2000, 800, 400)
    assert [one.obstacle for one in refused.refusals] == [Obstacle.LIMIT]
    assert obstacle_in_words(rules, Obstacle.LIMIT, rules.rewards[0]).endswith(
        "800 points per calendar month"
    )
    assert moved(exchanged(rules, 2000, ALL)) == ([800], [500])


def test_an_exchange_is_a_redemption_and_no_earning() -> None:
    """EXCHANGE-4: the clock of redemptions starts again, that of earning does not."""
    for earning, active in ((False, at("2026-03-01")), (True, at("2026-02-01"))):
        expiry = AfterActivity(Duration(1, Unit.YEAR), Activity((), earning, not earning, ()))
        rules = program(earn(Flat(1)), to_avios(), currencies=(currency(expiry=expiry), currency("avios")))
        group = open_group(rules)
        give_opening(group, 0, 1000, at("2026-02-01"))
        apply(group, redeem("2026-03-01", quantity=400))
        assert group.members[0].accounts[0].active == active
