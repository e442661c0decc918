"""Worlds that the product's models do not have: customers made here, with the truth of what they redeem.

Nothing of the simulator is used: purchases are drawn day by day from intensities that no population can say,
baskets and redemptions likewise, and a small ledger of lots, first in first out, says what was affordable and
what became of every point. The rules are then applied by the real kernel (`history_of`), whose totals have to
be those of this ledger.

Invariant: a world is a function of its number alone; what happens after the valuation is drawn with the
rest, and is never shown to an estimator. Run-off and going concern are the same members with the same luck.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import add_months, day_of, day_of_month, month_index
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.types import PURCHASE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_WORLD = 20_270_500
"""World i is drawn from the seed FIRST_WORLD + i, written down before any result was seen."""

START = day_of(date(2025, 1, 1))
SEEN_MONTHS = 24
VALUED = add_months(START, SEEN_MONTHS) - 1
"""The day at whose end the ledger is valued."""
MONTH = 30.4375
FIRST_MEMBERS, JOINERS = 1_200, 40
"""Members on the first day, and those who join in each month seen."""


@attrs.frozen
class Rules:
    """A program of one reward, as the ledger here reads it; money in dollars and whole points.

    Attributes:
        life: days after which a lot is gone.
        chosen: whether members choose the reward, once at a purchase; else it is used as often as it can be.
    """

    name: str
    price: int
    life: int
    chosen: bool

    @property
    def text(self) -> str:
        """The rule file."""
        issue = "" if self.chosen else "        issue  automatically at checkout\n"
        return f"""\
