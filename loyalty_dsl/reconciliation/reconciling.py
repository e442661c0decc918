"""A replay against another system's ledger, member by member.

Invariant: for every member and currency, ours + the points of the differences = theirs; nothing is left
unexplained. Ours is the balance that the replay counted by itself, not the sum of the postings that are
matched; theirs is the last balance that the ledger writes or, where it writes none, the sum of its rows.
"""

from collections.abc import Sequence

import attrs
import polars as pl

from loyalty_dsl.evaluation.replay import Replay
from loyalty_dsl.language.program import Program
from loyalty_dsl.reconciliation.causes import Cause
from loyalty_dsl.reconciliation.difference_rows import alone
from loyalty_dsl.reconciliation.expiring_by_date import derived_expiries
from loyalty_dsl.reconciliation.hints import hints_of
from loyalty_dsl.reconciliation.ledger_rows import LedgerRows
from loyalty_dsl.reconciliation.matching import matched
from loyalty_dsl.reconciliation.our_postings import our_postings
from loyalty_dsl.reconciliation.running_balances import breaks_of, openings_of
from loyalty_dsl.reconciliation.shapes import KINDS, Columns
from loyalty_dsl.shown import Shown
from loyalty_dsl.transactions.opening import ROW

_HELD = ("member", "currency", "units")
_ROWS: Columns = {
    "member": pl.Int32, "currency": pl.Int32, "kind": pl.Enum(KINDS), "day": pl.Int32, "event": pl.String,
    "units": pl.Int64, "row": pl.UInt32, "rule": pl.Categorical,
}  # fmt: skip


@attrs.frozen
class CauseTotal:
    """What one cause comes to in one currency.

    Attributes:
        members, postings: how many have it.
        points: what theirs has more for it, in the ledger's units.
    """

    cause: Cause
    currency: int
    members: int
    postings: int
    points: int


@attrs.frozen(eq=False)
class Reconciliation(Shown):
    """Our postings and another system's ledger.

    Attributes:
        ledger: what was read of theirs, and what could not be.
        digits: points are integers of 10 ** -digits of a display unit.
        as_of: the last day that is compared; since: the first, where one was named.
        accounts: `member`, `name`, `currency` (index), `ours`, `theirs`, `points` (theirs less ours) and
            `differences`, a row for each member and currency of either side.
        found: every difference: the columns of `difference_rows.DIFFERENCE` with `name` and `rule`.
        agreed: postings that are the same on both sides.
        later: rows of theirs after `as_of`, not compared.
        refused: what members asked for in the transactions, and the rules refused.
        causes: in the order of `Cause`.
        hints: what the differences have in common, in a sentence each.
    """

    program: Program
    ledger: LedgerRows
    as_of: int
    since: int | None
    members: int
    accounts: pl.DataFrame
    found: pl.DataFrame
    agreed: int
    later: int
    refused: int
    causes: tuple[CauseTotal, ...]
    hints: tuple[str, ...]

    @property
    def digits(self) -> int:
        return self.ledger.digits

    @property
    def differences(self) -> pl.DataFrame:
        """A row for each difference, in display units: member, currency, cause, event, our_day, our_kind,
        our_points, rule, their_day, their_kind, their_points, their_row, their_rows and points."""
        from loyalty_dsl.reconciliation.frames import differences_frame

        return differences_frame(self)

    @property
    def balances(self) -> pl.DataFrame:
        """A row for each member and currency, in display units: member, currency, ours, theirs, points and
        differences."""
        from loyalty_dsl.reconciliation.frames import members_frame

        return members_frame(self)

    @property
    def agreeing(self) -> int:
        """How many members hold the same on both sides, in every currency."""
        return self.members - self.accounts.filter(pl.col("points") != 0)["member"].n_unique()

    def totals(self, currency: int) -> tuple[int, int]:
        """What all members together hold: ours and theirs."""
        its = self.accounts.filter(pl.col("currency") == currency)
        return int(its["ours"].sum()), int(its["theirs"].sum())

    def beyond(self, tolerance: int) -> int:
        """How many members and currencies differ by more than this many units."""
        return self.accounts.filter(pl.col("points").abs() > tolerance).height


