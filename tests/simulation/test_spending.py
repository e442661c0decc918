"""How much members spend and on what, who they are, and what they redeem: against formulas and the reference.

Tolerances are four standard errors; the seeds are fixed.
"""

from collections.abc import Callable
from fractions import Fraction
from math import log, sqrt

import attrs
import numpy as np
import pytest
from businesses import (
    CATEGORY,
    DRAWS,
    NO_DRINKS,
    NOWHERE,
    earn,
    monthly,
    points,
    population,
    program,
    segment,
)
from lived_by_reference import by_month, live_again
from scipy import special, stats

from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import Basket, GammaBasket, ItemCounts
from loyalty_dsl.simulation import behaviour as b
from loyalty_dsl.simulation import gammas, ways
from loyalty_dsl.simulation.randomness import member_key
from loyalty_dsl.simulation.recording import record_history, record_lives
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.sampling import TABLE_SIZE, draw_basket, draw_scaled_basket

PLAIN = program(points(), [earn(Flat(1))])
KEYS = [np.uint64(member_key(7, 1, member)) for member in range(4000)]


def decimal(text: str) -> Fraction:
    return Fraction(text)


def baskets_of(basket: Basket | GammaBasket, members: int = 1500) -> list[np.ndarray]:
    """The baskets of each member, whose purchases are equally often."""
    people = population(attrs.evolve(segment(monthly("10")), basket=basket), members=members)
    history = record_history(PLAIN, people, sample=members, months=4)
    return [history.basket[first:end] for first, end in zip(history.starts, history.starts[1:], strict=False)]


# ---- within and between


def test_the_variance_of_logs_is_split_within_and_between_members() -> None:
    sigma, within = 1.23, 0.69
    logs = [np.log(each) for each in baskets_of(Basket(500_000, decimal("1.23"), NOWHERE, decimal("0.69")))]
    counts = np.array([len(each) for each in logs])
    freedom = (counts - 1).sum()
    inside = sum(((each - each.mean()) ** 2).sum() for each in logs) / freedom
    expected = within * sigma**2
    assert abs(inside - expected) < 4 * expected * sqrt(2 / freedom)
    means = np.array([each.mean() for each in logs])
    between = means.var(ddof=1) - (inside / counts).mean()
    expected = (1 - within) * sigma**2
    assert abs(between - expected) < 4 * (expected + inside / counts.mean()) * sqrt(2 / len(logs))
    assert abs(means.mean() - log(500_000)) < 4 * sqrt(means.var() / len(logs))


def test_all_within_is_as_if_nothing_were_said() -> None:
    plain = baskets_of(Basket(2000, decimal("0.8"), NOWHERE), 100)
    said = baskets_of(Basket(2000, decimal("0.8"), NOWHERE, Fraction(1)), 100)
    assert all(np.array_equal(one, other) for one, other in zip(plain, said, strict=True))


def test_all_between_gives_each_member_one_basket() -> None:
    each = baskets_of(Basket(2000, decimal("0.8"), NOWHERE, Fraction(0)), 100)
    assert all(len(set(of.tolist())) <= 1 for of in each)
    assert len({int(of[0]) for of in each if len(of)}) > 80


# ---- gamma-gamma


def test_gamma_gamma_spend_has_its_mean_and_variances() -> None:
    """At the parameters of CDNOW: a mean of p scale / (q - 1), members' own means p scale over a gamma."""
    p, q, scale = 6.25, 3.74, 1544
    each = baskets_of(GammaBasket(decimal("6.25"), decimal("3.74"), scale, NOWHERE), 8000)
    means = np.array([of.mean() for of in each])
    mean = p * scale / (q - 1)
    assert abs(means.mean() - mean) < 4 * means.std() / sqrt(len(means))
    # within a member, z / nu is gamma of shape p: its coefficient of variation is 1 / sqrt(p)
    spread = np.array([of.var(ddof=1) / of.mean() ** 2 for of in each if len(of) > 20])
    counts = np.array([len(of) for of in each if len(of) > 20])
    expected = 1 / p
    assert abs(spread.mean() - expected) < 4 * spread.std() / sqrt(len(spread)) + 2 * expected / counts.mean()
    # the tail of members' means is that of an inverse gamma
    upper = p * scale / stats.gamma(q).ppf(0.1)
    own = sum(mean_of > upper for mean_of in means) / len(means)
    assert abs(own - 0.1) < 0.02


