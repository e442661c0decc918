"""Values of fields, drawn: of a member once at birth, of an event and its item at each.

Invariants: a field has a purpose of its own, whatever else is drawn, so a further field moves no value; of
several draws of a field the first whose condition holds is made, with the same luck. Conditions read what is
known of the member, never the event.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter, NotLowered
from loyalty_dsl.evaluation.plan import Plan, State
from loyalty_dsl.evaluation.plan_state import STATUS
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.population import (
    ITEM,
    MEMBER,
    BasketShareDraw,
    BirthdayDraw,
    DaysBeforeDraw,
    Draw,
    FieldDraw,
    LognormalDraw,
    Population,
)
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.gammas import fill_gamma_table
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import TABLE_SIZE, draw_basket, draw_choice, fill_basket_table, uniform

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

(
    DRAW_PURPOSE, DRAW_PLACE, DRAW_INDEX, DRAW_FORM, DRAW_WHEN, DRAW_FIRST, DRAW_COUNT, DRAW_NEXT,
) = range(8)  # fmt: skip
"""Columns of `Draws.rows`. `DRAW_PLACE` says whose field it is, `DRAW_INDEX` which; `DRAW_WHEN` is a line of
code; `DRAW_NEXT` the first row of the next field. `DRAW_FIRST` and `DRAW_COUNT` are the values of a choice;
the table of an amount; a share of the basket, over 2^0; or days."""
OF_EVENT, OF_ITEM, OF_MEMBER = range(3)
A_CHOICE, AN_AMOUNT, A_SHARE, A_DAY_BEFORE, A_BIRTHDAY = range(5)

YOUNGEST, BIRTH_DAYS = 7_305, 18_262
"""Birthdays are this many days (20 years) before the first day and earlier, over so many (50 years)."""


class Draws(NamedTuple):
    """What is drawn of fields, all slices of one table.

    Attributes:
        rows: [draws, 8]; of one field next to each other.
        thresholds: [values of all choices] uint64, cumulative; values: what they stand for.
        tables: [amounts, 2, TABLE_SIZE] quantiles (see `sampling`).
        code: [lines, 5] conditions, as of `Plan.code`.
        sums: [..., 3]; sum_terms: [..., 2] as of `Plan`.
        registers: the registers that the conditions read; a copy for each thread.
        asks: 1 if a draw of an event has a condition.
    """

    rows: Ints
    thresholds: Words
    values: Ints
    tables: Ints
    code: Ints
    sums: Ints
    sum_terms: Ints
    registers: Ints
    asks: int


def cumulative_thresholds(shares: Sequence[Fraction]) -> Words:
    """Cumulative shares of 2^64, rounded down; 64 random bits fall below entry i with that chance."""
    total = Fraction(0)
    thresholds = []
    for share in shares:
        total += share
        thresholds.append(min(int(total * 2**64), 2**64 - 1))
    return np.array(thresholds, np.uint64)


class DrawWriter:
    """Gathers the draws of a population."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._code = CodeWriter(program)
        self._rows: list[list[int]] = []
        self._shares: list[Words] = []
        self._values: list[int] = []
        self._tables: dict[tuple[str, float, float], int] = {}
        self._asks = False

    def write(self, draws: Sequence[Draw], purposes: dict[str, int]) -> tuple[int, int]:
        """Writes the draws of one event or member; returns the slice of `Draws.rows`."""
        first = len(self._rows)
        by_name: dict[str, list[Draw]] = {}
        for draw in draws:
            by_name.setdefault(draw_name(self._program, draw), []).append(draw)
        for name, same in by_name.items():
            end = len(self._rows) + len(same)
            for draw in same:
                self._rows.append([purposes[name], *self._row(draw), end])
        return first, len(self._rows)

    def table(self, median: int, sigma: float) -> int:
        """The row of `Draws.tables` of a lognormal amount."""
        return self._tables.setdefault(("lognormal", float(median), sigma), len(self._tables))

    def gamma_table(self, shape: float, scale: float) -> int:
        """The row of `Draws.tables` of a gamma amount."""
        return self._tables.setdefault(("gamma", shape, scale), len(self._tables))

    def choice(self, shares: Sequence[Fraction], values: Sequence[int]) -> tuple[int, int]:
        """The slice of `Draws.values` of a choice among values, as its first and how many."""
        first = len(self._values)
        self._shares.append(cumulative_thresholds(shares))
        self._values += values
        return first, len(shares)

    def draws(self) -> Draws:
        """All that was written."""
        tables = np.zeros((len(self._tables), 2, TABLE_SIZE), np.int64)
        for (form, one, other), row in self._tables.items():
            if form == "gamma":
                fill_gamma_table(np.float64(one), np.float64(other), tables[row])
            else:
                fill_basket_table(np.float64(one), np.float64(other), tables[row])
        sums, terms = self._code.lower_sums()
        return Draws(
            rows=np.array(self._rows, np.int64).reshape(-1, 8),
            thresholds=np.concatenate([np.zeros(0, np.uint64), *self._shares]),
            values=np.array(self._values, np.int64),
            tables=tables,
            code=np.array(self._code.lines, np.int64).reshape(-1, 5),
            sums=np.array(sums, np.int64).reshape(-1, 3),
            sum_terms=np.array(terms, np.int64).reshape(-1, 2),
            registers=np.array(self._code.registers(), np.int64),
            asks=int(self._asks),
        )

    def _row(self, draw: Draw) -> list[int]:
        index = draw.field.index
        match draw:
            case FieldDraw():
                choice = self.choice(draw.shares, draw.values or range(len(draw.shares)))
                return [_place(draw.owner), index, A_CHOICE, self._when(draw), *choice]
            case LognormalDraw():
                table = self.table(draw.median, float(draw.sigma))
                return [_place(draw.owner), index, AN_AMOUNT, self._when(draw), table, 0]
            case BasketShareDraw():
                share = draw.share.limit_denominator(10**9)  # exact for shares written with 9 digits
                return [
                    _place(draw.owner), index, A_SHARE, p.ALWAYS, share.numerator, share.denominator,
                ]  # fmt: skip
            case BirthdayDraw():
                return [OF_MEMBER, index, A_BIRTHDAY, p.ALWAYS, 0, 0]
            case DaysBeforeDraw():
                return [_place(draw.owner), index, A_DAY_BEFORE, p.ALWAYS, draw.days, 0]
            case _:
                assert_never(draw)

    def _when(self, draw: FieldDraw | LognormalDraw) -> int:
        if draw.when is None:
            return p.ALWAYS
        _verify_known_at_draws(draw.when)
        self._asks = self._asks or draw.owner != MEMBER
        return self._code.write(draw.when)


