"""A file whose `redeem` rows are odd is refused by its rows, or what was left out is said."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from test_redeeming import RULES

from loyalty_dsl.cli import run

Row = list[str]
HEAD = "member,time,purchase,amount,kind,reward,quantity"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Purchases of $30 each, at six in ten of which members with 100 points take $5 off."""
    random, found = np.random.default_rng(5), []
    for member in range(90):
        day, points = int(random.integers(0, 20)), 0
        for number in range(int(random.integers(2, 12))):
            when = str(date(2024, 1, 1) + timedelta(days=day))
            start = [f"m{member:03}", when, f"{member}-{number}"]
            found.append([*start, "30.00", "purchase", "", ""])
            taken = points >= 100 and random.random() < 0.6
            if taken:
                found.append([*start, "", "redeem", "five_off", "1"])
            points += 25 - 100 if taken else 30
            day += 1 + int(random.exponential(15))
    return found


@pytest.fixture
def fit(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Fits the rows after they were changed; the exit code and what was said."""
    monkeypatch.chdir(tmp_path)
    Path("corner.loyalty").write_text(RULES, encoding="utf-8")

    def fit(change: Callable[[Row], Row | None], *arguments: str) -> tuple[int, str]:
        changed = [change(list(row)) for row in rows]
        lines = [HEAD, *(",".join(row) for row in changed if row is not None)]
        Path("sales.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        code = run(["fit", "sales.csv", *(arguments or ("--program", "corner.loyalty"))])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    return fit


def redeem(**cells: str) -> Callable[[Row], Row]:
    """Changes cells of the `redeem` rows."""

    def change(row: Row) -> Row:
        if row[4] == "redeem":
            for name, value in cells.items():
                row[HEAD.split(",").index(name)] = value
        return row

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (redeem(reward="ten_off"), r"`reward` is not one of five_off: row \d+"),
        (redeem(reward=""), r"`reward` is missing: row \d+"),
        (redeem(quantity="0"), r"`quantity` is not a number of times: row \d+"),
        (redeem(quantity="-2"), r"`quantity` is not a number of times: row \d+"),
        (redeem(quantity="two"), r"`quantity` is not a number of times: row \d+"),
        (redeem(quantity="9" * 20), r"`quantity` is not a number of times: row \d+"),
        (redeem(purchase="another"), r"has the `purchase` of an earlier row of the same member: row \d+"),
        (redeem(time="2023-06-01"), r"`time` is before the program starts on 2024-01-01: row \d+"),
        (redeem(amount="5"), r"is an amount on a row whose kind has none: row \d+"),
        (lambda row: row if row[4] == "redeem" else None, "no purchases to fit"),
    ],
)
def test_odd_rows_are_refused_by_their_numbers(
    change: Callable[[Row], Row | None], told: str, fit: Callable[..., tuple[int, str]]
) -> None:
    code, said = fit(change)
    assert code == 2
    assert re.search(told, said)
    assert "our bug" not in said


def test_rewards_without_a_program(fit: Callable[..., tuple[int, str]]) -> None:
    code, said = fit(redeem(), "--unit", "week")
    assert code == 2
    assert "`reward` names a reward where there is none to choose" in said
    assert "a file with rewards needs its program: --program FILE" in said


def test_days_before_all_programs(fit: Callable[..., tuple[int, str]]) -> None:
    def early(row: Row) -> Row | None:
        day = row[1].replace("2024-01-", "1899-01-")
        return None if row[4] == "redeem" else [row[0], day, *row[2:5], "", ""]

    code, said = fit(early, "--unit", "week")
    assert code == 2
    assert "`time` is before 1900-01-01" in said
    assert "needs its program" not in said


def test_redemptions_that_no_balance_paid_for_are_told(fit: Callable[..., tuple[int, str]]) -> None:
    code, said = fit(lambda row: [*row[:2], "" if row[4] == "redeem" else row[2], *row[3:]])
    assert code == 0
    assert "How members redeem is assumed" in said
    assert "are not at a purchase before which the balance would have paid" in said
