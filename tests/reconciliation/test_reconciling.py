"""Ledgers with planted faults: each found as what it is, nothing else found, and no point unexplained."""

import random
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from planted import FIRST, LAST, REPOSITORY, iso, planted

from loyalty_dsl import pipeline
from loyalty_dsl.reconciliation.expiring_by_date import derived_expiries
from loyalty_dsl.reconciliation.ledger_rows import read_ledger
from loyalty_dsl.reconciliation.reconciling import reconcile
from loyalty_dsl.reconciliation.running_balances import breaks_of, openings_of
from loyalty_dsl.reconciliation.shapes import VOUCHERIFY
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.member_keys import hash_of


def reconciled(case, folder: Path, **options):
    path = folder / "ledger.csv"
    path.write_text("\n".join(case.lines) + "\n")
    ledger = read_ledger(path, case.replay.program, case.replay.history.members)
    return reconcile(case.replay, ledger, **options)


def found(result) -> list[tuple[str, str, int]]:
    return sorted(result.found.select("name", "cause", "points").iter_rows())


@pytest.mark.parametrize("events", [True, False])
@pytest.mark.parametrize("balances", [True, False])
def test_every_planted_fault_is_found_as_what_it_is(tmp_path, events, balances):
    case = planted(20_000, 3, events=events, balances=balances)
    result = reconciled(case, tmp_path)
    assert found(result) == case.expected
    assert result.later == case.later
    ours, theirs = result.totals(0)
    assert theirs - ours == sum(points for _, _, points in case.expected)
    assert result.members - result.agreeing == len({name for name, _, points in case.expected if points})


@pytest.mark.parametrize("days", [1, -2])
def test_a_ledger_that_is_days_apart_as_a_whole_is_seen_to_be(tmp_path, days):
    case = planted(2_000, 0, events=False, balances=False)
    moved = []
    for line in case.lines[1:]:
        member, day, rest = line.split(",", 2)
        moved.append(f"{member},{date.fromisoformat(day) + timedelta(days)},{rest}")
    case.lines[1:] = moved
    result = reconciled(case, tmp_path, within=2)
    shifts = result.found.filter(result.found["their_day"] <= LAST)
    assert set(shifts["cause"]) == {"other day", "expired on another day"}
    assert (shifts["their_day"] - shifts["our_day"] == days).all()
    apart = f"{'one day' if days == 1 else '2 days'} {'later' if days > 0 else 'earlier'} in theirs"
    assert sum(apart in hint for hint in result.hints) == 2


@pytest.mark.slow
def test_a_million_rows_are_reconciled_within_a_minute(tmp_path):
    case = planted(1_000_000, 300)
    began = time.perf_counter()
    result = reconciled(case, tmp_path)
    assert time.perf_counter() - began < 40
    assert found(result) == case.expected


