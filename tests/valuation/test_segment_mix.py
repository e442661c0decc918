"""Estimates by segment: the sum is right where only the mix of members shifts."""

import json
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from written_ledgers import RULES, Line, ledger, program_of

from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_valuation import value_ledger
from loyalty_dsl.valuation.segment_mix import groups_of

MONTHS = 9


def shifting() -> tuple[LedgerTables, dict[str, str]]:
    """Keen members redeem all 500 points the month after, others never; each month one keen member more."""
    lines: list[Line] = []
    card: dict[str, str] = {}
    for month in range(1, MONTHS + 1):
        expiry = f"2027-{month:02}-05"
        for number in range(10):
            name, keen = f"m{month}-{number}", number < month
            card[name] = "yes" if keen else "no"
            lines.append((name, f"2026-{month:02}-05", "earned", name, "base", expiry, 500))
            if keen and month < MONTHS:
                lines.append((name, f"2026-{month + 1:02}-09", "redeemed", "", "five_off", expiry, 500))
    return ledger(*lines, as_of=f"2026-{MONTHS:02}-30", rewards=(("five_off", 36, 18_000, 0, "14400"),)), card


def test_only_the_mix_shifts_and_the_sum_knows(tmp_path: Path) -> None:
    """Of the last month's 5,000 points the 9 keen members' 4,500 will be redeemed; pooled rates say half."""
    tables, card = shifting()
    (one,) = value_ledger(program_of(RULES, tmp_path), tables, groups={"card": card}).currencies
    (mix,) = one.mixes
    assert [(each.name, each.members, each.own) for each in mix.segments] == [
        ("no", 45, True),
        ("yes", 45, True),
    ]
    assert sum(each.held for each in mix.segments) == one.held
    no, yes = mix.segments
    assert float(yes.future) == pytest.approx(4_500)
    assert no.future == 0  # they never redeem, and have been seen for nine months
    assert float(mix.pooled) == pytest.approx(float(one.total_future))
    assert float(mix.pooled) < 3_000
    assert mix.off_pooled is not None and mix.off_pooled > 0.5


def test_segments_of_the_last_day_say_nothing_of_an_earlier_one(tmp_path: Path) -> None:
    tables, card = shifting()
    program = program_of(RULES, tmp_path)
    (one,) = value_ledger(program, tables, tables.as_of - 30, groups={"card": card}).currencies
    assert one.mixes == ()


def test_levels_and_fields_of_a_ledger_divide_its_members(tmp_path: Path) -> None:
    """Ann holds gold, Bob no level, which is the first; a city of each his own is no segment."""
    rules = RULES.replace(
        "    earn base",
        """    counter yearly = spend in calendar year
    tiers status {
        hold through end of calendar year
        level basic "Basic"
        level gold "Gold" when yearly >= $300
    }
    earn base""",
        1,
    )
    rows = [("ann", "member", "", ""), ("bob", "member", "", ""), ("ann", "level", "status", "gold")]
    rows += [("ann", "field", "alike", "yes"), ("bob", "field", "alike", "yes")]
    rows += [(f"m{number}", "field", "city", f"c{number}") for number in range(20)]
    frame = pl.DataFrame(rows, schema=["member", "what", "name", "detail"], orient="row")
    path = tmp_path / "states.parquet"
    frame.write_parquet(path)
    entry = {"file": path.name, "sha256": sha256(path.read_bytes()).hexdigest()}
    manifest = {"format": "loyalty.ledger/2", "tables": {"states": entry}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    found = groups_of(program_of(rules, tmp_path), tmp_path)
    assert found == {"status": {"ann": "gold", "bob": "basic"}}
