"""What `docs/mechanics.md` says of each mechanic holds at each stage.

`mechanics.toml` names, for each, a line of a real program. Put something else there, and the program still
checks, but a scenario fails on the reference, the same ones fail on the compiled evaluator, and simulated
members do otherwise with the same luck. `LOYALTY_UPDATE_GOLDENS=1` writes the page anew.
"""

import os
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from drawing import Feature

from loyalty_dsl.choosing import choose_population
from loyalty_dsl.forecast.settling import settled
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.evaluators import Engine
from loyalty_dsl.testing.running import run_scenarios

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "mechanics.md"
SAMPLE, MONTHS = 400, 24

GROUPS = {
    "A": "Earning by spend",
    "B": "Earning by other events",
    "C": "Several balances",
    "D": "Levels",
    "E": "For life",
    "F": "Qualifying windows",
    "G": "How long a level lasts",
    "H": "Rollover",
    "I": "Soft landing",
    "J": "Expiry of a lot",
    "K": "Expiry of the whole balance",
    "L": "Allowances",
    "M": "Rewards",
    "N": "Certificates, vesting",
    "O": "Limits",
    "P": "Promotions",
    "Q": "Rates by what and how",
    "R": "Moving points",
    "S": "Referral",
    "T": "Paid membership",
    "U": "Gates",
    "V": "Menus",
    "W": "Milestones, challenges",
    "X": "Partners",
    "Y": "Versions",
    "Z": "Perks without points",
}
"""The letters under which the mechanics are listed."""

OPENING = """\
# Every mechanic, stage by stage

What loyalty programs do, and a line of a real program that does it. Each row was tried: the line is changed,
and what has to notice does. `tests/proof/test_mechanics.py` does that and makes this page of it; nobody
writes it by hand.

| column | says |
| --- | --- |
| mechanic | what it is, with the section of [language](language.md) that has its words |
| written, in | the line, and the program that it is from |
| checked | what `loyalty check` says when a word of the line is left out: its code |
| reference, compiled | whether scenarios of the program fail with the changed line, the same ones |
| drawn | in which random programs both evaluators agree on it; `by hand`: in cases of its own |
| simulated | whether 400 members fare otherwise in 24 months with the changed line; or why they do not |
| meaning | its clauses in [semantics](semantics.md) |
"""
HEADER = "| mechanic | written | in | checked | reference | compiled | drawn | simulated | meaning |"
RULE = "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"


@attrs.frozen
class Mechanic:
    """A mechanic, and the line that shows it.

    Attributes:
        code: of `GROUPS`.
        what: it, in the field's terms.
        program: the file under `programs/` that has the line.
        line: that line, with single spaces and without its comment.
        altered: what stands there when the mechanic is put to the test; empty for nothing.
        section: of docs/language.md.
        clauses: of docs/semantics.md.
        drawn: what draws it in the test of agreement: the name of a `Feature`, `ALWAYS` or `BY_HAND`.
        behind: how a line before it begins, where the line is there more than once.
        not_simulated: why members do not do it in a simulation; empty where they do.
    """

    code: str
    what: str
    program: str
    line: str
    altered: str
    section: str
    clauses: list[str]
    drawn: str
    behind: str = ""
    not_simulated: str = ""

    @property
    def text(self) -> str:
        """The program as it is."""
        return (REPOSITORY / "programs" / f"{self.program}.loyalty").read_text(encoding="utf-8")

    def altered_text(self) -> str:
        """The program with the other line."""
        lines = self.text.splitlines()
        behind = next(number for number, line in enumerate(lines) if line.strip().startswith(self.behind))
        at = next(number for number in range(behind, len(lines)) if _plain(lines[number]) == self.line)
        lines[at] = self.altered
        return "\n".join(lines) + "\n"


def _plain(line: str) -> str:
    return " ".join(line.partition(" #")[0].split())


MECHANICS = [
    Mechanic(**row)
    for row in tomllib.loads(Path(__file__).with_name("mechanics.toml").read_text(encoding="utf-8"))[
        "mechanic"
    ]
]
EACH = pytest.mark.parametrize("mechanic", MECHANICS, ids=[f"{m.code}-{m.what}" for m in MECHANICS])


