"""What a row says about another one: which purchase a return takes back, who brought a member, and to whom
something is sent.

Invariants: a return is of an earlier event of the same member, and all returns of an event together are of no
more than its basket; a member has at most one referrer, and nobody is their own, by whatever detour.

Worked case. Row 3 takes back the 4.00 that row 2 left of row 1; row 4 is refused, as nothing is left:

    row  member  purchase  kind      returns  amount
    1    ann     p1        purchase           10.00
    2    ann     r1        return    p1       6.00
    3    ann     r2        return    p1
    4    ann     r3        return    p1       1.00
"""

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import Ints
from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.rows import ALL_THAT_IS_LEFT
from loyalty_dsl.transactions.schema import (
    AMOUNT,
    KIND,
    MEMBER,
    PURCHASE,
    RECIPIENT,
    REFERRER,
    RETURNS,
    Schema,
)

MEMBER_CODE = "member_code"

UNKNOWN = "`returns` names no earlier purchase of the file"
OF_ANOTHER = "`returns` names a purchase of another member"
LATER = "`returns` names a later purchase"
NO_AMOUNT = "`returns` names a row that has no amount to return"
TOO_MUCH = "returns more than is left of the purchase"
NOTHING_LEFT = "returns a purchase of which nothing is left"

STRANGER = "`referrer` names nobody of whom a row of the file can be used"
ONESELF = "`referrer` names the member itself"
TOO_LATE = "names a `referrer` after the first row of the member"
SECOND = "names another `referrer` than the first row of the member"
NO_RECIPIENT = "`recipient` names nobody of whom a row of the file can be used"
ROUND = "`referrer` leads back to the member in a circle"

_NUMBER = "number"
_EVENT = "event"


@attrs.frozen(eq=False)
class Relations:
    """What the rows of a file have to do with each other.

    Attributes:
        basket: [events] minor units, of a return what it gives back.
        original: [events] the event that a return takes back; -1 for other events.
        referrers: [members] who brought each member; -1 for nobody.
        recipients: [events] the member to whom something is sent; -1 of other events.
        faults: rows that cannot be, and why; where there are any, the others are not to be used.
        bad: [rows] those of the events that have them.
    """

    basket: Ints
    original: Ints
    referrers: Ints
    recipients: Ints
    faults: tuple[tuple[int, str], ...]
    bad: NDArray[np.bool_]


def relations_of(schema: Schema, frame: pl.DataFrame, starts: Ints) -> Relations:
    """Finds the events and members that rows name.

    Args:
        schema: the columns of the program.
        frame: rows of events, grouped by member, in order.
        starts: [events] the first row of each event.
    """
    heads = frame if len(starts) == frame.height else frame[starts]
    prices = frame[AMOUNT].to_numpy()
    basket = np.add.reduceat(prices, starts) if len(starts) else np.zeros(0, np.int64)
    reasons: dict[int, str] = {}
    returns = _returns(schema, heads, basket, reasons) if RETURNS in frame.columns else None
    if returns is None:
        returns = basket, np.full(len(starts), -1)
    members = heads[MEMBER].filter(heads[MEMBER_CODE].is_first_distinct())
    referrers = np.full(len(members), -1)
    if REFERRER in frame.columns:
        referrers = _referrers(frame, starts, members, reasons)
    recipients = np.full(len(starts), -1)
    if RECIPIENT in frame.columns:
        recipients = _recipients(heads, members, reasons)
    if not reasons:
        return Relations(*returns, referrers, recipients, (), np.zeros(frame.height, np.bool_))
    of_event = np.zeros(len(starts), np.bool_)
    of_event[list(reasons)] = True
    widths = np.diff(np.append(starts, frame.height))
    event_of_row = np.repeat(np.arange(len(starts)), widths)
    bad = of_event[event_of_row]
    rows = frame[ROW].to_numpy()[bad].tolist()
    faults = zip(rows, (reasons[event] for event in event_of_row[bad].tolist()), strict=True)
    return Relations(*returns, referrers, recipients, tuple(faults), bad)