def _verify_known_at_draws(condition: c.Condition) -> None:
    known = (
        c.Literal, c.MemberField, c.StatusOf, c.IsReferred, c.DaysSinceJoin, c.EventDay, c.DaysSince,
    )  # fmt: skip
    for operand in c.operands_of(condition):
        if not isinstance(operand, known) or (
            isinstance(operand, c.DaysSince) and not isinstance(operand.of, c.MemberField)
        ):
            raise NotLowered("what is drawn depends on more than the member's fields and status")


def _place(owner: int) -> int:
    return {ITEM: OF_ITEM, MEMBER: OF_MEMBER}.get(owner, OF_EVENT)


def draw_name(program: Program, draw: Draw) -> str:
    """What the purpose of a field is derived from."""
    owner = MEMBER if isinstance(draw, BirthdayDraw) else draw.owner
    if owner == MEMBER:
        return f"member field {draw.field.name}"
    if owner == ITEM:
        return f"item field {draw.field.name}"
    if owner == PURCHASE:
        return f"purchase field {draw.field.name}"
    return f"event {program.events[owner].name} field {draw.field.name}"


def draws_of(population: Population) -> list[Draw]:
    """All draws of fields, in declared order."""
    return [
        draw
        for segment in population.segments
        for draws in (
            segment.draws, segment.member_draws, *(activity.draws for activity in segment.activities),
        )
        for draw in draws
    ]  # fmt: skip


