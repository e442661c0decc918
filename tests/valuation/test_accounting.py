"""The accounting class of what a rule issues: as it says itself, or by its triggers."""

from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.refusals import ProgramRefused
from loyalty_dsl.valuation.accounting import AccountingClass, accounting_of, paid_by_partners, why_unpriced

SHOP = """
program shop "Shop" {{
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {{
        round   down per rule
        expire  12 months after earning
        spend   soonest to expire first
        worth   $0.01
        cost    $0.008
    }}

    earn base "Base" {{
        on    purchase
        give  1 point per whole $1
        {first}
    }}

    earn welcome "Welcome" {{
        on    join
        give  100 points
        {second}
    }}
}}
"""


def classes(folder: Path, first: str = "", second: str = "") -> list[AccountingClass]:
    path = folder / "shop.loyalty"
    path.write_text(SHOP.format(first=first, second=second))
    (program,) = pipeline.load([path]).programs
    return [accounting_of(rule) for rule in program.earns]


def test_triggers_decide_where_a_rule_says_nothing(tmp_path: Path) -> None:
    assert classes(tmp_path) == [AccountingClass.SALE, AccountingClass.MARKETING]


@pytest.mark.parametrize("accounting", AccountingClass)
def test_a_rule_says_its_class_in_the_words_of_every_output(
    tmp_path: Path, accounting: AccountingClass
) -> None:
    found = classes(tmp_path, f"account {accounting.value}", f"account {accounting.value}")
    assert found == [accounting, accounting]


def test_what_a_partner_or_a_subscriber_paid_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "shop.loyalty"
    path.write_text(SHOP.format(first="account sold to partner", second="account fee"))
    (program,) = pipeline.load([path]).programs
    assert "write `account sold to partner at $0.012`" in why_unpriced(program, 0)
    only_fee = attrs.evolve(program, earns=program.earns[1:])
    assert "a membership with a fee and a period is not supported yet" in why_unpriced(only_fee, 0)
    plain = attrs.evolve(program, earns=tuple(attrs.evolve(rule, account=None) for rule in program.earns))
    assert not why_unpriced(plain, 0)


def test_a_partner_pays_what_the_rule_says(tmp_path: Path) -> None:
    path = tmp_path / "shop.loyalty"
    path.write_text(SHOP.format(first='account sold to partner at $0.012 source "2026 contract"', second=""))
    (program,) = pipeline.load([path]).programs
    sold = program.earns[0].sold_at
    assert sold is not None
    assert (sold.value, sold.source) == (Fraction(12, 10), "2026 contract")
    assert paid_by_partners(program) == {"base": Fraction(12, 10)}
    assert not why_unpriced(program, 0)


def test_only_a_partner_has_a_price(tmp_path: Path) -> None:
    path = tmp_path / "shop.loyalty"
    path.write_text(SHOP.format(first="account sale at $0.012", second=""))
    with pytest.raises(ProgramRefused, match="only points that are sold to a partner have a price"):
        pipeline.load([path])
