"""Conditions as lines of code: each compares two registers and names the line for either answer.

Invariant: a line only goes on to lines written before it, so every condition ends.
"""

from collections.abc import Sequence
from typing import assert_never

from loyalty_dsl.evaluation import plan
from loyalty_dsl.language import conditions as c

_TESTS = {
    c.Order.EQUAL: plan.EQUAL,
    c.Order.LESS: plan.LESS,
    c.Order.AT_MOST: plan.AT_MOST,
    c.Order.MORE: plan.MORE,
    c.Order.AT_LEAST: plan.AT_LEAST,
}


class CodeWriter:
    """Writes conditions one after the other and gathers the constants that they compare with.

    Attributes:
        lines: rows of `Plan.code`.
        constants: value -> register.
    """

    def __init__(self, currencies: int, event_fields: int, item_fields: int) -> None:
        self.lines: list[tuple[int, int, int, int, int]] = []
        self.constants: dict[int, int] = {}
        self.first_field = plan.FIRST_BALANCE + currencies
        self.first_item_field = self.first_field + event_fields
        self._first_constant = self.first_item_field + item_fields

    def registers(self) -> list[int]:
        """What the registers hold before any event: zeros, then the constants."""
        return [0] * self._first_constant + list(self.constants)

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
                    _TESTS[order], self._register(left), self._register(right), if_true, if_false
                )
            case c.OneAmong(operand, values):
                return self._among(self._register(operand), values, if_true, if_false)
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

    def _register(self, operand: c.Operand) -> int:
        match operand:
            case c.Literal(value, _):
                return self._constant(value)
            case c.EventField(field):
                return self.first_field + field.index
            case c.ItemField(field):
                return self.first_item_field + field.index
            case c.EventAmount(base):
                return register_of(base)
            case c.BalanceOf(currency):
                return plan.FIRST_BALANCE + currency
            case c.DaysSinceJoin():
                return plan.DAYS_SINCE_JOIN
            case _:
                assert_never(operand)

    def _constant(self, value: int) -> int:
        return self.constants.setdefault(value, self._first_constant + len(self.constants))


def register_of(base: c.Base) -> int:
    """The register of one of an event's two amounts."""
    return plan.BASKET if base is c.Base.BASKET else plan.AMOUNT