def _recipients(heads: pl.DataFrame, members: pl.Series, reasons: dict[int, str]) -> Ints:
    """To whom each event sends something; reasons are added for those that name nobody known."""
    recipients = np.full(heads.height, -1)
    number_of = {name: i for i, name in enumerate(members.cast(pl.String).to_list())}
    names = heads[RECIPIENT].to_list()
    for event in np.flatnonzero(heads[RECIPIENT].is_not_null().to_numpy()).tolist():
        recipient = number_of.get(names[event])
        if recipient is None:
            reasons.setdefault(event, NO_RECIPIENT)
        else:
            recipients[event] = recipient
    return recipients


def _returns(schema: Schema, heads: pl.DataFrame, basket: Ints, reasons: dict[int, str]) -> tuple[Ints, Ints]:
    """What each return gives back, and of which event; reasons are added for those that cannot be."""
    basket = basket.copy()
    original = np.full(heads.height, -1)
    numbered = heads.select(
        MEMBER_CODE, KIND, RETURNS, pl.col(PURCHASE).cast(pl.String), pl.int_range(pl.len()).alias(_EVENT)
    )
    known = numbered.select(MEMBER_CODE, pl.col(PURCHASE).alias(RETURNS), pl.col(_EVENT).alias(_NUMBER))
    asked = numbered.filter(pl.col(KIND) == RETURN)
    found = asked.join(known, on=[MEMBER_CODE, RETURNS], how="left", maintain_order="left")
    ids = set(known[RETURNS].to_list()) if found[_NUMBER].null_count() else set()
    kinds, returnable = heads[KIND].to_list(), set(schema.returnable())
    left: dict[int, int] = {}
    for event, number, name in zip(
        found[_EVENT].to_list(), found[_NUMBER].to_list(), found[RETURNS].to_list(), strict=True
    ):
        if number is None:
            reasons[event] = OF_ANOTHER if name in ids else UNKNOWN
        elif number >= event:
            reasons[event] = LATER if number > event else UNKNOWN
        elif kinds[number] not in returnable:
            reasons[event] = NO_AMOUNT
        else:
            rest = left.get(number, int(basket[number]))
            wanted = rest if basket[event] == ALL_THAT_IS_LEFT else int(basket[event])
            if number in left and not rest:
                reasons[event] = NOTHING_LEFT
            elif wanted > rest:
                reasons[event] = TOO_MUCH
            else:
                left[number] = rest - wanted
                basket[event], original[event] = wanted, number
    return basket, original


def _referrers(frame: pl.DataFrame, starts: Ints, members: pl.Series, reasons: dict[int, str]) -> Ints:
    """Who brought each member; reasons are added for the events whose rows cannot be right."""
    referrers = np.full(len(members), -1)
    event_of_row = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, frame.height)))
    said = frame.select(MEMBER_CODE, REFERRER, pl.Series(_EVENT, event_of_row)).with_columns(
        pl.col(_EVENT).min().over(MEMBER_CODE).alias("first")
    )
    said = said.filter(pl.col(REFERRER).is_not_null())
    number_of = {name: i for i, name in enumerate(members.cast(pl.String).to_list())}
    codes: dict[int, int] = {}  # codes of members may have gaps where all rows of one are refused
    for code in frame[MEMBER_CODE].unique(maintain_order=True).to_list():
        codes[code] = len(codes)
    event_of: dict[int, list[int]] = {}
    for code, name, event, first in said.iter_rows():
        member, referrer = codes[code], number_of.get(name)
        if referrer is None:
            reasons[event] = STRANGER
        elif referrer == member:
            reasons[event] = ONESELF
        elif referrers[member] < 0 and event > first:
            reasons[event] = TOO_LATE
        elif referrers[member] not in (-1, referrer):
            reasons[event] = SECOND
        else:
            referrers[member] = referrer
            event_of.setdefault(member, []).append(event)
    for member in _in_circles(referrers):
        reasons |= dict.fromkeys(event_of[member], ROUND)
    return referrers


def _in_circles(referrers: Ints) -> list[int]:
    """The members whose referrer's referrer, and so on, is themselves."""
    circle = []
    seen = np.full(len(referrers), -1)
    for start in np.flatnonzero(referrers >= 0).tolist():
        at = start
        while at >= 0 and seen[at] < 0:
            seen[at] = start
            at = int(referrers[at])
        if at >= 0 and seen[at] == start:  # a circle that no earlier walk went through
            first = at
            while True:
                circle.append(at)
                at = int(referrers[at])
                if at == first:
                    break
    return circle
