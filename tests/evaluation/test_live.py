"""A member's state that is kept between events: the same postings and figures as a replay of all of them."""

import json

import attrs
from drawn_histories import programs_and_histories, seeded_pair
from hypothesis import given, settings

from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import canonical_postings
from loyalty_dsl.evaluation.live import advance_to, apply_to, begin
from loyalty_dsl.evaluation.luck import Drawn, key_of
from loyalty_dsl.evaluation.member_states import MemberState, live_of, totals_of_live
from loyalty_dsl.evaluation.members import facts_on
from loyalty_dsl.evaluation.reference import run
from loyalty_dsl.language.program import Program


def again(state: MemberState) -> MemberState:
    """A state that went through its text, which has to be written alike again."""
    read = MemberState.from_json(state.to_json())
    assert read == state
    return read


def assert_states_are_enough(program: Program, history: History) -> None:
    """One event after the other, each from the text of the state before it, is a run of all."""
    if limits_for_everyone(program):
        program = without_limits_for_everyone(program)
    counts = [len(kind.fields) for kind in program.events]
    for number, name in enumerate(history.members):
        events = history.events_of(number, counts)
        luck = Drawn([key_of(1, name)])
        whole = run(program, events, history.last_day, luck=luck, held_out=luck.held_out)
        state, applied = begin(program, name, 1), []
        for event in events:
            applied.append(apply_to(live_of(program, again(state), 1), event))
            state = applied[-1].state
        applied.append(advance_to(live_of(program, again(state), 1), history.last_day))
        live = live_of(program, again(applied[-1].state), 1)
        postings = [posting for each in applied for posting in each.postings]
        assert canonical_postings(postings) == canonical_postings(whole.postings)
        assert totals_of_live(live) == whole.totals
        assert tuple(r for each in applied for r in each.refusals) == whole.refusals
        assert tuple(account.debt for account in live.member.accounts) == whole.debts
        day = history.last_day
        assert facts_on(live.group, live.member, day, day).counters == whole.counters
        uses = [(use.times, use.off, use.given) for use in whole.uses]
        assert [tuple(each) for each in json.loads(applied[-1].state.text)["uses"]] == uses


def without_limits_for_everyone(program: Program) -> Program:
    def own(each: object) -> object:
        limits = tuple(attrs.evolve(limit, everyone=False) for limit in each.limits)  # type: ignore[attr-defined]
        return attrs.evolve(each, limits=limits)  # type: ignore[misc]

    return attrs.evolve(
        program,
        earns=tuple(map(own, program.earns)),
        groups=tuple(map(own, program.groups)),
        rewards=tuple(map(own, program.rewards)),
    )


@given(programs_and_histories())
@settings(max_examples=25, deadline=None)
def test_any_program_can_be_gone_through_state_by_state(pair: tuple[Program, History]) -> None:
    assert_states_are_enough(*pair)


def test_seeded_programs_can_be_gone_through_state_by_state() -> None:
    for seed in range(40):
        assert_states_are_enough(*seeded_pair(seed))