def reconcile(
    replay: Replay, ledger: LedgerRows, *, within: int = 1, since: int | None = None
) -> Reconciliation:
    """Holds a replay against a ledger.

    Args:
        replay: with postings.
        ledger: of the same members.
        within: how many days apart the same posting may be, where no event says that it is the same.
        since: what is before this day is taken together as what members held at its start.
    """
    program, as_of = replay.program, replay.history.last_day
    postings = our_postings(replay, ledger.digits, ledger.shape.kinds_are_coarse)
    keys = ["member", "currency", "kind", "day", "event"]
    ours = postings.group_by(keys, maintain_order=True).agg(pl.col("units").sum())
    theirs, breaks = _their_rows(ledger, as_of)
    if since is not None:
        ours, theirs, breaks = _from_day(ours, theirs, breaks, since)
    known = pl.col("member") < len(replay.history.members)
    smallest = [10**ledger.digits // currency.scale for currency in program.currencies]
    result = matched(ours, theirs.filter(known), smallest, within, as_of)
    strangers = theirs.filter(~known)
    unknown = strangers.filter(pl.col("day") <= as_of)
    unknown_later = strangers.filter(pl.col("day") > as_of)
    names = pl.Series("name", [*replay.history.members, *ledger.strangers], dtype=pl.String)
    found = pl.concat(
        [
            result.differences,
            alone(unknown, Cause.UNKNOWN_MEMBER),
            alone(breaks, Cause.BROKEN_BALANCE),
        ]
    )
    found = _with_rules(found, postings).with_columns(_names_of(found["member"], names))
    later = pl.concat([result.later.select(*_HELD), unknown_later.select(*_HELD)])
    accounts = _accounts(replay, names, ledger.digits, theirs, breaks, later)
    accounts = _held_to(accounts, found)
    everybody = len(replay.history.members) + unknown["member"].n_unique()
    return Reconciliation(
        program=program,
        ledger=ledger,
        as_of=as_of,
        since=since,
        members=everybody,
        accounts=accounts,
        found=found,
        agreed=result.agreed,
        later=later.height,
        refused=len(replay.refusals),
        causes=_causes(found),
        hints=hints_of(
            program,
            found=found,
            postings=postings,
            theirs=theirs,
            smallest=smallest,
            since=since,
            other_events=result.other_events,
            history=replay.history,
        ),
    )


def _their_rows(ledger: LedgerRows, as_of: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every row that theirs has or implies, and where its balances break."""
    rows = ledger.rows.rename({ROW: "row"}) if ROW != "row" else ledger.rows
    parts = [_row_columns(rows)]
    breaks = pl.DataFrame(schema=_ROWS)
    if ledger.shape.expires_by_date and "expires" in rows.columns:
        gone = derived_expiries(ledger.rows, as_of).with_columns(kind=pl.lit("expired"))
        parts.append(_row_columns(gone))
    if ledger.has_balance:
        opened = openings_of(ledger.rows).with_columns(kind=pl.lit("opening"))
        parts.append(_row_columns(opened))
        breaks = _row_columns(breaks_of(ledger.rows)).filter(pl.col("day") <= as_of)
    return pl.concat(parts), breaks


def _row_columns(frame: pl.DataFrame) -> pl.DataFrame:
    there = frame.columns
    return frame.select(
        (pl.col(name) if name in there else pl.lit("" if name == "event" else None)).cast(type_).alias(name)
        for name, type_ in _ROWS.items()
    )


def _from_day(
    ours: pl.DataFrame, theirs: pl.DataFrame, breaks: pl.DataFrame, since: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Both sides with all that is before a day as one opening of each account."""
    before = (pl.col("day") < since) | (pl.col("kind") == "opening")
    mine = ours.filter(before).group_by("member", "currency", maintain_order=True).agg(pl.col("units").sum())
    mine = mine.with_columns(
        kind=pl.lit("opening", pl.Enum(KINDS)), day=pl.lit(since - 1, pl.Int32), event=pl.lit("")
    ).select(ours.columns)
    past = pl.concat([theirs.filter(before), breaks.filter(pl.col("day") < since)])
    its = past.group_by("member", "currency", maintain_order=True).agg(
        pl.col("units").sum(), pl.col("row").last()
    )
    its = its.with_columns(kind=pl.lit("opening"), day=pl.lit(since - 1, pl.Int32))
    return (
        pl.concat([mine, ours.filter(~before)]),
        pl.concat([_row_columns(its), theirs.filter(~before)]),
        breaks.filter(pl.col("day") >= since),
    )


def _names_of(members: pl.Series, names: pl.Series) -> pl.Series:
    return names.gather(members.cast(pl.UInt32)).alias("name")


def _with_rules(found: pl.DataFrame, postings: pl.DataFrame) -> pl.DataFrame:
    """Each difference with the rules or rewards that posted ours."""
    keys = {"member": "member", "currency": "currency", "our_kind": "kind", "our_day": "day"}
    left, right = [*keys, "our_event"], [*keys.values(), "event"]
    wanted = found.filter(pl.col("our_event").is_not_null())
    rules = (
        postings.join(wanted, left_on=right, right_on=left, how="semi")
        .group_by(right)
        .agg(pl.col("rule").cast(pl.String).unique(maintain_order=True).str.join(", ").alias("rule"))
    )
    return found.join(rules, left_on=left, right_on=right, how="left", maintain_order="left")


def _accounts(  # noqa: PLR0917
    replay: Replay,
    names: pl.Series,
    digits: int,
    theirs: pl.DataFrame,
    breaks: pl.DataFrame,
    later: pl.DataFrame,
) -> pl.DataFrame:
    """What both sides hold of each member and currency."""
    key = ["member", "currency"]
    count = len(replay.history.members)
    scales = [10**digits // currency.scale for currency in replay.program.currencies]
    mine = [
        pl.DataFrame(
            {
                "member": pl.int_range(count, dtype=pl.Int32, eager=True),
                "currency": pl.repeat(index, count, dtype=pl.Int32, eager=True),
                "ours": replay.balances.outstanding[:, index] * scale,
            }
        )
        for index, scale in enumerate(scales)
    ]
    counted = [
        theirs.select(*_HELD),
        breaks.select(*_HELD),
        later.with_columns(-pl.col("units")),
    ]
    their = pl.concat(counted).group_by(key).agg(pl.col("units").sum().alias("theirs"))
    both = pl.concat(mine).join(their, on=key, how="full", coalesce=True)
    both = both.filter((pl.col("member") < count) | (pl.col("theirs") != 0))
    return both.with_columns(pl.col("ours", "theirs").fill_null(0)).with_columns(
        _names_of(both["member"], names), points=pl.col("theirs") - pl.col("ours")
    )


def _held_to(accounts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The accounts with how many differences each has; the identity holds, or this is a mistake of ours."""
    key = ["member", "currency"]
    explained = found.group_by(key).agg(
        pl.col("points").sum().alias("explained"), pl.len().cast(pl.Int64).alias("differences")
    )
    both = accounts.join(explained, on=key, how="left").with_columns(
        pl.col("explained", "differences").fill_null(0)
    )
    unexplained = both.filter(pl.col("points") != pl.col("explained"))
    assert unexplained.is_empty(), f"points are left unexplained: {unexplained.head(3).to_dicts()}"
    return both.drop("explained").sort("member", "currency")


def _causes(found: pl.DataFrame) -> tuple[CauseTotal, ...]:
    summed = found.group_by("cause", "currency").agg(
        pl.col("member").n_unique().alias("members"), pl.len().alias("postings"), pl.col("points").sum()
    )
    totals = [
        CauseTotal(Cause(row["cause"]), row["currency"], row["members"], row["postings"], row["points"])
        for row in summed.to_dicts()
    ]
    order: Sequence[Cause] = list(Cause)
    return tuple(sorted(totals, key=lambda total: (order.index(total.cause), total.currency)))
