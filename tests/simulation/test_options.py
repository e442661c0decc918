"""How members choose from menus: so many as the population says, each once, and nobody what is not open."""

from math import sqrt
from pathlib import Path

import pytest

from loyalty_dsl.pipeline import load
from loyalty_dsl.simulation.run import simulate_population

TEXT = """
program club {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    member {
        cardholder  yes/no
    }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    reward drink {
        price  500 points
        give   1 drink
        cost   $1
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    menu welcome {
        on      join
        choose  2 through december 31 otherwise points
        option  points give 100 points
        option  gift give 1 gift when cardholder
        option  both {
            uses  2 choices
            give  1 set
        }
    }
}
population people {
    start 0 members
    join  4,000 members per month
    segment everyone 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        cardholder 50%
        redeem     10% when a reward is affordable
        choose welcome { gift 30%, both 30%, points 15% }
    }
}
"""


def test_choices_go_where_the_population_says(tmp_path: Path) -> None:
    """Three in four choose. Of cardholders who do, two in five take the set first, which is all; of others,
    who leave the gift out, two in three. What is left goes by shares again, without the set, as it uses two.
    """
    file = tmp_path / "club.loyalty"
    file.write_text(TEXT)
    book = load(file)
    (program,), (people,) = book.programs, book.populations
    result = simulate_population(program, people, sample=4_000, months=1, tail=0)
    joined = int(result.joined.sum())
    names = (reward.name for reward in program.rewards)
    uses = dict(zip(names, result.reward_uses.sum(axis=1).tolist(), strict=True))
    expected = {
        "welcome_both": 0.75 * (0.5 * 2 / 5 + 0.5 * 2 / 3),
        "welcome_gift": 0.75 * 0.5 * (3 / 5) * 2 * (2 / 3),
        "welcome_points": 0.75 * (0.5 * (3 / 5) * 2 * (1 / 3) + 0.5 * (1 / 3) * 2),
    }
    assert joined > 3_000
    for name, share in expected.items():
        assert uses[name] / joined == pytest.approx(share, abs=5 * sqrt(2 * share / joined)), name
    assert uses["welcome_default"] == 0
    left = 2 * joined - 2 * uses["welcome_both"] - uses["welcome_gift"] - uses["welcome_points"]
    assert left / joined == pytest.approx(2 * 0.25, abs=0.06)
