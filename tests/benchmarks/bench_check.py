"""How long a designer waits for `loyalty check`, as a whole process.

    pytest tests/benchmarks/bench_check.py --benchmark-only

Goal: at most 150 ms in the median on a file of 300 lines, from the start of the process to its end.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

GOAL = 0.150
LINES = 300

HEAD = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    event purchase {
        payment  one of card, cash
        online   yes/no
    }

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
"""
RULE = """
    earn rule_{} {{
        on     purchase where payment is card and amount >= $5
        when   online and days since join >= 7
        dates  from 2026-03-01 through 2026-05-31
        give   1 point per $1
        limit  100 points per calendar day
    }}
"""
TAIL = """
    reward five_off {
        price  500 points
        give   $5 off in full
        cost   $5.00 assumed
    }
}
"""


def rules() -> str:
    """A correct program of about 300 lines."""
    count = (LINES - HEAD.count("\n") - TAIL.count("\n")) // RULE.count("\n")
    return HEAD + "".join(RULE.format(number) for number in range(count)) + TAIL


def test_check_answers_at_once(benchmark: Any, tmp_path: Path) -> None:
    path = tmp_path / "rules.loyalty"
    path.write_text(rules())
    command = [Path(sys.executable).parent / "loyalty", "check", path]
    # As installed: where modules are compiled anew in each process, they take longer than the work.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = partial(subprocess.run, command, capture_output=True, check=True, env=kept)
    assert b"fine" in run().stdout
    benchmark.pedantic(run, rounds=21)
    assert benchmark.stats.stats.median <= GOAL
