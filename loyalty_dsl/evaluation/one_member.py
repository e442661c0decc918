"""One member of a history, brought to a day by the reference.

Invariant: the member is where a replay of all members has it at the end of that day; of the others only those
are run whom the member brought, and whom those brought.
"""

import attrs
import numpy as np

from loyalty_dsl.evaluation.delivery import run_in_waves, with_deliveries
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.everyone import Closings, closings_of, limits_for_everyone
from loyalty_dsl.evaluation.friends import Friendships
from loyalty_dsl.evaluation.groups import advance, open_group
from loyalty_dsl.evaluation.history import History, Ints
from loyalty_dsl.evaluation.ledger import RefusalKind
from loyalty_dsl.evaluation.luck import Drawn, key_of
from loyalty_dsl.evaluation.member_states import LiveMember
from loyalty_dsl.evaluation.members import Group
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.program import Program


def bring_to(
    program: Program, history: History, member: int, day: int, *, seed: int, engine: Engine
) -> LiveMember:
    """Runs the events of a member up to a day.

    Args:
        member: by index.
        engine: what runs everybody, where a limit for everyone has to be known.
    """
    closings: Closings = {}
    if limits_for_everyone(program):
        closings = closings_of(program, replay(program, history, engine, seed=seed).together)
    its = _with_friends(history, member)
    part, _ = with_deliveries(program, history, its, {})
    numbers = {whole: number for number, whole in enumerate(its.tolist())}
    referrers = np.array([numbers.get(each, -1) for each in history.referrers[its].tolist()], np.int64)
    part = attrs.evolve(part, referrers=referrers, last_day=day)
    reached: list[Group] = []

    def run(members: Ints, wave: History) -> Ints:
        happened = np.ones(len(wave.day), np.int64)
        for number in range(len(wave.members)):
            group = _run(program, wave, number, (day, seed, closings), happened)
            if int(members[number]) == numbers[member]:
                reached.append(group)
        return happened

    run_in_waves(program, part, run)
    return LiveMember(
        program=program,
        name=history.members[member],
        seed=seed,
        group=reached[0],
        friends=[],
        friendships=Friendships(program),
        totals=(),
        uses=[],
    )


def _run(
    program: Program, wave: History, number: int, how: tuple[int, int, Closings], happened: Ints
) -> Group:
    """Runs one member of a wave; events that were refused are marked as not having happened."""
    day, seed, closings = how
    group = open_group(program)
    drawn = Drawn([key_of(seed, wave.members[number])])
    group.luck, group.held_out = drawn, drawn.held_out
    group.only.usage.closed = closings
    counts = [len(kind.fields) for kind in program.events]
    for place, event in enumerate(wave.events_of(number, counts), int(wave.starts[number])):
        if event.day > day:
            break
        refusals = apply(group, event).refusals
        if any(each.kind is not RefusalKind.REWARD or event.kind == REDEEM for each in refusals):
            happened[place] = 0
    advance(group, day)
    return group


def _with_friends(history: History, member: int) -> Ints:
    """The member and all whom it brought, by whatever detour; by index, in order."""
    found, waiting = {member}, [member]
    while waiting:
        friends = np.flatnonzero(history.referrers == waiting.pop()).tolist()
        waiting += [friend for friend in friends if friend not in found]
        found.update(friends)
    return np.array(sorted(found), np.int64)
