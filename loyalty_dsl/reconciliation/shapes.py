"""The shapes of ledger that are understood: their columns, and what they call each kind of posting.

Invariant: a header fits one shape or none; names are compared without capitals, blanks and underscores, as
exports spell them differently. What a shape's own documentation leaves open is said in `docs/reconcile.md`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import attrs
import polars as pl

from loyalty_dsl.evaluation.ledger import PostingKind

Columns = dict[str, "pl.DataType | type[pl.DataType]"]
"""The columns of a frame and their types."""
ShapeName = Literal["voucherify", "talon_one", "plain"]

ADDED, SUBTRACTED = "added", "subtracted"
"""Kinds of a ledger that knows no more than whether points came or went."""
REFUNDED, BY_HAND_IN, BY_HAND_OUT = "refunded", "added by hand", "removed by hand"
"""Kinds that no posting of ours has."""
ADJUSTED = "adjusted"
"""Of a plain ledger: with the sign that it is written with, and no posting of ours has it."""

COMING = {
    PostingKind.OPENING: ADDED,
    PostingKind.EARNED: ADDED,
    PostingKind.RECEIVED: ADDED,
    PostingKind.REDEEMED: SUBTRACTED,
    PostingKind.REVERSED: SUBTRACTED,
    PostingKind.SENT: SUBTRACTED,
    PostingKind.EXPIRED: PostingKind.EXPIRED.value,
}
"""What our kinds are called where a ledger knows no more than that."""
KINDS = (
    *(kind.value for kind in PostingKind), ADDED, SUBTRACTED, REFUNDED, BY_HAND_IN, BY_HAND_OUT, ADJUSTED,
)  # fmt: skip
"""Every kind that a posting or a row may have."""
IN = frozenset({"opening", "earned", "received", ADDED, REFUNDED, BY_HAND_IN})
"""Kinds that bring points; all others but `ADJUSTED` take them."""


@attrs.frozen
class Shape:
    """A shape of ledger.

    Attributes:
        label: what people call it.
        columns: by our name of a column, what it may be called; the first is the name in the documentation.
        required: our names of those that must be there.
        kinds: what the file calls a kind, without capitals, to our word.
        kinds_are_coarse: it knows no more of a posting than whether points came or went.
        expires_by_date: it has no rows for expiries, but each addition has the day of its own.
    """

    name: ShapeName
    label: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    kinds: Mapping[str, str]
    kinds_are_coarse: bool = False
    expires_by_date: bool = False


MEMBER, TIME, CURRENCY, KIND = "member", "time", "currency", "kind"
AMOUNT, EVENT, BALANCE, ID = "amount", "event", "balance", "id"
STARTS, EXPIRES, RULE = "starts", "expires", "rule"

VOUCHERIFY = Shape(
    "voucherify",
    "Voucherify",
    {
        MEMBER: ("voucher_id", "voucher_code"),
        TIME: ("created_at",),
        CURRENCY: ("campaign_id",),
        KIND: ("type",),
        AMOUNT: ("amount",),
        EVENT: ("event",),
        BALANCE: ("balance",),
        ID: ("id",),
    },
    (MEMBER, TIME, KIND, AMOUNT),
    {
        "points_accrual": "earned",
        "points_redemption": "redeemed",
        "points_refund": REFUNDED,
        "points_addition": BY_HAND_IN,
        "points_removal": BY_HAND_OUT,
        "points_expiration": "expired",
        "points_transfer_in": "received",
        "points_transfer_out": "sent",
        "points_cancellation": "reversed",
    },
)
TALON_ONE = Shape(
    "talon_one",
    "Talon.One",
    {
        MEMBER: ("customerProfileId", "cardIdentifier"),
        TIME: ("created",),
        CURRENCY: ("subledgerId",),
        KIND: ("type",),
        AMOUNT: ("amount",),
        EVENT: ("customerSessionId",),
        ID: ("transactionUUID",),
        STARTS: ("startDate",),
        EXPIRES: ("expiryDate",),
        RULE: ("ruleName",),
    },
    (MEMBER, TIME, KIND, AMOUNT),
    {"addition": ADDED, "subtraction": SUBTRACTED},
    kinds_are_coarse=True,
    expires_by_date=True,
)
PLAIN = Shape(
    "plain",
    "plain",
    {
        MEMBER: ("member",),
        TIME: ("date", "time", "day"),
        CURRENCY: ("currency",),
        KIND: ("kind",),
        AMOUNT: ("points", "amount", "units"),
        EVENT: ("event",),
        BALANCE: ("balance",),
        ID: ("id",),
    },
    (MEMBER, TIME, KIND, AMOUNT),
    {**{kind.value: kind.value for kind in PostingKind}, ADJUSTED: ADJUSTED},
)
SHAPES = (VOUCHERIFY, TALON_ONE, PLAIN)
_FORMER = re.compile(r"[\s_\-.]+")


def shape_named(name: ShapeName) -> Shape:
    """The shape of this name."""
    return next(shape for shape in SHAPES if shape.name == name)


def shape_of(header: Sequence[str]) -> Shape | None:
    """The shape that a header is of: one whose required columns it has, the one with most columns there."""
    fitting = [shape for shape in SHAPES if not missing_in(shape, header)]
    return max(fitting, key=lambda shape: len(columns_in(shape, header)), default=None)


def columns_in(shape: Shape, header: Sequence[str]) -> dict[str, str]:
    """By our name, what the file calls each column of the shape that it has."""
    called = {_plainly(name): name for name in reversed(header)}
    found = {}
    for ours, names in shape.columns.items():
        its = next((called[_plainly(name)] for name in names if _plainly(name) in called), None)
        if its is not None:
            found[ours] = its
    return found


def missing_in(shape: Shape, header: Sequence[str]) -> list[str]:
    """The required columns that a header lacks, as the shape's documentation names them."""
    found = columns_in(shape, header)
    return [shape.columns[name][0] for name in shape.required if name not in found]


def _plainly(name: str) -> str:
    return _FORMER.sub("", name).lower()