def test_a_gamma_table_holds_the_quantiles() -> None:
    for shape, scale in ((6.25, 563.5), (0.7, 2000.0), (40.0, 100.0)):
        table = np.zeros((2, TABLE_SIZE), np.int64)
        gammas.fill_gamma_table(shape, scale, table)
        rng = np.random.default_rng(5)
        bits = rng.integers(0, 2**64, 300, dtype=np.uint64)
        for word in bits:
            tail = ((int(word) >> 12) + 0.5) * 2.0**-53
            exact = scale * (stats.gamma.isf(tail, shape) if int(word) & 1 else stats.gamma.ppf(tail, shape))
            assert abs(draw_basket(table, word) - max(exact, 1)) <= 2e-4 * exact + 0.51
            assert abs(draw_scaled_basket(table, word, 2.5) - max(2.5 * exact, 1)) <= 5e-4 * exact + 0.51


@pytest.mark.parametrize("a", [0.15, 0.5, 1.0, 3.74, 40.0, 400.0])
def test_gamma_tails_scores_and_quantiles(a: float) -> None:
    assert gammas.log_gamma(a) == pytest.approx(special.gammaln(a), rel=1e-13, abs=1e-13)
    for p in (1e-12, 1e-3, 0.2, 0.5, 0.9, 1 - 1e-6):
        x = float(stats.gamma.ppf(p, a))
        assert gammas.gamma_tail(a, x, False) == pytest.approx(special.gammainc(a, x), rel=1e-10)
        assert gammas.gamma_tail(a, x, True) == pytest.approx(special.gammaincc(a, x), rel=1e-10)
    for z in (-4.0, -1.3, 0.0, 0.4, 3.0):
        x = gammas.gamma_of_score(a, z)
        tail = stats.norm.sf(abs(z))
        exact = stats.gamma.isf(tail, a) if z > 0 else stats.gamma.ppf(tail, a)
        assert x == pytest.approx(exact, rel=1e-9)
        assert gammas.gamma_score(a, x) == pytest.approx(z, abs=1e-9)


# ---- what goes together


def lowered(form: str, correlation: float) -> np.ndarray:
    rates = np.zeros(5)
    rates[b.RATE_MEAN], rates[b.RATE_SHAPE], rates[b.OWN_CORRELATION] = 0.1, 1 / 0.8**2, correlation
    rates[b.OWN_SIGMA if form == "lognormal" else b.OWN_SHAPE] = 0.7 if form == "lognormal" else 3.74
    return rates


@pytest.mark.parametrize("form", ["lognormal", "gamma"])
@pytest.mark.parametrize("correlation", [-0.6, 0.1, 0.95])
def test_spend_goes_together_with_the_rate(form: str, correlation: float) -> None:
    rates = lowered(form, correlation)
    gaps = [ways.draw_gap_mean(0.1, rates[b.RATE_SHAPE], key, 3) for key in KEYS]
    own = [ways.draw_own_basket(rates, key, 17, gap) for key, gap in zip(KEYS, gaps, strict=True)]
    of_rate = np.array([ways.rate_score(rates, gap) for gap in gaps])
    of_own = np.array([ways.own_basket_score(rates, each) for each in own])
    error = (1 - correlation**2) / sqrt(len(KEYS))
    assert abs(np.corrcoef(of_rate, of_own)[0, 1] - correlation) < 4 * error
    for scores in (of_rate, of_own):  # neither loses its own distribution
        assert stats.kstest(scores, "norm").pvalue > 1e-3
    alone = lowered(form, 0.0)
    apart = [ways.draw_own_basket(alone, key, 17, gap) for key, gap in zip(KEYS, gaps, strict=True)]
    of_apart = np.array([ways.own_basket_score(alone, each) for each in apart])
    assert abs(np.corrcoef(of_rate, of_apart)[0, 1]) < 4 / sqrt(len(KEYS))


