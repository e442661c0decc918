"""Our postings beside the rows of a ledger: which are the same, and what each difference is.

Invariant: every posting and every row is in exactly one pair, one difference or among those that agree, so
the points of the differences sum to theirs less ours. What both know by an event is matched by the event
alone; the rest by day and amount, the nearest day first.
"""

from collections.abc import Sequence

import attrs
import polars as pl

from loyalty_dsl.reconciliation.causes import Cause
from loyalty_dsl.reconciliation.difference_rows import alone, told

ACCOUNT = ["member", "currency"]
_SAMPLE, _FEW = 20_000, 20
"""Rows that say whether all are a day apart, and the fewest that say anything."""


@attrs.frozen(eq=False)
class Matched:
    """What became of postings and rows.

    Attributes:
        differences: of the columns `DIFFERENCE`.
        agreed: postings of ours that a row, or rows together, of theirs equal in every respect.
        later: rows after the last day that is compared, which equal nothing of ours: not compared.
        other_events: their ledger names events, and none of them is one of ours.
    """

    differences: pl.DataFrame
    agreed: int
    later: pl.DataFrame
    other_events: bool


@attrs.define
class _Sides:
    """What is not matched yet. Ours: `o`, member, currency, kind, day, event, units. Theirs: `t`, the same,
    `row` and `rule`."""

    ours: pl.DataFrame
    theirs: pl.DataFrame
    scales: pl.DataFrame
    told: list[pl.DataFrame] = attrs.field(factory=list)
    agreed: int = 0
    other_events: bool = False

    def without(self, ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
        """Takes out what has found its match."""
        self.ours = self.ours.join(ours.select("o"), on="o", how="anti", maintain_order="left")
        self.theirs = self.theirs.join(theirs.select("t"), on="t", how="anti", maintain_order="left")


def matched(
    ours: pl.DataFrame, theirs: pl.DataFrame, smallest: Sequence[int], within: int, as_of: int
) -> Matched:
    """Matches postings with rows.

    Args:
        ours: member, currency, kind, day, event and units; a row for each event (or midnight) and kind.
        theirs: the same with `row` and `rule`, in order of time; of known members alone.
        smallest: by currency, its smallest unit in the units of the amounts.
        within: how many days apart the same posting may be, where no event says that it is the same.
        as_of: the last day of ours.
    """
    scales = pl.DataFrame(
        {"currency": range(len(smallest)), "smallest": list(smallest)},
        schema={"currency": pl.Int32, "smallest": pl.Int64},
    )
    sides = _Sides(ours.with_row_index("o"), theirs.with_row_index("t"), scales)
    _openings(sides)
    _by_event(sides)
    # What has an event on both sides is not the same as anything of another event.
    ours_left, theirs_left = sides.ours, sides.theirs
    unnamed = theirs_left.filter(pl.col("event") == "")
    rest = _by_day(_Sides(ours_left, unnamed, scales), within)
    at_midnight = rest.ours.filter(pl.col("event") == "")
    named = theirs_left.filter(pl.col("event") != "")
    last = _by_day(_Sides(at_midnight, named, scales), within)
    alone_ours = pl.concat([rest.ours.filter(pl.col("event") != ""), last.ours])
    alone_theirs = pl.concat([rest.theirs, last.theirs])
    later = alone_theirs.filter(pl.col("day") > as_of)
    alone_theirs = alone_theirs.filter(pl.col("day") <= as_of)
    told = [
        *sides.told,
        *rest.told,
        *last.told,
        alone(alone_ours, Cause.ONLY_OURS),
        alone(alone_theirs, Cause.ONLY_THEIRS),
    ]
    agreed = sides.agreed + rest.agreed + last.agreed
    return Matched(pl.concat(told), agreed, later, sides.other_events)


def _openings(sides: _Sides) -> None:
    """What members held at the beginning, each account's as one."""
    opening = pl.col("kind") == "opening"
    ours, theirs = sides.ours.filter(opening), sides.theirs.filter(opening)
    if ours.is_empty() and theirs.is_empty():
        return
    both = _gathered(ours, ACCOUNT).join(
        _gathered_rows(theirs, ACCOUNT), on=ACCOUNT, how="full", coalesce=True, suffix="_t"
    )
    points = pl.col("units_t").fill_null(0) - pl.col("units").fill_null(0)
    unlike = both.filter(points != 0)
    sides.agreed += both.filter(points == 0).height
    sides.told.append(told(unlike, Cause.OPENING, points))
    sides.without(ours, theirs)


def _by_event(sides: _Sides) -> None:
    """Postings and rows that name an event, by the event and the kind; what an event has of one kind is taken
    together, as a system may write a row for each rule or one for all."""
    keys = [*ACCOUNT, "kind", "event"]
    named = pl.col("event") != ""
    theirs = sides.theirs.filter(named)
    if theirs.is_empty():
        return
    if theirs.join(sides.ours, on=["member", "event"], how="semi").is_empty():
        # None of their events is one of ours: they are numbered otherwise, and say nothing here.
        sides.other_events = True
        sides.theirs = sides.theirs.with_columns(event=pl.lit(""))
        return
    ours, theirs = _without_equals(sides, keys, named)
    once = theirs.unique([*keys, "units", "day", "rule"], maintain_order=False)
    again = once.group_by(keys).agg(pl.col("units").sum().alias("once"))
    together = _gathered_rows(theirs, keys).join(again, on=keys)
    both = _gathered(ours, keys).join(together, on=keys, how="inner", suffix="_t")
    points = pl.col("units_t") - pl.col("units")
    twice = pl.col("units_t") - pl.col("once")
    is_twice = (twice != 0) & ((points - twice).abs() < points.abs())
    both = both.with_columns(twice=pl.when(is_twice).then(twice).otherwise(0))
    rest = points - pl.col("twice")
    sides.told.append(told(both.filter(pl.col("twice") != 0), Cause.TWICE, pl.col("twice")))
    _tell_amounts(sides, both.filter(rest != 0), rest)
    moved = both.filter(pl.col("day") != pl.col("day_t"))
    sides.told.append(told(moved, Cause.OTHER_DAY, pl.lit(0)))
    alike = (points == 0) & (pl.col("day") == pl.col("day_t"))
    sides.agreed += _count(both.filter(alike), "rows")
    sides.ours = sides.ours.join(both, on=keys, how="anti", maintain_order="left")
    sides.theirs = sides.theirs.join(both, on=keys, how="anti", maintain_order="left")
    _by_size(sides, [*ACCOUNT, "event"], named)


def _without_equals(sides: _Sides, keys: list[str], those: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is left to look at closely, after what is on each side once, and the same, is taken out."""
    once = ~pl.struct(keys).is_duplicated() & those
    same = [*keys, "units", "day"]
    ours, theirs = sides.ours.filter(once), sides.theirs.filter(once)
    equal = ours.join(theirs, on=same, how="semi").select("o")
    sides.agreed += equal.height
    sides.ours = sides.ours.join(equal, on="o", how="anti", maintain_order="left")
    theirs = theirs.join(ours, on=same, how="semi").select("t")
    sides.theirs = sides.theirs.join(theirs, on="t", how="anti", maintain_order="left")
    return sides.ours.filter(those), sides.theirs.filter(those)


def _by_size(sides: _Sides, keys: list[str], those: pl.Expr) -> None:
    """The same number of points at the same place, booked as something else."""
    keys = [*keys, "size"]
    ours = sides.ours.filter(those).with_columns(size=pl.col("units").abs())
    theirs = sides.theirs.filter(those).with_columns(size=pl.col("units").abs())
    pairs = _pairs(ours, theirs, keys)
    sides.told.append(told(pairs, Cause.OTHER_KIND, pl.col("units_t") - pl.col("units")))
    sides.without(pairs, pairs)


def _by_day(sides: _Sides, within: int) -> _Sides:
    """What no event joins: by kind and day."""
    exact = [*ACCOUNT, "kind", "units", "day"]
    all_theirs = sides.theirs
    for shift in _shifts(sides, exact, within):
        if sides.ours.is_empty() or sides.theirs.is_empty():
            break
        if shift == 0:
            _same_amounts(sides, exact)
            _by_whole_days(sides)
            continue
        moved = sides.theirs.with_columns(their_day=pl.col("day"), day=pl.col("day") - shift)
        _tell_moved(sides, _pairs(sides.ours, moved, exact))
    expired = pl.col("kind") == "expired"
    ours, theirs = sides.ours.filter(expired), sides.theirs.filter(expired)
    any_day = _pairs(ours.sort("day"), theirs.sort("day"), [*ACCOUNT, "kind", "units"])
    _tell_moved(sides, any_day)
    # A row that repeats one that has found its match, or another of those that have not.
    keys = [*exact, "event", "rule"]
    matched_theirs = all_theirs.join(sides.theirs, on="t", how="anti")
    with_match = sides.theirs.join(matched_theirs, on=keys, how="semi", maintain_order="left")
    among = sides.theirs.filter(~pl.struct(keys).is_first_distinct())
    again = pl.concat([with_match, among]).unique("t", maintain_order=True)
    sides.told.append(alone(again, Cause.TWICE))
    sides.theirs = sides.theirs.join(again, on="t", how="anti", maintain_order="left")
    _same_day(sides)
    _by_size(sides, [*ACCOUNT, "day"], pl.lit(True))
    return sides


def _shifts(sides: _Sides, keys: list[str], within: int) -> list[int]:
    """By how many days theirs may be later, in the order in which that is tried: none first and the nearest
    before the others, unless most of a sample are at another."""
    nearest = [0, *(shift for apart in range(1, within + 1) for shift in (apart, -apart))]
    every = max(1, sides.theirs.height // _SAMPLE)
    few = pl.col("member") % every == 0
    ours, theirs = sides.ours.filter(few).select(keys), sides.theirs.filter(few).select(keys)
    if min(ours.height, theirs.height) < _FEW:
        return nearest

    def same(shift: int) -> int:
        return theirs.with_columns(pl.col("day") - shift).join(ours, on=keys, how="semi").height

    most = min(ours.height, theirs.height)
    if same(0) >= most / 2:
        return nearest
    best = max(nearest, key=lambda shift: (same(shift), -abs(shift)))
    return nearest if same(best) < most / 2 else [best, *(shift for shift in nearest if shift != best)]


def _same_amounts(sides: _Sides, keys: list[str]) -> None:
    """The same amounts on the same day: as many of ours as there are of theirs."""
    nth = pl.int_range(pl.len(), dtype=pl.UInt32).over(keys).alias("nth")
    numbered = [*keys, "nth"]
    ours = sides.ours.select("o", *keys).with_columns(nth)
    theirs = sides.theirs.select("t", *keys).with_columns(nth)
    equal = ours.join(theirs, on=numbered, how="semi").select("o")
    sides.agreed += equal.height
    theirs = theirs.join(ours, on=numbered, how="semi").select("t")
    sides.without(equal, theirs)


def _by_whole_days(sides: _Sides) -> None:
    """Days of which what is left sums to the same, such as a row for each of our rules, or one for all."""
    keys = [*ACCOUNT, "kind", "day"]
    equal = _gathered(sides.ours, keys).join(
        _gathered_rows(sides.theirs, keys), on=[*keys, "units"], how="semi"
    )
    sides.agreed += _count(equal, "rows")
    sides.ours = sides.ours.join(equal, on=keys, how="anti", maintain_order="left")
    sides.theirs = sides.theirs.join(equal, on=keys, how="anti", maintain_order="left")


def _tell_moved(sides: _Sides, pairs: pl.DataFrame) -> None:
    """Pairs of equal amounts on different days."""
    if "their_day" in pairs.columns:
        pairs = pairs.with_columns(day_t=pl.col("their_day"))
    expired = pl.col("kind") == "expired"
    sides.told.append(told(pairs.filter(expired), Cause.EXPIRY_DAY, pl.lit(0)))
    sides.told.append(told(pairs.filter(~expired), Cause.OTHER_DAY, pl.lit(0)))
    sides.without(pairs, pairs)


def _same_day(sides: _Sides) -> None:
    """Other amounts on the same day: together where the sums are but a rounding apart, else by size."""
    keys = [*ACCOUNT, "kind", "day"]
    points = pl.col("units_t") - pl.col("units")
    whole = _gathered(sides.ours, keys).join(_gathered_rows(sides.theirs, keys), on=keys, suffix="_t")
    close = whole.join(sides.scales, on="currency").filter(points.abs() <= pl.col("smallest"))
    close = close.filter(pl.col("rows") + pl.col("rows_t") > 2).drop("smallest")
    _tell_amounts(sides, close, points)
    sides.ours = sides.ours.join(close, on=keys, how="anti", maintain_order="left")
    sides.theirs = sides.theirs.join(close, on=keys, how="anti", maintain_order="left")
    by_size = ["units"]
    pairs = _pairs(sides.ours.sort(by_size), sides.theirs.sort(by_size), keys)
    _tell_amounts(sides, pairs, points)
    sides.without(pairs, pairs)


def _tell_amounts(sides: _Sides, pairs: pl.DataFrame, points: pl.Expr) -> None:
    """Pairs whose amounts differ, those of a rounding apart from the others."""
    sized = pairs.with_columns(points=points).join(sides.scales, on="currency", maintain_order="left")
    near = pl.col("points").abs() <= pl.col("smallest")
    sides.told.append(told(sized.filter(near), Cause.ROUNDING, pl.col("points")))
    sides.told.append(told(sized.filter(~near), Cause.OTHER_AMOUNT, pl.col("points")))


def _pairs(ours: pl.DataFrame, theirs: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The first of ours with the first of theirs that has the same keys, the second with the second, and so
    on; columns of theirs that are not keys end in `_t`."""
    ours = ours.join(theirs, on=keys, how="semi", maintain_order="left")
    theirs = theirs.join(ours, on=keys, how="semi", maintain_order="left")
    nth = pl.int_range(pl.len(), dtype=pl.UInt32).over(keys).alias("nth")
    ours, theirs = ours.with_columns(nth), theirs.with_columns(nth)
    kept = theirs.with_columns(pl.col(key).alias(f"{key}_t") for key in keys)
    return ours.join(kept, on=[*keys, "nth"], how="inner", suffix="_t").with_columns(rows_t=pl.lit(1))


def _gathered(ours: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    rest = [name for name in ("kind", "day", "event") if name not in keys]
    return ours.group_by(keys, maintain_order=True).agg(
        pl.col("units").sum(), *(pl.col(name).first() for name in rest), pl.len().alias("rows")
    )


def _gathered_rows(theirs: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    rest = [name for name in ("kind", "day", "event") if name not in keys]
    return theirs.group_by(keys, maintain_order=True).agg(
        pl.col("units").sum(),
        *(pl.col(name).first() for name in rest),
        pl.col("row").first(),
        pl.len().alias("rows"),
    )


def _count(frame: pl.DataFrame, column: str) -> int:
    return int(frame[column].sum())
