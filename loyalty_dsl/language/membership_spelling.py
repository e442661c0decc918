"""An example of each clause of a membership, as of `spelling.CLAUSES`."""

from collections.abc import Mapping

MEMBERSHIP_CLAUSES: Mapping[str, Mapping[str, str]] = {
    "membership": {
        "plan": "plan annual {",
        "trial": "trial 30 days",
        "limit": "limit 1 trial per rolling 12 months",
        "protect": "protect existing members through 2026-03-25",
        "cost": "cost $3.00 per month",
        "refund": "refund fee within 14 days",
    },
    "plan": {"fee": "fee $139 per year", "when": "when student"},
}
