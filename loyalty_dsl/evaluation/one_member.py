"""One member of a history, brought to a day by the reference.

Invariant: the member is where a replay of all members has it at the end of that day; of the others only those
are run whom the member brought, and whom those brought, or whom transfers connect with the member.
"""

import attrs
import numpy as np

from loyalty_dsl.evaluation.connected import events_of_group, groups_of
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
from loyalty_dsl.evaluation.witness import Witness
from loyalty_dsl.language.program import Program


def closings_before(program: Program, history: History, *, seed: int, engine: Engine) -> Closings:
    """When limits for everyone were closed, for which everybody is run by an engine; none without one."""
    if not limits_for_everyone(program):
        return {}
    return closings_of(program, replay(program, history, engine, seed=seed).together)


def bring_to(
    program: Program,
    history: History,
    member: int,
    day: int,
    *,
    seed: int,
    closings: Closings,
    witness: Witness | None = None,
) -> LiveMember:
    """Runs the events of a member up to a day.

    Args:
        member: by index.
        closings: of limits for everyone, as of `closings_before`.
        witness: is told of it; where transfers connect the member with others, of all of these.
    """
    if (history.recipients >= 0).any():
        return _as_live(
            program,
            history.members[member],
            seed,
            _with_others(program, history, member, (day, seed, closings), witness),
        )
    its = _with_friends(history, member)
    part, _ = with_deliveries(program, history, its, {})
    numbers = {whole: number for number, whole in enumerate(its.tolist())}
    referrers = np.array([numbers.get(each, -1) for each in history.referrers[its].tolist()], np.int64)
    part = attrs.evolve(part, referrers=referrers, last_day=day)
    reached: list[Group] = []

    def run(members: Ints, wave: History) -> Ints:
        happened = np.ones(len(wave.day), np.int64)
        for number in range(len(wave.members)):
            itself = int(members[number]) == numbers[member]
            watched = witness if itself else None
            group = _run(program, wave, number, (day, seed, closings), happened, watched)
            if itself:
                reached.append(group)
        return happened

    run_in_waves(program, part, run)
    return _as_live(program, history.members[member], seed, reached[0])


def _as_live(program: Program, name: str, seed: int, group: Group) -> LiveMember:
    return LiveMember(
        program=program,
        name=name,
        seed=seed,
        group=group,
        friends=[],
        friendships=Friendships(program),
        totals=(),
        uses=[],
    )


def connected_with(history: History, member: int) -> list[int]:
    """The members whom transfers connect with one, itself among them, by the slots of their group."""
    if not (history.recipients >= 0).any():
        return [member]
    groups = groups_of(history)
    number = next(each for each in range(len(groups)) if member in groups.of(each))
    return [int(each) for each in groups.of(number)]


def _with_others(
    program: Program,
    history: History,
    member: int,
    how: tuple[int, int, Closings],
    witness: Witness | None,
) -> Group:
    """A group of the member alone, after all whom transfers connect with it have been run together: one to
    look at, as no midnight is left in it."""
    day, seed, closings = how
    groups = groups_of(history)
    number = next(each for each in range(len(groups)) if member in groups.of(each))
    its = groups.of(number).tolist()
    group = open_group(program, len(its))
    drawn = Drawn([key_of(seed, history.members[each]) for each in its])
    group.luck, group.held_out = drawn, drawn.held_out
    group.witness = witness
    for each in group.members:
        each.usage.closed = closings
    counts = [len(kind.fields) for kind in program.events]
    for event in events_of_group(history, groups, number, counts):
        if event.day > day:
            break
        apply(group, event)
    advance(group, day)
    return attrs.evolve(group, members=(group.members[its.index(member)],), agenda=[])


def _run(  # noqa: PLR0917
    program: Program,
    wave: History,
    number: int,
    how: tuple[int, int, Closings],
    happened: Ints,
    witness: Witness | None,
) -> Group:
    """Runs one member of a wave; events that were refused are marked as not having happened."""
    day, seed, closings = how
    group = open_group(program)
    drawn = Drawn([key_of(seed, wave.members[number])])
    group.luck, group.held_out = drawn, drawn.held_out
    group.only.usage.closed = closings
    group.witness = witness
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
