"""What rewards took off a purchase, and what that leaves of each item (AMT-2 to AMT-5).

Invariants: what is left of an item is never negative and never more than its price; what is left of the items
adds up to the amount. A percentage and a free item take from the prices of their items; a sum of money takes
from the whole, and is spread over what those have left only when an item has to be looked at by itself.
"""

import attrs

from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.language.conditions import Condition


def spread_over_items(off: int, prices: list[int]) -> list[int]:
    """The part of the money off that each item bears (AMT-3).

    Args:
        off: minor units that rewards took off the purchase; what exceeds the basket is borne by nobody.
        prices: minor units, in the order of the items.

    Returns:
        One part an item, none more than its price, adding up to the smaller of `off` and the basket.
    """
    basket = sum(prices)
    if basket == 0:
        return [0] * len(prices)
    off = min(off, basket)
    parts, seen, borne = [], 0, 0
    for price in prices:
        seen += price
        so_far = off * seen // basket
        parts.append(so_far - borne)
        borne = so_far
    return parts


@attrs.frozen
class Line:
    """An item at the checkout.

    Attributes:
        price: before rewards, in minor units.
        left: what percentages and free items have left of it.
        fields: values of its fields; `None` for a purchase without items, which is one line of the whole.
        free: whether a free item made it so.
    """

    price: int
    left: int
    fields: tuple[int, ...] | None
    free: bool = False


@attrs.frozen
class Seen:
    """What a rule with an item filter, or without one, sees of an event (AMT-4).

    Attributes:
        basket, amount: minor units, before rewards and after them.
        positions: the items that it sees, by their places in the event.
        paid_for: how many of them are not free.
        passing: whether there is anything to see: an item passes, or nothing filters.
    """

    basket: int
    amount: int
    positions: tuple[int, ...]
    paid_for: int
    passing: bool


@attrs.frozen
class Checkout:
    """An event's basket and what rewards have taken off so far.

    Attributes:
        lines: its items or, for a purchase without items, one line of the whole; empty for any other event.
        money_off: minor units that sums of money took off the whole, even beyond it.
    """

    basket: int
    lines: tuple[Line, ...]
    money_off: int = 0

    @property
    def amount(self) -> int:
        """What is left to pay (AMT-2)."""
        direct = sum(line.price - line.left for line in self.lines)
        return max(0, self.basket - direct - self.money_off)

    def left_of_lines(self) -> list[int]:
        """What is left of each line when the money off is spread over them (AMT-5)."""
        remaining = [line.left for line in self.lines]
        parts = spread_over_items(self.money_off, remaining)
        return [left - part for left, part in zip(remaining, parts, strict=True)]

    def seen_by(self, items: Condition | None, facts: Facts) -> Seen:
        """What is seen through an item filter; all of the event without one.

        Args:
            facts: of the event; the filter may read more than the item.
        """
        real = [place for place, line in enumerate(self.lines) if line.fields is not None]
        if items is None:
            paid_for = sum(not self.lines[place].free for place in real)
            return Seen(self.basket, self.amount, tuple(real), paid_for, passing=True)
        places = [place for place in real if self.passes(place, items, facts)]
        left = self.left_of_lines()
        return Seen(
            basket=sum(self.lines[place].price for place in places),
            amount=sum(left[place] for place in places),
            positions=tuple(places),
            paid_for=sum(not self.lines[place].free for place in places),
            passing=bool(places),
        )

    def passes(self, place: int, items: Condition | None, facts: Facts) -> bool:
        """Whether a line passes an item filter; that of a purchase without items passes none (AMT-4)."""
        fields = self.lines[place].fields
        return items is None if fields is None else holds(items, facts, fields)

    def take_from_whole(self, minor: int) -> "Checkout":
        """After a sum of money off."""
        return attrs.evolve(self, money_off=self.money_off + minor)

    def take_share(self, minor: int, places: list[int]) -> "Checkout":
        """After a percentage off these lines, which is spread over what they have left (AMT-5)."""
        parts = dict(
            zip(places, spread_over_items(minor, [self.lines[place].left for place in places]), strict=True)
        )
        lines = tuple(
            attrs.evolve(line, left=line.left - parts.get(place, 0)) for place, line in enumerate(self.lines)
        )
        return attrs.evolve(self, lines=lines)

    def make_free(self, place: int, minor: int) -> "Checkout":
        """After a line is made free, up to so much of it."""
        line = self.lines[place]
        freed = attrs.evolve(line, left=line.left - minor, free=True)
        return attrs.evolve(self, lines=(*self.lines[:place], freed, *self.lines[place + 1 :]))


def checkout_of(event: Event, purchase: bool) -> Checkout:
    """An event before its rewards.

    Args:
        purchase: whether it is a purchase, the only kind that has items (EVENT-3).
    """
    if not purchase:
        return Checkout(event.basket, ())
    if not event.items:
        return Checkout(event.basket, (Line(event.basket, event.basket, None),))
    return Checkout(event.basket, tuple(Line(item.price, item.price, item.fields) for item in event.items))
