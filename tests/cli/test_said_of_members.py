"""A refused event changes nothing that is known of its member, not even for friends (MEMBER-1)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RULES = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date

    member {
        vip   yes/no
        size  number
    }
    event visit {
        refuse when vip "not today"
    }
    currency points "Points" {
        round   down per rule
        expire  never
    }
    earn base "Base" {
        on    purchase
        when  vip
        give  1 point per whole $1
    }
    earn large "Large" {
        on    purchase
        when  size >= 2
        give  100 points
    }
    referral friends "Friends" {
        on    join by friend
        when  vip
        give  1,000 points
    }
}
"""

SALES = """\
member,time,kind,purchase,amount,vip,size,referrer
ann,2026-01-02 09:00,purchase,a1,10.00,no,1,
ann,2026-01-03 09:00,visit,a2,,yes,2,
ann,2026-01-04 09:00,purchase,a3,10.00,,,
bob,2026-01-05 09:00,join,b1,,,,ann
ann,2026-01-06 09:00,purchase,a4,10.00,,2,
ann,2026-01-07 09:00,purchase,a5,10.00,yes,,
ann,2026-01-08 09:00,purchase,a6,10.00,,1,
"""


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_what_a_refused_event_said_does_not_count(
    loyalty: Callable[..., Any], tmp_path: Path, engine: str
) -> None:
    rules, sales = tmp_path / "shop.loyalty", tmp_path / "sales.csv"
    rules.write_text(RULES)
    sales.write_text(SALES)
    options = ("--engine", engine, "--quarantine", tmp_path / "aside.csv", "--format", "json")
    ran = loyalty("replay", rules, sales, *options)
    assert ran.code in (0, 1), ran.err
    assert json.loads(ran.out)["currencies"]["points"]["issued"] == 100 + (10 + 100) + 10
