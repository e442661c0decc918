"""A replay's ledger, and its members' status, as polars frames, for those who go on from there.

Invariant: amounts are exact, in the display unit of their currency: whole numbers, or decimals of a
currency in money. One column holds all currencies of a program, so it is decimal where one of them is.
"""

from decimal import Decimal

import attrs
import numpy as np
import polars as pl

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.delivery import happened_of
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.ledger import RefusalKind
from loyalty_dsl.evaluation.replay import NO_GRANT, Ints, Replay
from loyalty_dsl.language.conditions import MemberField, StatusOf
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, UNSAID, Kind
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.replay_json import ledger_keys


def ledger_frame(replay: Replay) -> pl.DataFrame:
    """The ledger of each member.

    Returns:
        Columns member, currency, issued, redeemed, expired, reversed, received and sent (where members can
        send), pending, outstanding; members in order of appearance within each currency.
    """
    ledger = ledger_keys(replay.program)
    digits = max((len(str(currency.scale)) - 1 for currency in replay.program.currencies), default=0)
    members = pl.Series("member", replay.history.members, dtype=pl.String)
    frames = []
    for currency in replay.program.currencies:
        kept = {
            field.name: getattr(replay.balances, field.name)[:, currency.index]
            for field in attrs.fields(type(replay.balances))
        }
        frame = pl.DataFrame({"member": members, **kept}).with_columns(
            pl.lit(currency.name).alias("currency")
        )
        if digits:
            per_unit = pl.lit(Decimal(10**digits // currency.scale).scaleb(-digits), pl.Decimal(38, digits))
            frame = frame.with_columns(
                (pl.col(name).cast(pl.Decimal(38, digits)) * per_unit).cast(pl.Decimal(38, digits))
                for name in ledger
            )
        frames.append(frame)
    if not frames:  # a program of benefits alone
        texts, numbers = dict.fromkeys(("member", "currency"), pl.String), dict.fromkeys(ledger, pl.Int64)
        return pl.DataFrame(schema={**texts, **numbers})
    return pl.concat(frames).select("member", "currency", *ledger)


def members_frame(replay: Replay) -> pl.DataFrame:
    """The status of each member and the counters that conditions read, as of the end of the last day.

    Returns:
        Columns member; for each ladder its name, with the name of the level, and its name and `_through`, the
        last day of the level (no value for the first level, which has no end, and for one that never ends);
        for each counter its name, in display units; and for each allowance its name, in its own units.
    """
    program = replay.program
    columns: list[pl.Series] = [pl.Series("member", replay.history.members, dtype=pl.String)]
    first = 0
    for ladder in program.ladders:
        through = replay.grants[:, first : first + len(ladder.levels)]
        first += len(ladder.levels)
        level = highest_levels(through)
        names = pl.Series([level.name for level in ladder.levels])
        columns.append(names.gather(pl.Series(level)).alias(ladder.name))
        last = through[np.arange(len(level)), level]
        ends = (level > 0) & (last != NEVER)
        day = pl.Series(np.where(ends, last, 0).astype(np.int32)).cast(pl.Date)
        nothing = pl.Series([None], dtype=pl.Date)
        columns.append(day.zip_with(pl.Series(ends), nothing).alias(f"{ladder.name}_through"))
    for counter in (each for each in program.counters if not each.hidden):
        taken = {column.name for column in columns}  # a measure inside a condition is named by its words
        name = f"{counter.name} ({counter.index})" if counter.name in taken else counter.name
        values = pl.Series(name, replay.counters[:, counter.index])
        digits = _digits(program, counter)
        if digits:
            scale = pl.lit(Decimal(1).scaleb(-digits), pl.Decimal(38, digits))
            exact = (pl.col(name).cast(pl.Decimal(38, digits)) * scale).cast(pl.Decimal(38, digits))
            values = values.to_frame().select(exact).to_series()
        columns.append(values)
    held = allowances_held(replay)
    taken = {column.name for column in columns}
    for allowance in program.allowances:
        name = f"{allowance.name} (allowance)" if allowance.name in taken else allowance.name
        columns.append(pl.Series(name, held[:, allowance.index]))
    return pl.DataFrame(columns)


def allowances_frame(replay: Replay) -> pl.DataFrame:
    """A row for each member and allowance: member, allowance, units and the unit that they are counted in."""
    held, allowances = allowances_held(replay), replay.program.allowances
    members = pl.Series("member", replay.history.members, dtype=pl.String)
    frames = [
        pl.DataFrame({"member": members, "units": held[:, each.index]}).select(
            "member", pl.lit(each.name).alias("allowance"), "units", pl.lit(each.unit).alias("unit")
        )
        for each in allowances
    ]
    return pl.concat(frames)


def allowances_held(replay: Replay) -> Ints:
    """[members, allowances] what each allowance lets each member use at the end (ALLOW-1)."""
    program = replay.program
    held = np.zeros((len(replay.history.members), len(program.allowances)), dtype=np.int64)
    if not program.allowances:
        return held
    available = np.maximum(0, replay.balances.outstanding - replay.balances.pending)
    fields, levels, first = last_fields(replay), list[Ints](), 0
    for ladder in program.ladders:
        levels.append(highest_levels(replay.grants[:, first : first + len(ladder.levels)]))
        first += len(ladder.levels)
    for allowance in program.allowances:
        for line in allowance.lines:
            match line.of:
                case StatusOf(its):
                    key = levels[its]
                case MemberField(field):
                    key = fields[:, field.index]
                case None:
                    key = np.zeros(len(held), dtype=np.int64)
            open_ = np.ones(len(held), dtype=np.bool_)
            for row in line.rows:  # the first row that is meant gives
                meant = open_ if row.values is None else open_ & np.isin(key, row.values)
                units = row.units * available[:, row.currency]
                units = units if row.most is None else np.minimum(row.most, units)
                held[:, allowance.index] += np.where(meant, units, 0)
                open_ = open_ & ~meant
    return held


def last_fields(replay: Replay) -> Ints:
    """[members, member fields] what held of each member at the end: what refused events said does not count
    (EVENT-2)."""
    history = replay.history
    said = history.member_fields
    unsaid = [NO_DATE if field.kind is Kind.DATE else 0 for field in replay.program.member_fields]
    if not unsaid or not len(said):
        return np.tile(np.array(unsaid, dtype=np.int64), (len(history.members), 1))
    named = {(each.member, each.refusal.event) for each in replay.refusals}
    whole = {
        (each.member, each.refusal.event)
        for each in replay.refusals
        if each.refusal.kind is not RefusalKind.REWARD
    }
    alone = happened_of(history, named - whole)
    happened = np.minimum(happened_of(history, whole), np.where(history.kind == REDEEM, alone, 1))
    owner = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    last = np.tile(np.array(unsaid, dtype=np.int64), (len(history.members), 1))
    for field in range(len(unsaid)):
        at = np.full(len(history.members), -1, dtype=np.int64)
        counts = (happened > 0) & (said[:, field] != UNSAID)
        np.maximum.at(at, owner, np.where(counts, np.arange(len(owner)), -1))
        last[at >= 0, field] = said[at[at >= 0], field]
    return last


def highest_levels(through: Ints) -> Ints:
    """[members] the highest level with a grant, of [members, levels] last days; 0 without any."""
    held = through != NO_GRANT
    highest = through.shape[1] - 1 - np.argmax(held[:, ::-1], axis=1)
    return np.where(held.any(axis=1), highest, 0)


def members_by_level(replay: Replay) -> tuple[tuple[int, ...], ...]:
    """For each ladder, how many members hold each level at the end of the last day."""
    counts = []
    first = 0
    for ladder in replay.program.ladders:
        levels = highest_levels(replay.grants[:, first : first + len(ladder.levels)])
        first += len(ladder.levels)
        counts.append(tuple(np.bincount(levels, minlength=len(ladder.levels)).tolist()))
    return tuple(counts)


def _digits(program: Program, counter: Counter) -> int:
    """Digits after the point of a counter's display unit."""
    match counter.kind:
        case Kind.MONEY:
            return MINOR_DIGITS[program.money]
        case Kind.UNITS:
            return len(str(program.currencies[counter.currency].scale)) - 1
        case _:
            return 0
