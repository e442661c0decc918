"""How the first members stand at the start, as tables that compiled code reads.

Invariant: a state is read by names, so it means the same under another version of the program; what that
version does not have is left out and said (`opening_names`). Without an opening there are no rows.
"""

from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_calendar import BEFORE_ALL, years_since
from loyalty_dsl.evaluation.kernel_widths import fix_widths
from loyalty_dsl.evaluation.plan import (
    EVENT,
    LIMIT_INDEX,
    LIMIT_WINDOW,
    MEMBERSHIP,
    MONTH,
    NOT_JOINED,
    Plan,
)
from loyalty_dsl.evaluation.plan_state import ACCOUNT_POLICY
from loyalty_dsl.language import opening as o
from loyalty_dsl.language.opening import Opening, StateRow
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.state_names import counter_names, limit_names
from loyalty_dsl.simulation.behaviour import Behaviour
from loyalty_dsl.simulation.known_pasts import ways_of_members

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

NOT_SAID = -(2**62)
"""In `OpeningTables.fields`: the ledger does not know the field."""

OPEN_JOINED, OPEN_REFERRED = range(2)
OPEN_ACTIVE, OPEN_OWED = range(2)
OPEN_UNITS, OPEN_AVAILABLE, OPEN_EXPIRY, OPEN_EARNED, OPEN_POLICY = range(5)
OPEN_FROM, OPEN_UNTIL, OPEN_VALUE, OPEN_PREVIOUS = range(4)
OPEN_WINDOW, OPEN_USED = range(2)


class OpeningTables(NamedTuple):
    """The states of a ledger's members.

    Attributes:
        as_of: their day, which is over; before: the vintages of what they hold, each a month of the tables
            before the first reported.
        chosen: [first members] the member of the ledger that each of them is.
        members: [n, 2] joined day and whether brought; fields: [n, F].
        wallets: [n * C, 2] latest activity and what is owed; lots: [..., 5], those of wallet w from
            `lot_starts[w]` to `lot_starts[w + 1]`, in the order in which they were posted.
        counters: [n * K, 4]; rings: [..., 3] likewise by `ring_starts`.
        grants: [n, V] the last day of each level; used: [n * L, 2] the window of each limit, and the count.
        own: [n * S, 9] each member's own numbers in each segment (`own_ways`), and segments: [n, S] uint64,
            cumulative shares; no rows where members behave as anybody.
    """

    as_of: int
    before: int
    chosen: Ints
    members: Ints
    fields: Ints
    wallets: Ints
    lot_starts: Ints
    lots: Ints
    counters: Ints
    ring_starts: Ints
    rings: Ints
    grants: Ints
    used: Ints
    own: Floats
    segments: Words


fix_widths(OpeningTables, members=2, wallets=2, lots=5, counters=4, rings=3, used=2, own=9)


def no_opening() -> OpeningTables:
    """Of first members who begin with nothing."""

    def table(columns: int) -> Ints:
        return np.zeros((0, columns), np.int64)

    none = np.zeros(0, np.int64)
    return OpeningTables(
        0, 0, none, table(2), table(0), table(2), none, table(5), table(4), none, table(3), table(0),
        table(2), np.zeros((0, 9)), np.zeros((0, 0), np.uint64),
    )  # fmt: skip


def choose_members(opening: Opening, first_members: int, seed: int) -> Ints:
    """[first members] who of the ledger each of them is: all of them once, in order, where they are as many;
    otherwise in an order that is a hash of seed and name, again and again."""
    members = len(opening.names)
    if first_members == members:
        return np.arange(members)
    words = [sha256(f"{seed} {name}".encode()).digest() for name in opening.names]
    order = np.array(sorted(range(members), key=lambda member: (words[member], member)), np.int64)
    return order[np.arange(first_members) % members]


def lower_opening(
    program: Program, plan: Plan, opening: Opening, first_members: int, seed: int
) -> OpeningTables:
    """Reads states under a program; how members behave is still that of anybody (`know_members`).

    Args:
        plan: of the program, over days that begin with `opening.earliest` or before.
        first_members: simulated.
    """
    reader = _Reader(program, plan, opening)
    return reader.tables(choose_members(opening, first_members, seed))


def know_members(
    tables: OpeningTables, population: Population, behaviour: Behaviour, opening: Opening
) -> OpeningTables:
    """The same with how each member behaves given what it has bought."""
    own, segments = ways_of_members(population, behaviour, opening, tables.fields, NOT_SAID)
    return tables._replace(own=own, segments=segments)