def test_readiness_to_redeem_goes_together_with_what_it_is_said_to() -> None:
    numbers = np.zeros(17)
    numbers[b.REDEEM_SPREAD], numbers[b.REDEEM_CORRELATION] = 1.2, -0.5
    rates = lowered("lognormal", 0.0)
    scores = [ways.rate_score(rates, ways.draw_gap_mean(0.1, rates[b.RATE_SHAPE], key, 3)) for key in KEYS]
    logits = [
        ways.draw_redeem_intercept(numbers, key, score) for key, score in zip(KEYS, scores, strict=True)
    ]
    assert abs(np.corrcoef(scores, logits)[0, 1] + 0.5) < 4 * 0.75 / sqrt(len(KEYS))
    assert abs(np.std(logits) - 1.2) < 4 * 1.2 / sqrt(2 * len(KEYS))


# ---- items


def test_items_split_the_amount_exactly() -> None:
    shop = program(points(), [earn(items=NO_DRINKS)], item_fields=(CATEGORY,))
    counts = ItemCounts((1, 2, 5), (decimal("0.6"), decimal("0.3"), decimal("0.1")), NOWHERE)
    plain = segment(monthly("5"), draws=DRAWS)
    people = population(attrs.evolve(plain, items=counts), members=400)
    recorded = record_lives(shop, people, sample=400, months=4)
    history = recorded.history
    numbers = np.diff(history.item_starts)
    observed = [int((numbers == each).sum()) for each in counts.counts]
    assert sum(observed) == len(numbers)
    shares = np.array([float(each) for each in counts.shares])
    assert stats.chisquare(observed, shares * len(numbers)).pvalue > 1e-3
    sums = np.add.reduceat(history.item_price, history.item_starts[:-1])
    assert np.array_equal(sums, history.basket)
    assert history.item_price.min() >= 1
    first = history.item_fields[history.item_starts[:-1], 0]
    alone = record_history(shop, population(plain, members=400), sample=400, months=4)
    assert np.array_equal(alone.basket, history.basket)  # items move no luck
    assert np.array_equal(alone.item_fields[:, 0], first)
    chosen = np.bincount(history.item_fields[:, 0], minlength=3)
    assert stats.chisquare(chosen, np.array([0.3, 0.5, 0.2]) * chosen.sum()).pvalue > 1e-3
    second = history.item_fields[history.item_starts[:-1][numbers > 1] + 1, 0]
    assert 0.2 < (second == first[numbers > 1]).mean() < 0.55
    # and the reference pays for the same items
    starts = simulate_population(shop, people, sample=400, months=4, tail=0).month_starts.tolist()
    lives = live_again(shop, recorded, starts, [])
    result = simulate_population(shop, people, sample=400, months=4, tail=0)
    assert by_month(lives, starts, 0, PostingKind.EARNED) == result.issued[0].sum(axis=0).tolist()


def test_a_cent_is_one_item() -> None:
    shop = program(points(), [earn(items=NO_DRINKS)], item_fields=(CATEGORY,))
    small = attrs.evolve(
        segment(monthly("5"), draws=DRAWS, median=2, sigma="0.9"),
        items=ItemCounts((7,), (Fraction(1),), NOWHERE),
    )
    history = record_history(shop, population(small, members=50), sample=50, months=4)
    assert np.array_equal(np.diff(history.item_starts), np.minimum(history.basket, 7))
    assert np.array_equal(np.add.reduceat(history.item_price, history.item_starts[:-1]), history.basket)


# ---- who is who


def test_first_members_joiners_and_friends_have_shares_of_their_own() -> None:
    loyal = attrs.evolve(
        segment(monthly("2"), share="0.9"), joining=decimal("0.4"), referred=decimal("0.3"),
        refer=decimal("0.05"),
    )  # fmt: skip
    new = attrs.evolve(
        segment(monthly("2"), name="new", share="0.1"), joining=decimal("0.6"), referred=decimal("0.7"),
        refer=decimal("0.05"),
    )  # fmt: skip
    people = population(loyal, new, members=5000, joins=1000)
    result = simulate_population(PLAIN, people, sample=17_000, months=12, tail=0)
    assert result.weight == 1
    friends = result.friends_joined
    others = result.joined - friends
    first = others[1, 0] - 600  # 1,000 of January join beside the first 5,000
    assert abs(first / 5000 - 0.1) < 4 * sqrt(0.1 * 0.9 * 5000 + 0.24 * 1000) / 5000
    joined = others[:, 1:].sum(axis=1)
    assert joined.sum() == 11_000
    assert abs(joined[1] / 11_000 - 0.6) < 4 * sqrt(0.24 / 11_000)
    assert friends.sum() > 5000
    assert abs(friends[1].sum() / friends.sum() - 0.7) < 4 * sqrt(0.21 / friends.sum())


