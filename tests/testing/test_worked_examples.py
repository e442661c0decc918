"""Every worked example of the real programs is a scenario whose title begins with its number."""

import re
from pathlib import Path

PROGRAMS = Path(__file__).parents[2] / "programs"

EXAMPLES = {
    1: (1, 3, 4, 5, 6, 7, 9),
    2: (1, 2, 5, 6),
    3: (2, 3, 5, 6, 8),
    4: (1,),
    5: (1, 2, 3, 4, 5, 6),
    6: (1, 2, 3, 4, 5, 6),
    7: (2, 4, 6, 7),
    8: (3, 4, 5, 6, 7, 8, 9),
    9: (1, 3, 4),
    10: (1, 2, 4, 5, 6),
    11: (3, 4, 5),
    12: (3, 5, 6),
    13: (1, 2, 3, 4, 6, 7, 8),
    14: (1, 3, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 18),
    15: (1, 4, 6, 7, 9, 10),
}
"""By family of programs, the numbers of its examples; the gaps between them are meant."""

NOT_EXPRESSED: set[str] = set()
"""Examples that no program has, each with its reason in the header of its program's file."""


def test_every_worked_example_is_a_scenario() -> None:
    titles = [
        title
        for path in PROGRAMS.glob("*.loyalty")
        for title in re.findall(r'^scenario "(.*?)" for', path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    shown = {number for title in titles for number in re.findall(r"^E\d+\.\d+", title)}
    wanted = {f"E{family}.{number}" for family, numbers in EXAMPLES.items() for number in numbers}
    assert wanted - NOT_EXPRESSED == shown & wanted
    assert shown <= wanted