SHAPES = {
    "plain": (
        "member,date,currency,kind,points,event,balance",
        ("earned", "redeemed", "expired", "sent", "received", "opening", "adjusted", "reversed", "nonsense"),
    ),
    "voucherify": (
        "voucher_id,created_at,campaign_id,type,amount,event,balance",
        tuple(VOUCHERIFY.kinds),
    ),
    "talon_one": (
        "customerProfileId,created,subledgerId,type,amount,customerSessionId,expiryDate",
        ("addition", "subtraction"),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("since", [None, FIRST + 100])
def test_any_rows_at_all_are_explained_to_the_point(tmp_path, shape, since):
    """Rows that have nothing to do with ours, and some that have: the identity is asserted by `reconcile`."""
    draw = random.Random(len(shape))
    case = planted(2_000, 1)
    header, kinds = SHAPES[shape]
    members = zip(case.replay.history.members, case.replay.postings, strict=True)
    postings = [(name, each) for name, its in members for each in its]
    lines = [header]
    for owner, (its, day, kind, *_, units) in draw.sample(postings, 400):
        name, event = owner, its
        if draw.random() < 0.3:
            name, event = f"m{draw.randrange(130):06d}", draw.choice(["", its, "other"])
        currency = draw.choice(["points", "points", "Points", "miles"])
        word = draw.choice(kinds) if draw.random() < 0.7 or kind not in kinds else kind
        amount = f"{units + draw.choice([0, 0, 1, -3])}" + draw.choice(["", "", ".5", ".125", "x"])
        last = iso(day + draw.randrange(400)) if shape == "talon_one" else str(draw.randrange(9_000))
        when = f"{iso(day + draw.choice([0, 0, 1, -1, 40]))}T{draw.randrange(24):02d}:30:00Z"
        lines.append(f"{name},{when},{currency},{word},{amount},{event},{last}")
    case.lines[:] = lines
    result = reconciled(case, tmp_path, since=since)
    assert result.ledger.shape.name == shape
    assert result.digits == 3
    assert result.found.height > 100
    assert result.ledger.unreadable.height > 50
    ours, theirs = result.totals(0)
    assert theirs - ours == result.found["points"].sum()


def ledger_of(folder: Path, text: str, members=("ann", "bob"), **names):
    path = folder / "ledger.csv"
    path.write_text(text)
    return read_ledger(path, planted(0, 0).replay.program, members, **names)


def test_points_that_talon_one_lets_go_are_worked_out(tmp_path):
    text = (
        "transactionuuid,created,customerprofileid,customersessionid,type,startdate,expirydate,subledgerid,amount\n"
        "1,2024-01-01T10:00:00Z,ann,s1,addition,immediate,2024-03-01T00:00:00-05:00,,100\n"
        "2,2024-01-02T10:00:00Z,ann,s2,addition,immediate,unlimited,,50\n"
        "3,2024-02-01T10:00:00Z,ann,s3,subtraction,,,,30\n"
        "4,2024-03-05T10:00:00Z,ann,s4,subtraction,,,,60\n"
        "5,2024-03-06T10:00:00Z,ann,s5,addition,immediate,2024-04-01T23:59:59-04:00,,40\n"
    )
    ledger = ledger_of(tmp_path, text)
    gone = derived_expiries(ledger.rows, FIRST + 200)
    assert gone.select("row", "day", "units").rows() == [
        (1, FIRST + 60, -70),  # what the first left: it goes before what never expires
        (5, FIRST + 92, -30),  # 10 were owed, as 60 were taken of 50; gone from the day after its last
    ]


def test_a_balance_says_what_was_held_before_and_where_it_breaks(tmp_path):
    text = (
        "member,date,kind,points,balance\n"
        "ann,2024-01-03,earned,10,45\nann,2024-01-02,earned,5,35\nbob,2024-01-01,earned,7,7\n"
        "ann,2024-01-01,redeemed,20,30\nbob,2023-12-30,earned,1,\n"
    )
    rows = ledger_of(tmp_path, text).rows  # newest first
    assert openings_of(rows).select("member", "row", "units").rows() == [(0, 4, 50), (1, 3, -1)]
    assert breaks_of(rows).is_empty()
    broken = ledger_of(tmp_path, text.replace("10,45", "10,44")).rows
    assert breaks_of(broken).select("member", "row", "units").rows() == [(0, 1, -1)]


def test_names_may_differ_and_two_cards_be_one_member(tmp_path):
    text = (
        "member,date,kind,points\nc1,2024-01-01,earned,5\nc2,2024-01-02,earned,6\nzoe,2024-01-02,earned,6\n"
    )
    ledger = ledger_of(tmp_path, text, member_names={"c1": "ann", "c2": "ann"})
    assert ledger.rows["member"].to_list() == [0, 0, 2]
    assert ledger.strangers == ("zoe",)


def test_what_is_no_ledger_is_refused(tmp_path):
    with pytest.raises(InputRefused, match=r"for a plain ledger it lacks `kind`, `points`"):
        ledger_of(tmp_path, "member,date\nann,2024-01-01\n")
    with pytest.raises(InputRefused, match="two columns named `points`"):
        ledger_of(tmp_path, "member,date,kind,points,points\nann,2024-01-01,earned,5,6\n")
    with pytest.raises(InputRefused, match="is Parquet"):
        ledger_of(tmp_path, "PAR1...")
    with pytest.raises(InputRefused, match=r"no row of `.*` can be read"):
        ledger_of(tmp_path, "member,date,kind,points\nann,soon,earned,5\n")
    program = pipeline.load(REPOSITORY / "programs" / "bronze_silver_gold.loyalty").programs[0]
    with pytest.raises(InputRefused, match="gives no points"):
        read_ledger(tmp_path / "ledger.csv", program, ["ann"])


def test_members_are_hashed_as_the_source_of_the_sales_hashes_them(tmp_path):
    key = b"a secret of some length"
    rows = "ann@x.org,2024-01-01,earned,5\nc2,2024-01-02,earned,6\nzoe@x.org,2024-01-02,earned,6\n"
    text = f"member,date,kind,points\n{rows}"
    members = [hash_of("bob@x.org", key), hash_of("ann@x.org", key)]
    ledger = ledger_of(tmp_path, text, members, member_names={"c2": "bob@x.org"}, key=key)
    assert ledger.rows["member"].to_list() == [1, 0, 2]
    assert ledger.strangers == (hash_of("zoe@x.org", key),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2024-01-01,earned,5,", "`member` is missing"),
        ("ann,soon,earned,5,", "`date` is not a time"),
        ("ann,2024-01-01,given,5,", "`kind` is none of opening, earned"),
        ("ann,2024-01-01,earned,1e3,", "`points` is not an amount"),
        ("ann,2024-01-01,earned,-5,", "is below zero"),
        ("ann,2024-01-01,earned,5,x", "`balance` is not an amount"),
        ("ann,2024-01-01,earned,5,1,2", "has more cells than the header"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_with_its_number(tmp_path, row, reason):
    text = f"member,date,kind,points,balance\nann,2024-01-01,earned,5,5\n{row}\nbob,2024-01-01,earned,5,5\n"
    ledger = ledger_of(tmp_path, text)
    assert ledger.rows["row"].to_list() == [1, 3]
    ((number, why),) = ledger.unreadable.rows()
    assert number == 2
    assert reason in why