# ---- parts of a balance

POINTS_AS_MONEY = """
program shop "Shop" {{
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date
    item {{ category one of drink, food }}
    currency points {{ round  down per rule
                      expire 24 months after earning
                      worth  $0.01
                      cost   $0.01 }}
    earn base {{ on    purchase
                give  10 points per $1 }}
    earn drinks {{ on    purchase
                  for   items where category is drink
                  give  5 points per $1 }}
    reward cash_off {{ price 100 points per $1 off }}
}}
population people {{
    start  300 members
    join   20 members per month season march 2
    segment all 80% joining 40% {{
        purchases   3 per month spread 0.6
        regularity  2
        season      february 1.5
        weekday     sunday 0.5
        leave       3% per purchase or join spread 0.9
        basket      median $40 sigma 0.6 within 60% correlation 0.3 with purchases
        items       1 50%, 3 50%
        category    drink 50%, food 50%
        redeem      60% when a reward is affordable spread 0.7 correlation 0.4 with basket {share}
    }}
    segment others 20% joining 60% {{
        purchases   3 per month spread 0.6
        basket      gamma p 6.25 q 3.74 scale $15.44 correlation -0.3 with purchases
        category    drink 50%, food 50%
        redeem      60% when a reward is affordable {share}
    }}
}}
"""


def test_members_use_their_own_share_of_what_they_could(book_of: Callable[[str], Book]) -> None:
    whole, half, spread = (
        book_of(POINTS_AS_MONEY.format(share=share)) for share in ("", "share 50%", "share 50% spread 0.4")
    )
    (shop,), (people,) = whole.programs, whole.populations
    assert record_history(shop, people, sample=400, months=6).quantity.max() == 0
    redeemed = [
        simulate_population(shop, book.populations[0], sample=4000, months=6, tail=0).redeemed.sum()
        for book in (whole, half, spread)
    ]
    assert redeemed[1] < redeemed[0] * 0.97
    assert abs(redeemed[2] / redeemed[1] - 1) < 0.1
    # the first time, half of what could be used is, rounded down
    history = record_history(shop, half.populations[0], sample=400, months=6)
    taken = np.flatnonzero(history.reward >= 0)
    assert history.quantity[taken].min() >= 1
    recorded = record_lives(shop, half.populations[0], sample=400, months=6)
    lives = live_again(shop, recorded, [recorded.history.day.min(), recorded.history.last_day + 1], [])
    assert not any(life.refusals for life in lives)


@pytest.mark.parametrize("share", ["", "share 50% spread 0.4"])
def test_everything_at_once_is_the_same_for_any_split_and_on_the_reference(
    book_of: Callable[[str], Book], share: str
) -> None:
    book = book_of(POINTS_AS_MONEY.format(share=share))
    (shop,), (people,) = book.programs, book.populations
    one, other = (
        simulate_population(shop, people, sample=500, months=6, tail=0, threads=threads, shards=shards)
        for threads, shards in ((1, 1), (2, 7))
    )
    for field in attrs.fields(type(one)):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            assert left.tolist() == right.tolist(), field.name
    assert (one.ultimate, one.squares) == (other.ultimate, other.squares)
    recorded = record_lives(shop, people, sample=500, months=6)
    starts = one.month_starts.tolist()
    lives = live_again(shop, recorded, starts, [])
    for kind, figures in ((PostingKind.EARNED, one.issued), (PostingKind.REDEEMED, one.redeemed)):
        assert by_month(lives, starts, 0, kind) == figures[0].sum(axis=0).tolist()