class _Reader:
    def __init__(self, program: Program, plan: Plan, opening: Opening) -> None:
        self._program, self._plan, self._opening = program, plan, opening
        self._currencies = {one.name: one.index for one in program.currencies}
        self._fields = {one.name: one for one in program.member_fields}
        self._counters = {name: index for index, name in enumerate(counter_names(program))}
        self._limits = {name: index for index, name in enumerate(limit_names(program))}
        of_rule = plan.of_state.rule_policies.tolist()
        self._policies = {(rule.currency, rule.name): of_rule[rule.index] for rule in program.earns}
        self._levels: dict[tuple[str, str], int] = {}
        for ladder in program.ladders:
            for level in ladder.levels:
                self._levels[ladder.name, level.name] = len(self._levels)
        n = len(opening.names)
        self._members = np.zeros((n, 2), np.int64)
        self._said = np.full((n, len(program.member_fields)), NOT_SAID, np.int64)
        self._wallets = np.zeros((n * len(program.currencies), 2), np.int64)
        self._counts = np.zeros((n * len(program.counters), 4), np.int64)
        self._grants = np.full((n, len(self._levels)), NOT_JOINED, np.int64)
        self._used = np.zeros((n * program.limit_count, 2), np.int64)
        self._lots: dict[int, list[tuple[int, ...]]] = {}
        self._rings: dict[int, list[tuple[int, ...]]] = {}

    def tables(self, chosen: Ints) -> OpeningTables:
        for member, rows in enumerate(self._opening.rows):
            self._read(member, rows)
        lot_starts, lots = _packed(self._lots, len(self._wallets), 5)
        ring_starts, rings = _packed(self._rings, len(self._counts), 3)
        return OpeningTables(
            as_of=self._opening.as_of,
            before=int(self._plan.days[self._opening.as_of - self._plan.first_day, MONTH]) + 1,
            chosen=chosen,
            members=self._members,
            fields=self._said,
            wallets=self._wallets,
            lot_starts=lot_starts,
            lots=lots,
            counters=self._counts,
            ring_starts=ring_starts,
            rings=rings,
            grants=self._grants,
            used=self._used,
            own=np.zeros((0, 9)),
            segments=np.zeros((0, 0), np.uint64),
        )

    def _read(self, member: int, rows: tuple[StateRow, ...]) -> None:
        currencies, counters = len(self._program.currencies), len(self._program.counters)
        latest = joined = NOT_JOINED
        for row in rows:
            match row.what:
                case o.MEMBER:
                    joined = NOT_JOINED if row.since is None else row.since
                    latest = NOT_JOINED if row.day is None else row.day
                    self._members[member] = joined, row.units
                    first = member * currencies
                    self._wallets[first : first + currencies, OPEN_ACTIVE] = latest
                    self._read_windows(member, joined)
                case o.FIELD if row.name in self._fields:
                    field = self._fields[row.name]
                    value = row.units
                    if row.detail:
                        value = field.values.index(row.detail) if row.detail in field.values else NOT_SAID
                    self._said[member, field.index] = value
                case o.WALLET if row.name in self._currencies:
                    wallet = member * currencies + self._currencies[row.name]
                    self._wallets[wallet, OPEN_OWED] = row.units
                    if row.day is not None:
                        self._wallets[wallet, OPEN_ACTIVE] = row.day
                case o.LOT if row.name in self._currencies:
                    self._read_lot(member, row)
                case o.COUNTER | o.PREVIOUS if row.name in self._counters:
                    count = self._counts[member * counters + self._counters[row.name]]
                    count[OPEN_FROM] = BEFORE_ALL if row.since is None else row.since
                    count[OPEN_UNTIL] = NEVER if row.until is None else row.until
                    count[OPEN_VALUE if row.what == o.COUNTER else OPEN_PREVIOUS] = row.units
                case o.COUNTED if row.name in self._counters:
                    assert row.since is not None
                    at = member * counters + self._counters[row.name]
                    leaves = NEVER if row.until is None else row.until
                    self._rings.setdefault(at, []).append((row.since, leaves, row.units))
                case o.LEVEL if (row.name, row.detail) in self._levels:
                    through = NEVER if row.until is None else row.until
                    self._grants[member, self._levels[row.name, row.detail]] = through
                case o.LIMIT if row.name in self._limits:
                    limit = member * self._program.limit_count + self._limits[row.name]
                    self._used[limit, OPEN_USED] = row.units
                case _:
                    pass  # the version has no such thing: `opening_names` says so

    def _read_lot(self, member: int, row: StateRow) -> None:
        currency = self._currencies[row.name]
        policy = int(self._plan.of_state.accounts[currency, ACCOUNT_POLICY])
        assert row.since is not None
        lot = (
            row.units,
            row.since if row.day is None else row.day,
            NEVER if row.until is None else row.until,
            row.since,
            self._policies.get((currency, row.detail), policy),
        )
        self._lots.setdefault(member * len(self._program.currencies) + currency, []).append(lot)

    def _read_windows(self, member: int, joined: int) -> None:
        """Which window each limit was in on the last day (LIMIT-3)."""
        plan, as_of = self._plan, self._opening.as_of
        row = plan.days[as_of - plan.first_day]
        for limit in plan.limits.tolist():
            column = limit[LIMIT_WINDOW]
            if column == EVENT:
                continue
            window = int(row[column]) if column >= 0 else 0
            if column == MEMBERSHIP and joined != NOT_JOINED:
                window = int(years_since(joined, as_of))
            self._used[member * self._program.limit_count + limit[LIMIT_INDEX], OPEN_WINDOW] = window


def _packed(rows: dict[int, list[tuple[int, ...]]], owners: int, columns: int) -> tuple[Ints, Ints]:
    """Where the rows of each owner start, and all rows."""
    counts = np.zeros(owners + 1, np.int64)
    for owner, its in rows.items():
        counts[owner + 1] = len(its)
    packed = [row for owner in sorted(rows) for row in rows[owner]]
    return np.cumsum(counts), np.array(packed, np.int64).reshape(len(packed), columns)
