"""The jobs of docs/ci.md do what the page says: a shell runs each of their steps, in its order."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

STUBS = f"""\
loyalty() {{ "{sys.executable}" -m loyalty_dsl "$@"; }}
pip() {{ echo "pip $*" >> calls; }}
gh() {{ echo "gh $*" >> calls; cp comment.md commented.md; }}
"""
"""What the steps call that is no command of a shell."""

STUDY = """\
study short "Two months" {
    program    corner_shop
    months     2
    sample     100 members
    objective  liability at month 2
    require    liability at month 2 <= $15,000
    accept assumed points.cost  "a guess"
}
"""

Command = Callable[..., Any]


def steps_of(page: str) -> list[str]:
    """The scripts of the jobs for GitHub on the page, in their order."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page.partition("## 5.")[0], re.M | re.S)
    found = re.finditer(
        r"^ *(?:- )?run: (?:\|\n(?P<many>(?: {10}.*\n)+)|(?P<one>.*)\n)", "".join(blocks), re.M
    )
    return [dedent(each["many"]) if each["many"] else each["one"] for each in found]


@pytest.fixture
def folder(loyalty: Command, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the page makes one, and what a pull request starts from."""
    page = (repository / "docs/ci.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert loyalty("new", "corner_shop", "--out", "rules").code == 0
    shutil.copytree("rules", "before/rules")
    Path("loyalty.toml").write_text(page.split("```toml loyalty.toml\n")[1].split("```")[0])
    return tmp_path


def run(step: str) -> tuple[int, str]:
    environment = {**os.environ, "PULL": "7", "GITHUB_STEP_SUMMARY": "summary.md"}
    script = ["bash", "-e", "-o", "pipefail", "-c", STUBS + step]  # as the runner does
    ran = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


def test_the_first_job_passes_and_then_annotates_what_a_change_breaks(repository: Path, folder: Path) -> None:
    steps = [step for step in steps_of((repository / "docs/ci.md").read_text()) if "simulate" not in step]
    assert [step.split(" ")[1] for step in steps if step.startswith("loyalty")] == [
        "fmt",
        "check",
        "test",
        "diff",
    ]
    assert [run(step)[0] for step in steps] == [0] * len(steps)
    assert Path("summary.md").read_text() == "**Nothing differs in meaning.**\n"

    rules = Path("rules/corner_shop.loyalty")
    text = (
        rules.read_text().replace("price    500", "price    300").replace("    earn base", "    earn  base")
    )
    rules.write_text(
        text.replace("limit    1 time", "limit    9 times per calendar day\n        limit    1 time")
    )
    outcomes = {step.split(" ")[1]: run(step) for step in steps if step.startswith("loyalty")}
    assert {name: code for name, (code, _) in outcomes.items()} == {
        "fmt": 1,
        "check": 1,
        "test": 1,
        "diff": 0,
    }
    for name in ("fmt", "check", "test"):
        assert outcomes[name][1].startswith("::error file=rules/corner_shop.loyalty,line="), name
    assert "costs members less, -40%" in Path("summary.md").read_text()


@pytest.mark.slow
def test_the_budget_is_held_and_commented_on(repository: Path, folder: Path) -> None:
    steps = [step for step in steps_of((repository / "docs/ci.md").read_text()) if "simulate" in step]
    study = Path("rules/corner_shop_study.loyalty")
    study.write_text(STUDY)
    assert [run(step)[0] for step in steps] == [0, 0]
    assert "liability unchanged" in Path("commented.md").read_text()
    study.write_text(study.read_text().replace("<= $15,000", "<= $1"))
    (code, told), (commented, _) = [run(step) for step in steps]
    assert (code, commented) == (1, 0)
    assert told.startswith("::error file=rules/corner_shop_study.loyalty,line=")
    assert "1 broken" in Path("commented.md").read_text()

    rules = Path("rules/corner_shop.loyalty")
    rules.write_text(rules.read_text().replace("1 point per", "1 pont per"))
    assert [run(step)[0] for step in steps] == [1, 0]
    assert Path("commented.md").read_text().count("there is no currency `pont`") == 2