def book_of_text(text: str) -> Book:
    file, mistakes = parse_file(SourceText("rules.loyalty", text))
    book, findings = check_book([file], mistakes)
    assert book is not None, [finding.message for finding in findings]
    return book


def failing(book: Book, engine: Engine) -> set[str]:
    return {result.scenario.title for result in run_scenarios(book, engine) if not result.passed}


@pytest.mark.slow
@EACH
def test_the_reference_does_it(mechanic: Mechanic) -> None:
    assert failing(book_of_text(mechanic.altered_text()), "reference")


@pytest.mark.slow
@EACH
def test_the_compiled_evaluator_does_it_alike(mechanic: Mechanic) -> None:
    book = book_of_text(mechanic.altered_text())
    assert failing(book, "compiled") == failing(book, "reference")


def lived(text: str) -> dict[str, Any]:
    """What is counted of some members' lives."""
    book = book_of_text(text)
    population = choose_population(book, None)
    program = next(program for program in reversed(book.programs) if program.name == population.program)
    lives = simulate_population(program, population, sample=SAMPLE, months=MONTHS)
    counted = {
        field.name: value
        for field in attrs.fields(type(lives))
        if isinstance(value := getattr(lives, field.name), np.ndarray | list | tuple)
    }
    return counted | {"bills": [(bill.month, bill.invoiced, bill.repaid) for bill in settled(lives)]}


lived_as_it_is = cache(lived)


@pytest.mark.slow
@EACH
def test_members_do_it(mechanic: Mechanic) -> None:
    if mechanic.not_simulated:
        pytest.skip(mechanic.not_simulated)
    before, after = lived_as_it_is(mechanic.text), lived(mechanic.altered_text())
    assert any(not np.array_equal(before[name], after[name]) for name in before if name != "month_starts")


def found_wrong(mechanic: Mechanic) -> str:
    """The code of what is said when a word of the line is missing, the last one that matters."""
    words = mechanic.line.split()
    for left_out in reversed(range(len(words))):
        broken = " ".join(words[:left_out] + words[left_out + 1 :])
        file, mistakes = parse_file(
            SourceText("rules.loyalty", attrs.evolve(mechanic, altered=broken).altered_text())
        )
        _, findings = check_book([file], mistakes)
        if mistakes or findings:
            return (*mistakes, *findings)[0].code
    raise AssertionError(f"nothing is said of `{mechanic.line}` without one of its words")


def anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-").replace(",", "")


def page() -> str:
    """`docs/mechanics.md`, from the rows that the tests above hold."""
    lines = [OPENING]
    for code, group in GROUPS.items():
        rows = [mechanic for mechanic in MECHANICS if mechanic.code == code]
        if not rows:
            continue
        lines += [f"## {code}. {group}", "", HEADER, RULE]
        for mechanic in rows:
            simulated = f"no: {mechanic.not_simulated}" if mechanic.not_simulated else "yes"
            drawn = {"ALWAYS": "always", "BY_HAND": "by hand"}.get(mechanic.drawn)
            program = f"[{mechanic.program}](../programs/{mechanic.program}.loyalty)"
            cells = (
                f"[{mechanic.what}](language.md#{anchor(mechanic.section)})",
                f"`{mechanic.line}`".replace("|", "\\|"),
                program,
                f"[{found_wrong(mechanic)}](diagnostics.md)",
                "yes",
                "yes",
                drawn or Feature[mechanic.drawn].value,
                simulated,
                " ".join(f"[{clause}](semantics.md)" for clause in mechanic.clauses),
            )
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def test_the_page_says_what_the_tests_hold() -> None:
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/mechanics.md is stale; run this test with LOYALTY_UPDATE_GOLDENS=1"
    )


def test_every_mechanic_has_its_words_and_its_meaning() -> None:
    headings = set(re.findall(r"^#+ (.+)$", (REPOSITORY / "docs" / "language.md").read_text("utf-8"), re.M))
    clauses = set(
        re.findall(
            r"^\*\*([A-Z]+-\d+)\.\*\*", (REPOSITORY / "docs" / "semantics.md").read_text("utf-8"), re.M
        )
    )
    assert {mechanic.section for mechanic in MECHANICS} <= headings
    assert {clause for mechanic in MECHANICS for clause in mechanic.clauses} <= clauses
    assert {mechanic.code for mechanic in MECHANICS} == set(GROUPS)
