"""Codes of partners and what is settled with them."""

from loyalty_dsl.language.codes.code import Code, Example

_HEAD = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base { on purchase
                give 1 point per $1 }
    reward off { price 500 points
                 give $5 off in full }
    partner esso {
"""


def _partner(clauses: str) -> str:
    return _HEAD + clauses + "    }\n}\n"


CODES = (
    Code(
        "L370",
        "points of nobody, or of two partners",
        """\
What a partner pays is for the points of the earn rules that it `issues`, and what it receives is for those
spent on the rewards that it `redeems`. Each rule and each reward is at most one partner's: where the same
rule should be settled with two, write it once for each, with `where` on the trigger.""",
        Example(
            "file",
            _partner("        pays  $0.60 per 100 points issued\n"),
            _partner("        issues  base\n        pays    $0.60 per 100 points issued\n"),
        ),
    ),
    Code(
        "L371",
        "a billing rate within a month",
        """\
Partners are settled with month by month, so a rate begins with a month: `from 2026-07-01`. Each rate has a
first day of its own, and is the price until the next one begins.""",
        Example(
            "file",
            _partner("        issues  base\n        pays    $0.60 per 100 points issued from 2026-07-15\n"),
            _partner("        issues  base\n        pays    $0.60 per 100 points issued from 2026-07-01\n"),
        ),
    ),
)
