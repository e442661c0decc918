"""What warnings say of a program is so on every history: here, that rules which never fire give nothing."""

import random
import re

from drawing import ALL, OF_ONE_MEMBER, PLAIN
from drawn_histories import seeded_pair

from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.lints import lint_program

NEVER = re.compile("never fires|never gives anything|is never paid")


def test_rules_that_are_said_never_to_fire_give_nothing() -> None:
    tried = 0
    for seed in range(200):
        features = random.Random(seed).choice((ALL, PLAIN, OF_ONE_MEMBER))
        program, history = seeded_pair(seed, features)
        told = [found.message for found in lint_program(program) if NEVER.search(found.message)]
        silent = [rule for rule in program.earns if any(f"`{rule.name}` " in message for message in told)]
        idle = [rule for rule in silent if not any("this condition" in message for message in told)]
        if idle:
            result = replay(program, history, "reference", seed=1)
            tried += len(idle)
            assert [result.rules[rule.index].units for rule in idle] == [0] * len(idle), (seed, told)
    assert tried > 15
