"""What a population says of a transfer holds for what an earlier version of the program called so, too."""

from fractions import Fraction
from pathlib import Path

from loyalty_dsl import pipeline

OLD = """\
program p version 1 {
    money USD
    timezone "America/New_York"
    starts 2025-01-01 by purchase date
    currency points { round down per rule
        expire never
    }
    currency miles { round down per rule
        expire never
    }
    earn base { on purchase
        give 1 point per $1
    }
    transfer over { exchange 100 points for 50 miles
    }
}
"""
NEW = (
    OLD.replace("version 1", "version 2")
    .replace("starts 2025-01-01 by", "replaces version 1 from 2026-01-01 by")
    .replace("for 50 miles", "for 40 miles")
)
PEOPLE = """
population people for p { start 10 members
    segment all 100% { purchases 3 per month
        leave 3% per month
        basket median $30 sigma 0.5
        redeem 60% when a reward is affordable
        exchange over 25%
    }
}
"""


def test_members_exchange_by_the_terms_of_both_versions(tmp_path: Path) -> None:
    path = tmp_path / "rules.loyalty"
    path.write_text(OLD + NEW + PEOPLE, encoding="utf-8")
    book = pipeline.load(path)
    (segment,) = book.populations[0].segments
    exchanged = {book.programs[0].rewards[one.reward].name: one.share for one in segment.exchanges}
    assert exchanged == {"over": Fraction(1, 4), "over_version_1": Fraction(1, 4)}
