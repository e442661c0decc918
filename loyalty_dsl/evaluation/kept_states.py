"""A member's state taken out of the kernel, by the names of its program.

Invariant: what is kept is all that the days after depend on, but for what can be worked out again from it
(when clocks and reviews are due) and the events that could still be returned.
"""

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation import plan_state as ps
from loyalty_dsl.evaluation.plan import Plan, State
from loyalty_dsl.language.opening import (
    COUNTED,
    COUNTER,
    FIELD,
    LEVEL,
    LIMIT,
    LOT,
    MEMBER,
    PREVIOUS,
    WALLET,
    StateRow,
)
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.state_names import counted_by, counter_names, limit_names, value_words


class StateKeeper:
    """Reads the members of a state under one plan."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._limits = limit_names(program)
        self._counters = counter_names(program)
        rules = program.earns
        of_rule = plan.of_state.rule_policies.tolist()
        self._rules = {policy: rules[rule].name for rule, policy in reversed(list(enumerate(of_rule)))}

    def rows_of(self, state: State, as_of: int, used: list[int], slot: int = 0) -> tuple[StateRow, ...]:
        """The rows of the member in a slot, whose counters have been read as of the day.

        Args:
            used: of each limit, in the window that holds the day.
        """
        of_member, program = state.of_member, self._program
        joined = _day(int(state.members[slot, p.JOINED]))
        latest = _day(int(state.members[slot, p.LATEST_DAY]))
        rows = [StateRow(MEMBER, "", "", joined, None, latest, int(of_member.referred[slot]))]
        for field, value in zip(program.member_fields, of_member.fields[slot].tolist(), strict=True):
            rows.append(StateRow(FIELD, field.name, value_words(field, value), None, None, None, value))
        for currency in program.currencies:
            rows += self._wallet(state, slot, currency.index)
        for counter in program.counters:
            rows += self._counter(state, slot, counter.index)
        level_at = 0
        for ladder in program.ladders:
            for level in ladder.levels:
                through = int(of_member.grants[slot, level_at])
                level_at += 1
                if through >= as_of:
                    rows.append(StateRow(LEVEL, ladder.name, level.name, None, _day(through), None, 0))
        for name, units in zip(self._limits, used, strict=True):
            if units:
                rows.append(StateRow(LIMIT, name, "", None, None, None, units))
        return tuple(rows)

    def _wallet(self, state: State, slot: int, currency: int) -> list[StateRow]:
        name = self._program.currencies[currency].name
        account = slot * len(self._program.currencies) + currency
        wallet = state.wallets[account]
        head, tail = int(wallet[p.HEAD]), int(wallet[p.TAIL])
        lots = state.lots[account, head:tail]
        held = int(lots[:, p.LOT_UNITS].sum())
        owed = held - int(wallet[p.AVAILABLE] + wallet[p.PENDING])
        active = _day(int(wallet[p.ACTIVE]))
        rows = []
        if held or owed or active is not None:
            rows.append(StateRow(WALLET, name, "", None, None, active, owed))
        for lot in sorted(lots.tolist(), key=lambda lot: lot[p.LOT_NUMBER]):
            rule = self._rules.get(lot[p.LOT_POLICY], "")
            expiry = _day(lot[p.LOT_EXPIRY])
            rows.append(
                StateRow(LOT, name, rule, lot[p.LOT_EARNED], expiry, lot[p.LOT_AVAILABLE], lot[p.LOT_UNITS])
            )
        return rows

    def _counter(self, state: State, slot: int, index: int) -> list[StateRow]:
        counter, of_member = self._program.counters[index], state.of_member
        row = of_member.counters[slot * len(self._program.counters) + index].tolist()
        name, detail = self._counters[index], counted_by(counter)
        rows = []
        table = self._plan.of_state.counters[index]
        for entry in range(row[ps.COUNT_ENTRIES]):
            first = slot * self._plan.of_state.ring_days + int(table[ps.COUNTER_RING])
            at = first + (row[ps.COUNT_HEAD] + entry) % int(table[ps.COUNTER_RING_SIZE])
            day, leaves, value = of_member.rings[at].tolist()
            rows.append(StateRow(COUNTED, name, detail, day, leaves, None, value))
        if row[ps.COUNT_VALUE]:
            since, until = _day(row[ps.COUNT_FROM]), _day(row[ps.COUNT_UNTIL])
            rows.append(StateRow(COUNTER, name, detail, since, until, None, row[ps.COUNT_VALUE]))
        if row[ps.COUNT_PREVIOUS]:
            since, until = _day(row[ps.COUNT_FROM]), _day(row[ps.COUNT_UNTIL])
            rows.append(StateRow(PREVIOUS, name, detail, since, until, None, row[ps.COUNT_PREVIOUS]))
        return rows


def _day(day: int) -> int | None:
    """A day that a calendar has; none of those that stand for never, or for before all."""
    return None if day == NEVER or day <= -(10**7) else day
