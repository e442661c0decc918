"""Rows that send something to another member: their recipient, and which transfers they may name.

Invariant: only a `transfer` row has a recipient, and only such a row names a transfer that has one.
"""

from collections.abc import Iterable
from typing import Protocol

import polars as pl

from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.transactions.schema import KIND, QUANTITY, RECIPIENT, REWARD, TRANSFER, Schema

TO_NOBODY = "sends to another member: the row is a `transfer`, and has a `recipient`"


class Reading(Protocol):
    """The expressions of one file, as `rows` gathers them."""

    schema: Schema
    types: dict[str, pl.DataType]
    values: dict[str, pl.Expr]

    def hold(self, parsed: pl.Expr) -> pl.Expr: ...
    def blank(self, column: str) -> pl.Expr: ...
    def require(self, column: str, rows: pl.Expr) -> None: ...
    def refuse(self, column: str, reason: str, rows: pl.Expr, known: Iterable[str] = ()) -> None: ...


def refuse_other_sides(reading: Reading, reward: pl.Expr, asking: pl.Expr) -> None:
    """Refuses rows that name a transfer without a recipient, or a recipient of no transfer.

    Args:
        reward: the reward that each row names; asking: whether it asks for one.
    """
    rewards = reading.schema.program.rewards
    sent = [each.index for each in rewards if each.taking is Taking.SENT]
    if sent:
        sends, known = reading.values[KIND] == TRANSFER, reward.is_not_null()
        reading.refuse(REWARD, TO_NOBODY, ~sends & asking & reward.is_in(sent))
        reading.refuse(REWARD, "sends nothing to another member", sends & known & ~reward.is_in(sent))


def read_recipient(reading: Reading) -> None:
    """`recipient`, which only `transfer` rows have; these also have to say how much is sent."""
    if not reading.schema.sends:
        return
    sends, types = reading.values[KIND] == TRANSFER, reading.types
    for column in (RECIPIENT, QUANTITY):
        if column in types:
            reading.require(column, sends)
        else:
            reading.refuse(KIND, f"is `transfer` in a file without a column `{column}`", sends)
    if RECIPIENT in types:
        told = "is given on a row that is no `transfer`"
        reading.refuse(RECIPIENT, told, ~sends & ~reading.blank(RECIPIENT))
        reading.values[RECIPIENT] = reading.hold(id_in_words(RECIPIENT, types[RECIPIENT]))


def id_in_words(column: str, type_: pl.DataType) -> pl.Expr:
    """The id of another row as text, `null` where blank: a column of whole numbers with blanks among them is
    often kept as floats."""
    cell = pl.col(column)
    whole = cell.cast(pl.Int64, strict=False) if type_.is_float() else cell
    text = whole.cast(pl.String)
    return pl.when(text.str.strip_chars() != "").then(text)