@part
def load_member(draws: Draws, plan: Plan, state: State, registers: Ints, slot: int, day: int) -> None:
    """Writes what conditions of draws may read of a member; midnights through `day` must have been done."""
    registers[p.EVENT_DAY] = day
    joined = state.members[slot, p.JOINED]
    registers[p.DAYS_SINCE_JOIN] = 0 if joined == p.NOT_JOINED else day - joined
    registers[p.REFERRED] = state.of_member.referred[slot]
    for field in range(plan.of_state.member_fields):
        registers[plan.first_member_field + field] = state.of_member.fields[slot, field]
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        registers[plan.first_status + ladder] = state.of_member.ladders[slot * ladders + ladder, STATUS]
    add_sums(draws, registers)


@part
def add_sums(draws: Draws, registers: Ints) -> None:
    """Works out the days since dates, which are sums of registers."""
    for row in range(len(draws.sums)):
        total = 0
        for term in range(draws.sums[row, p.SUM_TERMS], draws.sums[row, p.SUM_TERMS_END]):
            register = draws.sum_terms[term, p.TERM_REGISTER]
            total += registers[register] * draws.sum_terms[term, p.TERM_FACTOR]
        registers[draws.sums[row, p.SUM_REGISTER]] = total


@part
def draw_values(
    draws: Draws,
    registers: Ints,
    first_member_field: int,
    first_day: int,
    first: int,
    end: int,
    key: np.uint64,
    i: int,
    day: int,
    basket: int,
    fields: Ints,
    item_fields: Ints,
) -> None:
    """Draws rows `first` to `end` with index `i`.

    Args:
        registers: what conditions read; a member's values are written there, and are read by later draws.
        first_day: of the simulation.
        day, basket: of the event; of a member the joined day and 0.
        fields: the event's, or the member's; item_fields: [items, item fields]; item `j` has index
            i + 2^32 j.
    """
    rows = draws.rows
    row = first
    while row < end:
        if rows[row, DRAW_WHEN] != p.ALWAYS and not holds(draws.code, registers, rows[row, DRAW_WHEN]):
            row += 1
            continue
        place = rows[row, DRAW_PLACE]
        if place == OF_ITEM:
            for item in range(len(item_fields)):
                item_fields[item, rows[row, DRAW_INDEX]] = _draw_value(
                    draws, row, first_day, key, i + (item << 32), day, basket
                )
        else:
            value = _draw_value(draws, row, first_day, key, i, day, basket)
            fields[rows[row, DRAW_INDEX]] = value
            if place == OF_MEMBER:
                registers[first_member_field + rows[row, DRAW_INDEX]] = value
                add_sums(draws, registers)
        row = rows[row, DRAW_NEXT]


@part
def _draw_value(draws: Draws, row: int, first_day: int, key: np.uint64, i: int, day: int, basket: int) -> int:
    """Draws one row with index `i`."""
    rows = draws.rows
    form = rows[row, DRAW_FORM]
    start, count = rows[row, DRAW_FIRST], rows[row, DRAW_COUNT]
    if form == A_CHOICE:
        at = 0
        if count > 1:
            bits = draw_bits(key, rows[row, DRAW_PURPOSE], i)
            at = draw_choice(draws.thresholds[start : start + count], count, bits)
        return int(draws.values[start + at])
    if form == AN_AMOUNT:
        return draw_basket(draws.tables[start], draw_bits(key, rows[row, DRAW_PURPOSE], i))
    if form == A_SHARE:
        return int((2 * basket * start + count) // (2 * count))
    if form == A_DAY_BEFORE:
        return int(day - start)
    u = uniform(draw_bits(key, rows[row, DRAW_PURPOSE], i))
    return int(first_day - YOUNGEST - int(u * BIRTH_DAYS))
