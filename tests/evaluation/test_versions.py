"""VERSION-1 to VERSION-9: versions of a program, joined, on both evaluators.

Pairs of drawn programs are joined as versions of one program, and both evaluators run what comes of it.
"""

import os
import random
from fractions import Fraction

import attrs
import pytest
from drawing import ALL, STARTS, Feature, Seeded
from drawn_histories import draw_history
from generators import draw_program
from test_agreement import assert_same_answer

from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.succession import join_versions
from loyalty_dsl.language.checking.transitions import Exchange, Transition
from loyalty_dsl.language.checking.turning import Turn
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.syntax.versions import ReplacesClause
from loyalty_dsl.source import SourceText

SEEDED = int(os.environ.get("LOYALTY_EXAMPLES", "60"))


JOINABLE = ALL - {Feature.MEMBERSHIPS, Feature.GATES}
"""What programs with versions may have."""


def replaces_clause() -> ReplacesClause:
    text = "program a version 2 {\n    replaces version 1 from 2026-03-10 by purchase date\n}\n"
    file, _ = parse_file(SourceText("a.loyalty", text))
    (block,) = file.blocks
    (clause,) = block.clauses
    return clause


def joined_pair(seed: int) -> Program | None:
    """Two drawn programs as versions of one; `None` where the second changes what cannot change."""
    choose = Seeded(random.Random(seed))
    old, new = draw_program(choose, JOINABLE), draw_program(choose, JOINABLE)
    clause = replaces_clause()
    if choose.integer(0, 2):  # the same with other rules
        new = attrs.evolve(
            old,
            earns=tuple(attrs.evolve(rule, chance=1, items=None) for rule in old.earns),
            rewards=tuple(attrs.evolve(each, minimum_basket=0) for each in old.rewards),
            currencies=tuple(attrs.evolve(each, expiry=each.expiry) for each in old.currencies),
            ladders=tuple(
                attrs.evolve(
                    one,
                    levels=tuple(
                        attrs.evolve(level, when=one.levels[-1].when if level.index else None)
                        for level in one.levels
                    ),
                )
                for one in old.ladders
            ),
        )
    else:
        new = attrs.evolve(
            new,
            money=old.money,
            timezone=old.timezone,
            returns=old.returns,
            currencies=tuple(attrs.evolve(each, name=f"{each.name}_2") for each in new.currencies),
            ladders=tuple(attrs.evolve(one, name=f"{one.name}_2") for one in new.ladders),
        )
    ours, theirs = {one.name for one in old.ladders}, {one.name for one in new.ladders}
    day = STARTS + choose.one_of((1, 20, 40, 90))
    kept = {one.name for one in new.currencies}
    exchanges = {
        each.name: Exchange(
            Fraction(choose.integer(1, 3)),
            Fraction(choose.integer(1, 3)),
            choose.one_of(new.currencies).name,
            each.span,
        )
        for each in old.currencies
        if each.name not in kept
    }
    transition = Transition(
        said=frozenset(),
        ends=frozenset(ours - theirs),
        fresh={
            name: choose.one_of((None, day + 30, day + 200) if name in ours else (None,))
            for name in sorted(theirs)
            if choose.integer(0, 2)
        },
        exchanges=exchanges,
        phases=(),
        kept=frozenset(
            one.name
            for one in new.counters
            if any((each.name, each.window) == (one.name, one.window) for each in old.counters)
            if choose.integer(0, 2)
        ),
    )  # fmt: skip
    findings = Findings()
    found = join_versions(old, new, clause, transition, Turn(day), findings)
    return None if found is None else found.program


@pytest.mark.parametrize("first", range(0, SEEDED, 10))
def test_both_engines_agree_on_versions(first: int) -> None:
    joined = 0
    for seed in range(first, first + 10):
        program = joined_pair(seed)
        if program is not None:
            joined += 1
            assert_same_answer(program, draw_history(Seeded(random.Random(-seed)), program))
    assert joined >= 2
