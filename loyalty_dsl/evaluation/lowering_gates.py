"""Gates as lines of code: a decision for each kind of event and each reward that has any.

Invariant: an end is the number of a gate as of `gates_of`, counted down from `FIRST_LEAF`.
"""

from collections.abc import Iterable

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter
from loyalty_dsl.language.gates import Gate, gates_of
from loyalty_dsl.language.program import Program, Reward


class GateLines:
    """Writes the decisions of a program's gates."""

    def __init__(self, program: Program, writer: CodeWriter) -> None:
        self._writer = writer
        self._program = program
        self._of_events = len(program.gates)
        self._total = len(gates_of(program))

    def of_kind(self, kind: int) -> int:
        """Where the decision about events of a kind starts."""
        gates = enumerate(self._program.gates)
        return self._write((number, gate) for number, gate in gates if gate.event == kind)

    def of_reward(self, reward: Reward) -> int:
        """Where the decision about a reward starts."""
        before = sum(len(each.gates) for each in self._program.rewards if each.index < reward.index)
        return self._write(enumerate(reward.gates, self._of_events + before))

    def counts_register(self, kind: int) -> int:
        """The register of the date on which events of a kind count; -1 for their own day (COUNT-10)."""
        events = self._program.events
        field = events[kind].counts_on if kind < len(events) else None
        return -1 if field is None else self._writer.first_field + field.index

    def _write(self, gates: Iterable[tuple[int, Gate]]) -> int:
        cases = [(gate.condition, p.FIRST_LEAF - number) for number, gate in gates]
        return self._writer.write_choice(cases, p.NOT_MET)
