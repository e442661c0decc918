"""The house rules that a program can check: which way imports point, how long modules are, their names."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "loyalty_dsl"

LAYERS = (
    ("quantities", "calendar", "source", "resource_files"),
    ("diagnostics",),
    ("refusals",),
    ("shown",),
    ("language",),
    ("reading", "choosing", "targets", "templates"),
    ("versions",),
    ("pygments_lexer",),
    ("evaluation",),
    ("explanation",),
    ("transactions", "testing"),
    ("reconciliation",),
    ("simulation",),
    ("calibration",),
    ("valuation",),
    ("forecast",),
    ("decisions",),
    ("editor",),
    ("report",),
    ("pipeline",),
    ("cli",),
)
"""Each may import those before it (and, inside a folder, its own); those of one layer know nothing of each
other."""

RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

LONGEST = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc"}
TOP = {"pyproject.toml", "README.md", "grammar", "loyalty_dsl", "programs", "tests", "docs"}
BUILT = {"build", "dist", "forecast.html", "__pycache__"}


def modules() -> Iterator[Path]:
    return (path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts)


def part_of(path: Path) -> str:
    """`language` for every module of that folder, `pipeline` for `pipeline.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module imported anywhere in it, inside functions too, by its whole name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_imports(part: str, text: str) -> list[str]:
    wrong = []
    for name in imports(ast.parse(text)):
        if not name.startswith("loyalty_dsl."):
            continue
        other = name.split(".")[1]
        if other in RANK and other != part and RANK[other] >= RANK[part]:
            wrong.append(name)
    return wrong


def test_imports_point_one_way() -> None:
    wrong = {
        str(path.relative_to(REPOSITORY)): found
        for path in modules()
        if part_of(path) not in {"__init__", "__main__"}
        and (found := wrong_imports(part_of(path), path.read_text()))
    }
    assert not wrong


def test_every_part_of_the_package_has_a_place_in_the_order() -> None:
    assert {part_of(path) for path in modules()} - {"__init__", "__main__"} == set(RANK)


@pytest.mark.parametrize(
    ("part", "text", "found"),
    [
        ("language", "from loyalty_dsl.report.style import PLAIN", 2),
        ("language", "def f():\n    from loyalty_dsl import cli", 1),
        ("testing", "import loyalty_dsl.transactions.mapping", 1),
        ("report", "from loyalty_dsl.language.book import Book", 0),
        ("report", "from loyalty_dsl.report.style import PLAIN", 0),
    ],
)
def test_the_import_rule_catches_what_it_should(part: str, text: str, found: int) -> None:
    assert len(wrong_imports(part, text)) == found


def test_no_module_is_too_long_to_read() -> None:
    lengths = {path.relative_to(REPOSITORY): len(path.read_text().splitlines()) for path in modules()}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_names_say_what_a_module_is_about() -> None:
    parts = {part.removesuffix(".py") for path in modules() for part in path.relative_to(PACKAGE).parts}
    assert not parts & VAGUE


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(REPOSITORY))
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_the_top_of_the_repository_holds_what_the_architecture_names() -> None:
    found = {path.name for path in REPOSITORY.iterdir() if not path.name.startswith(".")}
    assert {name for name in found - TOP - BUILT if not name.endswith(".egg-info")} == set()


def modules_after(statement: str) -> set[str]:
    """What is imported, in a fresh interpreter, once `statement` has run."""
    script = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    ("statement", "barred"),
    [
        ("import loyalty_dsl", {"attr", "click", "loyalty_dsl.pipeline"}),
        ("import loyalty_dsl.cli", {"numpy", "numba", "polars", "rich", "vl_convert", "lark"}),
        ("import loyalty_dsl.cli.fmt", {"numpy", "numba", "polars", "rich", "lark", "loyalty_dsl.pipeline"}),
        ("import loyalty_dsl.cli.replay, loyalty_dsl.cli.simulate", {"numpy", "numba", "polars", "rich"}),
        ("import loyalty_dsl.editor", {"numpy", "numba", "polars", "rich", "loyalty_dsl.evaluation"}),
        ("import loyalty_dsl.evaluation.reference", {"numpy", "numba", "polars"}),
        ("import loyalty_dsl.testing.running", {"numpy", "numba", "polars", "rich"}),
        ("import loyalty_dsl.evaluation.kernel", {"loyalty_dsl.evaluation.reference"}),
        ("import loyalty_dsl.evaluation.replay_compiled", {"loyalty_dsl.evaluation.reference"}),
        ("import loyalty_dsl.simulation.run", {"loyalty_dsl.evaluation.reference"}),
        ("import loyalty_dsl.evaluation.replay_reference", {"numba"}),
    ],
)
def test_a_module_does_without_what_it_must_not_know(statement: str, barred: set[str]) -> None:
    assert not modules_after(statement) & barred
