"""Conditions as lines of code: each compares two registers and names the line for either answer.

Invariant: a line only goes on to lines written before it, so every condition ends.
"""

from collections.abc import Sequence
from typing import assert_never

from loyalty_dsl.evaluation import plan
from loyalty_dsl.evaluation.kernel_calendar import duration_code, window_code
from loyalty_dsl.evaluation.plan_state import NO_WINDOW, WEEKDAYS
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.program import Program

_TESTS = {
    c.Order.EQUAL: plan.EQUAL,
    c.Order.LESS: plan.LESS,
    c.Order.AT_MOST: plan.AT_MOST,
    c.Order.MORE: plan.MORE,
    c.Order.AT_LEAST: plan.AT_LEAST,
}


class NotLowered(Exception):
    """A program says something that the compiled engine cannot do yet; the reference can.

    Attributes:
        what: in a designer's words.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class CodeWriter:
    """Writes conditions and decisions one after the other and gathers the constants and sums of counters that
    they compare with.

    Attributes:
        lines: rows of `Plan.code`.
        sums: terms (register, factor) of a sum -> its register.
    """

    def __init__(self, program: Program) -> None:
        self.lines: list[tuple[int, int, int, int, int]] = []
        self.first_member_field = plan.FIRST_BALANCE + len(program.currencies)
        self.first_status = self.first_member_field + len(program.member_fields)
        self.first_counter = self.first_status + len(program.ladders)
        self.first_previous = self.first_counter + len(program.counters)
        self.first_field = self.first_previous + len(program.counters)
        self.first_item_field = self.first_field + max(len(kind.fields) for kind in program.events)
        self._constants: dict[int, int] = {}
        self.sums: dict[tuple[tuple[int, int], ...], int] = {}
        self.first_audience = self.first_item_field + len(program.item_fields)
        self._audiences = {audience.name: at for at, audience in enumerate(program.audiences)}
        self._deadlines: dict[c.DayWithin, int] = {}
        self._registers = [0] * (self.first_audience + len(program.audiences))

    def registers(self) -> list[int]:
        """What the registers hold before any event: the constants, and zeros."""
        return list(self._registers)

    def lower_sums(self) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
        """Rows of `Plan.sums` and of `Plan.sum_terms`."""
        sums: list[tuple[int, int, int]] = []
        terms: list[tuple[int, int]] = []
        for sum_, register in self.sums.items():
            first = len(terms)
            terms += sum_
            sums.append((register, first, len(terms)))
        return sums, terms

    def lower_deadlines(self) -> list[tuple[int, int, int, int, int, int]]:
        """Rows of `StatePlan.deadlines`."""
        rows = []
        for operand, register in self._deadlines.items():
            window, argument = (NO_WINDOW, 0) if operand.window is None else window_code(operand.window)
            match operand.length:
                case c.BusinessDays(count):
                    unit = WEEKDAYS
                case _:
                    count, unit = duration_code(operand.length)
            rows.append((register, self.register_of(operand.of), window, argument, count, unit))
        return rows

    def write_choice(self, cases: Sequence[tuple[c.Condition | None, int]], otherwise: int) -> int:
        """Writes a decision: where the first case whose condition holds goes, or `otherwise`.

        Args:
            cases: each condition with its line or end.

        Returns:
            The line at which the decision starts.
        """
        start = otherwise
        for condition, then in reversed(cases):
            start = self.write(condition, then, start)
        return start

    def write(
        self, condition: c.Condition | None, if_true: int = plan.ALWAYS, if_false: int = plan.NOT_MET
    ) -> int:
        """Writes a condition.

        Args:
            condition: `None` always holds.
            if_true, if_false: the line to go on at, or the end.

        Returns:
            The line at which the condition starts.
        """
        match condition:
            case None:
                return if_true
            case c.Compare(left, order, right):
                return self._test(
                    _TESTS[order], self.register_of(left), self.register_of(right), if_true, if_false
                )
            case c.OneAmong(operand, values):
                return self._among(self.register_of(operand), values, if_true, if_false)
            case c.Not(inner):
                return self.write(inner, if_false, if_true)
            case c.All(inner):
                start = if_true
                for each in reversed(inner):
                    start = self.write(each, start, if_false)
                return start
            case c.Any(inner):
                start = if_false
                for each in reversed(inner):
                    start = self.write(each, if_true, start)
                return start
            case _:
                assert_never(condition)

    def _among(self, register: int, values: Sequence[int], if_true: int, if_false: int) -> int:
        small = [value for value in values if 0 <= value <= plan.LARGEST_MEMBER]
        start = if_false
        for value in values:
            if value not in small:
                start = self._test(plan.EQUAL, register, self._constant(value), if_true, start)
        if small:
            members = sum(1 << value for value in set(small))
            start = self._test(plan.AMONG, register, self._constant(members), if_true, start)
        return start

    def _test(self, test: int, left: int, right: int, if_true: int, if_false: int) -> int:
        self.lines.append((test, left, right, if_true, if_false))
        return len(self.lines) - 1

    def register_of(self, operand: c.Operand) -> int:
        """The register in which the kernel finds an operand."""
        match operand:
            case c.Literal(value, _):
                return self._constant(value)
            case c.EventField(field):
                return self.first_field + field.index
            case c.ItemField(field):
                return self.first_item_field + field.index
            case c.EventAmount(base):
                return register_of_base(base)
            case c.BalanceOf(currency):
                return plan.FIRST_BALANCE + currency
            case c.DaysSinceJoin():
                return plan.DAYS_SINCE_JOIN
            case c.MemberField(field):
                return self.first_member_field + field.index
            case c.EventDay() | c.CountedDay():  # where they differ, the kernel writes the latter
                return plan.EVENT_DAY
            case c.EventWeekday():
                return plan.WEEKDAY
            case c.StatusOf(ladder):
                return self.first_status + ladder
            case c.CounterValue(counter, previous):
                return (self.first_previous if previous else self.first_counter) + counter
            case c.CounterSum(terms):
                return self._sum(tuple((self.register_of(counter), factor) for factor, counter in terms))
            case c.DaysSince(of):
                return self._sum(((plan.EVENT_DAY, 1), (self.register_of(of), -1)))
            case c.DayWithin():
                return self._deadline(operand)
            case c.IsReferred():
                return plan.REFERRED
            case c.HeldOut(audience):
                return self.first_audience + self._audiences[audience]
            case _:
                assert_never(operand)

    def _deadline(self, operand: c.DayWithin) -> int:
        if operand not in self._deadlines:
            self._deadlines[operand] = self._new_register(0)
        return self._deadlines[operand]

    def less(self, operand: c.Operand, constant: int) -> int:
        """The register that has an operand less a constant."""
        register = self.register_of(operand)
        return self._sum(((register, 1), (self._constant(constant), -1))) if constant else register

    def room(self, most: int, used: c.Operand | None) -> int:
        """The register that has what is left of so many when so much of it is used."""
        whole = self._constant(most)
        return whole if used is None else self._sum(((whole, 1), (self.register_of(used), -1)))

    def _constant(self, value: int) -> int:
        if value not in self._constants:
            self._constants[value] = self._new_register(value)
        return self._constants[value]

    def _sum(self, terms: tuple[tuple[int, int], ...]) -> int:
        if terms not in self.sums:
            self.sums[terms] = self._new_register(0)
        return self.sums[terms]

    def _new_register(self, value: int) -> int:
        self._registers.append(value)
        return len(self._registers) - 1


def register_of_base(base: c.Base) -> int:
    """The register of one of an event's two amounts."""
    return plan.BASKET if base is c.Base.BASKET else plan.AMOUNT
