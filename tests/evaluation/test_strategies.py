"""Python functions as amounts: installed, and the same on both engines (EARN-15)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from club import errors, rule

import loyalty_dsl as loyalty
from loyalty_dsl import pipeline
from loyalty_dsl.language.strategies import register_strategy

PAGE = Path(__file__).parents[2] / "docs" / "strategies.md"


def block(info: str) -> str:
    """The text of the block of the page that starts so."""
    found = re.search(rf"^```{info}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder in which the package of the page lies as pip leaves it, and its rules."""
    (tmp_path / "cellar_strategies.py").write_text(block("python"))
    info = tmp_path / "cellar_strategies-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cellar-strategies\nVersion: 1.0\n")
    group, entry = re.findall(r'entry-points\."(.*)"\]\n(.*)$', block("toml"), re.MULTILINE)[0]
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry.replace(chr(34), '')}\n")
    (tmp_path / "cellar.loyalty").write_text(block("text cellar.loyalty"))
    return tmp_path


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join([str(folder), *sys.path])
    return subprocess.run(
        [sys.executable, "-m", "loyalty_dsl", *words], cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": paths}, check=False,
    )  # fmt: skip


def test_the_page_s_package_works_once_it_is_installed(installed: Path) -> None:  # EARN-15
    ran = run(installed, "test", "cellar.loyalty")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 scenarios passed" in ran.stdout or "3 passed" in ran.stdout


def test_without_the_package_the_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cellar.loyalty").write_text(block("text cellar.loyalty"))
    ran = run(tmp_path, "check", "cellar.loyalty")
    assert ran.returncode == 1
    assert "no strategy `by_product_type` is installed" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda goods, basket, before: basket / 200, "is not an integer"),
        (lambda goods, basket, before: 100 // before, "raised ZeroDivisionError"),
        (lambda goods, basket, before: True, "is not an integer"),
        (lambda goods, basket, before: str(basket), "is not an integer"),
    ],
)
def test_what_a_function_does_wrong_ends_the_run(
    function: object, said: str, engine: str, tmp_path: Path
) -> None:  # EARN-15
    register_strategy("by_product_type", function)  # type: ignore[arg-type]
    path = tmp_path / "cellar.loyalty"
    path.write_text(block("text cellar.loyalty"))
    book = loyalty.load(path)
    with pytest.raises(loyalty.InputRefused) as refused:
        pipeline.test(book, engine)  # type: ignore[arg-type]
    assert said in refused.value.message or "raised an error" in refused.value.message


def test_numbers_that_no_longer_fit_once_compiled_are_refused() -> None:
    pytest.importorskip("numba")
    from numba import config

    if config.DISABLE_JIT:
        pytest.skip("nothing is compiled")
    from loyalty_dsl.evaluation.strategy_code import lower_strategies

    register_strategy("too_large", lambda basket: basket**4 % 1000)
    with pytest.raises(loyalty.InputRefused, match="once compiled"):
        lower_strategies([("too_large", 1)])


def test_a_function_that_numba_cannot_compile_is_called_as_it_is(tmp_path: Path) -> None:
    from fractions import Fraction

    register_strategy("by_product_type", lambda goods, basket, before: int(Fraction(basket, 100) + goods))
    path = tmp_path / "cellar.loyalty"
    text = block("text cellar.loyalty")
    path.write_text(
        text[: text.index("scenario")]
        + 'scenario "as it is" for cellar {\n'
        + "    on 2026-03-02 purchase €100.50 with goods glasses, bottles 6\n"
        + "    expect earned 102 points\n}\n"
    )
    assert [result.passed for result in pipeline.test(loyalty.load(path), "both")] == [True]


def test_a_use_in_another_block_or_beside_a_filter_is_refused_where_it_stands() -> None:
    register_strategy("of_one", lambda value: value)
    use = "use strategy of_one of amount for up to 5 points"
    filtered = errors(rule(f"on purchase\nfor items where category is drink\n{use}"))
    assert [message[:4] for message in filtered] == ["L320"]
    benefit = errors(rule("on purchase\ngive 1 point") + f"benefit it {{\non purchase\n{use}\n}}\n")
    assert [message.startswith("L206 `use strategy` is a clause of") for message in benefit] == [True]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("use strategy nowhere of amount for up to 5 points", "L209 no strategy `nowhere` is installed"),
        ("use strategy of_one for up to 5 points", "L209 the strategy `of_one` is told nothing"),
        ("use strategy of_one of amount, amount for up to 5 points", "L209 the strategy `of_one` is told 2"),
        ("use strategy of_one of nothing_like_it for up to 5 points", "L201 "),
        ("use strategy of_one of amount for up to 0 points", "L310 "),
        ("use strategy of_one of amount for up to 5 points\ngive 1 point", "L205 "),
    ],
)
def test_what_is_wrong_with_a_use_is_said_at_once(clause: str, said: str) -> None:
    register_strategy("of_one", lambda value: value)
    found = errors(rule("on purchase\n" + clause))
    assert any(message.startswith(said) for message in found), found
