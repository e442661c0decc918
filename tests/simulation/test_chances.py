"""EARN-12: the luck of simulated members is that of their keys, as the reference draws it."""

from pathlib import Path

import numpy as np

from loyalty_dsl.evaluation.groups import advance, give_joined, open_group
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.luck import Drawn
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.pipeline import load
from loyalty_dsl.simulation.randomness import member_key
from loyalty_dsl.simulation.recording import record_lives
from loyalty_dsl.simulation.run import simulate_population

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  3 months after earning
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    earn lottery {
        on      purchase where amount >= $5
        give    50 points
        chance  30%
        limit   2 times per calendar month
    }
    earn surprise {
        on      start of calendar month
        give    7 points
        chance  12.5%
    }
}
population locals for corner {
    start  300 members
    segment all 100% {
        purchases  3 per month spread 1
        leave      4% per month
        basket     median $12 sigma 0.9
    }
}
"""


def test_simulated_members_win_what_the_reference_says_of_their_keys(tmp_path: Path) -> None:
    path = tmp_path / "rules.loyalty"
    path.write_text(RULES)
    book = load(path)
    (program,), (people,) = book.programs, book.populations
    result = simulate_population(program, people, sample=300, months=8, tail=0, shards=3, seed=5)
    recorded = record_lives(program, people, sample=300, months=8, seed=5)
    first, after = int(result.month_starts[0]), int(result.month_starts[-1])
    units, outstanding = dict.fromkeys((rule.name for rule in program.earns), 0), 0
    for member in range(recorded.first):
        group = open_group(program)
        group.luck = Drawn([int(member_key(5, 0, member))])
        advance(group, first - 1)
        give_joined(group, first - 1)
        for event in recorded.history.events_of(member, [len(kind.fields) for kind in program.events]):
            apply(group, event)
        advance(group, after - 1)
        for posting in group.only.journal:
            if posting.kind is PostingKind.EARNED:
                units[posting.name] += posting.units
        outstanding += group.only.accounts[0].outstanding
    assert result.rule_units.sum(axis=1).tolist() == list(units.values())
    assert min(units.values()) > 0
    assert int(np.asarray(result.outstanding[0])[:, -1].sum()) == outstanding
