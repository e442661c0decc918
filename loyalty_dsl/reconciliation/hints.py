"""What differences have in common: the systematic cause that the data show, where they show one.

Invariant: a hint states only what was counted; without enough of a kind there is none.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.reconciliation.causes import Cause

FEW = 3
"""Fewer of a kind say nothing of a system."""
MOST = 0.9
"""The share of a kind that has to be alike."""


def hints_of(
    program: Program,
    *,
    found: pl.DataFrame,
    postings: pl.DataFrame,
    theirs: pl.DataFrame,
    smallest: Sequence[int],
    since: int | None,
    other_events: bool,
    history: History,
) -> tuple[str, ...]:
    """Sentences, the most telling first.

    Args:
        found: differences, with `name` and `rule`.
        postings: ours, by rule.
        theirs: every row that theirs has or implies.
        smallest: by currency, its smallest unit in the units of the amounts.
        since: the first day that is compared, where one was named.
        other_events: their ledger names events, and none is one of ours.
        history: what was replayed.
    """
    unlike = "no event that their ledger names is one of our transactions: matched by day instead"
    return (
        *_members(found, theirs),
        *_missing_rules(program, found, postings),
        *_expiries(found, theirs),
        *_days(program, found),
        *_rounding(program, found, smallest, history),
        *_beginning(found, theirs, since),
        *([unlike] if other_events else []),
    )


def _of(found: pl.DataFrame, *causes: Cause) -> pl.DataFrame:
    return found.filter(pl.col("cause").is_in([cause.value for cause in causes]))


def _members(found: pl.DataFrame, theirs: pl.DataFrame) -> Iterator[str]:
    unknown = _of(found, Cause.UNKNOWN_MEMBER)["member"].n_unique()
    if unknown and unknown >= MOST * theirs["member"].n_unique():
        yield (
            f"{unknown:,} of their {theirs['member'].n_unique():,} members are none of ours: do the two "
            "systems name members differently? --member-map FILE says which is which"
        )


def _missing_rules(program: Program, found: pl.DataFrame, postings: pl.DataFrame) -> Iterator[str]:
    """Rules whose postings theirs lacks: alone, or out of what an event earned."""
    where = ["member", "currency", "kind", "day", "event"]
    ours = ["member", "currency", "our_kind", "our_day", "our_event"]
    lacking = _of(found, Cause.ONLY_OURS, Cause.OTHER_AMOUNT, Cause.ROUNDING)
    lacking = lacking.select(*ours, "cause", short=-pl.col("points"))
    both = postings.join(lacking, left_on=where, right_on=ours, how="inner")
    is_lacking = (pl.col("cause") == Cause.ONLY_OURS.value) | (pl.col("units") == pl.col("short"))
    missing = dict(both.filter(is_lacking).group_by("rule").len().iter_rows())
    posted = dict(postings.group_by("rule").len().iter_rows())
    rules: list[EarnRule | Reward] = [*program.earns, *program.rewards]
    for rule in rules:
        lost, all_ = missing.get(rule.name, 0), posted.get(rule.name, 0)
        if lost >= FEW and lost >= MOST * all_:
            place = f"{rule.span.source.name}:{rule.span.line}"
            of = "every one" if lost == all_ else f"{lost:,}"
            yield f"theirs lacks {of} of the {all_:,} postings of `{rule.name}` ({place})"


def _expiries(found: pl.DataFrame, theirs: pl.DataFrame) -> Iterator[str]:
    lost = _of(found, Cause.ONLY_OURS).filter(pl.col("our_kind") == "expired").height
    if lost >= FEW and not (theirs["kind"] == "expired").any():
        yield f"their ledger writes no expiry at all, and {lost:,} of ours are missing there"


def _days(program: Program, found: pl.DataFrame) -> Iterator[str]:
    for cause, what in ((Cause.OTHER_DAY, "postings"), (Cause.EXPIRY_DAY, "expiries")):
        moved = _of(found, cause)
        if moved.height < FEW:
            continue
        shifts = moved.group_by(shift=pl.col("their_day") - pl.col("our_day")).len().sort("len", "shift")
        shift, count = shifts.row(-1)
        if count < MOST * moved.height:
            continue
        far = "one day" if abs(shift) == 1 else f"{abs(shift):,} days"
        way = "later" if shift > 0 else "earlier"
        why = (
            f": does their system count days in another time zone than {program.timezone}?"
            if cause is Cause.OTHER_DAY and abs(shift) == 1
            else ""
        )
        yield f"{count:,} of the {moved.height:,} {what} on another day are {far} {way} in theirs{why}"


def _rounding(
    program: Program, found: pl.DataFrame, smallest: Sequence[int], history: History
) -> Iterator[str]:
    for currency in program.currencies:
        near = _of(found, Cause.ROUNDING).filter(pl.col("currency") == currency.index)
        other = _of(found, Cause.OTHER_AMOUNT).filter(pl.col("currency") == currency.index)
        if near.height < FEW or near.height < MOST * (near.height + other.height):
            continue
        more = near.filter(pl.col("points") > 0).height
        whole = near.filter(pl.col("points").abs() == smallest[currency.index]).height
        apart = "exactly one unit" if whole == near.height else "at most one unit"
        way = (
            "theirs is more each time"
            if more == near.height
            else "theirs is less each time"
            if more == 0
            else f"theirs is more {more:,} times and less {near.height - more:,} times"
        )
        half = 10 ** MINOR_DIGITS[program.money] // 2
        parts = _parts_of_baskets(near, history, 2 * half) if half else []
        if len(parts) >= FEW and min(parts) >= half:
            way += f", each at a basket that ends in .{half} or more"
        line = f"{currency.span.source.name}:{currency.span.line}"
        yield (
            f"{near.height:,} amounts of {currency.name} differ by {apart}, and {way}: another rounding than "
            f"ours, `round {currency.rounding.value} per {currency.round_per.value}` ({line})?"
        )


def _parts_of_baskets(found: pl.DataFrame, history: History, whole: int) -> list[int]:
    """What the baskets behind differences have beyond whole units of money, in minor units."""
    members = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    concerned = np.isin(members, found["member"].unique().to_numpy())
    events = pl.DataFrame(
        {
            "member": pl.Series(members[concerned], dtype=pl.Int32),
            "our_event": [str(history.ids[number]) for number in np.flatnonzero(concerned).tolist()],
            "basket": history.basket[concerned],
        },
        schema_overrides={"our_event": pl.String},
    )
    parts: list[int] = (
        events.join(found, on=["member", "our_event"], how="semi").filter(pl.col("basket") > 0)["basket"]
        % whole
    ).to_list()
    return parts


def _beginning(found: pl.DataFrame, theirs: pl.DataFrame, since: int | None) -> Iterator[str]:
    rows = theirs.filter(pl.col("kind") != "opening")
    if since is not None or rows.is_empty():
        return
    first = int(rows["day"].min())  # type: ignore[arg-type]
    early = _of(found, Cause.ONLY_OURS).filter(pl.col("our_day") < first).height
    if early >= FEW:
        yield (
            f"{early:,} of our postings are before {format_day(first)}, the first day of their ledger: "
            f"--since {format_day(first)} compares from there"
        )