program {self.name} "{self.name}" {{
    money     USD
    timezone  "UTC"
    starts    2025-01-01 by purchase date

    currency points "Points" {{
        round   down per rule
        expire  {self.life} days after earning
        cost    $0.01 assumed
    }}

    earn base {{
        on    purchase
        give  1 point per whole $1 of basket
    }}

    reward off {{
        price  {self.price} points
        give   ${self.price // 100} off in full
{issue}    }}
}}
"""


YEAR = Rules("year", 100, 365, chosen=True)
HALF_YEAR = Rules("half_year", 100, 180, chosen=True)
AUTOMATIC = Rules("automatic", 200, 180, chosen=False)


@attrs.define(eq=False)
class Customers:
    """Members before a world bends them. A world changes what it is about, and nothing else.

    Attributes:
        joined: [members] day from the start; ends: [members] day from which a member buys no more.
        rate: [members] purchases a day; calendar: [days] what all rates are multiplied by.
        own: [members, days] of each member and day, or `None`.
        shape: of gamma gaps, where purchases do not come at random; `None` where they do.
        spend: [members] median basket; sigma: of the logs of baskets around it; tail: draws instead of a
            lognormal, given how many.
        chance: [members] that an affordable reward is taken; chance_by_day: [days] multiplies the odds.
        target: [members] of the price, the balance below which a member does not redeem.
        stops: [members] day from which a member never redeems; rush: days before an expiry in which an
            affordable reward is surely taken.
    """

    rng: np.random.Generator
    joined: Ints
    ends: Floats
    rate: Floats
    calendar: Floats
    spend: Floats
    chance: Floats
    chance_by_day: Floats
    target: Floats
    stops: Floats
    sigma: float = 0.7
    rush: int = 0
    own: Floats | None = None
    shape: float | None = None
    tail: Callable[[int], Floats] | None = None

    @property
    def days(self) -> int:
        return len(self.calendar)

    @property
    def months(self) -> Floats:
        """[days] months since the start, with fractions."""
        return np.arange(self.days) / MONTH


Bend = Callable[[Customers], None]


@attrs.frozen
class World:
    """Attributes:
    kind: what its truth has that the models have not.
    """

    number: int
    kind: str
    rules: Rules
    bend: Bend

    @property
    def seed(self) -> int:
        return FIRST_WORLD + self.number


def customers_of(world: World) -> Customers:
    """Draws the members of a world and bends them."""
    rng = np.random.default_rng(world.seed)
    seen = VALUED - START + 1
    days = seen + world.rules.life + 1
    joiners = JOINERS * SEEN_MONTHS
    joined = np.concatenate((np.zeros(FIRST_MEMBERS, np.int64), np.sort(rng.integers(0, seen, joiners))))
    members = len(joined)
    hazard = rng.gamma(2.0, 0.02 / 2.0, members) / MONTH
    odds = np.exp(rng.normal(-0.4, 0.8, members))
    drawn = Customers(
        rng=rng,
        joined=joined,
        ends=joined + rng.exponential(1.0, members) / hazard,
        rate=rng.gamma(1.2, 2.2 / 1.2, members) / MONTH,
        calendar=np.ones(days),
        spend=28.0 * np.exp(rng.normal(0.0, 0.4, members)),
        chance=odds / (1 + odds),
        chance_by_day=np.ones(days),
        target=np.ones(members),
        stops=np.full(members, np.inf),
    )
    world.bend(drawn)
    return drawn


# ---- what the worlds are about


def _correlate(to: str, sign: float) -> Bend:
    """Chances of redeeming that rise, or fall, with what a member spends or how often it comes."""

    def bend(c: Customers) -> None:
        scores = np.log(getattr(c, to))
        z = (scores - scores.mean()) / scores.std()
        odds = np.exp(-0.4 + sign * 1.5 * z)
        c.chance = odds / (1 + odds)

    return bend


def _hoarders(c: Customers) -> None:
    c.target = c.rng.choice([1.0, 2.0, 5.0, 10.0], len(c.joined), p=[0.4, 0.3, 0.2, 0.1])


def _redeeming_drifts(monthly: float) -> Bend:
    def bend(c: Customers) -> None:
        c.chance_by_day = np.exp(monthly * (c.months - SEEN_MONTHS / 2))

    return bend


def _some_stop(c: Customers) -> None:
    stop = c.rng.random(len(c.joined)) < 0.4
    c.stops[stop] = c.rng.uniform(0, c.days, stop.sum())


def _in_december(c: Customers) -> None:
    c.chance_by_day = np.where(_month_of(c) == 12, 8.0, 0.15)


def _before_expiry(c: Customers) -> None:
    c.chance = c.chance * 0.15
    c.rush = 45


def _from(month: float, until: float, times: float) -> Bend:
    """Purchases of all in some months, times so much."""

    def bend(c: Customers) -> None:
        c.calendar = np.where((c.months >= month) & (c.months < until), times, 1.0)

    return bend


def _rates_drift(monthly: float) -> Bend:
    def bend(c: Customers) -> None:
        c.calendar = np.exp(monthly * c.months)

    return bend


def _mixed(c: Customers) -> None:
    kinds = c.rng.choice([8.0, 1.5, 0.15], len(c.joined), p=[0.15, 0.45, 0.4])
    c.rate = kinds / MONTH
    c.ends = np.where(kinds > 5, c.ends + 2000, c.ends)


def _gaps(shape: float) -> Bend:
    def bend(c: Customers) -> None:
        c.shape = shape

    return bend


def _season(c: Customers) -> None:
    by_month = np.array([0, 0.6, 0.6, 0.8, 0.9, 1.0, 0.7, 0.5, 0.5, 0.9, 1.1, 1.8, 3.0])
    c.calendar = by_month[_month_of(c)]


def _month_of(c: Customers) -> Ints:
    return np.array([month_index(START + day) % 12 + 1 for day in range(c.days)])


def _heavy_tail(c: Customers) -> None:
    c.tail = lambda count: 0.45 * (1 + c.rng.pareto(1.8, count))


def _spend_with_rate(c: Customers) -> None:
    z = np.log(c.rate / c.rate.mean())
    c.spend = 28.0 * np.exp(0.5 * (z - z.mean()) / z.std())


def _growing(c: Customers) -> None:
    late = c.joined > 0
    u = c.rng.random(late.sum())
    seen = VALUED - START
    c.ends -= c.joined
    c.joined[late] = np.sort((np.log1p(u * np.expm1(0.10 * SEEN_MONTHS)) / 0.10 * MONTH).astype(int) % seen)
    first = np.flatnonzero(~late)[: FIRST_MEMBERS * 3 // 4]
    c.joined[first] = np.sort(c.rng.choice(c.joined[late], len(first)))
    c.ends += c.joined


def _closed(c: Customers) -> None:
    c.ends -= c.joined
    c.joined %= 180
    c.ends += c.joined


def _worse_cohorts(c: Customers) -> None:
    later = c.joined / (VALUED - START)
    c.rate = c.rate * np.exp(-1.2 * later)
    c.ends = c.joined + (c.ends - c.joined) * np.exp(-1.5 * later)


def _come_back(c: Customers) -> None:
    months = -(-c.days // 30)
    on = np.zeros((len(c.joined), months), bool)
    on[:, 0] = True
    for month in range(1, months):
        u = c.rng.random(len(c.joined))
        on[:, month] = np.where(on[:, month - 1], u > 0.2, u < 0.1)
    c.own = np.repeat(on, 30, axis=1)[:, : c.days] * 1.6
    c.ends = c.ends + 1500


def _a_rival_opens(c: Customers) -> None:
    seen = VALUED - START + 1
    goes = c.rng.random(len(c.joined)) < 0.25
    c.ends[goes] = np.minimum(c.ends[goes], seen + c.rng.uniform(0, 60, goes.sum()))


def _all_at_once(c: Customers) -> None:
    _correlate("spend", 1.0)(c)
    _season(c)
    c.calendar = (
        c.calendar * np.where((c.months >= 12) & (c.months < 18), 0.7, 1.0) * np.exp(-0.01 * c.months)
    )
    _some_stop(c)


KINDS: tuple[tuple[str, Bend, bool], ...] = (
    ("who spends more redeems more", _correlate("spend", 1.0), True),
    ("who comes more redeems less", _correlate("rate", -1.0), True),
    ("some save up to ten rewards", _hoarders, True),
    ("redeeming grows by 4% a month", _redeeming_drifts(0.04), True),
    ("redeeming fades by 4% a month", _redeeming_drifts(-0.04), True),
    ("two in five stop redeeming one day", _some_stop, True),
    ("redeeming is for December", _in_december, True),
    ("a rush before points expire", _before_expiry, True),
    ("a bad second year: 40% fewer purchases", _from(12, 24, 0.6), False),
    ("a bad half year, over by the valuation", _from(15, 21, 0.5), False),
    ("a bad year after the valuation: 40% fewer", _from(24, 99, 0.6), False),
    ("a good year after the valuation: 30% more", _from(24, 99, 1.3), False),
    ("all buy 3% less each month", _rates_drift(-0.03), False),
    ("all buy 2% more each month", _rates_drift(0.02), False),
    ("weekly, monthly and yearly buyers mixed", _mixed, False),
    ("buyers like clockwork", _gaps(6.0), False),
    ("purchases in bursts", _gaps(0.4), False),
    ("December three times a usual month", _season, False),
    ("baskets of a heavy tail, no variance", _heavy_tail, False),
    ("who comes more spends more", _spend_with_rate, False),
    ("joiners grow by 10% a month", _growing, False),
    ("nobody joins after half a year", _closed, False),
    ("each cohort is worse than the last", _worse_cohorts, False),
    ("members sleep for months and come back", _come_back, False),
    ("after the valuation a rival takes a quarter", _a_rival_opens, False),
)
"""What a world is about, and whether that is how members choose rewards."""

WORLDS = tuple(
    World(2 * i + half, kind, (YEAR, HALF_YEAR if redeeming else AUTOMATIC)[half], bend)
    for i, (kind, bend, redeeming) in enumerate(KINDS)
    for half in (0, 1)
)
"""Fifty: each kind where points live a year and members choose, and once more where they live for 180 days,
with a reward that comes by itself unless the world is about choosing."""

CONTROL = World(900, "control: gamma rates, own chances of redeeming", YEAR, lambda c: None)
"""A world that the models do have."""
EVERYTHING = World(901, "several of these at once", YEAR, _all_at_once)


# ---- purchases and the ledger


@attrs.frozen(eq=False)
class Lived:
    """What happened in a world, to the end of the last lot issued by the valuation.

    Attributes:
        member, day, basket: [purchases], by member and then by day; baskets in cents, days absolute.
        uses: [purchases] how often the reward was used.
        issued, redeemed, expired: points in all, to the valuation.
        later: points issued by the valuation and redeemed after it, as earning goes on.
        run_off: the same where earning stops with the valuation.
    """

    world: World
    member: Ints
    day: Ints
    basket: Ints
    uses: Ints
    issued: int
    redeemed: int
    expired: int
    later: int
    run_off: int


def live(world: World) -> Lived:
    """Draws a world and lives it twice: as it goes on, and with earning that stops."""
    customers = customers_of(world)
    member, day = _purchases(customers)
    if customers.tail is None:
        drawn = np.exp(customers.rng.normal(0.0, customers.sigma, len(day)))
    else:
        drawn = customers.tail(len(day))
    basket = np.maximum(1, (100 * customers.spend[member] * drawn).astype(np.int64))
    luck = customers.rng.random(len(day))
    uses, sums, later = _ledger(world.rules, customers, member, day, basket, luck, stops=None)
    seen = VALUED - START
    _, _, run_off = _ledger(world.rules, customers, member, day, basket, luck, stops=seen)
    return Lived(world, member, START + day, basket, uses, *sums, later, run_off)


def _purchases(c: Customers) -> tuple[Ints, Ints]:
    """Member and day of each purchase; one at most on a day."""
    days = np.arange(c.days)
    if c.shape is None:
        intensity = c.rate[:, None] * c.calendar[None, :]
        if c.own is not None:
            intensity = intensity * c.own
        there = (days >= c.joined[:, None]) & (days < c.ends[:, None])
        came = there & (c.rng.random(intensity.shape) < -np.expm1(-intensity))
        came[np.arange(len(c.joined)), c.joined] = True  # nobody is known before the first purchase
        member, day = np.nonzero(came)
        return member, day
    most = 400
    gaps = c.rng.gamma(c.shape, 1 / (c.shape * c.rate[:, None]), (len(c.joined), most))
    gaps[:, 0] = 0.0
    times = c.joined[:, None] + np.cumsum(gaps, axis=1)
    member, _ = np.nonzero((times < c.days) & (times < c.ends[:, None]) | (gaps == 0.0))
    when = times[(times < c.days) & (times < c.ends[:, None]) | (gaps == 0.0)].astype(np.int64)
    pairs = np.unique(np.stack((member, when)), axis=1)
    return pairs[0], pairs[1]


def _ledger(  # noqa: PLR0917
    rules: Rules,
    c: Customers,
    member: Ints,
    day: Ints,
    basket: Ints,
    luck: Floats,
    *,
    stops: int | None,
) -> tuple[Ints, tuple[int, int, int], int]:
    """Uses at each purchase; issued, redeemed and expired to the valuation; and what of that issue is
    redeemed later.

    Args:
        stops: the last day on which purchases earn; `None` for all.
    """
    seen, price, life = VALUED - START, rules.price, rules.life
    uses = np.zeros(len(day), np.int64)
    issued = redeemed = expired = later = 0
    at, lots, head, balance = -1, list[list[int]](), 0, 0
    odds = (c.chance / (1 - c.chance)).tolist()
    by_day, target, ends = c.chance_by_day.tolist(), c.target.tolist(), c.stops.tolist()
    rows = zip(member.tolist(), day.tolist(), (basket // 100).tolist(), luck.tolist(), strict=True)
    for i, (who, now, dollars, u) in enumerate(rows):
        if who != at:
            expired += _expires_by(lots, head, seen, life)
            at, lots, head, balance = who, [], 0, 0
        while head < len(lots) and lots[head][0] + life <= now:
            balance -= lots[head][1]
            if lots[head][0] + life <= seen:
                expired += lots[head][1]
            head += 1
        use = 0
        if balance >= price:
            if rules.chosen:
                its = odds[who] * by_day[now]
                wants = u < its / (1 + its) and balance >= price * target[who]
                rushed = c.rush > 0 and lots[head][0] + life - now <= c.rush and u < 0.6
                use = int(now < ends[who] and (wants or rushed))
            else:
                use = balance // price
        if use:
            uses[i] = use
            left = use * price
            balance -= left
            while left:
                taken = min(left, lots[head][1])
                lots[head][1] -= taken
                left -= taken
                if now <= seen:
                    redeemed += taken
                elif lots[head][0] <= seen:
                    later += taken
                if lots[head][1] == 0:
                    head += 1
        if dollars and (stops is None or now <= stops):
            lots.append([now, dollars])
            balance += dollars
            if now <= seen:
                issued += dollars
    expired += _expires_by(lots, head, seen, life)
    return uses, (issued, redeemed, expired), later


def _expires_by(lots: list[list[int]], head: int, seen: int, life: int) -> int:
    """What is left in lots that are gone by the valuation."""
    return sum(units for born, units in lots[head:] if born + life <= seen)


def history_of(lived: Lived, until: int = VALUED) -> History:
    """The events to the end of a day, as a replay reads them."""
    shown = lived.day <= until
    names, place = np.unique(lived.member[shown], return_inverse=True)
    day = lived.day[shown]
    uses = lived.uses[shown] * lived.world.rules.chosen
    count = len(day)
    return History(
        members=[str(name) for name in names.tolist()],
        starts=np.searchsorted(place, np.arange(len(names) + 1)).astype(np.int64),
        ids=[str(i) for i in range(count)],
        rows=np.arange(1, count + 1),
        day=day,
        minute=np.full(count, 720),
        kind=np.full(count, PURCHASE),
        basket=lived.basket[shown],
        fields=np.zeros((count, 0), np.int64),
        item_starts=np.zeros(count + 1, np.int64),
        item_price=np.zeros(0, np.int64),
        item_fields=np.zeros((0, 0), np.int64),
        reward=np.where(uses > 0, 0, -1),
        quantity=uses,
        last_day=until,
    )


assert day_of_month(VALUED + 1) == 1
