"""How long an editor waits after a keystroke, in a process that is warm.

    pytest tests/benchmarks/bench_editor.py --benchmark-only

Goals for a file of 300 lines after an edit of one character, in the median: all findings in 10 ms; hover and
completion in 10 ms each, the reading of the new text included.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from bench_check import rules

from loyalty_dsl import editor

GOAL = 0.010
RULES = rules()


def after_edits(answer: Callable[[editor.Document, int], object]) -> Callable[[], object]:
    """Asks for an answer after one edit after the other: a digit changes, a letter goes, a blank comes."""
    luck = random.Random(1)
    document = editor.open_document({"rules.loyalty": RULES})

    def once() -> object:
        at = luck.randrange(len(RULES))
        character = RULES[at]
        new = str((int(character) + 1) % 10) if character.isdigit() else "" if character.isalpha() else " "
        return answer(document.edited(RULES[:at] + new + RULES[at + (new != " ") :]), at)

    return once


@pytest.mark.parametrize(
    "answer",
    [lambda document, at: editor.check_document(document), editor.complete, editor.hover],
    ids=["check", "complete", "hover"],
)
def test_an_answer_within_a_keystroke(benchmark: Any, answer: Any) -> None:
    benchmark.pedantic(after_edits(answer), rounds=101, warmup_rounds=10)
    assert benchmark.stats.stats.median <= GOAL
