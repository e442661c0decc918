"""How fast text becomes a tree.

    pytest tests/benchmarks/bench_parsing.py --benchmark-only

Goals, in the median: a file of 10,000 lines in 3 s, the same with a mistake in every block in 3 s, and the
tables with the first parse of 300 lines, in a fresh process, in 60 ms beyond starting Python and importing
attrs.
"""

import subprocess
import sys
from typing import Any

from bench_check import rules

from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

RULES = rules()


def many_lines(count: int) -> str:
    """Whole programs, one after the other."""
    times = -(-count // RULES.count("\n"))
    return "".join(RULES.replace("corner", f"corner_{number}") for number in range(times))


def test_ten_thousand_lines(benchmark: Any) -> None:
    source = SourceText("long.loyalty", many_lines(10_000))
    file, found = benchmark.pedantic(parse_file, (source,), rounds=5)
    assert not found
    assert file.blocks
    assert benchmark.stats.stats.median <= 3.0


def test_ten_thousand_lines_with_mistakes(benchmark: Any) -> None:
    text = many_lines(10_000).replace("limit  100 points per calendar day", "limit  100 points per day")
    _, found = benchmark.pedantic(parse_file, (SourceText("long.loyalty", text),), rounds=5)
    assert len(found) > 200
    assert benchmark.stats.stats.median <= 3.0


def test_first_parse_of_a_process(benchmark: Any) -> None:
    code = (
        "import attrs, sys, time; text = sys.stdin.read(); start = time.perf_counter();"
        "from loyalty_dsl.language.parsing import parse_file; from loyalty_dsl.source import SourceText;"
        "file, found = parse_file(SourceText('rules', text)); assert not found;"
        "print(time.perf_counter() - start)"
    )
    seconds = []

    def run() -> None:
        command = [sys.executable, "-c", code]
        answer = subprocess.run(command, input=RULES, capture_output=True, text=True, check=True)
        seconds.append(float(answer.stdout))

    benchmark.pedantic(run, rounds=15)
    benchmark.extra_info["seconds from importing to the tree"] = sorted(seconds)[len(seconds) // 2]
    assert sorted(seconds)[len(seconds) // 2] <= 0.060
