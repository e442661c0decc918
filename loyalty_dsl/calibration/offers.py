"""Purchases at which members could have taken a reward, and whether they did.

Invariant: an offer is a purchase at which the balance, as the program keeps it, would have paid for a reward
that members choose; offers that a limit, a condition or a minimum may have closed are not looked at.
"""

from collections import defaultdict
from heapq import heapify, heappop, heappush

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import MoneyOff, Taking
from loyalty_dsl.language.types import PURCHASE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTH_DAYS = 365.25 / 12
FEWEST = 30
"""Redemptions that are fitted from."""


@attrs.frozen(eq=False)
class Offers:
    """Purchases at which a reward could be paid for.

    Attributes:
        member: [offers] whose each is.
        taken: [offers] whether it was taken.
        worth: [offers] of what a use takes off, over the basket.
        before: [offers] months before the end of calibration.
    """

    member: Ints
    taken: NDArray[np.bool_]
    worth: Floats
    before: Floats


_CHOSEN = (Taking.CHOSEN, Taking.EXCHANGED)


def chosen_plainly(program: Program) -> tuple[Reward, ...]:
    """The rewards that members choose, where each has one price, is money off and asks for nothing else."""
    chosen = tuple(reward for reward in program.rewards if reward.taking in _CHOSEN)
    plain = all(
        len(reward.cases) == 1
        and reward.cases[0].when is None
        and not reward.cases[0].whole_balance
        and isinstance(reward.cases[0].face, MoneyOff)
        and reward.currency == chosen[0].currency
        and reward.when is None
        and not (reward.dates or reward.limits or reward.minimum_basket or reward.minimum_balance)
        for reward in chosen
    )
    return chosen if plain else ()


def offers_of(program: Program, history: History, until: int) -> Offers | None:
    """Replays a history and gathers the offers up to a day; `None` where nothing was redeemed, or the rewards
    are not such that the balance alone says what could be had."""
    rewards = chosen_plainly(program)
    redeemed = (history.reward >= 0) & (history.day <= until)
    if not rewards or int(redeemed.sum()) < FEWEST:
        return None
    postings = replay(program, history, with_postings=True).postings
    assert postings is not None
    currency, price = rewards[0].currency, min(reward.cases[0].price for reward in rewards)
    member, taken, worth, days_before = [], [], [], []
    for m, its in enumerate(postings):
        by_event: dict[str, list[tuple[int, int]]] = defaultdict(list)
        ahead: list[tuple[int, int]] = []  # a heap, by the day from which they count
        for event, day, kind, _, of, available, _, units in its:
            if of == currency:
                gained = units if kind in ("opening", "earned") else -units
                from_day = max(day, available) if gained > 0 else day
                (by_event[event] if event else ahead).append((from_day, gained))
        heapify(ahead)
        balance = 0
        for i in range(int(history.starts[m]), int(history.starts[m + 1])):
            today = int(history.day[i])
            while ahead and ahead[0][0] <= today:
                balance += heappop(ahead)[1]
            basket = int(history.basket[i])
            if history.kind[i] == PURCHASE and today <= until and balance >= price and basket > 0:
                member.append(m)
                taken.append(int(history.reward[i]) >= 0)
                worth.append(_worth(rewards, balance, basket) / basket)
                days_before.append(until - today)
            for posted in by_event.pop(str(history.ids[i]), ()):
                heappush(ahead, posted)
    if sum(taken) < FEWEST:
        return None
    before = np.array(days_before) / MONTH_DAYS
    return Offers(np.array(member), np.array(taken), np.array(worth, np.float64), before)


def _worth(rewards: tuple[Reward, ...], balance: int, basket: int) -> int:
    """What the first reward that can be paid for takes off; points that are paid like money, all they can."""
    for reward in rewards:
        case = reward.cases[0]
        assert isinstance(case.face, MoneyOff)
        if balance >= case.price:
            uses = balance // case.price if reward.as_much and case.price else 1
            return max(case.face.minor, min(case.face.minor * uses, basket))
    return 1


def told_of_redemptions(
    program: Program, history: History, until: int, offers: Offers | None
) -> tuple[str, ...]:
    """What a reader should know of redemptions that were not fitted to."""
    redeemed = int(((history.reward >= 0) & (history.day <= until)).sum())
    if not redeemed:
        return ()
    if not chosen_plainly(program):
        return ("How members redeem is assumed: what the rewards ask for is more than a balance.",)
    if redeemed < FEWEST:
        told = f"{redeemed:,} redemptions are too few to fit it, which takes {FEWEST}"
        return (f"How members redeem is assumed: {told}.",)
    used = 0 if offers is None else int(offers.taken.sum())
    if used == redeemed:
        return ()
    told = (
        f"{redeemed - used:,} of {redeemed:,} redemptions are not at a purchase before which the balance "
        "would have paid for a reward"
    )
    if offers is None:
        return (f"How members redeem is assumed: {told}.",)
    return (f"{told[0].upper()}{told[1:]}, and are left out of how members redeem.",)
