"""A replay by the reference evaluator: one group after the other, one event after the other.

Invariant: nothing is computed here that the reference has not said; this module only gathers.
"""

from collections.abc import Iterator
from itertools import accumulate

import numpy as np

from loyalty_dsl.evaluation.connected import events_of_group, groups_of
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.everyone import Closings
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import CanonicalPosting, PostingKind, canonical_postings
from loyalty_dsl.evaluation.luck import Drawn, key_of
from loyalty_dsl.evaluation.reference import MemberRun, run_group
from loyalty_dsl.evaluation.replay import NO_GRANT, Balances, RefusedEvent, Replay, RewardTotal, RuleTotal
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.language.program import Program


def replay_reference(
    program: Program, history: History, with_postings: bool, closings: Closings, seed: int
) -> Replay:
    """Runs a history through a program by the reference evaluator."""
    members = len(history.members)
    field_counts = [len(kind.fields) for kind in program.events]
    balances = Balances.empty(members, len(program.currencies))
    usage = np.zeros((members, program.limit_count), np.int64)
    counters = np.zeros((members, len(program.counters)), np.int64)
    first_levels = [0, *accumulate(len(ladder.levels) for ladder in program.ladders)]
    grants = np.full((members, first_levels[-1]), NO_GRANT)
    rule_units = dict.fromkeys((rule.name for rule in program.earns), 0)
    rule_times = dict(rule_units)
    uses = [RewardTotal(0, 0, cost_of(reward, 0, 0)) for reward in program.rewards]
    basket = int(history.basket.max(initial=0))
    together: dict[tuple[int, int], int] = {}
    refusals: list[list[RefusedEvent]] = [[] for _ in range(members)]
    postings: list[tuple[CanonicalPosting, ...]] = [()] * members
    groups = groups_of(history)

    def outcomes() -> Iterator[tuple[int, MemberRun]]:
        for group in range(len(groups)):
            its = groups.of(group).tolist()
            events = events_of_group(history, groups, group, field_counts)
            luck = Drawn([key_of(seed, history.members[member]) for member in its])
            ran = run_group(
                program, len(its), events, history.last_day, closings, luck=luck, held_out=luck.held_out
            )
            yield from zip(its, ran, strict=True)

    for member, outcome in outcomes():
        for posting in outcome.postings:
            if posting.kind is PostingKind.EARNED and posting.name in rule_units:  # and not a reward
                rule_units[posting.name] += posting.units
                rule_times[posting.name] += 1
        for use in outcome.uses:
            so_far = uses[use.reward]
            times, off, given = so_far.uses + use.times, so_far.off + use.off, so_far.given + use.given
            cost = cost_of(program.rewards[use.reward], times, off, given)
            uses[use.reward] = RewardTotal(times, off, cost, given)
        # NUM-6: nothing here can wrap around, but the figures of a replay are of 64 bits.
        verify_sums_fit(program, list(rule_times.values()), [use.uses for use in uses], basket)
        for currency, totals in enumerate(outcome.totals):
            balances.issued[member, currency] = totals.issued
            balances.redeemed[member, currency] = totals.redeemed
            balances.expired[member, currency] = totals.expired
            balances.reversed[member, currency] = totals.reversed
            balances.received[member, currency] = totals.received
            balances.sent[member, currency] = totals.sent
            balances.pending[member, currency] = totals.pending
            balances.outstanding[member, currency] = totals.outstanding
        usage[member] = outcome.usage
        for key, counted in outcome.together:
            together[key] = together.get(key, 0) + counted
        counters[member] = outcome.counters
        for ladder, level, through in outcome.grants:
            grants[member, first_levels[ladder] + level] = through
        own = range(int(history.starts[member]), int(history.starts[member + 1]))
        rows = {str(history.ids[event]): event for event in own}
        refusals[member] = [
            RefusedEvent(int(history.rows[rows[refusal.event]]), history.members[member], refusal)
            for refusal in outcome.refusals
        ]
        if with_postings:
            postings[member] = canonical_postings(outcome.postings)
    return Replay(
        program=program,
        history=history,
        balances=balances,
        usage=usage,
        rules=tuple(RuleTotal(rule_units[rule.name], rule_times[rule.name]) for rule in program.earns),
        rewards=tuple(uses),
        refusals=tuple(each for its in refusals for each in its),
        postings=tuple(postings) if with_postings else None,
        counters=counters,
        grants=grants,
        together={key: counted for key, counted in together.items() if counted},
    )
