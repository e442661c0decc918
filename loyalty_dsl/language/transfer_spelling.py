"""The clauses of the blocks `transfer` and `returns`, each with an example.

Invariant: each example reads on its own in the block; what follows a clause's first word is in `spelling`.
"""

from collections.abc import Mapping

from loyalty_dsl.language.gate_spelling import REFUSE

TRANSFER_CLAUSES: Mapping[str, str] = {
    "exchange": "exchange 400 points for 250 miles",
    "steps": "steps 400 points",
    "minimum": "minimum 800 points",
    "when": "when days since join >= 30",
    "dates": "dates from 2026-03-01 through 2026-05-31",
    "limit": "limit 100,000 points per calendar year",
    "refuse": REFUSE,
}

RETURNS_CLAUSES: Mapping[str, str] = {
    "balance": "balance goes negative",
    "tier": "tier keeps",
    "reverse": "reverse points and counters",
    "accept": "accept within 60 days",
}
