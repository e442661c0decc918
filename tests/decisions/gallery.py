"""docs/gallery.md: each program with what `loyalty test` and its study print.

Invariant: the page is the README's table of programs in the same order, and what a study printed stands in
the section of its program; nothing of it is written by hand.
"""

import re
from pathlib import Path

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.calls import study
from loyalty_dsl.decisions.studies import StudyResult
from loyalty_dsl.report.coverage import percent_of
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.study_terminal import render_studies
from loyalty_dsl.report.style import PLAIN

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "gallery.md"
PROGRAMS = REPOSITORY / "programs"

HEAD = """\
# Gallery

Generated from the programs and their studies; do not edit. Each program comes with its rules, worked
examples, customers and a study, whose bounds are examples: put yours in their place. What is public, what is
from general knowledge and what is ours says the head of each file. The figures are of members drawn at random
and of assumptions that are ours: they show what a forecast says, and nothing about the companies.
"""


def rows_of_readme() -> list[tuple[str, str, str]]:
    """The group, the name and the description of each program, as the README lists them."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    rows, group = [], ""
    for line in readme[readme.index("## Programs") : readme.index("## From Python")].splitlines():
        if heading := re.fullmatch(r"\| \*\*(.+)\*\* \| \|", line):
            group = heading[1]
        elif row := re.fullmatch(r"\| \[(\w+)\]\([^)]*\) \| (.+) \|", line):
            rows.append((group, row[1], row[2]))
    return rows


def head_of_section(name: str, says: str) -> str:
    """What stands above a program's study: where it is, what it shows and how well it is tested."""
    results, coverage = pipeline.test_covered(pipeline.load(PROGRAMS / f"{name}.loyalty"))
    label = results[0].program.label
    return "\n".join(
        [
            f"### {label}",
            "",
            f"`programs/{name}.loyalty`: {says}.",
            f"{len(results)} scenarios pass and touch {percent_of(coverage)} of its rules.",
            f"What its members read: [terms](programs/{name}.md).",
            "",
        ]
    )


def study_of(name: str) -> tuple[StudyResult, str]:
    """The study of a program, and the block that shows it."""
    book = pipeline.load([PROGRAMS / f"{name}.loyalty", PROGRAMS / "studies" / f"{name}.loyalty"])
    assert book.populations and book.scenarios
    result = study(book)
    printed = render_studies([result], [Provenance("", (), "")], PLAIN)
    lines = [line.removesuffix(" · version").rstrip() for line in printed.splitlines()]
    command = f"$ loyalty simulate programs/{name}.loyalty programs/studies/{name}.loyalty"
    return result, "\n".join(["```text", command, *lines, "```", ""])


def studies_on_page(page: str) -> dict[str, str]:
    """By program, the block that the page shows of its study."""
    blocks = re.findall(r"```text\n\$ loyalty simulate programs/(\w+)\.loyalty .*?```\n", page, re.DOTALL)
    whole = re.findall(r"```text\n\$ loyalty simulate .*?```\n", page, re.DOTALL)
    return dict(zip(blocks, whole, strict=True))


def page_with(studies: dict[str, str]) -> str:
    """The page, with these studies."""
    parts, group = [HEAD], ""
    for of, name, says in rows_of_readme():
        if of != group:
            group = of
            parts.append(f"## {group}\n")
        parts.append(head_of_section(name, says))
        parts.append(studies.get(name, ""))
    return "\n".join(parts)
